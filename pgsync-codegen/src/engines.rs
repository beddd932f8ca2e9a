//! Which engine knows which word of a mapping, and from which version on. In: a type of a field or a parameter. Out: the
//! versions that have it; for a whole mapping, the words that not every supported engine has. It refuses nothing itself.
//!
//! Facts are those of the manuals: Elasticsearch, "Field data types" and "Mapping parameters" with the page of each type and its
//! `applies_to`, and the release notes of 7 and 8; OpenSearch, "Supported field types" ("Introduced") and "Mapping parameters". A
//! preview counts. Where a manual leaves the minor version open, the earlier one stands here: what is too much is refused by the
//! engine itself. Types of the plugins that the projects ship count as being there.

use pgsync_plan::{EngineFamily, EngineNeed, EngineRange, MappingWord};
use serde_json::{Map, Value};

/// Versions that have a word.
type Versions = &'static [EngineRange];

const fn elasticsearch(major: u32, minor: u32) -> EngineRange {
    EngineRange { family: EngineFamily::Elasticsearch, from: (major, minor), before: None }
}

const fn opensearch(major: u32, minor: u32) -> EngineRange {
    EngineRange { family: EngineFamily::OpenSearch, from: (major, minor), before: None }
}

/// Every version of Elasticsearch before this one.
const fn elasticsearch_before(major: u32, minor: u32) -> EngineRange {
    EngineRange { family: EngineFamily::Elasticsearch, from: (7, 0), before: Some((major, minor)) }
}

const EVERYWHERE: Versions = &[elasticsearch(7, 0), opensearch(1, 0)];
const ELASTICSEARCH: Versions = &[elasticsearch(7, 0)];
const OPENSEARCH: Versions = &[opensearch(1, 0)];

/// Types of fields.
const TYPES: &[(&str, Versions)] = &[
    ("aggregate_metric_double", &[elasticsearch(7, 11)]),
    ("alias", EVERYWHERE),
    ("annotated_text", EVERYWHERE),
    ("binary", EVERYWHERE),
    ("boolean", EVERYWHERE),
    ("byte", EVERYWHERE),
    ("completion", EVERYWHERE),
    ("constant_keyword", &[elasticsearch(7, 7), opensearch(2, 14)]),
    ("counted_keyword", &[elasticsearch(8, 13)]),
    ("date", EVERYWHERE),
    ("date_nanos", EVERYWHERE),
    ("date_range", EVERYWHERE),
    ("dense_vector", ELASTICSEARCH),
    ("double", EVERYWHERE),
    ("double_range", EVERYWHERE),
    ("exponential_histogram", &[elasticsearch(9, 3)]),
    ("flat_object", &[opensearch(2, 7)]),
    ("flattened", &[elasticsearch(7, 3)]),
    ("float", EVERYWHERE),
    ("float_range", EVERYWHERE),
    ("geo_point", EVERYWHERE),
    ("geo_shape", EVERYWHERE),
    ("half_float", EVERYWHERE),
    ("histogram", &[elasticsearch(7, 6)]),
    ("icu_collation_keyword", EVERYWHERE),
    ("integer", EVERYWHERE),
    ("integer_range", EVERYWHERE),
    ("ip", EVERYWHERE),
    ("ip_range", EVERYWHERE),
    ("join", EVERYWHERE),
    ("keyword", EVERYWHERE),
    ("knn_vector", OPENSEARCH),
    ("long", EVERYWHERE),
    ("long_range", EVERYWHERE),
    ("match_only_text", &[elasticsearch(7, 14), opensearch(2, 12)]),
    ("murmur3", EVERYWHERE),
    ("nested", EVERYWHERE),
    ("object", EVERYWHERE),
    ("passthrough", &[elasticsearch(8, 13)]),
    ("pattern_text", &[elasticsearch(9, 2)]),
    ("percolator", EVERYWHERE),
    ("point", &[elasticsearch(7, 8)]),
    ("rank_feature", EVERYWHERE),
    ("rank_features", EVERYWHERE),
    ("rank_vectors", &[elasticsearch(8, 18)]),
    ("scaled_float", EVERYWHERE),
    ("search_as_you_type", &[elasticsearch(7, 2), opensearch(1, 0)]),
    ("semantic", &[elasticsearch(9, 5), opensearch(3, 1)]),
    ("semantic_text", &[elasticsearch(8, 15)]),
    ("shape", &[elasticsearch(7, 4)]),
    ("short", EVERYWHERE),
    // It was taken out and came back.
    ("sparse_vector", &[elasticsearch_before(8, 0), elasticsearch(8, 11), opensearch(3, 3)]),
    ("tdigest", &[elasticsearch(9, 3)]),
    ("text", EVERYWHERE),
    ("token_count", EVERYWHERE),
    ("unsigned_long", &[elasticsearch(7, 10), opensearch(2, 8)]),
    ("version", &[elasticsearch(7, 10), opensearch(3, 2)]),
    ("wildcard", &[elasticsearch(7, 9), opensearch(2, 15)]),
    ("xy_point", &[opensearch(2, 4)]),
    ("xy_shape", &[opensearch(2, 4)]),
];

