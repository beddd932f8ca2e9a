//! A connection that reads. In: statements and parameters. Out: rows as bytes. It pins every setting that changes what
//! values look like or which rows are seen, and keeps the statements it prepared.

use super::arguments::params;
use crate::fetch::Halt;
use crate::settings::DatabaseSettings;
use crate::source::postgres::connection::{self as database, Negotiated, Transport, quote_identifier, unread};
use crate::source::postgres::horizon::{Horizon, log_end};
use crate::source::postgres::log_functions::LogFunctions;
use crate::source::{Arguments, PreparedStatement, ReadRow, ReadSession, RelationId};
use crate::{Error, ErrorKind, Result};
use futures_util::TryStreamExt;
use pgsync_plan::Codec;
use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use tokio::io::AsyncReadExt as _;
use tokio_postgres::types::{FromSql, Kind, ToSql, Type};
use tokio_postgres::{Client, Row, SimpleQueryMessage, Statement};

/// With row security on, a policy would hide rows and they would look deleted; off, the statement fails instead. PostgreSQL 10
/// has no `jit`.
const SETTINGS: &str = "SET row_security = off; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD';
    SET IntervalStyle = 'postgres'; SET extra_float_digits = 3; SET bytea_output = 'hex'; SET client_encoding = 'UTF8';
    SELECT pg_catalog.set_config(name, 'off', false) FROM pg_catalog.pg_settings WHERE name = 'jit'";

const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A connection and the statements prepared on it. Several documents share one.
pub struct Session {
    client: Client,
    statements: HashMap<String, Statement>,
    /// Whether a snapshot is open; still so after a read that was dropped half-way.
    open: bool,
    /// Where another connection can be opened that ends what runs on this one.
    database: Option<DatabaseSettings>,
    /// Told how far the log has come, in each snapshot, with the statement that begins one and asks for it.
    horizon: Option<(Arc<Horizon>, String)>,
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
        Ok(Self { client, statements: HashMap::new(), open: false, database: None, horizon: None })
    }

    /// Tells this one how far the log has come, in each snapshot.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn within(self, horizon: Arc<Horizon>) -> Result<Self> {
        let asked = log_end(LogFunctions::of(&self.client).await?);
        Ok(Self { horizon: Some((horizon, format!("{BEGIN}; {asked}"))), ..self })
    }

    /// Whether the connection is lost.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
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
        let statement = self.client.prepare(text).await.map_err(|error| unread(&error, reading))?;
        check(&statement)?;
        self.statements.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }

    async fn begin(&mut self) -> Result<()> {
        if self.open {
            self.client.batch_execute("ROLLBACK").await.map_err(|error| unread(&error, "in a snapshot"))?;
        }
        self.open = true;
        let failed = |error: tokio_postgres::Error| unread(&error, "in a snapshot");
        let Some((horizon, begin)) = &self.horizon else {
            return self.client.batch_execute(BEGIN).await.map_err(failed);
        };
        let answers = self.client.simple_query(begin).await.map_err(failed)?;
        let end = answers.iter().find_map(|answer| match answer {
            SimpleQueryMessage::Row(row) => row.get(0).zip(row.get(1)),
            _ => None,
        });
        horizon.snapshot(end)
    }

    async fn end<T: Send>(&mut self, outcome: std::result::Result<T, Halt>) -> std::result::Result<T, Halt> {
        let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
        if matches!(outcome, Err(Halt::Exceeded)) {
            self.abandon().await;
        }
        let ended = self.client.batch_execute(end).await.map_err(|error| unread(&error, "in a snapshot"));
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
        let params = params(statement, arguments, reading)?;
        let answer = self.client.query_raw(statement, params).await.map_err(|error| unread(&error, reading))?;
        let mut answer = pin!(answer);
        while let Some(row) = answer.try_next().await.map_err(|error| unread(&error, reading))? {
            take(&row)?;
        }
        Ok(())
    }

    async fn rows_of(
        &self,
        RelationId(oid): RelationId,
        columns: &[&str],
        mut take: impl FnMut(&[Option<&[u8]>]) -> std::result::Result<(), Halt> + Send,
    ) -> std::result::Result<(), Halt> {
        let failed = |error: tokio_postgres::Error| unread(&error, "a new partition");
        let sql = "SELECT c.oid::regclass::text FROM pg_class c WHERE c.oid = $1";
        let Some(row) = self.client.query_opt(sql, &[&oid]).await.map_err(failed)? else { return Ok(()) };
        // With an empty search path the name is qualified and quoted.
        let name: String = row.try_get(0).map_err(failed)?;
        let columns: Vec<String> = columns.iter().map(|column| format!("{}::text", quote_identifier(column))).collect();
        let sql = format!("SELECT {} FROM ONLY {name}", columns.join(", "));
        let none: [&(dyn ToSql + Sync); 0] = [];
        let rows = self.client.query_raw(&sql, none).await.map_err(failed)?;
        let mut rows = pin!(rows);
        while let Some(row) = rows.try_next().await.map_err(failed)? {
            let values: Vec<Option<&str>> =
                (0..row.len()).map(|column| row.try_get(column)).collect::<Result<_, _>>().map_err(failed)?;
            take(&values.into_iter().map(|value| value.map(str::as_bytes)).collect::<Vec<_>>())?;
        }
        Ok(())
    }

    // The driver reads an answer to its end and drops it, which takes no memory; but it may be gigabytes.
    async fn abandon(&self) {
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

    fn forget_statements(&mut self) {
        self.statements.clear();
    }
}

