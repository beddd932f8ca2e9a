//! From JSON to the AST. In: a JSON tree. Out: documents and nodes; whatever is not part of the language is named.

use super::column::column;
use super::json::{Json, Kind, Member};
use super::transform::transform;
use crate::ast::{Document, ForeignKey, Node, Relationship, Schema, Variant};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::keys::{Choice, EMPTY, ON_CHANGE, Place, TYPES, VARIANTS};
use crate::source::{Span, Spanned};
use pgsync_plan::OnChange;
use serde_json::Value;

/// Reads a file: an array of documents, an object with such an array and a name, one document, or a bare node.
pub(super) fn schema(json: &Json, diagnostics: &mut Diagnostics) -> Option<Schema> {
    let mut name = None;
    // Editors read it at the top only; in a document of an array it is checked and says nothing.
    let json_schema = match &json.kind {
        Kind::Object(members) => find(members, "$schema").and_then(|value| text(value, "`$schema`", diagnostics)),
        _ => None,
    };
    let documents = match &json.kind {
        Kind::List(list) => {
            if list.is_empty() {
                diagnostics.push(no_document(json));
            }
            list.iter().filter_map(|element| member(element, diagnostics)).collect()
        }
        Kind::Object(members) if find(members, "documents").is_some() => {
            known(members, Place::File, diagnostics);
            name = fixed(members, "name", diagnostics);
            let documents = list(find(members, "documents")?, "`documents`", "an array of documents", diagnostics);
            if documents.is_empty() {
                diagnostics.push(no_document(json));
            }
            documents.iter().filter_map(|element| member(element, diagnostics)).collect()
        }
        Kind::Object(_) => vec![document(json, diagnostics)?],
        _ => {
            wrong(diagnostics, json, "a schema", "an array of documents, or one node with a `table`");
            return None;
        }
    };
    Some(Schema { json_schema, name, documents })
}

fn no_document(json: &Json) -> Diagnostic {
    Diagnostic::new(Code::Missing, json.span, "the schema has no document")
        .help("write one: {\"index\": \"...\", \"nodes\": {\"table\": \"...\"}}")
}

/// A document of an array.
fn member(json: &Json, diagnostics: &mut Diagnostics) -> Option<Document> {
    if let Kind::Object(members) = &json.kind
        && let Some(address) = find(members, "$schema")
    {
        text(address, "`$schema`", diagnostics);
    }
    document(json, diagnostics)
}

fn document(json: &Json, diagnostics: &mut Diagnostics) -> Option<Document> {
    let members = object(json, "a document", diagnostics)?;
    if find(members, "table").is_some() && find(members, "nodes").is_none() {
        // A bare node is a schema.
        let root = node(json, Place::BareNode, diagnostics)?;
        let nothing = Document {
            database: None,
            schemas: Vec::new(),
            index: None,
            routing: None,
            pipeline: None,
            setting: None,
            mapping: None,
            mappings: None,
            plugins: Vec::new(),
            meta: None,
            root,
            span: json.span,
        };
        return Some(nothing);
    }
    known(members, Place::Document, diagnostics);
    let database = named(members, "database", diagnostics);
    let schemas = texts(members, "schemas", diagnostics);
    let index = named(members, "index", diagnostics);
    let pipeline = named(members, "pipeline", diagnostics);
    let routing = fixed(members, "routing", diagnostics);
    let free = |name, diagnostics: &mut Diagnostics| {
        let value = find(members, name)?;
        object(value, &format!("`{name}`"), diagnostics)?;
        Some(value)
    };
    let setting = free("setting", diagnostics).map(|json| raw(json, diagnostics));
    let mapping = free("mapping", diagnostics).map(|json| raw(json, diagnostics));
    let plugins = texts(members, "plugins", diagnostics);
    let mappings = free("mappings", diagnostics).map(|json| raw(json, diagnostics));
    let meta = find(members, "_meta").and_then(|json| flag(json, "`_meta`", diagnostics));
    let Some(nodes) = find(members, "nodes") else {
        diagnostics.push(
            Diagnostic::new(Code::Missing, json.span, "a document without `nodes`")
                .help("write the root node: \"nodes\": {\"table\": \"...\"}"),
        );
        return None;
    };
    if matches!(nodes.kind, Kind::List(_)) {
        diagnostics.push(
            Diagnostic::new(Code::WrongType, nodes.span, "`nodes` is an array, accepted is one object: the root node")
                .help("files of PGSync's first version have an array here: `cargo pgsync convert` writes them anew"),
        );
        return None;
    }
    let root = node(nodes, Place::Node, diagnostics)?;
    let document = Document {
        database,
        schemas,
        index,
        routing,
        pipeline,
        setting,
        mapping,
        mappings,
        plugins,
        meta,
        root,
        span: json.span,
    };
    Some(document)
}

