//! What has changed between two definitions of an index. In: their identity texts. Out: a line for each difference, the fields of
//! the mapping first: `+ title.keyword: keyword`, `~ price: float -> scaled_float`, `- note: text`. It says what is different,
//! never whether that matters.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Most lines: what is more is counted.
const LINES: usize = 10;

/// Where two identity texts differ.
pub fn name_differences(was: &str, is: &str) -> Vec<String> {
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
    let (mut was, mut is) = (parse(was), parse(is));
    let mut found = Found::default();
    fields(&taken(&mut was, "properties"), &taken(&mut is, "properties"), &mut found);
    compare(&mut Vec::new(), &was, &is, &mut found);
    let mut lines = found.lines;
    if lines.len() > LINES {
        let more = lines.len() - LINES;
        lines.truncate(LINES);
        lines.push(format!("and {more} more"));
    }
    lines
}

#[derive(Default)]
struct Found {
    lines: Vec<String>,
    /// Fields that came or went with the mapping: how they are read is not said again.
    said: BTreeSet<String>,
}

impl Found {
    /// A place that the one or the other lacks, or that has another value.
    fn say(&mut self, place: &str, was: Option<String>, is: Option<String>) {
        self.lines.push(match (was, is) {
            (None, is) => format!("+ {place}: {}", is.unwrap_or_default()),
            (Some(was), None) => format!("- {place}: {was}"),
            (Some(was), Some(is)) => format!("~ {place}: {was} -> {is}"),
        });
    }
}

/// Takes a member of `mappings` out of an identity.
fn taken(identity: &mut Value, member: &str) -> Map<String, Value> {
    let mappings = identity.get_mut("mappings").and_then(Value::as_object_mut);
    match mappings.and_then(|mappings| mappings.remove(member)) {
        Some(Value::Object(taken)) => taken,
        _ => Map::new(),
    }
}

/// The fields of two mappings, each under its path.
fn fields(was: &Map<String, Value>, is: &Map<String, Value>, found: &mut Found) {
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    by_path("", was, &mut before);
    by_path("", is, &mut after);
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for path in paths {
        let (was, is) = (before.get(path), after.get(path));
        let (was_type, is_type) = (was.map(type_of), is.map(type_of));
        if was_type != is_type {
            found.say(path, was_type, is_type);
            found.said.insert(path.clone());
            continue;
        }
        let parameters = |of: Option<&&Map<String, Value>>| {
            let each = of.into_iter().flat_map(|of| of.iter());
            let each = each.filter(|(name, _)| !matches!(name.as_str(), "type" | "fields" | "properties"));
            each.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>()
        };
        let (was, is) = (parameters(was), parameters(is));
        for name in was.keys().chain(is.keys().filter(|name| !was.contains_key(*name))) {
            if was.get(name) != is.get(name) {
                found.say(&format!("{path} {name}"), was.get(name).map(brief), is.get(name).map(brief));
            }
        }
    }
}

fn by_path<'a>(above: &str, fields: &'a Map<String, Value>, out: &mut BTreeMap<String, &'a Map<String, Value>>) {
    for (name, field) in fields {
        let Value::Object(field) = field else { continue };
        let path = format!("{above}{name}");
        for part in ["properties", "fields"] {
            if let Some(Value::Object(below)) = field.get(part) {
                by_path(&format!("{path}."), below, out);
            }
        }
        out.insert(path, field);
    }
}

fn type_of(field: &&Map<String, Value>) -> String {
    field.get("type").and_then(Value::as_str).unwrap_or("object").to_owned()
}

/// Everything else. `place`: the members on the way.
fn compare(place: &mut Vec<String>, was: &Value, is: &Value, found: &mut Found) {
    if was == is {
        return;
    }
    match (was, is) {
        (Value::Object(was), Value::Object(is)) => {
            for name in was.keys().chain(is.keys().filter(|name| !was.contains_key(*name))) {
                place.push(name.clone());
                compare(place, was.get(name).unwrap_or(&Value::Null), is.get(name).unwrap_or(&Value::Null), found);
                place.pop();
            }
        }
        // By name, so that one more does not move the others.
        (Value::Array(was), Value::Array(is)) => {
            if let (Some(before), Some(after)) = (by_name(was), by_name(is)) {
                if before.keys().eq(after.keys()) && names(was).ne(names(is)) {
                    found.lines.push(format!("~ {}: in another order", shown(place)));
                }
                compare(place, &before.into(), &after.into(), found);
                return;
            }
            for position in 0..was.len().max(is.len()) {
                let at = |list: &[Value]| list.get(position).cloned().unwrap_or(Value::Null);
                place.push(position.to_string());
                compare(place, &at(was), &at(is), found);
                place.pop();
            }
        }
        _ => {
            let shown = shown(place);
            if !found.said.contains(&shown) {
                let side = |value: &Value| (!value.is_null()).then(|| brief(value));
                found.say(&shown, side(was), side(is));
            }
        }
    }
}

