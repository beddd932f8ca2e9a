//! The cases. In: the site. Out: figures of every case that was asked for; each checks how many documents were written
//! before it reports a time.

mod backlog;
mod build;
mod catch_up;
mod first_load;
mod held_rate;
mod language;
mod latency;
mod memory;
mod polled;
mod shared_row;
mod source_load;
mod unused;
mod verify;

use crate::database::Database;
use crate::dataset::Dataset;
use crate::figures::Figures;
use crate::process;
use crate::site::Site;
use crate::target::Target;
use crate::{Outcome, copies, report};
use std::time::Instant;

/// Names of the cases, in the order they run.
pub(crate) const CASES: [&str; 14] = [
    "first-load",
    "reviews-load",
    "root-updates",
    "child-updates",
    "shared-row",
    "held-rate",
    "catch-up",
    "latency",
    "memory",
    "language",
    "unused-columns",
    "source-load",
    "verify",
    "build",
];

/// Those of them that are run on every database; the others are of PostgreSQL.
const ON_EVERY_DATABASE: [&str; 4] = ["first-load", "root-updates", "child-updates", "latency"];

/// The databases a case can be run on.
fn databases(case: &str) -> &'static [Database] {
    match case {
        "reviews-load" => &Database::WITH_BINLOG,
        _ if ON_EVERY_DATABASE.contains(&case) => &Database::ALL,
        _ => &[Database::Postgres],
    }
}

/// The names under which figures stand, in the order of the tables.
pub(crate) fn names() -> Vec<String> {
    CASES.iter().flat_map(|case| databases(case).iter().map(|database| database.case(case))).collect()
}

/// Runs what was asked for.
pub(crate) async fn run(site: &Site) -> Outcome {
    let only = &site.options.only;
    if let Some(unknown) = only.iter().find(|name| !CASES.contains(&name.as_str())) {
        return Err(format!("no case `{unknown}`; there are {}", CASES.join(", ")).into());
    }
    let chosen = site.databases()?;
    let mut failed = Vec::new();
    for case in CASES.into_iter().filter(|case| only.is_empty() || only.iter().any(|name| name == case)) {
        for database in databases(case).iter().copied().filter(|database| chosen.contains(database)) {
            let name = database.case(case);
            println!("== {name}");
            let began = Instant::now();
            // Written down case by case: what was measured is not lost with what fails later.
            let outcome = match measure(site, case, database).await {
                Ok(figures) => report::write(site, &name, figures).await,
                Err(error) => Err(error),
            };
            if let Err(error) = outcome {
                eprintln!("error: {name}: {}", crate::chain(error.as_ref()));
                failed.push(name.clone());
                copies::sweep(site).await?;
            }
            println!("== {name} took {:.0} s", began.elapsed().as_secs_f64());
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", ")).into()) }
}

async fn measure(site: &Site, case: &str, database: Database) -> Outcome<Figures> {
    let mut figures = Figures::default();
    match case {
        "root-updates" => backlog::roots(site, database, &mut figures).await,
        "child-updates" => backlog::children(site, database, &mut figures).await,
        "shared-row" => shared_row::run(site, &mut figures).await,
        "held-rate" => held_rate::run(site, &mut figures).await,
        "catch-up" => catch_up::run(site, &mut figures).await,
        "latency" => latency::run(site, database, &mut figures).await,
        "memory" => memory::run(site, &mut figures).await,
        "language" => language::run(site, &mut figures).await,
        "unused-columns" => unused::run(site, &mut figures).await,
        "source-load" => source_load::run(site, &mut figures).await,
        "verify" => verify::run(site, &mut figures).await,
        "build" => build::run(site, &mut figures).await,
        "reviews-load" => first_load::with_binlog(site, database, Dataset::Reviews, &mut figures).await,
        _ if database == Database::Postgres => first_load::run(site, &mut figures).await,
        _ => first_load::with_binlog(site, database, Dataset::Library, &mut figures).await,
    }?;
    Ok(figures)
}

/// Processor time of the servers, from a moment on.
struct Servers<'a> {
    pid: u32,
    target: &'a Target,
    database: f64,
    engine: f64,
}

impl<'a> Servers<'a> {
    /// Starts to count.
    fn watch(site: &Site, database: Database, target: &'a Target) -> Outcome<Self> {
        let pid = site.server(database)?.pid;
        Ok(Self { pid, target, database: process::cpu_of_tree(pid), engine: target.cpu() })
    }

    /// Seconds of the database and of the engine since.
    fn used(&self) -> (f64, f64) {
        (process::cpu_of_tree(self.pid) - self.database, self.target.cpu() - self.engine)
    }
}
