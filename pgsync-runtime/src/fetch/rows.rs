//! Rows as bytes: one buffer for all values of a statement's answer. In: values as they came over the wire. Out: slices
//! of them. No driver's type is known beyond this point.

/// Marks the end of a value that is NULL.
const NULL: usize = 1 << (usize::BITS - 1);

/// Rows of one statement, `width` values each.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    width: usize,
    data: Vec<u8>,
    /// Where each value ends, all rows one after the other.
    ends: Vec<usize>,
}

impl Rows {
    pub(crate) fn new(width: usize) -> Self {
        Self { width, data: Vec::new(), ends: Vec::new() }
    }

    /// Adds the next value of the row at hand.
    pub(crate) fn push(&mut self, value: Option<&[u8]>) {
        if let Some(value) = value {
            self.data.extend_from_slice(value);
        }
        self.ends.push(self.data.len() | if value.is_none() { NULL } else { 0 });
    }

    /// Adds a row of another answer of the same width.
    pub(crate) fn push_row(&mut self, from: &Self, row: usize) {
        for column in 0..self.width {
            self.push(from.value(row, column));
        }
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        self.data.len() + self.ends.len() * size_of::<usize>()
    }

    /// Values per row.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len().checked_div(self.width).unwrap_or(0)
    }

    pub(crate) fn value(&self, row: usize, column: usize) -> Option<&[u8]> {
        let position = row * self.width + column;
        let start = position.checked_sub(1).map_or(0, |before| self.ends[before] & !NULL);
        let end = self.ends[position];
        (end & NULL == 0).then(|| &self.data[start..end])
    }
}
