//! The tests. In: how much to run. Out: the checks' and the test runner's words, and as last lines the first words of what
//! failed, what each test binary closed with and the sums over all of them.

use crate::services::{self, Server, Service};
use crate::{Outcome, checks, command, instructions, packages, places};
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The package whose tests need servers.
const WITH_SERVERS: &str = "pgsync-tests";
/// Tests that every supported engine passes alone: their names hold this.
const SMOKE: &str = "smoke";

/// Runs checks and tests; an error names everything that failed.
pub(crate) fn run(fast: bool, every_engine: bool, filter: Option<&str>) -> Outcome {
    let mut failed = if filter.is_none() { checks::run(fast) } else { Vec::new() };
    let mut report = Report::default();
    let outcome =
        if fast { without_servers(filter, &mut report) } else { with_servers(every_engine, filter, &mut report) };
    if let Err(error) = outcome {
        failed.push(error);
    }
    if !fast
        && filter.is_none()
        && let Err(error) = instructions::run(false)
    {
        failed.push(error);
    }
    for failure in &failed {
        eprintln!("error: {failure}");
    }
    for line in report.panics.iter().chain(&report.closing) {
        println!("{line}");
    }
    println!("{} passed, {} failed", report.passed, report.failed);
    match (report.passed + report.failed, failed.len()) {
        (0, 0) => Err("no test ran".into()),
        (_, 0) => Ok(()),
        (_, count) => Err(format!("{count} steps failed, see above")),
    }
}

fn without_servers(filter: Option<&str>, report: &mut Report) -> Outcome {
    let mut cargo = checks::cargo();
    // What the tests that are left out ask of the runtime, so that both runs build the same.
    let features = ["--features", "pgsync-runtime/mysql,pgsync-runtime/redis"];
    cargo.args(["test", "--workspace", "--exclude", WITH_SERVERS, "--no-fail-fast"]).args(features);
    report.run(cargo.args(filter))
}

/// How many schedules the simulation of the pipeline runs in a full test: less than a minute of two processors.
const SCHEDULES: &str = "6000";

/// The servers that the tests need, and what the tests find them by.
pub(crate) struct Servers {
    started: Started,
    environment: Vec<(&'static str, OsString)>,
}

impl Servers {
    /// Fetches and starts them.
    pub(crate) fn start() -> Outcome<Self> {
        let mut started = Started::default();
        let newest = started.start(Service::Postgres(18))?;
        let middle = started.start(Service::Postgres(15))?;
        let oldest = started.start(Service::Postgres(11))?;
        let without_pgoutput = started.start(Service::Postgres(9))?;
        let postgis = started.start(Service::PostGis)?;
        let opensearch = started.start(Service::OpenSearch(2))?;
        let elasticsearch = started.start(Service::Elasticsearch(8))?;
        let (resetwal, resetwal_home) = pg_resetwal()?;
        let [mariadb_home, mysql_home] = services::fetch_binlog()?;
        let opensearch_start = services::opensearch_script()?;
        let redis_home = services::fetch_redis()?;
        let pgbouncer_home = services::fetch_pgbouncer()?;
        let environment = vec![
            ("PGSYNC_TEST_POSTGRES_NEWEST", newest.url.into()),
            ("PGSYNC_TEST_POSTGRES_NEWEST_HOME", newest.home.into()),
            ("PGSYNC_TEST_POSTGRES_MIDDLE", middle.url.into()),
            ("PGSYNC_TEST_POSTGRES_MIDDLE_HOME", middle.home.into()),
            ("PGSYNC_TEST_POSTGRES_OLDEST", oldest.url.into()),
            ("PGSYNC_TEST_POSTGRES_OLDEST_HOME", oldest.home.into()),
            ("PGSYNC_TEST_POSTGRES_9_6", without_pgoutput.url.into()),
            ("PGSYNC_TEST_POSTGRES_9_6_HOME", without_pgoutput.home.into()),
            ("PGSYNC_TEST_POSTGIS", postgis.url.into()),
            ("PGSYNC_TEST_PG_RESETWAL", resetwal.into()),
            ("PGSYNC_TEST_PG_RESETWAL_HOME", resetwal_home.into()),
            ("PGSYNC_TEST_MARIADB_HOME", mariadb_home.into()),
            ("PGSYNC_TEST_MYSQL_HOME", mysql_home.into()),
            ("PGSYNC_TEST_REDIS_HOME", redis_home.into()),
            ("PGSYNC_TEST_PGBOUNCER_HOME", pgbouncer_home.into()),
            ("PGSYNC_TEST_OPENSEARCH_START", opensearch_start.into()),
            ("PGSYNC_TEST_OPENSEARCH", opensearch.url.clone().into()),
            ("PGSYNC_TEST_ELASTICSEARCH", elasticsearch.url.into()),
            ("PGSYNC_TEST_ENGINE", opensearch.url.into()),
            ("PGSYNC_SCHEDULES", SCHEDULES.into()),
        ];
        Ok(Self { started, environment })
    }

