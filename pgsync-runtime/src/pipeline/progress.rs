//! Progress of long work. In: rows done and an estimate of all. Out: a bar with rate and remaining time on a terminal,
//! a log line every few seconds elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often a log line is written where there is no terminal.
const INTERVAL: Duration = Duration::from_secs(5);

/// Progress of one load.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    /// The bar forgets its position when it ends.
    done: AtomicU64,
    name: String,
    began: Instant,
    said: Mutex<Instant>,
    terminal: bool,
}

impl Progress {
    /// Begins. `estimate` is the expected number of rows, which may be wrong.
    pub(super) fn new(name: &str, estimate: u64) -> Self {
        let terminal = crate::terminal::bars();
        let bar = ProgressBar::with_draw_target(
            Some(estimate),
            if terminal { ProgressDrawTarget::stderr_with_hz(5) } else { ProgressDrawTarget::hidden() },
        );
        if let Ok(style) = ProgressStyle::with_template(
            "{prefix} [{bar:30}] {human_pos} of about {human_len} documents, {per_sec}, {eta} left",
        ) {
            bar.set_style(style);
        }
        bar.set_prefix(name.to_owned());
        let now = Instant::now();
        Self { bar, done: AtomicU64::new(0), name: name.to_owned(), began: now, said: Mutex::new(now), terminal }
    }

    /// So many more are done.
    pub(super) fn advance(&self, rows: u64) {
        self.bar.inc(rows);
        self.done.fetch_add(rows, Ordering::Relaxed);
        if self.terminal {
            return;
        }
        let mut said = self.said.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if said.elapsed() >= INTERVAL {
            *said = Instant::now();
            tracing::info!(
                index = %self.name,
                documents = self.bar.position(),
                about = self.bar.length(),
                per_second = self.bar.per_sec() as u64,
                seconds_left = self.bar.eta().as_secs(),
                "loading"
            );
        }
    }

    /// All is done.
    pub(super) fn finish(self) {
        let seconds = self.began.elapsed().as_secs_f64();
        let documents = self.done.into_inner();
        self.bar.finish_and_clear();
        tracing::info!(
            index = %self.name,
            documents,
            seconds = format!("{seconds:.1}"),
            per_second = (documents as f64 / seconds.max(0.001)) as u64,
            "loaded"
        );
    }
}
