//! A connection that reads. In: statements and parameters. Out: rows as bytes. It pins every setting that changes what
//! values look like or which rows are seen, and keeps the statements it prepared.

use super::param::Param;
use super::rows::Rows;
use crate::Result;
use crate::database::unread;
use futures_util::TryStreamExt;
use std::collections::HashMap;
use std::pin::pin;
use tokio_postgres::types::{FromSql, Type};
use tokio_postgres::{Client, Statement};

/// With row security on, a policy would hide rows and they would look deleted; off, the statement fails instead.
const SETTINGS: &str = "SET row_security = off; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD';
    SET IntervalStyle = 'postgres'; SET extra_float_digits = 3; SET bytea_output = 'hex'; SET client_encoding = 'UTF8';
    SET jit = off";

const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A connection and the statements prepared on it. Several documents share one.
pub struct Session {
    client: Client,
    statements: HashMap<String, Statement>,
    /// Whether a snapshot is open; still so after a read that was dropped half-way.
    open: bool,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("statements", &self.statements.len()).finish_non_exhaustive()
    }
}

impl Session {
    /// Takes a connection over and pins its settings.
    ///
    /// # Errors
    /// When the connection is lost or the server refuses a setting.
    pub async fn open(client: Client) -> Result<Self> {
        client.batch_execute(SETTINGS).await.map_err(|error| unread(&error, "with the session's settings"))?;
        Ok(Self { client, statements: HashMap::new(), open: false })
    }

    /// The connection, for statements of other parts. They must leave the settings as they are.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Whether the connection is lost.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Prepares a statement unless that was done; `check` sees it once.
    pub(crate) async fn prepare(
        &mut self,
        sql: &str,
        reading: &str,
        check: impl FnOnce(&Statement) -> Result<()>,
    ) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).await.map_err(|error| unread(&error, reading))?;
        check(&statement)?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Forgets the prepared statements, because one of them failed: its tables may have changed.
    pub(crate) fn forget_statements(&mut self) {
        self.statements.clear();
    }
}

/// One state of the database: everything read until it ends is of the same moment.
#[derive(Debug)]
pub struct Snapshot;

impl Snapshot {
    /// Opens a snapshot. The state it shows is fixed by the first statement that follows.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn begin(session: &mut Session) -> Result<Self> {
        if session.open {
            session.client.batch_execute("ROLLBACK").await.map_err(|error| unread(&error, "in a snapshot"))?;
        }
        session.open = true;
        session.client.batch_execute(BEGIN).await.map_err(|error| unread(&error, "in a snapshot"))?;
        Ok(Self)
    }

    /// Ends it: commits what went well, rolls back what did not, and hands the outcome on.
    ///
    /// # Errors
    /// Those of `outcome`, and the loss of the connection.
    pub async fn end<T>(self, session: &mut Session, outcome: Result<T>) -> Result<T> {
        let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = session.client.batch_execute(end).await.map_err(|error| unread(&error, "in a snapshot"));
        session.open = ended.is_err();
        if outcome.is_err() {
            session.forget_statements();
        }
        let value = outcome?;
        ended.map(|()| value)
    }
}

/// Runs a statement and adds its rows.
pub(crate) async fn read(
    client: &Client,
    statement: &Statement,
    params: Vec<Param>,
    reading: &str,
    rows: &mut Rows,
) -> Result<()> {
    read_up_to(usize::MAX, client, statement, params, reading, rows).await.map(drop)
}

/// The same, but leaves off, and returns false, when the rows take more than `most` bytes.
pub(crate) async fn read_up_to(
    most: usize,
    client: &Client,
    statement: &Statement,
    params: Vec<Param>,
    reading: &str,
    rows: &mut Rows,
) -> Result<bool> {
    let answer = client.query_raw(statement, params).await.map_err(|error| unread(&error, reading))?;
    let mut answer = pin!(answer);
    while let Some(row) = answer.try_next().await.map_err(|error| unread(&error, reading))? {
        for column in 0..row.len() {
            let value: Option<Raw<'_>> = row.try_get(column).map_err(|error| unread(&error, reading))?;
            rows.push(value.map(|Raw(bytes)| bytes));
        }
        if rows.bytes() > most {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A value's bytes, whatever its type.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