    /// Names them to the tests.
    pub(crate) fn environment(&self, cargo: &mut Command) {
        cargo.envs(self.environment.iter().map(|(name, value)| (name, value)));
    }
}

fn with_servers(every_engine: bool, filter: Option<&str>, report: &mut Report) -> Outcome {
    let mut servers = Servers::start()?;
    let mut cargo = checks::cargo();
    servers.environment(&mut cargo);
    cargo.args(["test", "--workspace", "--no-fail-fast"]);
    let mut outcome = report.run(cargo.args(filter));
    if every_engine {
        servers.started.stop(Service::Elasticsearch(8));
        servers.started.stop(Service::OpenSearch(2));
        for service in [Service::OpenSearch(3), Service::Elasticsearch(7), Service::Elasticsearch(9)] {
            let engine = servers.started.start(service)?;
            let mut cargo = checks::cargo();
            servers.environment(&mut cargo);
            cargo.env("PGSYNC_TEST_ENGINE", &engine.url);
            cargo.args(["test", "--package", WITH_SERVERS, "--", SMOKE]);
            let before = report.passed + report.failed;
            let one = report.run(&mut cargo).and_then(|()| {
                if report.passed + report.failed > before {
                    Ok(())
                } else {
                    Err(format!("no test has {SMOKE} in its name"))
                }
            });
            outcome = outcome.and(one.map_err(|error| format!("{service}: {error}")));
            servers.started.stop(service);
        }
    }
    outcome
}

/// Servers to end when the tests are over; those that ran before stay.
#[derive(Default)]
pub(crate) struct Started(Vec<Service>);

impl Started {
    pub(crate) fn start(&mut self, service: Service) -> Outcome<Server> {
        if services::running(service).is_none() {
            self.0.push(service);
        }
        services::start(service)
    }

