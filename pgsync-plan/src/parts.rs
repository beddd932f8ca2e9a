//! A program as generated code holds it, so that people can review it. In: a [`Program`]. Out: its parts as texts, and a
//! program again: the plan, in which tables, columns and values have names instead of positions; each statement under a
//! name of its own; each index definition.
//!
//! A position changes whenever something is put before it, a name does not: a new column is a few new lines.

use crate::{Program, ProgramError, identity};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The parts of a program.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// Everything but the others, in which each statement is named.
    pub plan: Value,
    /// Name and text of each statement. A text that begins with `{NAME}` goes on from the statement of that name, which
    /// stands before it.
    pub statements: Vec<(String, String)>,
    /// Per document: name of the index, and its definition without [`crate::IndexDefinition::identity`], which follows from
    /// the rest.
    pub indexes: Vec<(String, Value)>,
}

impl Parts {
    /// Takes a program apart.
    pub fn of(program: &Program) -> Self {
        // A program has string keys and finite numbers only.
        let mut plan = serde_json::to_value(program).unwrap_or_default();
        let mut indexes = Vec::new();
        for (document, mut index) in program.plan.documents.iter().zip(list(plan["indexes"].take())) {
            index.as_object_mut().map(|index| index.remove("identity"));
            indexes.push((document.index.clone(), index));
        }
        plan.as_object_mut().map(|plan| plan.remove("indexes"));
        let mut statements = Vec::new();
        for (position, document) in program.plan.documents.iter().enumerate() {
            let levels: Vec<&str> = document.nodes.iter().map(|node| node.label.as_str()).collect();
            let routes: Vec<String> =
                document.routes.iter().map(|route| program.plan.table(route.table).name.clone()).collect();
            let name = |path: &[Step]| name(&document.index, path, &levels, &routes);
            take_statements(&mut plan["statements"][position], &mut Vec::new(), &name, &mut statements);
        }
        shorten(&mut statements);
        each_reference(&mut plan["plan"], Direction::ToNames);
        Self { plan, statements, indexes }
    }

    /// Puts a program together from texts.
    ///
    /// # Errors
    /// [`ProgramError`] when they are not a program, or one of another format version.
    pub fn program(plan: &str, statements: &[(&str, &str)], indexes: &[(&str, &str)]) -> Result<Program, ProgramError> {
        let mut plan: Value = serde_json::from_str(plan).map_err(ProgramError::Json)?;
        let found = plan["format"].as_u64().and_then(|format| u32::try_from(format).ok()).unwrap_or(0);
        if found != Program::FORMAT {
            return Err(ProgramError::Format { found });
        }
        let mut whole: BTreeMap<&str, String> = BTreeMap::new();
        for (name, text) in statements {
            let text = match text.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
                None => (*text).to_owned(),
                Some((before, rest)) => {
                    let unknown = || ProgramError::Statement { name: before.to_owned() };
                    whole.get(before).ok_or_else(unknown)?.clone() + rest
                }
            };
            whole.insert(name, text);
        }
        put_statements(member(&mut plan, "statements"), &whole)?;
        each_reference(member(&mut plan, "plan"), Direction::ToPositions);
        let definitions = indexes.iter().map(|(_, text)| {
            let mut index: Value = serde_json::from_str(text)?;
            *member(&mut index, "identity") = Value::from("");
            Ok(index)
        });
        let definitions = definitions.collect::<Result<Vec<Value>, _>>().map_err(ProgramError::Json)?;
        *member(&mut plan, "indexes") = definitions.into();
        let mut program: Program = serde_json::from_value(plan).map_err(ProgramError::Json)?;
        for (document, index) in program.plan.documents.iter().zip(&mut program.indexes) {
            index.identity = identity(&program.plan, document, &index.settings, &index.mappings);
        }
        Ok(program)
    }
}

fn list(value: Value) -> Vec<Value> {
    if let Value::Array(list) = value { list } else { Vec::new() }
}

/// A step on the way to a statement.
#[derive(Debug, Clone)]
enum Step {
    Member(String),
    Position(usize),
}

