//! Tables and columns for editors. In: a catalogue. Out: definitions that hold a node to the columns of its table, and to
//! those of its parent and of its join table. Whether foreign keys join two tables is left to the compiler.

use super::{STEP, TEXT_STEP, texts};
use crate::catalog::{Catalog, Column, Table};
use crate::diagnostic::listed;
use crate::resolve::ways::followed;
use pgsync_plan::ValueKind;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Adds what the catalogue knows to the definitions of nodes and relationships.
pub(super) fn add(catalog: &Catalog, definitions: &mut Map<String, Value>) {
    let shown = |table: &&Table| followed(table) || table.kind.is_view();
    let tables: Vec<&Table> = catalog.tables.iter().filter(shown).collect();
    let mut schemas: BTreeMap<&str, Vec<(usize, &Table)>> = BTreeMap::new();
    for (number, table) in tables.iter().enumerate() {
        schemas.entry(&table.schema).or_default().push((number, table));
    }
    let mut rules = Vec::new();
    for (schema, members) in &schemas {
        rules.push(json!({ "if": in_schema(catalog, schema), "then": in_schema_tables(members) }));
    }
    for (number, table) in tables.iter().enumerate() {
        let mut condition = in_schema(catalog, &table.schema);
        condition["properties"]["table"] = json!({ "const": table.name });
        require(&mut condition, "table");
        rules.push(json!({ "if": condition, "then": to(&format!("table_{number}")) }));
        definitions.insert(format!("column_{number}"), columns(catalog, table));
        definitions.insert(format!("columns_{number}"), texts(&to(&format!("column_{number}")), 0, None));
        definitions.insert(format!("join_{number}"), joins(number));
        definitions.insert(format!("table_{number}"), of_table(catalog, number, table));
    }
    // Of a document over several schemas it is not known which one a node is in.
    let mut open = definitions["node"].clone();
    open["properties"]["children"]["anyOf"][0]["items"] = to("node_of_schemas");
    definitions.insert("node_of_schemas".into(), open);
    let document = &mut definitions["document"];
    let nodes = document["properties"]["nodes"].take();
    document["properties"]["nodes"] = json!({ "description": nodes["description"] });
    document["if"] = json!({ "required": ["schemas"], "properties": { "schemas": { "not": { "enum": [null, []] } } } });
    document["then"] = json!({ "properties": { "nodes": to("node_of_schemas") } });
    document["else"] = json!({ "properties": { "nodes": nodes } });
    definitions.insert(
        "qualified_tables".into(),
        qualified(&tables.iter().copied().filter(|table| followed(table)).collect::<Vec<_>>()),
    );
    for name in ["node", "bare_node"] {
        let node = &mut definitions[name];
        node["properties"]["schema"]["enum"] = schemas.keys().copied().collect();
        node["allOf"] = json!([to("tables")]);
    }
    definitions.insert("tables".into(), json!({ "allOf": rules }));
    let joins: Vec<Value> = tables
        .iter()
        .enumerate()
        .filter(|(_, table)| followed(table) && !table.schema.contains('.'))
        .map(joined)
        .collect();
    if !joins.is_empty() {
        definitions["relationship"]["allOf"] = json!(joins);
    }
}

/// A condition: the node's table is of this schema.
fn in_schema(catalog: &Catalog, schema: &str) -> Value {
    let mut condition = json!({ "properties": { "schema": { "const": schema } } });
    // A node that names none is in the default one.
    if schema != catalog.default_schema {
        require(&mut condition, "schema");
    }
    condition
}

fn require(condition: &mut Value, name: &str) {
    let mut required = condition["required"].as_array().cloned().unwrap_or_default();
    required.push(name.into());
    condition["required"] = required.into();
}

fn to(definition: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{definition}") })
}

