//! The pipeline: load, then follow. In: a program and settings. Out: an index that holds what the database holds.
//!
//! `start` finds out what is there and what has to be loaded: `lease` keeps other processes out, `origin` says which
//! database it is, `generations` what stands behind each alias, `checkpoint` how far everything is written. `load` fills
//! indexes, `follow` runs the stream through `router` -> `batch` -> reads -> writes -> acknowledgement, `watch` notices
//! what the stream does not carry, `presence` what the engine has lost. `attempts` waits in place for what will be
//! accepted later. The outer loop here turns every other failure into one of three things: again after a pause, load
//! again, or the end.

mod attempts;
mod batch;
mod blocked;
mod checkpoint;
mod collect;
mod follow;
mod generations;
mod guard;
mod lease;
mod load;
#[cfg(feature = "measure")]
pub(crate) mod measure;
mod origin;

mod presence;
mod progress;
mod quarantine;
mod read;
mod record;
mod resync;
mod router;
mod slice;
mod start;
mod watch;
mod write;

pub(crate) use origin::Origin;

use crate::backoff::Backoff;
use crate::fetch::{Budget, DocumentReader};
use crate::health::{Health, Phase};
use crate::settings::Settings;
use crate::sink::Engine;
use crate::source::postgres::capture;
use crate::{Code, Error, ErrorKind, Result};
use pgsync_plan::Program;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// What `run` and `sync` are asked to do.
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

/// A program at work.
#[derive(Debug)]
pub struct Pipeline {
    context: Context,
    options: Options,
}

/// What every part needs.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub program: Arc<Program>,
    pub settings: Arc<Settings>,
    pub health: Health,
    /// One per document.
    pub readers: Arc<Vec<DocumentReader>>,
    /// The memory of all reads and writes that are under way.
    pub budget: Budget,
    /// Documents that have to be loaded again whatever the state says, by position.
    pub stale: Arc<Mutex<BTreeSet<usize>>>,
    /// The name under which this pipeline writes its state.
    pub writer: Arc<str>,
    /// Whether it may set up the database.
    pub bootstrap: bool,
    pub stop: CancellationToken,
}

impl Context {
    /// Marks documents to be loaded again.
    pub(crate) fn spoil(&self, documents: impl IntoIterator<Item = usize>) {
        self.stale.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(documents);
    }

    /// A change that cannot be followed, or not be had any more, spoils what was loaded before it.
    pub(crate) fn spoilt(&self, error: Error) -> Error {
        if error.kind() == ErrorKind::Reload {
            self.spoil(0..self.program.plan.documents.len());
        }
        error
    }
}

impl Pipeline {
    /// A pipeline over a plan: generated binaries and `cargo pgsync run` enter here.
    ///
    /// # Errors
    /// A program that does not fit together.
    pub fn from_plan(mut program: Program, settings: Settings, options: Options) -> Result<Self> {
        capture::name(&mut program.capture, &settings);
        let program = Arc::new(program);
        let readers = (0..program.plan.documents.len())
            .map(|document| DocumentReader::new(Arc::clone(&program), document, settings.run.keys_per_statement))
            .collect::<Result<_>>()?;
        let budget = Budget::new(settings.run.memory, settings.run.readers);
        let context = Context {
            program,
            settings: Arc::new(settings),
            health: Health::default(),
            readers: Arc::new(readers),
            budget,
            stale: Arc::default(),
            writer: crate::state::writer().into(),
            bootstrap: options.bootstrap,
            stop: CancellationToken::new(),
        };
        Ok(Self { context, options })
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
        let mut options = self.options;
        let first_contact = Instant::now() + self.context.settings.run.wait;
        let mut reached = false;
        let mut pause = Backoff::default();
        let mut reloaded = false;
        loop {
            let began = Instant::now();
            let ended = tokio::select! {
                ended = self.attempt(&mut options, &mut reached, &pause) => ended,
                never = blocked::watch(&self.context) => match never {},
            };
            let Err(error) = ended else { return Ok(()) };
            if began.elapsed() > Duration::from_secs(60) {
                pause = Backoff::default();
                reloaded = false;
            }
            if self.context.stop.is_cancelled() {
                return self.stopped(error);
            }
            match error.kind() {
                ErrorKind::Unavailable if reached || Instant::now() < first_contact => {
                    let wait = pause.next();
                    tracing::warn!(code = error.code().map(crate::Code::id), error = %error, again_in = ?wait, "interrupted, trying again");
                    self.context.health.waiting(&error.to_string());
                    if self.pause(wait).await {
                        return self.stopped(error);
                    }
                }
                ErrorKind::Reload => {
                    tracing::warn!(reason = %error, "what is indexed cannot be brought up to date from the stream: loading again");
                    // The start before this found nothing amiss, and it was: now nothing is believed any more.
                    if std::mem::replace(&mut reloaded, true) {
                        self.context.spoil(0..self.context.program.plan.documents.len());
                    }
                    if self.pause(pause.next()).await {
                        return self.stopped(error);
                    }
                }
                ErrorKind::Unavailable => return Err(gave_up(error, self.context.settings.run.wait)),
                _ => return Err(error),
            }
        }
    }