/// Parameters of those types.
const PARAMETERS: &[(&str, Versions)] = &[
    ("analyzer", EVERYWHERE),
    ("boost", &[elasticsearch_before(8, 0), opensearch(1, 0)]),
    ("chunking", &[opensearch(3, 1)]),
    ("chunking_settings", &[elasticsearch(8, 18)]),
    ("coerce", EVERYWHERE),
    ("compression", &[elasticsearch(9, 3)]),
    ("compression_level", &[opensearch(2, 17)]),
    ("contexts", EVERYWHERE),
    ("copy_to", EVERYWHERE),
    ("data_type", &[opensearch(2, 9)]),
    ("default_metric", &[elasticsearch(7, 11)]),
    ("dense_embedding_config", &[opensearch(3, 1)]),
    ("depth_limit", &[elasticsearch(7, 3)]),
    ("digest_type", &[elasticsearch(9, 3)]),
    ("dimension", OPENSEARCH),
    ("dims", ELASTICSEARCH),
    ("disable_objects", &[opensearch(3, 0)]),
    ("doc_values", EVERYWHERE),
    ("dynamic", EVERYWHERE),
    ("eager_global_ordinals", EVERYWHERE),
    ("element_type", &[elasticsearch(8, 6)]),
    ("enable_position_increments", EVERYWHERE),
    ("enabled", EVERYWHERE),
    ("fielddata", EVERYWHERE),
    ("fielddata_frequency_filter", EVERYWHERE),
    ("fields", EVERYWHERE),
    ("format", EVERYWHERE),
    ("ignore_above", EVERYWHERE),
    ("ignore_malformed", EVERYWHERE),
    ("ignore_z_value", EVERYWHERE),
    ("include_in_parent", EVERYWHERE),
    ("include_in_root", EVERYWHERE),
    ("index", EVERYWHERE),
    ("index_options", EVERYWHERE),
    ("index_phrases", EVERYWHERE),
    ("index_prefixes", EVERYWHERE),
    ("inference_id", &[elasticsearch(8, 15)]),
    ("locale", EVERYWHERE),
    ("max_input_length", EVERYWHERE),
    ("max_shingle_size", &[elasticsearch(7, 2), opensearch(1, 0)]),
    ("meta", &[elasticsearch(7, 6), opensearch(1, 0)]),
    ("method", OPENSEARCH),
    ("metrics", &[elasticsearch(7, 11)]),
    ("mode", &[opensearch(2, 17)]),
    ("model_id", OPENSEARCH),
    ("normalizer", EVERYWHERE),
    ("norms", EVERYWHERE),
    ("null_value", EVERYWHERE),
    ("on_script_error", &[elasticsearch(7, 13)]),
    ("orientation", EVERYWHERE),
    ("path", EVERYWHERE),
    ("position_increment_gap", EVERYWHERE),
    ("positive_score_impact", EVERYWHERE),
    ("preserve_position_increments", EVERYWHERE),
    ("preserve_separators", EVERYWHERE),
    ("priority", &[elasticsearch(8, 13)]),
    ("properties", EVERYWHERE),
    ("raw_field_type", &[opensearch(3, 1)]),
    ("relations", EVERYWHERE),
    ("scaling_factor", EVERYWHERE),
    ("script", &[elasticsearch(7, 13)]),
    ("search_analyzer", EVERYWHERE),
    ("search_inference_id", &[elasticsearch(8, 16)]),
    ("search_model_id", &[opensearch(3, 1)]),
    ("search_quote_analyzer", EVERYWHERE),
    ("semantic_field_search_analyzer", &[opensearch(3, 1)]),
    ("semantic_info_field_name", &[opensearch(3, 1)]),
    ("similarity", EVERYWHERE),
    ("skip_existing_embedding", &[opensearch(3, 1)]),
    ("space_type", &[opensearch(2, 17)]),
    ("sparse_encoding_config", &[opensearch(3, 1)]),
    ("split_queries_on_whitespace", EVERYWHERE),
    ("store", EVERYWHERE),
    ("strategy", EVERYWHERE),
    ("subobjects", &[elasticsearch(8, 3)]),
    ("synthetic_source_keep", &[elasticsearch(8, 15)]),
    ("term_vector", EVERYWHERE),
    ("time_series_dimension", &[elasticsearch(7, 16)]),
    ("time_series_dimensions", &[elasticsearch(8, 8)]),
    ("time_series_metric", &[elasticsearch(7, 16)]),
    ("type", EVERYWHERE),
    ("value", &[elasticsearch(7, 7), opensearch(2, 14)]),
];

