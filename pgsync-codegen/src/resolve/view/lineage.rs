//! What a view is made of. In: its query, as the database writes it. Out: the tables in its FROM clause, which of its
//! columns are plain columns of these, and the equalities that hold in every row of it; or nothing, where the query is of
//! a form about which this cannot be said. No catalogue is asked here.
//!
//! Only what holds is said, never what the query computes: conditions other than equalities are left out, so that what
//! follows from the rest is too much rather than too little.

use pgsync_plan::Dialect;
use sqlparser::ast::{
    BinaryOperator, DataType, Distinct, Expr, Ident, Join, JoinConstraint, JoinOperator, ObjectName, Query, Select,
    SelectItem, SetExpr, Statement, TableFactor, TableWithJoins, Visit as _, Visitor,
};
use sqlparser::dialect::{MySqlDialect, PostgreSqlDialect};
use sqlparser::parser::Parser;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// A view's query, as far as it is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lineage {
    /// The tables it reads, each once for each place in its FROM clause.
    pub(crate) relations: Vec<Relation>,
    /// Its columns that are columns of these tables, in their order.
    pub(crate) columns: Vec<(String, Option<Source>)>,
    /// What is equal in every row that both sides are part of.
    pub(crate) equalities: Vec<Equality>,
}

/// A table in the FROM clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relation {
    /// Schema and name.
    pub(crate) table: (String, String),
    alias: String,
}

/// A column of a relation, by the relation's position.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Source {
    pub(crate) relation: usize,
    pub(crate) column: String,
}

/// Two columns that are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Equality {
    pub(crate) left: Source,
    pub(crate) right: Source,
    /// Where the condition stands with an outer join: it holds where each of these groups has a row.
    pub(crate) where_present: Vec<BTreeSet<usize>>,
}

/// The columns that a table has: names that stand without their table are looked up there.
pub(crate) type ColumnsOf<'a> = dyn Fn(&(String, String)) -> Option<Vec<String>> + 'a;

impl Lineage {
    /// Reads a query; `None` where more would have to be known of it than this looks for.
    pub(crate) fn of(dialect: Dialect, query: &str, columns_of: &ColumnsOf<'_>) -> Option<Self> {
        let statements = match dialect {
            Dialect::Postgres => Parser::parse_sql(&PostgreSqlDialect {}, query),
            Dialect::Mysql | Dialect::Mariadb => Parser::parse_sql(&MySqlDialect {}, query),
        };
        let statements = statements.ok()?;
        let [Statement::Query(query)] = statements.as_slice() else { return None };
        let select = plain(query)?;
        let mut reader = Reader { columns_of, relations: Vec::new(), equalities: Vec::new() };
        for from in &select.from {
            reader.joined(from)?;
        }
        if let Some(condition) = &select.selection {
            reader.condition(condition, &[]);
        }
        let columns = select.projection.iter().map(|item| reader.shown(item)).collect::<Option<Vec<_>>>()?;
        Some(Self { relations: reader.relations, columns, equalities: reader.equalities })
    }

    /// Where a column of the view comes from.
    pub(crate) fn source(&self, column: &str) -> Option<&Source> {
        self.columns.iter().find(|(name, _)| name == column)?.1.as_ref()
    }
}

/// The SELECT of a query whose rows each follow from rows of its tables that its equalities join. A row that depends on
/// others, as with LIMIT or a window, does not.
fn plain(query: &Query) -> Option<&Select> {
    let whole = query.with.is_none() && query.limit_clause.is_none() && query.fetch.is_none();
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    let rows = !matches!(select.distinct, Some(Distinct::On(_))) && select.qualify.is_none();
    let simple = query.visit(&mut Simple { within: false }).is_continue();
    (whole && rows && simple).then_some(select)
}

/// Ends at a query within the query, and at a window.
struct Simple {
    within: bool,
}

impl Visitor for Simple {
    type Break = ();

    fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        if std::mem::replace(&mut self.within, true) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
        match expression {
            Expr::Function(function) if function.over.is_some() => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }
}

struct Reader<'a> {
    columns_of: &'a ColumnsOf<'a>,
    relations: Vec<Relation>,
    equalities: Vec<Equality>,
}

