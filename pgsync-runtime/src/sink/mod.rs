//! Where documents go: the traits that a search engine implements. In: rendered documents and the version they are written
//! at. Out: accepted writes, a `report` of what became of each, and errors sorted by whose fault they are.
//!
//! `generation` is an index in its life, `owner` says who feeds one, `entry` stands for a refused document, `ceiling` knows
//! which versions can be honest, `patience` waits for an engine that takes nothing. One folder per family of engines.

pub(crate) mod elastic;
mod entry;
mod generation;
mod max_version;
#[cfg(test)]
pub(crate) mod memory;
mod owner;
mod patience;
mod report;

pub use elastic::{Engine, Product, QuarantineStore, Scan, Writer, name_differences};
pub(crate) use elastic::{Put, SequenceNumber, StateIndex, taken};
pub use entry::Entry;
pub use entry::Place;
pub use generation::{Existing, Generation, Target};
pub use max_version::MaxVersion;
pub use owner::Owner;
pub use patience::Patience;
pub(crate) use patience::{Trouble, Words};
pub(crate) use report::brief;
pub use report::{Refused, Report};

use crate::fetch::Documents;
use crate::state::{State, StoreState};
use crate::{Result, Version};
use pgsync_plan::IndexDefinition;
use std::future::Future;

/// A way to a search engine that is not reached yet.
pub trait Connect: Clone + Send + Sync + 'static {
    /// The engine.
    type Sink: Sink;

    /// Reaches it.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`](crate::ErrorKind::Unavailable) when nothing answers.
    fn connect(&self) -> impl Future<Output = Result<Self::Sink>> + Send;
}

/// A search engine: generations of indexes, and what stands beside them.
pub trait Sink: Clone + Send + Sync + 'static {
    /// What writes documents.
    type Writer: WriteDocuments;
    /// What keeps the state.
    type State: StoreState;
    /// What keeps refused documents.
    type Quarantine: StoreRefused;

    /// Product, version and address, for people.
    fn describe(&self) -> String;

    /// Where the state stands, for people.
    fn state_place(&self) -> String;

    /// What there is under a name.
    fn inspect(&self, name: &str) -> impl Future<Output = Result<Existing>> + Send;

    /// That an ingest pipeline is there which the documents of an index go through.
    fn check_pipeline(&self, index: &str, pipeline: &str) -> impl Future<Output = Result<()>> + Send;

    /// Makes generation `number` of an index, which no search finds.
    fn create(
        &self,
        name: &str,
        definition: &IndexDefinition,
        number: u64,
        owner: &Owner,
    ) -> impl Future<Output = Result<Generation>> + Send;

    /// Lets searches of `name` find this generation and no other, in one step; drops the others of ours.
    fn promote(&self, name: &str, physical: &str) -> impl Future<Output = Result<()>> + Send;

    /// What a name stands for now: physical names and uuids.
    fn holders(&self, name: &str) -> impl Future<Output = Result<Vec<(String, String)>>> + Send;

    /// Drops a generation that nothing needs. One that cannot be dropped is named in the log and stays.
    fn discard(&self, generation: &Generation) -> impl Future<Output = ()> + Send;

    /// A writer to one generation. `ceiling` tells the highest version that can honestly exist.
    fn writer(&self, target: &Target, ceiling: MaxVersion, patience: Patience) -> Self::Writer;

    /// Opens the state of a slot and reads it. `writer` is the name whose earlier writes count as this one's own.
    fn state(&self, slot: &str, writer: String) -> impl Future<Output = Result<(Self::State, Option<State>)>> + Send;

    /// Opens the quarantine of a slot.
    fn quarantine(&self, slot: &str, patience: Patience) -> Self::Quarantine;
}

/// Writes to one generation of an index.
pub trait WriteDocuments: Clone + Send + Sync + 'static {
    /// A listing.
    type Ids: ListIds;

    /// Writes and deletes, until every document is accepted or refused for good. It tries for ever where the engine is
    /// unreachable or full. One refused document stops no other.
    ///
    /// # Errors
    /// [`ErrorKind::Reload`](crate::ErrorKind::Reload) when the index is gone,
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped) where it was stopped while the engine took nothing.
    fn write(&self, documents: Documents) -> impl Future<Output = Result<Report>> + Send;

    /// The documents whose version is below this one.
    fn older_than(&self, version: Version) -> impl Future<Output = Result<Self::Ids>> + Send;
}

/// A document that an index holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Its `_id`.
    pub id: String,
    /// Its routing, as a JSON string; empty where it has none.
    pub routing: String,
}

/// A listing of documents in pages.
pub trait ListIds: Send {
    /// The next page, which may be empty; `None` at the end.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<Listed>>>> + Send;
}

/// Keeps the entries of one slot, durably.
pub trait StoreRefused: Send + Sync + 'static {
    /// Every entry.
    fn list(&self) -> impl Future<Output = Result<Vec<Entry>>> + Send;

    /// Puts entries in; an older word on the same document is replaced.
    fn put(&self, entries: &[Entry]) -> impl Future<Output = Result<()>> + Send;

    /// Takes entries out, by name and version. A later word on the same document stays.
    fn remove(&self, entries: &[(String, u64)]) -> impl Future<Output = Result<()>> + Send;

    /// uuid of a generation that is written to.
    fn uuid(&self, physical: &str) -> impl Future<Output = Result<String>> + Send;
}
