//! What makes an index what it is. In: a document of the plan with its index definition. Out: a text that two compilers
//! write alike for the same documents. Both sides need it: the compiler for its hash, the runtime to name differences.
//!
//! Tables and columns appear by name and only as far as they show in a document: neither another document of the same
//! file, nor the order of members in the schema file, nor a comment in the catalogue may change the text.

use crate::{ColumnId, Document, Expression, Field, FieldValue, Node, PathStep, Piece, Plan};
use serde_json::{Map, Value, json};

/// The identity text of an index: canonical pretty JSON, members sorted by name.
pub fn identity(plan: &Plan, document: &Document, settings: &Value, mappings: &Value) -> String {
    let root = document.root();
    let mut identity = json!({
        "id": document.id.iter().map(|position| column(plan, root, root.select[*position].column)).collect::<Vec<_>>(),
        "index": document.index,
        "mappings": mappings,
        "root": node(plan, document, root, &document.key),
        "settings": settings,
    });
    if !document.plugins.is_empty() {
        identity["plugins"] = json!(document.plugins);
    }
    if let Some(pipeline) = &document.pipeline {
        identity["pipeline"] = json!(pipeline);
    }
    if !document.meta.is_empty() {
        identity["meta"] = document.meta.iter().map(|key| json!([key.table, key.column])).collect();
    }
    if !document.index_routes.is_empty() {
        let routes = document.index_routes.iter();
        identity["index_routes"] =
            routes.map(|route| json!({ "table": plan.table(route.table).qualified(), "key": route.key })).collect();
    }
    if let Some(routing) = document.routing_column() {
        identity["routing"] = column(plan, root, routing);
    }
    format!("{:#}", sorted(&identity))
}

fn node(plan: &Plan, document: &Document, node: &Node, order: &[ColumnId]) -> Value {
    let mut object = json!({
        "fields": node.fields.iter().map(|each| field(plan, document, node, each)).collect::<Vec<_>>(),
        "order": order.iter().map(|id| column(plan, node, *id)).collect::<Vec<_>>(),
        "shape": node.shape,
        "table": plan.table(node.table).qualified(),
    });
    if !node.order_by.is_empty() {
        let by = node.order_by.iter().map(|by| json!([column(plan, node, by.column), by.descending, by.nulls_first]));
        object["order_by"] = by.collect();
    }
    if let Some(limit) = node.limit {
        object["limit"] = json!(limit);
    }
    if node.distinct {
        object["distinct"] = json!(true);
    }
    if node.empty_array {
        object["empty"] = json!([]);
    }
    if !node.concats.is_empty() {
        object["concats"] = json!(node.concats);
    }
    // What was not followed may be out of date.
    if !node.on_change.is_follow() {
        object["on_change"] = json!(node.on_change);
    }
    if let Some(filter) = &node.filter {
        object["where"] = expression(plan, node, filter);
    }
    if let (Some(link), Some(parent)) = (&node.link, node.parent) {
        let names = |table, columns: &[ColumnId]| -> Vec<&String> {
            columns.iter().map(|id| &plan.table(table).column(*id).name).collect()
        };
        object["link"] = json!({
            "parent": names(document.node(parent).table, &link.parent),
            "child": names(node.table, &link.child),
        });
        if let Some(through) = &link.through {
            object["link"]["through"] = json!({
                "table": plan.table(through.table).qualified(),
                "parent": names(through.table, &through.parent),
                "child": names(through.table, &through.child),
                "order": names(through.table, &through.key),
            });
        }
    }
    object
}

fn field(plan: &Plan, document: &Document, of: &Node, field: &Field) -> Value {
    let mut object = match field.value {
        FieldValue::Concat(position) => json!({ "name": field.name, "concat": position }),
        FieldValue::Child(id) => {
            let child = document.node(id);
            json!({ "name": field.name, "child": node(plan, document, child, &child.order) })
        }
        FieldValue::Select(position) => {
            let select = &of.select[position];
            let mut object = json!({ "name": field.name, "value": column(plan, of, select.column) });
            if !select.path.is_empty() {
                object["path"] = select.path.iter().map(step).collect();
            }
            if let Some(computed) = &select.computed {
                object["computed"] = expression(plan, of, &computed.expression);
                object["type"] = computed.ty.cast.clone().into();
            }
            if let Some(aggregate) = &select.aggregate {
                object["aggregate"] = json!(aggregate.function);
                object["type"] = aggregate.ty.cast.clone().into();
            }
            if select.text {
                object["text"] = true.into();
            }
            object
        }
    };
    if let Some(rewrite) = &field.rewrite {
        object["rewrite"] = json!(rewrite);
    }
    if field.hidden {
        object["hidden"] = true.into();
    }
    object
}

fn expression(plan: &Plan, node: &Node, expression: &Expression) -> Value {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => json!(text),
        Piece::Column(id) => column(plan, node, *id),
    };
    expression.pieces.iter().map(piece).collect()
}

fn step(step: &PathStep) -> Value {
    match step {
        PathStep::Key(key) => json!(key),
        PathStep::Index(index) => json!(index),
        PathStep::Path(path) => json!({ "path": path }),
    }
}

fn column(plan: &Plan, node: &Node, id: ColumnId) -> Value {
    let column = plan.table(node.table).column(id);
    json!({ "column": column.name, "type": column.ty.declared })
}

/// Members of every object by name; arrays keep their order.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut members: Vec<_> = object.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            Value::Object(members.into_iter().map(|(name, value)| (name.clone(), sorted(value))).collect::<Map<_, _>>())
        }
        Value::Array(values) => values.iter().map(sorted).collect(),
        _ => value.clone(),
    }
}
