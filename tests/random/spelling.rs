//! Trees as a person writes them. In: tables, documents. Out: the schema file.

use super::tables::Table;
use super::tree::{Document, Link, Node, Shape, links};
use serde_json::{Value, json};

/// The schema file.
pub(super) fn schema(tables: &[Table], documents: &[Document]) -> Value {
    let one = |document: &Document| {
        let mut said = json!({ "index": document.index, "nodes": spelled(tables, None, &document.root) });
        said["setting"] = json!({ "number_of_shards": document.shards, "number_of_replicas": 0 });
        if let Some(column) = document.routing {
            said["routing"] = json!(document.root.field(&tables[document.root.table], column));
        }
        said
    };
    documents.iter().map(one).collect()
}

fn spelled(tables: &[Table], parent: Option<&Node>, node: &Node) -> Value {
    let table = &tables[node.table];
    let mut said = json!({ "table": table.name });
    if node.view {
        said = json!({ "table": table.view(), "primary_key": table.names(&table.key) });
    }
    if table.elsewhere {
        said["schema"] = json!(table.schema);
    }
    if let Some(parent) = parent {
        said["label"] = json!(node.label());
        said["relationship"] = relationship(tables, parent, node);
    }
    match &node.shape {
        Shape::Aggregate(functions) => {
            said["aggregate"] = functions.iter().map(|(name, function)| (name.clone(), json!(function))).collect();
        }
        shape => {
            if node.named {
                said["columns"] = json!(table.names(&node.columns));
            }
            if matches!(shape, Shape::Distinct) {
                said["distinct"] = json!(true);
            }
        }
    }
    if let Some((name, expression, _)) = &node.computed {
        said["computed"] = json!({ name: expression });
    }
    if let Some(filter) = &node.filter {
        said["where"] = json!(filter);
    }
    if !node.order.is_empty() {
        let word = |(column, word): &(usize, &str)| format!("{}{word}", table.columns[*column].name);
        said["order_by"] = node.order.iter().map(word).collect();
    }
    if let Some(limit) = node.limit {
        said["limit"] = json!(limit);
    }
    if let Some(array) = node.empty {
        said["empty"] = json!(if array { "array" } else { "null" });
    }
    if !node.renamed.is_empty() {
        let rename = |column: &usize| (table.columns[*column].name.clone(), json!(node.field(table, *column)));
        said["transform"] = json!({ "rename": node.renamed.iter().map(rename).collect::<serde_json::Map<_, _>>() });
    }
    if !node.children.is_empty() {
        said["children"] = node.children.iter().map(|child| spelled(tables, Some(node), child)).collect();
    }
    said
}

fn relationship(tables: &[Table], above: &Node, node: &Node) -> Value {
    let parent = above.table;
    let variant = match &node.shape {
        Shape::Object => "object",
        Shape::Scalar | Shape::Distinct => "scalar",
        Shape::Flatten => "flatten",
        Shape::Aggregate(_) => "object",
    };
    let mut said = json!({ "variant": variant, "type": if node.many { "one_to_many" } else { "one_to_one" } });
    // Where the foreign keys leave one way, it need not be written: every other node leaves it out.
    let ways = links(tables, parent)
        .into_iter()
        .filter(|(table, link)| *table == node.table && !matches!(link, Link::Direct { declared: false, .. }));
    let single = ways.count() == 1 && node.id % 2 == 1 && !node.view && !above.view;
    match &node.link {
        Link::Root => {}
        Link::Direct { parent: upper, child, declared } => {
            if !(single && *declared) {
                let (upper, child) = (tables[parent].names(upper), tables[node.table].names(child));
                said["foreign_key"] = json!({ "parent": upper, "child": child });
            }
        }
        Link::Through { table, parent: to_parent, child: to_child } => {
            let join = &tables[*table];
            let alike = join.schema == tables[node.table].schema;
            let name = if alike { join.name.clone() } else { format!("{}.{}", join.schema, join.name) };
            said["through_tables"] = json!([name]);
            if !single {
                let columns = |foreign: &usize| join.names(&join.foreign[*foreign].columns);
                said["foreign_key"] = json!({ "parent": columns(to_parent), "child": columns(to_child) });
            }
        }
    }
    said
}
