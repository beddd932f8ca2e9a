//! The demo's frame. In: whether to leave it running. Out: servers started and ended around the driver, which is a
//! program of its own because it talks to both servers and takes longer to build.

use crate::services::{self, Service};
use crate::{Outcome, command, places};
use std::process::Command;

/// Runs the demo on private servers, or on those that `PG_URL` and `ELASTICSEARCH_URL` name.
pub(crate) fn run(keep: bool) -> Outcome {
    let mut started = Vec::new();
    let outcome = drive(keep, &mut started);
    if !keep || outcome.is_err() {
        for service in started {
            services::stop(service)?;
        }
    }
    outcome
}

fn drive(keep: bool, started: &mut Vec<Service>) -> Outcome {
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
    let [postgres, opensearch] = Service::usual();
    let database = server("PG_URL", postgres)?;
    let engine = server("ELASTICSEARCH_URL", opensearch)?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(places::workspace()).env("PG_URL", database).env("ELASTICSEARCH_URL", engine);
    cargo.args(["run", "--quiet", "--package", "xtask", "--features", "demo", "--bin", "xtask-demo"]);
    if keep {
        cargo.args(["--", "--keep"]);
    }
    command::show(&mut cargo)
}
