//! What stands in an index. In: places of documents. Out: each with its version and the write that it is of, as it is now and
//! not as searches find it; and the means to take away what has a version that nothing can be written over.
//!
//! An engine keeps the highest version of a document, and after a delete for a while too. Nothing lowers it, and a delete
//! that names the write it follows needs no version of its own. So where a document has to begin again at a lower version,
//! deletes are made to keep none for a moment: `forget`, delete, write, `remember`. The pipeline relies on no version
//! that a delete leaves behind, as an engine that restarts loses all of them.

use super::GC_DELETES;
use super::engine::Engine;
use super::http::segment;
use super::index::expect;
use super::scan::Scan;
use crate::Version;
use crate::fetch::Documents;
use crate::sink::{Listed, Patience, Piped, ReadStored, StoredDocument, Target, Trouble};
use crate::state::StatePlace;
use crate::{Code, Error, ErrorKind, Result};
use pgsync_plan::IndexDefinition;
use reqwest::Method;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::sync::Arc;

/// Documents of one request.
const ASKED: usize = 1000;
/// The largest answer with several documents; more is asked for in halves.
const SEVERAL: usize = 32 << 20;
/// The largest answer with one.
const ONE: usize = 512 << 20;

/// Looks at one generation of an index.
#[derive(Debug, Clone)]
pub struct StoredReader {
    engine: Engine,
    target: Arc<Target>,
    /// How long deletes keep their versions in this index.
    kept: Arc<str>,
    patience: Patience,
}

#[derive(Deserialize)]
struct Found<'a> {
    #[serde(borrow)]
    docs: Vec<Item<'a>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(default)]
    found: bool,
    #[serde(rename = "_version", default)]
    version: u64,
    #[serde(rename = "_seq_no", default)]
    sequence: u64,
    #[serde(rename = "_primary_term", default)]
    term: u64,
    #[serde(rename = "_routing", default)]
    routing: Option<String>,
    #[serde(rename = "_source", borrow, default)]
    source: Option<&'a RawValue>,
    #[serde(default)]
    error: Option<Value>,
}

impl StoredReader {
    pub(super) fn new(
        engine: &Engine,
        target: &Target,
        definition: Option<&IndexDefinition>,
        patience: Patience,
    ) -> Self {
        let settings = definition.map_or(&Value::Null, |definition| &definition.settings);
        let given = settings["index"]["gc_deletes"].as_str().or_else(|| settings["index.gc_deletes"].as_str());
        let kept = given.unwrap_or(GC_DELETES).into();
        Self { engine: engine.clone(), target: Arc::new(target.clone()), kept, patience }
    }

    /// Asks until the engine has answered.
    async fn ask(&self, path: &str, body: &Value, what: &str, most: usize) -> Result<bytes::Bytes> {
        let mut trouble = Trouble::new(&self.patience);
        loop {
            let asked = trouble.answer(self.engine.http.documents(path, body, most)).await;
            match asked.and_then(|answer| if answer.ok() { Ok(answer.body) } else { Err(answer.refusal(what)) }) {
                Err(error) if error.code() == Some(Code::EngineAnswer) => return Err(error),
                Err(error) if error.kind() == ErrorKind::Unavailable => trouble.pause(&error.to_string()).await?,
                result => {
                    trouble.over();
                    return result;
                }
            }
        }
    }

    async fn get_some(&self, places: &[Listed]) -> Result<Vec<Option<StoredDocument>>> {
        let docs: Vec<Value> = places
            .iter()
            .map(|place| {
                let mut asked = json!({ "_id": place.id });
                if let Ok(routing) = serde_json::from_str::<String>(&place.routing) {
                    asked["routing"] = routing.into();
                }
                asked
            })
            .collect();
        let most = if places.len() > 1 { SEVERAL } else { ONE };
        let path = format!("/{}/_mget", segment(&self.target.physical));
        let body = self.ask(&path, &json!({ "docs": docs }), "show documents", most).await?;
        let unread = |why: &str| Error::coded(Code::EngineUnavailable, format!("the engine's documents: {why}"));
        let found: Found<'_> = serde_json::from_slice(&body).map_err(|_| unread("the answer is not one"))?;
        if found.docs.len() != places.len() {
            return Err(unread("as many as were asked for are not in the answer"));
        }
        places.iter().zip(found.docs).map(|(place, item)| stored(place, item)).collect()
    }

    async fn deletes_kept(&self, time: &str) -> Result<()> {
        let path = format!("/{}/_settings", segment(&self.target.physical));
        let body = json!({ "index.gc_deletes": time });
        let answer = self.engine.http.json(Method::PUT, &path, Some(&body)).await?;
        expect(answer, &format!("set how long deletes of `{}` keep their versions", self.target.physical))
    }
}

