//! A search engine in memory, for schedules and faults of the pipeline. In: what the pipeline asks. Out: what an engine
//! answers that compares external versions, loses answers, refuses documents, and carries out requests after whoever sent
//! them is gone.

use super::{
    Connect, Entry, Existing, Generation, ListIds, Listed, MaxVersion, Owner, Patience, Piped, ReadStored, Refused,
    Report, Sink, StoreRefused, StoredDocument, Target, WriteDocuments,
};
use crate::fetch::Documents;
use crate::source::memory::{Faults, broken};
use crate::state::{Part, State, StoreState};
use crate::{Result, Version};
use pgsync_plan::IndexDefinition;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// What a document must not hold to be taken.
pub(crate) const POISON: &str = "poison";

/// What a document must not hold to pass the pipeline.
pub(crate) const DROPPED: &str = "dropped";

/// A document or what is left of it: its version, and its body where it is not deleted.
pub(crate) type Stored = (u64, Option<String>);

/// An engine. A clone is the same.
#[derive(Clone)]
pub(crate) struct MemoryEngine {
    inner: Arc<Mutex<Inner>>,
    faults: Faults,
}

#[derive(Default)]
struct Inner {
    indexes: BTreeMap<String, Index>,
    aliases: BTreeMap<String, String>,
    state: [Option<State>; 3],
    entries: BTreeMap<String, Entry>,
    /// Requests that were sent and not carried out yet.
    on_the_way: BTreeMap<u64, Request>,
    sent: u64,
    /// What must never be, and was.
    wrong: Vec<String>,
}

struct Index {
    generation: Generation,
    /// By shard and `_id`, with the routing beside.
    documents: BTreeMap<(u8, String), (Stored, String)>,
}

impl Index {
    /// By `_id`, as searches find them.
    fn found(&self) -> BTreeMap<String, Stored> {
        let mut found: BTreeMap<String, Stored> = BTreeMap::new();
        for ((_, id), (stored, _)) in &self.documents {
            match found.get_mut(id) {
                Some(other) if other.1.is_some() && stored.1.is_some() => other.1 = Some("\"two copies\"".to_owned()),
                Some(other) if stored.1.is_none() => other.0 = other.0.max(stored.0),
                _ => _ = found.insert(id.clone(), stored.clone()),
            }
        }
        found
    }
}

/// A document on its way.
#[derive(Debug, Clone)]
struct Item {
    id: String,
    /// As a JSON string; empty for none.
    routing: String,
    version: u64,
    /// Whether it takes the place of one of the same version.
    gte: bool,
    body: Option<String>,
}

impl Item {
    /// By what decides about it: three shards, so that different routings may meet.
    fn shard(&self) -> u8 {
        let by = if self.routing.is_empty() { &self.id } else { &self.routing };
        by.bytes().fold(0, u8::wrapping_add) % 3
    }
}

#[derive(Clone)]
struct Request {
    index: String,
    /// Whether documents go through the pipeline.
    piped: bool,
    version: u64,
    documents: Vec<Item>,
}

