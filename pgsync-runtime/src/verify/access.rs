//! Both sides of a comparison, and how far they are followed. In: a source, an engine, a program. Out: proof that they belong
//! together, the end of the log, and the moment at which everything before it is written. Nothing is changed.

use crate::fetch::Budget;
use crate::health::Health;
use crate::settings::Settings;
use crate::sink::{Patience, Sink, Trouble};
use crate::source::{Lease as _, Source};
use crate::state::State;
use crate::transform::Transforms;
use crate::{Code, Error, ErrorKind, Position, Result, Version};
use pgsync_plan::Program;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often it is looked how far the follower is.
const LOOK: Duration = Duration::from_millis(200);
/// A follower that stands still for this long while there is something to follow is not waited for. It says where it is every
/// ten seconds.
const STANDS: Duration = Duration::from_secs(60);

/// Who follows the stream.
#[derive(Debug, Clone)]
pub(crate) enum Following {
    /// Nobody does: what has changed since the recorded position counts as different.
    Nobody,
    /// Another process, which records how far it is.
    Elsewhere,
    /// This process.
    Here(Health),
}

/// What is compared, and with what.
pub(crate) struct Access<S: Source, K: Sink> {
    pub(crate) source: S,
    pub(crate) engine: K,
    pub(crate) lease: S::Lease,
    pub(crate) program: Arc<Program>,
    pub(crate) transforms: Transforms,
    pub(crate) settings: Arc<Settings>,
    pub(crate) budget: Budget,
    pub(crate) patience: Patience,
    pub(crate) following: Following,
    /// As it was at the beginning.
    pub(crate) state: State,
}

/// What is given to open one.
pub(crate) struct Parts<S, K> {
    pub(crate) source: S,
    pub(crate) engine: K,
    pub(crate) program: Arc<Program>,
    pub(crate) transforms: Transforms,
    pub(crate) settings: Arc<Settings>,
    pub(crate) budget: Budget,
    pub(crate) patience: Patience,
    /// Where this process is the one that follows.
    pub(crate) health: Option<Health>,
}

impl<S: Source, K: Sink> Access<S, K> {
    /// Reaches both sides.
    ///
    /// # Errors
    /// Those of both sides; [`Code::NotComparable`] where nothing was loaded, or from another database.
    pub(crate) async fn open(parts: Parts<S, K>) -> Result<Self> {
        let Parts { source, engine, program, transforms, settings, budget, patience, health } = parts;
        let lease = source.lease().await?;
        let before = lease.catalogue().await?;
        let state = state(&engine, program.capture.name()).await?.ok_or_else(|| {
            Error::coded(Code::NotComparable, "nothing was loaded through this slot")
                .help("start `run` or `sync` first, then this again")
        })?;
        let origin = lease.origin().await?;
        // One source is asked before the state is read what it acknowledged, another one afterwards what it executed: whoever
        // follows goes on meanwhile.
        let mut broken = lease.discontinuity(&before, &state, &origin);
        if broken.is_some() {
            broken = lease.discontinuity(&lease.catalogue().await?, &state, &origin);
        }
        if !state.owner.same_database(&origin.owner) {
            broken = Some(format!("it was filled from {}", state.owner));
        }
        if let Some(why) = broken {
            return Err(Error::coded(
                Code::NotComparable,
                format!("this database and the index do not belong together: {why}"),
            )
            .help("check the address of the database; a `run` loads what has to be loaded again"));
        }
        let following = match health {
            Some(health) => Following::Here(health),
            None if is_followed(&source).await? => Following::Elsewhere,
            None => Following::Nobody,
        };
        Ok(Self { source, engine, lease, program, transforms, settings, budget, patience, following, state })
    }

    /// Everything before it is written.
    ///
    /// # Errors
    /// Those of the engine; [`Code::NotComparable`] where the state is gone.
    pub(crate) async fn position(&self) -> Result<Position> {
        match &self.following {
            Following::Here(health) => Ok(health.report().written),
            Following::Nobody => Ok(self.state.position),
            Following::Elsewhere => Ok(self.state_now().await?.position),
        }
    }

    /// The state as it is now. An engine that has no time for a moment is asked again: much may have been compared by then.
    pub(crate) async fn state_now(&self) -> Result<State> {
        let mut trouble = Trouble::new(&self.patience);
        loop {
            let asked = Box::pin(state(&self.engine, self.program.capture.name()));
            match trouble.answer(asked).await {
                Err(error) if error.kind() == ErrorKind::Unavailable => trouble.pause(&error.to_string()).await?,
                now => {
                    trouble.over();
                    return now?.ok_or_else(|| Error::coded(Code::NotComparable, "the state was removed meanwhile"));
                }
            }
        }
    }

    /// Returns when everything before this position is written; at once where nobody follows.
    ///
    /// # Errors
    /// [`Code::FollowerStands`] where the follower does not get there, or has ended.
    pub(crate) async fn reached(&self, end: Position) -> Result<()> {
        if matches!(self.following, Following::Nobody) {
            return Ok(());
        }
        let (mut last, mut moved) = (Position::START, Instant::now());
        loop {
            let position = self.position().await?;
            if position >= end {
                return Ok(());
            }
            if position > last {
                (last, moved) = (position, Instant::now());
            }
            if moved.elapsed() > STANDS {
                let what = match self.following {
                    Following::Elsewhere if !is_followed(&self.source).await? => "the process that followed has ended",
                    _ => "the process that follows does not get on",
                };
                return Err(Error::coded(
                    Code::FollowerStands,
                    format!("{what}: it is at {position}, and {end} is waited for"),
                )
                .help("look at `status` and the log of `run`, then start this again"));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// What is before this position has this version or a lower one.
    pub(crate) fn version_at(position: Position) -> Version {
        Version(position.offset())
    }
}

/// Reads the state of a slot.
async fn state<K: Sink>(engine: &K, slot: &str) -> Result<Option<State>> {
    Ok(engine.state(slot, crate::state::writer()).await?.1)
}

/// Whether a process works with the slot: it holds a lock. Where nobody does, the lock is given back at once.
async fn is_followed<S: Source>(source: &S) -> Result<bool> {
    match source.lease().await?.take().await {
        Ok(()) => Ok(false),
        Err(error) if error.kind() == ErrorKind::Unavailable => Ok(true),
        Err(error) => Err(error),
    }
}
