//! Operator commands, one function each. In: settings and a program. Out: done, or an error.

#[cfg(feature = "mysql")]
use super::no_setup;
use super::peer::{PeerBootstrap, PeerFlags};
use super::quarantine::Rereading;
use super::ready::{Access, Ready};
use super::{Log, PreviewOptions, Quarantine, VerifyOptions, WaitOptions};
use crate::backoff::Backoff;
use crate::error::printable;
use crate::pipeline::{Options, Pipelines};
use crate::settings::{Overrides, Settings, SslMode};
use crate::source::postgres::capture::{self, CaptureState, Setup};
use crate::source::postgres::connection as database;
use crate::source::postgres::{Connection, LogEnd, Session, version_at};
use crate::state::State;
use crate::transform::Registration;
use crate::{Error, ErrorKind, Position, Result, terminal};
use clap::{Args, Subcommand};
use pgsync_plan::Program;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};
use tokio_postgres::Client;

/// The commands that operate a program.
#[derive(Debug, Clone, Subcommand)]
pub enum RunCommand {
    /// Print the first documents as they would be written; needs no engine
    Preview {
        /// What to show
        #[command(flatten)]
        sample: PreviewOptions,
        /// How long to try at the start
        #[command(flatten)]
        reach: ConnectOptions,
    },
    /// Say what stands in the way in database and engine, and the statement that mends it; change nothing
    Doctor {
        /// How long to try at the start
        #[command(flatten)]
        reach: ConnectOptions,
    },
    /// Set up the database: publication, replica identities, slot
    Bootstrap {
        /// Flags of PGSync
        #[command(flatten)]
        peer: PeerBootstrap,
        /// Print the statements and change nothing
        #[arg(long)]
        dry_run: bool,
        /// How long to try at the start
        #[command(flatten)]
        reach: ConnectOptions,
    },
    /// Load what is missing, catch up with what was there at the start, stop
    Sync {
        /// Flags of PGSync
        #[command(flatten)]
        peer: PeerFlags,
        /// What to fill, and how
        #[command(flatten)]
        fill: LoadOptions,
        /// How long to try at the start
        #[command(flatten)]
        reach: ConnectOptions,
    },
    /// Load what is missing, then follow for ever
    Run {
        /// Flags of PGSync
        #[command(flatten)]
        peer: PeerFlags,
        /// What to fill, and how
        #[command(flatten)]
        fill: LoadOptions,
        /// How long to try at the start
        #[command(flatten)]
        reach: ConnectOptions,
        /// Serve /healthz, /metrics and /caught-up at this address; a port alone is on 127.0.0.1 [env: PGSYNC_LISTEN]
        #[arg(long, value_name = "[ADDRESS:]PORT", value_parser = crate::health::address)]
        listen: Option<SocketAddr>,
    },
    /// Wait until what was committed is written
    Wait {
        /// What to wait for
        #[command(flatten)]
        options: WaitOptions,
        /// How long to try at the start
        #[command(flatten)]
        reach: ConnectOptions,
    },
    /// Show how far everything is written
    Status {
        /// How long to try at the start
        #[command(flatten)]
        reach: ConnectOptions,
    },
    /// Compare the indexes with the database, while both are in use; with --repair, put right what is wrong
    #[command(after_help = super::verify::HELP)]
    Verify {
        /// What to compare
        #[command(flatten)]
        options: VerifyOptions,
        /// How long to try at the start
        #[command(flatten)]
        reach: ConnectOptions,
    },
    /// Show, try again or forget the documents that the engine has refused
    Quarantine {
        /// What to do with them
        #[command(subcommand)]
        command: Quarantine,
        /// How long to try at the start
        #[command(flatten)]
        reach: ConnectOptions,
    },
    /// Remove slot and publication, restore replica identities, forget the state
    Teardown {
        /// Drop the indexes too
        #[arg(long)]
        indexes: bool,
        /// Remove another slot of ours instead, which `status` lists and nothing uses any more; may be given several times
        #[arg(long, value_name = "SLOT")]
        orphan: Vec<String>,
        /// How long to try at the start
        #[command(flatten)]
        reach: ConnectOptions,
    },
}

