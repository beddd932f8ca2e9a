//! Waiting for an engine that does not take documents, or for a transform. In: each refusal of one request, and the moment it is taken.
//! Out: pauses, one log line when trouble begins and one when it ends, the wait as `/healthz` shows it, and an error
//! where the process was asked to stop.

use crate::backoff::Backoff;
use crate::{Code, Error, Result};
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Without an answer for this long, a request is shown as a wait.
const SLOW: Duration = Duration::from_secs(5);
/// How often a wait is said again.
const SAY_EVERY: Duration = Duration::from_secs(30);
/// Asked to stop, an engine that refuses is asked this many times in a row before what is left is given up.
const LAST_ATTEMPTS: u32 = 5;

/// Who is told what is waited for, and who may end the wait.
#[derive(Clone)]
pub struct Patience {
    tell: Arc<Tell>,
    stop: CancellationToken,
}

/// Told what is waited for; `None` when the wait is over.
type Tell = dyn Fn(Option<&str>) + Send + Sync;

impl Patience {
    /// Tells this, and is ended by that.
    pub fn new(tell: impl Fn(Option<&str>) + Send + Sync + 'static, stop: CancellationToken) -> Self {
        Self { tell: Arc::new(tell), stop }
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self::new(|_| {}, CancellationToken::new())
    }
}

impl fmt::Debug for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Patience")
    }
}

/// What is said of a trouble.
pub(crate) struct Words {
    /// Who is waited for.
    pub(crate) who: &'static str,
    /// What is waited for where an answer takes long.
    pub(crate) slow: &'static str,
    /// It goes on refusing.
    pub(crate) again: &'static str,
    /// It is over.
    pub(crate) over: &'static str,
    /// Asked to stop meanwhile.
    pub(crate) stopped: &'static str,
}

const ENGINE: Words = Words {
    who: "the engine",
    slow: "an answer of the engine",
    again: "the engine did not take everything, sending again",
    over: "the engine takes documents again",
    stopped: "asked to stop while the engine takes no documents",
};

/// The trouble with one request.
pub(crate) struct Trouble<'a> {
    patience: &'a Patience,
    words: &'static Words,
    backoff: Backoff,
    said: Option<(String, Instant)>,
    told: bool,
}

impl<'a> Trouble<'a> {
    /// With an engine.
    pub(crate) fn new(patience: &'a Patience) -> Self {
        Self::of(patience, &ENGINE)
    }

    /// With something else.
    pub(crate) fn of(patience: &'a Patience, words: &'static Words) -> Self {
        Self { patience, words, backoff: Backoff::default(), said: None, told: false }
    }

    /// How often in a row it was not taken.
    pub(crate) fn attempts(&self) -> u32 {
        self.backoff.attempts()
    }

    /// Waits for an answer; a slow one is told.
    pub(crate) async fn answer<T>(&mut self, request: impl Future<Output = T>) -> T {
        tokio::pin!(request);
        if let Ok(answer) = tokio::time::timeout(SLOW, &mut request).await {
            return answer;
        }
        self.tell(self.words.slow);
        request.await
    }

    /// Pauses before the next attempt, and says why: at once for a new reason, then now and then.
    ///
    /// # Errors
    /// [`Code::Stopped`] where the process was asked to stop and the engine goes on refusing.
    pub(crate) async fn pause(&mut self, reason: &str) -> Result<()> {
        let pause = self.backoff.next();
        let attempt = self.backoff.attempts();
        let news = self.said.as_ref().is_none_or(|(known, when)| known != reason || when.elapsed() >= SAY_EVERY);
        if news {
            tracing::warn!(%reason, again_in = ?pause, attempt, "{}", self.words.again);
            self.said = Some((reason.to_owned(), Instant::now()));
        }
        self.tell(&format!("{}: {reason}", self.words.who));
        if attempt < LAST_ATTEMPTS {
            tokio::time::sleep(pause).await;
            return Ok(());
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => Ok(()),
            () = self.patience.stop.cancelled() => {
                Err(Error::coded(Code::Stopped, format!("{}: {reason}", self.words.stopped)))
            }
        }
    }

    /// Everything was taken.
    pub(crate) fn over(&mut self) {
        if let Some(lasted) = self.backoff.over() {
            tracing::info!(after = ?lasted, "{}", self.words.over);
            self.said = None;
        }
        if std::mem::take(&mut self.told) {
            (self.patience.tell)(None);
        }
    }

    fn tell(&mut self, reason: &str) {
        self.told = true;
        (self.patience.tell)(Some(reason));
    }
}