/// What holds for nodes of a schema: its tables can be named without it, as the node's and as the join table.
fn in_schema_tables(members: &[(usize, &Table)]) -> Value {
    let names: Vec<&str> = members.iter().map(|(_, table)| table.name.as_str()).collect();
    let about: Vec<String> = members.iter().map(|(_, table)| about_table(table)).collect();
    // A dot would be taken for the one behind a schema's name.
    let joins: Vec<&(usize, &Table)> =
        members.iter().filter(|(_, table)| followed(table) && !table.name.contains('.')).collect();
    let plain: Vec<&str> = joins.iter().map(|(_, table)| table.name.as_str()).collect();
    let rules: Vec<Value> = joins.iter().map(|(number, table)| beside_join(&table.name, *number)).collect();
    let one = if plain.is_empty() {
        to("qualified_tables")
    } else {
        let about: Vec<String> = joins.iter().map(|(_, table)| about_table(table)).collect();
        json!({ "anyOf": [{ "enum": plain, "enumDescriptions": about }, to("qualified_tables")] })
    };
    let mut relationship = json!({ "properties": { "through_tables": texts(&one, 0, None) } });
    if !rules.is_empty() {
        relationship["allOf"] = json!(rules);
    }
    json!({ "properties": { "table": { "enum": names, "enumDescriptions": about }, "relationship": relationship } })
}

/// Join tables by their whole name.
fn qualified(tables: &[&Table]) -> Value {
    let tables: Vec<&&Table> = tables.iter().filter(|table| !table.schema.contains('.')).collect();
    if tables.is_empty() {
        return json!(false);
    }
    json!({
        "enum": tables.iter().map(|table| whole_name(table)).collect::<Vec<_>>(),
    })
}

fn joined((number, table): (usize, &&Table)) -> Value {
    beside_join(&whole_name(table), number)
}

fn whole_name(table: &Table) -> String {
    format!("{}.{}", table.schema, table.name)
}

/// What holds for a relationship through the join table of this name.
fn beside_join(name: &str, number: usize) -> Value {
    json!({
        "if": { "required": ["through_tables"], "properties": { "through_tables": { "enum": [name, [name]] } } },
        "then": to(&format!("join_{number}")),
    })
}

/// Beside a join table, both sides of a foreign key are columns of it.
fn joins(number: usize) -> Value {
    let columns = some(number);
    json!({ "properties": { "foreign_key": { "properties": { "parent": columns, "child": columns } } } })
}

/// What holds for a node of a table, and for its children.
fn of_table(catalog: &Catalog, number: usize, table: &Table) -> Value {
    let json_columns: Vec<String> =
        table.columns.iter().filter(|column| is_json(column)).map(|column| literal(&column.name)).collect();
    let mut forms = vec![to(&format!("column_{number}"))];
    if !table.kind.is_view() {
        forms.push(json!({ "enum": table.system_columns() }));
    }
    if !json_columns.is_empty() {
        let path = format!("^(?:{})(?:{STEP}*{TEXT_STEP}|{STEP}+)$", json_columns.join("|"));
        forms.push(json!({ "type": "string", "pattern": path }));
    }
    let shown = if forms.len() == 1 { some(number) } else { texts(&json!({ "anyOf": forms }), 0, None) };
    json!({
        "title": catalog.short(table),
        "properties": {
            "columns": shown,
            "primary_key": some(number),
            "relationship": directly("child", number),
            "children": { "items": { "properties": { "relationship": directly("parent", number) } } },
        },
    })
}

/// Without a join table, a side of a foreign key is columns of this table.
fn directly(side: &str, number: usize) -> Value {
    json!({
        "if": { "properties": { "through_tables": { "type": "array", "maxItems": 0 } } },
        "then": { "properties": { "foreign_key": { "properties": { side: some(number) } } } },
    })
}

fn some(number: usize) -> Value {
    to(&format!("columns_{number}"))
}

fn columns(catalog: &Catalog, table: &Table) -> Value {
    if table.columns.is_empty() {
        return json!(false);
    }
    json!({
        "title": format!("columns of {}", catalog.short(table)),
        "enum": table.columns.iter().map(|column| &column.name).collect::<Vec<_>>(),
        "enumDescriptions": table.columns.iter().map(about_column).collect::<Vec<_>>(),
    })
}

fn about_table(table: &Table) -> String {
    let columns = listed(table.columns.iter().map(|column| column.name.as_str()));
    match &table.comment {
        Some(comment) => format!("{comment} ({columns})"),
        None => columns,
    }
}

fn about_column(column: &Column) -> String {
    let null = if column.nullable { ", may be null" } else { "" };
    match &column.comment {
        Some(comment) => format!("{}{null}: {comment}", column.declared),
        None => format!("{}{null}", column.declared),
    }
}

fn is_json(column: &Column) -> bool {
    matches!(column.kind, ValueKind::Json | ValueKind::Jsonb) && !column.array
}

/// A name in a pattern.
fn literal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if r"^$\.*+?()[]{}|".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
