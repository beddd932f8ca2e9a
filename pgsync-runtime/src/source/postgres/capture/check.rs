//! Whether the database is set up and still the one the program was compiled for. In: [`CaptureState`] and the live columns.
//! Out: nothing, or one error that names every difference. Changes nothing.

use super::names::not_of_another_file;
use super::others::{not_under_other_names, others};
use super::state::{CaptureState, reading};
use super::{SavedSetup, in_other_database};
use crate::source::postgres::connection::value;
use crate::{Error, ErrorKind, Result};
use pgsync_plan::{Program, Table, TableKind};
use std::collections::HashMap;
use tokio_postgres::Client;

/// The first version whose sessions can be asked what is needed.
const OLDEST: i32 = 90_600;

/// Whether the program was compiled for this database. Asked before anything is set up in it.
///
/// # Errors
/// [`ErrorKind::Drift`] when a used table or column is not what it was when the program was compiled;
/// [`ErrorKind::Refused`] for a server that is too old.
pub(crate) async fn fits(client: &Client, facts: &CaptureState, program: &Program) -> Result<()> {
    if facts.server_version < OLDEST {
        return Err(Error::new(
            ErrorKind::Refused,
            format!("the server is PostgreSQL {}, supported are 9.6 and later", facts.server_version / 10_000),
        ));
    }
    columns(client, program).await
}

/// Checks rights, publication, slot and identities, in this order.
///
/// # Errors
/// [`ErrorKind::Refused`] when bootstrap was not done, was undone, or a right is missing.
pub(crate) async fn check(client: &Client, facts: &CaptureState, program: &Program) -> Result<()> {
    rights(client, facts, program).await?;
    if facts.publication.is_none() {
        not_under_other_names(&others(client, &program.capture.logical_replication()?.publication).await?, program)?;
    }
    captured(facts, program)
}

/// Whether each used column is what it was.
///
/// # Errors
/// [`ErrorKind::Drift`] with all that are not.
pub(crate) async fn columns(client: &Client, program: &Program) -> Result<()> {
    let tables = &program.plan.tables;
    let schemas: Vec<&str> = tables.iter().map(|table| table.schema.as_str()).collect();
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let rows = client
        .query(
            "WITH RECURSIVE base AS (
               SELECT t.oid AS top, t.oid, t.typtype, t.typbasetype FROM pg_type t WHERE t.typtype = 'd'
               UNION ALL
               SELECT b.top, t.oid, t.typtype, t.typbasetype FROM base b JOIN pg_type t ON t.oid = b.typbasetype
               WHERE b.typtype = 'd'
             )
             SELECT w.o::int - 1, a.attname::text, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
                    a.attnum = ANY (coalesce((SELECT x.indkey::int2[] FROM pg_index x
                                              WHERE x.indrelid = c.oid AND x.indisprimary), '{}')),
                    format_type(coalesce(b.oid, a.atttypid), -1)
             FROM unnest($1::text[], $2::text[]) WITH ORDINALITY w(s, n, o)
             JOIN pg_namespace n ON n.nspname = w.s
             JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.n
             JOIN pg_attribute a ON a.attrelid = c.oid AND (a.attnum > 0 OR a.attname IN ('xmin', 'ctid')) AND NOT a.attisdropped
             LEFT JOIN base b ON b.top = a.atttypid AND b.typtype <> 'd'",
            &[&schemas, &names],
        )
        .await
        .map_err(reading)?;
    let mut live: Vec<HashMap<String, LiveColumn>> = vec![HashMap::new(); tables.len()];
    for row in rows {
        let column = LiveColumn {
            declared: value(&row, 2)?,
            nullable: value(&row, 3)?,
            in_key: value(&row, 4)?,
            base: value(&row, 5)?,
        };
        live[value::<i32>(&row, 0)? as usize].insert(value(&row, 1)?, column);
    }
    let mut differences = Vec::new();
    for (table, live) in tables.iter().zip(&live) {
        if live.is_empty() {
            differences.push(format!("table {} is gone", table.qualified()));
            continue;
        }
        for column in &table.columns {
            let name = format!("{}.{}", table.qualified(), column.name);
            match live.get(&column.name) {
                None => differences.push(format!("column {name} is gone")),
                Some(live) if live.declared != column.ty.declared => {
                    differences.push(format!("column {name} is {}, it was {}", live.declared, column.ty.declared));
                }
                Some(live) if live.base != column.ty.cast => differences.push(format!(
                    "column {name} is {}, which is based on {}; it was based on {}",
                    live.declared, live.base, column.ty.cast
                )),
                Some(live) if live.nullable && !column.nullable => {
                    differences.push(format!("column {name} may be null now"));
                }
                Some(_) => {}
            }
        }
        let mut key: Vec<&str> =
            live.iter().filter(|(_, column)| column.in_key).map(|(name, _)| name.as_str()).collect();
        key.sort_unstable();
        let compiled: Vec<&str> = table.key.iter().map(|id| table.column(*id).name.as_str()).collect();
        if key != compiled {
            differences.push(format!(
                "the primary key of {} is ({}), it was ({})",
                table.qualified(),
                key.join(", "),
                compiled.join(", ")
            ));
        }
    }
    if differences.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Drift,
        format!("the database is not the one this was compiled for:\n  - {}", differences.join("\n  - ")),
    )
    .help(
        "a program that was built: run `cargo pgsync catalog`, generate and build again; with `cargo pgsync run`: correct \
         the schema file where it names what is gone, then start again with --rebuild",
    ))
}

