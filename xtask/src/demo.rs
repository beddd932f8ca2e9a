//! The demo's frame. In: which database, and whether to leave it running. Out: servers started and ended around the driver,
//! which is a program of its own: it talks to both servers and takes longer to build.

use crate::services::{self, Service};
use crate::{Outcome, checks, command};
use clap::ValueEnum;

/// The database the library is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Database {
    /// PostgreSQL 18: followed by a slot, which the demo makes and removes.
    Postgres,
    /// MariaDB 10.11: followed by its binary log, nothing is set up in it.
    Mariadb,
    /// MySQL 9: likewise.
    Mysql,
}

impl Database {
    fn service(self) -> Service {
        match self {
            Self::Postgres => Service::usual()[0],
            Self::Mariadb => Service::MariaDb,
            Self::Mysql => Service::MySql,
        }
    }

    /// Whether a URL leads to such a server. MySQL and MariaDB answer to each other's scheme.
    fn is_at(self, url: &str) -> bool {
        let scheme = url.split("://").next().unwrap_or_default();
        match self {
            Self::Postgres => matches!(scheme, "postgres" | "postgresql"),
            Self::Mariadb | Self::Mysql => matches!(scheme, "mysql" | "mariadb"),
        }
    }
}

/// Runs the demo on private servers, or on those that `PG_URL` and `ELASTICSEARCH_URL` name.
pub(crate) fn run(database: Database, keep: bool) -> Outcome {
    let mut started = Vec::new();
    let outcome = drive(database, keep, &mut started);
    if !keep || outcome.is_err() {
        for service in started {
            services::stop(service)?;
        }
    }
    outcome
}

fn drive(database: Database, keep: bool, started: &mut Vec<Service>) -> Outcome {
    let mut server = |variable: &str, service: Service| match std::env::var(variable) {
        Ok(url) if !url.is_empty() => Ok(url),
        _ => {
            let ran = services::running(service).is_some();
            let server = services::start(service)?;
            if !ran {
                started.push(service);
            }
            Ok::<String, String>(server.url)
        }
    };
    let [_, opensearch] = Service::usual();
    let url = server("PG_URL", database.service())?;
    suits(database, &url)?;
    let engine = server("ELASTICSEARCH_URL", opensearch)?;
    command::show(checks::cargo().args(["build", "--package", "cargo-pgsync", "--package", "pgsync-demo"]))?;
    let mut driver = checks::cargo();
    driver.args(["run", "--quiet", "--package", "pgsync-demo", "--"]).args(keep.then_some("--keep"));
    command::show(driver.env("PG_URL", url).env("ELASTICSEARCH_URL", engine))
}

/// A server that `PG_URL` names has to be of the database that is asked for.
fn suits(database: Database, url: &str) -> Outcome {
    if database.is_at(url) {
        return Ok(());
    }
    let scheme = url.split("://").next().unwrap_or_default();
    let name = database.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    Err(format!(
        "PG_URL begins with `{scheme}://`, and the demo is asked for {name}: unset PG_URL, or choose with --database (postgres, \
         mariadb, mysql)"
    ))
}

#[cfg(test)]
mod tests {
    use super::{Database, suits};

    #[test]
    fn a_server_of_ones_own_is_of_the_database_asked_for() {
        for (database, url, fits) in [
            (Database::Postgres, "postgresql://me@host/db", true),
            (Database::Postgres, "mysql://me@host/db", false),
            (Database::Mariadb, "mysql://me@host/db", true),
            (Database::Mysql, "mariadb://me@host/", true),
            (Database::Mysql, "postgres://me@host/", false),
        ] {
            assert_eq!(suits(database, url).is_ok(), fits, "{database:?} {url}");
        }
        let error = suits(Database::Mariadb, "postgres://me@host/").unwrap_err();
        assert!(
            error.contains("`postgres://`") && error.contains("mariadb") && error.contains("--database"),
            "{error}"
        );
    }
}
