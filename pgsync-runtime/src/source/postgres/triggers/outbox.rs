//! The table that triggers write into. In: a session and snapshots. Out: its rows in pages, the ends of the log, rows
//! deleted.
//!
//! Rows are found by their transaction: those that were in progress when it was looked last, and those behind. No
//! statement walks over what was deleted before and not cleaned up yet. Deleting takes rows in order and a few thousand at
//! a time: it needs no lock that a writer would wait for, which emptying a table by TRUNCATE does.

use super::snapshot::Snapshot;
use super::statements::Names;
use crate::settings::DatabaseSettings;
use crate::source::postgres::Lsn;
use crate::source::postgres::connection::{self, failure, value};
use crate::source::postgres::log_functions::{LogFunctions, server_version};
use crate::{Code, Error, ErrorKind, Result};
use std::time::SystemTime;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Row, Statement};

/// Rows that are deleted by one statement.
const DELETED_AT_A_TIME: i64 = 5000;

/// Where a page begins: behind this transaction's row.
pub(super) type Place = (i64, i64);

/// A captured change, as it stands there.
#[derive(Debug)]
pub(super) struct Captured {
    pub place: Place,
    pub relation: u32,
    pub layout: i32,
    pub kind: u8,
    pub before: Option<String>,
    pub after: Option<String>,
    /// When the statement ran.
    pub at: SystemTime,
}

impl Captured {
    /// Bytes of its values.
    pub(super) fn bytes(&self) -> usize {
        [&self.before, &self.after].into_iter().flatten().map(String::len).sum()
    }
}

/// Where the log ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    /// What is written into it.
    pub inserted: Lsn,
    /// What of that is on disk.
    pub flushed: Lsn,
}

/// A session that works with the outbox.
pub(super) struct Outbox {
    client: Client,
    ends: Statement,
    writers: Statement,
    snapshot: Statement,
    page: Statement,
    delete: Statement,
}

/// Whether somebody else is in a transaction that has written: it holds a lock on its number until it is visible.
const WRITERS: &str = "SELECT EXISTS (SELECT FROM pg_locks
    WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND pid IS DISTINCT FROM pg_backend_pid())";

fn ends_of(functions: LogFunctions) -> String {
    format!("SELECT {}::text, {}::text", functions.insert, functions.flush)
}

