//! The engine's limit on the number of fields of an index. In: settings and mappings. Out: the limit raised where the
//! mapping alone would pass it: a table of many columns is no mistake, and an index that is refused after slot and
//! publication were made is one.

use serde_json::{Map, Value, json};

/// What engines take unless they are told otherwise, and what is left free for fields that come with the documents.
const USUAL: usize = 1000;

/// Raises `index.mapping.total_fields.limit`, unless the user's `setting` says something of it.
pub(super) fn raise(settings: &mut Value, mappings: &Value) {
    let fields = mappings.as_object().map_or(0, count);
    let Some(settings) = settings.as_object_mut() else { return };
    if fields + USUAL / 10 <= USUAL || settings.values().any(says) {
        return;
    }
    let index = settings.entry("index").or_insert_with(|| json!({}));
    if let Value::Object(index) = index {
        // In whole thousands, so that a few columns more are no other index.
        let limit = (fields / USUAL + 2) * USUAL;
        index.insert("mapping.total_fields.limit".to_owned(), json!(limit));
    }
}

/// Objects, fields and their sub-fields; a template may become a field.
fn count(mapping: &Map<String, Value>) -> usize {
    let below = |member: &str| {
        let of = mapping.get(member).and_then(Value::as_object);
        of.map_or(0, |of| of.values().map(|field| 1 + field.as_object().map_or(0, count)).sum())
    };
    let templates = mapping.get("dynamic_templates").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let of_templates = templates
        .iter()
        .filter_map(Value::as_object)
        .flat_map(Map::values)
        .map(|template| 1 + template.get("mapping").and_then(Value::as_object).map_or(0, count));
    below("properties") + below("fields") + of_templates.sum::<usize>()
}

/// Whether a setting speaks of the limit, nested or with dots.
fn says(setting: &Value) -> bool {
    let Value::Object(setting) = setting else { return false };
    setting.iter().any(|(name, value)| name.contains("total_fields") || says(value))
}

#[cfg(test)]
mod tests {
    use super::raise;
    use serde_json::{Map, Value, json};

    fn raised(fields: usize, mut settings: Value) -> Value {
        let field = json!({ "type": "text", "fields": { "keyword": { "type": "keyword" } } });
        let properties: Map<String, Value> = (0..fields).map(|n| (format!("f{n}"), field.clone())).collect();
        raise(&mut settings, &json!({ "properties": { "o": { "properties": properties } } }));
        settings
    }

    #[test]
    fn the_limit_is_raised_where_the_mapping_needs_it_and_nobody_says_otherwise() {
        assert_eq!(raised(449, json!({})), json!({}));
        assert_eq!(raised(500, json!({})), json!({ "index": { "mapping.total_fields.limit": 3000 } }));
        let said = json!({ "index": { "mapping": { "total_fields": { "limit": 5000 } } } });
        assert_eq!(raised(600, said.clone()), said);
    }
}
