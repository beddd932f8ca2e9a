//! Listing what an index holds. In: a generation. Out: every document that is in it from the beginning of the listing to
//! its end, without a limit and without any context that could expire.
//!
//! The documents of a shard are numbered in the order of their writes, and a document that is not written keeps its
//! number. So pages are cut by this number: a document that is listed no more has been written meanwhile, and stands
//! further on. An answer that lacks a shard is no answer.

use super::engine::Engine;
use super::http::segment;
use crate::Version;
use crate::sink::{Listed, Target};
use crate::sink::{Patience, Trouble};
use crate::{Code, Error, ErrorKind, Result};
use pgsync_plan::{ROUTED, ROUTED_FIELD};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Documents of one page: more than an index can have shards, as each of these may have one of the same number.
const PAGE: usize = 2000;

/// A listing in progress of the documents whose version is below another.
#[derive(Debug)]
pub struct Scan {
    pages: Pages,
    version: Version,
}

impl Scan {
    pub(super) async fn open(engine: &Engine, target: &Target, version: Version, patience: Patience) -> Result<Self> {
        let body = json!({ "version": true, "_source": false });
        Ok(Self { pages: Pages::open(engine, &target.physical, body, patience).await?, version })
    }

    /// Lists what holds one of these words in the field of index routes, or does not have the one that every document has.
    pub(super) async fn holding(
        engine: &Engine,
        target: &Target,
        words: &[String],
        patience: Patience,
    ) -> Result<Self> {
        let asked = [
            json!({ "terms": { ROUTED_FIELD: words } }),
            json!({ "bool": { "must_not": { "term": { ROUTED_FIELD: ROUTED } } } }),
        ];
        let body = json!({ "version": true, "_source": false, "query": { "bool": { "should": asked } } });
        let version = Version(u64::MAX);
        Ok(Self { pages: Pages::open(engine, &target.physical, body, patience).await?, version })
    }

    /// Leaves out what is numbered below this.
    pub(super) fn begin_at(&mut self, number: u64) {
        self.pages.number = number;
    }

    /// The next page, which may be empty; `None` at the end.
    ///
    /// # Errors
    /// [`ErrorKind::Reload`] when the index is gone; whatever else there is is waited out.
    pub async fn next(&mut self) -> Result<Option<Vec<Listed>>> {
        let Some(hits) = self.pages.next().await? else { return Ok(None) };
        let older = hits.iter().filter(|hit| hit["_version"].as_u64().is_none_or(|version| version < self.version.0));
        Ok(Some(older.map(listed).collect()))
    }
}

/// Which document a hit is: one of the same `_id` may be kept under another routing.
fn listed(hit: &Value) -> Listed {
    let routing = &hit["_routing"];
    Listed {
        id: hit["_id"].as_str().unwrap_or_default().to_owned(),
        routing: if routing.is_string() { routing.to_string() } else { String::new() },
    }
}

/// A search through all of an index, page by page.
#[derive(Debug)]
pub(super) struct Pages {
    engine: Engine,
    patience: Patience,
    path: String,
    body: Value,
    /// Everything numbered below it is listed.
    number: u64,
    /// What is listed of this number.
    listed: BTreeSet<Listed>,
    ended: bool,
}

impl Pages {
    /// Begins: everything written before is seen. `body` says what is searched for and shown.
    pub(super) async fn open(engine: &Engine, index: &str, mut body: Value, patience: Patience) -> Result<Self> {
        body["size"] = json!(PAGE);
        body["sort"] = json!([{ "_seq_no": "asc" }]);
        body["track_total_hits"] = json!(false);
        let pages = Self {
            engine: engine.clone(),
            patience,
            path: format!("/{}/_search?allow_partial_search_results=false", segment(index)),
            body,
            number: 0,
            listed: BTreeSet::new(),
            ended: false,
        };
        pages.ask(&format!("/{}/_refresh", segment(index)), None, "refresh an index").await?;
        Ok(pages)
    }

    /// The hits of the next page; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Value>>> {
        if self.ended {
            return Ok(None);
        }
        // After the number before: those of the same number come again, as the page may have ended between them.
        self.body["search_after"] = json!([i64::try_from(self.number).unwrap_or(i64::MAX) - 1]);
        let mut page = self.ask(&self.path, Some(&self.body), "list an index").await?;
        let hits = match page["hits"]["hits"].take() {
            Value::Array(hits) => hits,
            _ => Vec::new(),
        };
        self.ended = hits.len() < PAGE;
        let number = |hit: &Value| hit["sort"][0].as_u64().unwrap_or(0);
        let last = hits.last().map_or(self.number, number);
        let (known, first) = (std::mem::take(&mut self.listed), self.number);
        if last == first {
            self.listed.clone_from(&known);
        }
        self.listed.extend(hits.iter().filter(|hit| number(hit) == last).map(listed));
        self.number = last;
        Ok(Some(hits.into_iter().filter(|hit| number(hit) != first || !known.contains(&listed(hit))).collect()))
    }

    /// Asks until every shard has answered.
    async fn ask(&self, path: &str, body: Option<&Value>, what: &str) -> Result<Value> {
        let mut trouble = Trouble::new(&self.patience);
        loop {
            let asked = trouble.answer(self.engine.http.json(Method::POST, path, body)).await;
            let answer = asked.and_then(|answer| {
                let json = answer.json();
                match whole(&json) {
                    _ if !answer.ok() => Err(answer.refusal(what)),
                    Err(lacks) => {
                        Err(Error::coded(Code::EngineUnavailable, format!("the engine could not {what}: {lacks}")))
                    }
                    Ok(()) => Ok(json),
                }
            });
            match answer {
                Err(error) if error.kind() == ErrorKind::Unavailable => trouble.pause(&error.to_string()).await?,
                result => {
                    trouble.over();
                    return result;
                }
            }
        }
    }
}

/// Whether an answer is one of every shard.
fn whole(answer: &Value) -> Result<(), String> {
    let Some(shards) = answer["_shards"].as_object() else { return Err("its answer is not one".to_owned()) };
    if answer["timed_out"].as_bool() == Some(true) {
        return Err("it took too long".to_owned());
    }
    match shards.get("failed").and_then(Value::as_u64) {
        Some(0) => Ok(()),
        failed => {
            Err(format!("{} of {} shards failed", failed.unwrap_or(1), shards.get("total").unwrap_or(&Value::Null)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::whole;
    use serde_json::json;

    #[test]
    fn an_answer_that_lacks_a_shard_is_none() {
        let shards = json!({ "total": 2, "successful": 2, "skipped": 0, "failed": 0 });
        assert_eq!(whole(&json!({ "timed_out": false, "_shards": shards, "hits": { "hits": [] } })), Ok(()));
        assert_eq!(whole(&json!({ "_shards": shards })), Ok(()), "a refresh");
        assert!(whole(&json!({ "timed_out": true, "_shards": shards })).is_err());
        assert!(whole(&json!({ "_shards": { "total": 2, "successful": 1, "failed": 1 } })).is_err());
        assert!(whole(&json!({ "hits": { "hits": [] } })).is_err());
    }
}
