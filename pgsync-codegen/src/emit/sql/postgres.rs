//! PostgreSQL. In: parts of statements. Out: statements, laid out by the templates in `templates/sql/postgres`.
//!
//! Sessions have an empty search path, so an operator of an extension is named with its schema, as the catalogue has it:
//! without that, citext values would silently be compared as plain text.

use super::dialect::spelled_out;
use super::{Asked, Chosen, Comparison, Dialect, Join, Keyed, Prefetch, Ranged, RootsByKeyParts, render};
use askama::Template;
use pgsync_plan::{ColumnType, Form, Operators, PathStep, Table, TableKind};

/// PostgreSQL, every supported version.
#[derive(Debug, Clone, Copy, Default)]
pub struct Postgres;

impl Dialect for Postgres {
    fn literal(&self, text: &str) -> String {
        // With the E prefix a backslash means the same whatever `standard_conforming_strings` is.
        let prefix = if text.contains('\\') { "E" } else { "" };
        format!("{prefix}'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
    }

    /// One array per column. An array of arrays is one array of more dimensions here, so array values travel as text; so
    /// does what has no binary form.
    fn asked(&self, columns: &[&ColumnType], optional: Option<&ColumnType>) -> Asked {
        let (mut arrays, mut names, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (position, ty) in (1..).zip(columns.iter().copied().chain(optional)) {
            let name = format!("key{position}");
            if position > columns.len() {
                arrays.push(format!("${position}::text[]"));
                values.push(format!("nullif(asked.{name}, '')::{}", ty.cast));
                names.push(name);
                continue;
            }
            let as_text = ty.array || ty.textual;
            let element = if as_text { "text" } else { &ty.cast };
            arrays.push(format!("${position}::{element}[]"));
            values.push(if as_text && ty.cast != "text" {
                format!("asked.{name}::{}", ty.cast)
            } else {
                format!("asked.{name}")
            });
            names.push(name);
        }
        let (arrays, names) = (arrays.join(", "), names.join(", "));
        Asked {
            numbered: format!("unnest({arrays}) WITH ORDINALITY AS asked ({names}, ordinal)"),
            plain: format!("unnest({arrays}) AS asked ({names})"),
            ordinal: "asked.ordinal".to_owned(),
            values,
        }
    }

    fn count(&self, position: usize) -> String {
        format!("${position}::bigint")
    }

    fn bound(&self, position: usize, ty: &ColumnType) -> String {
        if ty.textual { format!("${position}::text::{}", ty.cast) } else { format!("${position}::{}", ty.cast) }
    }

    fn equal(&self, (left, left_ty): (&str, &ColumnType), (right, right_ty): (&str, &ColumnType)) -> String {
        // Types that differ are compared by what they have in common, which is built in.
        let own = if left_ty.cast == right_ty.cast { left_ty.operators.as_ref() } else { None };
        format!("{left} {} {right}", self.operator(own, Comparison::Equal))
    }

    fn compare(&self, columns: &[(String, &ColumnType)], comparison: Comparison, bounds: &[String]) -> String {
        let single = |(name, ty): &(String, &ColumnType), comparison, bound: &str| {
            format!("{name} {} {bound}", self.operator(ty.operators.as_ref(), comparison))
        };
        match (columns, bounds) {
            ([column], [bound]) => single(column, comparison, bound),
            _ if columns.iter().all(|(_, ty)| ty.operators.is_none()) => {
                let names: Vec<_> = columns.iter().map(|(name, _)| name.as_str()).collect();
                format!("({}) {} ({})", names.join(", "), self.operator(None, comparison), bounds.join(", "))
            }
            // A row comparison takes one operator name for all columns.
            _ => spelled_out(columns.len(), comparison, |position, comparison| {
                single(&columns[position], comparison, &bounds[position])
            }),
        }
    }

    fn text(&self, value: &str, _: &ColumnType) -> String {
        format!("{value}::text")
    }

    fn computed(&self, value: &str, ty: &ColumnType) -> String {
        format!("{value}::{}", ty.cast)
    }

    fn path(&self, value: &str, path: &[PathStep], text: bool) -> String {
        let mut expression = value.to_owned();
        for (position, step) in path.iter().enumerate() {
            let more = if text && position + 1 == path.len() { ">" } else { "" };
            expression += &match step {
                PathStep::Key(key) => format!(" ->{more} {}", self.literal(key)),
                PathStep::Index(index) => format!(" ->{more} {index}"),
                PathStep::Path(path) => format!(" #>{more} {}", self.literal(path)),
            };
        }
        format!("({expression})")
    }

    fn form(&self, value: &str, _: &ColumnType, form: Form) -> String {
        match form {
            Form::Raw => value.to_owned(),
            Form::Json => format!("to_json({value})::text"),
            // As the type writes itself: a cast to text would add a mask to every inet.
            Form::Text | Form::List => format!("format('%s', {value})"),
        }
    }

    fn sum(&self, column: &str, _: &ColumnType, _: &ColumnType) -> String {
        format!("sum({column})")
    }

    fn mean(&self, column: &str, _: &ColumnType) -> String {
        format!("avg({column})")
    }

    /// The empty search path finds functions of `pg_catalog` alone, and would compare a citext as a text: an extension has its own.
    fn extreme(&self, function: &str, column: &str, of: &ColumnType) -> String {
        let function = match &of.operators {
            None => function.to_owned(),
            Some(Operators { schema, .. }) => format!("{}.{function}", self.identifier(schema)),
        };
        // What is found is a value of the column, of whatever type the function is declared for.
        self.computed(&format!("{function}({column})"), of)
    }

    fn roots_by_key(&self, roots: &RootsByKeyParts) -> String {
        let RootsByKeyParts { asked, asked_key, select, root, present } = roots;
        render(&RootsByKey { asked, asked_key, select, root, present })
    }

    fn level(&self, keyed: &Keyed) -> String {
        let Keyed { asked, columns, joins, order, chosen, grouped } = keyed;
        render(&Level { asked: &asked.numbered, columns, joins, order, chosen, grouped })
    }

    fn route(&self, keyed: &Keyed) -> String {
        let Keyed { asked, columns, joins, .. } = keyed;
        render(&RouteUp { asked: &asked.plain, columns, joins })
    }

    fn range(&self, ranged: &Ranged) -> String {
        let Ranged { columns, table, alias, bounds, grouped, order, skipped } = ranged;
        render(&Range { columns, table, alias, bounds, grouped, order, skipped })
    }

    fn prefetch(&self, table: &Table, prefetch: &Prefetch) -> String {
        let Prefetch { columns, alias, filter, most } = prefetch;
        let table = &self.table(table);
        render(&WholeTable { columns, table, alias, filter, most, relation: &self.literal(table) })
    }

    fn estimate(&self, table: &Table) -> String {
        let relation = self.literal(&self.relation(table));
        render(&Estimate { relation: &relation, partitioned: table.kind == TableKind::Partitioned })
    }
}

impl Postgres {
    fn operator(self, own: Option<&Operators>, comparison: Comparison) -> String {
        match own {
            None => comparison.usual().to_owned(),
            Some(Operators { schema, names }) => {
                format!("OPERATOR({}.{})", self.identifier(schema), names[comparison as usize])
            }
        }
    }
}

#[derive(Template)]
#[template(path = "sql/postgres/roots_by_key.sql")]
struct RootsByKey<'a> {
    asked: &'a Asked,
    asked_key: &'a [String],
    select: &'a [String],
    root: &'a Join,
    present: &'a str,
}

#[derive(Template)]
#[template(path = "sql/postgres/level.sql")]
struct Level<'a> {
    asked: &'a str,
    columns: &'a [String],
    joins: &'a [Join],
    order: &'a [String],
    chosen: &'a Option<Chosen>,
    grouped: &'a [String],
}

#[derive(Template)]
#[template(path = "sql/postgres/route.sql")]
struct RouteUp<'a> {
    asked: &'a str,
    columns: &'a [String],
    joins: &'a [Join],
}

#[derive(Template)]
#[template(path = "sql/postgres/range.sql")]
struct Range<'a> {
    columns: &'a [String],
    table: &'a str,
    alias: &'a str,
    bounds: &'a [String],
    grouped: &'a [String],
    order: &'a [String],
    skipped: &'a Option<String>,
}

#[derive(Template)]
#[template(path = "sql/postgres/estimate.sql")]
struct Estimate<'a> {
    relation: &'a str,
    partitioned: bool,
}

#[derive(Template)]
#[template(path = "sql/postgres/prefetch.sql")]
struct WholeTable<'a> {
    columns: &'a [String],
    table: &'a str,
    alias: &'a str,
    filter: &'a Option<String>,
    most: &'a str,
    relation: &'a str,
}
