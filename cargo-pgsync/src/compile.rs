//! Getting a program. In: the path of a schema file. Out: the schema, its catalogue (from the snapshot beside it, else
//! from the live database) and the compiled program; diagnostics are printed here.

use crate::address;
use pgsync_codegen::catalog::{Catalog, PUBLIC, fits, live};
use pgsync_codegen::{Diagnostics, Source, ast, parse};
use pgsync_plan::Program;
use pgsync_runtime::internals::command::{self, reach};
use pgsync_runtime::internals::settings::{Overrides, Settings, substituted};
use pgsync_runtime::internals::{Error, ErrorKind, Result, database};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// A schema file that is to be compiled.
pub(crate) struct Input {
    pub source: Source,
    pub catalog: Catalog,
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

/// Reads the schema file and its catalogue; the flags say how to reach the database for it, and how long to try.
pub(crate) fn input(path: &Path, format: Format, flags: &Overrides) -> Result<Input> {
    let source = read(path)?;
    let schema = parse(&source).map_err(|diagnostics| format.fail(&diagnostics, path))?;
    let snapshot = address::snapshot(path);
    let catalog = match std::fs::read_to_string(&snapshot) {
        Ok(text) => Catalog::from_json(&text).map_err(|error| {
            Error::new(
                ErrorKind::Usage,
                format!("the catalogue snapshot {} cannot be read: {error}", snapshot.display()),
            )
            .help(format!("write a new one from the live database: cargo pgsync catalog --config {}", path.display()))
        })?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => block_on(live_catalog(&schema, flags))?,
        Err(error) => {
            return Err(Error::new(ErrorKind::Usage, format!("{} cannot be read", snapshot.display())).source(error));
        }
    };
    Ok(Input { source, catalog })
}

/// Compiles it, and gives the warnings too.
pub(crate) fn findings(path: &Path, input: &Input, format: Format) -> Result<(Program, Diagnostics)> {
    pgsync_codegen::compile(&input.source, &input.catalog).map_err(|diagnostics| format.fail(&diagnostics, path))
}

/// Compiles it; warnings are printed beside what was asked for.
pub(crate) fn program(path: &Path, input: &Input, format: Format) -> Result<Program> {
    let (program, warnings) = findings(path, input, format)?;
    format.warn(&warnings);
    Ok(program)
}

/// Reads the catalogue of the database that the settings and the schema name.
pub(crate) async fn live_catalog(schema: &ast::Schema, flags: &Overrides) -> Result<Catalog> {
    let database = schema.documents.iter().find_map(|document| document.database.as_ref());
    let database = database.map(|name| substituted("database", &name.value)).transpose()?;
    let overrides = Overrides { database, ..flags.clone() };
    read_live(&overrides, Some(&schemas(schema))).await
}

/// Reads the catalogue of some schemas, named or by patterns, or of all but the system's.
pub(crate) async fn read_live(overrides: &Overrides, schemas: Option<&[String]>) -> Result<Catalog> {
    let settings = Settings::load(overrides)?;
    let client = reach(&settings, || database::connect(&settings.database)).await?;
    let read = async {
        let all = live::schemas(&client).await?;
        let Some(wanted) = schemas else { return live::read(&client, &all).await };
        let mut wanted: BTreeSet<String> =
            all.into_iter().filter(|schema| wanted.iter().any(|pattern| fits(pattern, schema))).collect();
        loop {
            let catalog = live::read(&client, &wanted.iter().cloned().collect::<Vec<_>>()).await?;
            // Views may read tables of schemas that nobody has named.
            let views = catalog.tables.iter().filter_map(|table| table.view.as_ref());
            let before = wanted.len();
            wanted.extend(views.flat_map(|view| &view.reads).map(|read| read.schema.clone()));
            if wanted.len() == before {
                return Ok(catalog);
            }
        }
    };
    read.await.map_err(|error| database::failure("the catalogue cannot be read", &error))
}

/// The database schemas that a schema file names.
fn schemas(schema: &ast::Schema) -> Vec<String> {
    fn add(node: &ast::Node, found: &mut BTreeSet<String>) {
        found.insert(node.schema.as_ref().map_or(PUBLIC, |schema| &schema.value).to_owned());
        let through = node.relationship.as_ref().and_then(|relationship| relationship.through.as_ref());
        if let Some((Some(schema), _)) = through.map(|through| &through.value) {
            found.insert(schema.clone());
        }
        node.children.iter().for_each(|child| add(child, found));
    }
    let mut found = BTreeSet::new();
    for document in &schema.documents {
        add(&document.root, &mut found);
        found.extend(document.schemas.iter().map(|schema| schema.value.clone()));
    }
    found.into_iter().collect()
}

/// Runs something asynchronous to its end.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::new(ErrorKind::Refused, "the async runtime cannot be started").source(error))?
        .block_on(work)
}
