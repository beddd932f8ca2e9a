//! Opening a replication connection: socket, TLS, startup packet, authentication. In: [`DatabaseSettings`]. Out: a
//! [`Wire`] that is ready for replication commands, and the pid of the process behind it.

use super::wire::{Backend, Duplex, Wire, server_error};
use crate::database::{PINNED, client_config};
use crate::settings::{DatabaseSettings, SslMode};
use crate::{Error, ErrorKind, Result};
use postgres_protocol::authentication::{md5_hash, sasl};
use postgres_protocol::message::frontend;
use rustls::pki_types::ServerName;
use secrecy::ExposeSecret;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;

/// Opens it.
///
/// # Errors
/// As [`crate::database::connect`].
pub(super) async fn open(settings: &DatabaseSettings) -> Result<(Wire, i32)> {
    tokio::time::timeout(settings.connect_timeout, async {
        let mut wire = Wire::new(socket(settings).await?);
        let pid = start(&mut wire, settings).await?;
        Ok((wire, pid))
    })
    .await
    .unwrap_or_else(|_| Err(unreachable(settings, "no answer in time")))
}

fn unreachable(settings: &DatabaseSettings, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::Unavailable, format!("PostgreSQL at {}:{} cannot be reached", settings.host, settings.port))
        .source(cause)
}

async fn socket(settings: &DatabaseSettings) -> Result<Box<dyn Duplex>> {
    if settings.host.starts_with('/') {
        let path = format!("{}/.s.PGSQL.{}", settings.host, settings.port);
        return Ok(Box::new(UnixStream::connect(path).await.map_err(|error| unreachable(settings, error))?));
    }
    let mut tcp = TcpStream::connect((settings.host.as_str(), settings.port))
        .await
        .map_err(|error| unreachable(settings, error))?;
    tcp.set_nodelay(true).map_err(|error| unreachable(settings, error))?;
    if settings.ssl_mode == SslMode::Disable {
        return Ok(Box::new(tcp));
    }
    let mut request = bytes::BytesMut::new();
    frontend::ssl_request(&mut request);
    tcp.write_all(&request).await.map_err(|error| unreachable(settings, error))?;
    let answer = tcp.read_u8().await.map_err(|error| unreachable(settings, error))?;
    match (answer, settings.ssl_mode) {
        (b'S', _) => {
            let name = ServerName::try_from(settings.host.clone()).map_err(|error| unreachable(settings, error))?;
            let connector = TlsConnector::from(Arc::new(client_config(settings)?));
            Ok(Box::new(connector.connect(name, tcp).await.map_err(|error| {
                Error::new(ErrorKind::Refused, format!("TLS with {}:{} failed", settings.host, settings.port))
                    .source(error)
                    .help("check PG_SSLMODE and PG_SSLROOTCERT")
            })?))
        }
        (_, SslMode::Prefer) => Ok(Box::new(tcp)),
        _ => Err(Error::new(
            ErrorKind::Refused,
            format!("PostgreSQL at {}:{} does not offer TLS, and PG_SSLMODE asks for it", settings.host, settings.port),
        )),
    }
}

async fn start(wire: &mut Wire, settings: &DatabaseSettings) -> Result<i32> {
    let mut parameters = vec![
        ("user", settings.user.as_str()),
        ("database", settings.database.as_str()),
        ("application_name", settings.application_name.as_str()),
        ("replication", "database"),
    ];
    parameters.extend(PINNED);
    wire.send(|out| frontend::startup_message(parameters, out)).await?;
    let mut pid = 0;
    loop {
        let message = wire.receive().await?;
        match message.tag {
            b'R' => authenticate(wire, settings, message).await?,
            b'K' => pid = message.body.first_chunk().map_or(0, |bytes| i32::from_be_bytes(*bytes)),
            b'E' => return Err(server_error(&message.body)),
            b'Z' => return Ok(pid),
            _ => {}
        }
    }
}

async fn authenticate(wire: &mut Wire, settings: &DatabaseSettings, request: Backend) -> Result<()> {
    let (kind, rest) = request.body.split_first_chunk::<4>().ok_or_else(malformed)?;
    let password = || {
        settings.password.as_ref().map(|password| password.expose_secret().as_bytes()).ok_or_else(|| {
            Error::new(ErrorKind::Refused, format!("the server asks for a password of role `{}`", settings.user))
                .help("set PG_PASSWORD, or put it into PG_URL")
        })
    };
    match u32::from_be_bytes(*kind) {
        0 => Ok(()),
        3 => {
            let password = password()?;
            wire.send(|out| frontend::password_message(password, out)).await
        }
        5 => {
            let salt = *rest.first_chunk::<4>().ok_or_else(malformed)?;
            let hash = md5_hash(settings.user.as_bytes(), password()?, salt);
            wire.send(|out| frontend::password_message(hash.as_bytes(), out)).await
        }
        10 => {
            if !rest.split(|byte| *byte == 0).any(|mechanism| mechanism == sasl::SCRAM_SHA_256.as_bytes()) {
                return Err(unsupported("a SASL mechanism other than SCRAM-SHA-256"));
            }
            scram(wire, password()?).await
        }
        method => Err(unsupported(&format!("authentication method {method}"))),
    }
}

async fn scram(wire: &mut Wire, password: &[u8]) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::new(ErrorKind::Refused, "SCRAM authentication failed").source(error).help("check PG_PASSWORD")
    };
    let mut scram = sasl::ScramSha256::new(password, sasl::ChannelBinding::unsupported());
    wire.send(|out| frontend::sasl_initial_response(sasl::SCRAM_SHA_256, scram.message(), out)).await?;
    scram.update(&sasl_step(wire, 11).await?).map_err(failed)?;
    wire.send(|out| frontend::sasl_response(scram.message(), out)).await?;
    scram.finish(&sasl_step(wire, 12).await?).map_err(failed)
}

async fn sasl_step(wire: &mut Wire, wanted: u32) -> Result<Vec<u8>> {
    let message = wire.receive().await?;
    match (message.tag, message.body.split_first_chunk::<4>()) {
        (b'R', Some((kind, rest))) if u32::from_be_bytes(*kind) == wanted => Ok(rest.to_vec()),
        (b'E', _) => Err(server_error(&message.body)),
        _ => Err(malformed()),
    }
}

fn unsupported(what: &str) -> Error {
    Error::new(ErrorKind::Refused, format!("the server asks for {what}; password, md5 and SCRAM-SHA-256 are supported"))
}

fn malformed() -> Error {
    Error::new(ErrorKind::Fatal, "the server sent a malformed authentication request")
}
