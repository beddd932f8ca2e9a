//! A replication connection in command mode. In: settings and commands. Out: rows of text.
//!
//! Messages are framed here, as a client for ordinary SQL knows neither the `replication` startup parameter nor the
//! answer that opens a stream in both directions.

use super::startup;
use crate::settings::DatabaseSettings;
use crate::source::postgres::Lsn;
use crate::source::postgres::connection::{
    Attempts, LIMITS_OFF, Operation, ServerFailure, Transport, as_asked, check, pinned_query, pinning, process,
    quote_identifier, slow,
};
use crate::{Code, Error, ErrorKind, Result};
use bytes::{Buf, Bytes, BytesMut};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A row of a simple query: each value as text, `None` for NULL.
pub(super) type TextRow = Vec<Option<String>>;

/// A replication connection that is not streaming.
pub struct Connection {
    pub(super) transport: Transport,
    pub(super) input: BytesMut,
    pub(super) pid: i32,
    pub(super) address: String,
    /// How long a stream may be silent.
    pub(super) patience: Duration,
    /// Whether the server takes SQL here.
    pub(super) takes_sql: bool,
}

/// The answer to `IDENTIFY_SYSTEM`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemIdentity {
    /// The cluster's identifier, the same for its standbys.
    pub system_id: String,
    /// The current time line.
    pub timeline: u32,
    /// The end of the flushed write-ahead log.
    pub position: Lsn,
}

/// A slot that was just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedSlot {
    /// The end of the log that the slot does not stream any more: a mark. Everything committed before it is visible.
    pub consistent_point: Lsn,
}

/// A backend message: its type and its body.
pub(super) struct Message {
    pub(super) tag: u8,
    pub(super) body: Bytes,
}

impl Connection {
    /// Connects with `replication=database` and the pinned settings, and verifies them.
    pub async fn open(settings: &DatabaseSettings) -> Result<Self> {
        let mut attempts = Attempts::new(settings);
        loop {
            let settings = attempts.current();
            let result = match tokio::time::timeout(settings.connect_timeout, Self::establish(settings)).await {
                Ok(result) => result,
                Err(_) => Err(slow(settings, "a replication connection")),
            };
            if let Some(outcome) = attempts.outcome(result) {
                return outcome;
            }
        }
    }

    async fn establish(settings: &DatabaseSettings) -> Result<Self> {
        let mut connection = startup::open(settings).await?;
        // What was asked for in the startup packet cannot be read back; the other sessions have it read back.
        if !connection.takes_sql {
            return Ok(connection);
        }
        let mut found = connection.query(&pinned_query()).await?.pop().unwrap_or_default();
        // A pooler has dropped them. A session that streams is never shared.
        if !as_asked(&found) {
            connection.query(&pinning()).await?;
            found = connection.query(&pinned_query()).await?.pop().unwrap_or_default();
        }
        check(settings, &found)?;
        connection.pid = process(&found).unwrap_or(connection.pid);
        connection.query(LIMITS_OFF).await?;
        Ok(connection)
    }

    /// Process id of the server's side.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// Asks which server this is and where its log ends.
    pub async fn identify_system(&mut self) -> Result<SystemIdentity> {
        let rows = self.query("IDENTIFY_SYSTEM").await?;
        let value = |index: usize| rows.first().and_then(|row| row.get(index)?.clone());
        let identity = || {
            Some(SystemIdentity {
                system_id: value(0)?,
                timeline: value(1)?.parse().ok()?,
                position: value(2)?.parse().ok()?,
            })
        };
        identity().ok_or_else(|| unexpected("the answer to IDENTIFY_SYSTEM"))
    }

    /// The history of a time line as the server keeps it, or its refusal.
    pub(crate) async fn timeline_history(&mut self, timeline: u32) -> Result<Result<String, ServerFailure>> {
        let answer = self.try_query(&format!("TIMELINE_HISTORY {timeline}")).await?;
        let text = |mut rows: Vec<TextRow>| rows.pop().and_then(|row| row.into_iter().nth(1)?).unwrap_or_default();
        Ok(answer.map(text))
    }

