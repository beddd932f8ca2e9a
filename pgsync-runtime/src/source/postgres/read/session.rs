//! A connection that reads. In: statements and parameters. Out: rows as bytes. It pins every setting that changes what
//! values look like or which rows are seen, and keeps the statements it prepared.

use super::param::Param;
use crate::fetch::budget::{Count, Halt};
use crate::fetch::rows::Rows;
use crate::settings::DatabaseSettings;
use crate::source::postgres::connection::{self as database, Negotiated, Transport, unread};
use crate::{Error, ErrorKind, Result};
use futures_util::TryStreamExt;
use std::collections::HashMap;
use std::pin::pin;
use tokio::io::AsyncReadExt as _;
use tokio_postgres::types::{FromSql, Type};
use tokio_postgres::{Client, Row, Statement};

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
    /// Where another connection can be opened that ends what runs on this one.
    database: Option<DatabaseSettings>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("statements", &self.statements.len()).finish_non_exhaustive()
    }
}

impl Session {
    /// Connects and pins the session's settings.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses a setting.
    pub async fn connect(settings: &DatabaseSettings) -> Result<Self> {
        let session = Self::open(database::connect_to_read(settings).await?).await?;
        Ok(Self { database: Some(settings.clone()), ..session })
    }

    /// Takes a connection over and pins its settings.
    ///
    /// # Errors
    /// When the connection is lost or the server refuses a setting.
    pub async fn open(client: Client) -> Result<Self> {
        client.batch_execute(SETTINGS).await.map_err(|error| unread(&error, "with the session's settings"))?;
        Ok(Self { client, statements: HashMap::new(), open: false, database: None })
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

    /// Ends whatever the server still answers and nobody reads any more. The driver reads an answer to its end and drops
    /// it, which takes no memory; but it may be gigabytes.
    pub(crate) async fn abandon(&self) {
        let Some(settings) = &self.database else { return };
        let end = async {
            let mut transport: Transport = database::open(settings, settings.connect_timeout).await?;
            let asked = self.client.cancel_token().cancel_query_raw(&mut transport, Negotiated).await;
            let failed = |error| Error::new(ErrorKind::Unavailable, "a statement cannot be ended").source(error);
            asked.map_err(failed)?;
            // The server closes once it has passed the request on: from here on it cannot hit a later statement.
            let _ = transport.read(&mut [0]).await;
            Ok::<(), Error>(())
        };
        match tokio::time::timeout(settings.connect_timeout, end).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "an answer is read to its end"),
            Err(_) => tracing::debug!("an answer is read to its end: the server does not take the request to end it"),
        }
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
    pub(crate) async fn end<T>(
        self,
        session: &mut Session,
        outcome: std::result::Result<T, Halt>,
    ) -> std::result::Result<T, Halt> {
        let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
        if matches!(outcome, Err(Halt::Exceeded)) {
            session.abandon().await;
        }
        let ended = session.client.batch_execute(end).await.map_err(|error| unread(&error, "in a snapshot"));
        session.open = ended.is_err();
        if matches!(outcome, Err(Halt::Failed(_))) {
            session.forget_statements();
        }
        let value = outcome?;
        Ok(ended.map(|()| value)?)
    }
}

/// Runs a statement and adds its rows, as far as `count` allows. The caller adds them to the count.
pub(crate) async fn read(
    client: &Client,
    statement: &Statement,
    params: Vec<Param>,
    reading: &str,
    count: &Count,
    rows: &mut Rows,
) -> std::result::Result<(), Halt> {
    let before = rows.bytes();
    each(client, statement, params, reading, |row| {
        for column in 0..row.len() {
            rows.push(value(row, column, reading)?);
        }
        count.check(rows.bytes() - before)
    })
    .await?;
    count.add(rows.bytes() - before);
    Ok(())
}

/// Runs a statement and looks at one row after the other, until one is not wanted.
pub(crate) async fn each(
    client: &Client,
    statement: &Statement,
    params: Vec<Param>,
    reading: &str,
    mut take: impl FnMut(&Row) -> std::result::Result<(), Halt>,
) -> std::result::Result<(), Halt> {
    let answer = client.query_raw(statement, params).await.map_err(|error| unread(&error, reading))?;
    let mut answer = pin!(answer);
    while let Some(row) = answer.try_next().await.map_err(|error| unread(&error, reading))? {
        take(&row)?;
    }
    Ok(())
}

/// The bytes of a value.
pub(crate) fn value<'a>(row: &'a Row, column: usize, reading: &str) -> Result<Option<&'a [u8]>> {
    let value: Option<Raw<'a>> = row.try_get(column).map_err(|error| unread(&error, reading))?;
    Ok(value.map(|Raw(bytes)| bytes))
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
