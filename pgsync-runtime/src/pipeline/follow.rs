//! Following the stream: collect -> read -> write -> acknowledge, each stage one loop, with room for one batch or slice
//! between two stages. In: the stream. Out: written documents, the position in the state, the acknowledgement.
//!
//! While one slice is written the next is read and the batch after it collected. The acknowledgement follows the state,
//! which follows the writes.

use super::Context;
use super::collect::collect;
use super::guard::{Look, guard};
use super::presence::presence;
use super::quarantine::{Destination, Quarantine};
use super::read::Reading;
use super::record::record;
use super::router::Router;
use super::slice::Slice;
use super::start::Started;
use super::stopped;
use super::watch::Watch;
use super::write::write;
use crate::Result;
use crate::sink::Engine;
use crate::source::postgres::Session;
use crate::source::postgres::connection as database;
use crate::source::postgres::{Connection, ReplicationStream, Visibility};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};

/// How long after a stop nothing may advance: longer than a healthy engine takes for one bulk request.
const STOP_WITHOUT_PROGRESS: Duration = Duration::from_secs(5);
/// How long after a stop writing goes on, although it advances: supervisors kill after 30 s, and the stream is closed yet.
const STOP_AT_MOST: Duration = Duration::from_secs(15);

/// Follows until stopped; with `until_caught_up` until all that was in the log at the beginning is written.
///
/// # Errors
/// Those of both sides; [`crate::ErrorKind::Reload`] where the stream no longer tells everything.
pub(super) async fn follow(context: &Context, engine: &Engine, started: Started, until_caught_up: bool) -> Result<()> {
    let goal = if until_caught_up { Some(started.durable_end().await?) } else { None };
    let connection = Connection::open(&context.settings.database).await?;
    let capture = &context.program.capture;
    let stream = ReplicationStream::start(connection, &capture.slot, &capture.publication).await;
    let mut stream = stream.map_err(|error| context.spoilt(error))?;
    let pid = stream.pid();
    let acknowledge = stream.acknowledger();
    let facts = started.facts(context).await?;
    let router = Router::new(context.program.clone(), &facts);
    let quarantine = Quarantine::open(context, engine).await?;
    let mut writers = Vec::new();
    for document in 0..context.program.plan.documents.len() {
        let target = started.target(document)?;
        let to = Destination::open(context, engine, &started, &quarantine, (document, &target)).await?;
        quarantine.settle(&to).await?;
        writers.push(to);
    }
    let mut sessions = Vec::new();
    for _ in 0..context.settings.run.readers.max(1) {
        sessions.push(Session::connect(&context.settings.database).await?);
    }
    let (to_read, from_collect) = mpsc::channel(1);
    let (to_write, from_read) = mpsc::channel(1);
    let reading = Reading {
        context,
        visibility: Visibility::new(database::connect(&context.settings.database).await?).await?,
        sessions,
        slices: writers
            .iter()
            .map(|_| Slice::new(context.settings.run.range_rows, context.budget.part_bytes()))
            .collect(),
        to_write,
    };
    let (written, position) = watch::channel(started.position().await);
    let watch = Watch::new(started.known(), &context.program);
    let look = Look::new(watch);
    // Ends the collecting stage and lets the others run dry.
    let drain = context.stop.child_token();
    tracing::info!(slot = %context.program.capture.slot, from = %*position.borrow(), "following the stream");
    let stages = async {
        tokio::try_join!(
            async {
                let result = collect(context, &started, &mut stream, router, &look, to_read, &drain).await;
                drain.cancel();
                result
            },
            reading.run(from_collect),
            write(context, &started, (&writers, &quarantine), from_read, written, &look),
            record(started.checkpoint(), acknowledge, position.clone(), goal, &drain),
            guard(context, &started, pid, position, &look, &drain),
            presence(context, engine, started.generations(), &drain),
            started.checkpoint().beat(&drain),
        )
    };
    tokio::select! {
        ended = stages => ended.map(|_| ())?,
        () = given_up(context) => return Err(stopped("it was stopped before what was read could be written")),
    }
    // Everything is recorded: what becomes of the stream now changes nothing, at worst the server sends the end again.
    if let Err(error) = stream.close().await {
        tracing::warn!(%error, "the stream did not end well; everything before is written and recorded");
    }
    match goal {
        Some(goal) if started.position().await < goal => Err(stopped("it was stopped before it had caught up")),
        _ => Ok(()),
    }
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
