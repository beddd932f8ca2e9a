//! The start: what is there, and whether it can be continued. In: both sides as they are. Out: [`Started`]: the lease on
//! the slot, the generations that writes go to, the checkpoint; and what has to be loaded.
//!
//! Nothing is believed: the server may be another one or have been set back, the slot may have been moved or made anew,
//! an index may have gone. Each of these leads to a reload, or to a refusal where the index is somebody else's; never to
//! silence.

use super::checkpoint::{BEAT_EVERY, Checkpoint};
use super::generations::{Generations, belongs_to, filling, ours};
use super::lease::Lease;
use super::origin::Origin;
use super::{Context, Options, refused};
use crate::Result;
use crate::sink::{Ceiling, Engine, Target};
use crate::source::postgres::Lsn;
use crate::source::postgres::Visibility;
use crate::source::postgres::capture::{self, Facts, Fingerprints, Setup};
use crate::source::postgres::connection as database;
use crate::state::{State, StateStore};
use std::sync::{Arc, PoisonError};

/// Both sides, checked.
pub(super) struct Started {
    lease: Lease,
    generations: Generations,
    checkpoint: Arc<Checkpoint>,
}

/// Checks everything and decides what has to be loaded.
pub(super) async fn start(context: &Context, engine: &Engine, options: Options, reached: &mut bool) -> Result<Started> {
    let program = &context.program;
    let slot = &program.capture.slot;
    let lease = Lease::open(context).await?;
    // From here on both sides have answered once: a failure later is an interruption.
    let first = !std::mem::replace(reached, true);
    lease.take(slot).await?;
    let mut facts = lease.facts(context).await?;
    // Whatever can refuse comes before whatever sets something up.
    capture::fits(lease.client(), &facts, program).await?;
    let setup = if options.bootstrap { Some(Setup::plan(lease.client(), &facts, program).await?) } else { None };
    if setup.is_none() {
        capture::check(lease.client(), &facts, program).await?;
    }
    let origin = Origin::read(lease.client(), &context.settings.database, slot).await?;
    if first {
        announce(context, engine, &origin);
    }
    let mut indexes = Vec::new();
    for document in &program.plan.documents {
        let existing = engine.inspect(&document.index).await?;
        ours(&document.index, &existing, &origin.owner, options.take_over)?;
        indexes.push(existing);
    }
    let (store, known) = StateStore::open_as(engine, slot, context.writer.to_string()).await?;
    if let Some(known) = &known {
        others(engine, &store, known, &origin, &facts, options.take_over).await?;
    }
    if let Some(setup) = setup {
        if !setup.is_empty() {
            tracing::info!(statements = %setup.script(), "setting up the database");
            setup.apply(&database::connect_to_read(&context.settings.database).await?).await?;
            facts = lease.facts(context).await?;
        }
        capture::check(lease.client(), &facts, program).await?;
    }
    capture::report_unused(lease.client(), &program.capture.publication).await;
    let own = known.as_ref().filter(|known| known.owner.same_database(&origin.owner));
    let mut fresh = State::new(origin.owner.clone(), Some(origin.oid), origin.timeline);
    fresh.replaced = capture::replaced(&facts, &program.capture.publication, own);
    let mut state = match known {
        Some(known) if known.owner.same_database(&origin.owner) => match discontinuity(&known, &origin, &facts) {
            None => State {
                owner: origin.owner.clone(),
                database_oid: Some(origin.oid),
                timeline: origin.timeline,
                replaced: fresh.replaced,
                ..known
            },
            Some(reason) => {
                tracing::warn!(%reason, "what is indexed cannot be continued: everything is loaded again");
                fresh
            }
        },
        _ => fresh,
    };
    // Every entry of a document that is gone from the schema goes with it.
    state.indexes.retain(|name, _| program.plan.documents.iter().any(|document| document.index == *name));
    let checkpoint = Arc::new(Checkpoint::new(context, store, state));
    let mut generations = Generations::new(origin.owner, options.take_over);
    let stale = context.stale.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for (position, existing) in indexes.into_iter().enumerate() {
        let stale = stale.contains(&position);
        generations.adopt(context, engine, &checkpoint, existing, stale, options.rebuild).await?;
    }
    if checkpoint.is_empty() {
        let (_, seen) = lease.fingerprints(context).await?;
        checkpoint.restart(lease.skip(slot).await?, seen);
    }
    // What is not believed is recorded as such before that is forgotten here.
    checkpoint.save().await?;
    context.stale.lock().unwrap_or_else(PoisonError::into_inner).clear();
    Ok(Started { lease, generations, checkpoint })
}