impl PreparedStatement for Statement {
    fn width(&self) -> usize {
        self.columns().len()
    }

    fn arity(&self) -> usize {
        self.params().len()
    }

    fn mismatch(&self, column: usize, expected: Codec) -> Option<(String, String)> {
        let column = self.columns().get(column)?;
        let delivered = delivers(column.type_(), expected);
        (!delivered).then(|| (column.name().to_owned(), column.type_().to_string()))
    }
}

/// Whether a statement's column of this type delivers such bytes.
fn delivers(ty: &Type, codec: Codec) -> bool {
    match codec {
        Codec::Bool => *ty == Type::BOOL,
        Codec::Int2 => *ty == Type::INT2,
        Codec::Int4 => *ty == Type::INT4,
        Codec::Int8 => *ty == Type::INT8,
        // No type of PostgreSQL's.
        Codec::UInt8 => false,
        Codec::Oid => *ty == Type::OID,
        Codec::Float4 => *ty == Type::FLOAT4,
        Codec::Float8 => *ty == Type::FLOAT8,
        Codec::Numeric => *ty == Type::NUMERIC,
        // Types that are not built in send their own text.
        Codec::Text => {
            matches!(*ty, Type::TEXT | Type::VARCHAR | Type::NAME | Type::BPCHAR)
                || ty.name() == "citext"
                || matches!(ty.kind(), Kind::Enum(_))
        }
        Codec::Uuid => *ty == Type::UUID,
        Codec::Date => *ty == Type::DATE,
        Codec::Time => *ty == Type::TIME,
        Codec::TimeTz => *ty == Type::TIMETZ,
        Codec::Timestamp => *ty == Type::TIMESTAMP,
        Codec::TimestampTz => *ty == Type::TIMESTAMPTZ,
        Codec::Interval => *ty == Type::INTERVAL,
        Codec::Bytes => *ty == Type::BYTEA,
        Codec::Json => matches!(*ty, Type::JSON | Type::TEXT),
        Codec::Jsonb => *ty == Type::JSONB,
        Codec::List(_) => *ty == Type::TEXT,
        Codec::Opaque => true,
    }
}

impl ReadRow for Row {
    fn width(&self) -> usize {
        self.columns().len()
    }

    fn value(&self, column: usize) -> Result<Option<&[u8]>> {
        let value: Option<Raw<'_>> = self.try_get(column).map_err(|error| unread(&error, "a row"))?;
        Ok(value.map(|Raw(bytes)| bytes))
    }
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