/// A column as the catalogue has it.
#[derive(Debug, Clone)]
struct LiveColumn {
    declared: String,
    nullable: bool,
    /// Whether it is part of the primary key.
    in_key: bool,
    /// The type under all domains, without modifiers.
    base: String,
}

/// Whether the role may read what documents are made of.
///
/// # Errors
/// [`ErrorKind::Refused`] with all that it may not.
pub(crate) async fn rights(client: &Client, facts: &CaptureState, program: &Program) -> Result<()> {
    let mut oids = Vec::new();
    let mut columns = Vec::new();
    // What a materialized view stores is not read, only the tables of its query.
    let read = |table: &Table| table.kind != TableKind::MaterializedView;
    for (table, oid) in program.plan.tables.iter().zip(&facts.roots).filter(|(table, _)| read(table)) {
        for column in &table.columns {
            oids.push(oid.unwrap_or_default());
            columns.push(column.name.as_str());
        }
    }
    let rows = client
        .query(
            "SELECT DISTINCT w.t::regclass::text, has_schema_privilege(c.relnamespace, 'USAGE')
             FROM unnest($1::oid[], $2::text[]) w(t, c0) JOIN pg_class c ON c.oid = w.t
             WHERE NOT has_column_privilege(w.t, w.c0, 'SELECT') OR NOT has_schema_privilege(c.relnamespace, 'USAGE')
             ORDER BY 1",
            &[&oids, &columns],
        )
        .await
        .map_err(reading)?;
    if rows.is_empty() {
        return Ok(());
    }
    let tables: Vec<String> = rows.iter().map(|row| value(row, 0)).collect::<Result<_>>()?;
    Err(Error::new(ErrorKind::Refused, format!("the role may not read {}", tables.join(", ")))
        .help("GRANT USAGE on the schema and SELECT on these tables to the role that PG_USER or PG_URL names"))
}

/// Whether each relation holds the rows of one table. The compiler has seen to it; tables can be made to inherit afterwards.
pub(crate) fn followed_once(facts: &CaptureState, program: &Program) -> Result<()> {
    let mut known: HashMap<u32, usize> = HashMap::new();
    for (position, relation) in
        facts.tables.iter().enumerate().flat_map(|(position, of)| of.iter().map(move |relation| (position, relation)))
    {
        if let Some(other) = known.insert(relation.oid, position) {
            let name = |position: usize| program.plan.tables[position].qualified();
            return Err(Error::new(
                ErrorKind::Refused,
                format!(
                    "rows of {}.{} are rows of {} and of {}, and this schema uses both",
                    relation.schema,
                    relation.name,
                    name(other),
                    name(position)
                ),
            )
            .help("use one of them here, and the other in a schema file of its own"));
        }
    }
    Ok(())
}

