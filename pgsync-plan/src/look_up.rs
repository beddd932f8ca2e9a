//! Which columns rows are looked up by. In: a plan. Out: for each statement that looks rows up by keys, the table and the columns;
//! and the statement that makes an index where none serves.

use crate::{ColumnId, Dialect, Document, NodeId, OnChange, Plan, Table, TableId, TableKind};
use std::collections::BTreeSet;

impl Document {
    /// Whether changes of a node, or of what is below it, are followed.
    pub fn is_climbed(&self, id: NodeId) -> bool {
        let mut below = self.nodes.iter().enumerate().filter(|(_, node)| node.parent == Some(id));
        self.node(id).on_change != OnChange::Ignore || below.any(|(child, _)| self.is_climbed(NodeId(child)))
    }
}

impl Plan {
    /// Look-ups by columns that no index begins with, as the statements that make one. `indexes` are the columns of each index
    /// of a table.
    pub fn missing_indexes(&self, dialect: Dialect, indexes: impl Fn(&Table) -> Vec<Vec<String>>) -> BTreeSet<String> {
        let mut missing = BTreeSet::new();
        for (table, columns) in self.look_ups() {
            let table = self.table(table);
            let names: Vec<&str> = columns.iter().map(|column| table.column(*column).name.as_str()).collect();
            let serves = |index: &Vec<String>| {
                index.len() >= names.len() && index[..names.len()].iter().all(|column| names.contains(&column.as_str()))
            };
            if !indexes(table).iter().any(serves) {
                missing.extend(index_statement(table, &names, dialect));
            }
        }
        missing
    }

    /// Tables and the columns by which their rows are looked up.
    fn look_ups(&self) -> BTreeSet<(TableId, Vec<ColumnId>)> {
        let mut needed = BTreeSet::new();
        for document in &self.documents {
            for (position, node) in document.nodes.iter().enumerate() {
                let (Some(link), Some(parent)) = (&node.link, node.parent) else { continue };
                needed.insert((node.table, link.child.clone()));
                if let Some(through) = &link.through {
                    needed.insert((through.table, through.parent.clone()));
                }
                // By these a change climbs, where one is followed.
                if document.is_climbed(NodeId(position)) {
                    needed.insert((document.node(parent).table, link.parent.clone()));
                    if let Some(through) = &link.through {
                        needed.insert((through.table, through.child.clone()));
                    }
                }
            }
        }
        needed.retain(|(_, columns)| !columns.is_empty());
        needed
    }
}

/// Makes an index of a table, where one can be made.
fn index_statement(table: &Table, names: &[&str], dialect: Dialect) -> Option<String> {
    if table.kind.is_view() {
        return None;
    }
    let listed = |quote: fn(&str) -> String| names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ");
    if dialect != Dialect::Postgres {
        let quote = |name: &str| format!("`{}`", name.replace('`', "``"));
        let (schema, name) = (quote(&table.schema), quote(&table.name));
        return Some(format!("ALTER TABLE {schema}.{name} ADD INDEX ({});", listed(quote)));
    }
    // Partitioned tables have no CONCURRENTLY; there the leaves are indexed beforehand where a lock would hurt.
    let (how, hint) = match table.kind {
        TableKind::Partitioned => ("", " -- locks writes; to avoid that, index each partition CONCURRENTLY first"),
        _ => ("CONCURRENTLY ", ""),
    };
    let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let (schema, name) = (quote(&table.schema), quote(&table.name));
    Some(format!("CREATE INDEX {how}ON {schema}.{name} ({});{hint}", listed(quote)))
}