impl MemoryEngine {
    pub(crate) fn new(faults: Faults) -> Self {
        Self { inner: Arc::default(), faults }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    /// Carries out what a process that is gone has left on the way.
    pub(crate) fn carry_out(&self) {
        let mut inner = self.inner();
        for request in std::mem::take(&mut inner.on_the_way).into_values() {
            inner.carry_out(&request);
        }
    }

    /// Whether a request to an index of this name is on its way.
    pub(crate) fn is_on_the_way(&self, name: &str) -> bool {
        self.inner().on_the_way.values().any(|request| request.index.starts_with(name))
    }

    /// What searches of a name find.
    pub(crate) fn found(&self, name: &str) -> Option<BTreeMap<String, Stored>> {
        let inner = self.inner();
        Some(inner.indexes[inner.aliases.get(name)?].found())
    }

    /// What stands in the generation that the state records for a name, and whether its load has ended.
    pub(crate) fn recorded(&self, name: &str) -> Option<(BTreeMap<String, Stored>, bool)> {
        let inner = self.inner();
        let index = inner.state[Part::Indexes as usize].as_ref()?.indexes.get(name)?;
        Some((inner.indexes.get(&index.physical)?.found(), index.loaded))
    }

    /// The position that is recorded.
    pub(crate) fn position(&self) -> u64 {
        self.inner().state[Part::Position as usize].as_ref().map_or(0, |state| state.position.offset())
    }

    /// The entries of the quarantine: index, `_id`, version.
    pub(crate) fn quarantined(&self) -> Vec<(String, String, u64)> {
        let inner = self.inner();
        let living = |entry: &&Entry| inner.indexes.values().any(|index| index.generation.uuid == entry.index_uuid);
        let entries = inner.entries.values().filter(living);
        entries.map(|entry| (entry.index.clone(), entry.id.clone(), entry.version)).collect()
    }

    /// What was wrong so far.
    pub(crate) fn wrong(&self) -> Vec<String> {
        self.inner().wrong.clone()
    }

    async fn meet(&self) -> Result<()> {
        self.faults.meet("the engine").await
    }
}

impl Inner {
    /// What became of the documents, and which of them the pipeline has dropped: of those nothing is written.
    fn carry_out(&mut self, request: &Request) -> (Report, Vec<Item>) {
        let (mut report, mut dropped) = (Report::default(), Vec::new());
        // An index that is dropped is not made again by a write to it.
        let Some(index) = self.indexes.get_mut(&request.index) else { return (report, dropped) };
        tracing::debug!(index = request.index, version = request.version, documents = ?request.documents, "a request");
        for item in &request.documents {
            let Item { id, version, body, .. } = item;
            if request.piped && body.as_ref().is_some_and(|body| body.contains(DROPPED)) {
                dropped.push(Item { body: None, ..item.clone() });
                continue;
            }
            let place = (item.shard(), id.clone());
            let stands = |(stands, _): &Stored| if item.gte { stands > version } else { stands >= version };
            // As engines do: what cannot be parsed is refused before versions are compared.
            if body.as_ref().is_some_and(|body| body.contains(POISON)) {
                report.refused.push(Refused {
                    id: id.clone(),
                    routing: item.routing.clone(),
                    version: Version(request.version),
                    kind: "poison".to_owned(),
                    reason: String::new(),
                    bytes: 0,
                });
            } else if index.documents.get(&place).is_some_and(|(stored, _)| stands(stored)) {
                report.conflicts += 1;
            } else {
                // A document that says by what it is kept is kept by that.
                let shown = body.as_ref().and_then(|body| serde_json::from_str::<Value>(body).ok());
                if let Some(by) = shown.as_ref().and_then(|shown| shown.get("author_id")) {
                    let by = if by.is_null() { String::new() } else { format!("\"{by}\"") };
                    if by != item.routing {
                        self.wrong.push(format!("{id} is kept by {} and says {by}", item.routing));
                    }
                }
                index.documents.insert(place.clone(), ((*version, body.clone()), item.routing.clone()));
                report.written += 1;
                // A tombstone is kept while a request may be on its way that was sent before, and not for ever.
                if body.is_none() && self.on_the_way.is_empty() {
                    index.documents.remove(&place);
                }
            }
        }
        (report, dropped)
    }
}

impl Connect for MemoryEngine {
    type Sink = Self;

    async fn connect(&self) -> Result<Self> {
        self.meet().await?;
        Ok(self.clone())
    }
}

impl Sink for MemoryEngine {
    type Writer = MemoryWriter;
    type Stored = MemoryWriter;
    type State = MemoryState;
    type Quarantine = Self;

    fn describe(&self) -> String {
        "memory".to_owned()
    }

    fn state_place(&self) -> String {
        "memory".to_owned()
    }

    async fn reach_state(&self) -> Result<()> {
        Ok(())
    }

