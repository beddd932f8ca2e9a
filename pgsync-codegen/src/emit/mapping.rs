//! Index definitions. In: one document of the plan. Out: settings and mappings, inferred from column types and merged
//! under what the user wrote, with the fingerprint that tells one definition from another.
//!
//! No inferred type may refuse a value its column can hold: what the type cannot index (`infinity`, a year beyond
//! 9999, a number beyond a double) stays in the document and is left out of the index. So does JSON, which may be
//! anything: dynamic mapping would let the first row decide what later ones may be. Types unknown here are left to the
//! engine's dynamic mapping.

use super::limits;
use crate::engines;
use pgsync_plan::{
    Codec, ColumnType, Document, Field, FieldValue, IndexDefinition, MetaKey, Node, Plan, ROUTED_FIELD, Shape,
    ValueKind,
};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// Longest keyword, in characters, that fits the engine's limit of 32766 bytes for one term, whatever the characters.
const KEYWORD_LIMIT: u32 = 8191;

/// The definition of the index that one document lives in.
pub fn index(plan: &Plan, document: &Document) -> IndexDefinition {
    let mut settings = match &document.setting {
        Some(setting) => json!({ "index": setting }),
        None => json!({}),
    };
    let mut inferred = Inferred { plan, document, templates: Vec::new() };
    let mut properties = inferred.properties(document.root(), "");
    if !document.meta.is_empty() {
        properties.insert("_meta".to_owned(), meta(&document.meta));
    }
    let mut mappings = Map::new();
    // Without it a request that forgets the routing would look for a document where it is not. A column that may be NULL
    // has documents without one.
    if document.routing_column().is_some_and(|column| !plan.table(document.root().table).column(column).nullable) {
        mappings.insert("_routing".to_owned(), json!({ "required": true }));
    }
    if !inferred.templates.is_empty() {
        mappings.insert("dynamic_templates".to_owned(), inferred.templates.into());
    }
    mappings.insert("properties".to_owned(), properties.into());
    if let Some(whole) = &document.mappings {
        merge_mappings(&mut mappings, whole);
    }
    if let Some(Value::Object(mapping)) = &document.mapping {
        // It is the whole of `mappings` where it has `dynamic_templates`, else its `properties`.
        if mapping.contains_key("dynamic_templates") {
            merge_mappings(&mut mappings, &Value::Object(mapping.clone()));
        } else {
            merge_properties(&mut mappings, mapping);
        }
    }
    if !document.index_routes.is_empty() {
        hide_routed(&mut mappings);
    }
    let mappings = Value::Object(mappings);
    limits::raise(&mut settings, &mappings);
    let identity = pgsync_plan::identity(plan, document, &settings, &mappings);
    let fingerprint = Sha256::digest(identity.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let needs = engines::needs(&mappings);
    IndexDefinition { settings, mappings, fingerprint, identity, needs }
}

/// Has what index routes search for indexed, and left out of the document that is kept. Searches look for whole values and
/// nothing else, so they are kept in no other form either.
fn hide_routed(mappings: &mut Map<String, Value>) {
    let field = json!({ "type": "keyword", "doc_values": false });
    merge_properties(mappings, &Map::from_iter([(ROUTED_FIELD.to_owned(), field)]));
    let kept = mappings.entry("_source").or_insert_with(|| json!({}));
    let excludes = match kept["excludes"].take() {
        Value::Array(named) => named,
        Value::Null => Vec::new(),
        one => vec![one],
    };
    kept["excludes"] = excludes.into_iter().chain([json!(ROUTED_FIELD)]).collect();
}

struct Inferred<'a> {
    plan: &'a Plan,
    document: &'a Document,
    templates: Vec<Value>,
}

