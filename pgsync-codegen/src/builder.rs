//! The compiler for build scripts and macros. In: paths. Out: the compiled module, and for a build script a file in
//! `OUT_DIR` with the lines that make cargo look again. The catalogue is always the snapshot: building needs no database.

use crate::artifacts::Artifacts;
use crate::catalog::Catalog;
use crate::emit::rust::Values;
use crate::{DatabaseSchema, Diagnostics, Source, by_database, compile_each, emit, parse, snapshots};
use pgsync_plan::Program;
use std::fmt;
use std::path::{Path, PathBuf};

/// Compiles one schema file, from a `build.rs`:
///
/// ```no_run
/// pgsync_codegen::Builder::new("schema.json").compile().unwrap();
/// ```
///
/// The module is then taken in with `include!(concat!(env!("OUT_DIR"), "/schema.rs"));`.
#[derive(Debug, Clone)]
pub struct Builder {
    schema: PathBuf,
    catalog: Option<PathBuf>,
    values: Vec<String>,
}

/// What comes out.
#[derive(Debug, Clone)]
pub struct Output {
    /// What a binary embeds and the runtime executes: a program for each database that the schema names.
    pub programs: Vec<Program>,
    /// The generated module as the text of a source file: the same through every front door.
    pub rust: String,
    /// What works and may not be meant.
    pub warnings: Diagnostics,
}

/// Why nothing was compiled. Its text, and its `Debug` form, which `unwrap` shows, are meant for people.
pub struct BuildError(String);

impl Builder {
    /// For a schema file. Its snapshot is taken from beside it.
    pub fn new(schema: impl Into<PathBuf>) -> Self {
        Self { schema: schema.into(), catalog: None, values: Vec::new() }
    }

    /// Takes the snapshot from another place, where the schema is about one database.
    #[must_use]
    pub fn catalog(mut self, path: impl Into<PathBuf>) -> Self {
        self.catalog = Some(path.into());
        self
    }

    /// Gives values of the structs the types of these crates: `jiff` or `chrono`, `uuid`, `rust_decimal`. `pgsync-runtime`
    /// needs the features of the same names.
    #[must_use]
    pub fn values<S: Into<String>>(mut self, crates: impl IntoIterator<Item = S>) -> Self {
        self.values = crates.into_iter().map(Into::into).collect();
        self
    }

    /// Where the snapshots are: one for each database that the schema names.
    pub fn catalog_paths(&self) -> Vec<PathBuf> {
        let source = std::fs::read_to_string(&self.schema).map(|text| Source::of_file(&self.schema, text)).ok();
        let each = source.and_then(|source| by_database(&source, &parse(&source).ok()?).ok()).unwrap_or_default();
        self.snapshots(&each)
    }

    fn snapshots(&self, each: &[DatabaseSchema]) -> Vec<PathBuf> {
        match &self.catalog {
            Some(path) => vec![path.clone()],
            None => snapshots(&self.schema, each),
        }
    }

    /// Compiles without writing anything.
    ///
    /// # Errors
    /// A file that cannot be read, or what the compiler found in the schema.
    pub fn output(&self) -> Result<Output, BuildError> {
        let values = Values::of(self.values.iter().map(String::as_str)).map_err(BuildError)?;
        let text = std::fs::read_to_string(&self.schema)
            .map_err(|error| BuildError(format!("the schema {} cannot be read: {error}", self.schema.display())))?;
        let source = Source::of_file(&self.schema, text);
        let found = |diagnostics: Diagnostics| BuildError(diagnostics.plain());
        let each = by_database(&source, &parse(&source).map_err(found)?).map_err(found)?;
        let paths = self.snapshots(&each);
        if paths.len() != each.len() {
            return Err(BuildError(format!(
                "{} names {} databases, and one snapshot is given: leave it out, and each is taken from beside the schema",
                self.schema.display(),
                each.len()
            )));
        }
        let catalogs = paths.iter().map(|path| self.snapshot(path)).collect::<Result<Vec<_>, _>>()?;
        let each: Vec<_> = each.into_iter().zip(catalogs).collect();
        let (programs, warnings) = compile_each(&source, &each).map_err(found)?;
        // The bare file name: where the file was compiled must not change the text.
        let name = self.schema.file_name().map_or_else(|| source.path.as_str().into(), |name| name.to_string_lossy());
        let rust = emit::rust::file_with(&programs, &name, values);
        Ok(Output { programs, rust, warnings })
    }

    fn snapshot(&self, path: &Path) -> Result<Catalog, BuildError> {
        let wrong = |what: String| {
            BuildError(format!(
                "the catalogue snapshot {} {what}; `cargo pgsync catalog --config {}` writes it from a live database",
                path.display(),
                self.schema.display()
            ))
        };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
        Catalog::from_json(&text).map_err(|error| wrong(format!("is not usable: {error}")))
    }

    /// Compiles into `OUT_DIR`, as a file with the schema's name and the extension `rs`.
    ///
    /// # Errors
    /// As [`Builder::output`]; also when `OUT_DIR` is not set or cannot be written.
    #[allow(clippy::print_stdout)]
    pub fn compile(&self) -> Result<(), BuildError> {
        println!("cargo:rerun-if-changed={}", self.schema.display());
        for path in self.catalog_paths() {
            println!("cargo:rerun-if-changed={}", path.display());
        }
        let out = std::env::var_os("OUT_DIR").ok_or_else(|| {
            BuildError("OUT_DIR is not set: this is meant to be called from a build script".to_owned())
        })?;
        let output = self.output()?;
        if !output.warnings.is_empty() {
            for line in output.warnings.plain().lines() {
                println!("cargo:warning={line}");
            }
        }
        let mut artifacts = Artifacts::new();
        let name = self.schema.file_stem().map_or_else(|| "schema".into(), |stem| stem.to_string_lossy());
        artifacts.add(format!("{name}.rs"), output.rust);
        artifacts.write(Path::new(&out)).map_err(|error| BuildError(error.to_string()))?;
        Ok(())
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{}", self.0)
    }
}

impl std::error::Error for BuildError {}
