//! What has to survive the process: how far everything is written, and which generation of each index is filled. In and
//! out: one document per slot in a small index of the engine, so that a container needs no disk.
//!
//! It is written before the first document of a load, and before every acknowledgement. Each write names the one it
//! follows: a second process that writes the same state is noticed.

use crate::capture::{Mark, Replacements};
use crate::sink::{Engine, Last};
use crate::{Error, ErrorKind, Lsn, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

/// The format of [`State`].
const FORMAT: u32 = 1;

/// What is known about one slot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Version of this format.
    pub format: u32,
    /// `system_identifier` of the server.
    pub system_identifier: String,
    /// Its time line.
    pub timeline: u32,
    /// Database the slot belongs to.
    pub database: String,
    /// Everything before it is written. Never behind what was acknowledged.
    pub position: Lsn,
    /// Per index name.
    pub indexes: BTreeMap<String, IndexState>,
    /// Per table: what its documents were made from.
    pub tables: BTreeMap<String, Mark>,
    /// Replica identities that bootstrap replaced, as the publication's comment has them: should it be dropped with that
    /// comment, teardown still knows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub replaced: Replacements,
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

/// Reads and writes the state of one slot.
#[derive(Debug)]
pub struct StateStore {
    engine: Engine,
    slot: String,
    /// The last write; `None` before the first.
    last: Option<Last>,
}

impl State {
    /// For a server and a database nothing was written from yet.
    pub fn new(system_identifier: String, timeline: u32, database: String) -> Self {
        Self {
            format: FORMAT,
            system_identifier,
            timeline,
            database,
            position: Lsn::ZERO,
            indexes: BTreeMap::new(),
            tables: BTreeMap::new(),
            replaced: BTreeMap::new(),
        }
    }
}

impl StateStore {
    /// Opens the store and reads what it holds; `None` where nothing was written yet.
    ///
    /// # Errors
    /// Those of the engine; [`ErrorKind::Refused`] for a state of a newer format.
    pub async fn open(engine: &Engine, slot: &str) -> Result<(Self, Option<State>)> {
        let mut store = Self { engine: engine.clone(), slot: slot.to_owned(), last: None };
        let Some((source, last)) = engine.state_get(slot).await? else { return Ok((store, None)) };
        store.last = Some(last);
        let format = source["format"].as_u64().unwrap_or(0);
        if format != u64::from(FORMAT) {
            return Err(Error::new(
                ErrorKind::Refused,
                format!("the state of slot `{slot}` has format {format}, this version reads {FORMAT}"),
            )
            .help("run the version that wrote it, or delete the state and let everything be loaded again"));
        }
        let state = serde_json::from_value(source).map_err(|error| {
            Error::new(ErrorKind::Refused, format!("the state of slot `{slot}` cannot be read"))
                .source(error)
                .help("delete it and let everything be loaded again")
        })?;
        Ok((store, Some(state)))
    }

    /// Writes the state durably.
    ///
    /// # Errors
    /// [`ErrorKind::Fatal`] when another process has written it since; those of the engine.
    pub async fn write(&mut self, state: &State) -> Result<()> {
        let body = json!(state);
        match self.engine.state_put(&self.slot, &body, self.last).await? {
            Some(last) => {
                self.last = Some(last);
                Ok(())
            }
            None => Err(Error::new(
                ErrorKind::Fatal,
                format!("another process has written the state of slot `{}`, or the state was deleted", self.slot),
            )
            .help("run one process per slot; then start this one again")),
        }
    }

    /// Removes the state, at teardown.
    ///
    /// # Errors
    /// Those of the engine.
    pub async fn remove(&mut self) -> Result<()> {
        self.last = None;
        self.engine.state_delete(&self.slot).await
    }
}
