//! What has to survive the process: how far everything is written, and which generation of each index is filled. In and
//! out: a few documents per slot in a small index of the engine, so that a container needs no disk.
//!
//! | document | holds | is written |
//! |---|---|---|
//! | `SLOT` | the database, and the position | before every acknowledgement |
//! | `SLOT.indexes` | the generation of each index | when a load begins and when it ends |
//! | `SLOT.tables` | what the documents were made from | when that changes |
//!
//! The position is written last: whatever it stands for is there before it. Each write names the one it follows: a
//! second process that writes the same state is noticed.

mod format;
mod store;

pub use store::StateStore;
pub(crate) use store::writer;

use crate::sink::Owner;
use crate::source::Fingerprints;
use crate::{Position, Result};
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
    /// Version of the load's writes.
    pub low_mark: Position,
    /// Whether the load has finished.
    pub loaded: bool,
}

impl State {
    /// For a database nothing was written from yet.
    pub fn new(owner: Owner, database_oid: Option<u32>, timeline: u32) -> Self {
        Self {
            owner,
            database_oid,
            timeline,
            position: Position::START,
            indexes: BTreeMap::new(),
            numbers: BTreeMap::new(),
            tables: Arc::default(),
            replaced: serde_json::Value::Null,
        }
    }
}