    fn stop(&mut self, service: Service) {
        if self.0.contains(&service) {
            self.0.retain(|other| *other != service);
            if let Err(error) = services::stop(service) {
                eprintln!("warning: {error}");
            }
        }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        for service in std::mem::take(&mut self.0) {
            if let Err(error) = services::stop(service) {
                eprintln!("warning: {error}");
            }
        }
    }
}

/// Lines that are said once more of one failure, and of all, and how long they are.
const OF_A_PANIC: usize = 6;
const OF_ALL_PANICS: usize = 40;
const CHARACTERS: usize = 240;

/// What the test binaries said at their ends.
#[derive(Default)]
pub(crate) struct Report {
    closing: Vec<String>,
    /// Where tests broke off and the first words of why: their own place is thousands of lines above the end.
    panics: Vec<String>,
    /// Lines that still belong to the last of them.
    wanted: usize,
    passed: u64,
    failed: u64,
}

impl Report {
    /// Runs `cargo test`, showing what it prints as it comes.
    pub(crate) fn run(&mut self, cargo: &mut Command) -> Outcome {
        eprintln!("$ {cargo:?}");
        let mut child = cargo.stdout(Stdio::piped()).spawn().map_err(|error| format!("cannot start cargo: {error}"))?;
        for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).split(b'\n')) {
            let line = line.map_err(|error| format!("cannot read what cargo prints: {error}"))?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            self.note(&line);
        }
        let status = child.wait().map_err(|error| format!("cannot wait for cargo: {error}"))?;
        if status.success() { Ok(()) } else { Err(format!("cargo test failed: {status}")) }
    }

    fn note_panic(&mut self, line: &str) {
        if line.starts_with("thread '") && line.contains(" panicked at ") {
            self.wanted = OF_A_PANIC;
        } else if line.starts_with("stack backtrace:") || line.starts_with("note: ") || line.starts_with("---- ") {
            self.wanted = 0;
        }
        if self.wanted > 0 && self.panics.len() < OF_ALL_PANICS {
            self.wanted -= 1;
            self.panics.push(line.chars().take(CHARACTERS).collect());
        }
    }

    /// How many tests failed.
    pub(crate) fn failed(&self) -> u64 {
        self.failed
    }

    /// How many tests passed.
    pub(crate) fn passed(&self) -> u64 {
        self.passed
    }

    fn note(&mut self, line: &str) {
        self.note_panic(line);
        if !line.starts_with("test result:") {
            return;
        }
        let count = |what: &str| -> u64 {
            line.split([';', '.']).find_map(|part| part.trim().strip_suffix(what)?.trim().parse().ok()).unwrap_or(0)
        };
        let (passed, failed) = (count("passed"), count("failed"));
        self.passed += passed;
        self.failed += failed;
        // Binaries without tests close too; they say nothing.
        if passed + failed > 0 {
            self.closing.push(line.to_owned());
        }
    }
}

/// `pg_resetwal`, which the fetched binaries lack, and a PostgreSQL of the same major version for it to work on.
fn pg_resetwal() -> Outcome<(PathBuf, PathBuf)> {
    for major in (10..=18).rev() {
        let program = PathBuf::from(format!("/usr/lib/postgresql/{major}/bin/pg_resetwal"));
        if program.is_file() {
            return Ok((program, services::fetch_postgres(major)?));
        }
    }
    let depends = command::output(Command::new("apt-cache").args(["depends", "postgresql"]))?;
    let major: u32 = depends
        .lines()
        .find_map(|line| line.trim().strip_prefix("Depends: postgresql-")?.parse().ok())
        .ok_or("apt names no PostgreSQL server package: `apt-get update` and try again")?;
    let unpacked = places::cache()?.join(format!("pg_resetwal-{major}"));
    places::once(&unpacked, |part| packages::unpack(&format!("postgresql-{major}"), part))?;
    let program = unpacked.join(format!("usr/lib/postgresql/{major}/bin/pg_resetwal"));
    Ok((program, services::fetch_postgres(major)?))
}

#[cfg(test)]
mod tests {
    use super::Report;

    #[test]
    fn closing_lines_are_summed() {
        let mut report = Report::default();
        report.note("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s");
        report
            .note("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s");
        report.note("test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        report.note("test a::result ... ok");
        assert_eq!((report.passed, report.failed, report.closing.len()), (15, 2, 2));
    }

    #[test]
    fn the_first_words_of_what_failed_are_kept() {
        let mut report = Report::default();
        for line in [
            "test a::one ... FAILED",
            "---- a::one stdout ----",
            "something before",
            "thread 'a::one' (7) panicked at tests/a.rs:1:2:",
            "it stays at 3",
            "stack backtrace:",
            "   0: deep",
            "thread 'a::two' panicked at tests/a.rs:9:2:",
        ] {
            report.note(line);
        }
        (0..20).for_each(|line| report.note(&format!("line {line}")));
        assert_eq!(report.panics.len(), 2 + 6, "{:#?}", report.panics);
        assert_eq!(report.panics[1], "it stays at 3");
        assert_eq!(report.panics[7], "line 4");
    }
}
