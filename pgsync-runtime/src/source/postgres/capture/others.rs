//! The other set-ups of ours in this database: another schema file's, or one that nothing uses any more. In: a session.
//! Out: their publications, slots and which identities they still need. Nothing is changed.

use super::replaced::{Replaced, Replacements, TableName};
use super::saved_setup::SavedSetup;
use super::state::reading;
use crate::source::postgres::connection::value;
use crate::source::postgres::log_functions::{PGOUTPUT, server_version};
use crate::{Code, Error, Result};
use pgsync_plan::Program;
use std::collections::BTreeMap;
use tokio_postgres::Client;

/// A publication of ours that is not this program's.
#[derive(Debug)]
pub(crate) struct Other {
    /// Its name.
    pub publication: String,
    /// Name of its slot.
    pub slot: String,
    /// Name of its schema file, as far as its comment says so.
    pub name: String,
    /// The indexes it feeds, as far as its comment says so.
    pub indexes: Vec<String>,
    /// The tables it needs a better identity of than they had, as far as its owner may alter them.
    pub replaced: Replacements,
    /// Whether a process works with it.
    pub in_use: bool,
    /// Bytes of log that its slot keeps; `None` where there is no such slot in this database.
    pub retained: Option<i64>,
}

/// One entry of a record, beside what the table is now.
pub(super) struct Entry {
    pub table: TableName,
    pub replaced: Replaced,
    /// Whether the table has REPLICA IDENTITY FULL now.
    pub full: bool,
    /// Whether the index of [`Replaced::Index`] is there and will do.
    pub possible: bool,
    /// Whether who wrote the record may alter the table.
    pub trusted: bool,
}

/// Every other publication of ours in this database. One whose comment cannot be read is passed over with a warning. Servers
/// before PostgreSQL 10 have no publications, and nothing else to tell a slot of ours by.
///
/// # Errors
/// Those of the session.
pub(crate) async fn others(client: &Client, publication: &str) -> Result<Vec<Other>> {
    if server_version(client).await? < PGOUTPUT {
        return Ok(Vec::new());
    }
    let sql = "SELECT p.pubname::text, obj_description(p.oid, 'pg_publication') FROM pg_publication p
               WHERE p.pubname <> $1::text ORDER BY 1";
    let mut others = Vec::new();
    for row in client.query(sql, &[&publication]).await.map_err(reading)? {
        let (name, comment): (String, Option<String>) = (value(&row, 0)?, value(&row, 1)?);
        let memory = match SavedSetup::parse(&name, comment.as_deref()) {
            Ok(Some(memory)) => memory,
            Ok(None) => continue,
            Err(error) => {
                tracing::warn!(%error, "passed over");
                continue;
            }
        };
        let entries = entries(client, Some(&name), &memory.replaced).await?;
        let trusted = entries.into_iter().filter(|entry| entry.trusted).map(|entry| (entry.table, entry.replaced));
        let replaced = trusted.collect();
        let slot = memory.slot.unwrap_or_else(|| name.clone());
        let (in_use, retained) = slot_use(client, &slot).await?;
        others.push(Other {
            publication: name,
            slot,
            name: memory.name,
            indexes: memory.indexes,
            replaced,
            in_use,
            retained,
        });
    }
    Ok(others)
}

/// Whether another set-up in this database fills an index of this program: the same schema file under other names, most
/// likely. Asked before a slot is made, or missed.
///
/// # Errors
/// [`Code::OtherNames`], with both ways out.
pub(super) fn not_under_other_names(others: &[Other], program: &Program) -> Result<()> {
    let ours = |index: &&String| program.plan.documents.iter().any(|document| document.index == **index);
    let found = others.iter().find_map(|other| Some((other, other.indexes.iter().find(ours)?)));
    let Some((Other { slot, publication, .. }, index)) = found else { return Ok(()) };
    Err(Error::coded(
        Code::OtherNames,
        format!(
            "index `{index}` is filled through slot `{slot}` of this database, and these names are `{}`",
            program.capture.logical_replication()?.slot
        ),
    )
    .help(format!(
        "to continue with it, set PGSYNC_SLOT={slot} and PGSYNC_PUBLICATION={publication}; to begin anew, remove it with \
         `teardown --orphan {slot} --indexes`"
    )))
}

