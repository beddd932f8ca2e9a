//! The cases. In: the site. Out: figures of every case that was asked for; each checks how many documents were written
//! before it reports a time.

mod backlog;
mod build;
mod catch_up;
mod first_load;
mod held_rate;
mod latency;
mod memory;
mod shared_row;
mod source_load;
mod unused;

use crate::figures::Figures;
use crate::process;
use crate::site::Site;
use crate::target::Target;
use crate::{Outcome, database, dataset, report};
use std::time::Instant;

/// Names of the cases, in the order they run.
pub(crate) const CASES: [&str; 11] = [
    "first-load",
    "root-updates",
    "child-updates",
    "shared-row",
    "held-rate",
    "catch-up",
    "latency",
    "memory",
    "unused-columns",
    "source-load",
    "build",
];

/// Runs what was asked for.
pub(crate) async fn run(site: &Site) -> Outcome {
    let only = &site.options.only;
    if let Some(unknown) = only.iter().find(|name| !CASES.contains(&name.as_str())) {
        return Err(format!("no case `{unknown}`; there are {}", CASES.join(", ")).into());
    }
    let mut failed = Vec::new();
    for case in CASES.into_iter().filter(|case| only.is_empty() || only.iter().any(|name| name == case)) {
        println!("== {case}");
        let began = Instant::now();
        // Written down case by case: what was measured is not lost with what fails later.
        let outcome = match measure(site, case).await {
            Ok(figures) => report::write(site, case, figures).await,
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            eprintln!("error: {case}: {}", crate::chain(error.as_ref()));
            failed.push(case);
            dataset::sweep(site).await?;
        }
        println!("== {case} took {:.0} s", began.elapsed().as_secs_f64());
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", ")).into()) }
}

async fn measure(site: &Site, case: &str) -> Outcome<Figures> {
    let mut figures = Figures::default();
    match case {
        "root-updates" => backlog::roots(site, &mut figures).await,
        "child-updates" => backlog::children(site, &mut figures).await,
        "shared-row" => shared_row::run(site, &mut figures).await,
        "held-rate" => held_rate::run(site, &mut figures).await,
        "catch-up" => catch_up::run(site, &mut figures).await,
        "latency" => latency::run(site, &mut figures).await,
        "memory" => memory::run(site, &mut figures).await,
        "unused-columns" => unused::run(site, &mut figures).await,
        "source-load" => source_load::run(site, &mut figures).await,
        "build" => build::run(site, &mut figures).await,
        _ => first_load::run(site, &mut figures).await,
    }?;
    Ok(figures)
}

/// Processor time of the servers, from a moment on.
struct Servers<'a> {
    site: &'a Site,
    target: &'a Target,
    database: f64,
    engine: f64,
}

impl<'a> Servers<'a> {
    /// Starts to count.
    fn watch(site: &'a Site, target: &'a Target) -> Self {
        Self { site, target, database: process::cpu_of_tree(site.postmaster), engine: target.cpu() }
    }

    /// Seconds of the database and of the engine since.
    fn used(&self) -> (f64, f64) {
        (process::cpu_of_tree(self.site.postmaster) - self.database, self.target.cpu() - self.engine)
    }
}

/// Settles what earlier work left to do, so that it is not done while the next run is timed.
async fn settle(copy: &dataset::Copy) -> Outcome {
    copy.client.batch_execute("CHECKPOINT").await?;
    let _ = database::log_end(&copy.client).await?;
    Ok(())
}
