//! The writing stage. In: what was read, in order. Out: the same in the index or in the quarantine, and word of it to what
//! is outstanding. The writes of a slice begin when those of the slice before it are accepted.

use super::Context;
use super::checkpoint::Checkpoint;
use super::drift::{Leaf, lock};
use super::monitor::Look;
use super::quarantine::{Destination, Quarantine};
use super::read::{Work, WriteBatch};
use super::resync::resync;
use super::search::read_found;
use crate::Result;
use crate::failpoint::failpoint;
use crate::sink::Sink;
use crate::source::{Lease as _, Source};
use crate::state::StoreState;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How often the quarantine is looked at while something stands in it: operators may take entries out.
const LOOK_AT_QUARANTINE: Duration = Duration::from_secs(10);

/// Writes until the reading stage has ended.
pub(super) async fn write<S: Source, K: Sink>(
    context: &Context,
    (source, lease, checkpoint): (&S, &S::Lease, &Checkpoint<K::State>),
    (writers, quarantine): (&[Destination<K>], &Quarantine<K>),
    mut batches: mpsc::Receiver<WriteBatch>,
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
        let WriteBatch { work, version, piece } = batch;
        let mut oldest = None;
        match work {
            Work::Documents(document, documents) => {
                failpoint("read-and-not-written");
                let count = writers[document].write(documents).await?;
                failpoint("written-and-not-noted");
                context.health.wrote(count);
            }
            Work::Leaves(leaves) => joined(checkpoint, look, &leaves),
            Work::End(mut end) => {
                for (document, words) in std::mem::take(&mut end.searches) {
                    let to = &writers[document];
                    // Until then something may come that a search now would have found.
                    let finds = to.is_ours() || Instant::now() >= checkpoint.alone_from();
                    if !finds || !read_found(context, source, (document, to), version, &words).await? {
                        end.everything.push(document);
                    }
                }
                if !end.everything.is_empty() {
                    let (_, seen) = lease.fingerprints().await?;
                    let truncated = end.truncated.iter().map(|table| context.program.plan.tables[*table].qualified());
                    lock(&look.drift).renew(truncated, &seen);
                    for document in &end.everything {
                        resync(context, source, *document, &writers[*document], version).await?;
                        checkpoint.swept(&context.program.plan.documents[*document].index, version);
                    }
                    let known = lock(&look.drift).known().clone();
                    checkpoint.renew(known);
                }
                joined(checkpoint, look, &end.leaves);
                oldest = end.oldest;
            }
        }
        if let Some(position) = piece.written() {
            context.health.written(position);
            if let Some(lag) = oldest.and_then(|time| time.elapsed().ok()) {
                tracing::debug!(%position, lag_ms = lag.as_millis() as u64, "batch written");
            }
        }
    }
}

/// The rows of these leaves are written: they are part of what the documents are made from.
fn joined<T: StoreState>(checkpoint: &Checkpoint<T>, look: &Look, leaves: &[Leaf]) {
    if leaves.is_empty() {
        return;
    }
    let known = {
        let mut drift = lock(&look.drift);
        leaves.iter().for_each(|leaf| drift.joined(leaf));
        drift.known().clone()
    };
    checkpoint.renew(known);
    leaves.iter().for_each(|leaf| checkpoint.trust(&leaf.table));
}