/// Says in the log which other slots of ours nobody works with: they keep log until the disk is full.
pub(crate) async fn report_unused(client: &Client, publication: &str) {
    let others = match others(client, publication).await {
        Ok(others) => others,
        Err(error) => return tracing::debug!(%error, "other set-ups could not be looked for"),
    };
    for other in others {
        if let (false, Some(retained)) = (other.in_use, other.retained) {
            tracing::warn!(
                slot = %other.slot, publication = %other.publication, indexes = %other.indexes.join(", "),
                retained_bytes = retained,
                "nothing works with this slot, and the server keeps log for it: start what uses it, or remove it with \
                 `teardown --orphan {}`", other.slot
            );
        }
    }
}

/// Whether a process works with a slot, and how much log the slot keeps.
async fn slot_use(client: &Client, slot: &str) -> Result<(bool, Option<i64>)> {
    let sql = "SELECT coalesce(s.active_pid IS NOT NULL, false)
                 OR EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.granted
                     AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
                     AND l.classid::int8 = hashtext('pgsync')::int8 & 4294967295
                     AND l.objid::int8 = hashtext($1::text)::int8 & 4294967295),
               pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn)::int8
               FROM (SELECT 1) one LEFT JOIN pg_replication_slots s
                 ON s.slot_name = $1::text AND s.database = current_database()";
    let row = client.query_one(sql, &[&slot]).await.map_err(reading)?;
    Ok((value(&row, 0)?, value(&row, 1)?))
}

/// A record held against the catalogue; tables that are gone are left out. `publication`: whose comment the record is, as
/// its owner may have written anything there; `None` for a record nobody else could write.
pub(super) async fn entries(client: &Client, publication: Option<&str>, replaced: &Replacements) -> Result<Vec<Entry>> {
    if replaced.is_empty() {
        return Ok(Vec::new());
    }
    let schemas: Vec<&str> = replaced.keys().map(|table| table.schema.as_str()).collect();
    let names: Vec<&str> = replaced.keys().map(|table| table.name.as_str()).collect();
    let index = |identity: &Replaced| if let Replaced::Index(name) = identity { Some(name.clone()) } else { None };
    let indexes: Vec<Option<String>> = replaced.values().map(index).collect();
    let sql = "SELECT w.s, w.n, c.relreplident = 'f',
                 w.i IS NULL OR EXISTS (SELECT FROM pg_index x JOIN pg_class k ON k.oid = x.indexrelid
                   WHERE x.indrelid = c.oid AND k.relname = w.i AND x.indisunique AND x.indimmediate AND x.indisvalid),
                 coalesce($4::text IS NULL OR pg_has_role(p.pubowner, c.relowner, 'USAGE'), false)
               FROM unnest($1::text[], $2::text[], $3::text[]) w(s, n, i)
               JOIN pg_namespace s ON s.nspname = w.s JOIN pg_class c ON c.relnamespace = s.oid AND c.relname = w.n
               LEFT JOIN pg_publication p ON p.pubname = $4::text
               WHERE c.relkind = 'r'";
    let rows = client.query(sql, &[&schemas, &names, &indexes, &publication]).await.map_err(reading)?;
    let found = rows.into_iter().map(|row| {
        let table = TableName { schema: value(&row, 0)?, name: value(&row, 1)? };
        Ok((table, (value(&row, 2)?, value(&row, 3)?, value(&row, 4)?)))
    });
    let found: BTreeMap<TableName, (bool, bool, bool)> = found.collect::<Result<_>>()?;
    let entries = replaced.iter().filter_map(|(table, replaced)| {
        let &(full, possible, trusted) = found.get(table)?;
        Some(Entry { table: table.clone(), replaced: replaced.clone(), full, possible, trusted })
    });
    Ok(entries.collect())
}
