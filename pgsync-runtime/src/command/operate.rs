//! Operator commands, one function each. In: settings and a program. Out: done, or an error.

use super::{Log, Quarantine, Sample};
use crate::backoff::Backoff;
use crate::capture::{self, Facts, Setup};
use crate::fetch::Session;
use crate::pipeline::{Options, Pipeline};
use crate::settings::{Overrides, Settings};
use crate::sink::{Engine, Patience, QuarantineStore};
use crate::state::StateStore;
use crate::{Error, ErrorKind, Result, database};
use clap::{Args, Subcommand};
use pgsync_plan::Program;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};
use tokio_postgres::Client;

/// The commands that operate a program.
#[derive(Debug, Clone, Subcommand)]
pub enum Operator {
    /// Print the first documents as they would be written; needs no engine
    Preview {
        /// What to show
        #[command(flatten)]
        sample: Sample,
        /// How long to try at the start
        #[command(flatten)]
        reach: Reach,
    },
    /// Set up the database: publication, replica identities, slot
    Bootstrap {
        /// Print the statements and change nothing
        #[arg(long)]
        dry_run: bool,
        /// How long to try at the start
        #[command(flatten)]
        reach: Reach,
    },
    /// Load what is missing, catch up with what was there at the start, stop
    Sync {
        /// What to fill, and how
        #[command(flatten)]
        fill: Fill,
        /// How long to try at the start
        #[command(flatten)]
        reach: Reach,
    },
    /// Load what is missing, then follow for ever
    Run {
        /// What to fill, and how
        #[command(flatten)]
        fill: Fill,
        /// How long to try at the start
        #[command(flatten)]
        reach: Reach,
        /// Serve /healthz at this address [env: PGSYNC_LISTEN]
        #[arg(long, value_name = "ADDRESS:PORT")]
        listen: Option<SocketAddr>,
    },
    /// Show how far everything is written
    Status {
        /// How long to try at the start
        #[command(flatten)]
        reach: Reach,
    },
    /// Show, try again or forget the documents that the engine has refused
    Quarantine {
        /// What to do with them
        #[command(subcommand)]
        command: Quarantine,
        /// How long to try at the start
        #[command(flatten)]
        reach: Reach,
    },
    /// Remove slot and publication, restore replica identities, forget the state
    Teardown {
        /// Drop the indexes too
        #[arg(long)]
        indexes: bool,
        /// How long to try at the start
        #[command(flatten)]
        reach: Reach,
    },
}

/// How long to try at the start.
#[derive(Debug, Clone, Args)]
pub struct Reach {
    /// Seconds to try to reach database and engine at the start [env: PGSYNC_WAIT] [default: 30]
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u64>,
}

/// How to fill indexes.
#[derive(Debug, Clone, Args)]
pub struct Fill {
    /// Set up the database first, where that was not done
    #[arg(short, long)]
    bootstrap: bool,
    /// Fill a new generation of every index and swap, also where the schema has changed
    #[arg(long)]
    rebuild: bool,
}

impl Operator {
    /// How long to try at the start, where the command line says so.
    pub fn wait(&self) -> Option<Duration> {
        self.start().0.wait.map(Duration::from_secs)
    }

    fn overrides(&self, program: &Program) -> Overrides {
        let database = program.plan.documents.iter().find_map(|document| document.database.clone());
        Overrides { wait: self.wait(), listen: self.start().1, database, ..Overrides::default() }
    }

    fn start(&self) -> (&Reach, Option<SocketAddr>) {
        match self {
            Self::Run { reach, listen, .. } => (reach, *listen),
            Self::Bootstrap { reach, .. }
            | Self::Sync { reach, .. }
            | Self::Preview { reach, .. }
            | Self::Quarantine { reach, .. }
            | Self::Status { reach }
            | Self::Teardown { reach, .. } => (reach, None),
        }
    }
}

