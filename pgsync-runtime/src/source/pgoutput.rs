//! Decoder of `pgoutput` messages, protocol version 1 (PostgreSQL manual, "Logical Replication Message Formats"). In: the
//! payload of one frame. Out: borrowed messages; only Relation is owned. It allocates nothing per row and never panics,
//! whatever the bytes are.

use crate::{Error, ErrorKind, Lsn, Result};
use std::time::{Duration, SystemTime};

/// One message.
#[derive(Debug)]
pub enum Message<'a> {
    /// A transaction begins. The stream carries whole transactions, in the order of their commit records.
    Begin(Begin),
    /// It ends.
    Commit(Commit),
    /// What a relation looks like from now on.
    Relation(Relation),
    /// A row was inserted.
    Insert(Insert<'a>),
    /// A row was updated.
    Update(Update<'a>),
    /// A row was deleted.
    Delete(Delete<'a>),
    /// Tables were truncated.
    Truncate(Truncate),
    /// Origin, type or logical message: of no concern.
    Other,
}

/// Beginning of a transaction.
#[derive(Debug, Clone, Copy)]
pub struct Begin {
    /// Where its commit record starts.
    pub commit_lsn: Lsn,
    /// When it was committed.
    pub committed_at: SystemTime,
    /// Its top-level transaction id, 32 bits.
    pub xid: u32,
}

/// End of a transaction.
#[derive(Debug, Clone, Copy)]
pub struct Commit {
    /// Where its commit record starts.
    pub commit_lsn: Lsn,
    /// Where its commit record ends: what is acknowledged.
    pub end_lsn: Lsn,
}

/// A relation's columns as they are in the rows that follow.
#[derive(Debug, Clone)]
pub struct Relation {
    /// `pg_class.oid`.
    pub oid: u32,
    /// Schema.
    pub schema: String,
    /// Name.
    pub name: String,
    /// `relreplident`: `d`, `f`, `i` or `n`.
    pub identity: u8,
    /// Columns in the order of the rows.
    pub columns: Vec<RelationColumn>,
}

/// A column of a [`Relation`].
#[derive(Debug, Clone)]
pub struct RelationColumn {
    /// Name.
    pub name: String,
    /// Whether it belongs to the replica identity.
    pub key: bool,
    /// Type.
    pub type_oid: u32,
}

/// An inserted row.
#[derive(Debug)]
pub struct Insert<'a> {
    /// Oid of its relation.
    pub relation: u32,
    /// The row.
    pub new: Tuple<'a>,
}

/// An updated row.
#[derive(Debug)]
pub struct Update<'a> {
    /// Oid of its relation.
    pub relation: u32,
    /// The row before, where the identity changed or is FULL.
    pub old: Option<(OldKind, Tuple<'a>)>,
    /// The row after.
    pub new: Tuple<'a>,
}

/// A deleted row.
#[derive(Debug)]
pub struct Delete<'a> {
    /// Oid of its relation.
    pub relation: u32,
    /// The row before.
    pub old: (OldKind, Tuple<'a>),
}

/// Truncated tables.
#[derive(Debug, Clone)]
pub struct Truncate {
    /// 1: CASCADE, 2: RESTART IDENTITY.
    pub options: u8,
    /// Oids.
    pub relations: Vec<u32>,
}

/// How much of an old row came along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OldKind {
    /// The columns of the replica identity; the others read as null.
    Key,
    /// Every column.
    Full,
}

/// A row: its cells are found by walking it.
#[derive(Debug, Clone, Copy)]
pub struct Tuple<'a> {
    count: u16,
    body: &'a [u8],
}

