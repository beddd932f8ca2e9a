//! Rows as byte slices, away from any driver's types. In: what a statement returns. Out: cells by position. One buffer
//! for all rows of a statement.

/// The rows of one statement.
#[derive(Debug, Default)]
pub(super) struct Rows {
    bytes: Vec<u8>,
    /// Where each cell ends in `bytes`; NULL is marked in the top bit.
    ends: Vec<usize>,
    width: usize,
}

const NULL: usize = 1 << (usize::BITS - 1);

impl Rows {
    /// No rows of this many columns.
    pub(super) fn new(width: usize) -> Self {
        Self { bytes: Vec::new(), ends: Vec::new(), width }
    }

    /// Adds the next cell.
    pub(super) fn push(&mut self, value: Option<&[u8]>) {
        match value {
            Some(value) => {
                self.bytes.extend_from_slice(value);
                self.ends.push(self.bytes.len());
            }
            None => self.ends.push(self.bytes.len() | NULL),
        }
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len().checked_div(self.width).unwrap_or(0)
    }

    /// A cell; `None` is NULL.
    pub(super) fn get(&self, row: usize, column: usize) -> Option<&[u8]> {
        let position = row * self.width + column;
        let end = self.ends[position];
        if end & NULL != 0 {
            return None;
        }
        let start = position.checked_sub(1).map_or(0, |before| self.ends[before] & !NULL);
        Some(&self.bytes[start..end])
    }
}