/// Refuses a state that is another database's, or one that another process is writing: a copy of a server has its system
/// identifier, and only that tells whether the other is at work. Looked for where something is not as it was left.
async fn others(
    engine: &Engine,
    store: &StateStore,
    known: &State,
    origin: &Origin,
    facts: &Facts,
    take_over: bool,
) -> Result<()> {
    let owner = &origin.owner;
    let what = format!("the state of slot `{}` in index `{}`", owner.slot, engine.state_name());
    let same = known.owner.same_database(owner);
    let as_left = same && known.owner.host == owner.host && discontinuity(known, origin, facts).is_none();
    if as_left || take_over || !feeds(engine, known).await? {
        if !same {
            tracing::warn!("{what} is replaced: it was that of {}", known.owner);
        }
        return Ok(());
    }
    if !same {
        return Err(belongs_to(&what, &known.owner, owner));
    }
    tracing::info!(
        "the state was left by a process that worked on {}: looking whether that still writes it",
        known.owner
    );
    // One beat of the other, and what its engine takes for it.
    if store.moves(BEAT_EVERY + BEAT_EVERY / 2).await? {
        return Err(belongs_to(&format!("{what} is being written by another process: it"), &known.owner, owner));
    }
    Ok(())
}

/// Whether one of the indexes that a state records is still there. One without any is left over, and nobody's.
async fn feeds(engine: &Engine, state: &State) -> Result<bool> {
    for index in state.indexes.values() {
        if !engine.holders(&index.physical).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Says once what is worked on, and what of it nobody has named.
fn announce(context: &Context, engine: &Engine, origin: &Origin) {
    let settings = &context.settings;
    tracing::info!(
        database = %origin.owner.database,
        server = %format_args!("PostgreSQL {} at {}", origin.version, database::address(&settings.database)),
        engine = %format_args!("{engine} at {}", settings.engine.url),
        "working on"
    );
    for assumed in &settings.run.assumed {
        tracing::warn!("{assumed}");
    }
}

/// Why a state cannot be continued, if so.
fn discontinuity(state: &State, live: &Origin, facts: &Facts) -> Option<String> {
    let (position, end) = (state.position, live.end);
    if state.database_oid.is_some_and(|oid| oid != live.oid) {
        return Some(format!("database `{}` was dropped and made anew", live.owner.database));
    }
    if position > end {
        return Some(format!("{position} was written, but the log ends at {end}: the server was set back"));
    }
    if state.timeline != live.timeline && state.indexes.values().any(|index| index.loaded) {
        return Some(format!("the server is on time line {}, it was on {}", live.timeline, state.timeline));
    }
    let confirmed = facts.slot.as_ref().and_then(|slot| slot.confirmed).unwrap_or(Lsn::ZERO);
    if confirmed > position {
        return Some(format!("the slot is at {confirmed}, but only {position} was written: it was moved or made anew"));
    }
    None
}

impl Started {
    /// How far everything is written.
    pub(super) fn checkpoint(&self) -> &Arc<Checkpoint> {
        &self.checkpoint
    }

    /// What writes go to.
    pub(super) fn generations(&self) -> &Generations {
        &self.generations
    }

    /// Documents that have to be loaded.
    pub(super) fn unloaded(&self) -> impl Iterator<Item = usize> {
        self.generations.unloaded().into_iter()
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

    /// Puts the alias on what is filled and has none: a load whose last step was interrupted is not done again.
    pub(super) async fn publish(&mut self, context: &Context, engine: &Engine) -> Result<()> {
        self.generations.publish(context, engine).await
    }

    /// Makes the next generation of an index and records it before its first document.
    pub(super) async fn begin(
        &mut self,
        context: &Context,
        engine: &Engine,
        position: usize,
        low_mark: Lsn,
    ) -> Result<Target> {
        let name = &context.program.plan.documents[position].index;
        let (_, mut seen) = self.fingerprints(context).await?;
        let generation = self.generations.create(context, engine, position).await?;
        let (own, shared) = self.tables(context, position);
        seen.retain(|table, _| own.contains(table));
        self.checkpoint.begin(name, filling(&generation, low_mark), seen, &shared).await?;
        Ok(Target { physical: generation.physical })
    }

    /// Records that a generation is filled, then puts the alias on it. In this order: what is loaded stays loaded,
    /// however long the engine refuses the alias.
    pub(super) async fn finish(&mut self, context: &Context, engine: &Engine, position: usize) -> Result<()> {
        self.checkpoint.filled(&context.program.plan.documents[position].index).await?;
        self.generations.filled(position);
        self.publish(context, engine).await
    }

    /// The tables of a document, and those that another loaded document has rows of: it may have been made from an older
    /// state of them.
    fn tables(&self, context: &Context, position: usize) -> (Vec<String>, Vec<String>) {
        let plan = &context.program.plan;
        let tables = |document: usize| {
            plan.documents[document].routes.iter().map(|route| plan.table(route.table).qualified()).collect::<Vec<_>>()
        };
        let loaded = |document: &usize| {
            let index = self.checkpoint.index(&plan.documents[*document].index);
            *document != position && index.is_some_and(|index| index.loaded)
        };
        (tables(position), (0..plan.documents.len()).filter(loaded).flat_map(tables).collect())
    }

    /// Where the writes of a document go.
    pub(super) fn target(&self, position: usize) -> Result<Target> {
        self.generations.target(position)
    }

    /// Everything before it is written.
    pub(super) async fn position(&self) -> Lsn {
        self.checkpoint.position()
    }

    /// What the documents were made from.
    pub(super) fn known(&self) -> Fingerprints {
        self.checkpoint.fingerprints()
    }

    /// Records, with the next position, what the documents are made from now.
    pub(super) fn remember(&self, known: Fingerprints) {
        self.checkpoint.renew(known);
    }

    /// The live catalogue.
    pub(super) async fn facts(&self, context: &Context) -> Result<Facts> {
        self.lease.facts(context).await
    }

    /// The live catalogue, and what documents would be made from now.
    pub(super) async fn fingerprints(&self, context: &Context) -> Result<(Facts, Fingerprints)> {
        self.lease.fingerprints(context).await
    }

    /// Gives partitions that have joined the replica identity they need, where the program may set up the database. It
    /// only saves work: without it changes are answered by reading more.
    pub(super) async fn set_up_partitions(&self, context: &Context, facts: &Facts) {
        if !context.bootstrap || !facts.has_partition_without_identity(&context.program) {
            return;
        }
        let client = self.lease.client();
        let done = async { Setup::plan(client, facts, &context.program).await?.apply(client).await };
        match done.await {
            Ok(()) => tracing::info!("a new partition has the replica identity that it needs"),
            Err(error) => {
                tracing::warn!(%error, "a new partition could not be given the replica identity that it needs")
            }
        }
    }

    /// The end of what is durable in the log: everything a user has seen committed is before it.
    pub(super) async fn durable_end(&self) -> Result<Lsn> {
        self.lease.durable_end().await
    }

    /// The end of the log.
    pub(super) async fn log_end_now(&self) -> Result<Lsn> {
        self.lease.log_end_now().await
    }

    /// Tells writers the end of the log.
    pub(super) fn log_end(&self, context: &Context) -> Ceiling {
        self.lease.log_end(context)
    }

    /// Our stream must not be a synchronous standby.
    pub(super) async fn standby(&self, context: &Context, pid: i32) -> Result<()> {
        self.lease.standby(context, pid).await
    }
}