impl Outbox {
    /// Opens the session.
    ///
    /// # Errors
    /// [`Code::OutboxGone`] where there is no outbox; those of the database.
    pub(super) async fn open(settings: &DatabaseSettings, names: &Names) -> Result<Self> {
        let client = connection::connect_to_read(settings).await?;
        // The table is small or full, and its statistics are of another moment: its key is the way in any case.
        client.batch_execute("SET enable_seqscan = off").await.map_err(|error| lost(&error))?;
        let table = names.outbox();
        let prepare = async |sql: &str| client.prepare(sql).await.map_err(|error| lost(&error));
        let page = format!(
            "SELECT xid, id, relation, layout, kind, before, after, at FROM {table}
             WHERE (xid, id) > ($1::int8, $2::int8) AND xid <= $3::int8
               AND txid_visible_in_snapshot(xid, $4::text::txid_snapshot)
             ORDER BY xid, id LIMIT $5::int8"
        );
        let delete = format!(
            "WITH found AS MATERIALIZED (SELECT ctid, xid, id FROM {table}
               WHERE (xid, id) > ($1::int8, $2::int8) AND xid <= $3::int8
                 AND txid_visible_in_snapshot(xid, $4::text::txid_snapshot)
               ORDER BY xid, id LIMIT $5::int8),
             gone AS (DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT f.ctid FROM found f)))
             SELECT xid, id FROM found ORDER BY xid DESC, id DESC LIMIT 1"
        );
        let version = server_version(&client).await?;
        // Before PostgreSQL 12 this is how it is done without a word.
        let delete = if version < 120_000 { delete.replace(" MATERIALIZED", "") } else { delete };
        Ok(Self {
            ends: prepare(&ends_of(LogFunctions::of_version(version))).await?,
            writers: prepare(WRITERS).await?,
            snapshot: prepare("SELECT txid_current_snapshot()::text").await?,
            page: prepare(&page).await?,
            delete: prepare(&delete).await?,
            client,
        })
    }

    /// The number of its session on the server.
    pub(super) async fn pid(&self) -> Result<i32> {
        let row = self.client.query_one("SELECT pg_backend_pid()", &[]).await.map_err(|error| lost(&error))?;
        value(&row, 0)
    }

    /// The ends of the log, and a snapshot that was taken after they were read.
    pub(super) async fn look(&self) -> Result<(Ends, Snapshot)> {
        // Both are sent at once, and the server executes one after the other.
        let (ends, snapshot) =
            tokio::join!(self.client.query_one(&self.ends, &[]), self.client.query_one(&self.snapshot, &[]));
        let ends = read_ends(&ends.map_err(|error| lost(&error))?)?;
        let row = snapshot.map_err(|error| lost(&error))?;
        let text: &str = value(&row, 0)?;
        let snapshot = Snapshot::parse(text)
            .ok_or_else(|| Error::new(ErrorKind::Fatal, format!("`{text}` is not a snapshot such as 10:20:10,14")))?;
        Ok((ends, snapshot))
    }

    /// Whether no transaction had written and was not visible yet, when it was asked.
    pub(super) async fn nobody_writes(&self) -> Result<bool> {
        let row = self.client.query_one(&self.writers, &[]).await.map_err(|error| lost(&error))?;
        value(&row, 0).map(|some: bool| !some)
    }

    /// The ends of the log.
    pub(super) async fn ends(&self) -> Result<Ends> {
        read_ends(&self.client.query_one(&self.ends, &[]).await.map_err(|error| lost(&error))?)
    }

    /// Moves the end of the log.
    pub(super) async fn advance(&self) -> Result<()> {
        advance(&self.client).await
    }

    /// Has everything that is in the log now written to disk.
    pub(super) async fn flush(&self) -> Result<()> {
        flush(&self.client).await
    }

    /// Rows behind a place, up to a transaction, as far as a snapshot sees them.
    pub(super) async fn page(&self, after: Place, until: i64, seen: &Snapshot, most: i64) -> Result<Vec<Captured>> {
        let rows = self
            .client
            .query(&self.page, &[&after.0, &after.1, &until, &seen.text(), &most])
            .await
            .map_err(|error| lost(&error))?;
        rows.iter().map(captured).collect()
    }

    /// Deletes what one snapshot sees and an earlier one did not.
    pub(super) async fn delete(&self, written: &Snapshot, before: &Snapshot) -> Result<()> {
        let newer = written.newer_than(before);
        for xid in newer.late {
            self.delete_between((xid - 1, i64::MAX), xid, written).await?;
        }
        self.delete_between((newer.from - 1, i64::MAX), i64::MAX, written).await
    }

    async fn delete_between(&self, mut after: Place, until: i64, written: &Snapshot) -> Result<()> {
        loop {
            let row = self
                .client
                .query_opt(&self.delete, &[&after.0, &after.1, &until, &written.text(), &DELETED_AT_A_TIME])
                .await
                .map_err(|error| lost(&error))?;
            match row {
                Some(row) => after = (value(&row, 0)?, value(&row, 1)?),
                None => return Ok(()),
            }
        }
    }

    /// What it deletes comes back after a crash of the server at worst, and is handed out again.
    pub(super) async fn deletes_lightly(&self) -> Result<()> {
        self.client.batch_execute("SET synchronous_commit = off").await.map_err(|error| lost(&error))
    }
}

/// Moves the end of the log, on any session.
pub(super) async fn advance(client: &Client) -> Result<()> {
    let row = client.query_one("SELECT pg_logical_emit_message(false, 'pgsync', '')::text", &[]).await;
    row.map(drop).map_err(|error| lost(&error))
}

/// A commit of our own waits until it is on disk, and everything before it is then.
pub(super) async fn flush(client: &Client) -> Result<()> {
    let row = client.query_one("SELECT pg_logical_emit_message(true, 'pgsync', '')::text", &[]).await;
    row.map(drop).map_err(|error| lost(&error))
}

/// The ends of the log, on any session.
pub(super) async fn ends(client: &Client) -> Result<Ends> {
    let sql = ends_of(LogFunctions::of(client).await?);
    read_ends(&client.query_one(&sql, &[]).await.map_err(|error| lost(&error))?)
}

fn read_ends(row: &Row) -> Result<Ends> {
    let read = |column| value::<&str>(row, column)?.parse::<Lsn>().map_err(|error| Error::new(ErrorKind::Fatal, error));
    Ok(Ends { inserted: read(0)?, flushed: read(1)? })
}

fn captured(row: &Row) -> Result<Captured> {
    Ok(Captured {
        place: (value(row, 0)?, value(row, 1)?),
        relation: value(row, 2)?,
        layout: value(row, 3)?,
        kind: value::<i8>(row, 4)?.cast_unsigned(),
        before: value(row, 5)?,
        after: value(row, 6)?,
        at: value(row, 7)?,
    })
}

/// What an error of a session with the outbox means.
pub(super) fn lost(error: &tokio_postgres::Error) -> Error {
    let gone = [&SqlState::UNDEFINED_TABLE, &SqlState::UNDEFINED_COLUMN, &SqlState::INVALID_SCHEMA_NAME];
    if error.code().is_some_and(|code| gone.contains(&code)) {
        return Error::coded(Code::OutboxGone, "the outbox is gone: what changed since then is not known")
            .help("run `bootstrap`, or add `-b` to this command");
    }
    failure("the outbox", error)
}
