//! Where it was measured. In: /proc, the servers, the programs. Out: what one has to know to compare figures.

use crate::Outcome;
use crate::database::{Database, binlog, postgres};
use crate::site::Site;
use crate::target::Target;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::process::Command;

/// Machine, versions, settings.
#[derive(Serialize, Deserialize)]
pub(super) struct Machine {
    /// Commit of this workspace, with a mark when files differ from it.
    pub(super) commit: String,
    /// Day and time, UTC.
    pub(super) date: String,
    /// Model of the processor.
    pub(super) processor: String,
    /// Cores.
    pub(super) cores: usize,
    /// Gigabytes of memory.
    pub(super) memory: f64,
    /// Kernel.
    pub(super) kernel: String,
    /// Load averages when the run ended: above what the benchmark itself makes, somebody else was at work.
    pub(super) load: String,
    /// Program and version.
    pub(super) versions: BTreeMap<String, String>,
    /// Settings of PostgreSQL that are not its defaults.
    pub(super) postgres: BTreeMap<String, String>,
    /// Settings of MariaDB that matter.
    #[serde(default)]
    pub(super) mariadb: BTreeMap<String, String>,
    /// Settings of MySQL that matter.
    #[serde(default)]
    pub(super) mysql: BTreeMap<String, String>,
}

/// What of MariaDB and MySQL is written down; each of them lacks one.
const OF_BINLOG: [&str; 8] = [
    "version",
    "innodb_buffer_pool_size",
    "innodb_flush_log_at_trx_commit",
    "innodb_log_file_size",
    "innodb_redo_log_capacity",
    "sync_binlog",
    "binlog_format",
    "binlog_row_metadata",
];

impl Machine {
    /// Looks at everything that runs.
    pub(super) async fn look(site: &Site) -> Outcome<Self> {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let field = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let kilobytes = field(&read("/proc/meminfo"), "MemTotal");
        let kilobytes: f64 = kilobytes.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0.0);
        let mut settings: [BTreeMap<String, String>; 3] = Default::default();
        for (database, server) in &site.servers {
            let found = match database {
                Database::Postgres => of_postgres(&server.url).await?,
                Database::Mariadb | Database::Mysql => binlog::settings(&server.url, &OF_BINLOG).await?,
            };
            settings[*database as usize] = found.into_iter().collect();
        }
        let engine = Target::opensearch(site).get("/").await?;
        let mut versions = BTreeMap::from([
            ("OpenSearch".to_owned(), engine["version"]["number"].as_str().unwrap_or_default().to_owned()),
            ("Rust".to_owned(), said(Command::new("rustc").arg("--version")).replace("rustc ", "")),
        ]);
        for (database, found) in Database::ALL.into_iter().zip(&mut settings) {
            if let Some(version) = found.remove("version") {
                versions.insert(database.title().to_owned(), version);
            }
        }
        let [postgres, mariadb, mysql] = settings;
        if let Some(peer) = &site.peer {
            let python = || Command::new(peer.join("bin/python"));
            let ask = "from importlib.metadata import version; print(version('pgsync'))";
            versions.insert("PGSync".to_owned(), said(python().args(["-c", ask])));
            versions.insert("Python".to_owned(), said(python().arg("--version")).replace("Python ", ""));
        }
        Ok(Self {
            commit: site.commit.clone(),
            date: said(Command::new("date").args(["-u", "+%Y-%m-%d %H:%M"])),
            processor: field(&read("/proc/cpuinfo"), "model name"),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            memory: (kilobytes / 1e5).round() / 10.0,
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            load: read("/proc/loadavg").split(' ').take(3).collect::<Vec<_>>().join(" "),
            versions,
            postgres,
            mariadb,
            mysql,
        })
    }

    /// Keeps of an earlier run what was not there in this one.
    pub(super) fn keep(&mut self, earlier: Self) {
        for (name, version) in earlier.versions {
            self.versions.entry(name).or_insert(version);
        }
        for (now, before) in [
            (&mut self.postgres, earlier.postgres),
            (&mut self.mariadb, earlier.mariadb),
            (&mut self.mysql, earlier.mysql),
        ] {
            if now.is_empty() {
                *now = before;
            }
        }
    }

    /// The settings of each database that was measured.
    pub(super) fn settings(&self) -> impl Iterator<Item = (Database, &BTreeMap<String, String>)> {
        let all = [&self.postgres, &self.mariadb, &self.mysql];
        Database::ALL.into_iter().zip(all).filter(|(_, settings)| !settings.is_empty())
    }
}

async fn of_postgres(url: &str) -> Outcome<Vec<(String, String)>> {
    let client = postgres::connect(url).await?;
    let chosen = "SELECT name, current_setting(name) FROM pg_settings WHERE name IN ('shared_buffers', 'max_wal_size', \
                  'checkpoint_timeout', 'fsync', 'synchronous_commit', 'wal_level') \
                  UNION ALL SELECT 'version', current_setting('server_version')";
    Ok(client.query(chosen, &[]).await?.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// The commit of this workspace, with a mark when files that matter differ from it.
pub(crate) fn commit() -> String {
    let git = |arguments: &[&str]| said(Command::new("git").current_dir(Site::home()).args(arguments));
    let files = ["status", "--porcelain", "--untracked-files=no", "--", "..", ":!results", ":!README.md"];
    git(&["rev-parse", "--short=12", "HEAD"]) + if git(&files).is_empty() { "" } else { " with changes" }
}

/// The first line that a command prints.
fn said(command: &mut Command) -> String {
    let output = command.output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).lines().next().unwrap_or_default().to_owned()
}
