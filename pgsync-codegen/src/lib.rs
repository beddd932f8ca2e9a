//! The compiler: a schema file and a catalogue in, a plan, SQL, index mappings and Rust out. It is a pure function: no
//! clock, no environment, no network (but for reading a live catalogue, behind feature `live`).
#![doc = ""]
#![doc = include_str!("../../ARCHITECTURE.md")]

pub mod artifacts;
pub mod ast;
pub mod bound;
mod builder;
pub mod catalog;
mod convert;
mod diagnostic;
pub mod editor;
pub mod emit;
mod expand;
mod expression;
#[cfg(test)]
mod fixture;
mod keys;
mod layout;
mod parse;
mod plan;
mod propose;
mod resolve;
mod source;
mod types;
#[cfg(test)]
mod volume;

pub use builder::{BuildError, Builder, Output};
pub use convert::convert;
pub use diagnostic::{Code, Diagnostic, Diagnostics, Mend};
pub use expand::expand;
pub use layout::{Tree, layout};
pub use parse::{parse, parse_tree};
pub use plan::{capture, plan};
pub use propose::propose;
pub use resolve::resolve;
pub use source::{Source, Span, Spanned};

use catalog::Catalog;
use pgsync_plan::Program;

/// All phases: what a schema and a catalogue amount to, and the warnings on the way.
///
/// # Errors
/// The findings of the first phase that has any.
pub fn compile(source: &Source, catalog: &Catalog) -> Result<(Program, Diagnostics), Diagnostics> {
    let schema = parse(source)?;
    let (bound, warnings) = resolve(source, &schema, catalog)?;
    let plan = plan(&bound, catalog);
    let capture = capture(source, schema.name.as_ref().map(|name| name.value.as_str()));
    let database = bound.documents.iter().find_map(|document| document.database.clone());
    Ok((emit::program(catalog.dialect, database, plan, capture), warnings))
}
