//! What must stand in the database so that changes can be followed: publication, slot, replica identities.
//!
//! In: a program and a session. Out: [`CaptureState`] about the live tables, the statements that bring them into the shape the
//! program needs ([`Setup`]), whether they are those it was compiled for ([`fits`]), and whether it was set up
//! ([`check`]). Only [`Setup::apply`] and [`teardown`] change anything in the database.

mod check;
mod fingerprint;
mod locked;
mod names;
mod others;
mod replaced;
mod saved_setup;
mod script;
mod setup;
mod state;
mod teardown;

pub(crate) use check::{check, fits};
pub(super) use check::{columns as check_columns, followed_once, rights as check_rights};
pub(super) use fingerprint::of as fingerprints_of;
pub(crate) use fingerprint::read as read_fingerprints;
pub(super) use locked::in_one_transaction;
pub(crate) use names::name;
pub(crate) use others::{Other, others, report_unused};
pub(crate) use replaced::Replacements;
pub(crate) use saved_setup::SavedSetup;
pub use script::Script;
pub(crate) use setup::Setup;
pub(crate) use state::CaptureState;
pub(super) use state::{ReplicaIdentity, reading as catalogue_failure};
pub(crate) use teardown::{Undone, remove, teardown};

use crate::source::postgres::connection::{quote_identifier, quote_literal};
use crate::state::State;
use crate::{Error, ErrorKind};
use state::plugin;

/// A quoted, qualified name.
pub(crate) fn qualified(schema: &str, name: &str) -> String {
    format!("{}.{}", quote_identifier(schema), quote_identifier(name))
}

/// What bootstrap has replaced: what the publication's comment says, and what the state knows of an earlier one that was
/// dropped.
pub(crate) fn replaced(facts: &CaptureState, publication: &str, state: Option<&State>) -> Replacements {
    let comment = facts.publication.as_ref().and_then(|publication| publication.comment.as_deref());
    let mut replaced = state.map(|state| from_state(&state.replaced)).unwrap_or_default();
    match SavedSetup::parse(publication, comment) {
        Ok(memory) => replaced.extend(memory.unwrap_or_default().replaced),
        // Only teardown depends on it, and refuses it.
        Err(error) => tracing::warn!(%error, "what bootstrap replaced is not known"),
    }
    replaced
}

/// The statement that makes the slot. A standby can take it over from PostgreSQL 17 on; that costs nothing where none does.
pub(crate) fn make_slot(server_version: i32, slot: &str) -> String {
    let failover = if server_version >= 170_000 { ", failover => true" } else { "" };
    let (slot, plugin) = (quote_literal(slot), plugin(server_version));
    format!("SELECT pg_create_logical_replication_slot({slot}, '{plugin}'{failover})")
}

/// As the state keeps it.
pub(crate) fn to_state(replaced: &Replacements) -> serde_json::Value {
    // Its keys and values are texts.
    serde_json::to_value(replaced).unwrap_or_default()
}

/// What the state has kept; nothing of what cannot be read.
pub(crate) fn from_state(kept: &serde_json::Value) -> Replacements {
    serde_json::from_value(kept.clone()).unwrap_or_default()
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
