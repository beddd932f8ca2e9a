//! A connection that reads. In: statements and arguments. Out: rows. It pins every setting that changes what values look like
//! or which rows are seen, and keeps the statements it prepared.

use super::arguments::params;
use super::row::Row;
use super::statement::{Prepared, Statement, Text, deliveries};
use crate::fetch::Halt;
use crate::source::mysql::address::Address;
use crate::source::mysql::connection::{connect, run};
use crate::source::mysql::failure;
use crate::source::{Arguments, ReadSession, RelationId};
use crate::{Code, Error, ErrorKind, Result};
use futures_util::future::poll_immediate;
use mysql_async::Conn;
use mysql_async::prelude::Queryable;
use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// What every session says first: the statements of the compiler rely on it.
///
/// Backslashes escape, double quotes are texts, CHAR values have no blanks at their ends, dates with a month 0 are values, and
/// moments are in UTC. A session may idle for a year, and be slow in taking an answer.
const SETTINGS: [&str; 3] = [
    "SET SESSION sql_mode = '', time_zone = '+00:00', net_write_timeout = 3600, wait_timeout = 31536000",
    "SET NAMES utf8mb4",
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
];

const BEGIN: &str = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

/// A connection and the statements prepared on it. Several documents share one.
pub struct Session {
    connection: Mutex<Conn>,
    /// The number of the session on the server.
    id: u32,
    address: Arc<Address>,
    /// How long a statement may take that reads rows.
    statement_timeout: Duration,
    statements: HashMap<String, Statement>,
    /// Statements that are no longer used and still prepared on the server.
    stale: Vec<Statement>,
    /// Whether a snapshot is open; still so after a read that was dropped half-way.
    open: bool,
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
    pub async fn connect(address: Arc<Address>, statement_timeout: Duration) -> Result<Self> {
        let connection = connect(&address, SETTINGS.map(str::to_owned).to_vec()).await?;
        let id = connection.id();
        Ok(Self {
            connection: Mutex::new(connection),
            id,
            address,
            statement_timeout,
            statements: HashMap::new(),
            stale: Vec::new(),
            open: false,
        })
    }

    /// What is awaited of a statement that reads rows.
    async fn read<T>(&self, reading: &str, asked: impl Future<Output = mysql_async::Result<T>>) -> Result<T> {
        let mut asked = pin!(asked);
        // Most rows have arrived already, and a timer for each would cost more than reading it.
        let answer = match poll_immediate(&mut asked).await {
            Some(answer) => Ok(answer),
            None => tokio::time::timeout(self.statement_timeout, asked).await,
        };
        match answer {
            Ok(answer) => answer.map_err(|error| failure::of_reading(reading, &self.address.shown(), error)),
            Err(_) => Err(Error::coded(
                Code::Silent,
                format!(
                    "reading table {reading} at {}: no answer in {} s",
                    self.address.shown(),
                    self.statement_timeout.as_secs()
                ),
            )
            .help("raise PGSYNC_STATEMENT_TIMEOUT where statements take long for a reason")),
        }
    }

    async fn plain(&self, statement: &str) -> Result<()> {
        run(&mut *self.connection.lock().await, &self.address, "reading in a snapshot", statement).await
    }

    async fn close_stale(&mut self) -> Result<()> {
        for statement in std::mem::take(&mut self.stale) {
            let closed = self.connection.get_mut().close(statement.0.driver.clone());
            closed.await.map_err(|error| failure::of_server("closing a statement", &self.address.shown(), error))?;
        }
        Ok(())
    }
}

impl ReadSession for Session {
    type Statement = Statement;
    type Row = Row;

    async fn prepare(
        &mut self,
        text: &str,
        reading: &str,
        check: impl FnOnce(&Statement) -> Result<()> + Send,
    ) -> Result<Statement> {
        if let Some(statement) = self.statements.get(text) {
            return Ok(statement.clone());
        }
        let read = Text::read(text)?;
        let driver = {
            let mut connection = self.connection.lock().await;
            self.read(reading, connection.prep(read.sql.as_str())).await?
        };
        let statement = Statement(Arc::new(Prepared::new(driver, read, reading)?));
        if let Err(error) = check(&statement) {
            self.stale.push(statement);
            return Err(error);
        }
        self.statements.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }

    async fn begin(&mut self) -> Result<()> {
        if self.open {
            self.plain("ROLLBACK").await?;
        }
        self.close_stale().await?;
        self.open = true;
        self.plain(BEGIN).await
    }

    async fn end<T: Send>(&mut self, outcome: std::result::Result<T, Halt>) -> std::result::Result<T, Halt> {
        let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
        if matches!(outcome, Err(Halt::Exceeded)) {
            self.abandon().await;
        }
        let ended = self.plain(end).await;
        self.open = ended.is_err();
        if matches!(outcome, Err(Halt::Failed(_))) {
            self.forget_statements();
        }
        let value = outcome?;
        Ok(ended.map(|()| value)?)
    }

    async fn each(
        &self,
        statement: &Statement,
        arguments: Arguments<'_>,
        reading: &str,
        mut take: impl FnMut(&Row) -> std::result::Result<(), Halt> + Send,
    ) -> std::result::Result<(), Halt> {
        let Prepared { driver, text, delivered, .. } = &*statement.0;
        let params = params(text, arguments, reading)?;
        let mut connection = self.connection.lock().await;
        let mut answer = self.read(reading, connection.exec_iter(driver, params)).await?;
        // The server prepares a statement anew when a definition has changed, and does not say so.
        let found = deliveries(answer.columns_ref(), reading)?;
        if found != *delivered {
            let which = found.iter().zip(delivered).position(|(found, delivered)| found != delivered);
            let which = which.and_then(|at| answer.columns_ref().get(at)).map(|column| column.name_str().into_owned());
            return Err(Halt::Failed(Error::coded(
                Code::TableChanged,
                format!(
                    "the columns of table {reading} are of other types than when they were looked at last: {} is",
                    which.unwrap_or_default()
                ),
            )));
        }
        let (mut filled, expected) = (Row::default(), statement.0.expected());
        while let Some(row) = self.read(reading, answer.next()).await? {
            filled.fill(&row, &expected)?;
            take(&filled)?;
        }
        Ok(())
    }

    async fn rows_of(
        &self,
        relation: RelationId,
        _: &[&str],
        _: impl FnMut(&[Option<&[u8]>]) -> std::result::Result<(), Halt> + Send,
    ) -> std::result::Result<(), Halt> {
        let what = format!(
            "relation {} is said to have joined a table, and rows of a table are in one relation here",
            relation.0
        );
        Err(Halt::Failed(Error::new(ErrorKind::Fatal, what)))
    }

    // The driver reads an answer to its end before it asks for anything else, and that may be gigabytes.
    async fn abandon(&self) {
        let end = async {
            let mut other = connect(&self.address, Vec::new()).await?;
            run(&mut other, &self.address, "ending a statement", &format!("KILL QUERY {}", self.id)).await?;
            // The request may have met nothing, and then meets the next statement: it is asked for until one passes.
            for _ in 0..3 {
                if self.plain("DO 0").await.is_ok() {
                    break;
                }
            }
            Ok::<(), Error>(())
        };
        if let Err(error) = end.await {
            tracing::debug!(%error, "an answer is read to its end");
        }
    }

    fn forget_statements(&mut self) {
        self.stale.extend(self.statements.drain().map(|(_, statement)| statement));
    }
}
