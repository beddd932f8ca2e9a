//! Teardown: removes what bootstrap made and restores what it replaced. In: [`Facts`]. Out: the statements it ran. The
//! indexes of the engine are not touched here.

use super::Memory;
use super::facts::{Facts, reading};
use super::in_other_database;
use crate::database::{quote_identifier, quote_literal};
use crate::{Error, ErrorKind, Result};
use pgsync_plan::Program;
use tokio_postgres::Client;

/// Drops slot and publication, and restores the replica identities that stand in the publication's comment.
///
/// # Errors
/// [`ErrorKind::Refused`] when the slot is in use or a right is missing.
pub(crate) async fn teardown(client: &Client, facts: &Facts, program: &Program) -> Result<Vec<String>> {
    let mut statements = Vec::new();
    if let Some(slot) = &facts.slot {
        // State and indexes under that name are the other's too.
        if let Some(other) = slot.elsewhere(&facts.database) {
            return Err(in_other_database(&program.capture.slot, other, &facts.database));
        }
        if let Some(pid) = slot.active_pid {
            return Err(Error::new(
                ErrorKind::Refused,
                format!("slot `{}` is in use by the process with pid {pid}", program.capture.slot),
            )
            .help("stop the running pgsync first"));
        }
        statements.push(format!("SELECT pg_drop_replication_slot({})", quote_literal(&program.capture.slot)));
    }
    if let Some(publication) = &facts.publication {
        let Some(memory) = Memory::parse(publication.comment.as_deref()) else {
            return Err(Error::new(
                ErrorKind::Refused,
                format!("publication `{}` was not made by pgsync", program.capture.publication),
            ));
        };
        for (table, identity) in &memory.replaced {
            if let Some(statement) = restore(client, table, identity).await? {
                statements.push(statement);
            }
        }
        statements.push(format!("DROP PUBLICATION {}", quote_identifier(&program.capture.publication)));
    }
    for statement in &statements {
        client.batch_execute(statement).await.map_err(|error| {
            Error::new(ErrorKind::Refused, format!("teardown failed at `{statement}`")).source(error)
        })?;
    }
    Ok(statements)
}

/// The statement that restores one identity; `None` where the table has gone or somebody has changed it since.
async fn restore(client: &Client, table: &str, identity: &str) -> Result<Option<String>> {
    let row = client
        .query_opt("SELECT c.relreplident::text FROM pg_class c WHERE c.oid = to_regclass($1::text)", &[&table])
        .await
        .map_err(reading)?;
    let Some(row) = row else { return Ok(None) };
    if row.get::<_, &str>(0) != "f" {
        return Ok(None);
    }
    Ok(Some(format!("ALTER TABLE {table} REPLICA IDENTITY {identity}")))
}
