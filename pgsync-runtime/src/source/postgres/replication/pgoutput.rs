//! Decodes `pgoutput` messages, protocol version 1. In: the payload of a data frame. Out: a borrowed [`Message`].
//!
//! Nothing is copied but relations, which are kept by their reader. Malformed input is an error, never a panic.

use crate::source::postgres::Lsn;
use crate::{Error, ErrorKind, Result};

/// A message of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message<'a> {
    /// A transaction begins; it is sent whole, after its commit.
    Begin {
        /// Where the commit record starts.
        commit_lsn: Lsn,
        /// Commit time, microseconds since 2000-01-01 UTC.
        committed_at: i64,
        /// The top-level transaction id, 32 bits.
        xid: u32,
    },
    /// The transaction's end.
    Commit {
        /// Where the commit record starts.
        commit_lsn: Lsn,
        /// Where it ends: what is acknowledged.
        end_lsn: Lsn,
        /// Commit time, microseconds since 2000-01-01 UTC.
        committed_at: i64,
    },
    /// Describes a table, before its first change and after each change of its shape. Boxed, so that the messages of rows,
    /// which are many, are small.
    Relation(Box<Relation>),
    /// A new row.
    Insert {
        /// Oid of the table.
        relation: u32,
        /// The row.
        new: Tuple<'a>,
    },
    /// A changed row.
    Update {
        /// Oid of the table.
        relation: u32,
        /// What is known of the row before: its key where that changed, all of it under `REPLICA IDENTITY FULL`.
        old: Option<(OldKind, Tuple<'a>)>,
        /// The row.
        new: Tuple<'a>,
    },
    /// A removed row.
    Delete {
        /// Oid of the table.
        relation: u32,
        /// What `old` holds.
        kind: OldKind,
        /// What is known of the row.
        old: Tuple<'a>,
    },
    /// Emptied tables.
    Truncate {
        /// `CASCADE` was given.
        cascade: bool,
        /// `RESTART IDENTITY` was given.
        restart_identity: bool,
        /// Oids of the tables.
        relations: Vec<u32>,
    },
    /// The transaction was replicated to this server.
    Origin {
        /// Commit position at the origin.
        lsn: Lsn,
        /// Name of the origin.
        name: &'a str,
    },
    /// Names a type that is not built in.
    Type {
        /// Oid of the type.
        oid: u32,
        /// Its schema.
        schema: &'a str,
        /// Its name.
        name: &'a str,
    },
    /// `pg_logical_emit_message`.
    Message {
        /// Whether it is part of the transaction.
        transactional: bool,
        /// Its position.
        lsn: Lsn,
        /// Its prefix.
        prefix: &'a str,
        /// Its content.
        content: &'a [u8],
    },
}

/// What an old tuple holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OldKind {
    /// The columns of the replica identity; the others read as NULL.
    Key,
    /// The whole row.
    Full,
}

/// A table as the stream describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Oid.
    pub oid: u32,
    /// Schema.
    pub schema: String,
    /// Name.
    pub name: String,
    /// `d`efault, `n`othing, `f`ull or `i`ndex.
    pub replica_identity: char,
    /// The columns that are sent, in the order of a tuple's cells.
    pub columns: Vec<Column>,
}

/// A column of a [`Relation`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Part of the replica identity.
    pub key: bool,
    /// Name.
    pub name: String,
    /// Oid of the type.
    pub type_oid: u32,
    /// Type modifier, -1 without one.
    pub type_modifier: i32,
}

/// A value of a [`Tuple`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// NULL, or a column that an old key does not hold.
    Null,
    /// A value stored out of line that did not change and was not sent.
    Unchanged,
    /// The type's text form.
    Text(&'a [u8]),
    /// The type's binary form.
    Binary(&'a [u8]),
}

/// A row; its cells were checked when it was decoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Tuple<'a> {
    columns: u16,
    data: &'a [u8],
}

/// Not the values: they belong in no log.
impl std::fmt::Debug for Tuple<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tuple({} columns)", self.columns)
    }
}

impl<'a> Tuple<'a> {
    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.columns.into()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.columns == 0
    }

    /// The cells, in the order of the relation's columns.
    #[inline]
    pub fn iter(&self) -> Cells<'a> {
        Cells(Input(self.data))
    }

    /// One cell. Walks over those before it.
    pub fn get(&self, index: usize) -> Option<Cell<'a>> {
        self.iter().nth(index)
    }
}

impl<'a> IntoIterator for Tuple<'a> {
    type Item = Cell<'a>;
    type IntoIter = Cells<'a>;

    fn into_iter(self) -> Cells<'a> {
        self.iter()
    }
}

/// Iterator over the cells of a [`Tuple`].
#[derive(Debug, Clone)]
pub struct Cells<'a>(Input<'a>);

impl<'a> Iterator for Cells<'a> {
    type Item = Cell<'a>;

    #[inline]
    fn next(&mut self) -> Option<Cell<'a>> {
        self.0.cell()
    }
}

/// Decodes a payload.
#[inline]
pub fn decode(payload: &[u8]) -> Result<Message<'_>> {
    let Some((tag, rest)) = payload.split_first() else { return Err(malformed(payload)) };
    let mut input = Input(rest);
    match input.message(*tag) {
        Some(message) if input.0.is_empty() => Ok(message),
        _ => Err(malformed(payload)),
    }
}

