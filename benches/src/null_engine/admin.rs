//! Everything but bulk requests. In: method, path, body. Out: status and JSON. Indexes, aliases and single documents are
//! remembered, as few as there are of them.

use axum::http::Method;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

/// The indexes there are.
#[derive(Default)]
pub(super) struct Indexes {
    indexes: BTreeMap<String, Index>,
    made: u64,
}

struct Index {
    aliases: Map<String, Value>,
    mappings: Value,
    settings: Value,
    documents: HashMap<String, Document>,
    written: u64,
}

struct Document {
    source: Value,
    sequence: u64,
    version: u64,
}

type Answer = (u16, Value);

fn failure(status: u16, kind: &str, reason: &str) -> Answer {
    (status, json!({ "status": status, "error": { "type": kind, "reason": reason } }))
}

fn no_index(name: &str) -> Answer {
    failure(404, "index_not_found_exception", &format!("no such index [{name}]"))
}

impl Indexes {
    /// Whether the name is an alias.
    pub(super) fn is_alias(&self, name: &str) -> bool {
        self.indexes.values().any(|index| index.aliases.contains_key(name))
    }

    fn physical(&self, name: &str) -> Option<&str> {
        let found = self.indexes.iter().find(|(physical, index)| *physical == name || index.aliases.contains_key(name));
        found.map(|(physical, _)| physical.as_str())
    }

    /// Carries out a request.
    pub(super) fn answer(&mut self, method: &Method, path: &str, query: &str, body: Value) -> Answer {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (method.as_str(), parts.as_slice()) {
            (_, [""]) => (200, banner()),
            ("POST", ["_aliases"]) => self.move_aliases(&body),
            (_, ["_search", "scroll"]) => (200, no_hits()),
            ("GET" | "POST", [.., "_search"]) => (200, no_hits()),
            (_, [.., "_refresh"]) => (200, json!({ "_shards": { "total": 1, "successful": 1, "failed": 0 } })),
            (_, [index, "_doc", id]) => self.document(method, index, id, query, body),
            ("GET" | "HEAD", [names]) => self.show(names, query),
            ("GET", [names, "_settings" | "_mapping" | "_alias", ..]) => self.show(names, query),
            ("PUT", [name]) => self.create(name, &body),
            ("DELETE", [name]) => match self.indexes.remove(*name) {
                Some(_) => (200, json!({ "acknowledged": true })),
                None => no_index(name),
            },
            _ => failure(400, "illegal_argument_exception", &format!("no handler for {method} {path}")),
        }
    }

    fn show(&self, names: &str, query: &str) -> Answer {
        let mut found = Map::new();
        for name in names.split(',') {
            let before = found.len();
            for (physical, index) in &self.indexes {
                let matches = match name.strip_suffix('*') {
                    Some(start) => physical.starts_with(start),
                    None => physical == name || index.aliases.contains_key(name),
                };
                if matches {
                    let shown =
                        json!({ "aliases": index.aliases, "mappings": index.mappings, "settings": index.settings });
                    found.insert(physical.clone(), shown);
                }
            }
            if found.len() == before && !name.ends_with('*') && !query.contains("ignore_unavailable=true") {
                return no_index(name);
            }
        }
        (200, Value::Object(found))
    }

    fn create(&mut self, name: &str, body: &Value) -> Answer {
        if self.indexes.contains_key(name) {
            return failure(400, "resource_already_exists_exception", &format!("index [{name}] already exists"));
        }
        self.made += 1;
        let mut settings =
            body["settings"]["index"].as_object().or(body["settings"].as_object()).cloned().unwrap_or_default();
        let uuid = format!("null-{}-{}", self.made, super::now());
        for (key, value) in [("uuid", uuid.as_str()), ("provided_name", name), ("number_of_shards", "1")] {
            settings.insert(key.to_owned(), json!(value));
        }
        let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
        let index = Index {
            aliases: object(&body["aliases"]),
            mappings: Value::Object(object(&body["mappings"])),
            settings: json!({ "index": settings }),
            documents: HashMap::new(),
            written: 0,
        };
        self.indexes.insert(name.to_owned(), index);
        (200, json!({ "acknowledged": true, "shards_acknowledged": true, "index": name }))
    }

    fn move_aliases(&mut self, body: &Value) -> Answer {
        for action in body["actions"].as_array().into_iter().flatten() {
            for (verb, add) in [("add", true), ("remove", false)] {
                let (Some(index), Some(alias)) = (action[verb]["index"].as_str(), action[verb]["alias"].as_str())
                else {
                    continue;
                };
                let Some(found) = self.indexes.get_mut(index) else { return no_index(index) };
                if add {
                    found.aliases.insert(alias.to_owned(), json!({}));
                } else {
                    found.aliases.remove(alias);
                }
            }
        }
        (200, json!({ "acknowledged": true }))
    }

    fn document(&mut self, method: &Method, name: &str, id: &str, query: &str, body: Value) -> Answer {
        let Some(physical) = self.physical(name).map(str::to_owned) else { return no_index(name) };
        let Some(index) = self.indexes.get_mut(&physical) else { return no_index(name) };
        let known = index.documents.get(id);
        let shown = |document: &Document| {
            json!({ "_index": physical, "_id": id, "_version": document.version, "_seq_no": document.sequence,
                "_primary_term": 1, "found": true, "_source": document.source })
        };
        match method.as_str() {
            "GET" => match known {
                Some(document) => (200, shown(document)),
                None => (404, json!({ "_index": physical, "_id": id, "found": false })),
            },
            "DELETE" => match index.documents.remove(id) {
                Some(_) => (200, json!({ "_index": physical, "_id": id, "result": "deleted" })),
                None => (404, json!({ "_index": physical, "_id": id, "result": "not_found" })),
            },
            _ => {
                let expected = query.split('&').find_map(|pair| pair.strip_prefix("if_seq_no=")?.parse::<u64>().ok());
                let conflict = match (expected, known) {
                    (Some(expected), Some(document)) => expected != document.sequence,
                    (Some(_), None) => true,
                    (None, known) => query.contains("op_type=create") && known.is_some(),
                };
                if conflict {
                    return failure(409, "version_conflict_engine_exception", &format!("[{id}]: version conflict"));
                }
                let version = known.map_or(1, |document| document.version + 1);
                let document = Document { source: body, sequence: index.written, version };
                index.written += 1;
                let mut answer = shown(&document);
                answer["result"] = json!(if version == 1 { "created" } else { "updated" });
                index.documents.insert(id.to_owned(), document);
                (if version == 1 { 201 } else { 200 }, answer)
            }
        }
    }
}

fn banner() -> Value {
    json!({
        "name": "null", "cluster_name": "null", "cluster_uuid": "null",
        "version": { "distribution": "opensearch", "number": "2.19.6", "build_type": "tar", "lucene_version": "9.12.1",
            "minimum_wire_compatibility_version": "7.10.0", "minimum_index_compatibility_version": "7.0.0" },
        "tagline": "The OpenSearch Project: https://opensearch.org/",
    })
}

fn no_hits() -> Value {
    json!({
        "took": 0, "timed_out": false, "_scroll_id": "null", "num_freed": 0, "succeeded": true,
        "_shards": { "total": 1, "successful": 1, "skipped": 0, "failed": 0 },
        "hits": { "total": { "value": 0, "relation": "eq" }, "max_score": null, "hits": [] },
    })
}
