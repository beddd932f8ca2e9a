//! Third phase: bound tree -> [`Plan`]. In: a tree that is right. Out: what to read at each level, and the route from
//! each table back to the roots. It cannot fail.

mod capture;
mod node;
pub(crate) mod reading;
mod table;

pub use capture::capture;

use crate::bound;
use crate::catalog::Catalog;
use pgsync_plan::{Document, Plan};
use table::Tables;

/// Plans a schema.
pub fn plan(schema: &bound::Schema, catalog: &Catalog) -> Plan {
    let mut tables = Tables::new(schema, catalog);
    let documents: Vec<Document> = schema
        .documents
        .iter()
        .map(|document| {
            let mut nodes = Vec::new();
            let mut routes = Vec::new();
            node::add(&tables, &document.root, None, &mut nodes, &mut routes);
            let key = tables.columns(nodes[0].table, &document.root.key);
            let id = node::id(&tables, &mut nodes[0], &key);
            reading::decide(&tables.facts(), &mut nodes, &key);
            Document {
                index: document.index.clone(),
                nodes,
                routes,
                key,
                id,
                setting: document.setting.clone(),
                mapping: document.mapping.clone(),
            }
        })
        .collect();
    tables.identities(&documents);
    let (tables, enums) = tables.finish();
    Plan { tables, enums, documents }
}

#[cfg(test)]
mod tests;
