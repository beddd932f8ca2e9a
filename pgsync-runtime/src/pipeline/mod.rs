//! The pipeline: follow, and load beside it what is not filled. In: a program and settings. Out: an index that holds what the database holds.
//!
//! It knows a source and a sink by their traits only. `drive` turns every failure into one of three things: again after a
//! pause, load again, or the end. `start` finds out what is there and what has to be loaded: `generations` says what
//! stands behind each alias, `checkpoint` how far everything is written. `load` fills indexes in `ranges`, `ledger` knows how far, `under_way` keeps it apart from deletes; `follow` runs the stream
//! through `ingest` -> `read` -> `write` -> `acknowledge`, `drift` compares definitions, which the stream does not carry,
//! `presence` watches what the engine may lose. `attempts` waits in place for what will be accepted later.

mod acknowledge;
mod attempts;
mod batch;
pub(crate) mod batch_sizer;
mod checkpoint;
mod drift;
mod drive;
mod follow;
mod generations;
mod held_up;
mod ingest;
mod ledger;
mod load;
#[cfg(feature = "measure")]
pub(crate) mod measure;
mod monitor;
mod outstanding;
mod pipelines;
mod presence;
pub(crate) mod progress;
mod quarantine;
mod ranges;
mod read;
mod requests;
mod resync;
mod retention;
mod router;
mod search;
#[cfg(test)]
mod simulation;
mod start;
mod under_way;
mod waited;
mod write;

use crate::fetch::{Budget, DocumentReader};
use crate::health::Health;
use crate::settings::{CaptureMethod, Family, Settings};
use crate::source::Source;
#[cfg(feature = "mysql")]
use crate::source::mysql::MySql;
use crate::source::postgres::{self, Postgres, Triggers};
use crate::transform::{Registration, Transforms};
use crate::{Code, Error, ErrorKind, Result};
use drive::Drive;
use pgsync_plan::Program;
pub use pipelines::Pipelines;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What `run` and `sync` are asked to do.
///
/// ```
/// let load_and_stop = pgsync_runtime::Options { until_caught_up: true, ..Default::default() };
/// assert!(!load_and_stop.bootstrap);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Set up the database first.
    pub bootstrap: bool,
    /// Load anew what stands under another fingerprint, or under this one.
    pub rebuild: bool,
    /// Replace what another database has filled.
    pub take_over: bool,
    /// Stop once everything that was there at the start is written.
    pub until_caught_up: bool,
}

/// A program at work. It lives as long as [`Pipeline::run`], and stops when its token is cancelled:
///
/// ```no_run
/// # async fn example(pipeline: pgsync_runtime::Pipeline) -> pgsync_runtime::Result<()> {
/// let stop = pipeline.stop_token();
/// let running = tokio::spawn(async move { pipeline.run().await });
/// tokio::signal::ctrl_c().await.ok();
/// stop.cancel();
/// running.await.expect("it does not panic")
/// # }
/// ```
#[derive(Debug)]
pub struct Pipeline {
    context: Context,
    options: Options,
}

/// What every stage may use: nothing here belongs to one attempt, one source or one sink.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub program: Arc<Program>,
    pub settings: Arc<Settings>,
    pub health: Health,
    /// One per document.
    pub readers: Arc<Vec<DocumentReader>>,
    /// The memory of all reads and writes that are under way.
    pub budget: Budget,
    /// Code of the application that goes over documents before they are written.
    pub transforms: Transforms,
    pub invalid: Invalid,
    /// Writes that were begun, by this attempt or one before it.
    pub requests: requests::Requests,
    pub limits: Limits,
    /// The name under which this pipeline writes its state.
    pub writer: Arc<str>,
    pub stop: CancellationToken,
}

/// How much the stages hold of what is not read yet, and how much a kill may cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// A batch of this many bytes of keys waits to be read before more is taken in.
    pub batch_bytes: usize,
    /// Beyond this many bytes of keys of wide changes nothing more is taken in, so that a change always has room for as
    /// many. A change of more than twice as many is not listed: all roots are read again in ranges.
    pub keys_bytes: usize,
    /// How often it is recorded how far a load has come: what a killed load has to read again, at most.
    pub record_every: Duration,
    /// How long after the end of a process a request of it may arrive at the engine: as long as the engine remembers what was
    /// deleted, which is what keeps such a request from bringing it back.
    pub late_requests: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            batch_bytes: 1 << 20,
            keys_bytes: 16 << 20,
            record_every: Duration::from_secs(1),
            late_requests: Duration::from_secs(600),
        }
    }
}

/// Documents that have to be loaded again whatever the state says, by position in the program.
#[derive(Debug, Clone, Default)]
pub(crate) struct Invalid(Arc<Mutex<BTreeSet<usize>>>);

impl Invalid {
    /// Adds some.
    pub(crate) fn insert(&self, documents: impl IntoIterator<Item = usize>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(documents);
    }

    /// Which these are now.
    pub(crate) fn now(&self) -> BTreeSet<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// They are recorded as such.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Context {
    /// For a program whose names are settled, and its transforms.
    pub(crate) fn new(program: Program, settings: Settings, transforms: Transforms) -> Result<Self> {
        let program = Arc::new(program);
        let readers = (0..program.plan.documents.len())
            .map(|document| DocumentReader::new(Arc::clone(&program), document, settings.run.keys_per_statement))
            .collect::<Result<_>>()?;
        let budget = Budget::new(settings.run.memory, settings.run.readers);
        Ok(Self {
            program,
            settings: Arc::new(settings),
            health: Health::default(),
            readers: Arc::new(readers),
            budget,
            transforms,
            invalid: Invalid::default(),
            requests: requests::Requests::default(),
            limits: Limits::default(),
            writer: crate::state::writer().into(),
            stop: CancellationToken::new(),
        })
    }

