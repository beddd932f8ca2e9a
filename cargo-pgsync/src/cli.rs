//! The command line. In: arguments. Out: an exit code: 0 done, 1 the surroundings failed, 2 wrong usage or schema, 3 stopped
//! before it was done.

use crate::catalog::catalog;
use crate::compile::{self, Format};
use crate::convert::{Convert, convert};
use crate::engine::EngineChoice;
use crate::explain::{Stage, explain, explain_code};
use crate::format::{Fmt, fmt};
use crate::generate::{Generate, generate};
use crate::init::{Init, init};
use crate::schema::{self, Schema};
use crate::{address, against};
use clap::{Args, Parser, Subcommand};
use pgsync_runtime::internals::Result;
use pgsync_runtime::internals::command::{Log, RunCommand, init_log, print, report, run};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo", bin_name = "cargo")]
enum Cargo {
    /// Compile a pgsync schema, or operate it
    Pgsync(Pgsync),
}

const AFTER_HELP: &str = "\
The database is found through PG_URL (or PG_HOST, PG_USER, ...), the engine through ELASTICSEARCH_URL;
docs/settings.md lists every setting.

Exit codes: 0 done (for run also: stopped by SIGTERM or SIGINT); 1 the surroundings failed; 2 wrong usage, settings or
schema; 3 sync was stopped before it was done; 130, 143 ended at once by a second SIGINT, SIGTERM.

Examples:
  cargo pgsync init --table book                   propose a schema, following the foreign keys
  cargo pgsync preview                             print the first documents, without an engine
  cargo pgsync check --config schema.json          find mistakes, change nothing
  cargo pgsync check --engine opensearch-2         also what that version of an engine lacks
  cargo pgsync check --against-index               also what a start would refuse to go on with
  cargo pgsync explain E0102                       say what an error code means, and how it is mended
  cargo pgsync catalog --config schema.json        write schema.catalog.json from the live database
  cargo pgsync generate --crate my-sync            write a crate that does the same as one binary
  cargo pgsync run -b --config schema.json         set up, load, follow, without generating anything";

const EXPLAIN_HELP: &str = "\
A code stands in brackets behind `error` or `warning`. Explained, it has an example of the mistake
and its mend, or what the running program does about it, and what to do next. No file is read.

Examples:
  cargo pgsync explain                 what schema.json amounts to
  cargo pgsync explain --stage sql     its statements alone
  cargo pgsync explain E0102           what error[E0102] means
  cargo pgsync explain P0301 --json    the same of error[P0301], for a machine";

#[derive(Args)]
#[command(version, about, long_about = None, after_help = AFTER_HELP)]
struct Pgsync {
    #[command(flatten)]
    log: Log,
    /// The schema file, or its http(s) address [default: schema.json]
    #[arg(short, long, global = true, env = "SCHEMA", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Propose a schema for a table of the live database
    Init(Init),
    /// Find mistakes in the schema; change nothing
    Check {
        #[command(flatten)]
        engine: EngineChoice,
        /// Also compare with the live indexes, and name what is different (exit code 2)
        #[arg(long)]
        against_index: bool,
    },
    /// Lay the schema out, or write its long form
    Fmt(Fmt),
    /// Write a schema file of PGSync's first version, in which `nodes` is an array, in the form of today
    Convert(Convert),
    /// Write the catalogue snapshot beside the schema, from the live database
    Catalog {
        /// Only say whether what the schema uses has changed since the snapshot, and how (exit code 2)
        #[arg(long)]
        check: bool,
    },
    /// Write the JSON Schema that editors complete and check schema files with
    #[command(after_help = schema::AFTER_HELP)]
    Schema(Schema),
    /// Show the tree, every statement, every route, the set-up, and the missing indexes; or what an error code means
    #[command(after_help = EXPLAIN_HELP)]
    Explain {
        /// Say what this error code means instead, such as E0102 or P0301
        #[arg(value_name = "CODE")]
        code: Option<String>,
        /// Show one stage of the compiler instead
        #[arg(long, conflicts_with = "code")]
        stage: Option<Stage>,
    },
    /// Write Rust: a crate, or a module into one that exists
    Generate(Generate),
    #[command(flatten)]
    Operate(RunCommand),
}

/// Runs the command line.
pub(crate) fn main() -> ExitCode {
    let Cargo::Pgsync(arguments) = pgsync_runtime::internals::command::arguments();
    init_log(arguments.log);
    let log = arguments.log;
    match execute(arguments) {
        Ok(code) => code,
        Err(error) => report(log, &error),
    }
}

fn execute(arguments: Pgsync) -> Result<ExitCode> {
    let format = Format { json: arguments.log.json };
    let path = &address::chosen(arguments.config);
    match arguments.command {
        Command::Init(arguments) => init(&arguments, path)?,
        Command::Fmt(arguments) => fmt(&arguments, path, format)?,
        Command::Convert(arguments) => convert(&arguments, path, format)?,
        Command::Check { engine, against_index } => {
            let input = compile::input(path, format, &compile::at_once())?;
            let (programs, warnings) = compile::findings(path, &input, format)?;
            format.print(&warnings);
            for program in &programs {
                engine.check(program)?;
            }
            let documents: usize = programs.iter().map(|program| program.plan.documents.len()).sum();
            let databases = (programs.len() > 1).then_some(programs.len());
            tracing::info!(documents, databases, "the schema is right");
            if against_index {
                against::against_index(programs)?;
            }
        }
        Command::Catalog { check } => catalog(path, format, check)?,
        Command::Schema(arguments) => schema::schema(&arguments, path)?,
        Command::Explain { code: Some(code), .. } => {
            print(&explain_code(&code, format)?)?;
        }
        Command::Explain { code: None, stage } => {
            let input = compile::input(path, format, &compile::at_once())?;
            print(&explain(path, &input, stage, format)?)?;
        }
        Command::Generate(arguments) => {
            let input = compile::input(path, format, &compile::at_once())?;
            let programs = compile::programs(path, &input, format)?;
            generate(&arguments, path, &programs)?;
        }
        Command::Operate(operator) => {
            let overrides = operator.overrides()?;
            let input = compile::input(path, format, &overrides)?;
            let programs = compile::programs(path, &input, format)?;
            return Ok(run(arguments.log, &operator, programs, (&[], overrides)));
        }
    }
    Ok(ExitCode::SUCCESS)
}
