//! The generations of each index, and where each is in its life. In: what the engine lists, and what the state records.
//! Out: the generation that writes go to, or the need of a load; the alias on what is complete, and on nothing else.
//!
//! ```text
//!            created           load complete        alias moved          alias moved on
//!   (none) ----------> Filling -------------> Filled -----------> Served -----------> Superseded -> dropped
//!                       |  ^                    ^                   |  ^
//!                killed |  | goes on            | alias taken away  |  | alias moved
//!                       +--+                    +-------------------+  |
//!                                                     Outdated <-------+ the record was lost or is not believed:
//!                                                                        served until its successor is filled
//! ```
//!
//! The state is never written down as such: it follows from two facts that are, the record in the state index and the
//! alias. So no crash can leave the two in contradiction.

use super::Context;
use super::attempts::Attempts;
use super::checkpoint::Checkpoint;
use crate::failpoint::failpoint;
use crate::position::Mark;
use crate::sink::{Existing, Generation, Owner, Sink, Target, name_differences, taken};
use crate::state::{IndexState, StoreState};
use crate::{Code, Error, ErrorKind, Result};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Where a generation is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GenerationState {
    /// Its load has not ended. No search finds it; the stream is written to it all the same, and the next start goes on with
    /// it where it is still what is wanted.
    Filling,
    /// Its load has ended, and the alias is not on it: it was not moved yet, or was taken away.
    Filled,
    /// Searches find it, and the stream keeps it up to date.
    Served,
    /// Searches find it, and it cannot be continued. It stays until its successor is filled.
    Outdated,
    /// Nothing needs it: a successor is served, or its load was never recorded. Dropped.
    Superseded,
    /// Fed from another database or through another slot. Left alone.
    Foreign,
}

/// Where a generation is in its life, from what the engine shows and what the state records.
pub(super) fn judge(found: &Generation, recorded: Option<&IndexState>, owner: &Owner) -> GenerationState {
    if !owner.is(&found.owner) {
        return GenerationState::Foreign;
    }
    let recorded = recorded.filter(|known| known.physical == found.physical && known.uuid == found.uuid);
    match (recorded.map(|known| known.loaded), found.public) {
        (Some(false), _) => GenerationState::Filling,
        (Some(true), false) => GenerationState::Filled,
        (Some(true), true) => GenerationState::Served,
        (None, true) => GenerationState::Outdated,
        (None, false) => GenerationState::Superseded,
    }
}

/// Whether the name of an index is ours to fill.
///
/// # Errors
/// [`Code::NameTaken`], and [`Code::AnotherOwner`] where nobody has said that it is to be taken over.
pub(super) fn ours(name: &str, existing: &Existing, owner: &Owner, take_over: bool) -> Result<()> {
    if let Some(foreign) = &existing.foreign {
        return Err(taken(name, foreign));
    }
    match existing.generations.iter().find(|generation| !owner.is(&generation.owner)) {
        Some(other) if !take_over => Err(belongs_to(&format!("index `{}`", other.physical), &other.owner, owner)),
        _ => Ok(()),
    }
}

/// Something that another database, or another slot, feeds.
pub(super) fn belongs_to(what: &str, other: &Owner, owner: &Owner) -> Error {
    Error::coded(Code::AnotherOwner, format!("{what} is fed from {other}, and this is {owner}")).help(
        "give this one another `index` in the schema file and a slot of its own (PGSYNC_SLOT); where this database is to \
         replace the other (the server was upgraded, or restored from a dump), run once with --take-over: it loads \
         everything, then drops what the other has filled",
    )
}

/// The generations of all documents.
pub(super) struct Generations {
    owner: Owner,
    take_over: bool,
    /// Per document of the program.
    entries: Mutex<Vec<Entry>>,
}

struct Entry {
    /// What writes go to, once there is one, and where it is in its life.
    current: Option<(Generation, GenerationState)>,
    /// Whether this process has made it: then no other has sent anything to it.
    made: bool,
    /// Number of the next generation. Never one that was used before: a request to that may still be on its way.
    next: u64,
}

