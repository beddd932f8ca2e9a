//! Whether the process does its work. In: what the pipeline reports. Out: a report, which `serve` answers `/healthz` with:
//! healthy while work advances. A connection that is up but does not advance is an unhealthy process. `caught_up` answers
//! whoever waits for a commit of his own, `ask` is the other side of it, `metrics` the report for a monitor.

pub(crate) mod ask;
mod caught_up;
mod combined;
mod connections;
mod delay;
mod metrics;
mod serve;

pub(crate) use caught_up::{Asked, Followed, Later};
pub use combined::{CombinedHealth, CombinedReport};
pub(crate) use serve::address;

use crate::Position;
use crate::source::Retention;
use delay::Delay;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// How long nothing may advance before the process counts as unhealthy: one large document, or one read of a busy
/// server, may take that long without anything being wrong.
const WITHOUT_PROGRESS: Duration = Duration::from_secs(60);
/// How long it may wait for something it can name, be it a server or somebody's transaction: such a wait is not work that
/// takes long, and a restart of a server is over by then.
const WAITING: Duration = Duration::from_secs(15);

/// Shared view of how the process is doing. A clone is the same view.
///
/// ```
/// let health = pgsync_runtime::Health::default();
/// let report = health.report();
/// assert!(report.healthy && report.phase == pgsync_runtime::Phase::Starting);
/// ```
#[derive(Clone)]
pub struct Health(Arc<Shared>);

struct Shared {
    inner: Mutex<Inner>,
    /// More is written, or what is followed has changed.
    moved: Notify,
    /// Both sides, once there is a pipeline.
    followed: OnceLock<Arc<dyn Followed>>,
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Health").field(&*self.inner()).finish()
    }
}

#[derive(Debug)]
struct Inner {
    phase: Phase,
    advanced: Instant,
    waiting: Option<(String, Instant)>,
    /// By what they concern.
    problems: BTreeMap<String, String>,
    received: Position,
    written: Position,
    /// How far everything is written, as far as this attempt to follow knows: a server that was set back begins anew.
    reached: Option<Position>,
    delay: Delay,
    retention: Option<Retention>,
    documents: u64,
    quarantined: u64,
    audit: Option<Audit>,
}

/// What the process is at.
///
/// ```
/// let starting = serde_json::to_value(pgsync_runtime::Phase::Starting).unwrap();
/// assert_eq!(starting, "starting");
/// ```
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
///
/// ```
/// let report = pgsync_runtime::Health::default().report();
/// let answer = serde_json::to_value(&report).unwrap();
/// assert_eq!(answer["written"], "0/0");
/// ```
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Whether work advances, or there is none.
    pub healthy: bool,
    /// What the process is at.
    pub phase: Phase,
    /// What it waits for.
    pub waiting_for: Option<String>,
    /// What is wrong although work advances, such as an alias that something else holds.
    pub problems: Vec<String>,
    /// How long it has waited, in seconds.
    pub waiting_seconds: Option<u64>,
    /// How long ago something advanced, in seconds.
    pub advanced_seconds_ago: u64,
    /// End of what the stream has delivered.
    pub received: Position,
    /// End of what is written.
    pub written: Position,
    /// How long ago that was committed of what is received and not written which was committed first, in seconds.
    pub lag_seconds: u64,
    /// What the server keeps of its log because it is not acknowledged, as it was seen last.
    pub log_kept: Option<Retention>,
    /// Documents written or deleted since the start.
    pub documents: u64,
    /// Refused documents that stand in the quarantine.
    pub quarantined: u64,
    /// What the audit has seen; none where it is turned off.
    pub audit: Option<Audit>,
}

/// What an audit has seen since the start of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// Documents read from the database and held against their indexes.
    pub documents: u64,
    /// Documents of the indexes that were looked for in the database.
    pub listed: u64,
    /// Documents that were not what their rows say.
    pub different: u64,
}