/// Whether some engine has a type.
pub(crate) fn is_type(name: &str) -> bool {
    versions(TYPES, name).is_some()
}

/// Whether some engine has a parameter.
pub(crate) fn is_parameter(name: &str) -> bool {
    versions(PARAMETERS, name).is_some()
}

/// The names of all types.
pub(crate) fn types() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|(name, _)| *name)
}

/// The names of all parameters.
pub(crate) fn parameters() -> impl Iterator<Item = &'static str> {
    PARAMETERS.iter().map(|(name, _)| *name)
}

fn versions(table: &[(&str, Versions)], name: &str) -> Option<Versions> {
    table.binary_search_by_key(&name, |(known, _)| known).ok().map(|position| table[position].1)
}

/// What of `mappings` not every supported engine has. Words that no engine has are not looked at: a plugin may have them.
pub(crate) fn needs(mappings: &Value) -> Vec<EngineNeed> {
    let mut found = Vec::new();
    let templates = mappings["dynamic_templates"].as_array().into_iter().flatten();
    for (name, template) in templates.filter_map(Value::as_object).flatten() {
        if let Value::Object(mapping) = &template["mapping"] {
            field(template["path_match"].as_str().unwrap_or(name), mapping, &mut found);
        }
    }
    if let Value::Object(properties) = &mappings["properties"] {
        below("", properties, &mut found);
    }
    found
}

fn below(above: &str, fields: &Map<String, Value>, found: &mut Vec<EngineNeed>) {
    for (name, mapping) in fields {
        if let Value::Object(mapping) = mapping {
            field(&format!("{above}{name}"), mapping, found);
        }
    }
}

fn field(path: &str, mapping: &Map<String, Value>, found: &mut Vec<EngineNeed>) {
    let mut need = |word: MappingWord, has: Option<Versions>| {
        let Some(has) = has else { return };
        let everywhere = EngineFamily::ALL
            .iter()
            .all(|family| has.iter().any(|range| range.family == *family && range.is_whole_family()));
        if !everywhere {
            found.push(EngineNeed { field: path.to_owned(), word, has: has.to_vec() });
        }
    };
    let ty = mapping.get("type").and_then(Value::as_str);
    let has_type = ty.and_then(|ty| versions(TYPES, ty));
    if let Some(ty) = ty {
        need(MappingWord::Type(ty.to_owned()), has_type);
    }
    for name in mapping.keys() {
        // A parameter that its type brings is said with the type.
        let has = versions(PARAMETERS, name).filter(|has| Some(*has) != has_type);
        need(MappingWord::Parameter(name.clone()), has);
    }
    for part in ["fields", "properties"] {
        if let Some(Value::Object(fields)) = mapping.get(part) {
            below(&format!("{path}."), fields, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_tables_are_in_order_and_name_supported_versions() {
        for table in [TYPES, PARAMETERS] {
            assert!(table.windows(2).all(|pair| pair[0].0 < pair[1].0), "sort the table by name");
            for (name, has) in table {
                assert!(!has.is_empty(), "{name}");
                for range in *has {
                    let (first, last) = range.family.supported();
                    assert!((first..=last).contains(&range.from.0), "{name}: {range}");
                }
            }
        }
    }

    #[test]
    fn what_not_every_engine_has_is_found_by_path() {
        let mappings = json!({
            "dynamic_templates": [{ "own": { "match": "x*", "mapping": { "type": "flattened" } } }],
            "properties": {
                "title": { "type": "text", "fields": { "w": { "type": "wildcard", "ignore_above": 9 } } },
                "author": { "properties": { "code": { "type": "constant_keyword", "value": "a" } } },
                "own": { "type": "of_a_plugin", "its": 1 },
                "amount": { "type": "double", "boost": 2 },
            },
        });
        let found: Vec<String> = needs(&mappings).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "`own`: the type `flattened` is in Elasticsearch from 7.3",
                "`title.w`: the type `wildcard` is in Elasticsearch from 7.9, OpenSearch from 2.15",
                "`author.code`: the type `constant_keyword` is in Elasticsearch from 7.7, OpenSearch from 2.14",
                "`amount`: the parameter `boost` is in Elasticsearch before 8.0, OpenSearch",
            ]
        );
    }
}
