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

pub(crate) use store::writer;
pub use store::{Part, StateStore};

use crate::sink::Owner;
use crate::source::postgres::Lsn;
use crate::source::postgres::capture::{Fingerprints, Replacements};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

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
    pub position: Lsn,
    /// Per index name.
    pub indexes: BTreeMap<String, IndexState>,
    /// Per table: what its documents were made from.
    pub(crate) tables: Arc<Fingerprints>,
    /// Replica identities that bootstrap replaced, as the publication's comment has them: should it be dropped with that
    /// comment, teardown still knows.
    pub(crate) replaced: Replacements,
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
    pub low_mark: Lsn,
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
            position: Lsn::ZERO,
            indexes: BTreeMap::new(),
            tables: Arc::default(),
            replaced: BTreeMap::new(),
        }
    }
}
