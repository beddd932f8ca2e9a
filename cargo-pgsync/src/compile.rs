//! Getting a program. In: the path of a schema file. Out: the schema with the catalogue of each of its databases (from
//! the snapshot beside it, else from the live database) and the compiled programs; diagnostics are printed here.

use crate::{address, live};
use pgsync_codegen::catalog::Catalog;
use pgsync_codegen::{DatabaseSchema, Diagnostics, Source, by_database, compile_each, parse};
use pgsync_plan::Program;
use pgsync_runtime::internals::command;
use pgsync_runtime::internals::settings::Overrides;
use pgsync_runtime::internals::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A schema file that is to be compiled.
pub(crate) struct Input {
    pub source: Source,
    /// What it says of each database, with that database's catalogue.
    pub databases: Vec<(DatabaseSchema, Catalog)>,
}

/// Somebody is looking: a database that does not answer is told at once.
const AT_ONCE: Option<Duration> = Some(Duration::ZERO);

/// How diagnostics are printed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Format {
    pub json: bool,
}

impl Format {
    /// Prints diagnostics: JSON to stdout, drawings to stderr.
    #[allow(clippy::print_stderr)]
    pub(crate) fn print(self, diagnostics: &Diagnostics) {
        if diagnostics.is_empty() {
            return;
        }
        if self.json {
            // Whoever asked for them and does not read them has seen enough.
            let _ = command::print(&diagnostics.json());
        } else if command::colour() {
            eprint!("{}", diagnostics.coloured());
        } else {
            eprint!("{}", diagnostics.plain());
        }
    }

    /// Prints diagnostics beside what was asked for, to stderr: stdout holds that alone.
    #[allow(clippy::print_stderr)]
    pub(crate) fn warn(self, diagnostics: &Diagnostics) {
        if self.json {
            eprint!("{}", diagnostics.json());
        } else {
            self.print(diagnostics);
        }
    }

    /// Prints diagnostics and gives the error to exit with.
    pub(crate) fn fail(self, diagnostics: &Diagnostics, path: &Path) -> Error {
        self.print(diagnostics);
        let error = Error::new(ErrorKind::Usage, format!("{} cannot be compiled", path.display()));
        match diagnostics.iter().find(|found| !found.code.is_warning()) {
            Some(first) => error.help(format!("an example and its mend: cargo pgsync explain {}", first.code.id())),
            None => error,
        }
    }
}

/// Reads the schema file.
pub(crate) fn read(path: &Path) -> Result<Source> {
    if let Some(address) = address::of(path) {
        return address::read(address);
    }
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::new(ErrorKind::Usage, format!("the schema file {} cannot be read", path.display()))
            .source(error)
            .help("name it with --config, or set SCHEMA")
    })?;
    Ok(Source::of_file(path, text))
}

/// As [`AT_ONCE`] says, with everything else from the settings.
pub(crate) fn at_once() -> Overrides {
    Overrides { wait: AT_ONCE, ..Overrides::default() }
}

/// Reads the schema file and its catalogues; the flags say how to reach the databases for them, and how long to try.
pub(crate) fn input(path: &Path, format: Format, flags: &Overrides) -> Result<Input> {
    let source = read(path)?;
    let each = databases(&source, path, format)?;
    let snapshots = address::snapshots(path, &each);
    let catalog = |(database, snapshot): (DatabaseSchema, PathBuf)| {
        let catalog = match std::fs::read_to_string(&snapshot) {
            Ok(text) => Catalog::from_json(&text).map_err(|error| {
                Error::new(
                    ErrorKind::Usage,
                    format!("the catalogue snapshot {} cannot be read: {error}", snapshot.display()),
                )
                .help(format!(
                    "write a new one from the live database: cargo pgsync catalog --config {}",
                    path.display()
                ))
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                block_on(live::catalog(&database.schema, flags))?
            }
            Err(error) => {
                return Err(
                    Error::new(ErrorKind::Usage, format!("{} cannot be read", snapshot.display())).source(error)
                );
            }
        };
        Ok((database, catalog))
    };
    let databases = each.into_iter().zip(snapshots).map(catalog).collect::<Result<_>>()?;
    Ok(Input { source, databases })
}

/// What a schema file says of each database.
pub(crate) fn databases(source: &Source, path: &Path, format: Format) -> Result<Vec<DatabaseSchema>> {
    let each = parse(source).and_then(|schema| by_database(source, &schema));
    each.map_err(|diagnostics| format.fail(&diagnostics, path))
}

/// Compiles it, one program for each database, and gives the warnings too.
pub(crate) fn findings(path: &Path, input: &Input, format: Format) -> Result<(Vec<Program>, Diagnostics)> {
    compile_each(&input.source, &input.databases).map_err(|diagnostics| format.fail(&diagnostics, path))
}

/// Compiles it; warnings are printed beside what was asked for.
pub(crate) fn programs(path: &Path, input: &Input, format: Format) -> Result<Vec<Program>> {
    let (programs, warnings) = findings(path, input, format)?;
    format.warn(&warnings);
    Ok(programs)
}

/// Runs something asynchronous to its end.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::new(ErrorKind::Refused, "the async runtime cannot be started").source(error))?
        .block_on(work)
}