impl Generations {
    /// Before anything is known of them.
    pub(super) fn new(owner: Owner, take_over: bool) -> Self {
        Self { owner, take_over, entries: Mutex::default() }
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the next document in: what to continue with, or the need of a load; drops what nothing needs. `invalid`:
    /// what is there cannot be continued.
    ///
    /// # Errors
    /// [`Code::OtherSchema`]; those of the engine.
    pub(super) async fn adopt(
        &mut self,
        context: &Context,
        engine: &impl Sink,
        checkpoint: &Checkpoint<impl StoreState>,
        existing: Existing,
        invalid: bool,
        rebuild: bool,
    ) -> Result<()> {
        let position = self.entries().len();
        let name = &context.program.plan.documents[position].index;
        let definition = &context.program.indexes[position];
        let recorded = checkpoint.index(name);
        let numbers = existing.generations.iter().map(|generation| generation.number);
        let numbers = numbers.chain(recorded.iter().map(|known| known.generation)).chain([checkpoint.number(name)]);
        let last = numbers.max().unwrap_or(0);
        checkpoint.numbered(name, last);
        let next = last + 1;
        // A load that has not ended fills what is asked for: it goes on, also where it is asked for again.
        let goes_on = |known: &IndexState| {
            !known.loaded && known.version.is_some() && known.fingerprint == definition.fingerprint
        };
        let recorded_now = recorded.clone().filter(|known| !invalid && if rebuild { goes_on(known) } else { true });
        if recorded_now.is_none() {
            checkpoint.invalidate(name);
        }
        let mut current = None;
        let mut searched = None;
        let mut unneeded = Vec::new();
        for found in existing.generations {
            let state = judge(&found, recorded_now.as_ref(), &self.owner);
            match state {
                GenerationState::Filled | GenerationState::Served => current = Some((found, state)),
                GenerationState::Filling if !found.public && recorded_now.as_ref().is_some_and(goes_on) => {
                    current = Some((found, state));
                }
                GenerationState::Outdated => searched = Some(found),
                GenerationState::Filling | GenerationState::Superseded => unneeded.push(found),
                GenerationState::Foreign => {}
            }
        }
        let shown = current.as_ref().map(|(found, _)| found).or(searched.as_ref());
        if let Some(shown) = shown.filter(|shown| shown.fingerprint != definition.fingerprint) {
            let differences = name_differences(&shown.identity, &definition.identity).join("\n  ");
            let other = format!("index `{name}` was filled from another schema:\n  {differences}");
            if !rebuild {
                return Err(Error::coded(Code::OtherSchema, other)
                    .help("fill a new generation beside it and swap: run again with --rebuild"));
            }
            tracing::info!("{other}");
        }
        if !unneeded.is_empty() {
            // Their numbers are recorded before they are gone.
            checkpoint.save().await?;
        }
        for generation in unneeded {
            tracing::info!(index = %generation.physical, "dropping what is not complete or not needed any more");
            failpoint("before-a-generation-goes");
            engine.discard(&generation).await;
        }
        if current.is_none() {
            if !rebuild && recorded.is_some_and(|known| known.loaded) {
                tracing::warn!(index = %name, "the index is not the one that was filled, or is out of date: loading it again");
            }
            checkpoint.invalidate(name);
        }
        self.entries().push(Entry { current, made: false, next });
        Ok(())
    }

    /// Documents that have no generation to write to.
    pub(super) fn missing(&self) -> Vec<usize> {
        self.positions(|current| current.is_none())
    }

    /// Whether the generation that a document is written to was made since this was.
    pub(super) fn is_made(&self, position: usize) -> bool {
        self.entries().get(position).is_some_and(|entry| entry.made)
    }

    /// Documents whose load has not ended.
    pub(super) fn unfinished(&self) -> Vec<usize> {
        self.positions(|current| current.as_ref().is_some_and(|(_, state)| *state == GenerationState::Filling))
    }

    fn positions(&self, which: impl Fn(&Option<(Generation, GenerationState)>) -> bool) -> Vec<usize> {
        let entries = self.entries();
        (0..entries.len()).filter(|position| which(&entries[*position].current)).collect()
    }

    /// Makes the next generation of an index.
    pub(super) async fn create(&self, context: &Context, engine: &impl Sink, position: usize) -> Result<Generation> {
        let name = &context.program.plan.documents[position].index;
        let definition = &context.program.indexes[position];
        let next = self.entries()[position].next;
        let generation = engine.create(name, definition, next, &self.owner).await?;
        let mut entries = self.entries();
        let entry = &mut entries[position];
        entry.next = next + 1;
        entry.made = true;
        entry.current = Some((generation.clone(), GenerationState::Filling));
        Ok(generation)
    }

    /// The load of a generation has ended, and that is recorded.
    pub(super) fn filled(&self, position: usize) {
        self.becomes(position, GenerationState::Filled);
    }

    fn becomes(&self, position: usize, now: GenerationState) {
        if let Some((_, state)) = &mut self.entries()[position].current {
            *state = now;
        }
    }

    /// Puts the alias on every generation that is filled and has none, however long that takes. Its settings are what they were
    /// before the load by then, also where a process was killed between the two.
    ///
    /// # Errors
    /// What waiting does not help against: something else holds the name, a right is missing.
    pub(super) async fn publish(
        &self,
        context: &Context,
        engine: &impl Sink,
        checkpoint: &Checkpoint<impl StoreState>,
    ) -> Result<()> {
        for (position, document) in context.program.plan.documents.iter().enumerate() {
            let current = self.entries()[position].current.clone();
            let Some((generation, GenerationState::Filled)) = current else { continue };
            let name = &document.index;
            let mut attempts = Attempts::new(context, format!("the alias `{name}` to be moved"));
            let promote = async || {
                ours(name, &engine.inspect(name).await?, &self.owner, self.take_over)?;
                if let Some(known) = checkpoint.index(name).filter(|known| !known.settings.is_null()) {
                    engine.restore(&generation.physical, &known.settings).await?;
                }
                engine.promote(name, &generation.physical).await
            };
            failpoint("before-the-alias");
            while let Err(error) = promote().await {
                attempts.pause(error).await?;
            }
            attempts.over();
            failpoint("alias-moved");
            self.becomes(position, GenerationState::Served);
            tracing::info!(alias = %name, index = %generation.physical, "searches find the filled index");
        }
        Ok(())
    }

    /// Where the writes of a document go.
    pub(super) fn target(&self, context: &Context, position: usize) -> Result<Target> {
        let pipeline = context.program.plan.documents.get(position).and_then(|document| document.pipeline.clone());
        let entries = self.entries();
        let current = entries.get(position).and_then(|entry| entry.current.as_ref());
        current
            .map(|(generation, _)| Target { physical: generation.physical.clone(), pipeline })
            .ok_or_else(|| Error::new(ErrorKind::Fatal, "a document is followed that was not loaded"))
    }

    /// What is served under which name.
    pub(super) fn served<'a>(&self, context: &'a Context) -> Vec<(&'a str, Generation)> {
        let names = context.program.plan.documents.iter().map(|document| document.index.as_str());
        let served = |(name, entry): (&'a str, &Entry)| match &entry.current {
            Some((generation, GenerationState::Served)) => Some((name, generation.clone())),
            _ => None,
        };
        names.zip(self.entries().iter()).filter_map(served).collect()
    }
}

