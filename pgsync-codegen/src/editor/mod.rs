//! The JSON Schema that editors complete and check a schema file with. In: the table of keys, and a catalogue where there is
//! one. Out: JSON Schema as text. It says of a file what the parser says, as far as JSON Schema can; what a file amounts to
//! is not its affair.
//!
//! It is of draft 7. Editors that people use know that one whole, and of later drafts only parts.

mod tables;
#[cfg(test)]
mod tests;

use crate::catalog::Catalog;
use crate::keys::{Key, Place, Value as Holds};
use crate::layout;
use serde_json::{Map, Value, json};

/// Version of the language that the JSON Schema describes. It grows with each key or word that comes or goes.
pub const VERSION: u32 = 1;

/// A step into JSON, as it stands behind a column in an entry of `columns`. It is what `parse/column.rs` reads.
const STEP: &str = r"(?:->(?!>)(?:(?!->|#>)[\s\S])+|#>\{(?:(?!->|#>)[\s\S])+\})";
/// The same to a text, which is the last one.
const TEXT_STEP: &str = r"(?:->>(?:(?!->|#>)[\s\S])+|#>>\{(?:(?!->|#>)[\s\S])+\})";

/// An aggregate, as `parse/aggregate.rs` reads it: `*` and `distinct` stand behind `count` alone.
const AGGREGATE: &str = concat!(
    r"^\s*(?:[Ee][Xx][Ii][Ss][Tt][Ss]",
    r"|[Cc][Oo][Uu][Nn][Tt]\s*\((?!\s*\)\s*$)(?!\s*[Dd][Ii][Ss][Tt][Ii][Nn][Cc][Tt]\s+\*\s*\)\s*$)[\s\S]+\)",
    r"|(?:[Ss][Uu][Mm]|[Mm][Ii][Nn]|[Mm][Aa][Xx]|[Aa][Vv][Gg])\s*",
    r"\((?!\s*\*?\s*\)\s*$)(?!\s*[Dd][Ii][Ss][Tt][Ii][Nn][Cc][Tt]\s+\S[\s\S]*\)\s*$)[\s\S]+\))\s*$"
);

/// Writes the JSON Schema. With a catalogue it knows the tables and columns too.
pub fn json_schema(catalog: Option<&Catalog>) -> String {
    let kind = if catalog.is_some() { ":catalog" } else { "" };
    let mut definitions = Map::new();
    for place in [
        Place::File,
        Place::Document,
        Place::BareNode,
        Place::Node,
        Place::Relationship,
        Place::ForeignKey,
        Place::Transform,
        Place::Concat,
    ] {
        definitions.insert(definition(place).into(), object(place));
    }
    definitions.insert(
        "rules".to_owned(),
        json!({ "type": "object", "additionalProperties": { "anyOf": [
            { "type": "string" },
            { "$ref": "#/definitions/rules" },
        ] } }),
    );
    if let Some(catalog) = catalog {
        tables::add(catalog, &mut definitions);
    }
    let one = json!({ "anyOf": [reference(Place::Document), reference(Place::BareNode)] });
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": format!("urn:pgsync:schema:{VERSION}{kind}"),
        "title": "pgsync schema",
        "description": "Which tables make which documents.",
        "anyOf": [
            reference(Place::BareNode),
            reference(Place::Document),
            reference(Place::File),
            { "type": "array", "minItems": 1, "items": one },
        ],
        "definitions": definitions,
    });
    layout(&schema.into())
}

/// What an object is called among the definitions.
fn definition(place: Place) -> &'static str {
    match place {
        Place::File => "file",
        Place::Document => "document",
        Place::BareNode => "bare_node",
        Place::Node => "node",
        Place::Relationship => "relationship",
        Place::ForeignKey => "foreign_key",
        Place::Transform => "transform",
        Place::Concat => "concat",
    }
}

fn reference(place: Place) -> Value {
    json!({ "$ref": format!("#/definitions/{}", definition(place)) })
}

