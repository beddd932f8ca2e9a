//! Running prepared statements. In: a session, SQL known beforehand, keys. Out: [`Rows`]. This is the only module here
//! that knows the driver.

use super::rows::Rows;
use crate::{Error, ErrorKind, Result};
use futures_util::{TryStreamExt, pin_mut};
use std::collections::HashMap;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{Format, FromSql, IsNull, Kind, ToSql, Type};
use tokio_postgres::{Client, Statement};

/// A session and the statements prepared in it.
#[derive(Debug)]
pub struct Session {
    client: Client,
    prepared: HashMap<String, Statement>,
}

/// A read-only transaction that sees one state of the database.
#[derive(Debug)]
pub struct Snapshot<'a> {
    pub(super) session: &'a mut Session,
}

impl Session {
    /// Over a session of [`crate::database::connect`].
    pub fn new(client: Client) -> Self {
        Self { client, prepared: HashMap::new() }
    }

    async fn prepare(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).await.map_err(failed)?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Runs a statement and takes all its rows in.
    pub(super) async fn rows(&mut self, sql: &str, parameters: &[Parameter<'_>]) -> Result<Rows> {
        let statement = self.prepare(sql).await?;
        let width = statement.columns().len();
        let mut rows = Rows::new(width);
        let stream = self.client.query_raw(&statement, parameters).await.map_err(failed)?;
        pin_mut!(stream);
        while let Some(row) = stream.try_next().await.map_err(failed)? {
            for column in 0..width {
                let Raw(value) = row.try_get(column).map_err(failed)?;
                rows.push(value);
            }
        }
        Ok(rows)
    }
}

impl<'a> Snapshot<'a> {
    /// Opens it.
    ///
    /// # Errors
    /// Those of the session.
    pub async fn begin(session: &'a mut Session) -> Result<Self> {
        session.client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(failed)?;
        Ok(Self { session })
    }

    /// Ends it. A snapshot that is dropped without leaves its session unusable.
    ///
    /// # Errors
    /// Those of the session.
    pub async fn end(self) -> Result<()> {
        self.session.client.batch_execute("COMMIT").await.map_err(failed)
    }
}

/// A value to bind.
#[derive(Debug, Clone, Copy)]
pub(super) enum Parameter<'a> {
    /// A literal that the server's input function of the parameter's type reads.
    Literal(&'a str),
    /// A value in its binary form.
    Binary(&'a [u8]),
    /// The elements of an array: per element its length as four bytes, big-endian, and its binary form.
    Array { count: usize, elements: &'a [u8] },
    /// A number of rows.
    Count(i64),
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Literal(text) => out.extend_from_slice(text.as_bytes()),
            Self::Binary(value) => out.extend_from_slice(value),
            Self::Count(count) => out.extend_from_slice(&count.to_be_bytes()),
            Self::Array { count, elements } => {
                let Kind::Array(element) = ty.kind() else { return Err("the parameter is not an array".into()) };
                // Dimensions, "has nulls", element type, then length and lower bound of the one dimension.
                for word in [1, 0, element.oid(), u32::try_from(*count)?, 1] {
                    out.extend_from_slice(&word.to_be_bytes());
                }
                out.extend_from_slice(elements);
            }
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        match self {
            Self::Literal(_) => Format::Text,
            Self::Binary(_) | Self::Array { .. } | Self::Count(_) => Format::Binary,
        }
    }

    fn to_sql_checked(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        self.to_sql(ty, out)
    }
}

/// A value as it came, of whatever type.
struct Raw<'a>(Option<&'a [u8]>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// An error of a read, classified.
fn failed(error: tokio_postgres::Error) -> Error {
    let Some(code) = error.code().cloned() else {
        return Error::new(ErrorKind::Unavailable, "the database session broke while reading").source(error);
    };
    let (kind, help) = match code {
        SqlState::UNDEFINED_TABLE | SqlState::UNDEFINED_COLUMN | SqlState::UNDEFINED_FUNCTION => {
            (ErrorKind::Drift, "run `cargo pgsync catalog`, generate and build again")
        }
        SqlState::INSUFFICIENT_PRIVILEGE => (
            ErrorKind::Refused,
            "grant SELECT on the table to the role; where row security would hide rows from it, grant the role BYPASSRLS",
        ),
        // Shut down, cancelled, serialisation, out of resources, a table rewritten under the snapshot.
        _ if matches!(code.code().get(..2), Some("57" | "40" | "53" | "08" | "58" | "XX" | "55")) => {
            (ErrorKind::Unavailable, "")
        }
        _ => (ErrorKind::Refused, ""),
    };
    // Messages of the server may quote values; the condition and its place do not.
    let message = error.as_db_error().map_or_else(String::new, |error| match kind {
        ErrorKind::Refused | ErrorKind::Drift if code.code().starts_with("42") => format!(": {}", error.message()),
        _ => String::new(),
    });
    let error = Error::new(kind, format!("a read failed with SQLSTATE {}{message}", code.code()));
    if help.is_empty() { error } else { error.help(help) }
}
