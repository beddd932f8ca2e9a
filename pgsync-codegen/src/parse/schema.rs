//! From JSON to the AST. In: a JSON tree. Out: documents and nodes; whatever is not part of the language is named.

use super::aggregate::{FORMS, Refused, aggregate, names};
use super::column::column;
use super::json::{Json, Kind, Member};
use super::transform::transform;
use super::value::{choice, count, find, flag, known, list, object, raw, text, texts, wrong};
use crate::ast::{Aggregate, Document, ForeignKey, Node, Relationship, Schema, Variant};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::keys::{EMPTY, ON_CHANGE, Place, TYPES, VARIANTS};
use crate::source::Spanned;
use pgsync_plan::OnChange;

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
    let computed = expressions(members, "computed", diagnostics);
    let aggregate = aggregates(members, diagnostics);
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
        aggregate,
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

/// Fields and the expressions that make them.
fn expressions(
    members: &[Member],
    name: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<(Spanned<String>, Spanned<String>)> {
    let Some(json) = find(members, name) else { return Vec::new() };
    let fields = object(json, &format!("`{name}`"), diagnostics).unwrap_or_default();
    let expression = |Member { name, span, value }: &Member| {
        let expression = text(value, &format!("the expression of `{name}`"), diagnostics)?;
        Some((Spanned::new(name.clone(), *span), expression))
    };
    fields.iter().filter_map(expression).collect()
}

/// Fields, and what each is made of all rows.
fn aggregates(members: &[Member], diagnostics: &mut Diagnostics) -> Vec<(Spanned<String>, Spanned<Aggregate>)> {
    if let Some(Json { kind: Kind::Object(fields), span }) = find(members, "aggregate")
        && fields.is_empty()
    {
        diagnostics.push(
            Diagnostic::new(Code::Missing, *span, "`aggregate` has no field")
                .help("name what is shown: {\"count\": \"count(*)\"}; without `aggregate`, rows are shown"),
        );
    }
    let mut found = Vec::new();
    for (field, written) in expressions(members, "aggregate", diagnostics) {
        match aggregate(&written.value) {
            Ok(entry) => found.push((field, Spanned::new(entry, written.span))),
            Err(Refused { why, unknown }) => {
                let what = format!("`{}` is no aggregate: {why}", written.value);
                let refused = Diagnostic::new(Code::WrongValue, written.span, what);
                let refused = refused.help(format!("accepted are {FORMS}"));
                diagnostics.push(match unknown {
                    Some(name) => refused.suggest(&name, names()),
                    None => refused,
                });
            }
        }
    }
    found
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
