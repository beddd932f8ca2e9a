//! What a level is asked for, and what comes back. In: rows of the parent, or of a join table. Out: each distinct link
//! value once; rows grouped by the value that found them, in order.
//!
//! No equality is decided here: rows belong to a link value because the database returned its ordinal, or, where the
//! compiler knows that equal values have equal bytes, the value itself.

use super::distinct::Distinct;
use super::render::{self, Malformed};
use super::rows::Rows;
use pgsync_plan::{ByteOrder, OrderColumn};
use std::cmp::Ordering;
use std::ops::Range;

/// Link values: each distinct tuple once.
#[derive(Debug, Default)]
pub struct LinkKeys {
    tuples: Distinct,
    /// Per row they were collected from: which tuple, or none where a value is NULL.
    of_row: Vec<Option<usize>>,
}

impl LinkKeys {
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

    /// Per row the number of its tuple, as [`GroupedRows`] has them.
    pub(crate) fn of_rows(&self) -> Vec<u32> {
        self.of_row.iter().map(|tuple| tuple.map_or(NOBODY, |tuple| tuple as u32)).collect()
    }

    /// The values of a tuple.
    pub(crate) fn values(&self, number: usize) -> impl Iterator<Item = &[u8]> {
        let mut rest = self.tuples.get(number);
        std::iter::from_fn(move || {
            let (head, tail) = rest.split_first_chunk::<4>()?;
            let (value, tail) = tail.split_at(u32::from_be_bytes(*head) as usize);
            rest = tail;
            Some(value)
        })
    }
}

/// Rows that were found, grouped by the tuple that found them and in order within it.
#[derive(Debug)]
pub(crate) struct GroupedRows {
    /// As they came.
    pub(crate) rows: Rows,
    /// Per row the tuple; [`NOBODY`] for a row that hangs on a value nobody asked for.
    tuples: Vec<u32>,
    /// The rows by tuple and key; empty where that is how they came.
    order: Vec<u32>,
}

/// Belongs to no tuple.
pub(crate) const NOBODY: u32 = u32::MAX;

impl GroupedRows {
    /// Rows and their tuples. `by` are the columns behind the first that order rows of one tuple; without them they stay
    /// as they came.
    pub(crate) fn new(rows: Rows, tuples: Vec<u32>, by: &[OrderColumn]) -> Self {
        // What decides most comparisons stands side by side.
        let head = |row: usize| by.first().map_or(0, |first| head(first.bytes, rows.value(row, first.position + 1)));
        let mut keys: Vec<(u32, u64, u32)> =
            (0..).zip(&tuples).map(|(row, tuple)| (*tuple, head(row as usize), row)).collect();
        let values = |a: u32, b: u32, column: &OrderColumn| {
            let value = |row: u32| rows.value(row as usize, column.position + 1);
            compare(column.bytes, value(a), value(b))
        };
        let compare = |a: &(u32, u64, u32), b: &(u32, u64, u32)| {
            (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| {
                by.iter().fold(Ordering::Equal, |order, column| order.then_with(|| values(a.2, b.2, column)))
            })
        };
        // Indexes give rows in order more often than not.
        let sorted = keys.is_sorted_by(|a, b| compare(a, b) != Ordering::Greater);
        if !sorted {
            keys.sort_unstable_by(|a, b| compare(a, b).then(a.2.cmp(&b.2)));
        }
        let order = if sorted { Vec::new() } else { keys.into_iter().map(|(_, _, row)| row).collect() };
        Self { rows, tuples, order }
    }

    /// No rows.
    pub(crate) fn none() -> Self {
        Self::new(Rows::default(), Vec::new(), &[])
    }

    /// Rows of a range, each with the value it hangs on in column 0.
    pub(crate) fn by_value(rows: Rows, links: &LinkKeys, by: &[OrderColumn]) -> Self {
        let mut tuples: Vec<u32> = Vec::with_capacity(rows.len());
        let mut tuple = Vec::new();
        for row in 0..rows.len() {
            let value = rows.value(row, 0);
            // Rows of one value come one after the other.
            if let Some(before) = tuples.last().copied().filter(|_| rows.value(row - 1, 0) == value) {
                tuples.push(before);
                continue;
            }
            let number = value.and_then(|value| {
                tuple.clear();
                tuple.extend_from_slice(&(value.len() as u32).to_be_bytes());
                tuple.extend_from_slice(value);
                links.tuples.find(&tuple)
            });
            tuples.push(number.map_or(NOBODY, |number| number as u32));
        }
        Self::new(rows, tuples, by)
    }

    /// The row at a position of [`Groups::next`].
    pub(crate) fn row(&self, position: usize) -> usize {
        self.order.get(position).map_or(position, |row| *row as usize)
    }
}

