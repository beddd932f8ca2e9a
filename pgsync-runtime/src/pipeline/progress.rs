//! Progress of long work. In: rows done and an estimate of all. Out: a bar with rate and remaining time on a terminal,
//! a log line every few seconds elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often a log line is written where there is no terminal.
const INTERVAL: Duration = Duration::from_secs(5);

/// What is said of a work while it lasts, and at its end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    pub(crate) lasting: &'static str,
    pub(crate) done: &'static str,
}

/// Progress of one load, or of another work that goes through a table.
#[derive(Debug)]
pub(crate) struct Progress {
    words: Words,
    bar: ProgressBar,
    /// The bar forgets its position when it ends.
    done: AtomicU64,
    name: String,
    began: Instant,
    said: Mutex<Instant>,
    terminal: bool,
}

impl Progress {
    /// Begins a load. `estimate` is the expected number of rows, which may be wrong.
    pub(super) fn new(name: &str, estimate: u64) -> Self {
        Self::of(Words { lasting: "loading", done: "loaded" }, name, estimate)
    }

    /// Begins any work.
    pub(crate) fn of(words: Words, name: &str, estimate: u64) -> Self {
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
        Self { words, bar, done: AtomicU64::new(0), name: name.to_owned(), began: now, said: Mutex::new(now), terminal }
    }

    /// Of work that is too short to be told.
    pub(crate) fn silent() -> Self {
        Self { terminal: true, bar: ProgressBar::hidden(), ..Self::of(Words { lasting: "", done: "" }, "", 0) }
    }

    /// So many more are done.
    pub(crate) fn advance(&self, rows: u64) {
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
                "{}",
                self.words.lasting
            );
        }
    }

    /// All is done, or as much as there was time for.
    pub(crate) fn finish(self, whole: bool) {
        let seconds = self.began.elapsed().as_secs_f64();
        let documents = self.done.into_inner();
        self.bar.finish_and_clear();
        if !whole {
            tracing::info!(index = %self.name, documents, "the load was stopped, the next start goes on with it");
            return;
        }
        tracing::info!(
            index = %self.name,
            documents,
            seconds = format!("{seconds:.1}"),
            per_second = (documents as f64 / seconds.max(0.001)) as u64,
            "{}",
            self.words.done
        );
    }
}
