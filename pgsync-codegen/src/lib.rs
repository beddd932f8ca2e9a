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
mod databases;
mod diagnostic;
pub mod editor;
pub mod emit;
mod engines;
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
pub use databases::{DatabaseSchema, by_database, snapshots};
pub use diagnostic::{Code, Diagnostic, Diagnostics, Mend};
pub use expand::{expand, expand_each};
pub use layout::{Tree, layout};
pub use parse::{parse, parse_tree};
pub use plan::{capture, plan};
pub use propose::propose;
pub use resolve::resolve;
pub use source::{Source, Span, Spanned};

use catalog::Catalog;
use pgsync_plan::Program;
use std::borrow::Borrow;

/// All phases for a file whose documents are of one database: what a schema and a catalogue amount to, and the warnings on
/// the way.
///
/// # Errors
/// The findings of the first phase that has any; also where documents name several databases, each of which needs its own
/// catalogue ([`compile_each`]).
pub fn compile(source: &Source, catalog: &Catalog) -> Result<(Program, Diagnostics), Diagnostics> {
    let each = by_database(source, &parse(source)?)?;
    let only = databases::only(source, each)?;
    let (bound, warnings) = resolve(source, &only.schema, catalog)?;
    Ok((emitted(source, &only, &bound, catalog), warnings))
}

/// The phases behind [`parse`] and [`by_database`]: a program for each database, in the same order, and the warnings of all.
///
/// # Errors
/// The findings of the first phase that has any, of all databases.
pub fn compile_each<C: Borrow<Catalog>>(
    source: &Source,
    databases: &[(DatabaseSchema, C)],
) -> Result<(Vec<Program>, Diagnostics), Diagnostics> {
    let mut found = Diagnostics::new(source);
    let mut each = Vec::new();
    for (database, catalog) in databases {
        match resolve(source, &database.schema, catalog.borrow()) {
            Ok((bound, warnings)) => {
                found.append(warnings);
                each.push((database, bound, catalog.borrow()));
            }
            Err(findings) => found.append(findings),
        }
    }
    resolve::indexes_between(each.iter().map(|(database, bound, _)| (&database.schema, bound)), &mut found);
    let (each, warnings) = found.finish(each)?;
    Ok((each.iter().map(|(database, bound, catalog)| emitted(source, database, bound, catalog)).collect(), warnings))
}

/// The phases that cannot fail.
fn emitted(source: &Source, database: &DatabaseSchema, bound: &bound::Schema, catalog: &Catalog) -> Program {
    let capture = capture(catalog.dialect, source, database.schema.name.as_ref().map(|name| name.value.as_str()));
    let dialect = emit::sql::dialect(catalog.dialect, catalog.release);
    emit::program(catalog.dialect, dialect, database.database.clone(), plan(bound, catalog), capture)
}
