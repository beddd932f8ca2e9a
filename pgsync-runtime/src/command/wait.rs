//! `wait`: until what was committed is in the index. In: a point of the source's log, or its end as it is now. Out: done, or an
//! error. The running process is asked where its status endpoint is known; else the state is looked at, which is written up to
//! 200 ms after the documents. Nothing is changed.

use super::Log;
use super::operate::reach;
use super::ready::{Access, Ready};
use crate::error::printable;
use crate::health::{Asked, ask};
use crate::sink::Engine;
use crate::source::postgres::Postgres;
use crate::source::{Goal, Source};
use crate::state::StateStore;
use crate::{Code, Error, ErrorKind, Result};
use clap::Args;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What to wait for.
#[derive(Debug, Clone, Args)]
pub struct WaitOptions {
    /// The point of the log that the database names after the commit; docs/wait.md says how it is asked
    #[arg(long, alias = "position", value_name = "POSITION", required_unless_present = "now", conflicts_with = "now")]
    lsn: Option<String>,
    /// Wait for everything that is committed by now
    #[arg(long)]
    now: bool,
    /// Also let searches find it: refresh the indexes
    #[arg(long)]
    refresh: bool,
    /// How long to wait at most
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    timeout: Duration,
    /// Which database, where the schema file names several; all of them with --now
    #[arg(long, value_name = "NAME")]
    database: Option<String>,
    /// Where the running process answers; a port alone is on 127.0.0.1 [env: PGSYNC_LISTEN]
    #[arg(long, value_name = "[ADDRESS:]PORT", value_parser = crate::health::address)]
    pub(super) listen: Option<SocketAddr>,
}

fn seconds(text: &str) -> std::result::Result<Duration, &'static str> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.ok_or("a number of seconds")
}

/// How often the state is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// One question to the running process waits no longer: what it says is heard before.
const ONE_QUESTION: Duration = Duration::from_secs(20);
/// What an answer may take beyond its wait: a refresh takes as long as the engine does.
const ANSWERING: Duration = Duration::from_secs(60);

/// Waits for each database that is meant.
pub(super) async fn wait(log: Log, options: &WaitOptions, all: &[Ready]) -> Result<()> {
    let until = Instant::now() + options.timeout;
    for ready in chosen(options, all)? {
        let waited = match ready.access()? {
            Access::SetUp => {
                let (database, program) = (ready.settings.database.clone(), Arc::new(ready.program.clone()));
                Wait { ready, options, until, source: Postgres::new(database, program, false) }.run().await
            }
            Access::Triggers(source) => Wait { ready, options, until, source }.run().await,
            #[cfg(feature = "mysql")]
            Access::Log(source) => Wait { ready, options, until, source }.run().await,
        };
        let reached = waited.map_err(|error| ready.named(error))?;
        say(log, ready, options, &reached)?;
    }
    Ok(())
}

/// Those that are meant.
fn chosen<'a>(options: &WaitOptions, all: &'a [Ready]) -> Result<Vec<&'a Ready>> {
    let names = || all.iter().map(Ready::database).collect::<Vec<_>>().join(", ");
    let wrong = |message: String| Err(Error::new(ErrorKind::Usage, message));
    match &options.database {
        Some(name) => match all.iter().find(|ready| ready.database() == name) {
            Some(ready) => Ok(vec![ready]),
            None => wrong(format!("--database {} is none of those of the schema file: {}", printable(name), names())),
        },
        None if options.now || all.len() == 1 => Ok(all.iter().collect()),
        None => wrong(format!("a point of a log is one of a database: name it with --database, one of {}", names())),
    }
}

/// What was reached, and who has said so.
struct Reached {
    lsn: String,
    through: String,
}

fn say(log: Log, ready: &Ready, options: &WaitOptions, reached: &Reached) -> Result<()> {
    let Reached { lsn, through } = reached;
    if !log.json {
        let database = ready.label();
        tracing::info!(database, position = %lsn, refreshed = options.refresh, "written, says {through}");
        return Ok(());
    }
    let mut object = json!({ "caught_up": true, "position": lsn, "through": through, "refreshed": options.refresh });
    if let Some(database) = ready.label() {
        object["database"] = database.into();
    }
    super::print(&format!("{object}\n")).map(drop)
}

/// One wait.
struct Wait<'a, S> {
    ready: &'a Ready,
    options: &'a WaitOptions,
    until: Instant,
    source: S,
}

