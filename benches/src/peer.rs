//! PGSync. In: a database copy and an engine. Out: its programs, set up and running, in each of its modes. Its settings are
//! its defaults but for those without which a fair run is not possible; they are named here, each with its reason.

use crate::Outcome;
use crate::copies::Copy;
use crate::database::{Database, binlog};
use crate::process::Program;
use crate::site::Site;
use crate::target::Target;
use std::time::{Duration, Instant};
use tokio::process::Command;

/// How it is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Load, catch up, end.
    Once,
    /// Triggers and Redis: `-d`.
    Daemon,
    /// The stream of the slot: `--wal`. It loads nothing.
    Wal,
    /// Everything again and then the log, over and over: what `-d` becomes on MySQL and MariaDB, where it has no other mode.
    Polling,
}

impl Mode {
    /// Its name in the figures.
    pub(crate) fn who(self) -> &'static str {
        match self {
            Self::Once => "PGSync",
            Self::Daemon => "PGSync, triggers",
            Self::Wal => "PGSync, WAL",
            Self::Polling => "PGSync, polling",
        }
    }
}

fn command(site: &Site, copy: &Copy, target: &Target, program: &str, mode: Mode) -> Outcome<Command> {
    let home = site.peer.as_ref().ok_or("PGSYNC_BENCH_PEER is not set")?;
    let mut command = Command::new(home.join("bin/python"));
    command
        .arg(home.join("bin").join(program))
        .arg("-c")
        .arg(&copy.schema)
        .current_dir(site.folder.path())
        .env("OPENSEARCH", "true")
        .env("ELASTICSEARCH", "false")
        .env("ELASTICSEARCH_URL", &target.url)
        // It ends at the first request that takes longer; ten seconds are too few for a loaded engine.
        .env("ELASTICSEARCH_TIMEOUT", "600")
        // Compression costs it time and gains nothing on the loopback.
        .env("ELASTICSEARCH_HTTP_COMPRESS", "false")
        .env("CHECKPOINT_PATH", site.folder.path())
        .env("REDIS_URL", site.redis.as_deref().ok_or("REDIS_URL is not set")?)
        .env("CONSOLE_LOGGING_HANDLER_MIN_LEVEL", "WARNING");
    match copy.database {
        Database::Postgres => drop(command.env("PG_URL", &copy.url)),
        Database::Mariadb | Database::Mysql => {
            let [host, port, user] = binlog::address(&copy.url)?;
            command.env_remove("PG_URL").env("PG_DRIVER", "pymysql");
            command.env("PG_HOST", host).env("PG_PORT", port).env("PG_USER", user);
        }
    }
    if mode == Mode::Wal {
        command.env("WAL", "true");
    }
    Ok(command)
}

/// Makes slot, and triggers where the mode has them.
pub(crate) async fn bootstrap(site: &Site, copy: &Copy, target: &Target, mode: Mode) -> Outcome {
    let log = site.folder.path().join(format!("{}-peer-bootstrap.log", copy.name));
    Program::finish(&mut command(site, copy, target, "bootstrap", mode)?, &log).await
}

/// Says that everything committed so far is indexed, so that it does not begin with a load.
pub(crate) async fn skip_load(site: &Site, copy: &Copy) -> Outcome {
    let row = copy.client()?.query_one("SELECT txid_current()::text", &[]).await?;
    let checkpoint = site.folder.path().join(format!(".{}_{}", copy.name, copy.dataset.index()));
    std::fs::write(checkpoint, format!("{}\n", row.get::<_, &str>(0)))?;
    Ok(())
}

/// Starts it.
pub(crate) fn start(site: &Site, copy: &Copy, target: &Target, mode: Mode) -> Outcome<Program> {
    let log = site.folder.path().join(format!("{}-peer.log", copy.name));
    let mut command = command(site, copy, target, "pgsync", mode)?;
    match mode {
        Mode::Once => {}
        Mode::Daemon => drop(command.arg("-d")),
        Mode::Wal => drop(command.arg("--wal")),
        Mode::Polling => drop(command.arg("--polling")),
    }
    Program::start(&mut command, &log)
}

/// Waits until it follows: in the one mode it listens, in the other it reads the slot.
pub(crate) async fn following(copy: &Copy, program: &mut Program, mode: Mode) -> Outcome {
    let question = match mode {
        Mode::Wal => "SELECT FROM pg_replication_slots WHERE database = current_database() AND active",
        _ => "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%'",
    };
    let end = Instant::now() + Duration::from_secs(120);
    while copy.client()?.query(question, &[]).await?.is_empty() {
        program.alive()?;
        if Instant::now() > end {
            return Err(format!("{} does not follow after two minutes", mode.who()).into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Its second pass over the slot and its workers' start.
    tokio::time::sleep(Duration::from_secs(3)).await;
    program.alive()
}
