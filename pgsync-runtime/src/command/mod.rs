//! The command line of a running program: `preview`, `doctor`, `bootstrap`, `sync`, `run`, `wait`, `status`, `verify`, `quarantine`,
//! `teardown`. In: arguments, settings, a program. Out: an exit code: 0 done, 1 the surroundings failed, 2 wrong usage or schema, 3 stopped
//! before it was done. What a person reads goes to stderr, what a machine reads to stdout.

mod by_triggers;
mod doctor;
mod log;
#[cfg(feature = "mysql")]
mod no_setup;
mod operate;
mod peer;
mod preview;
mod quarantine;
mod ready;
mod status;
mod teardown;
mod verify;
mod wait;

#[cfg(test)]
use log::in_our_spelling;
pub use log::{Log, arguments, colour, init as init_log, print, report};
pub use operate::{RunCommand, operate, reach};
pub use preview::PreviewOptions;
pub use quarantine::{Quarantine, Which};
pub use verify::VerifyOptions;
pub use wait::WaitOptions;

use crate::settings::Overrides;
use crate::transform::Registration;
use crate::{Error, ErrorKind};
use clap::Parser;
use pgsync_plan::Program;
use std::process::ExitCode;

/// Keeps a search engine in step with a database.
#[derive(Debug, Parser)]
#[command(version, about, after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) log: Log,
    #[command(subcommand)]
    pub(crate) operator: RunCommand,
}

const AFTER_HELP: &str = "\
Settings are environment variables (a .env file is read): PG_URL or PG_HOST, PG_USER, ...;
ELASTICSEARCH_URL or ELASTICSEARCH_HOST, ... The page docs/settings.md lists them all.

Exit codes: 0 done (for run also: stopped by SIGTERM or SIGINT); 1 the surroundings failed; 2 wrong usage, settings or
schema; 3 sync was stopped before it was done; 130, 143 ended at once by a second SIGINT, SIGTERM.

Examples:
  PG_URL=postgresql://me@db/library ELASTICSEARCH_URL=http://search:9200 my-sync run -b
  my-sync preview                 print the first documents, without an engine
  my-sync bootstrap --dry-run     print what bootstrap would do in the database
  my-sync sync                    load, catch up, stop";

/// Carries out an operator command.
pub fn run(
    log: Log,
    operator: &RunCommand,
    programs: Vec<Program>,
    (transforms, overrides): (&[Registration], Overrides),
) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            return report(log, &Error::new(ErrorKind::Refused, "the async runtime cannot be started").source(error));
        }
    };
    let result = runtime.block_on(operate(log, operator, programs, (transforms, overrides)));
    // The system's resolver of names cannot be interrupted, and nobody waits for its answer any more.
    runtime.shutdown_background();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report(log, &error),
    }
}
