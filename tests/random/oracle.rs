//! What the documents have to be, by one plain query per document. In: the tree. Out: SQL that gives `_id` and document of
//! every root. It is made from the tree by this test alone: nothing of it comes from the compiler's plan.

use super::dialect::Dialect;
use super::tables::Table;
use super::tree::{Document, Link, Node, Shape};

/// The query of a document.
pub(super) fn query(tables: &[Table], document: &Document) -> String {
    let oracle = Oracle { tables, dialect: tables[0].dialect };
    let root = &document.root;
    let filter = root.filter.as_ref().map_or_else(String::new, |filter| format!(" WHERE {filter}"));
    let (id, object) = (oracle.id(root), oracle.dialect.whole(&oracle.object(root)));
    format!("SELECT {id}, {object} FROM {} AS n{}{filter}", named(tables, root), root.id)
}

/// The table of a node, or its view.
fn named(tables: &[Table], node: &Node) -> String {
    let table = &tables[node.table];
    if node.view { table.quoted_view() } else { table.quoted() }
}

struct Oracle<'a> {
    tables: &'a [Table],
    dialect: Dialect,
}

impl Oracle<'_> {
    /// The key as a text: its columns by their names, of a view in the order in which the schema names them; in two or more of
    /// them what divides is escaped.
    fn id(&self, root: &Node) -> String {
        let table = &self.tables[root.table];
        let key = self.key(root);
        let text =
            |column: &usize| self.dialect.plain_text(&format!("n{}.\"{}\"", root.id, table.columns[*column].name));
        if let [column] = key[..] {
            return text(&column);
        }
        let escaped = |column: &usize| format!("replace(replace({}, '\\', '\\\\'), '|', '\\|')", text(column));
        key.iter().map(escaped).collect::<Vec<_>>().join(" || '|' || ")
    }

    /// The columns of a key, by their names; of a view in the order in which the schema names them.
    fn key(&self, node: &Node) -> Vec<usize> {
        let table = &self.tables[node.table];
        let mut key = table.key.clone();
        if !node.view {
            key.sort_by_key(|column| &table.columns[*column].name);
        }
        key
    }

    fn object(&self, node: &Node) -> String {
        let table = &self.tables[node.table];
        let mut fields: Vec<(String, String)> =
            node.columns.iter().map(|column| (node.field(table, *column), self.column(node, *column))).collect();
        if let Some((name, expression, ty)) = &node.computed {
            fields.push((name.clone(), self.dialect.made(expression, *ty)));
        }
        for child in &node.children {
            match child.shape {
                Shape::Flatten => {
                    let of = &self.tables[child.table];
                    for column in &child.columns {
                        let value = self.first(node, child, &self.column(child, *column));
                        fields.push((child.field(of, *column), value));
                    }
                }
                _ => fields.push((child.label(), self.child(node, child))),
            }
        }
        self.dialect.object(&fields)
    }

    fn column(&self, node: &Node, column: usize) -> String {
        let column = &self.tables[node.table].columns[column];
        self.dialect.value(&format!("n{}.\"{}\"", node.id, column.name), column.ty)
    }

    fn child(&self, parent: &Node, node: &Node) -> String {
        let array = |list: String| if node.empty_array { format!("coalesce({list}, '[]')") } else { list };
        let rows = self.rows(parent, node);
        let table = &self.tables[node.table];
        let value = match &node.shape {
            Shape::Object => self.object(node),
            Shape::Scalar => self.column(node, node.columns[0]),
            Shape::Distinct => {
                let column = &table.columns[node.columns[0]];
                let name = format!("n{}.\"{}\"", node.id, column.name);
                return array(self.dialect.distinct(&name, column.ty, &rows, node.limit));
            }
            Shape::Flatten => unreachable!("its fields are the parent's"),
            Shape::Aggregate(functions) => {
                let made =
                    |(name, function): &(String, String)| (name.clone(), self.dialect.aggregate(table, function));
                let made: Vec<_> = functions.iter().map(made).collect();
                return format!("(SELECT {} {rows})", self.dialect.object(&made));
            }
        };
        if !node.many {
            return self.first(parent, node, &value);
        }
        array(self.dialect.list(&value, &self.order(node), &rows, node.limit))
    }

    /// A value of the first row.
    fn first(&self, parent: &Node, node: &Node, value: &str) -> String {
        format!("(SELECT {value} {} ORDER BY {} LIMIT 1)", self.rows(parent, node), self.order(node))
    }

    /// `FROM` and `WHERE` of the rows of a node under a row of its parent.
    fn rows(&self, parent: &Node, node: &Node) -> String {
        let (of, above) = (&self.tables[node.table], &self.tables[parent.table]);
        let equal = |left: &str, left_names: &[String], right: &str, right_names: &[String]| {
            let pairs = left_names.iter().zip(right_names);
            pairs.map(|(l, r)| format!("{left}.\"{l}\" = {right}.\"{r}\"")).collect::<Vec<_>>().join(" AND ")
        };
        let (own, upper) = (format!("n{}", node.id), format!("n{}", parent.id));
        let filter = node.filter.as_ref().map_or_else(String::new, |filter| format!(" AND ({filter})"));
        match &node.link {
            Link::Root => unreachable!("a root has no parent"),
            Link::Direct { parent, child, .. } => {
                let on = equal(&own, &of.names(child), &upper, &above.names(parent));
                format!("FROM {} AS {own} WHERE {on}{filter}", named(self.tables, node))
            }
            Link::Through { table, parent, child } => {
                let join = &self.tables[*table];
                let between = format!("j{}", node.id);
                let names = |foreign: &usize| join.names(&join.foreign[*foreign].columns);
                let lower = equal(&between, &names(child), &own, &of.names(&of.key));
                let on = equal(&between, &names(parent), &upper, &above.names(&above.key));
                format!(
                    "FROM {} AS {between} JOIN {} AS {own} ON {lower} WHERE {on}{filter}",
                    join.quoted(),
                    named(self.tables, node)
                )
            }
        }
    }

    /// What is written, then the key, then the key of the join row.
    fn order(&self, node: &Node) -> String {
        let table = &self.tables[node.table];
        let own = |name: &str| format!("n{}.\"{name}\"", node.id);
        let mut order: Vec<String> = Vec::new();
        for (column, words) in &node.order {
            order.push(self.dialect.sorted(&own(&table.columns[*column].name), words));
        }
        order.extend(table.names(&self.key(node)).iter().map(|name| own(name)));
        if let Link::Through { table, .. } = &node.link {
            let join = &self.tables[*table];
            order.extend(join.names(&join.key).iter().map(|name| format!("j{}.\"{name}\"", node.id)));
        }
        order.join(", ")
    }
}
