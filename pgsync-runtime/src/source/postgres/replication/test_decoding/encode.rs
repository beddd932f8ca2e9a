//! Writes messages of `pgoutput`, protocol version 1. In: what a line has said. Out: the bytes that the server would have sent with
//! that plugin, to be read by [`super::super::pgoutput`].

use super::super::pgoutput::OldKind;
use super::line::Value;
use crate::source::postgres::Lsn;

/// A column of a table as it is described.
pub(super) struct Described<'a> {
    pub(super) name: &'a str,
    pub(super) key: bool,
}

pub(super) fn begin(commit: Lsn, committed_at: i64, xid: u32) -> Vec<u8> {
    [&b"B"[..], &commit.0.to_be_bytes(), &committed_at.to_be_bytes(), &xid.to_be_bytes()].concat()
}

pub(super) fn commit(commit: Lsn, end: Lsn, committed_at: i64) -> Vec<u8> {
    [&b"C\0"[..], &commit.0.to_be_bytes(), &end.0.to_be_bytes(), &committed_at.to_be_bytes()].concat()
}

/// The names of a table are quoted as in SQL and of no use to the reader, which goes by the oid: they are left out.
pub(super) fn relation<'a>(oid: u32, identity: u8, columns: impl ExactSizeIterator<Item = Described<'a>>) -> Vec<u8> {
    let mut out = vec![b'R'];
    out.extend(oid.to_be_bytes());
    out.extend([0, 0, identity]);
    out.extend(count(columns.len()));
    for Described { name, key } in columns {
        out.push(key.into());
        out.extend(name.as_bytes());
        out.push(0);
        // Types are not told by number here, and nobody asks.
        out.extend(0_u32.to_be_bytes());
        out.extend((-1_i32).to_be_bytes());
    }
    out
}

pub(super) fn insert(oid: u32, new: &[Value<'_>]) -> Vec<u8> {
    let mut out = vec![b'I'];
    out.extend(oid.to_be_bytes());
    tuple(b'N', new, &mut out);
    out
}

pub(super) fn update(oid: u32, old: Option<(OldKind, &[Value<'_>])>, new: &[Value<'_>]) -> Vec<u8> {
    let mut out = vec![b'U'];
    out.extend(oid.to_be_bytes());
    if let Some((kind, old)) = old {
        tuple(letter(kind), old, &mut out);
    }
    tuple(b'N', new, &mut out);
    out
}

pub(super) fn delete(oid: u32, kind: OldKind, old: &[Value<'_>]) -> Vec<u8> {
    let mut out = vec![b'D'];
    out.extend(oid.to_be_bytes());
    tuple(letter(kind), old, &mut out);
    out
}

pub(super) fn truncate(oids: &[u32]) -> Vec<u8> {
    let mut out = vec![b'T'];
    out.extend((oids.len() as u32).to_be_bytes());
    out.push(0);
    oids.iter().for_each(|oid| out.extend(oid.to_be_bytes()));
    out
}

fn letter(kind: OldKind) -> u8 {
    match kind {
        OldKind::Key => b'K',
        OldKind::Full => b'O',
    }
}

fn tuple(letter: u8, cells: &[Value<'_>], out: &mut Vec<u8>) {
    out.push(letter);
    out.extend(count(cells.len()));
    for cell in cells {
        match cell {
            Value::Null => out.push(b'n'),
            Value::Unchanged => out.push(b'u'),
            Value::Text(text) => {
                out.push(b't');
                out.extend((text.len() as u32).to_be_bytes());
                out.extend(text.as_bytes());
            }
        }
    }
}

/// A table has 1,600 columns at most.
fn count(columns: usize) -> [u8; 2] {
    u16::try_from(columns).unwrap_or(u16::MAX).to_be_bytes()
}
