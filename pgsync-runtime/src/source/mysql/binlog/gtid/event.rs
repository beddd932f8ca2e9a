//! The event that begins a transaction. In: its body. Out: the id, when it was committed, and on MariaDB what follows.

use super::super::bytes::Reader;
use super::super::frame::Frame;
use super::super::refusal::{Refusal, Result};
use super::{Gtid, Origin, is_tag};
use std::time::{Duration, SystemTime};

/// How a transaction begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Begin {
    pub(in super::super) gtid: Gtid,
    pub(in super::super) committed_at: SystemTime,
    /// One statement is all of it: no end follows.
    pub(in super::super) standalone: bool,
    /// Its rows follow without a word that begins them.
    pub(in super::super) begun: bool,
    /// What it is in a transaction of two phases.
    pub(in super::super) xa: Option<Xa>,
}

/// A step of a transaction in two phases, and the transaction's own name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Xa {
    Prepare(Vec<u8>),
    Decide,
}

const WHAT: &str = "the id of a transaction";

/// The event of MySQL, in either form.
pub(in super::super) fn mysql(frame: Frame<'_>, tagged: bool) -> Result<Begin> {
    let (gtid, micros) = if tagged { tagged_id(frame.body)? } else { plain_id(frame.body)? };
    let committed_at = if micros == 0 { seconds(frame.seconds) } else { at(Duration::from_micros(micros)) };
    Ok(Begin { gtid, committed_at, standalone: false, begun: false, xa: None })
}

fn plain_id(body: &[u8]) -> Result<(Gtid, u64)> {
    const LOGICAL_TIME: u8 = 2;
    /// Two times follow, the transaction came from another server.
    const BOTH: u64 = 1 << 55;
    let mut reader = Reader::new(body, WHAT);
    reader.u8()?;
    let server = reader.take(16)?.try_into().map_err(|_| reader.short())?;
    let number = reader.u64()?;
    let mut micros = 0;
    // Servers before 5.7 say no more, those before 8.0 no times.
    if !reader.is_empty() && reader.u8()? == LOGICAL_TIME {
        reader.take(16)?;
        if reader.left() >= 7 {
            micros = reader.little(7)? & !BOTH;
        }
    }
    Ok((id(server, String::new(), number)?, micros))
}

/// MySQL's own serialization: fields with their numbers, each a number that says its length.
fn tagged_id(body: &[u8]) -> Result<(Gtid, u64)> {
    let mut reader = Reader::new(body, WHAT);
    // The only version there is, which is written doubled.
    if reader.u8()? != 2 {
        return Err(reader.wrong());
    }
    let size = reader.serialized()?;
    if size != body.len() as u64 {
        return Err(reader.short());
    }
    let needed = reader.serialized()?;
    let (mut server, mut tag, mut number, mut micros) = (None, String::new(), 0, 0);
    let mut last = None;
    while !reader.is_empty() {
        let field = reader.serialized()?;
        // Fields come in order; one that must be understood and is not ends the stream.
        if last.is_some_and(|last| field <= last) || (field > 11 && field <= needed) {
            return Err(reader.wrong());
        }
        last = Some(field);
        match field {
            1 => {
                let mut bytes = [0; 16];
                for byte in &mut bytes {
                    *byte = u8::try_from(reader.serialized()?).map_err(|_| reader.wrong())?;
                }
                server = Some(bytes);
            }
            // Signed, and never negative.
            2 => number = even_half(&mut reader)?,
            3 => {
                let length = usize::try_from(reader.serialized()?).map_err(|_| reader.wrong())?;
                tag = std::str::from_utf8(reader.take(length)?).map_err(|_| reader.wrong())?.to_owned();
                if !tag.is_empty() && !is_tag(&tag) {
                    return Err(reader.wrong());
                }
            }
            6 => micros = reader.serialized()?,
            0 | 4..=11 => drop(reader.serialized()?),
            // How long it is cannot be known, and nothing of it is needed.
            _ => drop(reader.rest()),
        }
    }
    Ok((id(server.ok_or(Refusal::Content(WHAT))?, tag, number)?, micros))
}

fn even_half(reader: &mut Reader<'_>) -> Result<u64> {
    let number = reader.serialized()?;
    if number % 2 == 0 { Ok(number / 2) } else { Err(reader.wrong()) }
}

fn id(server: [u8; 16], tag: String, number: u64) -> Result<Gtid> {
    if number == 0 || number >= i64::MAX as u64 {
        return Err(Refusal::Content(WHAT));
    }
    Ok(Gtid::MySql { origin: Origin { server, tag }, number })
}

/// The event of MariaDB: it begins the transaction, and says what it consists of.
pub(in super::super) fn mariadb(frame: Frame<'_>) -> Result<Begin> {
    const STANDALONE: u8 = 1;
    const GROUP: u8 = 2;
    const PREPARED: u8 = 64;
    const DECIDED: u8 = 128;
    let mut reader = Reader::new(frame.body, WHAT);
    let (number, domain, flags) = (reader.u64()?, reader.u32()?, reader.u8()?);
    if flags & GROUP != 0 {
        reader.u64()?;
    }
    let xa = if flags & (PREPARED | DECIDED) != 0 {
        let name = xa_name(&mut reader)?;
        Some(if flags & PREPARED != 0 { Xa::Prepare(name) } else { Xa::Decide })
    } else {
        None
    };
    if number == 0 {
        return Err(reader.wrong());
    }
    Ok(Begin {
        gtid: Gtid::MariaDb { domain, server: frame.server, number },
        committed_at: seconds(frame.seconds),
        standalone: flags & STANDALONE != 0,
        begun: flags & STANDALONE == 0 && !matches!(xa, Some(Xa::Decide)),
        xa,
    })
}

/// Format, and the two parts of the name.
fn xa_name(reader: &mut Reader<'_>) -> Result<Vec<u8>> {
    let format = reader.u32()?;
    let (global, branch) = (reader.u8()?, reader.u8()?);
    let global = reader.take(usize::from(global)).map(<[u8]>::to_vec)?;
    let branch = reader.take(usize::from(branch))?;
    Ok(super::super::statement::xa_key(format, &global, branch))
}

fn seconds(seconds: u32) -> SystemTime {
    at(Duration::from_secs(u64::from(seconds)))
}

fn at(since: Duration) -> SystemTime {
    SystemTime::UNIX_EPOCH.checked_add(since).unwrap_or(SystemTime::UNIX_EPOCH)
}
