//! The event that describes a table before its rows. In: its body. Out: the columns with their types, and, where the server
//! logs full metadata, their names, signs, character sets, labels, and which of them identify a row.

use super::bytes::Reader;
use super::charset::Charset;
use super::column::Type;
use super::gtid::Flavour;
use super::refusal::{Refusal, Result};

/// A table as the rows that follow are written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    pub(super) database: String,
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// Whether the log named the columns.
    pub(super) named: bool,
}

/// One of its columns.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Type,
    pub(super) unsigned: bool,
    /// Of its text; none where the log does not say.
    pub(super) collation: Option<u64>,
    /// Of an ENUM or a SET.
    pub(super) labels: Vec<Vec<u8>>,
    /// Part of the primary key.
    pub(super) key: bool,
    /// `SELECT *` shows it.
    pub(super) visible: bool,
}

const WHAT: &str = "the description of a table";

/// A table's number, and what has to be read only if the table is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head<'a> {
    pub(super) id: u64,
    pub(super) database: &'a str,
    pub(super) name: &'a str,
    rest: Reader<'a>,
}

/// Reads which table it is.
pub(super) fn head(body: &[u8]) -> Result<Head<'_>> {
    let mut reader = Reader::new(body, WHAT);
    let id = reader.little(6)?;
    reader.u16()?;
    let database = reader.name()?;
    let name = reader.name()?;
    Ok(Head { id, database, name, rest: reader })
}

/// Reads the columns, as servers of this kind describe them.
pub(super) fn table(head: Head<'_>, flavour: Flavour) -> Result<Table> {
    let mut reader = head.rest;
    let count = reader.packed_length()?;
    let types = reader.take(count)?;
    let mut meta = Reader::new(reader.packed_bytes()?, WHAT);
    let mut columns = Vec::with_capacity(count);
    for number in types {
        columns.push(Column {
            name: String::new(),
            kind: Type::read(*number, &mut meta)?,
            unsigned: false,
            collation: None,
            labels: Vec::new(),
            key: false,
            visible: true,
        });
    }
    meta.end()?;
    reader.bits(count)?;
    let mut table = Table { database: head.database.into(), name: head.name.into(), columns, named: false };
    while !reader.is_empty() {
        let field = reader.u8()?;
        let value = Reader::new(reader.packed_bytes()?, WHAT);
        optional(&mut table, field, value, flavour)?;
    }
    Ok(table)
}

/// One field of the metadata that a server may leave out.
fn optional(table: &mut Table, field: u8, mut value: Reader<'_>, flavour: Flavour) -> Result<()> {
    const LABELS_OF_SETS: u8 = 5;
    let character = |column: &Column| column.kind.has_collation(flavour);
    let labelled = |column: &Column| matches!(column.kind, Type::Enum { .. } | Type::Set { .. });
    match field {
        1 => flags(table, &mut value, |column| column.kind.is_numeric(), |column, set| column.unsigned = set)?,
        2 => default_collation(table, &mut value, character)?,
        3 => collations(table, &mut value, character)?,
        4 => {
            for column in &mut table.columns {
                column.name = value.packed_text()?.to_owned();
            }
            table.named = true;
        }
        LABELS_OF_SETS | 6 => {
            for column in &mut table.columns {
                let of_set = matches!(column.kind, Type::Set { .. });
                if labelled(column) && of_set == (field == LABELS_OF_SETS) {
                    column.labels = labels(&mut value)?;
                }
            }
        }
        8 => {
            while !value.is_empty() {
                key(table, &mut value)?;
            }
        }
        // A key of prefixes identifies a row no less.
        9 => {
            while !value.is_empty() {
                key(table, &mut value)?;
                value.packed()?;
            }
        }
        10 => default_collation(table, &mut value, labelled)?,
        11 => collations(table, &mut value, labelled)?,
        12 => flags(table, &mut value, |_| true, |column, set| column.visible = set)?,
        // The types of geometries, the length of vectors: they change nothing of how a value is read.
        7 | 13 => drop(value.rest()),
        _ => return Err(Refusal::Content(WHAT)),
    }
    value.end()
}

/// A bit for each column of a kind, the highest first.
fn flags(
    table: &mut Table,
    value: &mut Reader<'_>,
    concerned: impl Fn(&Column) -> bool,
    mut set: impl FnMut(&mut Column, bool),
) -> Result<()> {
    let concerned: Vec<&mut Column> = table.columns.iter_mut().filter(|column| concerned(column)).collect();
    let bytes = value.take(concerned.len().div_ceil(8))?;
    for (at, column) in concerned.into_iter().enumerate() {
        set(column, bytes.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1));
    }
    Ok(())
}

/// One collation for all columns of a kind, then those that have another one, counted among them.
fn default_collation(table: &mut Table, value: &mut Reader<'_>, concerned: impl Fn(&Column) -> bool) -> Result<()> {
    let mut concerned: Vec<&mut Column> = table.columns.iter_mut().filter(|column| concerned(column)).collect();
    let common = value.packed()?;
    for column in &mut concerned {
        column.collation = Some(common);
    }
    while !value.is_empty() {
        let at = value.packed_length()?;
        let collation = value.packed()?;
        concerned.get_mut(at).ok_or_else(|| value.wrong())?.collation = Some(collation);
    }
    Ok(())
}

/// One collation for each column of a kind.
fn collations(table: &mut Table, value: &mut Reader<'_>, concerned: impl Fn(&Column) -> bool) -> Result<()> {
    for column in table.columns.iter_mut().filter(|column| concerned(column)) {
        column.collation = Some(value.packed()?);
    }
    Ok(())
}

fn labels(value: &mut Reader<'_>) -> Result<Vec<Vec<u8>>> {
    let count = value.packed_length()?;
    // Kept as they came: their character set is known when they are used. Each takes a byte at least.
    if count > value.left() {
        return Err(value.short());
    }
    (0..count).map(|_| value.packed_bytes().map(<[u8]>::to_vec)).collect()
}

fn key(table: &mut Table, value: &mut Reader<'_>) -> Result<()> {
    let at = value.packed_length()?;
    table.columns.get_mut(at).ok_or_else(|| value.wrong())?.key = true;
    Ok(())
}

impl Column {
    /// How its text is read.
    pub(super) fn charset(&self) -> Option<Charset> {
        self.collation.and_then(Charset::of)
    }
}