/// A string that is not empty. Names of the environment in it are looked up when the program starts.
fn named(members: &[Member], name: &str, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let value = text(find(members, name)?, &format!("`{name}`"), diagnostics)?;
    if value.value.is_empty() {
        diagnostics.push(Diagnostic::new(Code::WrongValue, value.span, format!("`{name}` is empty")));
    }
    Some(value)
}

/// A string that is not empty, on which depends what is compiled.
fn fixed(members: &[Member], name: &str, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let value = named(members, name, diagnostics)?;
    if value.value.contains('$') {
        diagnostics.push(
            Diagnostic::new(Code::Unsupported, value.span, format!("no environment variable can stand in `{name}`"))
                .help("what is compiled depends on it: write the name itself"),
        );
    }
    Some(value)
}

fn node(json: &Json, place: Place, diagnostics: &mut Diagnostics) -> Option<Node> {
    let members = object(json, "a node", diagnostics)?;
    known(members, place, diagnostics);
    let table = match find(members, "table") {
        Some(value) => text(value, "`table`", diagnostics),
        None => {
            diagnostics.push(
                Diagnostic::new(Code::Missing, json.span, "a node without `table`").help("name the table it shows"),
            );
            None
        }
    };
    let schema = find(members, "schema").and_then(|value| text(value, "`schema`", diagnostics));
    let label = find(members, "label").and_then(|value| text(value, "`label`", diagnostics));
    let mut columns = Vec::new();
    for entry in texts(members, "columns", diagnostics) {
        match column(&entry.value) {
            Ok(path) => columns.push(Spanned::new(path, entry.span)),
            Err((code, message)) => diagnostics.push(Diagnostic::new(code, entry.span, message)),
        }
    }
    let mut computed = Vec::new();
    for Member { name, span, value } in
        find(members, "computed").and_then(|value| object(value, "`computed`", diagnostics)).unwrap_or_default()
    {
        if let Some(expression) = text(value, &format!("the expression of `{name}`"), diagnostics) {
            computed.push((Spanned::new(name.clone(), *span), expression));
        }
    }
    let primary_key = texts(members, "primary_key", diagnostics);
    let filter = find(members, "where").and_then(|value| text(value, "`where`", diagnostics));
    let base_tables = texts(members, "base_tables", diagnostics);
    let order_by = texts(members, "order_by", diagnostics);
    let limit = find(members, "limit").and_then(|value| count(value, "`limit`", diagnostics));
    let distinct = find(members, "distinct").and_then(|value| flag(value, "`distinct`", diagnostics));
    let on_change = choice(members, "on_change", &ON_CHANGE, diagnostics);
    let on_change = on_change.map(|choice| Spanned::new(OnChange::ALL[choice.value], choice.span));
    let relationship = find(members, "relationship").and_then(|value| relationship(value, diagnostics));
    let empty = choice(members, "empty", &EMPTY, diagnostics);
    let empty = empty.map(|choice| Spanned::new(choice.value == 1, choice.span));
    let transform = find(members, "transform").map(|value| transform(value, diagnostics)).unwrap_or_default();
    let children = match find(members, "children") {
        None => Vec::new(),
        Some(value) => list(value, "`children`", "an array of nodes", diagnostics)
            .iter()
            .filter_map(|child| node(child, Place::Node, diagnostics))
            .collect(),
    };
    Some(Node {
        table: table?,
        schema,
        label,
        columns,
        computed,
        primary_key,
        filter,
        order_by,
        limit,
        distinct,
        on_change,
        base_tables,
        relationship,
        empty,
        transform,
        children,
        span: json.span,
    })
}

