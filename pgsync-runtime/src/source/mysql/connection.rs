//! Sessions. In: an address. Out: an open connection, and answers to short questions, each within the patience of the settings.

use super::address::Address;
use super::binlog::Flavour;
use super::{failure, release};
use crate::settings::DatabaseSettings;
use crate::{Code, Error, ErrorKind, Result};
use mysql_async::prelude::{FromRow, Queryable};
use mysql_async::{Conn, DriverError};
use std::future::Future;
use std::time::Duration;

/// A session for the compiler, under the settings that statements rely on.
///
/// # Errors
/// When the server cannot be reached, refuses, or is of a release that cannot be followed.
pub async fn connect_to_compile(settings: &DatabaseSettings) -> Result<Conn> {
    let address = Address::of(settings);
    let mut session = find(&address, vec!["SET sql_mode = '', time_zone = '+00:00'".to_owned()]).await?;
    let version: Vec<(String,)> = ask(&mut session, &address, "asking for the version", "SELECT VERSION()").await?;
    let version = version.into_iter().next().map(|(version,)| version).unwrap_or_default();
    release::followed(Flavour::of(&version), &version, &address.shown())?;
    Ok(session)
}

/// What an error of such a session means.
pub fn not_compiled(settings: &DatabaseSettings, what: &str, error: mysql_async::Error) -> Error {
    failure::of_server(what, &Address::of(settings).shown(), error)
}

/// Connects to the first host that answers, and that takes writes where there are several: a replica may be behind. Later
/// sessions are with the same.
pub(super) async fn find(address: &Address, first: Vec<String>) -> Result<Conn> {
    let mut found = Err(Error::new(ErrorKind::Usage, "no host is named"));
    for () in address.each_host() {
        found = writable(address, connect(address, first.clone()).await).await;
        match &found {
            Err(error) if error.kind() == ErrorKind::Unavailable || error.code() == Some(Code::ReadOnly) => {
                tracing::debug!(%error, "trying the next host");
            }
            _ => break,
        }
    }
    found
}

async fn writable(address: &Address, connection: Result<Conn>) -> Result<Conn> {
    let mut connection = connection?;
    if address.further_hosts.is_empty() {
        return Ok(connection);
    }
    let question = "SHOW GLOBAL VARIABLES LIKE 'read_only'";
    let found: Vec<(String, String)> = ask(&mut connection, address, "asking for read_only", question).await?;
    if found.iter().all(|(_, value)| value.eq_ignore_ascii_case("OFF")) {
        return Ok(connection);
    }
    Err(Error::coded(Code::ReadOnly, format!("the server at {} is read_only", address.shown()))
        .help("one of the hosts has to be the server that takes writes"))
}

/// Connects, for as long as the patience lasts.
pub(super) async fn connect(address: &Address, first: Vec<String>) -> Result<Conn> {
    // Once for the process; whoever was first has installed the same one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let encrypted = open(address, address.options(first.clone())?).await;
    let connected = match encrypted {
        Err(mysql_async::Error::Driver(DriverError::NoClientSslFlagFromServer))
            if address.encryption.is_preference() =>
        {
            open(address, address.without_encryption().options(first)?).await
        }
        connected => connected,
    };
    connected.map_err(|error| failure::of_server("connecting to the database", &address.shown(), error))
}

async fn open(address: &Address, options: mysql_async::Opts) -> mysql_async::Result<Conn> {
    let silent = |_| mysql_async::Error::Io(std::io::Error::from(std::io::ErrorKind::TimedOut).into());
    tokio::time::timeout(address.patience, Conn::new(options)).await.map_err(silent)?
}

/// What is done with a server, in so much time.
pub(super) async fn within<T>(
    address: &Address,
    what: &str,
    limit: Duration,
    asked: impl Future<Output = mysql_async::Result<T>>,
) -> Result<T> {
    match tokio::time::timeout(limit, asked).await {
        Ok(answer) => answer.map_err(|error| failure::of_server(what, &address.shown(), error)),
        Err(_) => Err(Error::coded(
            Code::Silent,
            format!("{what} at {}: no answer in {} s", address.shown(), limit.as_secs()),
        )),
    }
}

/// Asks a short question.
pub(super) async fn ask<T: FromRow + Send + 'static>(
    connection: &mut Conn,
    address: &Address,
    what: &str,
    statement: &str,
) -> Result<Vec<T>> {
    within(address, what, address.patience, connection.query(statement)).await
}

/// Carries a short statement out.
pub(super) async fn run(connection: &mut Conn, address: &Address, what: &str, statement: &str) -> Result<()> {
    within(address, what, address.patience, connection.query_drop(statement)).await
}

/// A text as a literal, under the `sql_mode` of our sessions: a backslash escapes.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// A name as an identifier.
pub(super) fn identifier(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
