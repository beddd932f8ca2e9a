//! The outer loop. In: a source and an engine, neither of them reached. Out: attempts to load and to follow, one after the
//! other, until the end. Every failure becomes one of three things: again after a pause, load again, or the end.
//!
//! Each step lies on the heap (`Box::pin`). A future holds all that it awaits, and one over the whole of a program would
//! take most of the stack of the thread that runs it.

use super::{Context, Options, follow, gave_up, load, retention, start, stopped};
use crate::backoff::Backoff;
use crate::health::Phase;
use crate::sink::Connect;
use crate::source::Source;
use crate::{Code, Error, ErrorKind, Result};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// An attempt that lasted this long was no failure from the start.
const LASTING: Duration = Duration::from_secs(60);

/// A program at work on a source and an engine.
pub(crate) struct Drive<S, C> {
    pub(crate) context: Context,
    pub(crate) options: Options,
    pub(crate) source: S,
    pub(crate) engine: C,
}

/// Both sides, checked, and a generation of every index that can be written to.
type Ready<S, C> = (<C as Connect>::Sink, start::Start<S, <C as Connect>::Sink>);

impl<S: Source, C: Connect> Drive<S, C> {
    /// Loads and follows until stopped, or until caught up where the options say so.
    ///
    /// # Errors
    /// See [`Pipeline::run`](super::Pipeline::run).
    pub(crate) async fn run(&self) -> Result<()> {
        let mut options = self.options;
        let first_contact = Instant::now() + self.context.settings.run.wait;
        let mut reached = false;
        let mut pause = Backoff::default();
        let mut reloaded = false;
        loop {
            let began = Instant::now();
            let ended = tokio::select! {
                biased;
                ended = Box::pin(self.attempt(&mut options, &mut reached, &pause)) => ended,
                kept = retention::watch(&self.context, &self.source) => Err(retention::give_up(&self.context, &self.source, kept).await),
            };
            let Err(error) = ended else { return Ok(()) };
            tokio::select! {
                biased;
                () = self.context.stop.cancelled() => {}
                () = self.context.requests.ended() => {}
            }
            if began.elapsed() > LASTING {
                pause = Backoff::default();
                reloaded = false;
            }
            if self.context.stop.is_cancelled() {
                return self.stopped(error);
            }
            match error.kind() {
                ErrorKind::Unavailable if reached || Instant::now() < first_contact => {
                    let wait = pause.next();
                    tracing::warn!(code = error.code().map(Code::id), error = %error, again_in = ?wait, "interrupted, trying again");
                    self.context.health.waiting(&error.to_string());
                    if self.pause(wait).await {
                        return self.stopped(error);
                    }
                }
                ErrorKind::Reload => {
                    tracing::warn!(reason = %error, "what is indexed cannot be brought up to date from the stream: loading again");
                    // The second reload in a row: the checks of the start did not see what is wrong. Load everything.
                    if std::mem::replace(&mut reloaded, true) {
                        self.context.invalid.insert(self.context.documents());
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
            biased;
            () = tokio::time::sleep(wait) => false,
            () = self.context.stop.cancelled() => true,
        }
    }

    /// The end of a run that was stopped while something failed. For one that only follows, that is a success.
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
        let (engine, start) = tokio::select! {
            biased;
            ready = Box::pin(self.ready(*options, reached, trouble)) => ready?,
            () = self.context.stop.cancelled() => return Err(stopped("it was stopped before it had begun to load or to follow")),
        };
        // What was asked to be filled anew has begun; an interruption from here on is no reason to do it again.
        options.rebuild = false;
        options.take_over = false;
        Box::pin(follow::follow(&self.context, &self.source, &engine, start, options.until_caught_up)).await
    }

    /// Both sides, checked, and a generation of every index that can be written to.
    async fn ready(&self, options: Options, reached: &mut bool, trouble: &Backoff) -> Result<Ready<S, C>> {
        let engine = self.engine.connect().await?;
        let start = Box::pin(start::start(&self.context, &self.source, &engine, options, reached));
        let mut start = start.await.map_err(late)?;
        if let Some(lasted) = trouble.lasted() {
            tracing::info!(after = ?lasted, "both sides answer again");
        }
        let checkpoint = Arc::clone(&start.checkpoint);
        let filled = async {
            start.generations.publish(&self.context, &engine, &start.checkpoint).await?;
            load::begin(&self.context, &engine, &mut start).await
        };
        let never = CancellationToken::new();
        tokio::select! {
            biased;
            loaded = Box::pin(filled) => loaded?,
            // Nothing ends it but somebody else who has written the state.
            beaten = checkpoint.beat(&never) => beaten?,
        }
        Ok((engine, start))
    }
}

/// Whoever is alive has the lock. So what writes the state while this one starts is a late request of a process that is gone:
/// the state is read once more.
fn late(error: Error) -> Error {
    if error.code() == Some(Code::StateContested) {
        return Error::new(ErrorKind::Unavailable, "the state was written after it was read").source(error);
    }
    error
}
