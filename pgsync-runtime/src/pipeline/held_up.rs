//! Sessions of ours that wait for somebody else's. In: how long nothing has advanced. Out: `/healthz` and the log name who
//! holds the lock that a read waits for, or whose transaction has to end first. Never returns, changes nothing, and no
//! failure of it stops anything.

use super::Context;
use crate::source::Source;
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::Instant;

/// A read that takes longer is looked at.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often.
const EVERY: Duration = Duration::from_secs(2);
/// How often the same wait is said again in the log.
const SAY_EVERY: Duration = Duration::from_secs(30);

/// Looks for as long as the pipeline works.
pub(super) async fn watch<S: Source>(context: &Context, source: &S) -> Infallible {
    let mut said: Option<Instant> = None;
    loop {
        tokio::time::sleep(EVERY).await;
        if context.health.stalled() < PATIENCE {
            said = None;
            continue;
        }
        match source.held_up_by().await {
            Ok(Some(holder)) => {
                context.health.waiting(&holder);
                if said.is_none_or(|at| at.elapsed() >= SAY_EVERY) {
                    tracing::warn!("waiting for {holder}");
                    said = Some(Instant::now());
                }
            }
            Ok(None) if said.take().is_some() => context.health.resumed(),
            Ok(None) => {}
            Err(error) => tracing::debug!(%error, "what holds a read up cannot be seen"),
        }
    }
}
