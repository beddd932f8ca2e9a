//! The way to the server: TCP or a Unix socket, with TLS where the settings ask for it. In: [`DatabaseSettings`]. Out: a
//! byte stream on which the startup packet can be sent. Used for SQL and for replication alike.

use super::binding::end_point;
use super::patience::Patience;
use super::{address, tls};
use crate::settings::{DatabaseSettings, SslMode};
use crate::{Code, Error, Result};
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};

/// What a byte stream has to be able to do.
trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A connected byte stream. A read fails with [`io::ErrorKind::TimedOut`] when the server does not answer in time.
pub(crate) struct Transport {
    stream: Box<dyn Duplex>,
    /// What SCRAM binds a login to: the hash of the server's certificate.
    binding: Option<Vec<u8>>,
    patience: Patience,
}

impl Transport {
    fn new(stream: impl Duplex + 'static, binding: Option<Vec<u8>>, limit: Duration) -> Self {
        Self { stream: Box::new(stream), binding, patience: Patience::new(limit) }
    }

    /// The hash of the server's certificate, where TLS is used and the hash is defined.
    pub(crate) fn binding(&self) -> Option<&[u8]> {
        self.binding.as_deref()
    }

    /// From now on any byte of the server is an answer: the stream has no end of its own.
    pub(crate) fn streams(&mut self) {
        self.patience.streams();
    }
}

/// Connects and negotiates TLS. The caller bounds the time; `limit` bounds each answer afterwards.
pub(crate) async fn open(settings: &DatabaseSettings, limit: Duration) -> Result<Transport> {
    #[cfg(unix)]
    if settings.host.starts_with('/') {
        let path = format!("{}/.s.PGSQL.{}", settings.host.trim_end_matches('/'), settings.port);
        let socket = tokio::net::UnixStream::connect(&path).await.map_err(|error| unreachable(settings, error))?;
        return Ok(Transport::new(socket, None, limit));
    }
    let mut socket = TcpStream::connect((settings.host.as_str(), settings.port))
        .await
        .map_err(|error| unreachable(settings, error))?;
    notice_loss(&socket, settings.patience).map_err(|error| unreachable(settings, error))?;

    if settings.ssl_mode == SslMode::Disable {
        return Ok(Transport::new(socket, None, limit));
    }
    // SSLRequest: length 8, code 80877103. The answer is one byte, read alone: whatever an intruder put behind it in
    // plain text is then taken for TLS and fails.
    socket.write_all(&[0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]).await.map_err(|error| unreachable(settings, error))?;
    let answer = socket.read_u8().await.map_err(|error| unreachable(settings, error))?;
    match answer {
        b'S' => {
            let stream = tls::wrap(settings, socket).await?;
            let certificate = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
            let binding = certificate.and_then(|certificate| end_point(certificate));
            Ok(Transport::new(stream, binding, limit))
        }
        b'N' if settings.ssl_mode == SslMode::Prefer => Ok(Transport::new(socket, None, limit)),
        b'N' => Err(Error::coded(
            Code::NoTls,
            format!("PostgreSQL at {} does not offer TLS, which PG_SSLMODE asks for", address(settings)),
        )
        .help("turn `ssl` on at the server, or set PG_SSLMODE=disable")),
        // `E`: a server that cannot even start a session, for example out of processes.
        b'E' => Err(Error::coded(
            Code::Exhausted,
            format!("PostgreSQL at {} answered the request for TLS with an error", address(settings)),
        )),
        _ => Err(Error::coded(Code::NotItself, format!("what listens at {} is not PostgreSQL", address(settings)))
            .help("check PG_HOST and PG_PORT (or PG_URL)")),
    }
}

/// Lets the system notice a peer that vanished: one that is idle after about two minutes, one that takes nothing of what
/// is sent after `patience`.
fn notice_loss(socket: &TcpStream, patience: Duration) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let socket = socket2::SockRef::from(socket);
    let probes = socket2::TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(15));
    socket.set_tcp_keepalive(&probes)?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(patience))?;
    #[cfg(not(target_os = "linux"))]
    let _ = patience;
    Ok(())
}

fn unreachable(settings: &DatabaseSettings, error: io::Error) -> Error {
    Error::coded(Code::Unreachable, format!("PostgreSQL at {} cannot be reached", address(settings)))
        .source(error)
        .help("check PG_HOST and PG_PORT (or PG_URL), and that the server is up")
}

impl AsyncRead for Transport {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        if Pin::new(&mut self.stream).poll_read(cx, buffer)?.is_pending() {
            return self.patience.check(cx);
        }
        self.patience.answered(&buffer.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Transport {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.patience.asked();
        // Also where the write is done: whoever reads may have been told to wait before it.
        let late = self.patience.check(cx);
        match Pin::new(&mut self.stream).poll_write(cx, bytes) {
            Poll::Pending => {
                ready!(late)?;
                Poll::Pending
            }
            done => done,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_flush(cx) {
            Poll::Pending => self.patience.check(cx),
            done => done,
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl TlsStream for Transport {
    fn channel_binding(&self) -> ChannelBinding {
        self.binding.clone().map_or_else(ChannelBinding::none, ChannelBinding::tls_server_end_point)
    }
}

impl TlsStream for &mut Transport {
    fn channel_binding(&self) -> ChannelBinding {
        (**self).channel_binding()
    }
}

/// Gives the driver a stream that is secured already, or not to be: it asks the stream itself what to bind a login to.
pub(crate) struct Negotiated;

impl<S: TlsStream + Unpin> TlsConnect<S> for Negotiated {
    type Stream = S;
    type Error = Infallible;
    type Future = std::future::Ready<Result<S, Infallible>>;

    fn connect(self, stream: S) -> Self::Future {
        std::future::ready(Ok(stream))
    }
}
