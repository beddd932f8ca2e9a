//! Third phase: bound tree -> [`Plan`]. In: a tree that is right. Out: what to read at each level, and the route from
//! each table back to the roots. It cannot fail.

mod capture;
mod cascades;
mod meta;
mod node;
pub(crate) mod reading;
mod table;

pub use capture::capture;

use crate::bound;
use crate::catalog::Catalog;
use pgsync_plan::{Document, Plan, RouteKind};
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
            let routing = document.routing.as_ref().and_then(|column| node::shown(&tables, &nodes[0], column));
            // A change of it is a change of the address: both the old and the new one are looked at.
            let own = routes.iter_mut().find(|route| route.kind == RouteKind::Root);
            if let (Some(position), Some(route)) = (routing, own) {
                route.link.push(nodes[0].select[position].column);
            }
            if document.meta {
                meta::read_keys(&tables, &document.root, &mut nodes);
            }
            let address = key.iter().copied().chain(routing.map(|position| nodes[0].select[position].column)).collect();
            let mappings = [document.mapping.as_ref(), document.mappings.as_ref()];
            let cascades = cascades::Of { tables: &tables, address, mappings };
            let (planned, gathered) = cascades.plan(&mut nodes, &mut routes);
            reading::decide(&tables.facts(document.meta, gathered), &mut nodes, &key);
            let index_routes = cascades.placed(planned, &mut nodes);
            let meta = if document.meta { meta::keys(&tables, &document.root, &nodes, &id) } else { Vec::new() };
            Document {
                index: document.index.clone(),
                nodes,
                routes,
                key,
                id,
                routing,
                meta,
                index_routes,
                pipeline: document.pipeline.clone(),
                setting: document.setting.clone(),
                mapping: document.mapping.clone(),
                plugins: document.plugins.clone(),
                mappings: document.mappings.clone(),
            }
        })
        .collect();
    tables.identities(&documents);
    let (tables, enums) = tables.finish();
    Plan { tables, enums, documents }
}

#[cfg(test)]
mod tests;
