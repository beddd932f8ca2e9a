//! The start: what is there, and whether it can be continued. In: both sides as they are. Out: the lease on the source, the
//! generations that writes go to, the checkpoint; and with them what has to be loaded.
//!
//! Everything is checked again: the server may be another one or have been set back, the slot may have been moved or made
//! anew, an index may be gone. Each of these leads to a reload, or to a refusal where the index is somebody else's. None of
//! them passes in silence.

use super::checkpoint::{BEAT_EVERY, Checkpoint};
use super::generations::{Generations, belongs_to, ours};
use super::{Context, Options};
use crate::Result;
use crate::sink::Sink;
use crate::source::{Lease, Origin, Source};
use crate::state::{State, StoreState};
use std::sync::Arc;

/// What a start has found and taken hold of.
pub(super) struct Start<S: Source, K: Sink> {
    /// The right to work with the source.
    pub lease: S::Lease,
    /// What writes go to.
    pub generations: Generations,
    /// How far everything is written.
    pub checkpoint: Arc<Checkpoint<K::State>>,
}

/// Checks everything and decides what has to be loaded.
pub(super) async fn start<S: Source, K: Sink>(
    context: &Context,
    source: &S,
    engine: &K,
    options: Options,
    reached: &mut bool,
) -> Result<Start<S, K>> {
    let program = &context.program;
    let slot = program.capture.name();
    let lease = source.lease().await?;
    engine.reach_state().await?;
    // From here on both sides have answered once: a failure later is an interruption.
    let first = !std::mem::replace(reached, true);
    lease.take().await?;
    let found = lease.catalogue().await?;
    lease.check(&found, options.bootstrap).await?;
    let origin = lease.origin().await?;
    if first {
        announce(context, engine, &origin);
    }
    let mut indexes = Vec::new();
    for (document, definition) in program.plan.documents.iter().zip(&program.indexes) {
        engine.check_definition(&document.index, definition)?;
        let existing = engine.inspect(&document.index).await?;
        ours(&document.index, &existing, &origin.owner, options.take_over)?;
        if let Some(pipeline) = &document.pipeline {
            engine.check_pipeline(&document.index, pipeline).await?;
        }
        indexes.push(existing);
    }
    let (store, known) = engine.state(slot, context.writer.to_string()).await?;
    if let Some(known) = &known {
        let continued = lease.discontinuity(&found, known, &origin).is_none();
        others(engine, &store, (known, continued), &origin, options.take_over).await?;
    }
    let found = lease.set_up(found).await?;
    let own = known.as_ref().filter(|known| known.owner.same_database(&origin.owner));
    let owner = own.map_or_else(|| origin.owner.clone(), |known| origin.owner.continuing(&known.owner));
    let mut fresh = State::new(owner.clone(), Some(origin.oid), origin.timeline);
    fresh.replaced = lease.replaced(&found, own);
    let mut state = match known {
        Some(known) if known.owner.same_database(&origin.owner) => match lease.discontinuity(&found, &known, &origin) {
            None => State {
                owner: owner.clone(),
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
    lease.resume(&state);
    let checkpoint = Arc::new(Checkpoint::new(context, (store, state), lease.continuations()));
    let mut generations = Generations::new(owner, options.take_over);
    let invalid = context.invalid.now();
    for (position, existing) in indexes.into_iter().enumerate() {
        let invalid = invalid.contains(&position);
        generations.adopt(context, engine, &checkpoint, existing, invalid, options.rebuild).await?;
    }
    if checkpoint.is_empty() {
        let (_, seen) = lease.fingerprints().await?;
        checkpoint.restart(lease.skip().await?, seen);
    }
    // What is invalid is recorded as such before that is forgotten here.
    checkpoint.save().await?;
    context.invalid.clear();
    Ok(Start { lease, generations, checkpoint })
}

/// Refuses a state that is another database's, or one that another process is writing: a copy of a server has its system
/// identifier, and only that tells whether the other is at work. Looked for where something is not as it was left.
async fn others<K: Sink>(
    engine: &K,
    store: &K::State,
    (known, continued): (&State, bool),
    origin: &Origin,
    take_over: bool,
) -> Result<()> {
    let owner = &origin.owner;
    let what = format!("the state of slot `{}` in {}", owner.slot, engine.state_place());
    let same = known.owner.same_database(owner);
    let as_left = same && known.owner.host == owner.host && known.timeline == origin.timeline && continued;
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
async fn feeds(engine: &impl Sink, state: &State) -> Result<bool> {
    for index in state.indexes.values() {
        if !engine.holders(&index.physical).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Says once what is worked on, and what of it nobody has named.
fn announce(context: &Context, engine: &impl Sink, origin: &Origin) {
    tracing::info!(
        database = %origin.owner.database, server = %origin.server, engine = %engine.describe(),
        "working on"
    );
    for assumed in &context.settings.run.assumed {
        tracing::warn!("{assumed}");
    }
}
