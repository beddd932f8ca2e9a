//! Settings: PGSync's environment variables under their names, with our defaults. In: the process environment, `.env`,
//! flags. Out: typed settings. Secrets stay wrapped and never reach a log.

mod database;
mod dotenv;
mod load;
mod names;
mod reader;
mod redis;
mod secret;
mod several;
pub mod table;
#[cfg(test)]
mod tests;
mod url;

pub use names::{resolve, substituted, variables};
pub use redis::RedisSettings;
pub use several::settle;

use secrecy::SecretString;
use std::path::PathBuf;
use std::time::Duration;

/// All settings. They are read by [`App::settings`](crate::App::settings), and can be changed afterwards:
///
/// ```no_run
/// # fn example(app: pgsync_runtime::App) -> pgsync_runtime::Result<()> {
/// let mut settings = app.settings()?;
/// settings.engine.chunk_size = 1000;
/// settings.run.wait = std::time::Duration::from_secs(300);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// The source.
    pub database: DatabaseSettings,
    /// The target.
    pub engine: EngineSettings,
    /// How the process runs.
    pub run: RunSettings,
}

/// What is spoken with a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// PostgreSQL.
    Postgres,
    /// MySQL or MariaDB: which of them, the server says.
    MySql,
}

impl Family {
    /// The one that databases of a dialect speak.
    pub fn of(dialect: pgsync_plan::Dialect) -> Self {
        match dialect {
            pgsync_plan::Dialect::Postgres => Self::Postgres,
            pgsync_plan::Dialect::Mysql | pgsync_plan::Dialect::Mariadb => Self::MySql,
        }
    }
}

/// How changes of PostgreSQL are captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CaptureMethod {
    /// By logical replication.
    #[default]
    Replication,
    /// By triggers, which write into a table.
    Triggers,
}

impl CaptureMethod {
    /// As the environment and `.env` say, for who shows what is set up and reaches no database.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn chosen() -> crate::Result<Self> {
        let variables = load::gather(std::path::Path::new(".env"), std::env::vars_os())?;
        let mut reader = reader::Reader::new(variables);
        let chosen = database::capture(&mut reader);
        reader.finish().map(|_| chosen)
    }
}

/// How to reach the database.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// What is spoken with it: by the scheme of `PG_URL`, else by `PG_DRIVER`, else PostgreSQL's.
    pub family: Family,
    /// How changes are captured (`PGSYNC_CAPTURE`).
    pub capture: CaptureMethod,
    /// Host name or address (`PG_HOST`, or from `PG_URL`).
    pub host: String,
    /// Port (`PG_PORT`).
    pub port: u16,
    /// More hosts of `PG_URL`, with their ports: whichever is reached first and is the primary server is used.
    pub further_hosts: Vec<(String, u16)>,
    /// Role (`PG_USER`).
    pub user: String,
    /// Password (`PG_PASSWORD`).
    pub password: Option<SecretString>,
    /// Database: the document's `database`, else that of `PG_URL`, else `PG_DATABASE`, else `postgres`; MySQL and MariaDB
    /// have no such last resort.
    pub database: String,
    /// `PG_SSLMODE`.
    pub ssl_mode: SslMode,
    /// `PG_SSLROOTCERT`.
    pub ssl_root_cert: Option<PathBuf>,
    /// Client certificate and key (`PG_SSLCERT`, `PG_SSLKEY`).
    pub ssl_client: Option<(PathBuf, PathBuf)>,
    /// Whether a login by SCRAM is bound to the TLS connection (`PG_CHANNEL_BINDING`).
    pub channel_binding: Binding,
    /// `application_name` of every session (`PG_APPLICATION_NAME`, default `pgsync`).
    pub application_name: String,
    /// Startup options of the URL, such as `-c work_mem=64MB`.
    pub options: Option<String>,
    /// How long one attempt to connect may take.
    pub connect_timeout: Duration,
    /// How long an answer may take that is not about rows, and a stream may be silent (`PGSYNC_PATIENCE`). Default 60 s.
    pub patience: Duration,
    /// How long one statement may take that reads rows, or one of bootstrap (`PGSYNC_STATEMENT_TIMEOUT`). Default 1 h.
    pub statement_timeout: Duration,
}

impl DatabaseSettings {
    /// Whether they lead to a database of the kind that a program was compiled for.
    ///
    /// # Errors
    /// [`Code::OtherCapture`](crate::Code::OtherCapture) where they do not.
    pub(crate) fn suits(&self, program: &pgsync_plan::Program) -> crate::Result<()> {
        if self.family == Family::of(program.dialect) {
            return Ok(());
        }
        let address = match self.family {
            Family::Postgres => "PostgreSQL",
            Family::MySql => "MySQL or MariaDB",
        };
        let compiled = program.dialect.name();
        Err(crate::Error::coded(
            crate::Code::OtherCapture,
            format!("the schema was compiled for {compiled}, and PG_URL or PG_DRIVER leads to {address}"),
        ))
    }
}

/// libpq's `sslmode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SslMode {
    /// Never TLS.
    Disable,
    /// TLS where the server offers it, certificate not checked. Also for `allow`.
    Prefer,
    /// TLS, certificate not checked unless a root certificate is named (as libpq does).
    Require,
    /// TLS, certificate checked against the roots, host name not.
    VerifyCa,
    /// TLS, certificate and host name checked.
    VerifyFull,
}

/// libpq's `channel_binding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// Never.
    Disable,
    /// Where the server offers it.
    Prefer,
    /// Always: another login is refused.
    Require,
}

