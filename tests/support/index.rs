//! What an index holds, asked of the engine itself.

use super::engine::request;
use super::json::{Exact, exact};
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeMap;

/// Every document behind a name, by `_id`, with exact numbers.
pub async fn documents(engine: &str, name: &str) -> BTreeMap<String, Exact> {
    request(engine, Method::POST, &format!("/{name}/_refresh"), None).await;
    let body = json!({ "size": 10_000, "query": { "match_all": {} } });
    let (status, text) = raw(engine, &format!("/{name}/_search"), &body.to_string()).await;
    assert_eq!(status, 200, "{text}");
    #[derive(serde::Deserialize)]
    struct Answer<'a> {
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
        #[serde(borrow)]
        _source: &'a serde_json::value::RawValue,
    }
    let answer: Answer<'_> = serde_json::from_str(&text).unwrap();
    answer.hits.hits.into_iter().map(|hit| (hit._id, exact(hit._source.get()))).collect()
}

async fn raw(engine: &str, path: &str, body: &str) -> (u16, String) {
    let request = reqwest::Client::new().post(format!("{engine}{path}")).header("content-type", "application/json");
    let response = request.body(body.to_owned()).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}
