//! Waiting in place. In: what failed and may succeed later. Out: a pause, told to `/healthz` at once and to the log now
//! and then; or the error, where waiting does not help or the process is to end.

use super::Context;
use crate::backoff::Backoff;
use crate::health::Health;
use crate::{Error, ErrorKind, Result};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// The log repeats the reason this often.
const SAY_EVERY: Duration = Duration::from_secs(30);
/// What has not succeeded for this long is a problem, whatever else advances.
const PROBLEM_AFTER: Duration = Duration::from_secs(60);

/// Attempts at one thing.
#[derive(Debug)]
pub(super) struct Attempts {
    health: Health,
    stop: CancellationToken,
    what: String,
    trouble: Backoff,
    said: Option<Instant>,
}

impl Attempts {
    /// For attempts at `what`, as in "waiting for `what`".
    pub(super) fn new(context: &Context, what: impl Into<String>) -> Self {
        Self {
            health: context.health.clone(),
            stop: context.stop.clone(),
            what: what.into(),
            trouble: Backoff::default(),
            said: None,
        }
    }

    /// Waits before the next attempt.
    ///
    /// # Errors
    /// The one that was met, where it will be met again or where the process is to end.
    pub(super) async fn pause(&mut self, error: Error) -> Result<()> {
        if error.kind() != ErrorKind::Unavailable || self.stop.is_cancelled() {
            self.over();
            return Err(error);
        }
        let pause = self.trouble.next();
        let reason = format!("{}: {error}", self.what);
        self.health.waiting(&reason);
        if self.trouble.lasted().is_some_and(|lasted| lasted > PROBLEM_AFTER) {
            self.health.problem(&self.what, Some(&reason));
        }
        if self.said.is_none_or(|said| said.elapsed() >= SAY_EVERY) {
            tracing::warn!(%error, again_in = ?pause, attempt = self.trouble.attempts(), "waiting for {}", self.what);
            self.said = Some(Instant::now());
        }
        tokio::select! {
            biased;
            () = tokio::time::sleep(pause) => {}
            () = self.stop.cancelled() => {}
        }
        Ok(())
    }

    /// It has succeeded, or is given up.
    pub(super) fn over(&mut self) {
        let attempts = self.trouble.attempts();
        let Some(lasted) = self.trouble.over() else { return };
        tracing::info!(seconds = lasted.as_secs(), attempts, "no more waiting for {}", self.what);
        self.health.problem(&self.what, None);
        self.health.resumed();
        self.said = None;
    }
}
