//! What must stand in the database so that changes can be followed: publication, slot, replica identities.
//!
//! In: a program and a session. Out: [`Facts`] about the live tables, the statements that bring them into the shape the
//! program needs ([`Setup`]), and whether that was done ([`check`]). Only [`Setup::apply`] and [`teardown`] change
//! anything in the database.

mod check;
mod facts;
mod memory;
mod setup;
mod teardown;

pub(crate) use check::check;
pub(crate) use facts::{Facts, Mark};
pub(crate) use memory::Memory;
pub(crate) use setup::Setup;
pub(crate) use teardown::teardown;

/// A quoted identifier.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A quoted, qualified name.
pub(crate) fn qualified(schema: &str, name: &str) -> String {
    format!("{}.{}", quote(schema), quote(name))
}

/// A quoted literal.
pub(crate) fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}
