//! What must stand in the database so that changes can be followed: publication, slot, replica identities.
//!
//! In: a program and a session. Out: [`Facts`] about the live tables, the statements that bring them into the shape the
//! program needs ([`Setup`]), whether they are those it was compiled for ([`fits`]), and whether it was set up
//! ([`check`]). Only [`Setup::apply`] and [`teardown`] change anything in the database.

mod check;
mod facts;
mod fingerprint;
mod memory;
mod setup;
mod teardown;

pub(crate) use check::{check, fits};
pub(crate) use facts::Facts;
pub(crate) use fingerprint::{Fingerprints, TableFingerprint, read as read_fingerprints};
pub(crate) use memory::Memory;
pub(crate) use setup::Setup;
pub(crate) use teardown::teardown;

use crate::database::quote_identifier;
use crate::{Error, ErrorKind};

/// A quoted, qualified name.
pub(crate) fn qualified(schema: &str, name: &str) -> String {
    format!("{}.{}", quote_identifier(schema), quote_identifier(name))
}

/// Two databases of one server and one schema file for both: names of slots are the server's.
fn in_other_database(slot: &str, other: &str, here: &str) -> Error {
    Error::new(
        ErrorKind::Refused,
        format!("replication slot `{slot}` serves database `{other}` of this server, and this is database `{here}`"),
    )
    .help(
        "give this one a slot of its own with PGSYNC_SLOT=another_name, and indexes that the other does not fill with \
         `index` in the schema file; then run `bootstrap`",
    )
}
