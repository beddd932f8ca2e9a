//! The start: what is there, and whether it can be gone on with. In: both sides as they are. Out: [`Started`], which
//! knows the state, what has to be loaded, and keeps the session that watches over the rest.
//!
//! Nothing is believed: the server may be another one or have been set back, the slot may have been moved or made anew,
//! an index may have gone. Each of these leads to a reload, not to silence.

use super::watch::Marks;
use super::{Context, Options, refused};
use crate::capture::{self, Facts, Setup};
use crate::sink::{Ceiling, Engine, Existing, Generation, Target, name_differences};
use crate::source::{Connection, Visibility, refuse_synchronous};
use crate::state::{IndexState, State, StateStore};
use crate::{Error, ErrorKind, Lsn, Result, database};
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio_postgres::Client;

/// Both sides, checked.
pub(super) struct Started {
    /// Watches, holds the lock that keeps a second process out, and is asked for positions.
    client: Arc<Client>,
    store: Mutex<Store>,
    /// Per document: the generation that writes go to, once there is one.
    generations: Vec<Option<Generation>>,
}

struct Store {
    store: StateStore,
    state: State,
}

/// Checks everything and decides what has to be loaded.
pub(super) async fn start(context: &Context, engine: &Engine, options: Options, reached: &mut bool) -> Result<Started> {
    let program = &context.program;
    let client = Arc::new(database::connect(&context.settings.database).await?);
    // From here on both sides have answered once: a failure later is an interruption.
    *reached = true;
    lock(&client, &program.capture.slot).await?;
    let mut facts = Facts::read(&client, program).await?;
    // Whatever can refuse comes before whatever sets something up.
    capture::fits(&client, &facts, program).await?;
    let mut indexes = Vec::new();
    for document in &program.plan.documents {
        let existing = engine.inspect(&document.index).await?;
        ours(&document.index, &existing, &program.capture.slot)?;
        indexes.push(existing);
    }
    if options.bootstrap {
        let setup = Setup::plan(&facts, program)?;
        if !setup.is_empty() {
            tracing::info!(statements = %setup.script(), "setting up the database");
            setup.apply(&client).await?;
            facts = Facts::read(&client, program).await?;
        }
    }
    capture::check(&client, &facts, program).await?;
    let system = Connection::open(&context.settings.database).await?.identify_system().await?;
    let (store, known) = StateStore::open(engine, &program.capture.slot).await?;
    let fresh = State::new(system.system_id, system.timeline, facts.database.clone());
    let confirmed = facts.slot.as_ref().and_then(|slot| slot.confirmed).unwrap_or(Lsn::ZERO);
    let mut state = known.clone().unwrap_or_else(|| fresh.clone());
    if let Some(reason) = discontinuity(&state, &fresh, known.is_some(), confirmed, system.position) {
        tracing::warn!(%reason, "what is indexed cannot be gone on with: everything is loaded again");
        state = fresh;
    }
    let marks = facts.marks(program);
    let mut started =
        Started { client, store: Mutex::new(Store { store, state: state.clone() }), generations: Vec::new() };
    for (position, existing) in indexes.iter().enumerate() {
        let generation = started.adopt(context, position, existing, &mut state, options)?;
        started.generations.push(generation);
    }
    // Every entry of a document that is gone from the schema goes with it.
    state.indexes.retain(|name, _| program.plan.documents.iter().any(|document| document.index == *name));
    if state.indexes.is_empty() {
        state.tables = marks;
        state.position = skip(&started.client, &program.capture.slot).await?;
    }
    started.store.get_mut().state = state;
    context.stale.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    Ok(started)
}

/// One process per slot, also while it loads and does not hold the slot itself.
async fn lock(client: &Client, slot: &str) -> Result<()> {
    let row = client
        .query_one("SELECT pg_try_advisory_lock(hashtext('pgsync'), hashtext($1::text))", &[&slot])
        .await
        .map_err(lost)?;
    if row.get(0) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Unavailable, format!("another process works with slot `{slot}`"))
        .help("stop it, or give this one a slot of its own with PGSYNC_SLOT"))
}

/// Moves the slot to the end of the log. Everything is about to be read anew, so nothing before is needed; and a change
/// that could not be followed would otherwise be met again after each load, for ever.
async fn skip(client: &Client, slot: &str) -> Result<Lsn> {
    let row = client
        .query_one(
            "SELECT end_lsn::text FROM pg_replication_slot_advance($1, greatest(pg_current_wal_flush_lsn(),
               (SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = $1)))",
            &[&slot],
        )
        .await
        .map_err(|error| {
            let kind = database::kind_of(error.code().map_or("", |code| code.code()));
            Error::new(kind, format!("slot `{slot}` could not be moved to the end of the log")).source(error)
        })?;
    position(row.get(0))
}

