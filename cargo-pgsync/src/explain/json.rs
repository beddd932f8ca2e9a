//! `explain` for machines. In: a program, and the indexes the database lacks. Out: one object that says by names what the
//! text says: per document its tree, its statements and its routes.

use pgsync_plan::{Capture, ColumnId, Document, Node, NodeId, Plan, Program, Route, RouteKind, Statement, TableId};
use pgsync_runtime::internals::Result;
use pgsync_runtime::internals::source::postgres::Script;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The object.
pub(super) fn summary(program: &Program, missing_indexes: &BTreeSet<String>, keys: Vec<String>) -> Result<Value> {
    let plan = &program.plan;
    let documents: Vec<Value> = plan
        .documents
        .iter()
        .zip(&program.statements)
        .map(|(document, statements)| {
            let routes = document.routes.iter().zip(&statements.routes);
            json!({
                "index": document.index,
                "plugins": document.plugins,
                "pipeline": document.pipeline,
                "routing": document.routing_column().map(|column| &plan.table(document.root().table).column(column).name),
                "meta": meta(document),
                "tree": tree(plan, document, NodeId(0)),
                "statements": statements,
                "routes": routes.map(|(route, statement)| self::route(plan, route, statement.as_ref())).collect::<Vec<_>>(),
            })
        })
        .collect();
    let mut summary = json!({ "documents": documents, "setup": setup(program)?, "missing_indexes": missing_indexes });
    if !keys.is_empty() {
        summary["unlogged_keys"] = keys.into();
    }
    Ok(summary)
}

/// What `_meta` lists.
fn meta(document: &Document) -> Vec<String> {
    let keys = document.meta.iter().map(|key| format!("{}.{}", key.table, key.column));
    let keys: BTreeSet<String> = keys.collect();
    keys.into_iter().collect()
}

/// What `bootstrap` and `teardown` execute.
pub(super) fn setup(program: &Program) -> Result<Value> {
    if let Capture::Binlog(binlog) = &program.capture {
        return Ok(json!({ "name": binlog.name, "bootstrap": "", "teardown": "" }));
    }
    let Script { bootstrap, teardown } = super::script(program)?;
    Ok(json!({ "bootstrap": bootstrap, "teardown": teardown }))
}

/// A node with what hangs on it. `node` is its number: that of its statements in `levels`, and of its routes.
fn tree(plan: &Plan, document: &Document, id: NodeId) -> Value {
    let node: &Node = document.node(id);
    let children = document.nodes.iter().enumerate().filter(|(_, child)| child.parent == Some(id));
    json!({
        "node": id.0,
        "label": node.label,
        "table": plan.table(node.table).qualified(),
        "shape": node.shape,
        "where": node.filter.as_ref().map(|filter| super::expression(plan, node, filter)),
        "computed": super::computed(plan, node)
            .map(|(field, expression, ty)| json!({ "field": field, "expression": expression, "type": ty }))
            .collect::<Vec<_>>(),
        "aggregate": super::aggregated(plan, node)
            .map(|(field, aggregate, ty)| json!({ "field": field, "aggregate": aggregate, "type": ty }))
            .collect::<Vec<_>>(),
        "order_by": node.order_by.iter().map(|by| json!({
            "column": plan.table(node.table).column(by.column).name,
            "descending": by.descending,
            "nulls_first": by.nulls_first,
        })).collect::<Vec<_>>(),
        "limit": node.limit,
        "distinct": node.distinct,
        "on_change": node.on_change,
        "reading": node.link.as_ref().map(|link| &link.reading),
        "fields": node.fields.iter().map(|field| &field.name).collect::<Vec<_>>(),
        "children": children.map(|(position, _)| tree(plan, document, NodeId(position))).collect::<Vec<_>>(),
    })
}

fn route(plan: &Plan, route: &Route, statement: Option<&Statement>) -> Value {
    let (place, node) = match route.kind {
        RouteKind::Root => ("root", 0),
        RouteKind::Node(node) => ("node", node.0),
        RouteKind::Through(node) => ("join_table", node.0),
        RouteKind::Base(node) => ("table_of_view", node.0),
    };
    json!({
        "table": plan.table(route.table).qualified(),
        "as": place,
        "node": node,
        "link": names(plan, route.table, &route.link),
        "watch": names(plan, route.table, &route.watch),
        "statement": statement,
    })
}

/// Columns by name.
fn names<'a>(plan: &'a Plan, table: TableId, columns: &[ColumnId]) -> Vec<&'a str> {
    columns.iter().map(|column| plan.table(table).column(*column).name.as_str()).collect()
}