/// What the state records of a generation whose load begins.
pub(super) fn filling(generation: &Generation, low_mark: Mark, settings: serde_json::Value) -> IndexState {
    IndexState {
        physical: generation.physical.clone(),
        uuid: generation.uuid.clone(),
        generation: generation.number,
        fingerprint: generation.fingerprint.clone(),
        low_mark: low_mark.position,
        version: Some(low_mark.version),
        reached: None,
        settings,
        loaded: false,
        swept: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Options;
    use crate::pipeline::drive::Drive;
    use crate::settings::{Overrides, Settings};
    use crate::sink::memory::MemoryEngine;
    use crate::source::memory::{self, Database, Faults};
    use crate::transform::Transforms;
    use std::collections::BTreeMap;

    fn owner(system: &str) -> Owner {
        Owner {
            system_identifier: system.to_owned(),
            database: "d".to_owned(),
            slot: "s".to_owned(),
            host: "h".to_owned(),
            lineage: Vec::new(),
        }
    }

    fn generation(public: bool, uuid: &str) -> Generation {
        Generation {
            physical: "books-01-1".to_owned(),
            uuid: uuid.to_owned(),
            number: 1,
            fingerprint: "01".to_owned(),
            identity: String::new(),
            owner: owner("1"),
            public,
        }
    }

    #[test]
    fn the_record_and_the_alias_say_where_a_generation_is() {
        let filling = filling(&generation(false, "u"), Mark::default(), serde_json::Value::Null);
        let filled = IndexState { loaded: true, ..filling.clone() };
        for (recorded, public, state) in [
            (Some(&filling), false, GenerationState::Filling),
            // What an earlier version left: it put the alias on before the load.
            (Some(&filling), true, GenerationState::Filling),
            (Some(&filled), false, GenerationState::Filled),
            (Some(&filled), true, GenerationState::Served),
            (None, true, GenerationState::Outdated),
            (None, false, GenerationState::Superseded),
        ] {
            assert_eq!(judge(&generation(public, "u"), recorded, &owner("1")), state);
            assert_eq!(judge(&generation(public, "u"), recorded, &owner("2")), GenerationState::Foreign);
        }
        // An index of the same name that is another one.
        assert_eq!(judge(&generation(true, "v"), Some(&filled), &owner("1")), GenerationState::Outdated);
        assert_eq!(judge(&generation(false, "v"), Some(&filling), &owner("1")), GenerationState::Superseded);
    }

    /// A process over what the database and the engine of the memory hold.
    fn drive(
        program: &pgsync_plan::Program,
        (database, engine): (&Database, &MemoryEngine),
        rebuild: bool,
    ) -> Drive<Database, MemoryEngine> {
        let variables = BTreeMap::from([("PG_USER".to_owned(), "u".to_owned())]);
        let (settings, _) = Settings::from_variables(variables, &Overrides::default()).unwrap();
        let context = Context::new(program.clone(), settings, Transforms::default()).unwrap();
        let options = Options { rebuild, until_caught_up: true, ..Options::default() };
        Drive { context, options, source: database.clone(), engine: engine.clone() }
    }

    #[tokio::test(start_paused = true)]
    async fn another_schema_is_refused_with_the_fields_that_differ() {
        let faults = Faults::new(1);
        faults.calm();
        let (database, engine) = (Database::new(faults.clone()), MemoryEngine::new(faults));
        let program = memory::program().clone();
        drive(&program, (&database, &engine), false).run().await.unwrap();
        let mut other = program.clone();
        let definition = &mut other.indexes[0];
        let mut identity: serde_json::Value = serde_json::from_str(&definition.identity).unwrap();
        let properties = identity["mappings"]["properties"].as_object_mut().unwrap();
        properties.insert("added".to_owned(), serde_json::json!({ "type": "keyword" }));
        definition.identity = identity.to_string();
        definition.fingerprint = "another".to_owned();
        let error = drive(&other, (&database, &engine), false).run().await.unwrap_err();
        assert_eq!(error.code(), Some(Code::OtherSchema));
        assert!(error.to_string().contains("another schema:\n  + added: keyword"), "{error}");
        drive(&other, (&database, &engine), true).run().await.unwrap();
        // It is what was filled now, and the first one is the other.
        let error = drive(&program, (&database, &engine), false).run().await.unwrap_err();
        assert!(error.to_string().contains("\n  - added: keyword"), "{error}");
    }

    #[test]
    fn what_another_database_feeds_is_ours_only_when_taken_over() {
        let existing = || Existing { generations: vec![generation(false, "u")], foreign: None };
        assert!(ours("books", &existing(), &owner("1"), false).is_ok());
        let error = ours("books", &existing(), &owner("2"), false).unwrap_err();
        assert_eq!(error.code(), Some(Code::AnotherOwner));
        assert!(ours("books", &existing(), &owner("2"), true).is_ok());
        let taken = Existing { foreign: Some("theirs".to_owned()), ..existing() };
        assert_eq!(ours("books", &taken, &owner("1"), true).unwrap_err().code(), Some(Code::NameTaken));
    }
}
