//! Waiting in place. In: what failed and may succeed later. Out: a pause, told to `/healthz` at once and to the log now
//! and then; or the error, where waiting does not help or the process is to end.

use super::Context;
use crate::health::Health;
use crate::{Error, ErrorKind, Result};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// The longest pause between two attempts.
const LONGEST: Duration = Duration::from_secs(5);
/// The log repeats the reason this often.
const SAY_EVERY: Duration = Duration::from_secs(30);
/// What has not succeeded for this long is a problem, whatever else advances.
const PROBLEM_AFTER: Duration = Duration::from_secs(60);

/// Attempts at one thing.
#[derive(Debug)]
pub(super) struct Patience {
    health: Health,
    stop: CancellationToken,
    what: String,
    attempts: u32,
    since: Instant,
    said: Option<Instant>,
}

impl Patience {
    /// For attempts at `what`, as in "waiting for `what`".
    pub(super) fn new(context: &Context, what: impl Into<String>) -> Self {
        Self {
            health: context.health.clone(),
            stop: context.stop.clone(),
            what: what.into(),
            attempts: 0,
            since: Instant::now(),
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
        if self.attempts == 0 {
            self.since = Instant::now();
        }
        self.attempts += 1;
        let pause = Duration::from_millis(100 << self.attempts.min(8)).min(LONGEST);
        let reason = format!("{}: {error}", self.what);
        self.health.waiting(&reason);
        if self.since.elapsed() > PROBLEM_AFTER {
            self.health.problem(&self.what, Some(&reason));
        }
        if self.said.is_none_or(|said| said.elapsed() >= SAY_EVERY) {
            tracing::warn!(%error, again_in = ?pause, attempt = self.attempts, "waiting for {}", self.what);
            self.said = Some(Instant::now());
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = self.stop.cancelled() => {}
        }
        Ok(())
    }

    /// It has succeeded, or is given up.
    pub(super) fn over(&mut self) {
        if self.attempts == 0 {
            return;
        }
        let seconds = self.since.elapsed().as_secs();
        tracing::info!(seconds, attempts = self.attempts, "no more waiting for {}", self.what);
        self.health.problem(&self.what, None);
        self.health.resumed();
        self.attempts = 0;
        self.said = None;
    }
}
