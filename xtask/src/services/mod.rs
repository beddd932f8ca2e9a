//! The servers. In: a service's name. Out: that server running on a free port of the loopback, empty, or ended.

mod binlog;
mod elasticsearch;
mod engine;
mod mariadb;
mod mysql;
mod opensearch;
mod pgbouncer;
mod postgis;
mod postgres;
mod redis;

use crate::Outcome;
use crate::daemon::Daemon;
use binlog::Purpose;
use std::ffi::OsStr;
use std::fmt;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::str::FromStr;

/// A server that can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// PostgreSQL, by major version.
    Postgres(u32),
    /// OpenSearch, by major version.
    OpenSearch(u32),
    /// Elasticsearch, by major version.
    Elasticsearch(u32),
    /// The newest PostgreSQL, set up as one that is in use and not as one of tests: for measurements.
    PostgresMeasured,
    /// PostgreSQL with PostGIS.
    PostGis,
    /// Redis, without persistence.
    Redis,
    /// MariaDB, with a log of rows.
    MariaDb,
    /// MySQL, with a log of rows under GTIDs.
    MySql,
    /// The same MariaDB, set up as one that is in use: for measurements.
    MariaDbMeasured,
    /// The same MySQL, likewise.
    MySqlMeasured,
}

impl Service {
    /// What is wanted most often.
    pub(crate) const fn usual() -> [Self; 2] {
        [Self::Postgres(18), Self::OpenSearch(2)]
    }

    /// The databases as they are measured.
    pub(crate) const fn measured() -> [Self; 3] {
        [Self::PostgresMeasured, Self::MariaDbMeasured, Self::MySqlMeasured]
    }

    /// Every server there is.
    pub(crate) fn all() -> Vec<Self> {
        let engines = [1, 2, 3].map(Self::OpenSearch).into_iter().chain([7, 8, 9].map(Self::Elasticsearch));
        let others = [Self::PostGis, Self::Redis, Self::MariaDb, Self::MySql];
        (9..=18).map(Self::Postgres).chain(engines).chain(others).chain(Self::measured()).collect()
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The last whose major version has two numbers.
            Self::Postgres(9) => f.write_str("postgres-9.6"),
            Self::Postgres(major) => write!(f, "postgres-{major}"),
            Self::OpenSearch(major) => write!(f, "opensearch-{major}"),
            Self::Elasticsearch(major) => write!(f, "elasticsearch-{major}"),
            Self::PostgresMeasured => f.write_str("postgres-measured"),
            Self::PostGis => write!(f, "postgis-{}", postgis::MAJOR),
            Self::Redis => f.write_str("redis"),
            Self::MariaDb => write!(f, "mariadb-{}", mariadb::VERSION),
            Self::MySql => write!(f, "mysql-{}", mysql::MAJOR),
            Self::MariaDbMeasured => f.write_str("mariadb-measured"),
            Self::MySqlMeasured => f.write_str("mysql-measured"),
        }
    }
}

impl FromStr for Service {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let all = Self::all();
        all.iter().copied().find(|service| service.to_string() == name).ok_or_else(|| {
            let names: Vec<String> = all.iter().map(ToString::to_string).collect();
            format!("no such service; there are {}", names.join(", "))
        })
    }
}

/// A server that runs.
pub(crate) struct Server {
    /// Where it answers.
    pub(crate) url: String,
    /// Where its programs are.
    pub(crate) home: PathBuf,
    /// Process id.
    pub(crate) pid: u32,
}

fn home(service: Service) -> Outcome<PathBuf> {
    match service {
        Service::Postgres(major) => postgres::home(major),
        Service::OpenSearch(major) => opensearch::home(major),
        Service::Elasticsearch(major) => elasticsearch::home(major),
        Service::PostgresMeasured => postgres::home(postgres::NEWEST),
        Service::PostGis => postgis::home(),
        Service::Redis => redis::home(),
        Service::MariaDb | Service::MariaDbMeasured => mariadb::home(),
        Service::MySql | Service::MySqlMeasured => mysql::home(),
    }
}

fn url(service: Service, port: u16) -> String {
    match service {
        Service::Postgres(_) | Service::PostgresMeasured | Service::PostGis => {
            format!("postgresql://postgres@127.0.0.1:{port}/postgres")
        }
        Service::Redis => format!("redis://127.0.0.1:{port}/0"),
        Service::MariaDb | Service::MariaDbMeasured => format!("mariadb://root@127.0.0.1:{port}/"),
        Service::MySql | Service::MySqlMeasured => format!("mysql://root@127.0.0.1:{port}/"),
        _ => format!("http://127.0.0.1:{port}"),
    }
}

