//! Sessions with PostgreSQL. In: [`DatabaseSettings`]. Out: a client whose output formats and time-outs are pinned and
//! verified, errors sorted by what they mean for the process.
//!
//! Must not: log or return a password, a statement's parameters or a row's values.

mod binding;
mod failure;
mod hosts;
mod patience;
mod pooling;
mod session;
mod tls;
mod transport;

pub use failure::{Operation, failure, failure_of};
pub(crate) use failure::{ServerFailure, refused_at_start, unread, value};
pub(crate) use hosts::Attempts;
pub(crate) use session::{LIMITS_OFF, as_asked, check, parameters, pinned_query, pinning, process};
pub(crate) use transport::{Negotiated, Transport, open};

use crate::settings::{Binding, DatabaseSettings};
use crate::{Code, Error, Result};
use secrecy::ExposeSecret;
use std::time::Duration;
use tokio_postgres::{Client, config};
use tracing::Instrument as _;

/// Opens a session and drives it in a task of its own, which ends when the client is dropped. An answer that takes longer
/// than the settings' `patience` ends the session.
///
/// Every name in a statement must be qualified: the search path holds nothing but the system catalogue. Fails with
/// [`ErrorKind::Unavailable`](crate::ErrorKind::Unavailable) where another attempt can help, with
/// [`ErrorKind::Refused`](crate::ErrorKind::Refused) where it cannot.
pub async fn connect(settings: &DatabaseSettings) -> Result<Client> {
    connect_for(settings, settings.patience, false).await
}

/// As [`connect`], for what must not be anybody else's, such as a lock that is the session's.
pub(crate) async fn connect_whole(settings: &DatabaseSettings) -> Result<Client> {
    connect_for(settings, settings.patience, true).await
}

/// As [`connect`], for statements that may take long: reading rows, waiting for other transactions. `statement_timeout`
/// of the settings ends the session.
pub async fn connect_to_read(settings: &DatabaseSettings) -> Result<Client> {
    connect_for(settings, settings.statement_timeout, false).await
}

async fn connect_for(settings: &DatabaseSettings, limit: Duration, whole: bool) -> Result<Client> {
    let mut attempts = Attempts::new(settings);
    loop {
        let settings = attempts.current();
        let result = match tokio::time::timeout(settings.connect_timeout, establish(settings, limit, whole)).await {
            Ok(result) => result,
            Err(_) => Err(slow(settings, "a session")),
        };
        if let Some(outcome) = attempts.outcome(result) {
            return outcome;
        }
    }
}

/// An attempt that took too long.
pub(crate) fn slow(settings: &DatabaseSettings, what: &str) -> Error {
    let (address, limit) = (address(settings), settings.connect_timeout.as_secs_f32());
    Error::coded(Code::Silent, format!("PostgreSQL at {address} did not open {what} within {limit} s"))
}

async fn establish(settings: &DatabaseSettings, limit: Duration, whole: bool) -> Result<Client> {
    let client = raw(settings, limit).await?;
    let mut found = read_back(&client).await?;
    // A pooler has dropped some. Statements do the same, in a session that is ours alone.
    let dropped = !as_asked(&found);
    if whole || dropped {
        pooling::refuse_shared(settings, &client, limit).await?;
    }
    if dropped {
        let pinned = client.batch_execute(&pinning()).await;
        pinned.map_err(|error| failure("the session's settings cannot be pinned", &error))?;
        found = read_back(&client).await?;
    }
    check(settings, &found)?;
    client.batch_execute(LIMITS_OFF).await.map_err(|error| failure("the session's limits cannot be lifted", &error))?;
    Ok(client)
}

/// The pinned settings as the session has them. Nothing is prepared for it: some poolers lose what is.
async fn read_back(client: &Client) -> Result<Vec<Option<String>>> {
    let answers = client.simple_query(&pinned_query()).await;
    let answers = answers.map_err(|error| failure("the session's settings cannot be read", &error))?;
    let row = pooling::first_row(&answers);
    Ok(row.map(|row| (0..row.len()).map(|column| row.get(column).map(str::to_owned)).collect()).unwrap_or_default())
}

/// A session as the server, or what stands before it, hands it out.
async fn raw(settings: &DatabaseSettings, limit: Duration) -> Result<Client> {
    let transport = open(settings, limit).await?;
    let binding = match settings.channel_binding {
        Binding::Disable => config::ChannelBinding::Disable,
        Binding::Prefer => config::ChannelBinding::Prefer,
        Binding::Require => config::ChannelBinding::Require,
    };
    let mut config = tokio_postgres::Config::new();
    config
        .user(&settings.user)
        .dbname(&settings.database)
        .application_name(&settings.application_name)
        .options(session::options(settings))
        .channel_binding(binding)
        // Whether there is TLS is settled: the driver is to ask the stream for its binding, and nothing else.
        .ssl_mode(config::SslMode::Require)
        .ssl_negotiation(config::SslNegotiation::Direct);
    if let Some(password) = &settings.password {
        config.password(password.expose_secret());
    }
    let (client, connection) =
        config.connect_raw(transport, Negotiated).await.map_err(|error| failure::at_start(settings, &error))?;
    let session = async move {
        if let Err(error) = connection.await {
            let error = failure("session", &error);
            // Whoever uses the client gets an error of its own, which says only that the session is closed.
            match error.code() {
                Some(code @ Code::Silent) => tracing::warn!(%code, %error, "a database session ended"),
                _ => tracing::debug!(%error, "a database session ended"),
            }
        }
    };
    tokio::spawn(session.in_current_span());
    Ok(client)
}

/// The server that was reached takes no writes. It may be about to be promoted, or the address about to lead elsewhere.
pub(crate) fn standby(settings: &DatabaseSettings) -> Error {
    Error::coded(Code::Standby, format!("the server at {} is a standby", address(settings)))
        .help("name the primary server in PG_HOST or PG_URL; where a standby is being promoted, it is waited for")
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