impl Inferred<'_> {
    fn properties(&mut self, node: &Node, path: &str) -> Map<String, Value> {
        let mut properties = Map::new();
        for field in node.fields.iter().filter(|field| !field.hidden) {
            if let FieldValue::Child(id) = field.value
                && self.document.node(id).shape == Shape::Flat
            {
                properties.extend(self.properties(self.document.node(id), path));
                continue;
            }
            let inferred = self.field(node, field, &format!("{path}{}", field.name));
            // What the document says as a whole counts alone, as in PGSync.
            let written = field.mapping.as_ref().filter(|_| self.document.mapping.is_none()).and_then(Value::as_object);
            let mapping = match (inferred, written) {
                (Some(Value::Object(mut ours)), Some(theirs)) => {
                    merge_field(&mut ours, theirs);
                    Value::Object(ours)
                }
                (None, Some(theirs)) => Value::Object(theirs.clone()),
                (Some(inferred), _) => inferred,
                (None, None) => continue,
            };
            properties.insert(field.name.clone(), mapping);
        }
        if self.document.mapping.is_none() {
            properties.extend(node.declared.clone());
        }
        properties
    }

    fn field(&mut self, node: &Node, field: &Field, path: &str) -> Option<Value> {
        match field.value {
            FieldValue::Concat(_) => Some(text()),
            FieldValue::Select(position) => {
                let select = &node.select[position];
                let ty = select.ty(self.plan.table(node.table));
                if select.text {
                    return Some(text());
                }
                if !select.path.is_empty() {
                    return Some(opaque());
                }
                if ty.kind == ValueKind::Hstore && !ty.array {
                    self.templates.push(json!({ path: {
                        "path_match": format!("{path}.*"),
                        "mapping": keyword(),
                    }}));
                }
                column(ty)
            }
            FieldValue::Child(id) => {
                let child = &self.document.nodes[id.0];
                match child.shape {
                    // A scalar child has one field, and its parent shows that field's values.
                    Shape::Scalar | Shape::Scalars => self.field(child, child.fields.first()?, path),
                    Shape::Object | Shape::Objects | Shape::Flat => {
                        let properties = self.properties(child, &format!("{path}."));
                        (!properties.is_empty()).then(|| json!({ "properties": properties }))
                    }
                }
            }
        }
    }
}

/// What PGSync's documents have in `_meta` by dynamic mapping: numbers are long, everything else a text with its keyword.
fn meta(keys: &[MetaKey]) -> Value {
    let mut tables = json!({});
    for key in keys {
        let whole = matches!(key.codec, Codec::Int2 | Codec::Int4 | Codec::Int8) && key.node.0 > 0;
        let property = if whole { json!({ "type": "long" }) } else { text() };
        tables[key.table.as_str()]["properties"][key.column.as_str()] = property;
    }
    json!({ "properties": tables })
}

/// What a column's values are indexed as; an array is indexed as its elements. `None` leaves it to dynamic mapping.
fn column(ty: &ColumnType) -> Option<Value> {
    let number = |name: &str| json!({ "type": name, "ignore_malformed": true });
    Some(match ty.kind {
        ValueKind::Bool => json!({ "type": "boolean" }),
        ValueKind::Int2 => number("short"),
        ValueKind::Int4 => number("integer"),
        ValueKind::Int8 | ValueKind::Oid => number("long"),
        // `unsigned_long` is not known to every supported engine.
        ValueKind::UInt8 => number("double"),
        ValueKind::Float4 => number("float"),
        ValueKind::Float8 | ValueKind::Numeric => number("double"),
        ValueKind::Text | ValueKind::Char => text(),
        ValueKind::Enum | ValueKind::Uuid => keyword(),
        ValueKind::Date | ValueKind::Timestamp | ValueKind::TimestampTz => {
            json!({ "type": "date", "format": "strict_date_optional_time", "ignore_malformed": true })
        }
        ValueKind::Time | ValueKind::TimeTz | ValueKind::Interval | ValueKind::Bytea => keyword(),
        // A cidr is a network, which the engine's `ip` does not take.
        ValueKind::Inet if base(ty) == "cidr" => keyword(),
        ValueKind::Inet => json!({ "type": "ip", "ignore_malformed": true }),
        ValueKind::Json | ValueKind::Jsonb => opaque(),
        ValueKind::Hstore => return None,
        ValueKind::Other => match base(ty) {
            "xml" | "tsvector" | "tsquery" => text(),
            // GeoJSON, an object whose coordinates are of another depth for each kind of it.
            shape if is_geometry(shape) => opaque(),
            "xid" | "tid" | "money" | "bit" | "varbit" | "bit varying" | "macaddr" | "macaddr8" | "pg_lsn"
            | "point" | "line" | "lseg" | "box" | "path" | "polygon" | "circle" => keyword(),
            range if range.ends_with("range") && !range.contains('.') => keyword(),
            _ => return None,
        },
    })
}