fn relationship(json: &Json, diagnostics: &mut Diagnostics) -> Option<Relationship> {
    let members = object(json, "`relationship`", diagnostics)?;
    known(members, Place::Relationship, diagnostics);
    let many = choice(members, "type", &TYPES, diagnostics).map(|choice| Spanned::new(choice.value == 1, choice.span));
    let variants = [Variant::Object, Variant::Scalar, Variant::Flatten];
    let variant = choice(members, "variant", &VARIANTS, diagnostics);
    let variant = variant.map(|choice| Spanned::new(variants[choice.value], choice.span));
    let mut through = texts(members, "through_tables", diagnostics);
    if let Some(second) = through.get(1) {
        diagnostics.push(
            Diagnostic::new(Code::WrongValue, second.span, "`through_tables` names several tables, accepted is one")
                .help("a longer way takes one node per table"),
        );
    }
    through.truncate(1);
    let through = through.pop().map(|name| {
        let parts = match name.value.split_once('.') {
            Some((schema, table)) => (Some(schema.to_owned()), table.to_owned()),
            None => (None, name.value),
        };
        Spanned::new(parts, name.span)
    });
    let foreign_key = find(members, "foreign_key").and_then(|value| foreign_key(value, through.is_some(), diagnostics));
    Some(Relationship { many, variant, through, foreign_key, span: json.span })
}

/// `joined` says whether its columns are those of a join table.
fn foreign_key(json: &Json, joined: bool, diagnostics: &mut Diagnostics) -> Option<ForeignKey> {
    let members = object(json, "`foreign_key`", diagnostics)?;
    if members.is_empty() {
        return None;
    }
    known(members, Place::ForeignKey, diagnostics);
    let parent = key_columns(members, "parent", diagnostics);
    let child = key_columns(members, "child", diagnostics);
    // Beside a join table each side has columns of its own, as many as the key that they refer to.
    let unequal = !joined && parent.len() != child.len();
    if unequal || parent.is_empty() || child.is_empty() {
        diagnostics.push(
            Diagnostic::new(
                Code::WrongValue,
                json.span,
                format!("`foreign_key` has {} parent and {} child columns", parent.len(), child.len()),
            )
            .help("columns belong together by position: as many of the one as of the other"),
        );
        return None;
    }
    Some(ForeignKey { parent, child, span: json.span })
}

/// Columns of one side; PGSync takes them under the name of their table too: `{"public.book": ["isbn"]}`.
fn key_columns(members: &[Member], name: &str, diagnostics: &mut Diagnostics) -> Vec<Spanned<String>> {
    match find(members, name).map(|json| &json.kind) {
        Some(Kind::Object(tables)) if tables.len() == 1 => texts(tables, &tables[0].name, diagnostics),
        _ => texts(members, name, diagnostics),
    }
}

/// A number of rows.
fn count(json: &Json, what: &str, diagnostics: &mut Diagnostics) -> Option<Spanned<u32>> {
    if !matches!(json.kind, Kind::Number) {
        wrong(diagnostics, json, what, "a number of rows, from 1");
        return None;
    }
    let number = diagnostics.text(json.span.start..json.span.end).and_then(|text| text.parse().ok());
    if number.is_none_or(|number: u32| number == 0) {
        let found = format!("{what} is no number of rows, accepted are whole numbers from 1 to {}", u32::MAX);
        diagnostics.push(Diagnostic::new(Code::WrongValue, json.span, found));
        return None;
    }
    Some(Spanned::new(number?, json.span))
}

/// True or false.
fn flag(json: &Json, what: &str, diagnostics: &mut Diagnostics) -> Option<Spanned<bool>> {
    if !matches!(json.kind, Kind::Bool) {
        wrong(diagnostics, json, what, "true or false");
        return None;
    }
    let written = diagnostics.text(json.span.start..json.span.end)?;
    Some(Spanned::new(written == "true", json.span))
}

/// Which of some words is chosen, by its position.
fn choice(members: &[Member], name: &str, choices: &[Choice], diagnostics: &mut Diagnostics) -> Option<Spanned<usize>> {
    let value = text(find(members, name)?, &format!("`{name}`"), diagnostics)?;
    if let Some(position) = choices.iter().position(|choice| choice.word == value.value) {
        return Some(Spanned::new(position, value.span));
    }
    let words = || choices.iter().map(|choice| choice.word);
    let (last, others) = choices.split_last()?;
    let others: Vec<String> = others.iter().map(|choice| format!("`{}`", choice.word)).collect();
    diagnostics.push(
        Diagnostic::new(Code::WrongValue, value.span, format!("`{name}` is `{}`", value.value))
            .help(format!("accepted are {} and `{}`", others.join(", "), last.word))
            .suggest(&value.value, words()),
    );
    None
}

/// What a key holds. One that holds null is as good as not written: PGSync's users write `"routing": null`.
pub(super) fn find<'a>(members: &'a [Member], name: &str) -> Option<&'a Json> {
    let found = members.iter().find(|member| member.name == name).map(|member| &member.value);
    found.filter(|value| !matches!(value.kind, Kind::Null))
}

