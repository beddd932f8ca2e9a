//! The frame of every event. In: an event as the server sent it. Out: its type and its body, after its checksum was found
//! right. Positions in headers mean nothing: servers leave them 0 inside transactions.

use super::bytes::Reader;
use super::refusal::{Refusal, Result};

pub(super) const HEADER: usize = 19;
const FORMAT_DESCRIPTION: u8 = 15;
const ROTATE: u8 = 4;
/// The log is still being written. Set after the checksum was computed.
const IN_USE: u8 = 0x01;
const IGNORABLE: u16 = 0x80;

/// One event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'a> {
    /// Type.
    pub(super) number: u8,
    /// When it was made, in seconds since 1970; 0 for one that is in no log.
    pub(super) seconds: u32,
    /// Which server made it.
    pub(super) server: u32,
    /// A replica may leave it out.
    pub(super) ignorable: bool,
    pub(super) body: &'a [u8],
}

/// Whether events end with a checksum. What the server says at the start holds until a log describes itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Framing {
    checksums: bool,
}

impl Framing {
    pub(super) const fn new(checksums: bool) -> Self {
        Self { checksums }
    }

    /// An event of the stream.
    pub(super) fn outer<'a>(&mut self, event: &'a [u8]) -> Result<Frame<'a>> {
        let number = event.get(4).copied().ok_or(Refusal::Length("an event's header"))?;
        match number {
            FORMAT_DESCRIPTION => self.description(event),
            // The one before the first description says nothing of its checksum: it has one if that is right.
            ROTATE if !self.checksums || verified(event, 0).is_err() && is_artificial(event) => {
                let end = if verified(event, 0).is_ok() { 4 } else { 0 };
                frame(event, end)
            }
            _ if self.checksums => {
                verified(event, 0)?;
                frame(event, 4)
            }
            _ => frame(event, 0),
        }
    }

    /// The description of a log: its version, and whether its events have checksums. Its own is always there.
    fn description<'a>(&mut self, event: &'a [u8]) -> Result<Frame<'a>> {
        let frame = frame(event, 5)?;
        verified(event, event.get(17).copied().unwrap_or(0) & IN_USE)?;
        let mut reader = Reader::new(frame.body, "the description of the log");
        let version = reader.u16()?;
        reader.take(50 + 4)?;
        let header = usize::from(reader.u8()?);
        // The table map has eight bytes before its name where tables have ids of six bytes.
        let table_map = reader.rest().get(18).copied();
        if version != 4 || header != HEADER || table_map != Some(8) {
            return Err(Refusal::Content("the description of the log"));
        }
        self.checksums = match event.get(event.len() - 5) {
            Some(0) => false,
            Some(1) => true,
            _ => return Err(Refusal::Content("the description of the log")),
        };
        Ok(frame)
    }
}

/// An event inside of another one: without a checksum of its own. Gives how long it is, too.
pub(super) fn inner(events: &[u8]) -> Result<(Frame<'_>, usize)> {
    let mut reader = Reader::new(events, "an event of a compressed transaction");
    reader.take(9)?;
    let size = reader.u32()? as usize;
    let event = events.get(..size).ok_or_else(|| reader.short())?;
    Ok((frame(event, 0)?, size))
}

/// Splits an event; `end` bytes behind its body belong to the frame.
fn frame(event: &[u8], end: usize) -> Result<Frame<'_>> {
    let mut reader = Reader::new(event, "an event's header");
    let (seconds, number, server, size) = (reader.u32()?, reader.u8()?, reader.u32()?, reader.u32()?);
    reader.u32()?;
    let flags = reader.u16()?;
    if size as usize != event.len() {
        return Err(reader.short());
    }
    let length = reader.left().checked_sub(end).ok_or_else(|| reader.short())?;
    Ok(Frame { number, seconds, server, ignorable: flags & IGNORABLE != 0, body: reader.take(length)? })
}

/// Whether the server made it up for this stream: then it is in no log.
fn is_artificial(event: &[u8]) -> bool {
    event.get(..4) == Some(&[0; 4])
}

/// Compares the checksum at the end; `cleared` are bits of the flags that it does not cover.
fn verified(event: &[u8], cleared: u8) -> Result<()> {
    let (covered, found) = event.split_last_chunk().ok_or(Refusal::Length("an event's header"))?;
    if covered.len() < HEADER {
        return Err(Refusal::Length("an event's header"));
    }
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&covered[..17]);
    hasher.update(&[covered[17] & !cleared]);
    hasher.update(&covered[18..]);
    let (found, computed) = (u32::from_le_bytes(*found), hasher.finalize());
    if found == computed { Ok(()) } else { Err(Refusal::Checksum { kind: event[4], found, computed }) }
}