    /// Makes a logical slot for `pgoutput`, without an exported snapshot. The server first waits for the end of every
    /// transaction that is running.
    pub async fn create_slot(&mut self, slot: &str) -> Result<CreatedSlot> {
        let command = format!("CREATE_REPLICATION_SLOT {} LOGICAL pgoutput NOEXPORT_SNAPSHOT", quote_identifier(slot));
        let rows = self.try_query(&command).await?.map_err(|server| {
            let error = server.error(Operation::SetUp, &format!("slot `{slot}` cannot be created"));
            match server.code.as_str() {
                "42501" => error.help("ALTER ROLE .. REPLICATION for the role in PG_USER"),
                "55000" => error.help("set wal_level = logical in postgresql.conf and restart the server"),
                "42710" => error.help("choose another name with PGSYNC_SLOT, or drop the slot"),
                _ => error,
            }
        })?;
        rows.first()
            .and_then(|row| row.get(1)?.as_deref()?.parse().ok())
            .map(|consistent_point| CreatedSlot { consistent_point })
            .ok_or_else(|| unexpected("the answer to CREATE_REPLICATION_SLOT"))
    }

    /// Drops a slot; one that does not exist is no error. The server holds a slot for a moment after its client went,
    /// so this tries for up to ten seconds before it says that the slot is in use.
    pub async fn drop_slot(&mut self, slot: &str) -> Result<()> {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
        loop {
            let command = format!("DROP_REPLICATION_SLOT {}", quote_identifier(slot));
            match self.try_query(&command).await? {
                Ok(_) => return Ok(()),
                Err(server) if server.code == "42704" => return Ok(()),
                Err(server) if server.code == "55006" && tokio::time::Instant::now() < deadline => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Err(server) => {
                    return Err(server.error(Operation::SetUp, &format!("slot `{slot}` cannot be dropped")));
                }
            }
        }
    }

    /// Runs a replication command or a simple query and gives its rows.
    pub(super) async fn query(&mut self, command: &str) -> Result<Vec<TextRow>> {
        self.try_query(command).await?.map_err(|server| {
            let word = command.split_whitespace().next().unwrap_or_default();
            server.error(Operation::Ask, &format!("{word} on the replication connection"))
        })
    }

    /// As [`Self::query`], with the server's refusal apart from a broken connection.
    pub(super) async fn try_query(&mut self, command: &str) -> Result<Result<Vec<TextRow>, ServerFailure>> {
        self.send_query(command).await?;
        let mut rows = Vec::new();
        let mut refusal = None;
        loop {
            let message = self.read().await?;
            match message.tag {
                b'D' => rows.push(data_row(message.body)?),
                b'E' => refusal = Some(server_failure(&message.body)),
                b'Z' => return Ok(refusal.map_or(Ok(rows), Err)),
                _ => {}
            }
        }
    }

    pub(super) async fn send_query(&mut self, command: &str) -> Result<()> {
        let mut output = BytesMut::new();
        postgres_protocol::message::frontend::query(command, &mut output)
            .map_err(|_| unexpected("a zero byte in a command"))?;
        self.send(&output).await
    }

    pub(super) async fn send(&mut self, output: &[u8]) -> Result<()> {
        let sent = async {
            self.transport.write_all(output).await?;
            self.transport.flush().await
        };
        sent.await.map_err(broken)
    }

    pub(super) async fn read(&mut self) -> Result<Message> {
        loop {
            if let Some(message) = take_message(&mut self.input)? {
                return Ok(message);
            }
            if self.transport.read_buf(&mut self.input).await.map_err(broken)? == 0 {
                return Err(ended());
            }
        }
    }
}

/// Bytes of one piece of the input. Messages are slices of it and keep it alive as a whole.
const PIECE: usize = 64 * 1024;
/// Another piece is begun when less than this is left of one. Never for each read: a server that sends message by message
/// would have a piece kept alive by each.
const LEFT: usize = 2 * 1024;

/// Tag and whole length of the message at the beginning of the input, once its header is there.
pub(super) fn header(input: &[u8]) -> Result<Option<(u8, usize)>> {
    let Some(&[tag, length @ ..]) = input.first_chunk::<5>() else { return Ok(None) };
    let length = u32::from_be_bytes(length) as usize;
    // The server's own limit of a message is 1 GB.
    if !(4..=1 << 30).contains(&length) {
        return Err(unexpected("a message of impossible length"));
    }
    Ok(Some((tag, length + 1)))
}

