//! Reading a whole document anew at a version, in place: after TRUNCATE, and when a transaction touches more than is
//! worth listing. In: a document, its index, an established version. Out: every document that exists is written at that
//! version, and every other one of the index is deleted at it.
//!
//! A request of a process that was killed may arrive after that, and nothing would stand in its way. So where the index is
//! swept soon after a start, it is swept once more later, by the process that is there then.

use super::Context;
use super::checkpoint::Checkpoint;
use super::ledger::Ledger;
use super::quarantine::Destination;
use super::ranges::read_all;
use crate::failpoint::failpoint;
use crate::fetch::Documents;
use crate::sink::{ListIds as _, Sink};
use crate::source::Source;
use crate::{Result, Version};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Reads all roots and sweeps what is left over. No write of an older version may be on its way.
///
/// # Errors
/// Those of both sides.
pub(super) async fn resync<S: Source, K: Sink>(
    context: &Context,
    source: &S,
    document: usize,
    to: &Destination<K>,
    version: Version,
) -> Result<()> {
    let index = &context.program.plan.documents[document].index;
    tracing::info!(%index, %version, "reading every document again");
    // Not to be stopped half way: what is not read again counts as gone.
    let never = CancellationToken::new();
    read_all(context, source, (document, to), version, &Arc::new(Ledger::default()), &never).await?;
    sweep(context, to, version).await?;
    failpoint("swept-and-not-complete");
    to.complete(version).await
}

/// Deletes what stands below a version at which every document was written. Says how many that were.
async fn sweep<K: Sink>(context: &Context, to: &Destination<K>, version: Version) -> Result<u64> {
    let mut count = 0;
    let mut scan = to.older_than(version).await?;
    while let Some(page) = scan.next().await? {
        let mut surplus = Documents::new(version);
        page.iter().for_each(|listed| surplus.delete_at(listed.id.as_bytes(), listed.routing.as_bytes()));
        failpoint("in-a-sweep");
        to.sweep(surplus).await?;
        context.health.wrote(page.len() as u64);
        count += page.len() as u64;
    }
    Ok(count)
}

/// Sweeps once more, at the version of then, once nothing of a process before this one can be on its way.
///
/// # Errors
/// Those of the engine.
pub(super) async fn sweep_again<K: Sink>(
    context: &Context,
    checkpoint: &Checkpoint<K::State>,
    writers: &[Destination<K>],
    drain: &CancellationToken,
) -> Result<()> {
    tokio::select! {
        biased;
        () = drain.cancelled() => return Ok(()),
        () = tokio::time::sleep_until(checkpoint.alone_from()) => {}
    }
    for (document, to) in context.program.plan.documents.iter().zip(writers) {
        let index = &document.index;
        let Some(version) = checkpoint.index(index).and_then(|index| index.swept) else { continue };
        let count = tokio::select! {
            biased;
            () = drain.cancelled() => return Ok(()),
            swept = sweep(context, to, version) => swept?,
        };
        if count > 0 {
            tracing::warn!(%index, documents = count, "requests of a process before this one came late: what they wrote is deleted");
        }
        checkpoint.swept_again(index, version);
        checkpoint.save().await?;
    }
    Ok(())
}
