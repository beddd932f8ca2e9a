//! Rows as bytes: one buffer for all values of a statement's answer. In: values as they came over the wire. Out: slices
//! of them. No driver's type is known beyond this point.

/// Bytes of bookkeeping per value: where it ends, and its part of what is kept per row while rows are grouped and linked.
const PER_VALUE: usize = size_of::<usize>() + 16;
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

    /// Keeps only the rows that are marked.
    pub(crate) fn retain(&mut self, keep: &[bool]) {
        if keep.iter().all(|keep| *keep) {
            return;
        }
        let (mut bytes, mut values) = (0, 0);
        for row in keep.iter().enumerate().filter_map(|(row, keep)| keep.then_some(row)) {
            for position in row * self.width..(row + 1) * self.width {
                let start = position.checked_sub(1).map_or(0, |before| self.ends[before] & !NULL);
                let (end, null) = (self.ends[position] & !NULL, self.ends[position] & NULL);
                self.data.copy_within(start..end, bytes);
                bytes += end - start;
                self.ends[values] = bytes | null;
                values += 1;
            }
        }
        self.data.truncate(bytes);
        self.ends.truncate(values);
    }

    /// Bytes held, what is made of the rows to put them together included.
    pub(crate) fn bytes(&self) -> usize {
        self.data.len() + self.ends.len() * PER_VALUE
    }

    /// Bytes of all values.
    pub(crate) fn value_bytes(&self) -> usize {
        self.data.len()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_moves_up() {
        let rows = || {
            let mut rows = Rows::new(2);
            for row in [[Some("a"), None], [Some("bb"), Some("")], [None, Some("ccc")], [Some("d"), Some("e")]] {
                row.iter().for_each(|value| rows.push(value.map(str::as_bytes)));
            }
            rows
        };
        for mask in 0..16 {
            let keep: Vec<bool> = (0..4).map(|row| mask & (1 << row) != 0).collect();
            let (all, mut kept) = (rows(), rows());
            kept.retain(&keep);
            let expected: Vec<usize> = (0..4).filter(|row| keep[*row]).collect();
            assert_eq!(kept.len(), expected.len());
            for (now, before) in expected.into_iter().enumerate() {
                for column in 0..2 {
                    assert_eq!(kept.value(now, column), all.value(before, column), "{mask:b}");
                }
            }
        }
    }
}
