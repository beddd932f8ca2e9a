//! All phases in their order. In: a schema file and a catalogue. Out: the program, the Rust text, the warnings; or the
//! findings of the first phase that has errors.

use crate::catalog::Catalog;
use crate::emit::{self, sql::Postgres};
use crate::{Diagnostics, Source};
use pgsync_plan::Program;
use std::path::Path;

/// What the compiler may be told. The dialect is PostgreSQL's.
#[derive(Debug, Clone, Default)]
pub struct Options {}

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

/// Compiles a schema.
///
/// # Errors
/// Every finding of the first phase that has errors.
pub fn compile(source: &Source, catalog: &Catalog, _options: &Options) -> Result<Output, Diagnostics> {
    let schema = crate::parse(source)?;
    let (bound, warnings) = crate::resolve(source, &schema, catalog)?;
    let plan = crate::plan(&bound, catalog);
    let capture = crate::capture(&plan);
    let program = emit::program(plan, capture, &Postgres);
    // The bare file name: where the file was compiled must not change the text.
    let name = Path::new(&source.path)
        .file_name()
        .map_or_else(|| source.path.clone(), |name| name.to_string_lossy().into_owned());
    let rust = emit::rust::file(&program, &name);
    Ok(Output { program, rust, warnings })
}