/// One value of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// NULL.
    Null,
    /// A value stored out of line that the update did not touch; it is not sent.
    Unchanged,
    /// In text form.
    Text(&'a [u8]),
    /// In binary form.
    Binary(&'a [u8]),
}

impl<'a> Tuple<'a> {
    /// How many columns it has.
    pub fn len(&self) -> usize {
        usize::from(self.count)
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Its cells in order. They were checked when the message was parsed.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'a>> + use<'a> {
        let mut reader = Reader(self.body);
        (0..self.count).map_while(move |_| reader.cell().ok())
    }
}

impl<'a> Message<'a> {
    /// Decodes one message.
    ///
    /// # Errors
    /// [`ErrorKind::Fatal`] when the bytes are not a message of this protocol version.
    pub fn parse(payload: &'a [u8]) -> Result<Self> {
        let mut reader = Reader(payload);
        let message = match reader.byte()? {
            b'B' => Self::Begin(Begin {
                commit_lsn: Lsn(reader.u64()?),
                committed_at: time(reader.u64()? as i64),
                xid: reader.u32()?,
            }),
            b'C' => {
                reader.byte()?;
                let commit = Commit { commit_lsn: Lsn(reader.u64()?), end_lsn: Lsn(reader.u64()?) };
                reader.u64()?;
                Self::Commit(commit)
            }
            b'R' => Self::Relation(reader.relation()?),
            b'I' => {
                let relation = reader.u32()?;
                reader.expect(b'N')?;
                Self::Insert(Insert { relation, new: reader.tuple()? })
            }
            b'U' => {
                let relation = reader.u32()?;
                let old = match reader.byte()? {
                    b'N' => None,
                    kind => {
                        let old = (old_kind(kind)?, reader.tuple()?);
                        reader.expect(b'N')?;
                        Some(old)
                    }
                };
                Self::Update(Update { relation, old, new: reader.tuple()? })
            }
            b'D' => {
                let relation = reader.u32()?;
                let kind = old_kind(reader.byte()?)?;
                Self::Delete(Delete { relation, old: (kind, reader.tuple()?) })
            }
            b'T' => {
                let count = reader.u32()?;
                let options = reader.byte()?;
                let relations = (0..count).map(|_| reader.u32()).collect::<Result<_>>()?;
                Self::Truncate(Truncate { options, relations })
            }
            b'O' | b'Y' | b'M' => return Ok(Self::Other),
            _ => return Err(malformed()),
        };
        if reader.0.is_empty() { Ok(message) } else { Err(malformed()) }
    }
}

fn old_kind(byte: u8) -> Result<OldKind> {
    match byte {
        b'K' => Ok(OldKind::Key),
        b'O' => Ok(OldKind::Full),
        _ => Err(malformed()),
    }
}

/// Microseconds since 2000-01-01.
fn time(micros: i64) -> SystemTime {
    const POSTGRES_EPOCH: Duration = Duration::from_secs(946_684_800);
    let epoch = SystemTime::UNIX_EPOCH + POSTGRES_EPOCH;
    let distance = Duration::from_micros(micros.unsigned_abs());
    let moved = if micros < 0 { epoch.checked_sub(distance) } else { epoch.checked_add(distance) };
    moved.unwrap_or(epoch)
}

fn malformed() -> Error {
    Error::new(ErrorKind::Fatal, "the server sent a replication message that is not pgoutput protocol version 1")
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count).ok_or_else(malformed)?;
        self.0 = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or_else(malformed)?;
        self.0 = rest;
        Ok(*head)
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }

    fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    fn u64(&mut self) -> Result<u64> {
        Ok(u64::from_be_bytes(self.array()?))
    }

    fn expect(&mut self, byte: u8) -> Result<()> {
        if self.byte()? == byte { Ok(()) } else { Err(malformed()) }
    }

    fn text(&mut self) -> Result<String> {
        let end = self.0.iter().position(|byte| *byte == 0).ok_or_else(malformed)?;
        let text = self.take(end)?;
        self.byte()?;
        String::from_utf8(text.to_vec()).map_err(|_| malformed())
    }

    fn relation(&mut self) -> Result<Relation> {
        let oid = self.u32()?;
        let schema = self.text()?;
        let name = self.text()?;
        let identity = self.byte()?;
        let count = self.u16()?;
        let mut columns = Vec::new();
        for _ in 0..count {
            let key = self.byte()? & 1 == 1;
            let name = self.text()?;
            let type_oid = self.u32()?;
            self.u32()?;
            columns.push(RelationColumn { name, key, type_oid });
        }
        // The server leaves the schema empty for pg_catalog.
        let schema = if schema.is_empty() { "pg_catalog".to_owned() } else { schema };
        Ok(Relation { oid, schema, name, identity, columns })
    }

    fn tuple(&mut self) -> Result<Tuple<'a>> {
        let count = self.u16()?;
        let body = self.0;
        for _ in 0..count {
            self.cell()?;
        }
        Ok(Tuple { count, body: &body[..body.len() - self.0.len()] })
    }

    fn cell(&mut self) -> Result<Cell<'a>> {
        match self.byte()? {
            b'n' => Ok(Cell::Null),
            b'u' => Ok(Cell::Unchanged),
            kind @ (b't' | b'b') => {
                let length = self.u32()? as usize;
                let value = self.take(length)?;
                Ok(if kind == b't' { Cell::Text(value) } else { Cell::Binary(value) })
            }
            _ => Err(malformed()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `UPDATE` of relation 7 under FULL identity: ('a', NULL) -> ('b', unchanged).
    const UPDATE: &[u8] = b"U\0\0\0\x07O\0\x02t\0\0\0\x01anN\0\x02t\0\0\0\x01bu";

    #[test]
    fn an_update_carries_both_rows() {
        let Message::Update(update) = Message::parse(UPDATE).unwrap() else { panic!("not an update") };
        let (kind, old) = update.old.unwrap();
        assert_eq!((update.relation, kind), (7, OldKind::Full));
        assert_eq!(old.cells().collect::<Vec<_>>(), [Cell::Text(b"a"), Cell::Null]);
        assert_eq!(update.new.cells().collect::<Vec<_>>(), [Cell::Text(b"b"), Cell::Unchanged]);
    }

    #[test]
    fn every_truncation_and_every_extra_byte_is_an_error() {
        for length in 0..UPDATE.len() {
            assert!(Message::parse(&UPDATE[..length]).is_err(), "{length} bytes");
        }
        assert!(Message::parse(&[UPDATE, b"x"].concat()).is_err());
    }

    #[test]
    fn noise_is_an_error_and_not_a_panic() {
        let mut state = 0x9E37_79B9_u32;
        for round in 0..20_000 {
            let mut bytes = Vec::new();
            for _ in 0..round % 60 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                bytes.push((state >> 24) as u8);
            }
            bytes.insert(0, b"BCRIUDTOYM"[round % 10]);
            let _ = Message::parse(&bytes);
        }
    }

    #[test]
    fn times_count_from_the_year_2000() {
        assert_eq!(time(0).duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs(), 946_684_800);
        let _ = (time(i64::MAX), time(i64::MIN));
    }
}