impl<S: Source> Wait<'_, S> {
    async fn run(&self) -> Result<Reached> {
        let lsn = match &self.options.lsn {
            Some(text) => text.clone(),
            None => reach(&self.ready.settings, || self.source.now()).await?.to_string(),
        };
        let goal = self.source.goal(&lsn).map_err(|what| Error::coded(Code::NoPosition, what))?;
        let through = match self.ready.settings.run.listen {
            Some(address) => self.by_process(address, &lsn, &goal).await?,
            None => {
                self.by_state(&goal, &lsn, self.until).await?;
                self.state_name()
            }
        };
        Ok(Reached { lsn, through })
    }

    /// Asks the running process. While nobody answers there, the state is looked at.
    async fn by_process(&self, address: SocketAddr, lsn: &str, goal: &Goal) -> Result<String> {
        let mut said = false;
        loop {
            let left = self.until.saturating_duration_since(Instant::now());
            let asked = Asked {
                lsn: lsn.to_owned(),
                patience: left.min(ONE_QUESTION),
                refresh: self.options.refresh,
                database: self.ready.label().map(str::to_owned),
            };
            let path = format!("/caught-up?{}", asked.query());
            match ask::ask(address, &path, asked.patience + ANSWERING).await {
                Ok((200, _)) => return Ok(format!("the running process at {address}")),
                Ok((409, body)) => return Err(Error::coded(Code::OtherLog, why(&body))),
                Ok((202 | 503, body)) if left.is_zero() => return Err(self.late(lsn, &why(&body))),
                Ok((202, _)) => {}
                Ok((503, _)) => tokio::time::sleep(LOOK_EVERY.min(left)).await,
                Ok((status, body)) => {
                    let what = format!("what answers at {address} says {status} to /caught-up: {}", why(&body));
                    return Err(Error::coded(Code::NotAsked, what));
                }
                Err(error) => {
                    if !std::mem::replace(&mut said, true) {
                        tracing::warn!(%address, %error, "the running process does not answer: {} is looked at", self.state_name());
                    }
                    // For a while: then the process may be there.
                    let until = self.until.min(Instant::now() + Duration::from_secs(1));
                    match self.by_state(goal, lsn, until).await {
                        Ok(()) => return Ok(self.state_name()),
                        Err(error) if error.code() == Some(Code::NotReached) && Instant::now() < self.until => {}
                        Err(error) => return Err(error),
                    }
                }
            }
        }
    }

    /// Looks at the state until it is there.
    async fn by_state(&self, goal: &Goal, lsn: &str, until: Instant) -> Result<()> {
        let Ready { program, settings, .. } = self.ready;
        let engine = reach(settings, || Engine::connect(&settings.engine)).await?;
        let began = Instant::now();
        let mut looked_beyond = false;
        loop {
            let (_, state) = StateStore::open(&engine, program.capture.name()).await?;
            let loaded = |name: &str| {
                let index = state.as_ref().and_then(|state| state.indexes.get(name));
                index.is_some_and(|index| index.loaded)
            };
            let missing = program.plan.documents.iter().find(|document| !loaded(&document.index));
            let written = state.as_ref().map(|state| self.source.recorded(state));
            let reached = written.as_ref().is_some_and(|written| goal.is_reached_by(written));
            if reached && missing.is_none() {
                break;
            }
            if Instant::now() >= until {
                let found = match (missing, written) {
                    (Some(document), _) => format!("index `{}` is not loaded", document.index),
                    (None, Some(written)) => format!("{written} is written"),
                    (None, None) => "nothing is written".to_owned(),
                };
                return Err(self.late(lsn, &found));
            }
            if !reached && !looked_beyond && began.elapsed() > LOOK_EVERY * 5 {
                looked_beyond = true;
                let end = self.source.now().await?;
                if !goal.is_reached_by(&end) {
                    return Err(Error::coded(
                        Code::OtherLog,
                        format!("`{}` is not in this log, which ends at {end}", printable(lsn)),
                    ));
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        if self.options.refresh {
            for document in &program.plan.documents {
                engine.refresh(&document.index).await?;
            }
        }
        Ok(())
    }

    fn state_name(&self) -> String {
        format!("the state in {}", self.ready.settings.engine.state_place())
    }

    fn late(&self, lsn: &str, found: &str) -> Error {
        let seconds = self.options.timeout.as_secs_f64();
        Error::coded(Code::NotReached, format!("{} was not written within {seconds} s: {found}", printable(lsn)))
            .help("see `status` and `/healthz` for what it waits for, and whether a process runs at all; or wait longer, --timeout")
    }
}

fn why(body: &Value) -> String {
    body["why"].as_str().map_or_else(|| "nothing that is understood".to_owned(), |why| printable(why).to_string())
}