/// How to reach the search engine.
#[derive(Debug, Clone)]
pub struct EngineSettings {
    /// Base URL without credentials (`ELASTICSEARCH_URL`, or scheme, host and port).
    pub url: String,
    /// How to authenticate.
    pub auth: EngineAuth,
    /// `ELASTICSEARCH_VERIFY_CERTS`.
    pub verify_certs: bool,
    /// `ELASTICSEARCH_CA_CERTS`: a PEM file with the roots to trust besides the system's.
    pub ca_certs: Option<PathBuf>,
    /// `ELASTICSEARCH_CLIENT_CERT` and `_KEY`: PEM files.
    pub client: Option<(PathBuf, PathBuf)>,
    /// `ELASTICSEARCH_TIMEOUT`: one request.
    pub timeout: Duration,
    /// `ELASTICSEARCH_MAX_CHUNK_BYTES`: most bytes of a bulk request. Default 8 MiB.
    pub max_chunk_bytes: usize,
    /// `ELASTICSEARCH_CHUNK_SIZE`: most actions of a bulk request. Default 5000.
    pub chunk_size: usize,
    /// `ELASTICSEARCH_THREAD_COUNT`: bulk requests in flight. Default 4.
    pub in_flight: usize,
    /// `ELASTICSEARCH_OPAQUE_ID`: sent as `X-Opaque-Id`.
    pub opaque_id: Option<String>,
    /// Name of the state index (`PGSYNC_STATE_INDEX`, default `pgsync-state`).
    pub state_index: String,
    /// Where the state is kept.
    pub checkpoint: CheckpointSettings,
}

/// Where the state is kept.
#[derive(Debug, Clone)]
pub enum CheckpointSettings {
    /// In the state index.
    Index,
    /// In a directory (`CHECKPOINT_PATH`).
    Directory(PathBuf),
    /// In Redis or Valkey (`REDIS_CHECKPOINT`).
    Redis(RedisSettings),
}

impl EngineSettings {
    /// What the place is called in which the state is kept.
    pub(crate) fn state_place(&self) -> String {
        match &self.checkpoint {
            CheckpointSettings::Index => format!("the index `{}`", self.state_index),
            CheckpointSettings::Directory(path) => format!("the directory `{}`", path.display()),
            CheckpointSettings::Redis(redis) => format!("the Redis at {redis}"),
        }
    }
}

/// Authentication to the engine.
#[derive(Debug, Clone)]
pub enum EngineAuth {
    /// None.
    None,
    /// User and password.
    Basic(String, SecretString),
    /// `Authorization: ApiKey base64(id:key)`.
    ApiKey(SecretString),
    /// `Authorization: Bearer token`.
    Bearer(SecretString),
}

/// How the process runs.
#[derive(Debug, Clone)]
pub struct RunSettings {
    /// How long to try to reach both sides at start (`--wait`, `PGSYNC_WAIT`). Default 30 s.
    pub wait: Duration,
    /// Where `/healthz` listens (`--listen`, `PGSYNC_LISTEN`); nowhere by default.
    pub listen: Option<std::net::SocketAddr>,
    /// Root rows per range of a load (`QUERY_CHUNK_SIZE`). Default 2000.
    pub range_rows: usize,
    /// Connections that read in a load (`NUM_WORKERS`). Default: one more than processors, 3 to 8.
    pub readers: usize,
    /// Bytes that documents may take between the database and the engine (`PGSYNC_MEMORY`, in megabytes). Default 64 MB.
    pub memory: usize,
    /// Distinct keys asked of one statement (`FILTER_CHUNK_SIZE`). Default 5000.
    pub keys_per_statement: usize,
    /// Refused documents that may stand in the quarantine (`PGSYNC_QUARANTINE_LIMIT`). Default 1000.
    pub quarantine_limit: usize,
    /// Bytes of its log that the server may keep for this program; with more the slot is given up, and everything is loaded again
    /// (`PGSYNC_SLOT_BUDGET`). 0, the default: however many it takes.
    pub slot_budget: u64,
    /// How often the audit looks at a range of rows and a page of each index (`PGSYNC_AUDIT`); never by default.
    pub audit: Option<Duration>,
    /// Override of the slot's name (`PGSYNC_SLOT`).
    pub slot: Option<String>,
    /// Override of the publication's name (`PGSYNC_PUBLICATION`).
    pub publication: Option<String>,
    /// Addresses that nobody gave, each as a sentence.
    pub assumed: Vec<String>,
}

/// What flags and the schema say; it wins over the variables.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// The document's `database`.
    pub database: Option<String>,
    /// `--host`.
    pub host: Option<String>,
    /// `--port`.
    pub port: Option<u16>,
    /// `--user`.
    pub user: Option<String>,
    /// The password that was asked for.
    pub password: Option<SecretString>,
    /// `--sslmode`.
    pub ssl_mode: Option<SslMode>,
    /// `--sslrootcert`.
    pub ssl_root_cert: Option<PathBuf>,
    /// `--num-workers`.
    pub readers: Option<usize>,
    /// `--wait`.
    pub wait: Option<Duration>,
    /// `--listen`.
    pub listen: Option<std::net::SocketAddr>,
}

impl std::str::FromStr for SslMode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        Ok(match text.to_ascii_lowercase().as_str() {
            // The second spellings are MySQL's.
            "disable" | "disabled" => Self::Disable,
            "allow" | "prefer" | "preferred" => Self::Prefer,
            "require" | "required" => Self::Require,
            "verify-ca" | "verify_ca" => Self::VerifyCa,
            "verify-full" | "verify_identity" => Self::VerifyFull,
            _ => return Err("accepted are disable, allow, prefer, require, verify-ca, verify-full"),
        })
    }
}

impl std::str::FromStr for Binding {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        Ok(match text.to_ascii_lowercase().as_str() {
            "disable" => Self::Disable,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            _ => return Err("accepted are disable, prefer, require"),
        })
    }
}
