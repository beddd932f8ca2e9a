//! The writing stage. In: what was read, in order. Out: the same in the index, or in the quarantine, then the position up to which everything
//! is written. The writes of a slice begin when those of the slice before it are accepted.

use super::Context;
use super::checkpoint::Checkpoint;
use super::drift::lock;
use super::monitor::Look;
use super::quarantine::{Destination, Quarantine};
use super::read::WriteBatch;
use super::resync::resync;
use crate::Position;
use crate::Result;
use crate::sink::Sink;
use crate::source::{Lease as _, Source};
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// How often the quarantine is looked at while something stands in it: operators may take entries out.
const LOOK_AT_QUARANTINE: Duration = Duration::from_secs(10);

/// Writes until the reading stage has ended.
pub(super) async fn write<S: Source, K: Sink>(
    context: &Context,
    (source, lease, checkpoint): (&S, &S::Lease, &Checkpoint<K::State>),
    (writers, quarantine): (&[Destination<K>], &Quarantine<K>),
    mut batches: mpsc::Receiver<WriteBatch>,
    written: watch::Sender<Position>,
    look: &Look,
) -> Result<()> {
    let mut look_again = tokio::time::interval(LOOK_AT_QUARANTINE);
    loop {
        let batch = tokio::select! {
            // First, so that it comes to its turn under any load.
            biased;
            _ = look_again.tick(), if !quarantine.is_empty() => {
                quarantine.refresh().await?;
                continue;
            }
            batch = batches.recv() => batch,
        };
        let Some(batch) = batch else { return Ok(()) };
        if let Some((document, documents)) = batch.documents {
            let count = writers[document].write(documents).await?;
            context.health.wrote(count);
        }
        if !batch.everything.is_empty() {
            let (_, seen) = lease.fingerprints().await?;
            let truncated = batch.truncated.iter().map(|table| context.program.plan.tables[*table].qualified());
            lock(&look.drift).renew(truncated, &seen);
            for document in &batch.everything {
                resync(context, source, *document, &writers[*document], batch.version).await?;
            }
            let known = lock(&look.drift).known().clone();
            checkpoint.renew(known);
        }
        if !batch.leaves.is_empty() {
            let known = {
                let mut drift = lock(&look.drift);
                batch.leaves.iter().for_each(|leaf| drift.joined(leaf));
                drift.known().clone()
            };
            checkpoint.renew(known);
            batch.leaves.iter().for_each(|leaf| checkpoint.trust(&leaf.table));
        }
        if let Some(end) = batch.end {
            written.send_if_modified(|position| {
                let moved = end > *position;
                *position = end.max(*position);
                moved
            });
            context.health.written(end);
            if let Some(lag) = batch.oldest.and_then(|time| time.elapsed().ok()) {
                tracing::debug!(%end, lag_ms = lag.as_millis() as u64, "batch written");
            }
        }
    }
}
