//! The benchmark's frame. In: the driver's arguments. Out: servers started and ended around the driver, which is a program
//! of its own, and the peer it compares with, installed into an environment of its own.

use crate::services::{self, Server, Service};
use crate::{Outcome, checks, command, packages, places};
use std::path::PathBuf;
use std::process::Command;

/// The release of PGSync that is measured.
const PEER: &str = "7.3.0";

/// Runs the benchmark on private servers.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let peer = peer()?;
    command::show(checks::cargo().args([
        "build",
        "--release",
        "--package",
        "cargo-pgsync",
        "--package",
        "pgsync-bench",
    ]))?;
    let mut started = Vec::new();
    let outcome = drive(arguments, &peer, &mut started);
    for service in started {
        services::stop(service)?;
    }
    outcome
}

fn drive(arguments: &[String], peer: &std::path::Path, started: &mut Vec<Service>) -> Outcome {
    let mut server = |service: Service| -> Outcome<Server> {
        if services::running(service).is_none() {
            started.push(service);
        }
        services::start(service)
    };
    let release = places::target().join("release");
    let mut driver = Command::new(release.join("pgsync-bench"));
    // What the surroundings name is not what is measured.
    driver.env_remove("PG_URL");
    for (service, [url, pid]) in databases(arguments)? {
        let database = server(service)?;
        driver.env(url, &database.url).env(pid, database.pid.to_string());
    }
    let opensearch = server(Service::OpenSearch(2))?;
    let redis = server(Service::Redis)?;
    driver
        .current_dir(places::workspace())
        .arg("run")
        .args(arguments)
        .env("ELASTICSEARCH_URL", &opensearch.url)
        .env("PGSYNC_BENCH_OPENSEARCH", opensearch.pid.to_string())
        .env("REDIS_URL", &redis.url)
        .env("PGSYNC_BENCH_PROGRAM", release.join("cargo-pgsync"))
        .env("PGSYNC_BENCH_PEER", peer);
    command::show(&mut driver)
}

/// The name of each database for the driver, its server, and the variables in which the driver looks for URL and process id.
const DATABASES: [(&str, Service, [&str; 2]); 3] = [
    ("postgres", Service::PostgresMeasured, ["PG_URL", "PGSYNC_BENCH_POSTMASTER"]),
    ("mariadb", Service::MariaDbMeasured, ["PGSYNC_BENCH_MARIADB_URL", "PGSYNC_BENCH_MARIADB"]),
    ("mysql", Service::MySqlMeasured, ["PGSYNC_BENCH_MYSQL_URL", "PGSYNC_BENCH_MYSQL"]),
];

/// The servers of the databases that `--database` names to the driver; without it, of all.
fn databases(arguments: &[String]) -> Outcome<Vec<(Service, [&'static str; 2])>> {
    const OPTION: &str = "--database";
    let after = arguments.iter().position(|argument| argument == OPTION).and_then(|at| arguments.get(at + 1));
    let joined = arguments.iter().find_map(|argument| argument.strip_prefix(OPTION)?.strip_prefix('='));
    let Some(names) = after.map(String::as_str).or(joined) else {
        return Ok(DATABASES.map(|(_, service, variables)| (service, variables)).to_vec());
    };
    let mut chosen = Vec::new();
    for name in names.split(',') {
        let Some((_, service, variables)) = DATABASES.iter().find(|(known, ..)| *known == name) else {
            let known = DATABASES.map(|(known, ..)| known).join(", ");
            return Err(format!("{OPTION} {name}: there are {known}"));
        };
        chosen.push((*service, *variables));
    }
    Ok(chosen)
}

/// PGSync from PyPI, in a virtual environment that is kept with the servers.
fn peer() -> Outcome<PathBuf> {
    let home = places::cache()?.join(format!("peer-{PEER}"));
    if !home.is_dir() {
        packages::need(&["python3"])?;
        if command::output(Command::new("python3").args(["-c", "import ensurepip"])).is_err() {
            packages::install(&["python3-venv"])?;
        }
    }
    places::once(&home, |part| {
        eprintln!("installing PGSync {PEER} from PyPI");
        command::output(Command::new("python3").args(["-m", "venv"]).arg(part))?;
        let mut pip = Command::new(part.join("bin/python"));
        command::output(pip.args(["-m", "pip", "install", "--quiet", &format!("pgsync=={PEER}")])).map(drop)
    })?;
    Ok(home)
}

#[cfg(test)]
mod tests {
    use super::{Service, databases};

    #[test]
    fn only_the_databases_that_are_asked_for_are_started() {
        let started = |arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
            databases(&arguments).map(|chosen| chosen.into_iter().map(|(service, _)| service).collect::<Vec<_>>())
        };
        assert_eq!(started(&["--quick"]).unwrap(), Service::measured());
        let both = Ok(vec![Service::MariaDbMeasured, Service::MySqlMeasured]);
        assert_eq!(started(&["--quick", "--database", "mariadb,mysql", "--runs", "1"]), both);
        assert_eq!(started(&["--database=mariadb,mysql"]), both);
        assert!(started(&["--database", "oracle"]).unwrap_err().contains("postgres, mariadb, mysql"));
    }
}
