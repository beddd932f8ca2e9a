//! Teardown: removes what bootstrap made and restores what it replaced. In: [`CaptureState`], and what the state knows of
//! replaced identities. Out: the statements it ran, and what it left with the statement for whoever decides. The indexes
//! of the engine are not touched here.
//!
//! An identity is restored only where no other set-up of ours needs it: whichever is torn down last restores it. No text
//! of a comment reaches a statement, and each statement is sent alone by the extended protocol, which takes only one.

use super::locked::{ATTEMPTS, LOCK_TIMEOUT};
use super::others::{Entry, Other, entries, others};
use super::replaced::{Replaced, Replacements, TableName};
use super::state::CaptureState;
use super::{SavedSetup, in_other_database};
use crate::source::postgres::connection::{Operation, failure, failure_of, quote_identifier, quote_literal, value};
use crate::{Code, Error, ErrorKind, Result};
use pgsync_plan::{Identity, Program};
use std::time::Duration;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

/// What a teardown did.
#[derive(Debug, Default)]
pub(crate) struct Undone {
    /// What it ran.
    pub statements: Vec<String>,
    /// What it left as it is: why, and the statement that would change it.
    pub left: Vec<(String, String)>,
}

/// Drops slot and publication, and restores the replica identities that bootstrap replaced. `recorded`: what the state
/// knows of them, for a publication that was dropped with its comment; `known`: whether there is a state at all.
///
/// # Errors
/// [`ErrorKind::Refused`] when the slot is in use, the comment is not one of bootstrap's, or a right is missing. Then
/// nothing was done, or running it again goes on where it stopped.
pub(crate) async fn teardown(
    client: &Client,
    facts: &CaptureState,
    program: &Program,
    recorded: &Replacements,
    known: bool,
) -> Result<Undone> {
    let (slot, publication) =
        (&program.capture.logical_replication()?.slot, &program.capture.logical_replication()?.publication);
    if let Some(found) = &facts.slot {
        // State and indexes under that name are the other's too.
        if let Some(other) = found.elsewhere(&facts.database) {
            return Err(in_other_database(slot, other, &facts.database));
        }
        if let Some(pid) = found.active_pid {
            return Err(in_use(slot, &format!("the process with pid {pid} streams from it")));
        }
    }
    claim(client, slot).await?;
    let mut memory = SavedSetup::default();
    if let Some(found) = &facts.publication {
        memory = SavedSetup::parse(publication, found.comment.as_deref())?.ok_or_else(|| {
            Error::new(ErrorKind::Refused, format!("publication `{publication}` was not made by pgsync"))
        })?;
    }
    let mut undone = Undone::default();
    let mut held = entries(client, Some(publication), &memory.replaced).await?;
    // The state is another's to write: it may speak of the tables of this program only.
    let mut missing = recorded.clone();
    missing.retain(|table, _| !memory.replaced.contains_key(table) && used(facts, table));
    held.extend(entries(client, None, &missing).await?);
    if facts.publication.is_none() && (facts.slot.is_some() || known) {
        undone.left.extend(unknown(facts, program, &held));
    }
    let others = others(client, publication).await?;
    let statements = plan(&mut undone, held, &others, facts.slot.as_ref().map(|_| slot.as_str()));
    let drop = facts.publication.as_ref().map(|_| format!("DROP PUBLICATION {}", quote_identifier(publication)));
    carry_out(client, statements.into_iter().chain(drop).collect(), &mut undone).await?;
    Ok(undone)
}

/// Removes another set-up of ours, that nothing uses any more.
///
/// # Errors
/// As [`teardown`].
pub(crate) async fn remove(client: &Client, orphan: &Other) -> Result<Undone> {
    if orphan.in_use {
        return Err(in_use(&orphan.slot, "a process works with it"));
    }
    claim(client, &orphan.slot).await?;
    let mut undone = Undone::default();
    let held = entries(client, Some(&orphan.publication), &orphan.replaced).await?;
    let others = others(client, &orphan.publication).await?;
    let mut statements = plan(&mut undone, held, &others, orphan.retained.map(|_| orphan.slot.as_str()));
    statements.push(format!("DROP PUBLICATION {}", quote_identifier(&orphan.publication)));
    carry_out(client, statements, &mut undone).await?;
    Ok(undone)
}

