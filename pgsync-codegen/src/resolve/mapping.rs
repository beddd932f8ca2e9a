//! What a field may be indexed as, by `transform.mapping`. In: the mapping of one field. Out: nothing, or the word that no
//! engine knows, with the nearest that one does. A document's own `mapping` is passed on as it is.

use super::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use serde_json::Value;

/// Field types of Elasticsearch 7 to 9 and OpenSearch 1 to 3 (manuals, "Field data types" and "Supported field types").
const TYPES: &[&str] = &[
    "aggregate_metric_double",
    "alias",
    "annotated_text",
    "binary",
    "boolean",
    "byte",
    "completion",
    "constant_keyword",
    "date",
    "date_nanos",
    "date_range",
    "dense_vector",
    "double",
    "double_range",
    "flat_object",
    "flattened",
    "float",
    "float_range",
    "geo_point",
    "geo_shape",
    "half_float",
    "histogram",
    "icu_collation_keyword",
    "integer",
    "integer_range",
    "ip",
    "ip_range",
    "join",
    "keyword",
    "knn_vector",
    "long",
    "long_range",
    "match_only_text",
    "murmur3",
    "nested",
    "object",
    "percolator",
    "point",
    "rank_feature",
    "rank_features",
    "rank_vectors",
    "scaled_float",
    "search_as_you_type",
    "semantic_text",
    "shape",
    "short",
    "sparse_vector",
    "text",
    "token_count",
    "unsigned_long",
    "version",
    "wildcard",
    "xy_point",
    "xy_shape",
];

/// Parameters of those types (manuals, "Mapping parameters", and the page of each type).
const PARAMETERS: &[&str] = &[
    "analyzer",
    "boost",
    "coerce",
    "contexts",
    "copy_to",
    "data_type",
    "depth_limit",
    "dimension",
    "dims",
    "doc_values",
    "dynamic",
    "eager_global_ordinals",
    "element_type",
    "enable_position_increments",
    "enabled",
    "fielddata",
    "fielddata_frequency_filter",
    "fields",
    "format",
    "ignore_above",
    "ignore_malformed",
    "ignore_z_value",
    "include_in_parent",
    "include_in_root",
    "index",
    "index_options",
    "index_phrases",
    "index_prefixes",
    "inference_id",
    "locale",
    "max_input_length",
    "max_shingle_size",
    "meta",
    "method",
    "mode",
    "model_id",
    "normalizer",
    "norms",
    "null_value",
    "on_script_error",
    "orientation",
    "path",
    "position_increment_gap",
    "positive_score_impact",
    "preserve_position_increments",
    "preserve_separators",
    "properties",
    "relations",
    "scaling_factor",
    "script",
    "search_analyzer",
    "search_inference_id",
    "search_quote_analyzer",
    "similarity",
    "space_type",
    "split_queries_on_whitespace",
    "store",
    "strategy",
    "subobjects",
    "synthetic_source_keep",
    "term_vector",
    "time_series_dimension",
    "time_series_metric",
    "type",
    "value",
];

impl Resolver<'_> {
    /// Names what no engine knows.
    pub(super) fn known_mapping(&mut self, name: &Spanned<String>, mapping: &Spanned<Value>) {
        let Value::Object(members) = &mapping.value else { return };
        for parameter in members.keys().filter(|parameter| !PARAMETERS.contains(&parameter.as_str())) {
            self.unknown(mapping.span, &format!("`{parameter}` is no parameter of a mapping"), parameter, PARAMETERS);
        }
        match members.get("type") {
            Some(Value::String(ty)) if TYPES.contains(&ty.as_str()) => {}
            Some(ty) => {
                let written = ty.as_str().map_or_else(|| ty.to_string(), str::to_owned);
                self.unknown(mapping.span, &format!("`{written}` is no type of a field"), &written, TYPES);
            }
            None if members.contains_key("properties") || members.contains_key("enabled") => {}
            None => self.push(
                Diagnostic::new(Code::Missing, mapping.span, format!("the mapping of `{}` has no `type`", name.value))
                    .help("write what the field is indexed as: \"type\": \"keyword\""),
            ),
        }
    }

    fn unknown(&mut self, span: Span, what: &str, written: &str, known: &[&'static str]) {
        self.push(
            Diagnostic::new(Code::WrongValue, span, what)
                .help("`mapping` of the document is passed on as it is, whatever it names")
                .suggest(written, known.iter().copied()),
        );
    }
}