impl Default for Health {
    fn default() -> Self {
        let inner = Inner {
            phase: Phase::Starting,
            advanced: Instant::now(),
            waiting: None,
            problems: BTreeMap::new(),
            received: Position::START,
            written: Position::START,
            reached: None,
            delay: Delay::default(),
            retention: None,
            documents: 0,
            quarantined: 0,
            audit: None,
        };
        Self(Arc::new(Shared { inner: Mutex::new(inner), moved: Notify::new(), followed: OnceLock::new() }))
    }
}

impl Health {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// What is asked where somebody waits for a commit of his own. The first one counts.
    pub(crate) fn follows(&self, followed: Arc<dyn Followed>) {
        let _ = self.0.followed.set(followed);
    }

    /// Both sides, where there is a pipeline.
    fn followed(&self) -> Option<&Arc<dyn Followed>> {
        self.0.followed.get()
    }

    /// Up to where everything is written; none while nothing is followed.
    fn reached(&self) -> Option<Position> {
        let inner = self.inner();
        inner.reached.filter(|_| inner.phase == Phase::Following)
    }

    /// Ends when more is written than when it was asked for.
    fn moved(&self) -> Notified<'_> {
        self.0.moved.notified()
    }

    /// Enters a phase. That alone is no progress: who starts again and again is not well.
    pub fn phase(&self, phase: Phase) {
        let mut inner = self.inner();
        if inner.phase == Phase::Following && inner.received <= inner.written {
            // Nothing was due until now.
            inner.advanced = Instant::now();
        }
        inner.phase = phase;
        // The stream is followed beside a load: what is written of it stays so when the load ends.
        if phase == Phase::Starting {
            inner.reached = None;
        }
        if phase != Phase::Following {
            inner.delay = Delay::default();
        }
        drop(inner);
        self.0.moved.notify_waiters();
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

    /// Something is wrong, or is so no more; it counts whatever else advances.
    pub fn problem(&self, concern: &str, problem: Option<&str>) {
        let mut inner = self.inner();
        match problem {
            Some(problem) => inner.problems.insert(concern.to_owned(), problem.to_owned()),
            None => inner.problems.remove(concern),
        };
    }

    /// The stream delivered up to here.
    pub fn received(&self, end: Position) {
        let mut inner = self.inner();
        if inner.received == inner.written && inner.phase != Phase::Loading {
            // Idle until now: the clock of the work that has just arrived starts here.
            inner.advanced = Instant::now();
        }
        inner.received = inner.received.max(end);
    }

    /// A transaction that ends here was committed at this time.
    pub(crate) fn committed(&self, end: Position, at: SystemTime) {
        self.inner().delay.received(end, at);
    }

    /// What the server keeps of its log for us.
    pub(crate) fn retains(&self, retention: Option<Retention>) {
        self.inner().retention = retention;
    }

    /// Everything up to here is written.
    pub fn written(&self, end: Position) {
        let mut inner = self.inner();
        inner.written = inner.written.max(end);
        // Beside a load the stream moves on also where nothing is changed: what is written counts there.
        if inner.phase != Phase::Loading {
            inner.advanced = Instant::now();
            inner.waiting = None;
        }
        inner.reached = inner.reached.max(Some(end));
        inner.delay.written(end);
        self.0.moved.notify_waiters();
    }

    /// Everything up to here was written by a process before, or by an attempt: that is no progress.
    pub fn continues(&self, end: Position) {
        let mut inner = self.inner();
        inner.written = inner.written.max(end);
        inner.received = inner.received.max(end);
        inner.reached = Some(end);
        drop(inner);
        self.0.moved.notify_waiters();
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

    /// The audit has seen so much.
    pub(crate) fn audited(&self, audit: Audit) {
        self.inner().audit = Some(audit);
    }

    /// How long nothing has advanced.
    pub(crate) fn quiet(&self) -> Duration {
        self.inner().advanced.elapsed()
    }

    /// How long nothing has advanced although there is work to do; zero where there is none.
    pub(crate) fn stalled(&self) -> Duration {
        let inner = self.inner();
        if inner.busy() { inner.advanced.elapsed() } else { Duration::ZERO }
    }

    /// How it is now.
    pub fn report(&self) -> Report {
        let inner = self.inner();
        let busy = inner.busy();
        let stuck = inner.waiting.as_ref().is_some_and(|(_, since)| since.elapsed() > WAITING);
        let idle = busy && inner.advanced.elapsed() > WITHOUT_PROGRESS;
        Report {
            healthy: !stuck && !idle && inner.problems.is_empty(),
            phase: inner.phase,
            waiting_for: inner.waiting.as_ref().map(|(reason, _)| reason.clone()),
            problems: inner.problems.values().cloned().collect(),
            waiting_seconds: inner.waiting.as_ref().map(|(_, since)| since.elapsed().as_secs()),
            advanced_seconds_ago: inner.advanced.elapsed().as_secs(),
            received: inner.received,
            written: inner.written,
            lag_seconds: inner.delay.at(SystemTime::now()).as_secs(),
            log_kept: inner.retention.clone(),
            documents: inner.documents,
            quarantined: inner.quarantined,
            audit: inner.audit,
        }
    }
}

impl Inner {
    /// Whether there is work to do.
    fn busy(&self) -> bool {
        self.phase != Phase::Following || self.received > self.written
    }
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
    fn what_was_written_before_a_load_ended_is_known_after_it() {
        let health = Health::default();
        health.continues(Position::at(7));
        health.phase(Phase::Loading);
        assert_eq!(health.reached(), None);
        health.phase(Phase::Following);
        assert_eq!(health.reached(), Some(Position::at(7)));
        health.phase(Phase::Starting);
        health.phase(Phase::Following);
        assert_eq!(health.reached(), None);
    }

    #[test]
    fn starting_again_and_again_is_not_healthy() {
        let health = Health::default();
        health.phase(Phase::Following);
        health.written(Position::at(100));
        later(&health, Duration::from_secs(3600));
        assert!(health.report().healthy, "idle");
        for _ in 0..5 {
            health.phase(Phase::Starting);
            assert!(health.report().healthy, "a short interruption");
            health.waiting("the engine cannot be reached");
            later(&health, Duration::from_secs(3));
        }
        later(&health, Duration::from_secs(3));
        let report = health.report();
        assert!(!report.healthy && report.waiting_seconds.is_some_and(|seconds| seconds > 15), "{report:?}");
        // Reached for a moment and lost again.
        health.phase(Phase::Following);
        health.phase(Phase::Starting);
        assert!(!health.report().healthy);
        health.phase(Phase::Following);
        health.written(Position::at(110));
        assert!(health.report().healthy);
    }

    #[test]
    fn what_was_written_before_is_known_at_the_start_and_is_no_progress() {
        let health = Health::default();
        later(&health, Duration::from_secs(61));
        health.continues(Position::at(100));
        assert_eq!(health.report().written, Position::at(100));
        assert!(!health.report().healthy, "it starts again and again");
        health.phase(Phase::Following);
        later(&health, Duration::from_secs(3600));
        assert!(health.report().healthy, "idle");
        health.received(Position::at(110));
        assert!(health.report().healthy, "the clock of what has arrived starts here");
    }

    #[test]
    fn a_load_that_stands_still_is_seen_although_the_stream_moves_on() {
        let health = Health::default();
        health.phase(Phase::Loading);
        later(&health, Duration::from_secs(61));
        health.received(Position::at(100));
        health.written(Position::at(100));
        assert!(!health.report().healthy);
        health.wrote(1);
        assert!(health.report().healthy);
    }

    #[test]
    fn work_that_does_not_advance_is_not_healthy() {
        let health = Health::default();
        health.phase(Phase::Following);
        later(&health, Duration::from_secs(3600));
        health.received(Position::at(100));
        later(&health, Duration::from_secs(59));
        assert!(health.report().healthy);
        later(&health, Duration::from_secs(2));
        assert!(!health.report().healthy);
        health.wrote(5);
        assert!(health.report().healthy);
    }
}
