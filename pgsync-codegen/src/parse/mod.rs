//! First phase: text -> AST. In: a source. Out: [`ast::Schema`], or every syntax error, unknown key and wrong JSON type.
//! No catalogue is asked.

mod aggregate;
mod column;
mod json;
mod schema;
mod transform;
mod value;

use crate::ast;
use crate::diagnostic::Diagnostics;
use crate::layout::Tree;
use crate::source::Source;

/// Parses a schema file.
///
/// # Errors
/// Every finding of this phase.
pub fn parse(source: &Source) -> Result<ast::Schema, Diagnostics> {
    let mut diagnostics = Diagnostics::new(source);
    let schema = json::read(source, &mut diagnostics).and_then(|value| schema::schema(&value, &mut diagnostics));
    match schema {
        Some(schema) if !diagnostics.has_errors() => Ok(schema),
        _ => Err(diagnostics),
    }
}

/// Reads JSON as it is written, whatever it means.
///
/// # Errors
/// Where it is no JSON.
pub fn parse_tree(source: &Source) -> Result<Tree, Diagnostics> {
    let mut diagnostics = Diagnostics::new(source);
    match json::read(source, &mut diagnostics) {
        Some(value) if !diagnostics.has_errors() => Ok(value.tree(source)),
        _ => Err(diagnostics),
    }
}
