//! Following the stream: ingest -> read -> write -> acknowledge, each stage one loop, with room for one batch or slice
//! between two stages. In: the stream. Out: written documents, the position in the state, the acknowledgement. What is not
//! filled yet is loaded beside it.
//!
//! While one slice is written the next is read and the batch after it ingested. The acknowledgement follows the state,
//! which follows the writes.

use super::acknowledge::acknowledge;
use super::batch_sizer::BatchSizer;
use super::drift::Drift;
use super::ingest::ingest;
use super::load::{Load, load};
use super::monitor::{Look, monitor};
use super::outstanding::Outstanding;
use super::presence::presence;
use super::quarantine::{Destination, Quarantine};
use super::read::Reading;
use super::resync::sweep_again;
use super::router::Router;
use super::start::Start;
use super::write::write;
use super::{Context, stopped};
use crate::failpoint::failpoint;
use crate::sink::Sink;
use crate::source::{ChangeStream as _, Lease as _, Source};
use crate::{Error, ErrorKind, Position, Result};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

/// How long after a stop nothing may advance: longer than a healthy engine takes for one bulk request.
const STOP_WITHOUT_PROGRESS: Duration = Duration::from_secs(5);
/// How long after a stop writing goes on, although it advances: supervisors kill after 30 s, and the stream is closed yet.
const STOP_AT_MOST: Duration = Duration::from_secs(15);

/// Follows until stopped; with `until_caught_up` until all that was in the log at the beginning is written.
///
/// # Errors
/// Those of both sides; [`crate::ErrorKind::Reload`] where the stream no longer tells everything.
pub(super) async fn follow<S: Source, K: Sink>(
    context: &Context,
    source: &S,
    engine: &K,
    start: Start<S, K>,
    until_caught_up: bool,
) -> Result<()> {
    let Start { lease, generations, checkpoint } = start;
    let lease = Arc::new(lease);
    let unfinished = generations.unfinished();
    let goal = if until_caught_up { Some(lease.durable_end().await?) } else { None };
    let stream = source.stream(&lease).await;
    let mut stream = stream.map_err(|error| context.broken(error))?;
    let session = stream.session();
    let acknowledgement = stream.acknowledge();
    let router = Router::new(context.program.clone(), lease.relations(&lease.catalogue().await?));
    let quarantine = Quarantine::open(context, engine).await?;
    let mut writers = Vec::new();
    for document in context.documents() {
        let target = generations.target(context, document)?;
        let to = Destination::open(
            context,
            engine,
            lease.ceiling(),
            &quarantine,
            (document, &target, generations.is_made(document)),
        )
        .await?;
        if !unfinished.contains(&document) {
            quarantine.settle(&to).await?;
        }
        writers.push(to);
    }
    let mut sessions = Vec::new();
    for _ in 0..context.settings.run.readers.max(1) {
        sessions.push(source.session().await?);
    }
    let (to_read, from_ingest) = mpsc::channel(1);
    let (to_write, from_read) = mpsc::channel(1);
    let (outstanding, position) = Outstanding::new(checkpoint.position());
    context.health.continues(checkpoint.position());
    let reading = Reading::<S> {
        context: context.clone(),
        visibility: source.visibility().await?,
        sessions,
        slices: writers
            .iter()
            .map(|_| BatchSizer::new(context.settings.run.range_rows, context.budget.part_bytes()))
            .collect(),
        outstanding,
        to_write,
    };
    let look = Arc::new(Look::new(Drift::new(checkpoint.fingerprints(), &context.program)));
    // Ends the ingesting stage and lets the others run dry.
    let drain = context.stop.child_token();
    let loaded = CancellationToken::new();
    let loading = Load {
        context,
        source,
        engine,
        generations: &generations,
        checkpoint: &checkpoint,
        writers: &writers,
        quarantine: &quarantine,
    };
    if !unfinished.is_empty() {
        tracing::info!(from = %*position.borrow(), "loading; what changes meanwhile is followed");
    }
    // Tasks of their own: decoding and routing take one processor, reading and rendering another.
    let ingesting = {
        let (context, drain) = (context.clone(), drain.clone());
        let (lease, checkpoint, look) = (Arc::clone(&lease), Arc::clone(&checkpoint), Arc::clone(&look));
        task("ingesting", async move {
            let watched = (&*lease, &*checkpoint);
            let ended = ingest(&context, watched, &mut stream, router, &look, to_read, &drain).await;
            drain.cancel();
            ended.map(|()| stream)
        })
    };
    let reading = task("reading", reading.run(from_ingest));
    let stages = async {
        tokio::try_join!(
            ingesting,
            reading,
            write(context, (source, &lease, &checkpoint), (&writers, &quarantine), from_read, &look),
            load(loading, unfinished, &loaded, &drain),
            acknowledge(&checkpoint, acknowledgement, position.clone(), &drain),
            caught_up(position.clone(), goal, &loaded, &drain),
            monitor(context, &*lease, session, position, &look, &drain),
            presence(context, engine, &generations, &drain),
            sweep_again(context, &checkpoint, &writers, &drain),
            checkpoint.beat(&drain),
        )
    };
    let stream = tokio::select! {
        biased;
        ended = stages => ended?.0,
        () = given_up(context) => return Err(stopped("it was stopped before what was read could be written")),
    };
    failpoint("before-its-last-word");
    if lease.rest()
        && let Err(error) = checkpoint.rest().await
    {
        tracing::warn!(%error, "the state does not say how this process has ended; everything is written and recorded");
    }
    // Everything is recorded: what becomes of the stream now changes nothing, at worst the server sends the end again.
    if let Err(error) = stream.close().await {
        tracing::warn!(%error, "the stream did not end well; everything before is written and recorded");
    }
    match goal {
        Some(_) if !loaded.is_cancelled() => Err(stopped("it was stopped before everything was loaded")),
        Some(goal) if checkpoint.position() < goal => Err(stopped("it was stopped before it had caught up")),
        _ => Ok(()),
    }
}

/// Ends the whole once everything is loaded, and everything before the goal is written.
async fn caught_up(
    mut position: watch::Receiver<Position>,
    goal: Option<Position>,
    loaded: &CancellationToken,
    drain: &CancellationToken,
) -> Result<()> {
    let Some(goal) = goal else { return Ok(()) };
    let reached = async {
        loaded.cancelled().await;
        // Without a sender the writing stage has ended, whatever it has reached.
        let _ = position.wait_for(|position| *position >= goal).await;
    };
    tokio::select! {
        biased;
        () = drain.cancelled() => {}
        () = reached => drain.cancel(),
    }
    Ok(())
}

/// A stage on a task of its own, which ends with whoever waits for it.
async fn task<T: Send + 'static>(what: &str, stage: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    let ended = AbortOnDropHandle::new(tokio::spawn(stage.in_current_span())).await;
    ended.map_err(|error| Error::new(ErrorKind::Fatal, format!("the {what} stage broke down")).source(error))?
}

/// Returns when a stop was asked for and what was read cannot be written soon: whatever the stages wait for then (an
/// engine that takes nothing, a transaction that is not visible, a large one that still arrives), the stop is heard.
async fn given_up(context: &Context) {
    context.stop.cancelled().await;
    let asked = Instant::now();
    while asked.elapsed() < STOP_AT_MOST && asked.elapsed().min(context.health.quiet()) < STOP_WITHOUT_PROGRESS {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