/// The name of the type, or of an array's elements.
fn base(ty: &ColumnType) -> &str {
    ty.cast.strip_suffix("[]").unwrap_or(&ty.cast)
}

/// Whether it is a geometry of MySQL and MariaDB, or of PostGIS, in whichever schema and of whichever kind.
fn is_geometry(base: &str) -> bool {
    let name = base.split('(').next().unwrap_or_default();
    let name = name.rsplit('.').next().unwrap_or_default().trim_matches('"');
    matches!(name, "geometry" | "geography")
}

fn keyword() -> Value {
    json!({ "type": "keyword", "ignore_above": KEYWORD_LIMIT })
}

/// Kept in the document and returned, never looked into: an object, an array, a text or a number, in any mixture.
fn opaque() -> Value {
    json!({ "type": "object", "enabled": false })
}

/// As dynamic mapping would have it, so that searches written for that go on working.
fn text() -> Value {
    json!({ "type": "text", "fields": { "keyword": { "type": "keyword", "ignore_above": 256 } } })
}

/// What the user says of `mappings` as a whole.
fn merge_mappings(inferred: &mut Map<String, Value>, mapping: &Value) {
    let Value::Object(mapping) = mapping else { return };
    let mut templates = Vec::new();
    if mapping.contains_key("dynamic_templates") {
        // A field that has a property is matched by no template, so what is inferred stands behind the user's templates
        // as templates of its own.
        if let Some(Value::Object(properties)) = inferred.remove("properties") {
            as_templates(&properties, "", &mut templates);
        }
        if let Some(Value::Array(ours)) = inferred.remove("dynamic_templates") {
            templates.extend(ours);
        }
    }
    for (name, value) in mapping {
        match (name.as_str(), value) {
            ("properties", Value::Object(properties)) => merge_properties(inferred, properties),
            // The first template that matches counts.
            ("dynamic_templates", Value::Array(theirs)) => {
                inferred.insert(name.clone(), theirs.iter().chain(&templates).cloned().collect());
            }
            _ => {
                inferred.insert(name.clone(), value.clone());
            }
        }
    }
}

/// One template for each leaf, by its path.
fn as_templates(properties: &Map<String, Value>, above: &str, out: &mut Vec<Value>) {
    for (name, field) in properties {
        let path = format!("{above}{name}");
        match field.get("properties") {
            Some(Value::Object(below)) => as_templates(below, &format!("{path}."), out),
            _ => out.push(json!({ path.clone(): { "path_match": path, "mapping": field } })),
        }
    }
}

fn merge_properties(object: &mut Map<String, Value>, user: &Map<String, Value>) {
    let properties = object.entry("properties").or_insert_with(|| json!({}));
    let Some(properties) = properties.as_object_mut() else { return };
    for (name, theirs) in user {
        match (properties.get_mut(name), theirs) {
            (Some(Value::Object(ours)), Value::Object(theirs)) => merge_field(ours, theirs),
            _ => {
                properties.insert(name.clone(), theirs.clone());
            }
        }
    }
}

/// A type of the user's takes the place of the inferred one with all its parameters, which another type would refuse;
/// an object keeps the inferred fields beside the user's. Whatever is said of JSON takes the place of not looking into it.
fn merge_field(ours: &mut Map<String, Value>, theirs: &Map<String, Value>) {
    let ty = theirs.get("type").and_then(Value::as_str);
    let object = ours.contains_key("properties") && matches!(ty, None | Some("object" | "nested"));
    if (ty.is_some() && !object) || ours.get("enabled") == Some(&Value::Bool(false)) {
        ours.clear();
    }
    for (name, value) in theirs {
        match value {
            Value::Object(properties) if name == "properties" => merge_properties(ours, properties),
            _ => {
                ours.insert(name.clone(), value.clone());
            }
        }
    }
}
