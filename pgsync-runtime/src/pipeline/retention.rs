//! The log that the server keeps for us. In: what it says every few seconds, and how much of it is allowed. Out: the same for
//! `/healthz`, and a slot that is given up on purpose where more is kept: the server's disk is worth more than a load. Then
//! everything is read again, and the new slot begins before that.
//!
//! Must not: give a slot up that another process works with. The right to work with it is taken first.

use super::{Context, held_up};
use crate::source::{Lease as _, Retention, Source};
use crate::{Code, Error, ErrorKind, Result};
use std::time::Duration;
use tokio::time::Instant;

/// How often the server is asked.
const EVERY: Duration = Duration::from_secs(5);
/// The session of an attempt that has ended may hold the lock for so long.
const LEAVING: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(200);

/// Watches what holds up a read and what is kept. Returns when more is kept than is allowed.
pub(super) async fn watch<S: Source>(context: &Context, source: &S) -> Retention {
    tokio::select! {
        never = held_up::watch(context, source) => match never {},
        kept = exceeded(context, source) => kept,
    }
}

async fn exceeded<S: Source>(context: &Context, source: &S) -> Retention {
    let budget = context.settings.run.slot_budget;
    loop {
        match source.retention().await {
            Ok(kept) => {
                context.health.retains(kept.clone());
                if let Some(kept) = kept.filter(|kept| budget > 0 && kept.retained_bytes > budget) {
                    return kept;
                }
            }
            Err(error) => tracing::debug!(%error, "what is kept of the log cannot be seen"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Gives the slot up, when nothing of this process works with it any more. What came of it, as the end of the attempt.
pub(super) async fn give_up<S: Source>(context: &Context, source: &S, kept: Retention) -> Error {
    let (kept, budget) = (kept.retained_bytes, context.settings.run.slot_budget);
    let slot = context.program.capture.name();
    context
        .health
        .waiting(&format!("slot `{slot}` to be made anew, which waits for transactions that are in progress"));
    let given_up = async {
        let lease = held(source).await?;
        tracing::error!(
            %slot, kept, budget,
            "the server keeps more log for the slot than PGSYNC_SLOT_BUDGET allows: the slot is given up, and everything is loaded again"
        );
        lease.give_up().await
    };
    let given_up = tokio::select! {
        biased;
        given_up = given_up => given_up,
        () = context.stop.cancelled() => Err(super::stopped("it was stopped while the slot was given up")),
    };
    context.health.resumed();
    if let Err(error) = given_up {
        return error;
    }
    // Nobody else knows that it was made anew, should it end where it was.
    context.invalid.insert(context.documents());
    Error::coded(
        Code::SlotGivenUp,
        format!(
            "the server kept {kept} bytes of log for slot `{slot}`, and {budget} are allowed: the slot was made anew"
        ),
    )
}

/// The right to work with the slot.
async fn held<S: Source>(source: &S) -> Result<S::Lease> {
    let lease = source.lease().await?;
    let until = Instant::now() + LEAVING;
    while let Err(error) = lease.take().await {
        if error.kind() != ErrorKind::Unavailable || Instant::now() > until {
            return Err(error);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(lease)
}