impl Reader<'_> {
    /// Takes in what is joined, and says which relations it holds.
    fn joined(&mut self, from: &TableWithJoins) -> Option<BTreeSet<usize>> {
        let mut left = self.factor(&from.relation)?;
        for Join { relation, join_operator, .. } in &from.joins {
            let before = self.equalities.len();
            let right = self.factor(relation)?;
            let within = self.equalities.len();
            let (constraint, outer): (&JoinConstraint, Vec<BTreeSet<usize>>) = match join_operator {
                JoinOperator::Join(on) | JoinOperator::Inner(on) | JoinOperator::CrossJoin(on) => (on, Vec::new()),
                JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => (on, vec![right.clone()]),
                JoinOperator::Right(on) | JoinOperator::RightOuter(on) => (on, vec![left.clone()]),
                JoinOperator::FullOuter(on) => (on, vec![left.clone(), right.clone()]),
                _ => return None,
            };
            // What holds within a side holds where that side has a row.
            for side in &outer {
                let inside = |equality: &&mut Equality| side.contains(&equality.left.relation);
                let (above, below) = self.equalities.split_at_mut(before);
                let of_right = side.contains(right.iter().next()?);
                let touched = if of_right { &mut below[..within - before] } else { above };
                for equality in touched.iter_mut().filter(inside) {
                    equality.where_present.push(side.clone());
                }
            }
            match constraint {
                JoinConstraint::On(condition) => self.condition(condition, &outer),
                JoinConstraint::Using(names) => self.using(names, (&left, &right), &outer)?,
                JoinConstraint::None => {}
                JoinConstraint::Natural | JoinConstraint::UsingAlias(..) => return None,
            }
            left.extend(right);
        }
        Some(left)
    }

    fn factor(&mut self, factor: &TableFactor) -> Option<BTreeSet<usize>> {
        match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let table = qualified(name)?;
                let alias = match alias {
                    Some(alias) if alias.columns.is_empty() => unquoted(&alias.name),
                    Some(_) => return None,
                    None => table.1.clone(),
                };
                self.relations.push(Relation { table, alias });
                Some(BTreeSet::from([self.relations.len() - 1]))
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => self.joined(table_with_joins),
            _ => None,
        }
    }

    /// `USING`: each name stands for a column of both sides.
    fn using(
        &mut self,
        names: &[ObjectName],
        (left, right): (&BTreeSet<usize>, &BTreeSet<usize>),
        outer: &[BTreeSet<usize>],
    ) -> Option<()> {
        for name in names {
            let column = unquoted(name.0.first()?.as_ident()?);
            let left = Source { relation: self.holder(left, &column)?, column: column.clone() };
            let right = Source { relation: self.holder(right, &column)?, column };
            self.equalities.push(Equality { left, right, where_present: outer.to_vec() });
        }
        Some(())
    }

    /// The one of these relations that has a column; of several that a `USING` has made one, nobody knows which is meant.
    fn holder(&self, among: &BTreeSet<usize>, column: &str) -> Option<usize> {
        let has = |relation: &usize| {
            let columns = (self.columns_of)(&self.relations[*relation].table);
            columns.is_some_and(|columns| columns.iter().any(|own| own == column))
        };
        let mut found = among.iter().copied().filter(has);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// Takes the equalities out of a condition.
    fn condition(&mut self, condition: &Expr, outer: &[BTreeSet<usize>]) {
        match condition {
            Expr::Nested(inner) => self.condition(inner, outer),
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                self.condition(left, outer);
                self.condition(right, outer);
            }
            Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
                if let (Some(left), Some(right)) = (self.compared(left), self.compared(right))
                    && left.relation != right.relation
                {
                    self.equalities.push(Equality { left, right, where_present: outer.to_vec() });
                }
            }
            _ => {}
        }
    }

    /// A column that is compared, as itself or as text: values of one text are equal by themselves, too.
    fn compared(&self, expression: &Expr) -> Option<Source> {
        match expression {
            Expr::Nested(inner) => self.compared(inner),
            Expr::Cast { expr, data_type: DataType::Text, .. } => self.column(expr),
            _ => self.column(expression),
        }
    }

    /// A plain column, in parentheses or not.
    fn column(&self, expression: &Expr) -> Option<Source> {
        match expression {
            Expr::Nested(inner) => self.column(inner),
            Expr::Identifier(name) => {
                let column = unquoted(name);
                let all = (0..self.relations.len()).collect();
                Some(Source { relation: self.holder(&all, &column)?, column })
            }
            Expr::CompoundIdentifier(names) => {
                let (column, of) = names.split_last()?;
                let is_meant = |relation: &Relation| match of {
                    [alias] => relation.alias == unquoted(alias),
                    // MySQL writes the schema where a table has no other name.
                    [schema, table] => {
                        relation.table == (unquoted(schema), unquoted(table)) && relation.alias == relation.table.1
                    }
                    _ => false,
                };
                let relation = self.relations.iter().position(is_meant)?;
                Some(Source { relation, column: unquoted(column) })
            }
            _ => None,
        }
    }

    /// A column of the view, and where it comes from.
    fn shown(&self, item: &SelectItem) -> Option<(String, Option<Source>)> {
        match item {
            SelectItem::ExprWithAlias { expr, alias } => Some((unquoted(alias), self.column(expr))),
            SelectItem::UnnamedExpr(expression) => {
                let source = self.column(expression)?;
                Some((source.column.clone(), Some(source)))
            }
            _ => None,
        }
    }
}

/// The database writes every table of a view with its schema where the search path is empty.
fn qualified(name: &ObjectName) -> Option<(String, String)> {
    let [schema, table] = name.0.as_slice() else { return None };
    Some((unquoted(schema.as_ident()?), unquoted(table.as_ident()?)))
}

