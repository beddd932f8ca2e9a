//! The replication connection's frames. In and out: bytes of one socket, plain or TLS. It knows how messages are framed
//! (PostgreSQL manual, "Message Flow") and nothing of what they mean.

use crate::{Error, ErrorKind, Result};
use bytes::{Buf, Bytes, BytesMut};
use postgres_protocol::message::frontend;
use std::collections::HashMap;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// A byte stream in both directions.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A connection on which messages are framed.
pub(super) struct Wire {
    socket: Box<dyn Duplex>,
    buffer: BytesMut,
    out: BytesMut,
}

/// A message of the server: its tag and its body.
pub(super) struct Backend {
    pub tag: u8,
    pub body: Bytes,
}

impl Wire {
    pub(super) fn new(socket: Box<dyn Duplex>) -> Self {
        Self { socket, buffer: BytesMut::with_capacity(1 << 16), out: BytesMut::new() }
    }

    /// The next message that has arrived whole already.
    pub(super) fn buffered(&mut self) -> Result<Option<Backend>> {
        let Some(head) = self.buffer.first_chunk::<5>() else { return Ok(None) };
        let tag = head[0];
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        if length < 4 {
            return Err(Error::new(ErrorKind::Fatal, "the server sent a message with an impossible length"));
        }
        if self.buffer.len() < length + 1 {
            self.buffer.reserve(length + 1 - self.buffer.len());
            return Ok(None);
        }
        let mut message = self.buffer.split_to(length + 1);
        message.advance(5);
        Ok(Some(Backend { tag, body: message.freeze() }))
    }

    /// Waits for more bytes. Nothing is lost when it is dropped while waiting.
    pub(super) async fn fill(&mut self) -> Result<()> {
        self.buffer.reserve(1 << 14);
        match self.socket.read_buf(&mut self.buffer).await {
            Ok(0) => Err(Error::new(ErrorKind::Unavailable, "the server closed the replication connection")),
            Ok(_) => Ok(()),
            Err(error) => Err(broken(error)),
        }
    }

    /// The next message, however long it takes.
    pub(super) async fn receive(&mut self) -> Result<Backend> {
        loop {
            if let Some(message) = self.buffered()? {
                return Ok(message);
            }
            self.fill().await?;
        }
    }

    /// Sends what `write` puts into the buffer.
    pub(super) async fn send(&mut self, write: impl FnOnce(&mut BytesMut) -> std::io::Result<()>) -> Result<()> {
        self.out.clear();
        write(&mut self.out).map_err(broken)?;
        self.socket.write_all(&self.out).await.map_err(broken)?;
        self.socket.flush().await.map_err(broken)
    }

    /// Sends one CopyData message.
    pub(super) async fn copy_data(&mut self, data: &[u8]) -> Result<()> {
        self.send(|out| frontend::CopyData::new(data).map(|message| message.write(out))).await
    }

    /// Runs a simple query and gives its rows as text.
    pub(super) async fn query(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>> {
        self.send(|out| frontend::query(sql, out)).await?;
        let mut rows = Vec::new();
        let mut failure = None;
        loop {
            let message = self.receive().await?;
            match message.tag {
                b'D' => rows.push(data_row(message.body)?),
                b'E' => failure = Some(server_error(&message.body)),
                b'Z' => return failure.map_or(Ok(rows), Err),
                _ => {}
            }
        }
    }
}

fn data_row(mut body: Bytes) -> Result<Vec<Option<String>>> {
    let malformed = || Error::new(ErrorKind::Fatal, "the server sent a malformed row");
    let count = body.try_get_u16().map_err(|_| malformed())?;
    let mut row = Vec::new();
    for _ in 0..count {
        let length = body.try_get_i32().map_err(|_| malformed())?;
        row.push(match usize::try_from(length) {
            Err(_) => None,
            Ok(length) if length <= body.remaining() => {
                Some(String::from_utf8(body.split_to(length).to_vec()).map_err(|_| malformed())?)
            }
            Ok(_) => return Err(malformed()),
        });
    }
    Ok(row)
}

/// An ErrorResponse, classified.
pub(super) fn server_error(body: &[u8]) -> Error {
    let fields: HashMap<u8, String> = body
        .split(|byte| *byte == 0)
        .filter_map(|field| field.split_first())
        .map(|(tag, text)| (*tag, String::from_utf8_lossy(text).into_owned()))
        .collect();
    let field = |tag: u8| fields.get(&tag).map_or("", String::as_str);
    let (code, message) = (field(b'C'), field(b'M'));
    let error = |kind| Error::new(kind, format!("the server says: {message} (SQLSTATE {code})"));
    match code {
        // The slot is streamed from by another process.
        "55006" => error(ErrorKind::Unavailable).help("another pgsync may be running with this slot"),
        // Publication or slot are gone: starting again finds out what is left and what to do.
        "42704" => error(ErrorKind::Reload),
        "28P01" | "28000" => {
            error(ErrorKind::Refused).help("check PG_USER and PG_PASSWORD (or PG_URL), and the server's pg_hba.conf")
        }
        "42501" => error(ErrorKind::Refused)
            .help("the role needs REPLICATION (or the managed service's role for it): ALTER ROLE ... REPLICATION"),
        "53400" => error(ErrorKind::Refused).help("raise max_replication_slots or max_wal_senders"),
        "55000" | "58P01" => error(ErrorKind::Refused).help(
            "the server no longer has the log this slot needs: run `teardown`, then `bootstrap`, then this again",
        ),
        _ if matches!(code.get(..2), Some("08" | "53" | "57" | "58" | "XX" | "40")) => error(ErrorKind::Unavailable),
        _ => error(ErrorKind::Refused),
    }
}

fn broken(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Unavailable, "the replication connection broke").source(error)
}