/// The kind of the message and its length, not its content.
#[cold]
fn malformed(payload: &[u8]) -> Error {
    let kind = payload.first().map_or_else(|| "empty".to_owned(), |tag| format!("`{}`", tag.escape_ascii()));
    Error::new(
        ErrorKind::Fatal,
        format!("a {kind} message of {} bytes in the replication stream is malformed", payload.len()),
    )
}

/// What is left to decode. Every method is `None` where it ends early or holds what it must not.
#[derive(Clone, Copy)]
struct Input<'a>(&'a [u8]);

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl<'a> Input<'a> {
    #[inline]
    fn message(&mut self, tag: u8) -> Option<Message<'a>> {
        Some(match tag {
            b'B' => Message::Begin { commit_lsn: self.lsn()?, committed_at: self.i64()?, xid: self.u32()? },
            b'C' => {
                self.u8()?;
                Message::Commit { commit_lsn: self.lsn()?, end_lsn: self.lsn()?, committed_at: self.i64()? }
            }
            b'R' => Message::Relation(Box::new(self.relation()?)),
            b'I' => {
                let relation = self.u32()?;
                self.expect(b'N')?;
                Message::Insert { relation, new: self.tuple()? }
            }
            b'U' => {
                let relation = self.u32()?;
                let old = match self.u8()? {
                    b'N' => None,
                    kind => {
                        let old = (old_kind(kind)?, self.tuple()?);
                        self.expect(b'N')?;
                        Some(old)
                    }
                };
                Message::Update { relation, old, new: self.tuple()? }
            }
            b'D' => {
                let relation = self.u32()?;
                let kind = old_kind(self.u8()?)?;
                Message::Delete { relation, kind, old: self.tuple()? }
            }
            b'T' => {
                let count = self.u32()?;
                let options = self.u8()?;
                // No capacity from an unchecked count.
                let relations = (0..count).map(|_| self.u32()).collect::<Option<_>>()?;
                Message::Truncate { cascade: options & 1 != 0, restart_identity: options & 2 != 0, relations }
            }
            b'O' => Message::Origin { lsn: self.lsn()?, name: self.text()? },
            b'Y' => Message::Type { oid: self.u32()?, schema: self.schema()?, name: self.text()? },
            b'M' => {
                let transactional = self.u8()? & 1 != 0;
                let (lsn, prefix, length) = (self.lsn()?, self.text()?, self.u32()?);
                Message::Message { transactional, lsn, prefix, content: self.take(length as usize)? }
            }
            _ => return None,
        })
    }

    fn relation(&mut self) -> Option<Relation> {
        let oid = self.u32()?;
        let schema = self.schema()?.to_owned();
        let name = self.text()?.to_owned();
        let replica_identity = self.u8()?.into();
        let count = self.u16()?;
        let columns = (0..count)
            .map(|_| {
                Some(Column {
                    key: self.u8()? & 1 != 0,
                    name: self.text()?.to_owned(),
                    type_oid: self.u32()?,
                    type_modifier: self.u32()?.cast_signed(),
                })
            })
            .collect::<Option<_>>()?;
        Some(Relation { oid, schema, name, replica_identity, columns })
    }

    fn tuple(&mut self) -> Option<Tuple<'a>> {
        let columns = self.u16()?;
        let start = self.0;
        for _ in 0..columns {
            self.cell()?;
        }
        Some(Tuple { columns, data: &start[..start.len() - self.0.len()] })
    }

    #[inline]
    fn cell(&mut self) -> Option<Cell<'a>> {
        // Kind and length at once: nearly every cell is a value.
        if let Some((&[kind @ (b't' | b'b'), length @ ..], rest)) = self.0.split_first_chunk::<5>() {
            let (value, rest) = rest.split_at_checked(u32::from_be_bytes(length) as usize)?;
            self.0 = rest;
            return Some(if kind == b't' { Cell::Text(value) } else { Cell::Binary(value) });
        }
        match self.u8()? {
            b'n' => Some(Cell::Null),
            b'u' => Some(Cell::Unchanged),
            _ => None,
        }
    }

    /// A schema's name; the system catalogue's is sent as an empty string.
    fn schema(&mut self) -> Option<&'a str> {
        self.text().map(|name| if name.is_empty() { "pg_catalog" } else { name })
    }

    fn text(&mut self) -> Option<&'a str> {
        let end = self.0.iter().position(|byte| *byte == 0)?;
        let text = self.take(end)?;
        self.u8()?;
        std::str::from_utf8(text).ok()
    }

    fn expect(&mut self, wanted: u8) -> Option<()> {
        (self.u8()? == wanted).then_some(())
    }

    fn lsn(&mut self) -> Option<Lsn> {
        self.array().map(|bytes| Lsn(u64::from_be_bytes(bytes)))
    }

    fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_be_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    fn u8(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }
}

fn old_kind(tag: u8) -> Option<OldKind> {
    match tag {
        b'K' => Some(OldKind::Key),
        b'O' => Some(OldKind::Full),
        _ => None,
    }
}