/// Keeps every process from starting with the slot until this session ends. The session of one that has just ended may
/// hold it for a moment longer.
async fn claim(client: &Client, slot: &str) -> Result<()> {
    let sql = "SELECT pg_try_advisory_lock(hashtext('pgsync'), hashtext($1::text))";
    for attempt in 0..10 {
        if attempt > 0 {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let row = client.query_one(sql, &[&slot]).await;
        let row = row.map_err(|error| failure("the lock of the slot could not be asked for", &error))?;
        if value(&row, 0)? {
            return Ok(());
        }
    }
    Err(in_use(slot, "a process works with it"))
}

fn in_use(slot: &str, how: &str) -> Error {
    Error::coded(Code::SlotInUse, format!("slot `{slot}` is in use: {how}")).help("stop the running pgsync first")
}

fn used(facts: &CaptureState, table: &TableName) -> bool {
    facts.tables.iter().flatten().any(|relation| relation.schema == table.schema && relation.name == table.name)
}

/// Tables that bootstrap would have made FULL and nobody has a record of.
fn unknown(facts: &CaptureState, program: &Program, held: &[Entry]) -> Vec<(String, String)> {
    let mut left = Vec::new();
    for (table, relations) in program.plan.tables.iter().zip(&facts.tables) {
        for relation in relations {
            let name = TableName { schema: relation.schema.clone(), name: relation.name.clone() };
            let full = relation.identity == super::state::ReplicaIdentity::Full;
            let needed = table.identity == Identity::Full || !relation.keyed;
            if full && needed && !held.iter().any(|entry| entry.table == name) {
                let why = if facts.has_publications() {
                    "the record of what it had before was lost with the publication"
                } else {
                    "this server has no place for a record of what it had before"
                };
                let reason = format!("table {name} has REPLICA IDENTITY FULL; {why}");
                left.push((reason, format!("ALTER TABLE {name} REPLICA IDENTITY DEFAULT")));
            }
        }
    }
    left
}

/// The statements, but for the publication's.
pub(super) fn plan(undone: &mut Undone, held: Vec<Entry>, others: &[Other], slot: Option<&str>) -> Vec<String> {
    let mut statements = Vec::new();
    statements.extend(slot.map(|slot| format!("SELECT pg_drop_replication_slot({})", quote_literal(slot))));
    for Entry { table, replaced, full, possible, trusted } in held {
        // Somebody has changed it since.
        if !full || replaced == Replaced::Full {
            continue;
        }
        if let Some(other) = others.iter().find(|other| other.replaced.contains_key(&table)) {
            tracing::info!(%table, publication = %other.publication, "keeps REPLICA IDENTITY FULL: another set-up needs it");
        } else if !trusted {
            let reason = format!(
                "the comment of the publication says that {table} had REPLICA IDENTITY {replaced}, and the publication's \
                 owner may not alter that table"
            );
            undone.left.push((reason, format!("ALTER TABLE {table} REPLICA IDENTITY {replaced}")));
        } else if !possible {
            let reason = format!("table {table} had REPLICA IDENTITY {replaced}, and no such index will do any more");
            undone.left.push((reason, format!("ALTER TABLE {table} REPLICA IDENTITY DEFAULT")));
        } else {
            statements.push(format!("ALTER TABLE {table} REPLICA IDENTITY {replaced}"));
        }
    }
    statements
}

/// Runs them one after the other. Table locks are asked for under a short `lock_timeout` and asked for again.
async fn carry_out(client: &Client, statements: Vec<String>, undone: &mut Undone) -> Result<()> {
    let limit = format!("SET lock_timeout = '{LOCK_TIMEOUT}'");
    client.execute(&limit, &[]).await.map_err(|error| failure("a limit for locks could not be set", &error))?;
    for statement in statements {
        let mut attempt = 0;
        while let Err(error) = client.execute(&statement, &[]).await {
            attempt += 1;
            if error.code() != Some(&SqlState::LOCK_NOT_AVAILABLE) || attempt >= ATTEMPTS {
                return Err(failure_of(Operation::SetUp, &format!("teardown failed at `{statement}`"), &error)
                    .help("what was done stays done; run `teardown` again when the cause is gone"));
            }
            tracing::warn!(%statement, attempt, "waiting for a table lock that another session holds");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        undone.statements.push(statement);
    }
    Ok(())
}
