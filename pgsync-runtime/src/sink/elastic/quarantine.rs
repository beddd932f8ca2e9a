//! Where refused documents stand: one small document for each in an index of its own beside the state index, with fields
//! that can be searched. In: entries. Out: the same, durable and visible before the call returns. An entry never holds
//! the document's body or a value of its row.
//!
//! Every write names the version of the refused document, so the newest word on a document stays, whoever says it last.

use super::engine::Engine;
use super::http::segment;
use super::scan::Pages;
use crate::sink::Entry;
use crate::sink::{Patience, Trouble};
use crate::{Code, Error, ErrorKind, Result};
use bytes::Bytes;
use reqwest::Method;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU8, Ordering};

/// The entries of one slot.
#[derive(Debug)]
pub struct QuarantineStore {
    engine: Engine,
    slot: String,
    name: String,
    patience: Patience,
    /// Whether the index is known to be there, and its name to be an alias.
    made: AtomicU8,
}

const UNKNOWN: u8 = 0;
const INDEX: u8 = 1;
const ALIAS: u8 = 2;

impl QuarantineStore {
    /// The entries of this slot.
    pub fn new(engine: &Engine, slot: &str, patience: Patience) -> Self {
        let name = format!("{}-quarantine", engine.settings.state_index);
        Self { engine: engine.clone(), slot: slot.to_owned(), name, patience, made: AtomicU8::new(UNKNOWN) }
    }

    /// Every entry of the slot, by index and `_id`.
    ///
    /// # Errors
    /// Those of the engine; that nothing was ever refused is none.
    pub async fn list(&self) -> Result<Vec<Entry>> {
        let body = json!({ "query": { "term": { "slot": self.slot } } });
        let mut pages = match Pages::open(&self.engine, &self.name, body, self.patience.clone()).await {
            Err(error) if error.code() == Some(Code::IndexGone) => return Ok(Vec::new()),
            pages => pages?,
        };
        let mut entries = Vec::new();
        while let Some(hits) = pages.next().await? {
            for mut hit in hits {
                let entry = serde_json::from_value(hit["_source"].take()).map_err(|error| {
                    Error::new(ErrorKind::Refused, format!("an entry of the quarantine `{}` cannot be read", self.name))
                        .source(error)
                        .help("delete it there: the document is refused again when it is written again")
                })?;
                entries.push(entry);
            }
        }
        entries.sort_by(|a: &Entry, b: &Entry| (&a.index, &a.id).cmp(&(&b.index, &b.id)));
        Ok(entries)
    }

    /// Puts entries in; an older word on the same document is replaced.
    ///
    /// # Errors
    /// Those of the engine that waiting does not mend.
    pub async fn put(&self, entries: &[Entry]) -> Result<()> {
        let mut body = String::new();
        for entry in entries {
            let action = json!({ "_id": entry.name(), "version": entry.version, "version_type": "external_gte" });
            // Writing to a string cannot fail.
            let _ = writeln!(body, "{}\n{}", json!({ "index": action }), json!(entry));
        }
        self.write(body.into()).await
    }

    /// Takes entries out. A later word on the same document, at a version beyond the entry's, stays.
    ///
    /// # Errors
    /// Those of the engine that waiting does not mend.
    pub async fn remove(&self, entries: &[(String, u64)]) -> Result<()> {
        let mut body = String::new();
        for (name, version) in entries {
            let action = json!({ "_id": name, "version": version, "version_type": "external_gte" });
            // Writing to a string cannot fail.
            let _ = writeln!(body, "{}", json!({ "delete": action }));
        }
        self.write(body.into()).await
    }

    /// uuid of a generation that is written to.
    ///
    /// # Errors
    /// Those of the engine.
    pub async fn uuid(&self, physical: &str) -> Result<String> {
        let path = format!("/{}/_settings/index.uuid", segment(physical));
        let answer = self.engine.http.json(Method::GET, &path, None).await?;
        if !answer.ok() {
            return Err(answer.refusal(&format!("show index `{physical}`")));
        }
        Ok(answer.json()[physical]["settings"]["index"]["uuid"].as_str().unwrap_or_default().to_owned())
    }

    async fn write(&self, body: Bytes) -> Result<()> {
        if body.is_empty() {
            return Ok(());
        }
        let mut trouble = Trouble::new(&self.patience);
        loop {
            match trouble.answer(self.attempt(body.clone())).await {
                Err(error) if matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::Reload) => {
                    // A lost index is made again.
                    self.made.store(UNKNOWN, Ordering::Relaxed);
                    trouble.pause(&format!("the quarantine: {error}")).await?;
                }
                result => {
                    trouble.over();
                    return result;
                }
            }
        }
    }

    async fn attempt(&self, body: Bytes) -> Result<()> {
        if self.made.load(Ordering::Relaxed) == UNKNOWN {
            self.make().await?;
        }
        let alias = self.made.load(Ordering::Relaxed) == ALIAS;
        let path = format!("/{}/_bulk?require_alias={alias}&refresh=true", segment(&self.name));
        let answer = self.engine.http.lines(&path, body).await?;
        if !answer.ok() {
            return Err(answer.refusal("take entries of the quarantine"));
        }
        let json = answer.json();
        let items = json["items"].as_array().map_or(&[][..], Vec::as_slice);
        for item in items.iter().filter_map(|item| item.as_object()?.values().next()) {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let (kind, reason) = (text(&item["error"]["type"]), text(&item["error"]["reason"]));
            // Found again it is older than what stands there, or gone already.
            if kind.is_empty() || kind == "version_conflict_engine_exception" {
                continue;
            }
            let status = item["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(0);
            return Err(super::failure::refusal("take an entry of the quarantine", status, &kind, &reason));
        }
        if items.is_empty() {
            return Err(Error::coded(Code::EngineUnavailable, "the answer is not one to a bulk request"));
        }
        Ok(())
    }

    /// Makes the index, unless there is one, in the way of the state index: an alias that writes require, so that a lost
    /// index is not made again without its mapping.
    async fn make(&self) -> Result<()> {
        let keyword = json!({ "type": "keyword", "ignore_above": 8191 });
        let body = json!({
            "settings": { "index": { "number_of_shards": 1, "auto_expand_replicas": "0-1" } },
            "mappings": { "dynamic": false, "properties": {
                "slot": keyword, "index": keyword, "generation": keyword, "index_uuid": keyword, "id": keyword,
                "table": keyword, "reason_type": keyword, "reason": { "type": "text" },
                "version": { "type": "long" }, "bytes": { "type": "long" },
                "first_seen": { "type": "date" }, "last_seen": { "type": "date" },
            } },
            "aliases": { &self.name: {} },
        });
        let answer = self.engine.http.json(Method::PUT, &format!("/{}-1", segment(&self.name)), Some(&body)).await?;
        let made = match answer.error().0.as_str() {
            // Made by an administrator under the name itself.
            "invalid_alias_name_exception" => INDEX,
            "resource_already_exists_exception" => ALIAS,
            _ if answer.ok() => ALIAS,
            _ => return Err(answer.refusal("make the index of the quarantine")),
        };
        self.made.store(made, Ordering::Relaxed);
        Ok(())
    }
}