    /// Waits; `true` when it was stopped meanwhile.
    async fn pause(&self, wait: Duration) -> bool {
        tokio::select! {
            () = tokio::time::sleep(wait) => false,
            () = self.context.stop.cancelled() => true,
        }
    }

    /// The end of a run that was stopped while something was amiss. Who only follows has then done what was asked for.
    fn stopped(&self, error: Error) -> Result<()> {
        match error.kind() {
            ErrorKind::Stopped | ErrorKind::Unavailable | ErrorKind::Reload if self.options.until_caught_up => {
                let early = stopped("it was stopped before everything was loaded and caught up with");
                Err(if error.kind() == ErrorKind::Stopped { early } else { early.source(error) })
            }
            ErrorKind::Stopped | ErrorKind::Unavailable | ErrorKind::Reload => {
                tracing::info!(at = %error, "stopped; what is not written is read again after the next start");
                Ok(())
            }
            _ => Err(error),
        }
    }

    async fn attempt(&self, options: &mut Options, reached: &mut bool, trouble: &Backoff) -> Result<()> {
        self.context.health.phase(Phase::Starting);
        let (engine, started) = tokio::select! {
            ready = self.ready(*options, reached, trouble) => ready?,
            // What an unfinished load has written is loaded again anyway.
            () = self.context.stop.cancelled() => return Err(stopped("it was stopped before everything was loaded")),
        };
        // What was asked to be filled anew is filled; an interruption from here on is no reason to do it again.
        options.rebuild = false;
        options.take_over = false;
        self.context.health.phase(Phase::Following);
        follow::follow(&self.context, &engine, started, options.until_caught_up).await
    }

    /// Both sides, checked, and every index filled.
    async fn ready(&self, options: Options, reached: &mut bool, trouble: &Backoff) -> Result<(Engine, start::Started)> {
        let engine = Engine::connect(&self.context.settings.engine).await?;
        let mut started = start::start(&self.context, &engine, options, reached).await?;
        if let Some(lasted) = trouble.lasted() {
            tracing::info!(after = ?lasted, "both sides answer again");
        }
        let checkpoint = Arc::clone(started.checkpoint());
        let filled = async {
            started.publish(&self.context, &engine).await?;
            load::load(&self.context, &engine, &mut started).await
        };
        let never = CancellationToken::new();
        tokio::select! {
            loaded = filled => loaded?,
            // Nothing ends it but somebody else who has written the state.
            beaten = checkpoint.beat(&never) => beaten?,
        }
        Ok((engine, started))
    }
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

/// A refusal that names its way out.
pub(crate) fn refused(message: impl Into<String>, help: &str) -> Error {
    Error::new(ErrorKind::Refused, message).help(help)
}
