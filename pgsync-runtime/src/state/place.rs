//! Where the documents of a state stand: an index of the engine, a directory, or a Redis. In: an id and JSON. Out: the same, with the
//! sequence number that the next write has to name. Which of them is a setting; what is written, and when, is not decided
//! here.

use super::directory::Directory;
#[cfg(feature = "redis")]
use super::redis::Redis;
use crate::Result;
use crate::settings::CheckpointSettings;
use crate::sink::{Engine, StateIndex};
use serde_json::Value;

/// The write that the next one follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SequenceNumber {
    pub(crate) sequence: u64,
    pub(crate) term: u64,
}

/// What has become of a write.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Put {
    /// It is there.
    Done(SequenceNumber),
    /// It does not follow what is there, or nothing is there that it could follow.
    Conflict,
    /// There is no state index, or its name is no alias any more.
    NoIndex,
}

/// Where they stand.
#[derive(Debug)]
pub(crate) enum StatePlace {
    /// In the state index.
    Index {
        engine: Engine,
        /// Whether its name is an alias.
        alias: bool,
    },
    /// In the directory that `CHECKPOINT_PATH` names.
    Directory(Directory),
    /// In the Redis that `REDIS_CHECKPOINT` asks for.
    #[cfg(feature = "redis")]
    Redis(Redis),
}

impl StatePlace {
    /// The one that the settings of this engine name.
    ///
    /// # Errors
    /// Where that is a Redis, and this program was built without.
    pub(crate) fn of(engine: &Engine) -> Result<Self> {
        match engine.checkpoint() {
            CheckpointSettings::Directory(path) => Ok(Self::Directory(Directory::new(path))),
            #[cfg(feature = "redis")]
            CheckpointSettings::Redis(settings) => Ok(Self::Redis(Redis::new(settings))),
            #[cfg(not(feature = "redis"))]
            CheckpointSettings::Redis(_) => Err(without()),
            CheckpointSettings::Index => Ok(Self::Index { engine: engine.clone(), alias: true }),
        }
    }

    /// That it answers, where it is on neither of the two sides.
    pub(crate) async fn reach(&self) -> Result<()> {
        match self {
            Self::Index { .. } => Ok(()),
            Self::Directory(directory) => directory.open().await,
            #[cfg(feature = "redis")]
            Self::Redis(redis) => redis.open().await,
        }
    }

    /// Looks whether there can be anything.
    pub(super) async fn open(&mut self) -> Result<bool> {
        match self {
            Self::Directory(directory) => directory.open().await.map(|()| true),
            #[cfg(feature = "redis")]
            Self::Redis(redis) => redis.open().await.map(|()| true),
            Self::Index { engine, alias } => {
                match engine.state_alias().await? {
                    Some(found) => *alias = found,
                    None if engine.state_stands().await? => {
                        tracing::warn!(index = %engine.state_name(), "the state index had lost its name, it is put back");
                        engine.state_index().await?;
                    }
                    None => return Ok(false),
                }
                Ok(true)
            }
        }
    }

    /// Reads one; what was written last is seen at once. `None` only where it is certain that it is not there.
    pub(crate) async fn get(&self, id: &str) -> Result<Option<(Value, SequenceNumber)>> {
        match self {
            Self::Directory(directory) => directory.get(id).await,
            #[cfg(feature = "redis")]
            Self::Redis(redis) => redis.get(id).await,
            Self::Index { engine, .. } => engine.state_get(id).await,
        }
    }

    /// Writes one that follows `after`, or that must not be there yet.
    pub(super) async fn put(&self, id: &str, body: &Value, after: Option<SequenceNumber>) -> Result<Put> {
        match self {
            Self::Directory(directory) => directory.put(id, body, after).await,
            #[cfg(feature = "redis")]
            Self::Redis(redis) => redis.put(id, body, after).await,
            Self::Index { engine, alias } => engine.state_put(id, body, after, *alias).await,
        }
    }

    /// Writes one, whatever is there.
    pub(crate) async fn replace(&self, id: &str, body: &Value) -> Result<()> {
        match self {
            Self::Directory(directory) => directory.replace(id, body).await,
            #[cfg(feature = "redis")]
            Self::Redis(redis) => redis.replace(id, body).await,
            Self::Index { engine, .. } => engine.state_replace(id, body).await,
        }
    }

    /// Removes one.
    pub(crate) async fn delete(&self, id: &str) -> Result<()> {
        match self {
            Self::Directory(directory) => directory.delete(id).await,
            #[cfg(feature = "redis")]
            Self::Redis(redis) => redis.delete(id).await,
            Self::Index { engine, .. } => engine.state_delete(id).await,
        }
    }

    /// Answers [`Put::NoIndex`]: says whether everything has to be written anew. `known` tells that something was there.
    pub(super) async fn mend(&mut self, known: bool) -> Result<bool> {
        // The others never say that they are missing: they are waited for.
        let Self::Index { engine, alias } = self else { return Ok(false) };
        *alias = true;
        let found = engine.state_index().await?;
        let index = engine.state_name();
        match found {
            StateIndex::Made if known => tracing::warn!(%index, "the state index was lost, it is written anew"),
            StateIndex::Found if known => tracing::warn!(%index, "the state index had lost its name, it is put back"),
            _ => {}
        }
        Ok(found == StateIndex::Made)
    }
}

#[cfg(not(feature = "redis"))]
fn without() -> crate::Error {
    crate::Error::new(crate::ErrorKind::Refused, "REDIS_CHECKPOINT is true, and this program was built without Redis")
        .help("build it with the feature `redis` of pgsync-runtime, or keep the state in the state index or in CHECKPOINT_PATH")
}
