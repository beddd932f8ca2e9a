//! What an index holds, asked of the engine itself.

use super::engine::{client, request};
use super::json::{Exact, exact};
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeMap;

/// Every document behind a name, by `_id`, with exact numbers.
pub async fn documents(engine: &str, name: &str) -> BTreeMap<String, Exact> {
    #[derive(serde::Deserialize)]
    struct Answer<'a> {
        _scroll_id: String,
        #[serde(borrow)]
        hits: Hits<'a>,
    }
    #[derive(serde::Deserialize)]
    struct Hits<'a> {
        #[serde(borrow)]
        hits: Vec<Hit<'a>>,
    }
    #[derive(serde::Deserialize)]
    struct Hit<'a> {
        _id: String,
        _routing: Option<String>,
        #[serde(borrow)]
        _source: &'a serde_json::value::RawValue,
    }
    request(engine, Method::POST, &format!("/{name}/_refresh"), None).await;
    let first = json!({ "size": 10_000, "sort": ["_doc"], "query": { "match_all": {} } });
    let (mut path, mut body) = (format!("/{name}/_search?scroll=1m"), first);
    let mut found = BTreeMap::new();
    loop {
        let (status, text) = raw(engine, &path, &body.to_string()).await;
        assert_eq!(status, 200, "{text}");
        let answer: Answer<'_> = serde_json::from_str(&text).unwrap();
        let before = found.len();
        for hit in answer.hits.hits {
            // Shards do not know of each other's documents.
            let again = found.contains_key(&hit._id).then(|| format!("{} once more, by {:?}", hit._id, hit._routing));
            found.insert(again.unwrap_or(hit._id), exact(hit._source.get()));
        }
        path = "/_search/scroll".to_owned();
        body = json!({ "scroll": "1m", "scroll_id": answer._scroll_id });
        if found.len() < before + 10_000 {
            let ids = json!({ "scroll_id": [answer._scroll_id] });
            request(engine, Method::DELETE, "/_search/scroll", Some(&ids)).await;
            return found;
        }
    }
}

async fn raw(engine: &str, path: &str, body: &str) -> (u16, String) {
    let request = client().post(format!("{engine}{path}")).header("content-type", "application/json");
    let response = request.body(body.to_owned()).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}
