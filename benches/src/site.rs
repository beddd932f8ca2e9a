//! Where everything is. In: environment variables that `cargo xtask bench` sets. Out: addresses, process ids and paths.

use crate::database::{Database, Server};
use crate::{Options, Outcome, report};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The surroundings of a run.
pub(crate) struct Site {
    /// How much is run.
    pub(crate) options: Options,
    /// What is measured.
    pub(crate) commit: String,
    /// The databases that run.
    pub(crate) servers: Vec<(Database, Server)>,
    /// URL of OpenSearch.
    pub(crate) opensearch: String,
    /// Process id of OpenSearch.
    pub(crate) opensearch_pid: u32,
    /// URL of Redis, which only the peer needs.
    pub(crate) redis: Option<String>,
    /// `cargo-pgsync`, optimised.
    pub(crate) program: PathBuf,
    /// Folder of the peer's programs.
    pub(crate) peer: Option<PathBuf>,
    /// Folder for logs and schema files of this run.
    pub(crate) folder: tempfile::TempDir,
}

impl Site {
    /// Reads the environment.
    pub(crate) fn from_environment(options: Options) -> Outcome<Self> {
        let need =
            |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set: start with `cargo xtask bench`"));
        let number = |name: &str| -> Outcome<u32> { Ok(need(name)?.parse()?) };
        let program = match std::env::var_os("PGSYNC_BENCH_PROGRAM") {
            Some(path) => path.into(),
            None => std::env::current_exe()?.with_file_name("cargo-pgsync"),
        };
        let mut servers = Vec::new();
        for database in Database::ALL {
            let [url, pid] = database.variables();
            if let Ok(url) = std::env::var(url) {
                servers.push((database, Server { url, pid: number(pid)? }));
            }
        }
        Ok(Self {
            options,
            commit: report::commit(),
            servers,
            opensearch: need("ELASTICSEARCH_URL")?.trim_end_matches('/').to_owned(),
            opensearch_pid: number("PGSYNC_BENCH_OPENSEARCH")?,
            redis: std::env::var("REDIS_URL").ok(),
            program,
            peer: std::env::var_os("PGSYNC_BENCH_PEER").map(PathBuf::from),
            folder: tempfile::Builder::new().prefix("pgsync-bench-").tempdir()?,
        })
    }

    /// The server of a database.
    pub(crate) fn server(&self, database: Database) -> Outcome<&Server> {
        let found = self.servers.iter().find(|(known, _)| *known == database).map(|(_, server)| server);
        found.ok_or_else(|| {
            let [url, _] = database.variables();
            let name = database.title();
            format!("no server of {name}: {url} is not set, start with `cargo xtask bench`").into()
        })
    }

    /// The databases to measure: those asked for, or all that run.
    pub(crate) fn databases(&self) -> Outcome<Vec<Database>> {
        for database in &self.options.database {
            self.server(*database)?;
        }
        let asked = &self.options.database;
        let all = self.servers.iter().map(|(database, _)| *database);
        Ok(all.filter(|database| asked.is_empty() || asked.contains(database)).collect())
    }

    /// The benchmark's folder in the workspace.
    pub(crate) fn home() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    /// How often ours is run.
    pub(crate) fn runs(&self) -> usize {
        self.options.runs.unwrap_or(if self.options.quick { 2 } else { 5 }).max(1)
    }

    /// A number of rows or changes at this run's scale.
    pub(crate) fn scaled(&self, count: u64) -> u64 {
        (count as f64 * self.options.scale).round().max(1.0) as u64
    }

    /// One of two numbers, at this run's scale: in full, or quick.
    pub(crate) fn sized(&self, full: u64, quick: u64) -> u64 {
        self.scaled(if self.options.quick { quick } else { full })
    }

    /// How long the peer runs before it is stopped and its figure extrapolated.
    pub(crate) fn peer_limit(&self) -> Duration {
        Duration::from_secs(if self.options.quick { 30 } else { 120 })
    }

    /// How many connections ours reads a load with: the default of `NUM_WORKERS`.
    pub(crate) fn readers() -> usize {
        std::thread::available_parallelism().map_or(3, |count| count.get() + 1).clamp(3, 8)
    }
}
