//! Where refused documents stand: one small document for each in an index of its own beside the state index, with fields
//! that can be searched. In: entries. Out: the same, durable and visible before the call returns. An entry never holds
//! the document's body or a value of its row.
//!
//! Every write names the version of the refused document, so the newest word on a document stays, whoever says it last.

use super::engine::Engine;
use super::http::segment;
use super::scan::Pages;
use crate::error::printable;
use crate::sink::{Patience, Trouble};
use crate::source::postgres::Lsn;
use crate::{Code, Error, ErrorKind, Result};
use bytes::Bytes;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU8, Ordering};

/// A refused document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Slot that feeds its index.
    pub slot: String,
    /// Name of the index.
    pub index: String,
    /// The generation that refused it.
    pub generation: String,
    /// uuid of that generation.
    pub index_uuid: String,
    /// `_id` of the document.
    pub id: String,
    /// Its root table.
    pub table: String,
    /// The type of the engine's error, or `id_length` or `too_large`.
    pub reason_type: String,
    /// The reason in words, without values of the row.
    pub reason: String,
    /// The version it was last refused at.
    pub version: u64,
    /// Its size then.
    pub bytes: u64,
    /// When it was first refused.
    pub first_seen: String,
    /// When it was last refused.
    pub last_seen: String,
}

impl Entry {
    /// Of a document that was refused now.
    pub(crate) fn of(refused: &crate::sink::Refused, place: &Place, first_seen: Option<String>) -> Self {
        let now = now();
        Self {
            slot: place.slot.clone(),
            index: place.index.clone(),
            generation: place.generation.clone(),
            index_uuid: place.index_uuid.clone(),
            id: refused.id.clone(),
            table: place.table.clone(),
            reason_type: printable(&refused.kind).into_owned(),
            reason: printable(&refused.reason).into_owned(),
            version: refused.version.0,
            bytes: refused.bytes as u64,
            first_seen: first_seen.unwrap_or_else(|| now.clone()),
            last_seen: now,
        }
    }

    /// The version it was last refused at, as a position.
    pub fn position(&self) -> Lsn {
        Lsn(self.version)
    }

    /// What the entry is called: the same for the same document of the same generation.
    pub fn name(&self) -> String {
        name([&self.slot, &self.index, &self.index_uuid, &self.id])
    }
}

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

/// A moment as entries have it: `2026-01-31T12:00:00.123456Z`.
pub(crate) fn now() -> String {
    use crate::fetch::render::time::{Fraction, timestamp};
    /// Seconds from 1970 to 2000, where PostgreSQL's clock begins.
    const EPOCH: i64 = 946_684_800;
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let micros = i64::try_from(since.as_micros()).unwrap_or(i64::MAX - 1).saturating_sub(EPOCH * 1_000_000);
    let mut out = Vec::new();
    timestamp(micros.to_be_bytes(), b'T', Fraction::Six, b"Z", &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// What the entries of one generation have in common.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub slot: String,
    pub index: String,
    pub generation: String,
    pub index_uuid: String,
    pub table: String,
}

impl Place {
    /// What the entry of a document is called.
    pub(crate) fn entry(&self, id: &str) -> String {
        name([&self.slot, &self.index, &self.index_uuid, id])
    }
}

fn name(parts: [&str; 4]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(8).fold(String::new(), |mut name, byte| {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
        name
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_engines_read_it() {
        let now = now();
        assert!(now.len() == 27 && now.starts_with("20") && now.ends_with('Z') && now.as_bytes()[10] == b'T', "{now}");
    }

    #[test]
    fn an_entry_has_one_name_per_document_and_generation() {
        let refused = crate::sink::Refused {
            id: "1".to_owned(),
            version: Lsn(7),
            kind: "k".to_owned(),
            reason: "r\u{1b}".to_owned(),
            bytes: 3,
        };
        let place = Place {
            slot: "s".to_owned(),
            index: "i".to_owned(),
            generation: "i-1".to_owned(),
            index_uuid: "u".to_owned(),
            table: "t".to_owned(),
        };
        let one = Entry::of(&refused, &place, None);
        let again = Entry::of(&crate::sink::Refused { version: Lsn(9), ..refused.clone() }, &place, None);
        let other = Entry::of(&refused, &Place { index_uuid: "v".to_owned(), ..place }, None);
        assert_eq!(one.name(), again.name());
        assert_ne!(one.name(), other.name());
        assert_eq!((one.name().len(), one.reason.as_str()), (16, "r\\u{1b}"));
    }
}
