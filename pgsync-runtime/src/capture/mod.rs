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

use crate::database::quote_identifier;

/// A quoted, qualified name.
pub(crate) fn qualified(schema: &str, name: &str) -> String {
    format!("{}.{}", quote_identifier(schema), quote_identifier(name))
}