/// `INDEX.levels.LABEL.rows.until`: positions are shown by what stands there.
fn name(index: &str, path: &[Step], levels: &[&str], routes: &[String]) -> String {
    let mut name = index.to_owned();
    let mut of = "";
    for step in path {
        let text = match step {
            Step::Member(member) => {
                of = member;
                member.clone()
            }
            Step::Position(position) => {
                let shown = match of {
                    "levels" => levels.get(*position).copied(),
                    "routes" => routes.get(*position).map(String::as_str),
                    _ => None,
                };
                // Labels need not differ.
                format!("{position}.{}", shown.unwrap_or_default())
            }
        };
        name.push('.');
        name.push_str(&text);
    }
    name
}

fn take_statements(
    value: &mut Value,
    path: &mut Vec<Step>,
    name: &dyn Fn(&[Step]) -> String,
    out: &mut Vec<(String, String)>,
) {
    match value {
        Value::Object(object) => {
            if let Some(sql) = object.get_mut("sql") {
                let name = name(path);
                let Value::String(text) = std::mem::replace(sql, Value::from(name.clone())) else { return };
                out.push((name, text));
                return;
            }
            for (member, inner) in object {
                path.push(Step::Member(member.clone()));
                take_statements(inner, path, name, out);
                path.pop();
            }
        }
        Value::Array(values) => {
            for (position, inner) in values.iter_mut().enumerate() {
                path.push(Step::Position(position));
                take_statements(inner, path, name, out);
                path.pop();
            }
        }
        _ => {}
    }
}

fn put_statements(value: &mut Value, texts: &BTreeMap<&str, String>) -> Result<(), ProgramError> {
    match value {
        Value::Object(object) => {
            if let Some(name) = object.get("sql").and_then(Value::as_str) {
                let unknown = || ProgramError::Statement { name: name.to_owned() };
                let text = Value::from(texts.get(name).ok_or_else(unknown)?.clone());
                object.insert("sql".to_owned(), text);
                return Ok(());
            }
            object.values_mut().try_for_each(|inner| put_statements(inner, texts))
        }
        Value::Array(values) => values.iter_mut().try_for_each(|inner| put_statements(inner, texts)),
        _ => Ok(()),
    }
}

/// A member of an object. What is none becomes one, so that its lack of members is said later, by name.
fn member<'a>(value: &'a mut Value, name: &str) -> &'a mut Value {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    &mut value[name]
}