/// What is wrong with `wal_level`, and how to mend it.
pub(super) fn wal_level(facts: &CaptureState) -> String {
    format!(
        "wal_level is `{}`, it has to be `logical` (ALTER SYSTEM SET wal_level = logical, then restart the server)",
        facts.wal_level
    )
}

fn captured(facts: &CaptureState, program: &Program) -> Result<()> {
    if let Some(other) = facts.slot.as_ref().and_then(|slot| slot.elsewhere(&facts.database)) {
        return Err(in_other_database(&program.capture.logical_replication()?.slot, other, &facts.database));
    }
    let comment = facts.publication.as_ref().and_then(|publication| publication.comment.as_deref());
    // A comment that cannot be read is of no use here: it says what teardown puts back.
    let memory = SavedSetup::parse(&program.capture.logical_replication()?.publication, comment).ok().flatten();
    if let Some(memory) = memory {
        not_of_another_file(&memory, program)?;
    }
    followed_once(facts, program)?;
    let mut missing = Vec::new();
    if facts.wal_level != "logical" {
        missing.push(wal_level(facts));
    }
    match &facts.publication {
        None if !facts.has_publications() => {}
        None => {
            missing.push(format!("there is no publication `{}`", program.capture.logical_replication()?.publication));
        }
        Some(publication) if !publication.complete => {
            missing.push(format!(
                "publication `{}` does not publish every kind of change",
                program.capture.logical_replication()?.publication
            ));
        }
        Some(publication) if !publication.limited.is_empty() => missing.push(format!(
            "publication `{}` has a column list or a row filter on {}: changes would be missing",
            program.capture.logical_replication()?.publication,
            publication.limited.join(", ")
        )),
        Some(_) => {}
    }
    match &facts.slot {
        None => missing.push(format!("there is no replication slot `{}`", program.capture.logical_replication()?.slot)),
        Some(slot) if slot.lost => missing.push(format!(
            "the server has removed log that slot `{}` still needed (max_slot_wal_keep_size): drop it with `teardown` and set it up anew",
            program.capture.logical_replication()?.slot
        )),
        Some(slot) if slot.plugin.as_deref() != Some(facts.plugin()) => {
            missing.push(format!(
                "slot `{}` does not use {}",
                program.capture.logical_replication()?.slot,
                facts.plugin()
            ));
        }
        Some(_) => {}
    }
    if facts.publication.is_some() || !facts.has_publications() {
        for ((table, relations), root) in program.plan.tables.iter().zip(&facts.tables).zip(&facts.roots) {
            for relation in relations {
                let name = format!("{}.{}", relation.schema, relation.name);
                // Changes that need old values are then answered by reading all documents: slow, and right.
                if relation.is_partition_without(table.identity, *root) {
                    tracing::warn!(
                        "partition {name} has a replica identity without the old values that are needed: an update or a \
                         delete in it makes every document of its index be read again. Run `bootstrap`, or ALTER TABLE \
                         {name} REPLICA IDENTITY FULL"
                    );
                    continue;
                }
                if relation.membership.is_none() {
                    missing.push(format!(
                        "table {name} is not in publication `{}`",
                        program.capture.logical_replication()?.publication
                    ));
                }
                if !relation.suffices(table.identity) {
                    missing
                        .push(format!("table {name} has a replica identity that does not carry the old values needed"));
                }
            }
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Refused,
        format!("the database is not set up to follow its changes:\n  - {}", missing.join("\n  - ")),
    )
    .help("run the `bootstrap` command once, or add `-b` to this one"))
}
