//! The writing stage. In: what was read, in order. Out: the same in the index, or in the quarantine, then the position up to which everything
//! is written. The writes of a slice begin when those of the slice before it are accepted.

use super::Context;
use super::guard::Look;
use super::quarantine::{Destination, Quarantine};
use super::read::Work;
use super::resync::resync;
use super::start::Started;
use super::watch::lock;
use crate::Result;
use crate::source::postgres::Lsn;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// How often the quarantine is looked at while something stands in it: operators may take entries out.
const LOOK_AT_QUARANTINE: Duration = Duration::from_secs(10);

/// Writes until the reading stage has ended.
pub(super) async fn write(
    context: &Context,
    started: &Started,
    (writers, quarantine): (&[Destination], &Quarantine),
    mut works: mpsc::Receiver<Work>,
    written: watch::Sender<Lsn>,
    look: &Look,
) -> Result<()> {
    let mut look_again = tokio::time::interval(LOOK_AT_QUARANTINE);
    loop {
        let work = tokio::select! {
            work = works.recv() => work,
            _ = look_again.tick(), if !quarantine.is_empty() => {
                quarantine.refresh().await?;
                continue;
            }
        };
        let Some(work) = work else { return Ok(()) };
        if let Some((document, documents)) = work.documents {
            let count = writers[document].write(documents).await?;
            context.health.wrote(count);
        }
        if !work.everything.is_empty() {
            let (_, seen) = started.fingerprints(context).await?;
            let truncated = work.truncated.iter().map(|table| context.program.plan.tables[*table].qualified());
            lock(&look.watch).renew(truncated, &seen);
            for document in &work.everything {
                resync(context, *document, &writers[*document], work.version).await?;
            }
            let known = lock(&look.watch).known().clone();
            started.remember(known);
        }
        if !work.leaves.is_empty() {
            let known = {
                let mut watch = lock(&look.watch);
                work.leaves.iter().for_each(|leaf| watch.joined(leaf));
                watch.known().clone()
            };
            started.remember(known);
            work.leaves.iter().for_each(|leaf| started.checkpoint().trust(&leaf.table));
        }
        if let Some(end) = work.end {
            written.send_if_modified(|position| {
                let moved = end > *position;
                *position = end.max(*position);
                moved
            });
            context.health.written(end);
            if let Some(lag) = work.oldest.and_then(|time| time.elapsed().ok()) {
                tracing::debug!(%end, lag_ms = lag.as_millis() as u64, "batch written");
            }
        }
    }
}
