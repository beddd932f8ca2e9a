//! Frames of a stream. In: bytes as they were read. Out: how far they are whole frames and what these say to the owner of
//! the socket; then the frames one by one.
//!
//! What was read at once travels at once: handing every frame on by itself costs more than decoding it.

use super::wire::{header, unexpected};
use crate::Result;
use crate::source::postgres::Lsn;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn message(body: &[u8]) -> Vec<u8> {
        let mut message = vec![b'd'];
        message.extend((body.len() as u32 + 4).to_be_bytes());
        message.extend(body);
        message
    }

    fn data(wal_start: u64, wal_end: u64, payload: &[u8]) -> Vec<u8> {
        let mut body = vec![b'w'];
        [wal_start, wal_end, 0].iter().for_each(|word| body.extend(word.to_be_bytes()));
        body.extend(payload);
        message(&body)
    }

    fn keepalive(wal_end: u64, asks: bool) -> Vec<u8> {
        let mut body = vec![b'k'];
        [wal_end, 0].iter().for_each(|word| body.extend(word.to_be_bytes()));
        body.push(asks.into());
        message(&body)
    }

    #[test]
    fn a_run_ends_before_what_is_not_whole_and_gives_back_every_frame() {
        let whole = [data(7, 0, b"one"), keepalive(9, true), data(8, 3, b""), keepalive(5, false)].concat();
        let part = data(20, 20, b"still coming");
        for cut in 0..part.len() {
            let input = [whole.as_slice(), &part[..cut]].concat();
            let run = Run::at_front_of(&input).unwrap();
            assert_eq!(run, Run { length: whole.len(), received: Lsn(9), asked: true });
        }
        let mut run = Bytes::from(whole);
        let mut frames = Vec::new();
        while let Some(frame) = take_frame(&mut run).unwrap() {
            frames.push(frame);
        }
        let data = |wal_start, wal_end, payload| Frame::Data {
            wal_start: Lsn(wal_start),
            wal_end: Lsn(wal_end),
            payload: Bytes::from_static(payload),
        };
        let keepalive = |wal_end| Frame::Keepalive { wal_end: Lsn(wal_end) };
        assert_eq!(frames, [data(7, 0, b"one"), keepalive(9), data(8, 3, b""), keepalive(5)]);
    }

    #[test]
    fn a_run_ends_before_what_is_not_a_frame() {
        let notice = b"N\x00\x00\x00\x05\x00";
        let frame = data(1, 1, b"x");
        let run = Run::at_front_of(&[frame.as_slice(), notice].concat()).unwrap();
        assert_eq!(run.length, frame.len());
        assert_eq!(Run::at_front_of(notice).unwrap(), Run::default());
        assert!(Run::at_front_of(&message(b"z")).is_err());
        assert!(Run::at_front_of(&message(b"w too short")).is_err());
    }
}
