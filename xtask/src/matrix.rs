//! The matrix: every supported server, each with the tests that say the most about it. In: which of them, or all. Out: a line for
//! each, and an error that names those with a failure.
//!
//! Databases are paired with OpenSearch 2, engines with PostgreSQL 18, one pair after the other: two servers run at a time. MySQL
//! and MariaDB bring servers of their own.

use crate::services::Service;
use crate::test::{Report, Servers, Started};
use crate::{Outcome, checks};
use std::process::Command;

const DATABASE: Service = Service::Postgres(18);
const ENGINE: Service = Service::OpenSearch(2);
/// Tests of one pair: their names hold one of these.
const TESTS: [&str; 2] = ["smoke", "of_the_matrix"];
/// Before, `TRUNCATE` is not in the log, so that triggers are worth a try there: both are run.
const TELLS_ALL: u32 = 11;

/// What stands in the matrix.
fn all() -> Vec<Service> {
    let databases = (9..=18).map(Service::Postgres).chain([Service::MariaDb, Service::MySql]);
    // OpenSearch 2 is with the databases.
    let engines = [1, 3].map(Service::OpenSearch).into_iter().chain([7, 8, 9].map(Service::Elasticsearch));
    databases.chain(engines).collect()
}

/// Runs the pairs of these servers; of all, where none is named.
pub(crate) fn run(chosen: &[Service]) -> Outcome {
    let all = all();
    if let Some(stranger) = chosen.iter().find(|service| !all.contains(service)) {
        let names: Vec<String> = all.iter().map(ToString::to_string).collect();
        return Err(format!("{stranger} is not in the matrix, in which are {}", names.join(", ")));
    }
    let chosen = if chosen.is_empty() { &all } else { chosen };
    let (mut lines, mut failed) = (Vec::new(), Vec::new());
    for service in chosen {
        let mut report = Report::default();
        let outcome = match service {
            Service::MariaDb => binlog(&["mariadb"], &mut report),
            Service::MySql => binlog(&["mysql", "--skip", "mariadb"], &mut report),
            Service::Postgres(_) => pair(*service, ENGINE, &mut report),
            engine => pair(DATABASE, *engine, &mut report),
        };
        let outcome = outcome.and_then(|()| if report.passed() > 0 { Ok(()) } else { Err("no test ran".to_owned()) });
        let said = outcome.as_ref().err().map(|error| format!(": {error}")).unwrap_or_default();
        lines.push(format!("{service}: {} passed, {} failed{said}", report.passed(), report.failed()));
        if outcome.is_err() {
            failed.push(service.to_string());
        }
    }
    lines.iter().for_each(|line| println!("{line}"));
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

/// A database and an engine, which are ended afterwards unless they ran before.
fn pair(database: Service, engine: Service, report: &mut Report) -> Outcome {
    let mut started = Started::default();
    let (found, other) = (started.start(database)?, started.start(engine)?);
    let mut cargo = tests();
    cargo
        .env("PGSYNC_TEST_POSTGRES_NEWEST", &found.url)
        .env("PGSYNC_TEST_POSTGRES_NEWEST_HOME", &found.home)
        .env("PGSYNC_TEST_ENGINE", &other.url);
    let Service::Postgres(major) = database else { return report.run(cargo.args(TESTS)) };
    // The tests of engines have an identity column.
    report.run(cargo.args(if major >= 10 { &TESTS } else { &TESTS[1..] }))?;
    if major >= TELLS_ALL {
        return Ok(());
    }
    let mut cargo = tests();
    cargo
        .env("PGSYNC_TEST_POSTGRES_NEWEST", &found.url)
        .env("PGSYNC_TEST_POSTGRES_NEWEST_HOME", &found.home)
        .env("PGSYNC_TEST_ENGINE", &other.url)
        .env("PGSYNC_TEST_CAPTURE", "triggers");
    report.run(cargo.args(&TESTS[1..]))
}

/// What concerns one of the two: the names of their tests say which.
fn binlog(names: &[&str], report: &mut Report) -> Outcome {
    let servers = Servers::start()?;
    let mut cargo = tests();
    servers.environment(&mut cargo);
    report.run(cargo.args(names))
}

fn tests() -> Command {
    let mut cargo = checks::cargo();
    cargo.args(["test", "--workspace", "--test", "pgsync", "--", "--include-ignored"]);
    cargo
}
