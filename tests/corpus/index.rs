//! What an index and the database say of the documents, side by side. In: an engine, queries. Out: documents by index and
//! `_id`, what differs between two such lists, and the text of the golden.

use super::case::Case;
use crate::support::database::Database;
use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::json::{Exact, exact};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

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

/// What they should hold, by the queries of the case.
pub(super) async fn wanted(case: &Case, database: &Database) -> Documents {
    let mut found = Documents::new();
    for (index, query) in &case.oracles {
        let rows = database.client.query(query.as_str(), &[]).await;
        let rows = rows.unwrap_or_else(|error| panic!("{}: the query of {index}: {error:?}", case.name));
        let mut documents = BTreeMap::new();
        for row in &rows {
            let id: String = row.get(0);
            let document: String = row.get(1);
            assert!(
                documents.insert(id.clone(), exact(&document)).is_none(),
                "{}: {id} twice in the oracle",
                case.name
            );
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

/// Removes what an earlier run left.
pub(super) async fn remove(case: &Case, engine: &str, tag: &str) {
    for (index, _) in &case.oracles {
        let alias = index_on(tag, index);
        let (_, found) = request(engine, Method::GET, &format!("/_alias/{alias}"), None).await;
        let physical = found.as_object().into_iter().flat_map(|found| found.keys());
        for index in physical.filter(|index| index.starts_with(&alias)) {
            request(engine, Method::DELETE, &format!("/{index}"), None).await;
        }
    }
}
