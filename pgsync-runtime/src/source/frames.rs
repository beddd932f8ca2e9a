//! Frames of a stream. In: bytes as they were read. Out: how far they are whole frames and what these say to the owner of
//! the socket; then the frames one by one.
//!
//! What was read at once travels at once: handing every frame on by itself costs more than decoding it.

use super::wire::{header, unexpected};
use crate::{Lsn, Result};
use bytes::{Buf, Bytes};

/// Bytes of a frame before its payload: those of any message, the kind, two positions, the time.
const BEFORE_PAYLOAD: usize = 5 + 25;

/// One step of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A `pgoutput` message, to be decoded with [`super::pgoutput::decode`].
    Data {
        /// The position the message belongs to.
        wal_start: Lsn,
        /// How far the server is; may be zero within a transaction.
        wal_end: Lsn,
        /// The message.
        payload: Bytes,
    },
    /// Everything up to here was looked at by the server and concerned us no further than the frames before.
    Keepalive {
        /// How far the server is.
        wal_end: Lsn,
    },
}

/// Whole frames at the beginning of what was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    /// Their bytes.
    pub(super) length: usize,
    /// The highest position among them.
    pub(super) received: Lsn,
    /// The server asks for a report.
    pub(super) asked: bool,
}

impl Run {
    /// Ends before what is not a frame, or not whole.
    pub(super) fn at_front_of(input: &[u8]) -> Result<Self> {
        let mut run = Self::default();
        while let Some(head) = Head::at_front_of(&input[run.length..])? {
            run.length += head.length;
            match head.kind {
                Kind::Data { wal_start, wal_end } => run.received = run.received.max(wal_start).max(wal_end),
                Kind::Keepalive { wal_end, asks } => {
                    run.received = run.received.max(wal_end);
                    run.asked |= asks;
                }
            }
        }
        Ok(run)
    }
}

/// Takes the first frame off a run.
pub(super) fn take_frame(run: &mut Bytes) -> Result<Option<Frame>> {
    let Some(head) = Head::at_front_of(run)? else { return Ok(None) };
    let mut payload = run.split_to(head.length);
    Ok(Some(match head.kind {
        Kind::Data { wal_start, wal_end } => {
            payload.advance(BEFORE_PAYLOAD);
            Frame::Data { wal_start, wal_end, payload }
        }
        Kind::Keepalive { wal_end, .. } => Frame::Keepalive { wal_end },
    }))
}

/// What stands before a frame's payload.
struct Head {
    /// Bytes of the whole message.
    length: usize,
    kind: Kind,
}

enum Kind {
    Data { wal_start: Lsn, wal_end: Lsn },
    Keepalive { wal_end: Lsn, asks: bool },
}

impl Head {
    fn at_front_of(input: &[u8]) -> Result<Option<Self>> {
        let Some((b'd', length)) = header(input)? else { return Ok(None) };
        let Some(body) = input.get(5..length) else { return Ok(None) };
        let kind = match body.first() {
            Some(b'w') => body
                .first_chunk::<25>()
                .map(|head| Kind::Data { wal_start: position(&head[1..]), wal_end: position(&head[9..]) }),
            Some(b'k') => body
                .first_chunk::<18>()
                .map(|head| Kind::Keepalive { wal_end: position(&head[1..]), asks: head[17] != 0 }),
            Some(_) => return Err(unexpected("an unknown kind of frame")),
            None => None,
        };
        Ok(Some(Self { length, kind: kind.ok_or_else(|| unexpected("a frame that ends early"))? }))
    }
}

/// The position at the beginning of bytes that are long enough.
fn position(mut bytes: &[u8]) -> Lsn {
    Lsn(bytes.get_u64())
}
