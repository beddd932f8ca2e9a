//! The first load, and every later one. In: the documents that need it. Out: filled indexes behind their aliases, recorded as
//! loaded.
//!
//! The slot is older than the first read, so whatever changes meanwhile is in the stream, which is followed beside the load
//! and written to what is being filled. Every document of the load is written at the low mark, below any version that the
//! stream has for what changes later. How far the load has come is recorded about once a second; a start that finds it goes on
//! there, at the same low mark: a later snapshot holds all that an earlier one had to, and whatever was changed between them is
//! in the stream. The alias is moved when the load is complete.

use super::Context;
use super::checkpoint::Checkpoint;
use super::generations::{Generations, filling};
use super::ledger::Ledger;
use super::quarantine::{Destination, Quarantine};
use super::ranges::read_all;
use super::start::Start;
use crate::failpoint::failpoint;
use crate::health::Phase;
use crate::position::Mark;
use crate::sink::Sink;
use crate::source::{Lease, Source};
use crate::state::LoadProgress;
use crate::{Error, ErrorKind, Result};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What a load works with.
pub(super) struct Load<'a, S: Source, K: Sink> {
    pub context: &'a Context,
    pub source: &'a S,
    pub engine: &'a K,
    pub generations: &'a Generations,
    pub checkpoint: &'a Checkpoint<K::State>,
    /// Per document of the program.
    pub writers: &'a [Destination<K>],
    pub quarantine: &'a Quarantine<K>,
}

/// Makes a generation for every document that has none to write to, and records it before its first document.
///
/// # Errors
/// Those of both sides.
pub(super) async fn begin<S: Source, K: Sink>(context: &Context, engine: &K, start: &mut Start<S, K>) -> Result<()> {
    let missing = start.generations.missing();
    if missing.is_empty() {
        return Ok(());
    }
    context.health.phase(Phase::Loading);
    let low_mark = start.lease.low_mark(super::read::patience(context)).await?;
    context.health.resumed();
    for document in missing {
        begin_one(context, engine, start, document, low_mark).await?;
    }
    Ok(())
}

async fn begin_one<S: Source, K: Sink>(
    context: &Context,
    engine: &K,
    start: &mut Start<S, K>,
    document: usize,
    low_mark: Mark,
) -> Result<()> {
    let name = &context.program.plan.documents[document].index;
    let (_, mut seen) = start.lease.fingerprints().await?;
    let generation = start.generations.create(context, engine, document).await?;
    let recorded = |name: &str| start.checkpoint.index(name).is_some();
    let (own, shared) = tables(context, document, recorded);
    seen.retain(|table, _| own.contains(table));
    // What the settings were is recorded before they are changed.
    let settings = engine.settings(&generation.physical).await?;
    start.checkpoint.begin(name, filling(&generation, low_mark, settings), seen, &shared).await?;
    engine.put_off(&generation.physical).await
}

/// The tables of a document, and those that another recorded document has rows of: it may have been made from an older
/// state of them.
fn tables(context: &Context, document: usize, recorded: impl Fn(&str) -> bool) -> (Vec<String>, Vec<String>) {
    let plan = &context.program.plan;
    let tables = |document: usize| {
        plan.documents[document].routes.iter().map(|route| plan.table(route.table).qualified()).collect::<Vec<_>>()
    };
    let others = context.documents().filter(|other| *other != document && recorded(&plan.documents[*other].index));
    (tables(document), others.flat_map(tables).collect())
}

/// Fills what is not filled, one index after the other. `loaded` is cancelled when all of it is; stopped before, it returns
/// with what was begun written and recorded.
///
/// # Errors
/// Those of both sides. The next attempt goes on from what was recorded.
pub(super) async fn load<S: Source, K: Sink>(
    load: Load<'_, S, K>,
    unfinished: Vec<usize>,
    loaded: &CancellationToken,
    stop: &CancellationToken,
) -> Result<()> {
    let health = &load.context.health;
    health.phase(if unfinished.is_empty() { Phase::Following } else { Phase::Loading });
    for document in unfinished {
        if !load.one(document, stop).await? {
            return Ok(());
        }
    }
    health.phase(Phase::Following);
    let (slot, from) = (load.context.program.capture.name(), load.checkpoint.position());
    tracing::info!(%slot, %from, "following the stream");
    loaded.cancel();
    Ok(())
}

impl<S: Source, K: Sink> Load<'_, S, K> {
    /// Fills one index. Returns false where it was stopped before.
    async fn one(&self, document: usize, stop: &CancellationToken) -> Result<bool> {
        let (context, checkpoint, to) = (self.context, self.checkpoint, &self.writers[document]);
        let name = &context.program.plan.documents[document].index;
        let recorded = checkpoint.index(name);
        let known = recorded.and_then(|index| index.version.map(|version| (version, index.reached)));
        let (version, reached) =
            known.ok_or_else(|| Error::new(ErrorKind::Fatal, "a load goes on that was not recorded"))?;
        let cut_by = context.readers[document].cut_by();
        let reached = reached.and_then(|reached| reached.until(cut_by).map(|until| (until, reached.documents)));
        if let Some((_, documents)) = &reached {
            tracing::info!(index = %name, documents, "the load goes on where it was");
        }
        let ledger = Arc::new(Ledger::from(reached));
        let ended = CancellationToken::new();
        let reading = async {
            let whole = read_all(context, self.source, (document, to), version, &ledger, stop).await?;
            ended.cancel();
            Ok(whole)
        };
        let (whole, ()) = tokio::try_join!(reading, self.record(document, &ledger, &ended))?;
        if !whole {
            return Ok(false);
        }
        failpoint("loaded-and-not-recorded");
        // In this order: what is loaded stays loaded, however long the engine refuses the alias.
        checkpoint.filled(name).await?;
        self.generations.filled(document);
        self.generations.publish(context, self.engine, checkpoint).await?;
        self.quarantine.settle(to).await?;
        tracing::info!(index = %name, %version, "index is filled and searchable");
        Ok(true)
    }

    /// Records how far the load of an index has come, now and then, and once more at its end.
    async fn record(&self, document: usize, ledger: &Ledger, ended: &CancellationToken) -> Result<()> {
        let (plan, cut_by) = (&self.context.program.plan, self.context.readers[document].cut_by());
        loop {
            let last = tokio::select! {
                biased;
                () = ended.cancelled() => true,
                () = tokio::time::sleep(self.context.limits.record_every) => false,
            };
            if let Some((until, documents)) = ledger.news() {
                let reached = LoadProgress::new(cut_by, &until, documents);
                failpoint("load-before-it-is-recorded");
                self.checkpoint.reached(&plan.documents[document].index, reached).await?;
                failpoint("load-recorded");
            }
            if last {
                return Ok(());
            }
        }
    }
}
