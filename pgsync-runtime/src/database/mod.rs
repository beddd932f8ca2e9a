//! Sessions with PostgreSQL. In: [`DatabaseSettings`]. Out: a client whose output formats and time-outs are pinned and
//! verified, errors sorted by what they mean for the process.
//!
//! Must not: log or return a password, a statement's parameters or a row's values.

mod failure;
mod session;
mod tls;
mod transport;

pub(crate) use failure::{ServerFailure, refused_at_start};
pub use failure::{failure, kind_of};
pub(crate) use session::{LIMITS_OFF, check, parameters, pinned_query};
pub(crate) use transport::{Transport, open};

use crate::settings::DatabaseSettings;
use crate::{Error, ErrorKind, Result};
use secrecy::ExposeSecret;
use tokio_postgres::{Client, NoTls};

/// Opens a session and drives it in a task of its own, which ends when the client is dropped.
///
/// Every name in a statement must be qualified: the search path holds nothing but the system catalogue. Fails with
/// [`ErrorKind::Unavailable`] where another attempt can help, with [`ErrorKind::Refused`] where it cannot.
pub async fn connect(settings: &DatabaseSettings) -> Result<Client> {
    let client = tokio::time::timeout(settings.connect_timeout, establish(settings)).await.map_err(|_| {
        Error::new(
            ErrorKind::Unavailable,
            format!(
                "PostgreSQL at {} did not open a session within {} s",
                address(settings),
                settings.connect_timeout.as_secs_f32()
            ),
        )
    })??;
    Ok(client)
}

async fn establish(settings: &DatabaseSettings) -> Result<Client> {
    let transport = open(settings).await?;
    let mut config = tokio_postgres::Config::new();
    config
        .user(&settings.user)
        .dbname(&settings.database)
        .application_name(&settings.application_name)
        .options(session::options())
        .ssl_mode(tokio_postgres::config::SslMode::Disable);
    if let Some(password) = &settings.password {
        config.password(password.expose_secret());
    }
    let (client, connection) =
        config.connect_raw(transport, NoTls).await.map_err(|error| failure::at_start(settings, &error))?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            // Whoever uses the client gets an error of its own; this line only says why.
            tracing::debug!(error = %failure("session", &error), "a database session ended");
        }
    });
    let row = client
        .query_one(&pinned_query(), &[])
        .await
        .map_err(|error| failure("the session's settings cannot be read", &error))?;
    let found: Vec<Option<String>> = (0..row.len()).map(|column| row.get(column)).collect();
    check(&found)?;
    client
        .batch_execute(session::LIMITS_OFF)
        .await
        .map_err(|error| failure("the session's limits cannot be lifted", &error))?;
    Ok(client)
}

/// Host and port as they stand in messages.
pub(crate) fn address(settings: &DatabaseSettings) -> String {
    format!("{}:{}", settings.host, settings.port)
}

/// An identifier in double quotes.
pub fn quote_identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A string constant in single quotes, right whatever `standard_conforming_strings` says (a backslash makes it `E''`).
pub fn quote_literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') { format!(" E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting() {
        assert_eq!(quote_identifier("a\"b"), "\"a\"\"b\"");
        assert_eq!(quote_literal("a'b"), "'a''b'");
        assert_eq!(quote_literal("a'b\\c"), " E'a''b\\\\c'");
    }
}
