//! The benchmark's driver. In: servers, by environment variables (see `site`), and which cases to run. Out: figures in
//! `benches/results/` and the table of `benches/README.md`. It starts and ends the programs it measures, not the servers.
#![allow(clippy::print_stdout)]

mod cases;
mod ceilings;
mod copies;
mod database;
mod dataset;
mod figures;
mod null_engine;
mod ours;
mod peer;
mod process;
mod proxy;
mod report;
mod site;
mod target;
mod writers;

use clap::{Args, Parser, Subcommand};
use std::process::ExitCode;

type Error = Box<dyn std::error::Error + Send + Sync>;
type Outcome<T = ()> = Result<T, Error>;

#[derive(Parser)]
#[command(name = "pgsync-bench", about = "Measures pgsync beside PGSync and beside what the servers can do")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run cases and write down what they show.
    Run(Options),
    /// Draw the plot and write the README's tables again, from the results that are there.
    Report {
        /// From those of a quick run.
        #[arg(long)]
        quick: bool,
    },
    /// Serve an engine that only counts.
    NullEngine {
        /// Port on the loopback; 0 takes a free one, which is printed.
        #[arg(long, default_value_t = 0)]
        port: u16,
    },
}

/// How much is run.
#[derive(Args, Debug, Clone)]
pub(crate) struct Options {
    /// Smaller sets and fewer runs: done within 20 minutes.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Only these cases.
    #[arg(long, value_delimiter = ',', value_name = "CASE")]
    pub(crate) only: Vec<String>,
    /// Only on these databases; otherwise on all that run. Most cases are of PostgreSQL alone.
    #[arg(long, value_delimiter = ',', value_name = "DATABASE")]
    pub(crate) database: Vec<database::Database>,
    /// Runs of ours; five, two when quick.
    #[arg(long)]
    pub(crate) runs: Option<usize>,
    /// Multiplies the number of documents.
    #[arg(long, default_value_t = 1.0)]
    pub(crate) scale: f64,
    /// Seed of the rows.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u32,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Run(options) => {
            runtime(tokio::runtime::Builder::new_multi_thread()).and_then(|it| it.block_on(run(options)))
        }
        Task::Report { quick } => report::publish(quick),
        // One thread: an engine that is to cost nothing passes nothing between threads.
        Task::NullEngine { port } => {
            runtime(tokio::runtime::Builder::new_current_thread()).and_then(|it| it.block_on(null_engine::serve(port)))
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// An error and what is behind it.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

fn runtime(mut builder: tokio::runtime::Builder) -> Outcome<tokio::runtime::Runtime> {
    Ok(builder.enable_all().build()?)
}

async fn run(options: Options) -> Outcome {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let site = site::Site::from_environment(options)?;
    cases::run(&site).await
}