/// Carries one out.
///
/// # Errors
/// Whatever keeps it from being done.
pub async fn operate(log: Log, operator: &Operator, mut program: Program) -> Result<()> {
    let settings = Settings::load(&operator.overrides(&program))?;
    if let Some(slot) = &settings.run.slot {
        program.capture.slot.clone_from(slot);
    }
    if let Some(publication) = &settings.run.publication {
        program.capture.publication.clone_from(publication);
    }
    match operator {
        Operator::Preview { sample, .. } => {
            let session = Session::open(session(&settings).await?).await?;
            super::preview::preview(log, sample, program, session).await
        }
        Operator::Bootstrap { dry_run, .. } => bootstrap(&settings, &program, *dry_run).await,
        Operator::Sync { fill, .. } => follow(settings, program, fill, true).await,
        Operator::Run { fill, .. } => follow(settings, program, fill, false).await,
        Operator::Status { .. } => status(log, &settings, &program).await,
        Operator::Quarantine { command, .. } => super::quarantine::quarantine(log, command, &settings, program).await,
        Operator::Teardown { indexes, .. } => teardown(&settings, &program, *indexes).await,
    }
}

/// Tries to reach something for as long as the settings say.
///
/// # Errors
/// The last attempt's.
pub async fn reach<T, F: Future<Output = Result<T>>>(settings: &Settings, attempt: impl Fn() -> F) -> Result<T> {
    let until = Instant::now() + settings.run.wait;
    let mut backoff = Backoff::default();
    loop {
        match attempt().await {
            Err(error) if error.kind() == ErrorKind::Unavailable && Instant::now() < until => {
                tracing::warn!(%error, "trying again");
                tokio::time::sleep(backoff.next()).await;
            }
            result => return result,
        }
    }
}

pub(super) async fn session(settings: &Settings) -> Result<Client> {
    reach(settings, || database::connect(&settings.database)).await
}

#[allow(clippy::print_stdout)]
async fn bootstrap(settings: &Settings, program: &Program, dry_run: bool) -> Result<()> {
    let client = session(settings).await?;
    let facts = Facts::read(&client, program).await?;
    capture::fits(&client, &facts, program).await?;
    let setup = Setup::plan(&facts, program)?;
    if dry_run {
        if setup.is_empty() {
            println!("-- nothing to do: everything is set up");
        } else {
            print!("{}", setup.script());
        }
        return Ok(());
    }
    if setup.is_empty() {
        tracing::info!("everything is set up already");
        return Ok(());
    }
    tracing::info!("setting up the database:\n{}", setup.script().trim_end());
    setup.apply(&client).await?;
    tracing::info!(publication = %program.capture.publication, slot = %program.capture.slot, "the database is set up");
    Ok(())
}

