//! The databases that are measured. In: which one. Out: its names in figures and addresses, and what each has to be asked in
//! its own way: PostgreSQL in `postgres`, MySQL and MariaDB in `binlog`.

pub(crate) mod binlog;
pub(crate) mod postgres;

use crate::Outcome;
use clap::ValueEnum;

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Database {
    Postgres,
    Mariadb,
    Mysql,
}

impl Database {
    /// Every one, in the order of the tables.
    pub(crate) const ALL: [Self; 3] = [Self::Postgres, Self::Mariadb, Self::Mysql];

    /// Those that are followed by their binary log.
    pub(crate) const WITH_BINLOG: [Self; 2] = [Self::Mariadb, Self::Mysql];

    /// Its name for people.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Mariadb => "MariaDB",
            Self::Mysql => "MySQL",
        }
    }

    /// The name under which a case's figures stand: that of the case itself where it is PostgreSQL that is measured.
    pub(crate) fn case(self, case: &str) -> String {
        match self {
            Self::Postgres => case.to_owned(),
            Self::Mariadb => format!("{case}-mariadb"),
            Self::Mysql => format!("{case}-mysql"),
        }
    }

    /// The variables that hold the URL of its server, superuser, and that server's process id.
    pub(crate) fn variables(self) -> [&'static str; 2] {
        match self {
            Self::Postgres => ["PG_URL", "PGSYNC_BENCH_POSTMASTER"],
            Self::Mariadb => ["PGSYNC_BENCH_MARIADB_URL", "PGSYNC_BENCH_MARIADB"],
            Self::Mysql => ["PGSYNC_BENCH_MYSQL_URL", "PGSYNC_BENCH_MYSQL"],
        }
    }
}

/// A server that is measured.
pub(crate) struct Server {
    /// Where it answers.
    pub(crate) url: String,
    /// Process id.
    pub(crate) pid: u32,
}

/// The same server's URL for another database.
pub(crate) fn url_of(server: &str, database: &str) -> String {
    let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
    format!("{base}/{database}")
}

/// One session that writes.
pub(crate) enum Session {
    /// To PostgreSQL.
    Postgres(tokio_postgres::Client),
    /// To MySQL or MariaDB.
    Binlog(mysql_async::Conn),
}

impl Session {
    /// Opens one.
    pub(crate) async fn open(database: Database, url: &str) -> Outcome<Self> {
        Ok(match database {
            Database::Postgres => Self::Postgres(postgres::connect(url).await?),
            Database::Mariadb | Database::Mysql => Self::Binlog(binlog::connect(url).await?),
        })
    }

    /// Carries out a statement, which is committed when this returns.
    pub(crate) async fn run(&mut self, statement: &str) -> Outcome {
        match self {
            Self::Postgres(client) => Ok(client.batch_execute(statement).await?),
            Self::Binlog(connection) => binlog::run(connection, statement).await,
        }
    }
}
