//! Where documents go: the traits that a search engine implements. In: rendered documents and the version they are written
//! at. Out: accepted writes, a `report` of what became of each, and errors sorted by whose fault they are.
//!
//! `generation` is an index in its life, `owner` says who feeds one, `difference` what has changed between two definitions,
//! `entry` stands for a refused document, `ceiling` knows which versions can be honest, `patience` waits for an engine that
//! takes nothing. One folder per family of engines.

mod difference;
pub(crate) mod elastic;
mod entry;
mod generation;
mod max_version;
#[cfg(test)]
pub(crate) mod memory;
mod owner;
mod patience;
mod report;

pub use difference::name_differences;
pub use elastic::{Action, Engine, QuarantineStore, Scan, StoredReader, Verdict, Why, Writer, judge};
pub(crate) use elastic::{StateIndex, examine, taken};
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
use serde_json::{Value, value::RawValue};
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
    /// What looks at documents.
    type Stored: ReadStored;
    /// What keeps the state.
    type State: StoreState;
    /// What keeps refused documents.
    type Quarantine: StoreRefused;

    /// Product, version and address, for people.
    fn describe(&self) -> String;

    /// Where the state stands, for people.
    fn state_place(&self) -> String;

    /// That the state can be asked for, where it stands on a third side. Before that side has answered once, it is not waited for
    /// longer than for the others.
    ///
    /// # Errors
    /// What it says.
    fn reach_state(&self) -> impl Future<Output = Result<()>> + Send;

    /// What there is under a name.
    fn inspect(&self, name: &str) -> impl Future<Output = Result<Existing>> + Send;

    /// That it has every word of an index's mapping, which is told by its version alone.
    ///
    /// # Errors
    /// [`Code::MappingLacked`](crate::Code::MappingLacked), with each field and who has what it asks for.
    fn check_definition(&self, index: &str, definition: &IndexDefinition) -> Result<()>;

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

    /// The settings of a generation that [`Self::put_off`] changes, as they are.
    fn settings(&self, physical: &str) -> impl Future<Output = Result<Value>> + Send;

    /// Puts off what a generation does for searches and for copies of it, while it is being filled.
    fn put_off(&self, physical: &str) -> impl Future<Output = Result<()>> + Send;

    /// Puts back what [`Self::settings`] has said.
    fn restore(&self, physical: &str, settings: &Value) -> impl Future<Output = Result<()>> + Send;

    /// Lets searches of `name` find this generation and no other, in one step; drops the others of ours.
    fn promote(&self, name: &str, physical: &str) -> impl Future<Output = Result<()>> + Send;

    /// What a name stands for now: physical names and uuids.
    fn holders(&self, name: &str) -> impl Future<Output = Result<Vec<(String, String)>>> + Send;

    /// Lets searches of a name find everything that is written.
    fn refresh(&self, name: &str) -> impl Future<Output = Result<()>> + Send;

    /// Drops a generation that nothing needs. One that cannot be dropped is named in the log and stays.
    fn discard(&self, generation: &Generation) -> impl Future<Output = ()> + Send;

    /// A writer to one generation. `ceiling` tells the highest version that can honestly exist.
    fn writer(&self, target: &Target, ceiling: MaxVersion, patience: Patience) -> Self::Writer;

    /// What looks at one generation of an index that was made from a definition.
    fn stored(&self, target: &Target, definition: Option<&IndexDefinition>, patience: Patience) -> Self::Stored;

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

    /// The documents that hold one of these words in the field of index routes, and those that hold nothing there. Everything
    /// that was written before is seen.
    fn holding(&self, words: &[String]) -> impl Future<Output = Result<Self::Ids>> + Send;
}

/// A document that an index holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Listed {
    /// Its `_id`.
    pub id: String,
    /// Its routing, as a JSON string; empty where it has none.
    pub routing: String,
}

impl Listed {
    /// The place of a document. `routing` is a JSON text or number or boolean; empty for none.
    pub(crate) fn at(id: &str, routing: &[u8]) -> Self {
        let routing = match serde_json::from_slice(routing) {
            // In one spelling, so that places can be compared.
            Ok(Value::String(text)) => Value::from(text).to_string(),
            Ok(_) => format!("\"{}\"", String::from_utf8_lossy(routing)),
            Err(_) => String::new(),
        };
        Self { id: id.to_owned(), routing }
    }
}

/// What an index holds of a document.
#[derive(Debug, Clone)]
pub struct StoredDocument {
    /// Its version.
    pub version: u64,
    /// The write that it is of: another one has another.
    pub write: (u64, u64),
    /// Its JSON, as the engine gives it; `None` where the index does not keep it.
    pub source: Option<Box<RawValue>>,
}

/// What an ingest pipeline makes of a document.
#[derive(Debug, Clone)]
pub enum Piped {
    /// This JSON.
    Document(Box<RawValue>),
    /// Nothing is to be kept.
    Dropped,
    /// It refuses it.
    Refused,
}

/// Looks at the documents of one generation of an index, and takes those away that nothing could be written over.
pub trait ReadStored: Clone + Send + Sync + 'static {
    /// A listing.
    type Ids: ListIds;

    /// What is kept in these places now, searchable or not; `None` where nothing is.
    ///
    /// # Errors
    /// [`ErrorKind::Reload`](crate::ErrorKind::Reload) when the index is gone; an engine that does not answer is waited for.
    fn get(&self, places: &[Listed]) -> impl Future<Output = Result<Vec<Option<StoredDocument>>>> + Send;

    /// Every document, in no order of interest; from anywhere on with `anywhere`.
    fn list(&self, anywhere: bool) -> impl Future<Output = Result<Self::Ids>> + Send;

    /// What the ingest pipeline of the index makes of documents, deletes left out; `None` where it has none.
    fn through_pipeline(&self, documents: &Documents) -> impl Future<Output = Result<Option<Vec<Piped>>>> + Send;

    /// From now on a document that was deleted keeps no version behind, until [`ReadStored::remember`].
    fn forget(&self) -> impl Future<Output = Result<()>> + Send;

    /// Deletes keep their versions again, as the index was made. Changes nothing where they do.
    fn remember(&self) -> impl Future<Output = Result<()>> + Send;

    /// Deletes documents whatever their versions are, unless something else has written them since.
    fn delete_unchanged(&self, places: &[(Listed, (u64, u64))]) -> impl Future<Output = Result<()>> + Send;

    /// Notes what an audit of a slot has found, for whoever asks; nothing depends on it.
    fn note_audit(&self, slot: &str, counts: &Value) -> impl Future<Output = Result<()>> + Send;
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