async fn follow(settings: Settings, program: Program, fill: &Fill, until_caught_up: bool) -> Result<()> {
    let listen = settings.run.listen;
    let options = Options { bootstrap: fill.bootstrap, rebuild: fill.rebuild, until_caught_up };
    let pipeline = Pipeline::from_plan(program, settings, options)?;
    if let Some(address) = listen {
        pipeline.health().serve(address).await?;
    }
    let stop = pipeline.stop_token();
    let listening = |error| Error::new(ErrorKind::Refused, "signals cannot be listened to").source(error);
    let mut terminate = signal(SignalKind::terminate()).map_err(listening)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(listening)?;
    let run = pipeline.run();
    tokio::pin!(run);
    tokio::select! {
        result = &mut run => return result,
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping: what was read is written and acknowledged first");
    stop.cancel();
    tokio::select! {
        result = &mut run => result,
        () = tokio::time::sleep(Duration::from_secs(25)) => {
            tracing::warn!("not everything could be written in 25 s; it will be sent again after the next start");
            Ok(())
        }
        _ = interrupt.recv() => Ok(()),
    }
}

#[allow(clippy::print_stdout)]
async fn status(log: Log, settings: &Settings, program: &Program) -> Result<()> {
    let client = session(settings).await?;
    let facts = Facts::read(&client, program).await?;
    let engine = reach(settings, || Engine::connect(&settings.engine)).await?;
    let (_, state) = reach(settings, || StateStore::open(&engine, &program.capture.slot)).await?;
    let refused = QuarantineStore::new(&engine, &program.capture.slot, Patience::default()).list().await?.len();
    let row = client
        .query_one("SELECT pg_current_wal_lsn()::text", &[])
        .await
        .map_err(|error| Error::new(ErrorKind::Unavailable, "the log's end could not be read").source(error))?;
    let end: crate::Lsn = row.get::<_, &str>(0).parse().unwrap_or_default();
    let written = state.as_ref().map(|state| state.position);
    let confirmed = facts.slot.as_ref().and_then(|slot| slot.confirmed);
    let active = facts.slot.as_ref().and_then(|slot| slot.active_pid);
    let lag = confirmed.map(|confirmed| end.0.saturating_sub(confirmed.0));
    let indexes: Vec<_> = program
        .plan
        .documents
        .iter()
        .map(|document| (document.index.as_str(), state.as_ref().and_then(|state| state.indexes.get(&document.index))))
        .collect();
    if log.json {
        let indexes: serde_json::Map<_, _> =
            indexes.iter().map(|(name, index)| ((*name).to_owned(), serde_json::json!(index))).collect();
        println!(
            "{}",
            serde_json::json!({
                "slot": program.capture.slot, "slot_exists": facts.slot.is_some(), "streaming_pid": active,
                "log_end": end, "acknowledged": confirmed, "written": written, "lag_bytes": lag, "indexes": indexes,
                "quarantined": refused,
            })
        );
        return Ok(());
    }
    match (&facts.slot, active) {
        (None, _) => println!("slot          {} (does not exist: run `bootstrap`)", program.capture.slot),
        (Some(_), Some(pid)) => println!("slot          {} (streaming, pid {pid})", program.capture.slot),
        (Some(_), None) => println!("slot          {} (nothing streams from it)", program.capture.slot),
    }
    let text = |lsn: Option<crate::Lsn>| lsn.map_or_else(|| "-".to_owned(), |lsn| lsn.to_string());
    println!("log end       {end}");
    println!("acknowledged  {}", text(confirmed));
    println!("written       {}", text(written));
    println!("lag           {} bytes", lag.map_or_else(|| "-".to_owned(), |lag| lag.to_string()));
    println!("quarantine    {refused} documents");
    for (name, index) in indexes {
        match index {
            Some(index) if index.loaded => println!("index         {name} -> {}", index.physical),
            Some(index) => println!("index         {name} -> {} (loading)", index.physical),
            None => println!("index         {name} (not loaded)"),
        }
    }
    Ok(())
}

async fn teardown(settings: &Settings, program: &Program, indexes: bool) -> Result<()> {
    let client = session(settings).await?;
    let facts = Facts::read(&client, program).await?;
    for statement in capture::teardown(&client, &facts, program).await? {
        tracing::info!(%statement, "done");
    }
    let engine = reach(settings, || Engine::connect(&settings.engine)).await?;
    // The state index may be there and not yet answer.
    let (mut store, _) = reach(settings, || StateStore::open(&engine, &program.capture.slot)).await?;
    store.remove().await?;
    let quarantine = QuarantineStore::new(&engine, &program.capture.slot, Patience::default());
    let entries = quarantine.list().await?;
    quarantine.remove(&entries.iter().map(|entry| (entry.name(), entry.version)).collect::<Vec<_>>()).await?;
    if indexes {
        for document in &program.plan.documents {
            let existing = engine.inspect(&document.index).await?;
            for generation in existing.generations.iter().filter(|found| found.slot == program.capture.slot) {
                engine.drop_generation(generation).await?;
                tracing::info!(index = %generation.physical, "dropped");
            }
        }
    }
    tracing::info!("nothing of ours is left in the database");
    Ok(())
}
