//! Opens a replication connection: startup packet and authentication. In: settings. Out: a [`Connection`] ready for
//! commands.

use super::wire::{Connection, Message, server_failure, unexpected};
use crate::settings::{Binding, DatabaseSettings};
use crate::source::postgres::connection::{address, open as open_transport, parameters, refused_at_start};
use crate::{Code, Error, ErrorKind, Result};
use bytes::{Buf, BytesMut};
use postgres_protocol::authentication::{md5_hash, sasl};
use postgres_protocol::message::frontend;
use secrecy::ExposeSecret;

/// Connects, introduces itself, authenticates and waits until the server is ready.
pub(super) async fn open(settings: &DatabaseSettings) -> Result<Connection> {
    let transport = open_transport(settings, settings.patience).await?;
    let mut connection = Connection {
        transport,
        input: BytesMut::new(),
        pid: 0,
        address: address(settings),
        patience: settings.patience,
        takes_sql: false,
    };

    let mut output = BytesMut::new();
    let parameters = parameters(settings);
    frontend::startup_message(parameters.iter().map(|(name, value)| (*name, value.as_str())), &mut output)
        .map_err(|_| Error::new(ErrorKind::Usage, "role, database or application name holds a zero byte"))?;
    connection.send(&output).await?;

    authenticate(&mut connection, settings).await?;
    loop {
        let mut message = next(&mut connection, settings).await?;
        match message.tag {
            b'S' => connection.takes_sql |= says_version(&message.body).is_some_and(|version| version >= SQL_BESIDE),
            b'K' => connection.pid = message.body.try_get_i32().map_err(|_| unexpected("no process id"))?,
            b'Z' => return Ok(connection),
            _ => {}
        }
    }
}

/// From this version on a replication connection to a database takes SQL, too (release notes of PostgreSQL 10).
const SQL_BESIDE: u32 = 10;

/// The major version, where a parameter that the server reports is its version.
fn says_version(parameter: &[u8]) -> Option<u32> {
    let version = std::str::from_utf8(parameter.strip_prefix(b"server_version\0")?).ok()?;
    version.split(|end: char| !end.is_ascii_digit()).next()?.parse().ok()
}

async fn authenticate(connection: &mut Connection, settings: &DatabaseSettings) -> Result<()> {
    loop {
        let mut message = next(connection, settings).await?;
        if message.tag != b'R' {
            continue;
        }
        let code = authentication_code(&mut message)?;
        if matches!(code, 0 | 3 | 5) && settings.channel_binding == Binding::Require {
            return Err(unbound(settings));
        }
        match code {
            0 => return Ok(()),
            3 => {
                let password = password(settings)?.as_bytes().to_vec();
                reply(connection, |output| frontend::password_message(&password, output)).await?;
            }
            5 => {
                let salt = message.body.first_chunk::<4>().ok_or_else(|| unexpected("no salt"))?;
                let hash = md5_hash(settings.user.as_bytes(), password(settings)?.as_bytes(), *salt);
                reply(connection, |output| frontend::password_message(hash.as_bytes(), output)).await?;
            }
            10 => return scram(connection, settings, &message).await,
            code => {
                return Err(Error::coded(
                    Code::Login,
                    format!("PostgreSQL at {} asks for authentication method {code}", connection.address),
                )
                .help("accepted are trust, cert, password, md5 and scram-sha-256: change pg_hba.conf on the server"));
            }
        }
    }
}

/// Binds the login to the TLS connection where the server offers that, as the driver does.
async fn scram(connection: &mut Connection, settings: &DatabaseSettings, offer: &Message) -> Result<()> {
    let offered = |name: &str| offer.body.split(|byte| *byte == 0).any(|mechanism| mechanism == name.as_bytes());
    let hash = connection.transport.binding().filter(|_| settings.channel_binding != Binding::Disable);
    let (mechanism, binding) = match hash {
        Some(hash) if offered(sasl::SCRAM_SHA_256_PLUS) => {
            (sasl::SCRAM_SHA_256_PLUS, sasl::ChannelBinding::tls_server_end_point(hash.to_vec()))
        }
        _ if settings.channel_binding == Binding::Require => return Err(unbound(settings)),
        _ if !offered(sasl::SCRAM_SHA_256) => {
            return Err(Error::coded(Code::Login, "PostgreSQL offers no authentication by SCRAM-SHA-256"));
        }
        // Says that it could have been done, so that a man in the middle who took the offer out is found out.
        Some(_) => (sasl::SCRAM_SHA_256, sasl::ChannelBinding::unrequested()),
        None => (sasl::SCRAM_SHA_256, sasl::ChannelBinding::unsupported()),
    };
    let mut exchange = sasl::ScramSha256::new(password(settings)?.as_bytes(), binding);
    let first = exchange.message().to_vec();
    reply(connection, |output| frontend::sasl_initial_response(mechanism, &first, output)).await?;

    let challenge = sasl_message(connection, settings, 11).await?;
    exchange.update(&challenge).map_err(|error| distrusted(settings, error))?;
    let answer = exchange.message().to_vec();
    reply(connection, |output| frontend::sasl_response(&answer, output)).await?;

    // The server proves that it knows the password too.
    let proof = sasl_message(connection, settings, 12).await?;
    exchange.finish(&proof).map_err(|error| distrusted(settings, error))?;
    sasl_message(connection, settings, 0).await.map(drop)
}

async fn sasl_message(connection: &mut Connection, settings: &DatabaseSettings, wanted: i32) -> Result<Vec<u8>> {
    let mut message = next(connection, settings).await?;
    if message.tag != b'R' || authentication_code(&mut message)? != wanted {
        return Err(unexpected("an authentication out of order"));
    }
    Ok(message.body.to_vec())
}

fn authentication_code(message: &mut Message) -> Result<i32> {
    message.body.try_get_i32().map_err(|_| unexpected("an empty authentication request"))
}

/// The next message that is not the server's refusal.
async fn next(connection: &mut Connection, settings: &DatabaseSettings) -> Result<Message> {
    let message = connection.read().await?;
    if message.tag == b'E' {
        return Err(refused_at_start(settings, &server_failure(&message.body)));
    }
    Ok(message)
}

async fn reply(connection: &mut Connection, write: impl FnOnce(&mut BytesMut) -> std::io::Result<()>) -> Result<()> {
    let mut output = BytesMut::new();
    write(&mut output).map_err(|_| Error::new(ErrorKind::Usage, "the password holds a zero byte"))?;
    connection.send(&output).await
}

fn password(settings: &DatabaseSettings) -> Result<&str> {
    settings.password.as_ref().map(ExposeSecret::expose_secret).ok_or_else(|| {
        Error::coded(Code::Login, format!("PostgreSQL at {} asks for a password", address(settings)))
            .help("set PG_PASSWORD (or PG_URL)")
    })
}

fn unbound(settings: &DatabaseSettings) -> Error {
    Error::coded(
        Code::ChannelBinding,
        format!("PostgreSQL at {} does not bind the login to a TLS connection", address(settings)),
    )
    .help("channel_binding=require needs TLS and scram-sha-256 in pg_hba.conf; leave it out, or set it to prefer")
}

fn distrusted(settings: &DatabaseSettings, error: std::io::Error) -> Error {
    Error::coded(Code::Login, format!("PostgreSQL at {} does not prove who it is", address(settings))).source(error)
}
