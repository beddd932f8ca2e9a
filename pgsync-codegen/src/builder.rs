//! The compiler for build scripts and macros. In: paths. Out: the compiled module, and for a build script a file in
//! `OUT_DIR` with the lines that make cargo look again. The catalogue is always the snapshot: building needs no database.

use crate::artifacts::Artifacts;
use crate::catalog::Catalog;
use crate::emit::rust::Values;
use crate::{Diagnostics, Source, compile, emit};
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
    /// What a binary embeds and the runtime executes.
    pub program: Program,
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

    /// Takes the snapshot from another place.
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

    /// Where the snapshot is.
    pub fn catalog_path(&self) -> PathBuf {
        self.catalog.clone().unwrap_or_else(|| Catalog::path_beside(&self.schema))
    }

    /// Compiles without writing anything.
    ///
    /// # Errors
    /// A file that cannot be read, or what the compiler found in the schema.
    pub fn output(&self) -> Result<Output, BuildError> {
        let values = Values::of(self.values.iter().map(String::as_str)).map_err(BuildError)?;
        let text = read(&self.schema, "the schema")?;
        let path = self.catalog_path();
        let snapshot = std::fs::read_to_string(&path).map_err(|error| {
            BuildError(format!(
                "the catalogue snapshot {} cannot be read: {error}; `cargo pgsync catalog --config {}` writes it from a live database",
                path.display(),
                self.schema.display()
            ))
        })?;
        let catalog = Catalog::from_json(&snapshot).map_err(|error| {
            BuildError(format!(
                "the catalogue snapshot {} is not usable: {error}; `cargo pgsync catalog --config {}` writes it anew",
                path.display(),
                self.schema.display()
            ))
        })?;
        let source = Source::of_file(&self.schema, text);
        let (program, warnings) = compile(&source, &catalog).map_err(|diagnostics| BuildError(diagnostics.plain()))?;
        // The bare file name: where the file was compiled must not change the text.
        let name = self.schema.file_name().map_or_else(|| source.path.as_str().into(), |name| name.to_string_lossy());
        let rust = emit::rust::file_with(&program, &name, values);
        Ok(Output { program, rust, warnings })
    }

    /// Compiles into `OUT_DIR`, as a file with the schema's name and the extension `rs`.
    ///
    /// # Errors
    /// As [`Builder::output`]; also when `OUT_DIR` is not set or cannot be written.
    #[allow(clippy::print_stdout)]
    pub fn compile(&self) -> Result<(), BuildError> {
        println!("cargo:rerun-if-changed={}", self.schema.display());
        println!("cargo:rerun-if-changed={}", self.catalog_path().display());
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

fn read(path: &Path, what: &str) -> Result<String, BuildError> {
    std::fs::read_to_string(path)
        .map_err(|error| BuildError(format!("{what} {} cannot be read: {error}", path.display())))
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
