//! What an index and the database say of the documents, side by side. In: an engine, queries. Out: documents by index and
//! `_id`, what differs between two such lists, and the text of the golden.

use super::case::Case;
use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::json::{Exact, exact};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tokio_postgres::Client;

/// Documents by index and `_id`.
pub(super) type Documents = BTreeMap<String, BTreeMap<String, Exact>>;

/// What each index of a case is called on the engine: runs on several databases must not meet.
pub(super) fn index_on(tag: &str, index: &str) -> String {
    format!("{tag}_{index}")
}

/// What the indexes hold.
pub(super) async fn indexed(case: &Case, engine: &str, tag: &str) -> Documents {
    let mut found = Documents::new();
    for (index, _) in &case.oracles {
        let name = index_on(tag, index);
        found.insert(index.clone(), documents(engine, &name).await);
        if let Some(field) = routing(case, index) {
            kept_by(engine, &name, &field).await;
        }
    }
    found
}

/// The field by which the documents of an index are kept.
fn routing(case: &Case, index: &str) -> Option<String> {
    let schema: Value = serde_json::from_str(&case.schema).unwrap();
    let document = schema.as_array()?.iter().find(|document| document["index"] == index)?;
    document["routing"].as_str().map(str::to_owned)
}

/// Each document of an index says by what it is kept.
async fn kept_by(engine: &str, name: &str, field: &str) {
    let body = json!({ "size": 10_000, "_source": [field] });
    let (status, found) = request(engine, Method::POST, &format!("/{name}/_search"), Some(&body)).await;
    assert_eq!(status, 200, "{found}");
    for hit in found["hits"]["hits"].as_array().unwrap() {
        let by = match &hit["_source"][field] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        assert_eq!(hit["_routing"].as_str().unwrap_or_default(), by, "{name}: {hit}");
    }
}

/// How a session writes the values that queries of cases turn into texts.
pub(super) const WRITTEN: &str = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres';
                                  SET extra_float_digits = 3; SET bytea_output = 'hex'";

/// What they should hold, by queries.
pub(super) async fn wanted(oracles: &[(String, String)], client: &Client) -> Documents {
    let mut found = Documents::new();
    for (index, query) in oracles {
        let rows = client.query(query.as_str(), &[]).await;
        let rows = rows.unwrap_or_else(|error| panic!("the query of {index}: {error:?}"));
        let mut documents = BTreeMap::new();
        for row in &rows {
            let id: String = row.get(0);
            let document: String = row.get(1);
            assert!(documents.insert(id.clone(), exact(&document)).is_none(), "{index}: {id} twice in the oracle");
        }
        found.insert(index.clone(), documents);
    }
    found
}

/// The first documents that differ.
pub(super) fn differences(found: &Documents, wanted: &Documents) -> Vec<String> {
    let mut said = Vec::new();
    for (index, wanted) in wanted {
        let found = &found[index];
        let ids = found.keys().chain(wanted.keys().filter(|id| !found.contains_key(*id)));
        for id in ids.filter(|id| found.get(*id) != wanted.get(*id)) {
            let text = |of: Option<&Exact>| {
                of.map_or_else(|| "nothing".to_owned(), |of| of.text().chars().take(3000).collect())
            };
            said.push(format!(
                "{index} {id}:\n  index    {}\n  database {}",
                text(found.get(id)),
                text(wanted.get(id))
            ));
        }
    }
    said.truncate(5);
    said
}

/// The golden of the documents: a line each, so that a difference is a line.
pub(super) fn golden(documents: &Documents) -> String {
    let mut out = String::from("{");
    for (position, (index, documents)) in documents.iter().enumerate() {
        let comma = if position > 0 { "," } else { "" };
        out.push_str(&format!("{comma}\n  {}: {{", json!(index)));
        for (position, (id, document)) in documents.iter().enumerate() {
            let comma = if position > 0 { "," } else { "" };
            out.push_str(&format!("{comma}\n    {}: {}", json!(id), document.text()));
        }
        out.push_str("\n  }");
    }
    out + "\n}\n"
}

/// Ingest pipelines of a case, which the engine has to have before a document comes.
pub(super) async fn install(case: &Case, engine: &str) {
    for (name, body) in &case.pipelines {
        let path = format!("/_ingest/pipeline/{name}");
        let (status, said) = request(engine, Method::PUT, &path, Some(body)).await;
        assert_eq!(status, 200, "{}: {said}", case.name);
    }
}

/// Removes what an earlier run left.
pub(super) async fn remove(case: &Case, engine: &str, tag: &str) {
    for (index, _) in &case.oracles {
        let alias = index_on(tag, index);
        // A generation that was never complete has no alias.
        let path = format!(
            "/{alias},{alias}-*?ignore_unavailable=true&allow_no_indices=true&filter_path=*.settings.index.uuid"
        );
        let (_, found) = request(engine, Method::GET, &path, None).await;
        for index in found.as_object().into_iter().flat_map(|found| found.keys()) {
            let (status, said) = request(engine, Method::DELETE, &format!("/{index}"), None).await;
            assert!(status == 200 || status == 404, "{index} cannot be removed: {said}");
        }
    }
}