    /// All documents of the program.
    pub(crate) fn documents(&self) -> std::ops::Range<usize> {
        0..self.program.plan.documents.len()
    }

    /// Where a stream no longer carries everything, nothing that was loaded before can be continued.
    pub(crate) fn broken(&self, error: Error) -> Error {
        if error.kind() == ErrorKind::Reload {
            self.invalid.insert(self.documents());
        }
        error
    }
}

impl Pipeline {
    /// A pipeline over a plan without code of an application.
    ///
    /// # Errors
    /// A program that does not fit together; [`Code::TransformMissing`] where it names a plugin.
    pub fn from_plan(program: Program, settings: Settings, options: Options) -> Result<Self> {
        Self::with_transforms(program, &[], settings, options)
    }

    /// A pipeline over a plan: generated binaries and `cargo pgsync run` enter here.
    ///
    /// # Errors
    /// A program that does not fit together, or one that names other plugins than are registered.
    #[doc(hidden)]
    pub fn with_transforms(
        mut program: Program,
        registered: &[Registration],
        settings: Settings,
        options: Options,
    ) -> Result<Self> {
        let transforms = Transforms::bind(&mut program, registered)?;
        postgres::name(&mut program.capture, &settings);
        Ok(Self { context: Context::new(program, settings, transforms)?, options })
    }

    /// Cancelling it drains: what was read is written and acknowledged, then [`Pipeline::run`] returns. It returns soon
    /// also where something is waited for; what is not written by then is read again after the next start.
    pub fn stop_token(&self) -> CancellationToken {
        self.context.stop.clone()
    }

    /// How it is doing.
    pub fn health(&self) -> Health {
        self.context.health.clone()
    }

    /// Loads and follows until stopped, or until caught up where the options say so.
    ///
    /// # Errors
    /// Whatever cannot be mended by trying again or loading again; [`Code::Stopped`] when it was stopped before it had
    /// caught up, and that was what it was asked for.
    pub async fn run(&self) -> Result<()> {
        let (program, database) = (&self.context.program, self.context.settings.database.clone());
        database.suits(program)?;
        match database.family {
            Family::Postgres => {
                let (program, bootstrap) = (Arc::clone(program), self.options.bootstrap);
                match database.capture {
                    CaptureMethod::Replication => {
                        Box::pin(self.drive(Postgres::new(database, program, bootstrap))).await
                    }
                    CaptureMethod::Triggers => Box::pin(self.drive(Triggers::new(database, program, bootstrap)?)).await,
                }
            }
            #[cfg(feature = "mysql")]
            Family::MySql => Box::pin(self.drive(MySql::new(database, Arc::clone(program))?)).await,
            #[cfg(not(feature = "mysql"))]
            Family::MySql => Err(not_built(program)),
        }
    }

    async fn drive(&self, source: impl Source) -> Result<()> {
        let engine = self.context.settings.engine.clone();
        let indexes = self.context.program.plan.documents.iter().map(|document| document.index.clone()).collect();
        self.context.health.follows(Arc::new(waited::BothSides::new(source.clone(), engine.clone(), indexes)));
        let audited = (source.clone(), engine.clone());
        let drive = Drive { context: self.context.clone(), options: self.options, source, engine };
        tokio::select! {
            biased;
            ended = Box::pin(drive.run()) => ended,
            never = Box::pin(crate::verify::audit(&self.context, &audited.0, &audited.1)) => match never {},
        }
    }
}

/// The error of a program that follows a database which this binary was built without.
#[cfg(not(feature = "mysql"))]
pub(crate) fn not_built(program: &Program) -> Error {
    Error::new(ErrorKind::Usage, format!("this program was built without support for {}", program.dialect.name()))
        .help("build it with the feature `mysql` of pgsync-runtime")
}

/// The error of a start that has reached nobody for as long as the settings say.
pub(crate) fn gave_up(error: Error, wait: Duration) -> Error {
    if wait.is_zero() {
        return error;
    }
    let known = error.next_step().map(|help| format!("{help}; ")).unwrap_or_default();
    let seconds = wait.as_secs();
    error.help(format!(
        "{known}a start tries for {seconds} s: where servers come up later, set PGSYNC_WAIT or --wait to more, or let the \
         supervisor start this again"
    ))
}

/// The error of work that was stopped before it was done.
pub(crate) fn stopped(message: &str) -> Error {
    Error::coded(Code::Stopped, message).help("start it again: it goes on from what is written")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_pipeline_can_run_in_a_task_of_its_own() {
        fn spawned<T: Send + 'static>(_: impl FnOnce(super::Pipeline) -> T) {}
        spawned(|pipeline| async move { pipeline.run().await });
    }

    /// A thread has 2 MiB of stack, and a build that is not optimised copies a future several times on its way.
    #[test]
    fn a_pipeline_takes_no_room_in_the_task_that_runs_it() {
        fn size<F: Future>(_: impl FnOnce(&'static super::Pipeline) -> F) -> usize {
            size_of::<F>()
        }
        let bytes = size(super::Pipeline::run);
        assert!(bytes <= 1024, "{bytes} bytes");
    }
}