/// How to reach the database, and for how long to try.
#[derive(Debug, Clone, Args)]
pub struct ConnectOptions {
    /// Host of the database [env: PG_HOST]
    #[arg(long)]
    host: Option<String>,
    /// Port of the database [env: PG_PORT]
    #[arg(short, long)]
    port: Option<u16>,
    /// Role in the database [env: PG_USER]
    #[arg(short, long)]
    user: Option<String>,
    /// Ask for the password
    #[arg(long)]
    password: bool,
    /// How TLS is used [env: PG_SSLMODE]
    #[arg(long, value_name = "MODE", value_parser = ssl_mode)]
    sslmode: Option<SslMode>,
    /// File with the authorities to trust [env: PG_SSLROOTCERT]
    #[arg(long, value_name = "FILE")]
    sslrootcert: Option<PathBuf>,
    /// Seconds to try to reach database and engine at the start [env: PGSYNC_WAIT] [default: 30]
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u64>,
}

/// How to fill indexes.
#[derive(Debug, Clone, Args)]
pub struct LoadOptions {
    /// Set up the database first, where that was not done
    #[arg(short, long)]
    bootstrap: bool,
    /// Fill a new generation of every index and swap, also where the schema has changed
    #[arg(long)]
    rebuild: bool,
    /// Replace what another database has filled: load everything, then drop the other's indexes
    #[arg(long)]
    take_over: bool,
    /// Connections that read [env: NUM_WORKERS]
    #[arg(short, long, alias = "num_workers", value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=256))]
    num_workers: Option<u16>,
}

fn ssl_mode(text: &str) -> std::result::Result<SslMode, &'static str> {
    text.parse()
}

impl RunCommand {
    /// How long to try at the start, where the command line says so.
    pub fn wait(&self) -> Option<Duration> {
        self.start().0.wait.map(Duration::from_secs)
    }

    /// What the flags say. The password is asked for here, where it is to be.
    ///
    /// # Errors
    /// Where there is nobody to ask.
    pub fn overrides(&self) -> Result<Overrides> {
        let (reach, listen) = self.start();
        let ConnectOptions { host, port, user, password, sslmode, sslrootcert, .. } = reach.clone();
        let readers = match self {
            Self::Run { fill, .. } | Self::Sync { fill, .. } => fill.num_workers.map(usize::from),
            _ => None,
        };
        Ok(Overrides {
            database: None,
            host,
            port,
            user,
            password: if password { Some(terminal::password()?) } else { None },
            ssl_mode: sslmode,
            ssl_root_cert: sslrootcert,
            readers,
            wait: self.wait(),
            listen,
        })
    }

    fn start(&self) -> (&ConnectOptions, Option<SocketAddr>) {
        match self {
            Self::Run { reach, listen, .. } => (reach, *listen),
            Self::Wait { reach, options } => (reach, options.listen),
            Self::Bootstrap { reach, .. }
            | Self::Sync { reach, .. }
            | Self::Preview { reach, .. }
            | Self::Verify { reach, .. }
            | Self::Quarantine { reach, .. }
            | Self::Status { reach }
            | Self::Doctor { reach }
            | Self::Teardown { reach, .. } => (reach, None),
        }
    }
}

/// Carries one out.
///
/// # Errors
/// Whatever keeps it from being done.
pub async fn operate(
    log: Log,
    operator: &RunCommand,
    programs: Vec<Program>,
    (transforms, overrides): (&[Registration], Overrides),
) -> Result<()> {
    match operator {
        RunCommand::Run { peer, .. } => peer.check(true)?,
        RunCommand::Sync { peer, .. } => peer.check(false)?,
        RunCommand::Bootstrap { peer, .. } => peer.check()?,
        _ => {}
    }
    let all = Ready::all(programs, transforms, &overrides)?;
    match operator {
        RunCommand::Preview { sample, .. } => super::preview::preview(log, sample, all).await,
        RunCommand::Bootstrap { dry_run, .. } => {
            for ready in &all {
                let done = match ready.access()? {
                    Access::SetUp => bootstrap(log, ready, *dry_run).await,
                    Access::Triggers(source) => super::by_triggers::bootstrap(log, ready, &source, *dry_run).await,
                    #[cfg(feature = "mysql")]
                    Access::Log(source) => no_setup::bootstrap(ready, &source).await,
                };
                done.map_err(|error| ready.named(error))?;
            }
            Ok(())
        }
        RunCommand::Sync { fill, .. } => follow(all, transforms, fill, true).await,
        RunCommand::Run { fill, .. } => follow(all, transforms, fill, false).await,
        RunCommand::Quarantine { command, .. } => Box::pin(super::quarantine::quarantine(log, command, all)).await,
        RunCommand::Doctor { .. } => super::doctor::doctor(log, &all).await,
        RunCommand::Wait { options, .. } => super::wait::wait(log, options, &all).await,
        RunCommand::Verify { options, .. } => Box::pin(super::verify::verify(log, options, all)).await,
        RunCommand::Status { .. } => super::status::status(log, &all).await,
        RunCommand::Teardown { indexes, orphan, .. } if orphan.is_empty() => {
            super::teardown::teardown(&all, *indexes).await
        }
        RunCommand::Teardown { indexes, orphan, .. } => super::teardown::orphans(&all, orphan, *indexes).await,
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
            Err(error) if error.kind() == ErrorKind::Unavailable => {
                return Err(crate::pipeline::gave_up(error, settings.run.wait));
            }
            result => return result,
        }
    }
}

