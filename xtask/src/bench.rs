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
    let postgres = server(Service::PostgresMeasured)?;
    let opensearch = server(Service::OpenSearch(2))?;
    let redis = server(Service::Redis)?;
    let release = places::target().join("release");
    let mut driver = Command::new(release.join("pgsync-bench"));
    driver
        .current_dir(places::workspace())
        .arg("run")
        .args(arguments)
        .env("PG_URL", &postgres.url)
        .env("PGSYNC_BENCH_POSTMASTER", postgres.pid.to_string())
        .env("ELASTICSEARCH_URL", &opensearch.url)
        .env("PGSYNC_BENCH_OPENSEARCH", opensearch.pid.to_string())
        .env("REDIS_URL", &redis.url)
        .env("PGSYNC_BENCH_PROGRAM", release.join("cargo-pgsync"))
        .env("PGSYNC_BENCH_PEER", peer);
    command::show(&mut driver)
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