/// Takes a whole message off the input, if there is one. Room for the rest of an incomplete one is reserved.
pub(super) fn take_message(input: &mut BytesMut) -> Result<Option<Message>> {
    let Some((tag, length)) = header(input)? else {
        make_room(input, 5);
        return Ok(None);
    };
    if input.len() < length {
        make_room(input, length - input.len());
        return Ok(None);
    }
    let mut body = input.split_to(length).freeze();
    body.advance(5);
    Ok(Some(Message { tag, body }))
}

fn make_room(input: &mut BytesMut, wanted: usize) {
    if input.capacity() - input.len() < wanted.max(LEFT) {
        input.reserve(wanted.max(PIECE));
    }
}

/// SQLSTATE and primary message of an error response.
pub(super) fn server_failure(body: &[u8]) -> ServerFailure {
    let mut failure = ServerFailure::default();
    for field in body.split(|byte| *byte == 0) {
        match field.split_first() {
            Some((b'C', code)) => failure.code = String::from_utf8_lossy(code).into_owned(),
            Some((b'M', text)) => failure.message = String::from_utf8_lossy(text).into_owned(),
            _ => {}
        }
    }
    failure
}

fn data_row(mut body: Bytes) -> Result<TextRow> {
    let short = |_| unexpected("a row that ends early");
    let count = body.try_get_u16().map_err(short)?;
    (0..count)
        .map(|_| match body.try_get_i32().map_err(short)? {
            -1 => Ok(None),
            length => {
                let length = usize::try_from(length).map_err(|_| unexpected("a value of negative length"))?;
                if body.len() < length {
                    return Err(unexpected("a row that ends early"));
                }
                Ok(Some(String::from_utf8_lossy(&body.split_to(length)).into_owned()))
            }
        })
        .collect()
}

pub(super) fn broken(error: std::io::Error) -> Error {
    let code = if error.kind() == std::io::ErrorKind::TimedOut { Code::Silent } else { Code::Unreachable };
    Error::coded(code, "the replication connection broke").source(error)
}

pub(super) fn ended() -> Error {
    Error::coded(Code::SessionEnded, "PostgreSQL ended the replication connection")
}

pub(super) fn unexpected(what: &str) -> Error {
    Error::new(ErrorKind::Fatal, format!("PostgreSQL sent something unexpected on the replication connection: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_framed_by_their_length() {
        let mut input = BytesMut::from(&b"Z\0\0\0\x05I"[..]);
        input.extend_from_slice(b"D\0\0\0\x0c");
        let message = take_message(&mut input).unwrap().unwrap();
        assert_eq!((message.tag, &message.body[..]), (b'Z', &b"I"[..]));
        assert!(take_message(&mut input).unwrap().is_none());
        input.extend_from_slice(b"\0\x02\xff\xff\xff\xff\0\0");
        let message = take_message(&mut input).unwrap().unwrap();
        assert!(data_row(message.body).is_err(), "the second value is missing");
        assert!(take_message(&mut BytesMut::from(&b"D\0\0\0\x03"[..])).is_err());
        assert!(take_message(&mut BytesMut::from(&b"D\xff\xff\xff\xff"[..])).is_err());
    }

    #[test]
    fn messages_that_come_one_by_one_share_a_piece() {
        let mut input = BytesMut::with_capacity(PIECE);
        let mut kept = Vec::new();
        for _ in 0..1000 {
            input.extend_from_slice(b"d\0\0\0\x07abc");
            kept.extend(take_message(&mut input).unwrap());
            assert!(take_message(&mut input).unwrap().is_none());
        }
        assert_eq!(input.capacity(), PIECE - 8 * kept.len(), "another piece was begun while there was room");
    }

    #[test]
    fn error_responses_give_code_and_message() {
        let failure = server_failure(b"SFATAL\0C42704\0Mslot \"x\" does not exist\0Ddetail\0\0");
        assert_eq!((failure.code.as_str(), failure.message.as_str()), ("42704", "slot \"x\" does not exist"));
    }
}