/// Signed numbers are in order of their bytes once the sign is turned.
fn sign(order: ByteOrder) -> u8 {
    match order {
        ByteOrder::Signed => 0x80,
        ByteOrder::Unsigned => 0,
    }
}

/// The order of two values by their bytes; NULL is last.
fn compare(order: ByteOrder, a: Option<&[u8]>, b: Option<&[u8]>) -> Ordering {
    match (a, b) {
        (Some([first, rest @ ..]), Some([other, others @ ..])) => {
            (first ^ sign(order)).cmp(&(other ^ sign(order))).then_with(|| rest.cmp(others))
        }
        _ => a.is_none().cmp(&b.is_none()),
    }
}

/// The first bytes of a value as a number in the order of [`compare`].
fn head(order: ByteOrder, value: Option<&[u8]>) -> u64 {
    let Some(value) = value else { return u64::MAX };
    let mut bytes = [0; 8];
    let length = value.len().min(8);
    bytes[..length].copy_from_slice(&value[..length]);
    bytes[0] ^= sign(order);
    u64::from_be_bytes(bytes)
}

/// Walks over the tuples in order.
pub(crate) struct Groups<'a> {
    found: &'a GroupedRows,
    position: usize,
}

impl<'a> Groups<'a> {
    pub(crate) fn new(found: &'a GroupedRows) -> Self {
        Self { found, position: 0 }
    }

    /// The positions of a tuple's rows; tuples are asked in rising order.
    pub(crate) fn next(&mut self, tuple: usize) -> Range<usize> {
        let start = self.position;
        while self.found.tuples.get(self.found.row(self.position)).is_some_and(|found| *found as usize == tuple) {
            self.position += 1;
        }
        start..self.position
    }
}

/// The ordinal in column 0, from 1.
pub(crate) fn ordinal(rows: &Rows, row: usize) -> Result<usize, Malformed> {
    let bytes = rows.value(row, 0).ok_or(Malformed)?;
    let ordinal = i64::from_be_bytes(render::fixed(bytes)?);
    usize::try_from(ordinal).ok().filter(|ordinal| *ordinal > 0).ok_or(Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_grouped_and_ordered_by_their_bytes() {
        let mut rows = Rows::new(2);
        for (tuple, key) in
            [(1_u32, Some(7_i32)), (0, Some(-1)), (NOBODY, Some(0)), (1, None), (1, Some(-8)), (0, Some(-2))]
        {
            rows.push(Some(&tuple.to_be_bytes()));
            rows.push(key.map(i32::to_be_bytes).as_ref().map(<[u8; 4]>::as_slice));
        }
        let tuples = vec![1, 0, NOBODY, 1, 1, 0];
        let grouped = |by: &[OrderColumn]| {
            let mut copy = Rows::new(2);
            (0..rows.len() * 2).for_each(|value| copy.push(rows.value(value / 2, value % 2)));
            let found = GroupedRows::new(copy, tuples.clone(), by);
            let mut groups = Groups::new(&found);
            [0, 1, 2].map(|tuple| groups.next(tuple).map(|position| found.row(position)).collect::<Vec<_>>())
        };
        let by = [OrderColumn { position: 0, bytes: ByteOrder::Signed }];
        assert_eq!(grouped(&by), [vec![5, 1], vec![4, 0, 3], vec![]]);
        assert_eq!(grouped(&[]), [vec![1, 5], vec![0, 3, 4], vec![]]);
    }

    #[test]
    fn values_compare_as_the_database_compares_them() {
        let compare = |bytes, a: &[u8], b: &[u8]| {
            let order = compare(bytes, Some(a), Some(b));
            assert_eq!(head(bytes, Some(a)).cmp(&head(bytes, Some(b))), order);
            order
        };
        assert_eq!(compare(ByteOrder::Signed, &(-1_i16).to_be_bytes(), &1_i16.to_be_bytes()), Ordering::Less);
        assert_eq!(compare(ByteOrder::Signed, &i64::MIN.to_be_bytes(), &0_i64.to_be_bytes()), Ordering::Less);
        assert_eq!(compare(ByteOrder::Unsigned, &u32::MAX.to_be_bytes(), &1_u32.to_be_bytes()), Ordering::Greater);
        assert_eq!(compare(ByteOrder::Unsigned, &[0xff; 16], &[0x01; 16]), Ordering::Greater);
        assert_eq!(compare(ByteOrder::Unsigned, &[1], &[0]), Ordering::Greater);
        assert_eq!(super::compare(ByteOrder::Signed, None, Some(&[0; 4])), Ordering::Greater);
    }
}
