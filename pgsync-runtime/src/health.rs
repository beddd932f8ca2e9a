//! Whether the process does its work. In: what the pipeline reports. Out: `/healthz`: 200 while work advances, 503 once
//! it has not for a minute. A connection that is up but does not advance is an unhealthy process.

use crate::{Error, ErrorKind, Lsn, Result};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use serde::Serialize;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// How long nothing may advance before the process counts as unhealthy.
const LIMIT: Duration = Duration::from_secs(60);

/// Shared view of how the process is doing.
#[derive(Debug, Clone)]
pub struct Health(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    phase: Phase,
    advanced: Instant,
    waiting: Option<(String, Instant)>,
    received: Lsn,
    written: Lsn,
    documents: u64,
    quarantined: u64,
}

/// What the process is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Reaching both sides, checking what is there.
    Starting,
    /// Filling an index.
    Loading,
    /// Following the stream.
    Following,
}

/// The answer of `/healthz`.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Whether work advances, or there is none.
    pub healthy: bool,
    /// What the process is at.
    pub phase: Phase,
    /// What it waits for.
    pub waiting_for: Option<String>,
    /// How long it has waited, in seconds.
    pub waiting_seconds: Option<u64>,
    /// How long ago something advanced, in seconds.
    pub advanced_seconds_ago: u64,
    /// End of what the stream has delivered.
    pub received: Lsn,
    /// End of what is written.
    pub written: Lsn,
    /// Documents written or deleted since the start.
    pub documents: u64,
    /// Refused documents that stand in the quarantine.
    pub quarantined: u64,
}

impl Default for Health {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Inner {
            phase: Phase::Starting,
            advanced: Instant::now(),
            waiting: None,
            received: Lsn::ZERO,
            written: Lsn::ZERO,
            documents: 0,
            quarantined: 0,
        })))
    }
}

impl Health {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Enters a phase. That alone is no progress: who starts again and again is not well.
    pub fn phase(&self, phase: Phase) {
        let mut inner = self.inner();
        if inner.phase == Phase::Following && inner.received <= inner.written {
            // Nothing was due until now.
            inner.advanced = Instant::now();
        }
        inner.phase = phase;
    }

    /// Waits for something; the first report of the same wait counts.
    pub fn waiting(&self, reason: &str) {
        let mut inner = self.inner();
        if inner.waiting.as_ref().is_none_or(|(known, _)| known != reason) {
            let since = inner.waiting.take().map_or_else(Instant::now, |(_, since)| since);
            inner.waiting = Some((reason.to_owned(), since));
        }
    }

    /// Waits no more.
    pub fn resumed(&self) {
        self.inner().waiting = None;
    }

    /// The stream delivered up to here.
    pub fn received(&self, end: Lsn) {
        let mut inner = self.inner();
        if inner.received == inner.written {
            // Idle until now: the clock of the work that has just arrived starts here.
            inner.advanced = Instant::now();
        }
        inner.received = inner.received.max(end);
    }

    /// Everything up to here is written.
    pub fn written(&self, end: Lsn) {
        let mut inner = self.inner();
        inner.written = inner.written.max(end);
        inner.advanced = Instant::now();
        inner.waiting = None;
    }

    /// So many documents are written.
    pub fn wrote(&self, documents: u64) {
        let mut inner = self.inner();
        inner.documents += documents;
        inner.advanced = Instant::now();
        inner.waiting = None;
    }

    /// So many documents stand in the quarantine.
    pub fn quarantined(&self, documents: u64) {
        self.inner().quarantined = documents;
    }

    /// How it is now.
    pub fn report(&self) -> Report {
        let inner = self.inner();
        let busy = inner.phase != Phase::Following || inner.received > inner.written;
        let stuck = inner.waiting.as_ref().is_some_and(|(_, since)| since.elapsed() > LIMIT);
        let idle = busy && inner.advanced.elapsed() > LIMIT;
        Report {
            healthy: !stuck && !idle,
            phase: inner.phase,
            waiting_for: inner.waiting.as_ref().map(|(reason, _)| reason.clone()),
            waiting_seconds: inner.waiting.as_ref().map(|(_, since)| since.elapsed().as_secs()),
            advanced_seconds_ago: inner.advanced.elapsed().as_secs(),
            received: inner.received,
            written: inner.written,
            documents: inner.documents,
            quarantined: inner.quarantined,
        }
    }

    /// Serves `/healthz` until the process ends.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] when the address cannot be listened on.
    pub async fn serve(&self, address: SocketAddr) -> Result<()> {
        let listener = tokio::net::TcpListener::bind(address).await.map_err(|error| {
            Error::new(ErrorKind::Refused, format!("cannot listen on {address} for /healthz"))
                .source(error)
                .help("choose another address with --listen or PGSYNC_LISTEN")
        })?;
        let routes = axum::Router::new().route("/healthz", get(answer)).with_state(self.clone());
        tracing::info!(%address, "serving /healthz");
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(())
    }
}

async fn answer(State(health): State<Health>) -> (StatusCode, Json<Report>) {
    let report = health.report();
    let status = if report.healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(report))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As if this much time had passed.
    fn later(health: &Health, time: Duration) {
        let mut inner = health.inner();
        inner.advanced = inner.advanced.checked_sub(time).unwrap();
        inner.waiting = inner.waiting.take().map(|(reason, since)| (reason, since.checked_sub(time).unwrap()));
    }

    #[test]
    fn starting_again_and_again_is_not_healthy() {
        let health = Health::default();
        health.phase(Phase::Following);
        health.written(Lsn(100));
        later(&health, Duration::from_secs(3600));
        assert!(health.report().healthy, "idle");
        for _ in 0..5 {
            health.phase(Phase::Starting);
            assert!(health.report().healthy, "a short interruption");
            health.waiting("the engine cannot be reached");
            later(&health, Duration::from_secs(11));
        }
        later(&health, Duration::from_secs(11));
        let report = health.report();
        assert!(!report.healthy && report.waiting_seconds.is_some_and(|seconds| seconds > 60), "{report:?}");
        // Reached for a moment and lost again.
        health.phase(Phase::Following);
        health.phase(Phase::Starting);
        assert!(!health.report().healthy);
        health.phase(Phase::Following);
        health.written(Lsn(110));
        assert!(health.report().healthy);
    }

    #[test]
    fn work_that_does_not_advance_is_not_healthy() {
        let health = Health::default();
        health.phase(Phase::Following);
        later(&health, Duration::from_secs(3600));
        health.received(Lsn(100));
        later(&health, Duration::from_secs(59));
        assert!(health.report().healthy);
        later(&health, Duration::from_secs(2));
        assert!(!health.report().healthy);
        health.wrote(5);
        assert!(health.report().healthy);
    }
}