/// What an item of an answer says of a place.
fn stored(place: &Listed, item: Item<'_>) -> Result<Option<StoredDocument>> {
    if let Some(error) = &item.error {
        return match error["type"].as_str().unwrap_or_default() {
            // Where none may stand without a routing, none stands.
            "routing_missing_exception" => Ok(None),
            "index_not_found_exception" => Err(Error::coded(Code::IndexGone, "the index that is looked at is gone")),
            kind => Err(Error::coded(Code::EngineUnavailable, format!("the engine could not show a document: {kind}"))),
        };
    }
    // A shard keeps one document of an `_id`: this one may be kept under another routing.
    let here = item.routing.map(|routing| Value::from(routing).to_string()).unwrap_or_default() == place.routing;
    Ok((item.found && here).then(|| StoredDocument {
        version: item.version,
        write: (item.sequence, item.term),
        source: item.source.map(ToOwned::to_owned),
    }))
}

impl ReadStored for StoredReader {
    type Ids = Scan;

    async fn get(&self, places: &[Listed]) -> Result<Vec<Option<StoredDocument>>> {
        let mut all = Vec::with_capacity(places.len());
        let mut left: Vec<&[Listed]> = places.chunks(ASKED).rev().collect();
        while let Some(some) = left.pop() {
            match self.get_some(some).await {
                Err(error) if error.code() == Some(Code::EngineAnswer) && some.len() > 1 => {
                    let (head, tail) = some.split_at(some.len() / 2);
                    left.extend([tail, head]);
                }
                found => all.extend(found?),
            }
        }
        Ok(all)
    }

    async fn list(&self, anywhere: bool) -> Result<Scan> {
        let mut scan = Scan::open(&self.engine, &self.target, Version(u64::MAX), self.patience.clone()).await?;
        if anywhere {
            let last = json!({ "size": 1, "sort": [{ "_seq_no": "desc" }], "_source": false });
            let path = format!("/{}/_search", segment(&self.target.physical));
            let body = self.ask(&path, &last, "list an index", SEVERAL).await?;
            let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
            let last = answer["hits"]["hits"][0]["sort"][0].as_u64().unwrap_or(0);
            scan.begin_at(fastrand::u64(0..=last));
        }
        Ok(scan)
    }

    async fn through_pipeline(&self, documents: &Documents) -> Result<Option<Vec<Piped>>> {
        let Some(pipeline) = &self.target.pipeline else { return Ok(None) };
        let mut body = String::from("{\"docs\":[");
        let mut sent = 0;
        for document in documents.iter() {
            let Some(source) = document.body else { continue };
            let (comma, id) = (if sent > 0 { "," } else { "" }, Value::from(document.id.as_ref()));
            let routing = if document.routing.is_empty() {
                String::new()
            } else {
                format!(",\"_routing\":{}", String::from_utf8_lossy(document.routing))
            };
            // Writing to a string cannot fail.
            let _ = write!(
                body,
                "{comma}{{\"_index\":{},\"_id\":{id}{routing},\"_source\":",
                Value::from(&*self.target.physical)
            );
            body.push_str(&String::from_utf8_lossy(source));
            body.push('}');
            sent += 1;
        }
        body.push_str("]}");
        if sent == 0 {
            return Ok(Some(Vec::new()));
        }
        let mut trouble = Trouble::new(&self.patience);
        let path = format!("/_ingest/pipeline/{}/_simulate", segment(pipeline));
        let answer = loop {
            let body = bytes::Bytes::copy_from_slice(body.as_bytes());
            match trouble.answer(self.engine.http.raw_documents(&path, body, ONE)).await {
                Ok(answer) if answer.ok() => break answer,
                Ok(answer) => trouble.pause(&answer.refusal("say what its pipeline does").to_string()).await?,
                Err(error) if error.kind() == ErrorKind::Unavailable => trouble.pause(&error.to_string()).await?,
                Err(error) => return Err(error),
            }
        };
        trouble.over();
        let piped = simulated(&answer.body);
        if piped.len() != sent {
            let counts = format!("{sent} documents were shown to the pipeline `{pipeline}`, {} answered", piped.len());
            return Err(Error::coded(Code::EngineUnavailable, counts));
        }
        Ok(Some(piped))
    }

    async fn forget(&self) -> Result<()> {
        self.deletes_kept("0s").await
    }