fn object(place: Place) -> Value {
    let properties: Map<String, Value> = place.keys().map(|key| (key.name.to_owned(), property(key))).collect();
    let required: Vec<&str> = place.keys().filter(|key| key.required).map(|key| key.name).collect();
    let mut object = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    match place {
        // An empty object says nothing, and PGSync's users write it.
        Place::ForeignKey => object["anyOf"] = json!([{ "required": required }, { "maxProperties": 0 }]),
        _ if required.is_empty() => {}
        _ => object["required"] = json!(required),
    }
    object
}

/// A key: what it holds, and the line that explains it.
fn property(key: &Key) -> Value {
    let mut property = holds(key.value);
    // What may be left out may be null.
    if !key.required {
        property = json!({ "anyOf": [property, { "type": "null" }] });
    }
    // Beside a reference nothing else counts, so one that is explained is wrapped.
    if property.get("$ref").is_some() {
        property = json!({ "allOf": [property] });
    }
    property["description"] = key.text.into();
    property
}

fn holds(value: Holds) -> Value {
    match value {
        Holds::Text => json!({ "type": "string" }),
        Holds::Name => json!({ "type": "string", "minLength": 1 }),
        Holds::Fixed => json!({ "type": "string", "pattern": "^[^$]+$" }),
        Holds::Index => json!({
            "type": "string",
            "maxLength": 200,
            "pattern": r#"^(?![-_+])(?!\.{1,2}$)(?:[^A-Z\\/*?"<>| ,#:$]|\$\{[A-Za-z_][A-Za-z0-9_]*\}|\$[A-Za-z_][A-Za-z0-9_]*|\$)+$"#,
        }),
        Holds::Texts => texts(&json!({ "type": "string" }), 0, None),
        Holds::SomeTexts => texts(&json!({ "type": "string" }), 1, None),
        Holds::KeyColumns => {
            let columns = texts(&json!({ "type": "string" }), 1, None);
            let by_table = json!({
                "type": "object", "additionalProperties": columns, "minProperties": 1, "maxProperties": 1,
            });
            json!({ "anyOf": [columns, by_table] })
        }
        Holds::OneText => texts(&json!({ "type": "string" }), 0, Some(1)),
        Holds::Columns => texts(
            &json!({ "type": "string", "pattern": format!(r"^(?:(?!->|#>)[\s\S])*{STEP}*{TEXT_STEP}?$") }),
            0,
            None,
        ),
        Holds::Choice(choices) => json!({
            "enum": choices.iter().map(|choice| choice.word).collect::<Vec<_>>(),
            "enumDescriptions": choices.iter().map(|choice| choice.text).collect::<Vec<_>>(),
        }),
        Holds::Part => json!({ "type": "object" }),
        Holds::Rules => json!({ "$ref": "#/definitions/rules" }),
        Holds::Replacements => json!({ "type": "object", "additionalProperties": { "anyOf": [
            { "$ref": "#/definitions/rules" },
            { "type": "string" },
        ] } }),
        Holds::Concats => {
            json!({ "anyOf": [reference(Place::Concat), { "type": "array", "items": reference(Place::Concat) }] })
        }
        Holds::Mappings => json!({ "type": "object", "additionalProperties": { "type": "object" } }),
        Holds::Expressions => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Holds::Aggregates => json!({
            "type": "object", "minProperties": 1,
            "additionalProperties": { "type": "string", "pattern": AGGREGATE },
        }),
        Holds::Count => json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX }),
        Holds::Flag => json!({ "type": "boolean" }),
        Holds::Anything => json!({}),
        Holds::Object(place) => reference(place),
        Holds::Objects(place) => objects(place),
    }
}

fn objects(place: Place) -> Value {
    match place {
        // An element of `documents` may be the short form.
        Place::Document => json!({
            "type": "array", "minItems": 1,
            "items": { "anyOf": [reference(place), reference(Place::BareNode)] },
        }),
        _ => json!({ "type": "array", "items": reference(place) }),
    }
}

/// Strings of one kind; one alone needs no array.
fn texts(one: &Value, least: u32, most: Option<u32>) -> Value {
    let mut many = json!({ "type": "array", "items": one });
    if least > 0 {
        many["minItems"] = least.into();
    }
    if let Some(most) = most {
        many["maxItems"] = most.into();
    }
    json!({ "anyOf": [many, one] })
}