    async fn inspect(&self, name: &str) -> Result<Existing> {
        self.meet().await?;
        let inner = self.inner();
        let of = |index: &&Index| index.generation.physical.starts_with(&format!("{name}-"));
        let generations = inner.indexes.values().filter(of).map(|index| {
            let public = inner.aliases.get(name) == Some(&index.generation.physical);
            Generation { public, ..index.generation.clone() }
        });
        Ok(Existing { generations: generations.collect(), foreign: None })
    }

    fn check_definition(&self, _: &str, _: &IndexDefinition) -> Result<()> {
        Ok(())
    }

    async fn check_pipeline(&self, _: &str, _: &str) -> Result<()> {
        self.meet().await
    }

    async fn create(&self, name: &str, definition: &IndexDefinition, number: u64, owner: &Owner) -> Result<Generation> {
        self.meet().await?;
        let mut inner = self.inner();
        let physical = format!("{name}-{number}");
        if inner.indexes.contains_key(&physical) {
            let wrong = format!("generation {physical} is made twice");
            inner.wrong.push(wrong);
        }
        inner.sent += 1;
        let generation = Generation {
            physical: physical.clone(),
            uuid: format!("u{}", inner.sent),
            number,
            fingerprint: definition.fingerprint.clone(),
            identity: definition.identity.clone(),
            owner: owner.clone(),
            public: false,
        };
        inner.indexes.insert(physical, Index { generation: generation.clone(), documents: BTreeMap::new() });
        Ok(generation)
    }

    async fn settings(&self, _: &str) -> Result<Value> {
        self.meet().await?;
        Ok(Value::Null)
    }

    async fn put_off(&self, _: &str) -> Result<()> {
        self.meet().await
    }

    async fn restore(&self, _: &str, _: &Value) -> Result<()> {
        self.meet().await
    }

    async fn promote(&self, name: &str, physical: &str) -> Result<()> {
        self.meet().await?;
        {
            let mut inner = self.inner();
            let recorded = inner.state[Part::Indexes as usize].as_ref().and_then(|state| state.indexes.get(name));
            if !recorded.is_some_and(|index| index.physical == physical && index.loaded) {
                let wrong = format!("the alias {name} is put on {physical}, which is not recorded as complete");
                inner.wrong.push(wrong);
            }
            inner.aliases.insert(name.to_owned(), physical.to_owned());
            inner.indexes.retain(|of, _| of == physical || !of.starts_with(&format!("{name}-")));
        }
        self.meet().await
    }

    async fn holders(&self, name: &str) -> Result<Vec<(String, String)>> {
        self.meet().await?;
        let inner = self.inner();
        let physical = inner.aliases.get(name).map_or(name, String::as_str);
        let holder = inner.indexes.get(physical).map(|index| &index.generation);
        Ok(holder.map(|of| (of.physical.clone(), of.uuid.clone())).into_iter().collect())
    }

    async fn refresh(&self, _: &str) -> Result<()> {
        Ok(())
    }

    async fn discard(&self, generation: &Generation) {
        if self.meet().await.is_ok() {
            self.inner().indexes.remove(&generation.physical);
        }
    }

    fn writer(&self, target: &Target, _: MaxVersion, _: Patience) -> MemoryWriter {
        MemoryWriter { engine: self.clone(), index: target.physical.clone(), piped: target.pipeline.is_some() }
    }

    fn stored(&self, target: &Target, _: Option<&IndexDefinition>, patience: Patience) -> MemoryWriter {
        self.writer(target, MaxVersion::new(|| async { Ok(Version(u64::MAX)) }), patience)
    }

    async fn state(&self, _: &str, _: String) -> Result<(MemoryState, Option<State>)> {
        self.meet().await?;
        let inner = self.inner();
        let [indexes, tables, position] = &inner.state;
        let state = position.clone().map(|mut state| {
            // Parts that were not written yet say nothing.
            state.indexes = indexes.as_ref().map(|part| part.indexes.clone()).unwrap_or_default();
            state.numbers = indexes.as_ref().map(|part| part.numbers.clone()).unwrap_or_default();
            state.tables = tables.as_ref().map(|part| Arc::clone(&part.tables)).unwrap_or_default();
            state
        });
        Ok((MemoryState(self.clone()), state))
    }