fn names(list: &[Value]) -> impl Iterator<Item = Option<&str>> {
    list.iter().map(|value| value["name"].as_str())
}

/// A list whose values all have names, by those, sorted.
fn by_name(list: &[Value]) -> Option<Map<String, Value>> {
    let named: Option<BTreeMap<String, Value>> =
        list.iter().map(|value| Some((value.get("name")?.as_str()?.to_owned(), value.clone()))).collect();
    named.filter(|named| named.len() == list.len()).map(|named| named.into_iter().collect())
}

/// A place in words: a field of the document by its path, with what of it; anything else by all members on the way.
fn shown(place: &[String]) -> String {
    let mut path = Vec::new();
    let mut rest = place;
    if let Some((_, below)) = rest.split_first().filter(|(first, _)| *first == "root") {
        rest = below;
        while let [fields, name, below @ ..] = rest
            && fields == "fields"
        {
            path.push(name.as_str());
            rest = below;
            if let [child, below @ ..] = rest
                && child == "child"
                && below.first().is_some_and(|next| next == "fields")
            {
                rest = below;
            }
        }
    }
    let rest = if path.is_empty() { place } else { rest };
    [path.join("."), rest.join(".")].iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
}

fn brief(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() > 60 { format!("{}...", text.chars().take(57).collect::<String>()) } else { text }
}

#[cfg(test)]
mod tests {
    use super::name_differences;
    use serde_json::{Value, json};

    fn said(was: &Value, is: &Value) -> Vec<String> {
        name_differences(&was.to_string(), &is.to_string())
    }

    #[test]
    fn fields_of_the_mapping_come_first_and_by_path() {
        let field = |name: &str, ty: &str| json!({ "name": name, "value": { "column": name, "type": ty } });
        let was = json!({
            "index": "books",
            "mappings": { "properties": {
                "title": { "type": "text" },
                "price": { "type": "float" },
                "note": { "type": "text" },
                "author": { "properties": { "name": { "type": "keyword", "ignore_above": 256 } } },
            } },
            "root": { "fields": [field("title", "text"), field("price", "real"), field("note", "text")] },
            "settings": { "index": { "number_of_shards": 1 } },
        });
        let is = json!({
            "index": "books",
            "mappings": { "dynamic": false, "properties": {
                "title": { "type": "text", "fields": { "keyword": { "type": "keyword" } } },
                "price": { "type": "scaled_float", "scaling_factor": 100 },
                "author": { "type": "nested", "properties": { "name": { "type": "keyword", "ignore_above": 100 } } },
            } },
            "root": { "fields": [field("title", "text"), field("price", "numeric(5,2)")] },
            "settings": { "index": { "number_of_shards": 2 } },
        });
        assert_eq!(
            said(&was, &is),
            [
                "~ author: object -> nested",
                "~ author.name ignore_above: 256 -> 100",
                "- note: text",
                "~ price: float -> scaled_float",
                "+ title.keyword: keyword",
                "+ mappings.dynamic: false",
                "~ price value.type: real -> numeric(5,2)",
                "~ settings.index.number_of_shards: 1 -> 2",
            ]
        );
        assert_eq!(said(&was, &was), [""; 0]);
    }

    #[test]
    fn what_is_read_is_named_where_the_mapping_is_the_same() {
        let name = |rewrite: Option<&str>| {
            let mut field = json!({ "name": "name", "value": { "column": "name", "type": "text" } });
            if let Some(rewrite) = rewrite {
                field["rewrite"] = json!(rewrite);
            }
            field
        };
        let author =
            |fields: Value| json!({ "root": { "fields": [{ "name": "author", "child": { "fields": fields } }] } });
        let id = json!({ "name": "id", "value": { "column": "id", "type": "integer" } });
        assert_eq!(
            said(&author(json!([id, name(None)])), &author(json!([id, name(Some("x"))]))),
            ["+ author.name rewrite: x"]
        );
        assert_eq!(
            said(&author(json!([id, name(None)])), &author(json!([name(None), id]))),
            ["~ author fields: in another order"]
        );
        let whole = json!({ "root": { "order": [1, 2], "where": "a" } });
        assert_eq!(said(&whole, &json!({ "root": { "order": [1] } })), ["- root.order.1: 2", "- root.where: a"]);
    }

    #[test]
    fn there_are_never_more_than_ten() {
        let mapping = |fields: usize| {
            let fields = (0..fields).map(|at| (format!("f{at:02}"), json!({ "type": "long" })));
            json!({ "mappings": { "properties": fields.collect::<serde_json::Map<_, _>>() } })
        };
        let found = said(&mapping(0), &mapping(25));
        assert_eq!((found.len(), found[0].as_str(), found[10].as_str()), (11, "+ f00: long", "and 15 more"));
        assert_eq!(said(&mapping(0), &mapping(10)).len(), 10);
    }
}