/// A statement that begins with the whole text of another goes on from it, so that nothing stands twice.
fn shorten(statements: &mut [(String, String)]) {
    let whole = statements.to_vec();
    for (position, (_, text)) in statements.iter_mut().enumerate() {
        let before = whole[..position]
            .iter()
            .filter(|(name, other)| text.len() > other.len() && text.starts_with(other) && !name.contains('}'));
        if let Some((name, other)) = before.max_by_key(|(_, other)| other.len()) {
            *text = format!("{{{name}}}{}", &text[other.len()..]);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    ToNames,
    ToPositions,
}

/// What positions stand for, in order.
type Names = Vec<String>;

/// Replaces positions of tables, columns and read values by names, or names by positions.
fn each_reference(plan: &mut Value, direction: Direction) {
    let mut columns: BTreeMap<String, Names> = BTreeMap::new();
    let mut tables = Names::new();
    for table in plan["tables"].as_array().into_iter().flatten() {
        let text = |member: &str| table[member].as_str().unwrap_or_default();
        let name = format!("{}.{}", text("schema"), text("name"));
        let of = table["columns"].as_array().into_iter().flatten();
        columns.insert(name.clone(), of.map(|column| column["name"].as_str().unwrap_or_default().to_owned()).collect());
        tables.push(name);
    }
    let change = |value: &mut Value, names: &Names| change(value, names, direction);
    for (table, name) in list_mut(member(plan, "tables")).iter_mut().zip(&tables) {
        for name_of in ["key", "old"] {
            change(member(table, name_of), &columns[name]);
        }
    }
    let none = Names::new();
    let table_of = |value: &Value| match value {
        Value::String(name) => Some(name.clone()),
        other => tables.get(usize::try_from(other.as_u64()?).ok()?).cloned(),
    };
    for document in list_mut(member(plan, "documents")) {
        // What is read at each node, and where: asked for before anything is replaced.
        let mut reads: Vec<Names> = Vec::new();
        let mut places: Vec<Names> = Vec::new();
        for node in list_mut(member(document, "nodes")) {
            let of = table_of(&node["table"]).and_then(|name| columns.get(&name)).unwrap_or(&none);
            places.push(of.clone());
            let mut select = node["select"].clone();
            for read in list_mut(&mut select) {
                change_to_name(member(read, "column"), of);
                columns_of(computed(read)).for_each(|column| change_to_name(column, of));
            }
            reads.push(labels(&select));
        }
        if let (Some(root), Some(of)) = (reads.first(), places.first()) {
            change(member(document, "id"), root);
            if let Some(routing) = document.get_mut("routing") {
                change(routing, root);
            }
            change(member(document, "key"), of);
        }
        for (position, node) in list_mut(member(document, "nodes")).iter_mut().enumerate() {
            let parent = node["parent"].as_u64().and_then(|parent| usize::try_from(parent).ok());
            for by in node.get_mut("order_by").map(list_mut).into_iter().flatten() {
                change(member(by, "column"), &places[position]);
            }
            if let Some(order) = node.get_mut("order") {
                change(order, &places[position]);
            }
            columns_of(node.get_mut("filter")).for_each(|column| change(column, &places[position]));
            for read in list_mut(member(node, "select")) {
                change(member(read, "column"), &places[position]);
                columns_of(computed(read)).for_each(|column| change(column, &places[position]));
            }
            let shown = node["fields"].as_array().into_iter().flatten();
            let shown: Names = shown.map(|field| field["name"].as_str().unwrap_or_default().to_owned()).collect();
            for concat in node.get_mut("concats").map(list_mut).into_iter().flatten() {
                for part in list_mut(member(concat, "parts")) {
                    if let Some(field) = part.get_mut("field") {
                        change(field, &shown);
                    }
                }
            }
            for field in list_mut(member(node, "fields")) {
                if let Some(read) = member(field, "value").get_mut("select") {
                    change(read, &reads[position]);
                }
            }
            if let (Some(link), Some(parent)) = (node.get_mut("link").filter(|link| link.is_object()), parent) {
                change(member(link, "parent"), places.get(parent).unwrap_or(&none));
                change(member(link, "parent_select"), reads.get(parent).unwrap_or(&none));
                change(member(link, "child"), &places[position]);
                if let Some(columns) = member(link, "reading").get_mut("order_columns") {
                    change(columns, &places[position]);
                }
                if let Some(through) = link.get_mut("through").filter(|through| through.is_object()) {
                    let of = table_of(&through["table"]).and_then(|name| columns.get(&name)).unwrap_or(&none);
                    for name_of in ["parent", "child", "key"] {
                        change(member(through, name_of), of);
                    }
                    change(member(through, "table"), &tables);
                    for read in link["reading"].get_mut("join_select").map(list_mut).into_iter().flatten() {
                        change(member(read, "column"), of);
                    }
                }
            }
            change(member(node, "table"), &tables);
        }
        for route in list_mut(member(document, "routes")) {
            let of_table = |table: &Value| table_of(table).and_then(|name| columns.get(&name)).unwrap_or(&none);
            let of = of_table(&route["table"]);
            for name_of in ["link", "watch"] {
                change(member(route, name_of), of);
            }
            if let Some(way) = route.get_mut("way").filter(|way| way.is_object()) {
                let joined = way["joins"].as_array().into_iter().flatten().map(|join| of_table(&join["table"]));
                let places: Vec<&Names> = std::iter::once(of).chain(joined).collect();
                let place = |value: &Value| {
                    let of = value["of"].as_u64().and_then(|of| usize::try_from(of).ok());
                    of.and_then(|of| places.get(of).copied()).unwrap_or(&none)
                };
                let columns = |list: &mut Value| {
                    for value in list_mut(list) {
                        let of = place(value);
                        change(member(value, "column"), of);
                    }
                };
                columns(member(way, "values"));
                for (join, own) in list_mut(member(way, "joins")).iter_mut().zip(&places[1..]) {
                    change(member(join, "own"), own);
                    columns(member(join, "equal"));
                    change(member(join, "table"), &tables);
                }
            }
            change(member(route, "table"), &tables);
        }
    }
}

/// The columns of an expression, if there is one.
fn columns_of(expression: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    expression.map(list_mut).into_iter().flatten().filter_map(|piece| piece.get_mut("column"))
}

/// What is computed of a row, if that is what is read.
fn computed(read: &mut Value) -> Option<&mut Value> {
    read.get_mut("computed")?.get_mut("expression")
}

fn list_mut(value: &mut Value) -> &mut [Value] {
    value.as_array_mut().map_or(&mut [], Vec::as_mut_slice)
}

/// A position, or every one of a list. What has no name of its own stays a position.
fn change(value: &mut Value, names: &Names, direction: Direction) {
    match (value, direction) {
        (Value::Array(values), _) => values.iter_mut().for_each(|value| change(value, names, direction)),
        (value, Direction::ToNames) => change_to_name(value, names),
        (value, Direction::ToPositions) => {
            let position = value.as_str().and_then(|name| names.iter().position(|of| of == name));
            if let Some(position) = position {
                *value = Value::from(position);
            }
        }
    }
}

fn change_to_name(value: &mut Value, names: &Names) {
    let position = value.as_u64().and_then(|position| usize::try_from(position).ok());
    if let Some(name) = position.and_then(|position| names.get(position))
        && names.iter().filter(|of| *of == name).count() == 1
    {
        *value = Value::from(name.clone());
    }
}

/// What a node reads, each in words: the column, the path into it, the form it comes in.
fn labels(select: &Value) -> Names {
    let label = |read: &Value| {
        let mut label = match read["computed"]["expression"].as_array() {
            Some(pieces) => {
                pieces.iter().filter_map(|piece| piece["text"].as_str().or(piece["column"].as_str())).collect()
            }
            None => read["column"].as_str().unwrap_or_default().to_owned(),
        };
        if let Some(function) = read["aggregate"]["function"].as_str() {
            label = format!("{function} {label}");
        }
        for step in read["path"].as_array().into_iter().flatten() {
            let step = step.as_object().and_then(|step| step.values().next()).unwrap_or(&Value::Null);
            label.push_str(" -> ");
            label.push_str(&step.as_str().map_or_else(|| step.to_string(), str::to_owned));
        }
        if read["text"] == true {
            label.push_str(" as text");
        }
        match read["form"].as_str() {
            None | Some("raw") => {}
            Some(form) => {
                label.push_str(" as ");
                label.push_str(form);
            }
        }
        label
    };
    select.as_array().into_iter().flatten().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_program_is_said_by_name() {
        let plan =
            format!(r#"{{ "format": {}, "statements": [{{ "roots_by_key": {{ "sql": "a" }} }}] }}"#, Program::FORMAT);
        let error =
            |plan: &str, statements: &[(&str, &str)]| Parts::program(plan, statements, &[]).unwrap_err().to_string();
        assert!(error(&plan, &[]).contains("statement `a`"), "{}", error(&plan, &[]));
        assert!(error(&plan, &[("a", "{b} AND true")]).contains("statement `b`"));
        assert!(error(&plan, &[("a", "SELECT 1")]).contains("missing field"));
        assert!(error("[]", &[]).contains("format 0"));
        let documents =
            format!(r#"{{ "format": {}, "plan": {{ "documents": [7], "tables": ["t"] }} }}"#, Program::FORMAT);
        assert!(!error(&documents, &[]).is_empty());
    }
}