fn position(text: &str) -> Result<Lsn> {
    text.parse().map_err(|error: String| Error::new(ErrorKind::Fatal, error))
}

fn lost(error: tokio_postgres::Error) -> Error {
    Error::new(ErrorKind::Unavailable, "the watching session broke").source(error)
}

/// Why the state cannot be gone on with, if so.
fn discontinuity(state: &State, live: &State, known: bool, confirmed: Lsn, end: Lsn) -> Option<String> {
    if !known {
        return None;
    }
    if state.system_identifier != live.system_identifier || state.database != live.database {
        return Some("the database is another one".to_owned());
    }
    if state.position > end {
        return Some(format!("{} was written, but the log ends at {end}: the server was set back", state.position));
    }
    if state.timeline != live.timeline && state.indexes.values().any(|index| index.loaded) {
        return Some(format!("the server is on time line {}, it was on {}", live.timeline, state.timeline));
    }
    if confirmed > state.position {
        return Some(format!(
            "the slot is at {confirmed}, but only {} was written: it was moved or made anew",
            state.position
        ));
    }
    None
}

/// Whether the name of an index is ours to fill.
fn ours(name: &str, existing: &Existing, slot: &str) -> Result<()> {
    if let Some(foreign) = &existing.foreign {
        return Err(refused(
            format!("`{name}` is held by index `{foreign}`, which something else made"),
            "choose another `index` in the schema file, or remove what holds the name",
        ));
    }
    if let Some(other) = existing.generations.iter().find(|generation| generation.slot != slot) {
        return Err(refused(
            format!("index `{}` is fed through slot `{}`, this is `{slot}`", other.physical, other.slot),
            "choose another `index` in the schema file, or tear the other set-up down with its indexes",
        ));
    }
    Ok(())
}

impl Started {
    /// The generation to go on with; `None` where a load is needed.
    fn adopt(
        &self,
        context: &Context,
        position: usize,
        existing: &Existing,
        state: &mut State,
        options: Options,
    ) -> Result<Option<Generation>> {
        let program = &context.program;
        let name = &program.plan.documents[position].index;
        let definition = &program.indexes[position];
        if options.rebuild {
            state.indexes.remove(name);
            return Ok(None);
        }
        if let Some(public) = existing.public()
            && public.fingerprint != definition.fingerprint
        {
            let differences = name_differences(&public.identity, &definition.identity).join("\n  - ");
            return Err(refused(
                format!("index `{name}` was filled from another schema:\n  - {differences}"),
                "fill a new generation beside it and swap: run again with --rebuild",
            ));
        }
        let stale = context.stale.lock().unwrap_or_else(std::sync::PoisonError::into_inner).contains(&position);
        let known = state.indexes.get(name).filter(|known| known.loaded && !stale);
        let found = known.and_then(|known| {
            existing.generations.iter().find(|generation| {
                generation.physical == known.physical && generation.uuid == known.uuid && generation.public
            })
        });
        if found.is_none()
            && let Some(known) = state.indexes.remove(name)
            && known.loaded
        {
            tracing::warn!(index = %name, "the index is not the one that was filled, or is out of date: loading it again");
        }
        Ok(found.cloned())
    }

    /// Documents that have to be loaded.
    pub(super) fn unloaded(&self) -> impl Iterator<Item = usize> {
        let missing = self.generations.iter().enumerate().filter(|(_, generation)| generation.is_none());
        missing.map(|(position, _)| position).collect::<Vec<_>>().into_iter()
    }

    /// The version that a load writes at: everything that committed before it is visible to the reads.
    pub(super) async fn low_mark(&self, context: &Context) -> Result<Lsn> {
        let facts = self.facts(context).await?;
        let mark = facts.slot.and_then(|slot| slot.confirmed).ok_or_else(|| {
            refused("the slot has no confirmed position", "run `teardown`, then `bootstrap`, then this again")
        })?;
        let mut visibility = Visibility::new(database::connect(&context.settings.database).await?).await?;
        visibility.drained(super::read::patience(context)).await?;
        context.health.resumed();
        Ok(mark)
    }