    async fn remember(&self) -> Result<()> {
        let path = format!("/{}/_settings/index.gc_deletes", segment(&self.target.physical));
        let answer = self.engine.http.json(Method::GET, &path, None).await?;
        let json = answer.json();
        expect(answer, &format!("show the settings of `{}`", self.target.physical))?;
        let now = &json[&self.target.physical]["settings"]["index"]["gc_deletes"];
        if now.as_str() == Some("0s") && *self.kept != *"0s" {
            self.deletes_kept(&self.kept).await?;
        }
        Ok(())
    }

    async fn delete_unchanged(&self, places: &[(Listed, (u64, u64))]) -> Result<()> {
        let mut body = String::new();
        for (place, (sequence, term)) in places {
            let mut action = json!({ "_id": place.id, "if_seq_no": sequence, "if_primary_term": term });
            if let Ok(routing) = serde_json::from_str::<String>(&place.routing) {
                action["routing"] = routing.into();
            }
            // Writing to a string cannot fail.
            let _ = writeln!(body, "{}", json!({ "delete": action }));
        }
        let path = format!("/{}/_bulk?require_alias=true", segment(&self.target.write_alias()));
        // Whatever is not deleted is found again by whoever looks.
        expect(self.engine.http.lines(&path, body.into()).await?, "take documents away")
    }

    async fn note_audit(&self, slot: &str, counts: &Value) -> Result<()> {
        self.engine.audit_put(slot, counts).await
    }
}

/// What became of each document that a pipeline was shown.
fn simulated(body: &[u8]) -> Vec<Piped> {
    #[derive(Deserialize)]
    struct Answer<'a> {
        #[serde(borrow)]
        docs: Vec<Option<Shown<'a>>>,
    }
    #[derive(Deserialize)]
    struct Shown<'a> {
        #[serde(borrow, default)]
        doc: Option<Inner<'a>>,
        #[serde(default)]
        error: Option<Value>,
    }
    #[derive(Deserialize)]
    struct Inner<'a> {
        #[serde(rename = "_source", borrow)]
        source: &'a RawValue,
    }
    let Ok(answer) = serde_json::from_slice::<Answer<'_>>(body) else { return Vec::new() };
    let each = answer.docs.into_iter().map(|shown| match shown {
        Some(Shown { doc: Some(Inner { source }), .. }) => Piped::Document(source.to_owned()),
        Some(Shown { error: Some(_), .. }) => Piped::Refused,
        _ => Piped::Dropped,
    });
    each.collect()
}

impl Engine {
    /// Notes what an audit has found, beside the state.
    async fn audit_put(&self, slot: &str, counts: &Value) -> Result<()> {
        StatePlace::of(self)?.replace(&format!("{slot}.audit"), counts).await
    }

    /// Removes that.
    ///
    /// # Errors
    /// Those of the engine.
    pub(crate) async fn forget_audit(&self, slot: &str) -> Result<()> {
        StatePlace::of(self)?.delete(&format!("{slot}.audit")).await
    }

    /// What an audit of a slot has found so far.
    ///
    /// # Errors
    /// Those of the engine.
    pub(crate) async fn audit(&self, slot: &str) -> Result<Option<Value>> {
        Ok(StatePlace::of(self)?.get(&format!("{slot}.audit")).await?.map(|(counts, _)| counts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(json: &str) -> Result<Option<StoredDocument>> {
        stored(&Listed::at("1", b"\"a\""), serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_document_under_another_routing_is_not_in_this_place() {
        let found = item(
            r#"{"_id":"1","found":true,"_version":7,"_seq_no":3,"_primary_term":1,"_routing":"a","_source":{"x":1.50}}"#,
        );
        let found = found.unwrap().unwrap();
        assert_eq!((found.version, found.write, found.source.unwrap().get()), (7, (3, 1), r#"{"x":1.50}"#));
        assert!(item(r#"{"found":true,"_version":7,"_routing":"b","_source":{}}"#).unwrap().is_none());
        assert!(item(r#"{"found":false}"#).unwrap().is_none());
        assert!(item(r#"{"error":{"type":"routing_missing_exception"}}"#).unwrap().is_none());
        assert_eq!(
            item(r#"{"error":{"type":"index_not_found_exception"}}"#).unwrap_err().code(),
            Some(Code::IndexGone)
        );
    }

    #[test]
    fn what_a_pipeline_says_of_each_document() {
        let said = simulated(br#"{"docs":[{"doc":{"_id":"1","_source":{"a":1}}},null,{"error":{"type":"x"}},{}]}"#);
        assert!(matches!(&said[0], Piped::Document(source) if source.get() == r#"{"a":1}"#));
        assert!(matches!(&said[1..], [Piped::Dropped, Piped::Refused, Piped::Dropped]));
    }
}
