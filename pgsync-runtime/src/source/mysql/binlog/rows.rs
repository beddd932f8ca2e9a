//! The rows of an event. In: its body and the table it is of. Out: for each row the values of the wanted columns, before and
//! after; the others are passed over by their lengths.

use super::bytes::{Bits, Reader};
use super::column::Type;
use super::kind::{Change, Rows};
use super::refusal::{Refusal, Result};
use super::table::Table;
use super::{inflate, value};
use crate::source::{Cell, RelationId, Tuple};
use std::ops::Range;

/// A changed row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its table.
    pub relation: RelationId,
    /// The row before; none for an insert.
    pub before: Option<Image>,
    /// The row after; none for a delete.
    pub after: Option<Image>,
}

impl Row {
    /// Whether a value is another one afterwards, as far as both are known.
    pub(super) fn is_another(&self) -> bool {
        let (Some(before), Some(after)) = (&self.before, &self.after) else { return true };
        before.cells().zip(after.cells()).any(|(before, after)| after != Cell::Unchanged && before != after)
    }
}

/// The wanted values of a row, in the order of its relation's columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Image {
    text: Vec<u8>,
    slots: Vec<Slot>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Slot {
    Value(Range<usize>),
    Null,
    Unchanged,
    Absent,
}

impl<'a> Tuple<'a> for &'a Image {
    fn cells(self) -> impl Iterator<Item = Cell<'a>> {
        self.slots.iter().map(|slot| match slot {
            Slot::Value(range) => self.text.get(range.clone()).map_or(Cell::Absent, Cell::Value),
            Slot::Null => Cell::Null,
            Slot::Unchanged => Cell::Unchanged,
            Slot::Absent => Cell::Absent,
        })
    }
}

const WHAT: &str = "a change of rows";

/// What an event of rows says before them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head<'a> {
    pub(super) table: u64,
    /// The last rows of a statement.
    pub(super) ends_statement: bool,
    rest: Reader<'a>,
}

/// Reads which table it is of.
pub(super) fn head(kind: Rows, body: &[u8]) -> Result<Head<'_>> {
    let mut reader = Reader::new(body, WHAT);
    let table = reader.little(6)?;
    let flags = reader.u16()?;
    if kind.second {
        // Its length counts itself.
        let extra = usize::from(reader.u16()?);
        reader.take(extra.checked_sub(2).ok_or_else(|| reader.wrong())?)?;
    }
    Ok(Head { table, ends_statement: flags & 1 != 0, rest: reader })
}

/// Reads the rows; `wanted` are the places of columns in the table, in order.
pub(super) fn rows(
    kind: Rows,
    head: Head<'_>,
    table: &Table,
    relation: RelationId,
    wanted: &[usize],
    mut take: impl FnMut(Row),
) -> Result<()> {
    let mut reader = head.rest;
    let width = reader.packed_length()?;
    if width != table.columns.len() {
        return Err(Refusal::Content(WHAT));
    }
    let first = reader.bits(width)?;
    let second = if kind.change == Change::Update { Some(reader.bits(width)?) } else { None };
    let inflated;
    if kind.compressed {
        inflated = inflate::deflated(reader.rest(), WHAT)?;
        reader = Reader::new(&inflated, WHAT);
    }
    let read =
        |reader: &mut Reader<'_>, present, missing, partial| image(reader, table, wanted, present, missing, partial);
    while !reader.is_empty() {
        let before_row = reader.left();
        let (before, after) = match kind.change {
            Change::Write => (None, Some(read(&mut reader, first, Slot::Absent, false)?)),
            Change::Delete => (Some(read(&mut reader, first, Slot::Absent, false)?), None),
            Change::Update => {
                let before = read(&mut reader, first, Slot::Absent, false)?;
                // What an update does not log of the row after it, it did not touch.
                let after = read(&mut reader, second.unwrap_or(first), Slot::Unchanged, kind.partial)?;
                (Some(before), Some(after))
            }
        };
        // Rows without any logged column: they would never end.
        if reader.left() == before_row {
            return Err(Refusal::Content(WHAT));
        }
        take(Row { relation, before, after });
    }
    Ok(())
}

fn image(
    reader: &mut Reader<'_>,
    table: &Table,
    wanted: &[usize],
    present: Bits<'_>,
    missing: Slot,
    partial: bool,
) -> Result<Image> {
    const PARTIAL_JSON: u64 = 1;
    if partial && reader.packed()? & PARTIAL_JSON != 0 {
        // Which JSON values are differences: these have a length before them like the others, and are passed over as they.
        let json = table.columns.iter().filter(|column| matches!(column.kind, Type::Json { .. })).count();
        reader.bits(json)?;
    }
    let width = table.columns.len();
    let nulls = reader.bits(present.count(width))?;
    let mut image = Image { text: Vec::new(), slots: Vec::with_capacity(wanted.len()) };
    let mut wanted = wanted.iter().copied().peekable();
    let mut logged = 0;
    for (at, column) in table.columns.iter().enumerate() {
        let is_wanted = wanted.next_if_eq(&at).is_some();
        let slot = if !present.has(at) {
            missing.clone()
        } else {
            let null = nulls.has(logged);
            logged += 1;
            if null {
                Slot::Null
            } else {
                let bytes = column.kind.value(reader)?;
                if !is_wanted {
                    continue;
                }
                let begin = image.text.len();
                value::write(table, column, bytes, &mut image.text)?;
                Slot::Value(begin..image.text.len())
            }
        };
        if is_wanted {
            image.slots.push(slot);
        }
    }
    Ok(image)
}