    /// Makes the next generation of an index and records it before its first document. What an earlier, unfinished load
    /// left is dropped.
    pub(super) async fn begin(
        &mut self,
        context: &Context,
        engine: &Engine,
        position: usize,
        low_mark: Lsn,
    ) -> Result<Target> {
        let name = &context.program.plan.documents[position].index;
        let definition = &context.program.indexes[position];
        let existing = engine.inspect(name).await?;
        let recorded = self.store.get_mut().state.indexes.get(name).map(|known| known.physical.clone());
        for generation in &existing.generations {
            if !generation.public || recorded.as_ref() == Some(&generation.physical) {
                engine.drop_generation(generation).await?;
            }
        }
        let number = existing.generations.iter().map(|generation| generation.number).max().unwrap_or(0) + 1;
        let held = existing.public().is_some_and(|public| recorded.as_ref() != Some(&public.physical));
        let marks = self.facts(context).await?.marks(&context.program);
        let generation = engine.create(name, definition, number, &context.program.capture.slot, !held).await?;
        let store = self.store.get_mut();
        store.state.position = store.state.position.max(low_mark);
        for route in &context.program.plan.documents[position].routes {
            let table = context.program.plan.table(route.table).qualified();
            // Another document of this table may have been made from an older state of it: the older mark stays.
            if let Some(mark) = marks.get(&table)
                && !store.shared(context, position, &table)
            {
                store.state.tables.insert(table, mark.clone());
            }
        }
        store.state.indexes.insert(
            name.clone(),
            IndexState {
                physical: generation.physical.clone(),
                uuid: generation.uuid.clone(),
                generation: number,
                fingerprint: generation.fingerprint.clone(),
                low_mark,
                loaded: false,
            },
        );
        store.store.write(&store.state).await?;
        let target = Target { physical: generation.physical.clone() };
        self.generations[position] = Some(generation);
        Ok(target)
    }

    /// Puts a filled generation behind the alias and records that it is filled.
    pub(super) async fn finish(&mut self, context: &Context, engine: &Engine, position: usize) -> Result<()> {
        let name = &context.program.plan.documents[position].index;
        let target = self.target(position)?;
        engine.promote(name, &target.physical).await?;
        let store = self.store.get_mut();
        if let Some(index) = store.state.indexes.get_mut(name) {
            index.loaded = true;
        }
        store.store.write(&store.state).await
    }

    /// Where the writes of a document go.
    pub(super) fn target(&self, position: usize) -> Result<Target> {
        let generation = self.generations[position].as_ref();
        let physical = generation.map(|generation| generation.physical.clone());
        physical
            .map(|physical| Target { physical })
            .ok_or_else(|| Error::new(ErrorKind::Fatal, "a document is followed that was not loaded"))
    }

    /// Everything before it is written.
    pub(super) async fn position(&self) -> Lsn {
        self.store.lock().await.state.position
    }

    /// What the documents were made from.
    pub(super) async fn marks(&self) -> Marks {
        self.store.lock().await.state.tables.clone()
    }

    /// Records that everything before a position is written.
    pub(super) async fn record(&self, position: Lsn) -> Result<()> {
        let mut guard = self.store.lock().await;
        let Store { store, state } = &mut *guard;
        state.position = state.position.max(position);
        store.write(state).await
    }

    /// Records, with the next position, what the documents are made from now.
    pub(super) async fn remember(&self, marks: Marks) {
        self.store.lock().await.state.tables = marks;
    }

    /// The live catalogue.
    pub(super) async fn facts(&self, context: &Context) -> Result<Facts> {
        Facts::read(&self.client, &context.program).await
    }

    /// The end of what is durable in the log: everything a user has seen committed is before it.
    pub(super) async fn durable_end(&self) -> Result<Lsn> {
        let row = self.client.query_one("SELECT pg_current_wal_flush_lsn()::text", &[]).await.map_err(lost)?;
        position(row.get(0))
    }

    /// The end of the log.
    pub(super) async fn log_end_now(&self) -> Result<Lsn> {
        log_end(&self.client).await
    }

    /// Tells writers the end of the log. A lost session does not end a write: another one is opened.
    pub(super) fn log_end(&self, context: &Context) -> Ceiling {
        let (client, settings) = (Arc::clone(&self.client), Arc::clone(&context.settings));
        Ceiling::new(move || {
            let (client, settings) = (Arc::clone(&client), Arc::clone(&settings));
            async move {
                match log_end(&client).await {
                    Err(error) if error.kind() == ErrorKind::Unavailable => {
                        log_end(&database::connect(&settings.database).await?).await
                    }
                    end => end,
                }
            }
        })
    }

    /// Our stream must not be a synchronous standby.
    pub(super) async fn standby(&self, context: &Context, pid: i32) -> Result<()> {
        refuse_synchronous(&self.client, pid, &context.settings.database.application_name).await
    }
}

impl Store {
    /// Whether another document that is filled already has rows of this table.
    fn shared(&self, context: &Context, position: usize, table: &str) -> bool {
        let plan = &context.program.plan;
        plan.documents.iter().enumerate().any(|(other, document)| {
            other != position
                && self.state.indexes.get(&document.index).is_some_and(|index| index.loaded)
                && document.routes.iter().any(|route| plan.table(route.table).qualified() == table)
        })
    }
}

async fn log_end(client: &Client) -> Result<Lsn> {
    let row = client.query_one("SELECT pg_current_wal_insert_lsn()::text", &[]).await.map_err(lost)?;
    position(row.get(0))
}
