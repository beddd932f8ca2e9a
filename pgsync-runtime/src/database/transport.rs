//! The way to the server: TCP or a Unix socket, with TLS where the settings ask for it. In: [`DatabaseSettings`]. Out: a
//! byte stream on which the startup packet can be sent. Used for SQL and for replication alike.

use super::{address, tls};
use crate::settings::{DatabaseSettings, SslMode};
use crate::{Error, ErrorKind, Result};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a byte stream has to be able to do.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A connected byte stream.
pub(crate) type Transport = Box<dyn Duplex>;

/// Connects and negotiates TLS. The caller bounds the time.
pub(crate) async fn open(settings: &DatabaseSettings) -> Result<Transport> {
    #[cfg(unix)]
    if settings.host.starts_with('/') {
        let path = format!("{}/.s.PGSQL.{}", settings.host.trim_end_matches('/'), settings.port);
        let socket = tokio::net::UnixStream::connect(&path).await.map_err(|error| unreachable(settings, error))?;
        return Ok(Box::new(socket));
    }
    let mut socket = TcpStream::connect((settings.host.as_str(), settings.port))
        .await
        .map_err(|error| unreachable(settings, error))?;
    socket.set_nodelay(true).map_err(|error| unreachable(settings, error))?;
    // A peer that vanished without a word is noticed after about two minutes.
    let probes = socket2::TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(15));
    socket2::SockRef::from(&socket).set_tcp_keepalive(&probes).map_err(|error| unreachable(settings, error))?;

    if settings.ssl_mode == SslMode::Disable {
        return Ok(Box::new(socket));
    }
    // SSLRequest: length 8, code 80877103. The answer is one byte, read alone: whatever an intruder put behind it in
    // plain text is then taken for TLS and fails.
    socket.write_all(&[0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]).await.map_err(|error| unreachable(settings, error))?;
    let answer = socket.read_u8().await.map_err(|error| unreachable(settings, error))?;
    match answer {
        b'S' => Ok(Box::new(tls::wrap(settings, socket).await?)),
        b'N' if settings.ssl_mode == SslMode::Prefer => Ok(Box::new(socket)),
        b'N' => Err(Error::new(
            ErrorKind::Refused,
            format!("PostgreSQL at {} does not offer TLS, which PG_SSLMODE asks for", address(settings)),
        )
        .help("turn `ssl` on at the server, or set PG_SSLMODE=disable")),
        // `E`: a server that cannot even start a session, for example out of processes.
        b'E' => Err(Error::new(
            ErrorKind::Unavailable,
            format!("PostgreSQL at {} answered the request for TLS with an error", address(settings)),
        )),
        _ => Err(Error::new(ErrorKind::Refused, format!("what listens at {} is not PostgreSQL", address(settings)))
            .help("check PG_HOST and PG_PORT (or PG_URL)")),
    }
}

fn unreachable(settings: &DatabaseSettings, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Unavailable, format!("PostgreSQL at {} cannot be reached", address(settings)))
        .source(error)
        .help("check PG_HOST and PG_PORT (or PG_URL), and that the server is up")
}