/// Opens the database where it is the one that a state is of.
pub(super) async fn reread(settings: &Settings, state: &State) -> Result<Option<Rereading<Session>>> {
    let client = session(settings).await?;
    let system = Connection::open(&settings.database).await?.identify_system().await?;
    if (system.system_id.as_str(), system.timeline) != (state.owner.system_identifier.as_str(), state.timeline)
        || settings.database.database != state.owner.database
        || Position::from(system.position) < state.position
    {
        return Ok(None);
    }
    let ceiling = LogEnd::open(&settings.database).await?.ceiling();
    Ok(Some(Rereading { session: Session::open(client).await?, ceiling, version_at }))
}

pub(super) async fn session(settings: &Settings) -> Result<Client> {
    reach(settings, || database::connect_to_read(&settings.database)).await
}

async fn bootstrap(log: Log, ready: &Ready, dry_run: bool) -> Result<()> {
    let Ready { program, settings, .. } = ready;
    let client = session(settings).await?;
    let facts = CaptureState::read(&client, program).await?;
    capture::fits(&client, &facts, program).await?;
    let setup = Setup::plan(&client, &facts, program).await?;
    if dry_run {
        let heading = ready.label().map_or_else(String::new, |name| format!("-- database {}\n", printable(name)));
        let text = if log.json {
            let mut object = serde_json::json!({ "transaction": setup.statements, "afterwards": setup.slot });
            if let Some(database) = ready.label() {
                object["database"] = database.into();
            }
            format!("{object}\n")
        } else if setup.is_empty() {
            format!("{heading}-- nothing to do: everything is set up\n")
        } else {
            heading + &setup.script()
        };
        return super::print(&text).map(drop);
    }
    if setup.is_empty() {
        tracing::info!(database = ready.label(), "everything is set up already");
        return Ok(());
    }
    tracing::info!("setting up the database:\n{}", setup.script().trim_end());
    setup.apply(&client).await?;
    tracing::info!(publication = %program.capture.logical_replication()?.publication, slot = %program.capture.name(), "the database is set up");
    Ok(())
}

async fn follow(all: Vec<Ready>, transforms: &[Registration], fill: &LoadOptions, until_caught_up: bool) -> Result<()> {
    let listen = all.iter().find_map(|ready| ready.settings.run.listen);
    let LoadOptions { bootstrap, rebuild, take_over, .. } = *fill;
    let options = Options { bootstrap, rebuild, take_over, until_caught_up };
    let programs = all.into_iter().map(|ready| (ready.program, ready.settings)).collect();
    let pipelines = Pipelines::new(programs, transforms, options)?;
    if let Some(address) = listen {
        pipelines.health().serve(address).await?;
    }
    let stop = pipelines.stop_token();
    let listening = |error| Error::new(ErrorKind::Refused, "signals cannot be listened to").source(error);
    let mut terminate = signal(SignalKind::terminate()).map_err(listening)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(listening)?;
    let run = pipelines.run();
    tokio::pin!(run);
    let mut asked = false;
    loop {
        let signal = tokio::select! {
            result = &mut run => return result,
            _ = terminate.recv() => 15,
            _ = interrupt.recv() => 2,
        };
        if asked {
            // As a process ends that knows nothing of the signal.
            std::process::exit(128 + signal);
        }
        tracing::info!("stopping: what was read is written and acknowledged first; a second signal ends at once");
        stop.cancel();
        asked = true;
    }
}