    fn quarantine(&self, _: &str, _: Patience) -> Self {
        self.clone()
    }
}

/// Writes to one generation.
#[derive(Clone)]
pub(crate) struct MemoryWriter {
    engine: MemoryEngine,
    index: String,
    piped: bool,
}

impl WriteDocuments for MemoryWriter {
    type Ids = MemoryIds;

    async fn write(&self, documents: Documents) -> Result<Report> {
        let text = |body: &[u8]| String::from_utf8(body.to_vec()).unwrap();
        let item = |position: usize| {
            let document = documents.get(position);
            let line: Value = serde_json::from_slice(documents.action_line(position)).unwrap();
            let action = line.as_object().unwrap().values().next().unwrap();
            assert_eq!(action["_id"], *document.id);
            Item {
                id: document.id.clone().into_owned(),
                routing: action.get("routing").map(Value::to_string).unwrap_or_default(),
                version: action["version"].as_u64().unwrap(),
                gte: action["version_type"] == "external_gte",
                body: document.body.map(text),
            }
        };
        let all: Vec<_> = (0..documents.len()).map(item).collect();
        let mut report = Report::default();
        // Several requests, each on its way from the moment it is sent, whatever becomes of the sender.
        let mut parts: VecDeque<Vec<_>> = all.chunks(3).map(<[_]>::to_vec).collect();
        while let Some(part) = parts.pop_front() {
            let request = Request {
                index: self.index.clone(),
                piped: self.piped,
                version: documents.version().0,
                documents: part,
            };
            let number = {
                let mut inner = self.engine.inner();
                inner.sent += 1;
                let number = inner.sent;
                inner.on_the_way.insert(number, request.clone());
                number
            };
            self.engine.faults.delay().await;
            let answer = {
                let mut inner = self.engine.inner();
                if inner.on_the_way.remove(&number).is_some() { inner.carry_out(&request) } else { Default::default() }
            };
            // A lost answer: the request is sent again, and meets its own writes.
            let (answer, dropped) = if self.engine.faults.strikes() {
                self.engine.faults.delay().await;
                self.engine.inner().carry_out(&request)
            } else {
                answer
            };
            report = report.and(answer);
            if !dropped.is_empty() {
                parts.push_front(dropped);
            }
        }
        self.engine.faults.delay().await;
        Ok(report)
    }

    async fn older_than(&self, version: Version) -> Result<MemoryIds> {
        self.engine.meet().await?;
        let inner = self.engine.inner();
        let documents = inner.indexes.get(&self.index).map(|index| &index.documents);
        let older = documents.into_iter().flatten();
        let older = older.filter(|(_, ((of, body), _))| *of < version.0 && body.is_some());
        let listed = older.map(|((_, id), (_, routing))| Listed { id: id.clone(), routing: routing.clone() });
        Ok(MemoryIds(Some(listed.collect())))
    }

    async fn holding(&self, words: &[String]) -> Result<MemoryIds> {
        self.engine.meet().await?;
        let inner = self.engine.inner();
        let documents = inner.indexes.get(&self.index).map(|index| &index.documents);
        let holds = |body: &String| {
            let document: Value = serde_json::from_str(body).unwrap();
            let held: Vec<&str> = document[pgsync_plan::ROUTED_FIELD]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            !held.contains(&pgsync_plan::ROUTED) || words.iter().any(|word| held.contains(&word.as_str()))
        };
        let found = documents.into_iter().flatten().filter(|(_, ((_, body), _))| body.as_ref().is_some_and(holds));
        let listed = found.map(|((_, id), (_, routing))| Listed { id: id.clone(), routing: routing.clone() });
        Ok(MemoryIds(Some(listed.collect())))
    }
}

impl ReadStored for MemoryWriter {
    type Ids = MemoryIds;