/// What the database quotes stands as it is; what it does not is in lower case already.
fn unquoted(name: &Ident) -> String {
    name.value.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str) -> Option<Lineage> {
        of_dialect(Dialect::Postgres, query)
    }

    fn of_dialect(dialect: Dialect, query: &str) -> Option<Lineage> {
        Lineage::of(dialect, query, &|(_, table)| match table.as_str() {
            "a" => Some(vec!["id".to_owned(), "b_id".to_owned(), "x".to_owned()]),
            "b" => Some(vec!["id".to_owned(), "c_id".to_owned(), "y".to_owned()]),
            "c" => Some(vec!["id".to_owned(), "z".to_owned()]),
            _ => None,
        })
    }

    fn text(source: &Source) -> String {
        format!("{}.{}", source.relation, source.column)
    }

    fn equalities(lineage: &Lineage) -> Vec<String> {
        let one = |equality: &Equality| {
            let present: Vec<String> = equality.where_present.iter().map(|side| format!(" {side:?}")).collect();
            format!("{}={}{}", text(&equality.left), text(&equality.right), present.concat())
        };
        lineage.equalities.iter().map(one).collect()
    }

    #[test]
    fn plain_columns_and_equalities_are_found() {
        let found = of("SELECT a.id, upper(a.x) AS up, \"B\".y AS name FROM (public.a JOIN public.b \"B\" ON ((\"B\".id = a.b_id))) WHERE ((a.x)::text <> ''::text)").unwrap();
        assert_eq!(found.columns[0], ("id".to_owned(), Some(Source { relation: 0, column: "id".to_owned() })));
        assert_eq!(found.columns[1], ("up".to_owned(), None));
        assert_eq!(text(found.source("name").unwrap()), "1.y");
        assert_eq!(equalities(&found), ["1.id=0.b_id"]);
    }

    #[test]
    fn a_column_without_its_table_is_that_of_the_one_that_has_it() {
        let found = of("SELECT x, count(*) AS n FROM public.a GROUP BY x").unwrap();
        assert_eq!(text(found.source("x").unwrap()), "0.x");
        assert!(of("SELECT id FROM public.a, public.b").is_none(), "two have it");
    }

    #[test]
    fn what_stands_with_an_outer_join_holds_where_its_side_has_a_row() {
        let found = of(
            "SELECT a.id FROM (public.a LEFT JOIN (public.b JOIN public.c ON ((c.id = b.c_id))) ON ((b.id = a.b_id)))",
        );
        assert_eq!(equalities(&found.unwrap()), ["2.id=1.c_id {1, 2}", "1.id=0.b_id {1, 2}"]);
        let found = of("SELECT a.id FROM (public.a FULL JOIN public.b ON ((b.id = a.b_id)))").unwrap();
        assert_eq!(equalities(&found), ["1.id=0.b_id {0} {1}"]);
        let found = of(
            "SELECT a.id FROM ((public.a JOIN public.b ON ((b.id = a.b_id))) RIGHT JOIN public.c ON ((c.id = b.c_id)))",
        );
        assert_eq!(equalities(&found.unwrap()), ["1.id=0.b_id {0, 1}", "2.id=1.c_id {0, 1}"]);
    }

    #[test]
    fn what_mysql_writes_is_read_as_well() {
        let query = "select `public`.`a`.`id` AS `id`,upper(`public`.`a`.`x`) AS `up`,`x`.`y` AS `name` from (`public`.`a` join `public`.`b` `x` on((`x`.`id` = `public`.`a`.`b_id`)))";
        let found = of_dialect(Dialect::Mysql, query).unwrap();
        assert_eq!(text(found.source("id").unwrap()), "0.id");
        assert_eq!((found.source("up"), text(found.source("name").unwrap())), (None, "1.y".to_owned()));
        assert_eq!(equalities(&found), ["1.id=0.b_id"]);
        assert!(of(query).is_none(), "it is no query of PostgreSQL's");
    }

    #[test]
    fn using_stands_for_columns_of_both_sides() {
        let found = of("SELECT a.x FROM (public.a JOIN public.c USING (id))").unwrap();
        assert_eq!(equalities(&found), ["0.id=1.id"]);
    }

    #[test]
    fn what_depends_on_other_rows_is_left_alone() {
        for query in [
            "SELECT a.id FROM public.a LIMIT 3",
            "SELECT DISTINCT ON (a.x) a.id FROM public.a",
            "SELECT a.id, row_number() OVER (ORDER BY a.x) AS n FROM public.a",
            "SELECT a.id FROM public.a WHERE (EXISTS ( SELECT 1 FROM public.b))",
            "SELECT a.id FROM public.a UNION ALL SELECT b.id FROM public.b",
            "WITH w AS (SELECT 1 AS id) SELECT w.id FROM w",
            "SELECT s.id FROM (SELECT a.id FROM public.a) s",
            "SELECT g.g AS id FROM generate_series(1, 3) g(g)",
            "not a query",
        ] {
            assert!(of(query).is_none(), "{query}");
        }
    }
}
