//! What a level is asked for, and what comes back. In: rows of the parent, or of a join table. Out: each distinct link
//! value once, as binary arrays; rows grouped by the ordinal of the value that found them.
//!
//! No equality is decided here: rows belong to a link value because the database returned its ordinal.

use super::distinct::Distinct;
use super::layout::Level;
use super::param::{ArrayWriter, Param};
use super::render::{self, Malformed};
use super::rows::Rows;
use crate::Result;
use std::ops::Range;

/// Link values: each distinct tuple once.
#[derive(Debug, Default)]
pub(crate) struct Links {
    tuples: Distinct,
    /// Per row they were collected from: which tuple, or none where a value is NULL.
    of_row: Vec<Option<usize>>,
}

impl Links {
    /// Collects the values that stand in these columns.
    pub(crate) fn collect(rows: &Rows, columns: impl Iterator<Item = usize> + Clone) -> Self {
        let mut links = Self::default();
        links.of_row.reserve(rows.len());
        for row in 0..rows.len() {
            let linked = links.tuples.insert(|bytes| {
                for column in columns.clone() {
                    let value = rows.value(row, column).ok_or(())?;
                    bytes.extend_from_slice(&(value.len() as u32).to_be_bytes());
                    bytes.extend_from_slice(value);
                }
                Ok::<(), ()>(())
            });
            links.of_row.push(linked.ok().map(|(number, _)| number));
        }
        links
    }

    pub(crate) fn len(&self) -> usize {
        self.tuples.len()
    }

    /// The bytes of a tuple; equal for the same values of the same types.
    pub(crate) fn tuple(&self, number: usize) -> &[u8] {
        self.tuples.get(number)
    }

    /// The tuple of a row.
    pub(crate) fn of_row(&self, row: usize) -> Option<usize> {
        self.of_row[row]
    }

    /// One binary array per column, of these tuples.
    pub(crate) fn arrays(&self, numbers: &[usize], elements: &[u32]) -> Vec<Param> {
        let mut arrays: Vec<ArrayWriter> = elements.iter().map(|element| ArrayWriter::new(*element)).collect();
        for number in numbers {
            let mut rest = self.tuples.get(*number);
            for array in &mut arrays {
                let Some((head, tail)) = rest.split_first_chunk::<4>() else { break };
                let (value, tail) = tail.split_at(u32::from_be_bytes(*head) as usize);
                array.push(value);
                rest = tail;
            }
        }
        arrays.into_iter().map(ArrayWriter::finish).collect()
    }
}

/// Rows that were found, in the order of what was asked.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) of: Of,
    pub(crate) rows: Rows,
}

/// How rows say what they were found by, in column 0.
#[derive(Debug)]
pub(crate) enum Of {
    /// By the ordinal within the statement, from 1. Per statement that was run: where its rows begin, and how many tuples
    /// were asked before it.
    Ordinal(Vec<(usize, usize)>),
    /// By the value itself, where equal values have equal bytes. Per row the tuple; [`NOBODY`] for a row that hangs on a
    /// value nobody asked for.
    Value(Vec<u32>),
}

/// Belongs to no tuple.
pub(crate) const NOBODY: u32 = u32::MAX;

impl Found {
    /// Rows of a range, each with the value it hangs on in column 0.
    pub(crate) fn by_value(rows: Rows, links: &Links) -> Self {
        let mut tuple = Vec::new();
        let of = (0..rows.len()).map(|row| {
            let value = rows.value(row, 0)?;
            tuple.clear();
            tuple.extend_from_slice(&(value.len() as u32).to_be_bytes());
            tuple.extend_from_slice(value);
            links.tuples.find(&tuple)
        });
        let of = of.map(|number| number.map_or(NOBODY, |number| number as u32)).collect();
        Self { of: Of::Value(of), rows }
    }
}

/// Walks over what was asked, in order.
pub(crate) struct Groups<'a> {
    level: &'a Level,
    found: &'a Found,
    chunk: usize,
    row: usize,
    asked: usize,
}

impl<'a> Groups<'a> {
    pub(crate) fn new(level: &'a Level, found: &'a Found) -> Self {
        Self { level, found, chunk: 0, row: 0, asked: 0 }
    }

    /// The rows of the next tuple that was asked.
    pub(crate) fn next(&mut self) -> Result<Range<usize>> {
        self.skip();
        let start = self.row;
        while self.row < self.found.rows.len() && self.tuple_of(self.row)? == self.asked {
            self.row += 1;
        }
        self.asked += 1;
        Ok(start..self.row)
    }

    /// That no row is left over.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.skip();
        if self.row == self.found.rows.len() { Ok(()) } else { Err(self.level.malformed("the order of the rows")) }
    }

    /// Rows of nobody stand between those of two tuples: they hang on another value.
    fn skip(&mut self) {
        if let Of::Value(numbers) = &self.found.of {
            while numbers.get(self.row) == Some(&NOBODY) {
                self.row += 1;
            }
        }
    }

    fn tuple_of(&mut self, row: usize) -> Result<usize> {
        let chunks = match &self.found.of {
            Of::Value(numbers) => return Ok(numbers[row] as usize),
            Of::Ordinal(chunks) => chunks,
        };
        while chunks.get(self.chunk + 1).is_some_and(|(start, _)| *start <= row) {
            self.chunk += 1;
        }
        let before = chunks.get(self.chunk).map_or(0, |(_, before)| *before);
        match ordinal(&self.found.rows, row) {
            Ok(ordinal) => Ok(before + ordinal - 1),
            Err(Malformed) => Err(self.level.malformed("the ordinal")),
        }
    }
}

/// The ordinal in column 0, from 1.
fn ordinal(rows: &Rows, row: usize) -> std::result::Result<usize, Malformed> {
    let bytes = rows.value(row, 0).ok_or(Malformed)?;
    let ordinal = i64::from_be_bytes(render::fixed(bytes)?);
    usize::try_from(ordinal).ok().filter(|ordinal| *ordinal > 0).ok_or(Malformed)
}
