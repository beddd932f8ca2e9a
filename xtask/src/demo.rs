//! The demo's frame. In: whether to leave it running. Out: servers started and ended around the driver, which is a
//! program of its own: it talks to both servers and takes longer to build.

use crate::services::{self, Service};
use crate::{Outcome, checks, command};

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
    command::show(checks::cargo().args(["build", "--package", "cargo-pgsync", "--package", "pgsync-demo"]))?;
    let mut driver = checks::cargo();
    driver.args(["run", "--quiet", "--package", "pgsync-demo", "--"]).args(keep.then_some("--keep"));
    command::show(driver.env("PG_URL", database).env("ELASTICSEARCH_URL", engine))
}
