//! Third phase: bound tree -> [`Plan`]. In: a tree that is right. Out: what to read at each level, and the route from
//! each table back to the roots. It cannot fail.

mod capture;
mod node;
mod table;

pub use capture::capture;

use crate::bound;
use crate::catalog::Catalog;
use pgsync_plan::{Document, NodeId, Plan};
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
            let id = node::id(&tables, &mut nodes[NodeId(0).0]);
            Document {
                index: document.index.clone(),
                database: document.database.clone(),
                nodes,
                routes,
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
