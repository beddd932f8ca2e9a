//! What has to survive the process: how far everything is written, and which generation of each index is filled. In and
//! out: a few documents per slot in a small index of the engine, so that a container needs no disk, or in a directory
//! where one is named (`CHECKPOINT_PATH`), or in a Redis (`REDIS_CHECKPOINT`).
//!
//! | document | holds | is written |
//! |---|---|---|
//! | `SLOT` | the database, and the position | before every acknowledgement |
//! | `SLOT.indexes` | the generation of each index, and how far its load has come | when a load begins, each second of it, when it ends |
//! | `SLOT.tables` | what the documents were made from | when that changes |
//!
//! The position is written last: whatever it stands for is there before it. Each write names the one it follows: a
//! second process that writes the same state is noticed.

mod directory;
mod format;
mod place;
#[cfg(feature = "redis")]
mod redis;
mod store;

pub(crate) use place::{Put, SequenceNumber, StatePlace};
pub use store::StateStore;
pub(crate) use store::writer;

use crate::fetch::Bound;
use crate::sink::Owner;
use crate::source::Fingerprints;
use crate::{Position, Result, Version};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// Keeps the state of one slot.
pub trait StoreState: Send + Sync + 'static {
    /// Writes these parts durably, the position last.
    ///
    /// # Errors
    /// [`Code::StateContested`](crate::Code::StateContested) when another process has written one of them since.
    fn write(&mut self, state: &State, parts: &[Part]) -> impl Future<Output = Result<()>> + Send;

    /// Whether another process writes the state now: looks for as long as `patience`.
    fn moves(&self, patience: Duration) -> impl Future<Output = Result<bool>> + Send;
}

/// A part of the state that is written on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Which generation of each index is filled.
    Indexes = 0,
    /// What the documents were made from.
    Tables = 1,
    /// Whose state it is, and how far everything is written.
    Position = 2,
}

impl Part {
    /// All of them, in the order in which they are written.
    pub const ALL: [Self; 3] = [Self::Indexes, Self::Tables, Self::Position];
}

/// What is known about one slot.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Whose state it is.
    pub owner: Owner,
    /// `oid` of the database: another one means that it was dropped and made anew. Formats before 2 do not know it.
    pub database_oid: Option<u32>,
    /// Time line of the server.
    pub timeline: u32,
    /// Everything before it is written. Never behind what was acknowledged.
    pub position: Position,
    /// What the source needs beside the position to continue there, in its own words.
    pub continuation: Option<String>,
    /// Per index name.
    pub indexes: BTreeMap<String, IndexState>,
    /// Per index name: the highest number that a generation ever had. It outlives the generation, whose number is not
    /// used again.
    pub numbers: BTreeMap<String, u64>,
    /// Per table: what its documents were made from.
    pub tables: Arc<Fingerprints>,
    /// What the source's set-up has replaced, in its own words: should it be lost in the database, teardown still knows.
    pub replaced: serde_json::Value,
}

/// What is known about one index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexState {
    /// Physical name of its generation.
    pub physical: String,
    /// uuid of that index.
    pub uuid: String,
    /// Number of the generation.
    pub generation: u64,
    /// Fingerprint it was made from.
    pub fingerprint: String,
    /// Where the log stood when the load began.
    pub low_mark: Position,
    /// Version of the load's writes, which it keeps when it goes on. Earlier versions of this program did not record it: what
    /// they left is loaded from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// How far the load has come, where it has not finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached: Option<LoadProgress>,
    /// Settings that are put off for the load and put back after it, as they were; null where there are none.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub settings: serde_json::Value,
    /// Whether the load has finished.
    pub loaded: bool,
    /// Every document was written at this version and the rest deleted, while a request of a process that is gone might still
    /// arrive: what stands below it later is deleted too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swept: Option<Version>,
}

/// How far a load has come: everything up to a key is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadProgress {
    /// The statement that cuts ranges: a key of another table, of other columns or in another order means nothing to it.
    pub cut_by: String,
    /// The key, value by value, as it was read: in hexadecimal digits.
    pub until: Vec<String>,
    /// How many documents that were.
    pub documents: u64,
}

impl LoadProgress {
    /// Up to a key.
    pub fn new(cut_by: &str, until: &Bound, documents: u64) -> Self {
        Self { cut_by: cut_by.to_owned(), until: until.values().map(spell).collect(), documents }
    }

    /// The key, where `cut_by` is still the statement that cuts.
    pub fn until(&self, cut_by: &str) -> Option<Bound> {
        let values = self.until.iter().map(|text| parse(text)).collect::<Option<Vec<_>>>()?;
        (self.cut_by == cut_by && !values.is_empty()).then(|| Bound::of_values(values))
    }
}

fn spell(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn parse(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2));
    digits.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}

impl State {
    /// For a database nothing was written from yet.
    pub fn new(owner: Owner, database_oid: Option<u32>, timeline: u32) -> Self {
        Self {
            owner,
            database_oid,
            timeline,
            position: Position::START,
            continuation: None,
            indexes: BTreeMap::new(),
            numbers: BTreeMap::new(),
            tables: Arc::default(),
            replaced: serde_json::Value::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_as_it_was_to_the_statement_that_cut_it() {
        let key = Bound::of_values(vec![vec![0, 255, 16], b"text".to_vec(), Vec::new()]);
        let progress = LoadProgress::new("SELECT 1", &key, 7);
        let text = serde_json::to_string(&progress).unwrap();
        let again: LoadProgress = serde_json::from_str(&text).unwrap();
        assert_eq!(again.until("SELECT 1"), Some(key));
        assert_eq!(again.until("SELECT 2"), None);
        for damaged in ["0", "xy", "ü0"] {
            assert_eq!(LoadProgress { until: vec![damaged.to_owned()], ..again.clone() }.until("SELECT 1"), None);
        }
    }
}
