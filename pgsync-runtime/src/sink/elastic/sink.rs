//! Elasticsearch and OpenSearch as a [`Sink`]. In: what the pipeline asks. Out: the same, asked of the engine.

use super::{Engine, QuarantineStore, Scan, StoredReader, Writer};
use crate::fetch::Documents;
use crate::settings::EngineSettings;
use crate::sink::{
    Connect, Entry, Existing, Generation, ListIds, Listed, MaxVersion, Owner, Patience, Report, Sink, StoreRefused,
    Target, WriteDocuments,
};
use crate::state::{State, StatePlace, StateStore};
use crate::{Result, Version};
use pgsync_plan::IndexDefinition;

impl Connect for EngineSettings {
    type Sink = Engine;

    async fn connect(&self) -> Result<Engine> {
        Engine::connect(self).await
    }
}

impl Sink for Engine {
    type Writer = Writer;
    type Stored = StoredReader;
    type State = StateStore;
    type Quarantine = QuarantineStore;

    fn describe(&self) -> String {
        format!("{self} at {}", self.settings.url)
    }

    fn state_place(&self) -> String {
        self.state_place()
    }

    async fn reach_state(&self) -> Result<()> {
        StatePlace::of(self)?.reach().await
    }

    async fn inspect(&self, name: &str) -> Result<Existing> {
        Self::inspect(self, name).await
    }

    fn check_definition(&self, index: &str, definition: &IndexDefinition) -> Result<()> {
        Self::check_definition(self, index, definition)
    }

    async fn check_pipeline(&self, index: &str, pipeline: &str) -> Result<()> {
        Self::check_pipeline(self, index, pipeline).await
    }

    async fn create(&self, name: &str, definition: &IndexDefinition, number: u64, owner: &Owner) -> Result<Generation> {
        Self::create(self, name, definition, number, owner).await
    }

    async fn settings(&self, physical: &str) -> Result<serde_json::Value> {
        Self::settings(self, physical).await
    }

    async fn put_off(&self, physical: &str) -> Result<()> {
        Self::put_off(self, physical).await
    }

    async fn restore(&self, physical: &str, settings: &serde_json::Value) -> Result<()> {
        Self::restore(self, physical, settings).await
    }

    async fn promote(&self, name: &str, physical: &str) -> Result<()> {
        Self::promote(self, name, physical).await
    }

    async fn holders(&self, name: &str) -> Result<Vec<(String, String)>> {
        Self::holders(self, name).await
    }

    async fn refresh(&self, name: &str) -> Result<()> {
        Self::refresh(self, name).await
    }

    async fn discard(&self, generation: &Generation) {
        Self::discard(self, generation).await;
    }

    fn writer(&self, target: &Target, ceiling: MaxVersion, patience: Patience) -> Writer {
        Self::writer(self, target, ceiling).with_patience(patience)
    }

    fn stored(&self, target: &Target, definition: Option<&IndexDefinition>, patience: Patience) -> StoredReader {
        StoredReader::new(self, target, definition, patience)
    }

    async fn state(&self, slot: &str, writer: String) -> Result<(StateStore, Option<State>)> {
        StateStore::open_as(self, slot, writer).await
    }

    fn quarantine(&self, slot: &str, patience: Patience) -> QuarantineStore {
        QuarantineStore::new(self, slot, patience)
    }
}

impl WriteDocuments for Writer {
    type Ids = Scan;

    async fn write(&self, documents: Documents) -> Result<Report> {
        Self::write(self, documents).await
    }

    async fn older_than(&self, version: Version) -> Result<Scan> {
        Self::older_than(self, version).await
    }

    async fn holding(&self, words: &[String]) -> Result<Scan> {
        Self::holding(self, words).await
    }
}

impl ListIds for Scan {
    async fn next(&mut self) -> Result<Option<Vec<Listed>>> {
        Self::next(self).await
    }
}

impl StoreRefused for QuarantineStore {
    async fn list(&self) -> Result<Vec<Entry>> {
        Self::list(self).await
    }

    async fn put(&self, entries: &[Entry]) -> Result<()> {
        Self::put(self, entries).await
    }

    async fn remove(&self, entries: &[(String, u64)]) -> Result<()> {
        Self::remove(self, entries).await
    }

    async fn uuid(&self, physical: &str) -> Result<String> {
        Self::uuid(self, physical).await
    }
}