/// The server, if it runs.
pub(crate) fn running(service: Service) -> Option<Server> {
    let record = Daemon::named(&service.to_string()).ok()?.record()?;
    Some(Server { url: url(service, record.port), home: home(service).ok()?, pid: record.pid })
}

/// Fetches what is not there, starts the server with no data, and waits until it answers. One that runs is left alone.
pub(crate) fn start(service: Service) -> Outcome<Server> {
    if let Some(server) = running(service) {
        return Ok(server);
    }
    let home = home(service)?;
    if !home.is_dir() {
        eprintln!("fetching {service} into {}", home.display());
    }
    match service {
        Service::Postgres(_) | Service::PostgresMeasured => postgres::fetch(&home)?,
        Service::PostGis => postgis::fetch(&home)?,
        Service::Redis => redis::fetch(&home)?,
        Service::MariaDb | Service::MariaDbMeasured => mariadb::fetch(&home)?,
        Service::MySql | Service::MySqlMeasured => mysql::fetch(&home)?,
        Service::OpenSearch(major) => opensearch::fetch(major, &home)?,
        Service::Elasticsearch(major) => elasticsearch::fetch(major, &home)?,
    }
    eprintln!("starting {service}");
    let daemon = Daemon::named(&service.to_string())?;
    daemon.clear()?;
    let port = free_port()?;
    match service {
        Service::Postgres(_) => postgres::start(&daemon, &home.join("bin"), OsStr::new(""), port, "")?,
        Service::PostgresMeasured => {
            postgres::start(&daemon, &home.join("bin"), OsStr::new(""), port, postgres::MEASURED)?;
        }
        Service::PostGis => {
            postgres::start(&daemon, &postgis::binaries(&home), &postgis::libraries(&home), port, "")?;
        }
        Service::Redis => redis::start(&daemon, &home, port)?,
        Service::MariaDb => mariadb::start(&daemon, &home, port, Purpose::Tests)?,
        Service::MySql => mysql::start(&daemon, &home, port, Purpose::Tests)?,
        Service::MariaDbMeasured => mariadb::start(&daemon, &home, port, Purpose::Measurement)?,
        Service::MySqlMeasured => mysql::start(&daemon, &home, port, Purpose::Measurement)?,
        Service::OpenSearch(major) => opensearch::start(&daemon, major, &home, port)?,
        Service::Elasticsearch(major) => elasticsearch::start(&daemon, major, &home, port)?,
    }
    running(service).ok_or_else(|| format!("{service} ended as soon as it was up"))
}

/// Fetches a server's programs without starting it.
pub(crate) fn fetch_postgres(major: u32) -> Outcome<PathBuf> {
    let home = postgres::home(major)?;
    postgres::fetch(&home)?;
    Ok(home)
}

/// The same for MariaDB and MySQL, in this order.
pub(crate) fn fetch_binlog() -> Outcome<[PathBuf; 2]> {
    let homes = [mariadb::home()?, mysql::home()?];
    mariadb::fetch(&homes[0])?;
    mysql::fetch(&homes[1])?;
    Ok(homes)
}

/// A file that starts an OpenSearch 2 in the directory and on the port that it is given. It has to be fetched.
pub(crate) fn opensearch_script() -> Outcome<PathBuf> {
    opensearch::script(2, &opensearch::home(2)?)
}

/// Fetches `PgBouncer`. Where it is.
pub(crate) fn fetch_pgbouncer() -> Outcome<PathBuf> {
    let home = pgbouncer::home()?;
    pgbouncer::fetch(&home)?;
    Ok(home)
}

/// Fetches Redis. Where it is.
pub(crate) fn fetch_redis() -> Outcome<PathBuf> {
    let home = redis::home()?;
    redis::fetch(&home)?;
    Ok(home)
}

/// Ends the server that `start` started. False when none ran.
pub(crate) fn stop(service: Service) -> Outcome<bool> {
    let signal = match service {
        // Fast shutdown: sessions are ended, not waited for.
        Service::Postgres(_) | Service::PostgresMeasured | Service::PostGis => "-INT",
        _ => "-TERM",
    };
    Daemon::named(&service.to_string())?.stop(signal)
}

fn free_port() -> Outcome<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port on the loopback: {error}"))
}