/// Names every member that is not part of the language.
pub(super) fn known(members: &[Member], place: Place, diagnostics: &mut Diagnostics) {
    for Member { name, span, .. } in members {
        let mut names = place.keys().map(|key| key.name);
        if names.any(|known| known == name) {
            continue;
        }
        let names: Vec<&str> = place.keys().map(|key| key.name).collect();
        diagnostics.push(
            Diagnostic::new(Code::UnknownKey, *span, format!("`{name}` is not a key of a {}", place.name()))
                .help(format!("accepted are {}", names.join(", ")))
                .suggest(name, names),
        );
    }
}

pub(super) fn wrong(diagnostics: &mut Diagnostics, json: &Json, what: &str, accepted: &str) {
    let message = format!("{what} is {}, accepted is {accepted}", json.noun());
    diagnostics.push(Diagnostic::new(Code::WrongType, json.span, message));
}

pub(super) fn object<'a>(json: &'a Json, what: &str, diagnostics: &mut Diagnostics) -> Option<&'a [Member]> {
    if let Kind::Object(members) = &json.kind {
        return Some(members);
    }
    wrong(diagnostics, json, what, "an object");
    None
}

pub(super) fn list<'a>(json: &'a Json, what: &str, accepted: &str, diagnostics: &mut Diagnostics) -> &'a [Json] {
    if let Kind::List(list) = &json.kind {
        return list;
    }
    wrong(diagnostics, json, what, accepted);
    &[]
}

pub(super) fn text(json: &Json, what: &str, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    if let Kind::Text(text) = &json.kind {
        return Some(Spanned::new(text.clone(), json.span));
    }
    wrong(diagnostics, json, what, "a string");
    None
}

pub(super) fn texts(members: &[Member], name: &str, diagnostics: &mut Diagnostics) -> Vec<Spanned<String>> {
    let Some(json) = find(members, name) else { return Vec::new() };
    // PGSync takes a bare name where a list of one is meant.
    if let Kind::Text(text) = &json.kind {
        return vec![Spanned::new(text.clone(), json.span)];
    }
    let elements = list(json, &format!("`{name}`"), "an array of strings", diagnostics);
    elements.iter().filter_map(|element| text(element, &format!("an entry of `{name}`"), diagnostics)).collect()
}

/// Most levels of a part that is passed on. What holds it adds some: a program must be readable again, and readers of JSON
/// stop at 128.
const DEEPEST: usize = 100;

/// A part that is passed on as it is.
pub(super) fn raw(json: &Json, diagnostics: &mut Diagnostics) -> Spanned<Value> {
    let Span { start, end } = json.span;
    let depth = json.depth();
    if depth > DEEPEST {
        let what = format!("this is nested {depth} levels deep, accepted are at most {DEEPEST}");
        diagnostics.push(Diagnostic::new(Code::WrongValue, json.span, what));
        return Spanned::new(Value::Null, json.span);
    }
    let read = serde_json::from_str(diagnostics.text(start..end).unwrap_or_default());
    let value = read.unwrap_or_else(|error| {
        let what = format!("this cannot be passed on to the engine: {error}");
        diagnostics.push(Diagnostic::new(Code::WrongValue, json.span, what).help("numbers must fit a double"));
        Value::Null
    });
    Spanned::new(value, json.span)
}

#[cfg(test)]
mod tests {
    use crate::catalog::Catalog;
    use crate::{Source, compile};
    use pgsync_plan::Program;

    #[test]
    fn the_deepest_setting_survives_in_a_program() {
        let text = include_str!("../../../tests/diagnostics/catalog.json");
        let catalog = Catalog::from_json(text).unwrap();
        let deep = |levels: usize| {
            let (open, close) = ("[".repeat(levels - 1), "]".repeat(levels - 1));
            let part = format!(r#"{{"x": {open}{close}}}"#);
            let text =
                format!(r#"[{{"index": "a", "setting": {part}, "mapping": {part}, "nodes": {{"table": "author"}}}}]"#);
            compile(&Source::new("schema.json", text), &catalog)
        };
        for levels in 90..=127 {
            if let Ok((program, _)) = deep(levels) {
                assert!(Program::from_json(&program.to_json()).is_ok(), "{levels} levels");
            }
        }
        assert!(deep(100).is_ok() && deep(101).is_err());
    }
}