    async fn get(&self, places: &[Listed]) -> Result<Vec<Option<StoredDocument>>> {
        self.engine.meet().await?;
        let inner = self.engine.inner();
        let Some(index) = inner.indexes.get(&self.index) else { return Ok(vec![None; places.len()]) };
        let get = |place: &Listed| {
            let (id, routing) = (place.id.clone(), place.routing.clone());
            let shard = Item { id, routing, version: 0, gte: false, body: None }.shard();
            let ((version, body), routing) = index.documents.get(&(shard, place.id.clone()))?;
            let source = RawValue::from_string(body.clone().filter(|_| *routing == place.routing)?).ok();
            Some(StoredDocument { version: *version, write: (*version, 0), source })
        };
        Ok(places.iter().map(get).collect())
    }

    async fn list(&self, _: bool) -> Result<MemoryIds> {
        self.older_than(Version(u64::MAX)).await
    }

    async fn through_pipeline(&self, documents: &Documents) -> Result<Option<Vec<Piped>>> {
        let piped = |body: &[u8]| match serde_json::from_slice::<Box<RawValue>>(body) {
            Ok(source) if !source.get().contains(DROPPED) => Piped::Document(source),
            _ => Piped::Dropped,
        };
        let bodies = documents.iter().filter_map(|document| document.body.map(piped));
        Ok(self.piped.then(|| bodies.collect()))
    }

    async fn forget(&self) -> Result<()> {
        Ok(())
    }

    async fn remember(&self) -> Result<()> {
        Ok(())
    }

    async fn delete_unchanged(&self, places: &[(Listed, (u64, u64))]) -> Result<()> {
        let mut inner = self.engine.inner();
        let Some(index) = inner.indexes.get_mut(&self.index) else { return Ok(()) };
        index.documents.retain(|(_, id), ((version, _), routing)| {
            !places.iter().any(|(place, write)| (&place.id, &place.routing, write.0) == (id, routing, *version))
        });
        Ok(())
    }

    async fn note_audit(&self, _: &str, _: &Value) -> Result<()> {
        Ok(())
    }
}

/// One page.
pub(crate) struct MemoryIds(Option<Vec<Listed>>);

impl ListIds for MemoryIds {
    async fn next(&mut self) -> Result<Option<Vec<Listed>>> {
        Ok(self.0.take())
    }
}

/// The state, in memory.
pub(crate) struct MemoryState(MemoryEngine);

impl StoreState for MemoryState {
    async fn write(&mut self, state: &State, parts: &[Part]) -> Result<()> {
        for part in Part::ALL.into_iter().filter(|part| parts.contains(part)) {
            self.0.meet().await?;
            self.0.inner().state[part as usize] = Some(state.clone());
        }
        // The answer may be lost.
        if self.0.faults.strikes() { Err(broken("the state")) } else { Ok(()) }
    }

    async fn moves(&self, _: Duration) -> Result<bool> {
        Ok(false)
    }
}

impl StoreRefused for MemoryEngine {
    async fn list(&self) -> Result<Vec<Entry>> {
        Ok(self.inner().entries.values().cloned().collect())
    }

    async fn put(&self, entries: &[Entry]) -> Result<()> {
        self.faults.delay().await;
        let mut inner = self.inner();
        tracing::debug!(?entries, "into the quarantine");
        for entry in entries {
            let newer = |known: &Entry| known.version > entry.version;
            if !inner.entries.get(&entry.name()).is_some_and(newer) {
                inner.entries.insert(entry.name(), entry.clone());
            }
        }
        Ok(())
    }

    async fn remove(&self, entries: &[(String, u64)]) -> Result<()> {
        self.faults.delay().await;
        let mut inner = self.inner();
        for (name, version) in entries {
            tracing::debug!(entry = ?inner.entries.get(name), version, "out of the quarantine");
            if inner.entries.get(name).is_some_and(|entry| entry.version <= *version) {
                inner.entries.remove(name);
            }
        }
        Ok(())
    }

    async fn uuid(&self, physical: &str) -> Result<String> {
        self.meet().await?;
        Ok(self.inner().indexes.get(physical).map(|index| index.generation.uuid.clone()).unwrap_or_default())
    }
}
