//! Following the stream: collect -> read -> write -> acknowledge, each stage one loop, with room for one batch or slice
//! between two stages. In: the stream. Out: written documents, the position in the state, the acknowledgement.
//!
//! While one slice is written the next is read and the batch after it collected. The acknowledgement follows the state,
//! which follows the writes.

use super::Context;
use super::collect::collect;
use super::guard::guard;
use super::quarantine::{Destination, Quarantine};
use super::read::Reading;
use super::record::record;
use super::router::Router;
use super::slice::Slice;
use super::start::Started;
use super::watch::Watch;
use super::write::write;
use crate::fetch::Session;
use crate::sink::Engine;
use crate::source::{Connection, ReplicationStream, Visibility};
use crate::{Result, database};
use std::sync::Mutex;
use tokio::sync::{mpsc, watch};

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
        sessions.push(Session::open(database::connect(&context.settings.database).await?).await?);
    }
    let (to_read, from_collect) = mpsc::channel(1);
    let (to_write, from_read) = mpsc::channel(1);
    let reading = Reading {
        context,
        visibility: Visibility::new(database::connect(&context.settings.database).await?).await?,
        sessions,
        slices: writers.iter().map(|_| Slice::new(context.settings.run.range_rows)).collect(),
        to_write,
    };
    let (written, position) = watch::channel(started.position().await);
    let look = Mutex::new(Watch::new(started.marks().await));
    // Ends the collecting stage and lets the others run dry.
    let drain = context.stop.child_token();
    tracing::info!(slot = %context.program.capture.slot, from = %*position.borrow(), "following the stream");
    let stages = async {
        tokio::try_join!(
            async {
                let result = collect(context, &started, &mut stream, router, to_read, &drain).await;
                drain.cancel();
                result
            },
            reading.run(from_collect),
            write(context, &started, (&writers, &quarantine), from_read, written, &look),
            record(&started, acknowledge, position.clone(), goal, &drain),
            guard(context, &started, pid, position, &look, &drain),
        )
    };
    stages.await?;
    stream.close().await
}
