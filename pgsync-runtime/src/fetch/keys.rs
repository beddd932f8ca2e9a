//! Sets of key tuples in text form. In: link values and keys as the stream or a route delivers them. Out: each distinct
//! tuple once.
//!
//! Distinct means distinct *bytes*: two spellings that the database calls equal are two tuples here, which costs a
//! second look-up and nothing else. Whether two values are equal is never decided here.

use super::distinct::Distinct;
use std::convert::Infallible;
use std::ops::Range;

/// Distinct tuples of `arity` values; no value is NULL (a NULL links nothing). All of them stand in one buffer.
#[derive(Debug, Clone)]
pub struct KeySet {
    arity: usize,
    /// Each tuple: per value its length as four bytes, little-endian, then its bytes.
    tuples: Distinct,
}

impl KeySet {
    /// An empty set of tuples of this many values.
    pub fn new(arity: usize) -> Self {
        Self { arity, tuples: Distinct::default() }
    }

    /// Adds a tuple. Returns whether it was new.
    pub fn insert<'a>(&mut self, values: impl IntoIterator<Item = &'a [u8]>) -> bool {
        let mut count = 0;
        let inserted = self.tuples.insert(|out| {
            for value in values {
                out.extend_from_slice(&(value.len() as u32).to_le_bytes());
                out.extend_from_slice(value);
                count += 1;
            }
            Ok::<(), Infallible>(())
        });
        debug_assert_eq!(count, self.arity);
        let Ok((_, new)) = inserted;
        new
    }

    /// Adds a tuple whose values may be missing or fail: then nothing is added.
    pub(crate) fn try_insert<'a, E>(
        &mut self,
        values: impl IntoIterator<Item = Result<Option<&'a [u8]>, E>>,
    ) -> Result<(), E> {
        let inserted = self.tuples.insert(|out| {
            for value in values {
                let value = value.map_err(Some)?.ok_or(None)?;
                out.extend_from_slice(&(value.len() as u32).to_le_bytes());
                out.extend_from_slice(value);
            }
            Ok::<(), Option<E>>(())
        });
        match inserted {
            Err(Some(error)) => Err(error),
            Ok(_) | Err(None) => Ok(()),
        }
    }

    /// Adds every tuple of another set of the same arity.
    pub fn extend(&mut self, other: &Self) {
        for tuple in other.iter() {
            self.insert(tuple);
        }
    }

    /// How many values a tuple has.
    pub fn arity(&self) -> usize {
        self.arity
    }

    /// How many tuples there are.
    pub fn len(&self) -> usize {
        self.tuples.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.tuples.len() == 0
    }

    /// Bytes held, for memory bounds.
    pub fn bytes(&self) -> usize {
        self.tuples.bytes()
    }

    /// Every tuple, in the order of insertion, as an iterator over its values.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Tuple<'_>> {
        self.range(0..self.len())
    }

    /// The tuples in a range.
    pub(crate) fn range(&self, range: Range<usize>) -> impl ExactSizeIterator<Item = Tuple<'_>> {
        range.map(|number| Tuple { rest: self.tuples.get(number) })
    }
}

/// The values of one tuple.
#[derive(Debug, Clone)]
pub struct Tuple<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Tuple<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_first_chunk::<4>()?;
        let (value, rest) = rest.split_at(u32::from_le_bytes(*head) as usize);
        self.rest = rest;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tuples_are_distinct_by_bytes() {
        let mut set = KeySet::new(2);
        assert!(set.insert([b"a".as_slice(), br#"say "\hi""#]));
        assert!(!set.insert([b"a".as_slice(), br#"say "\hi""#]));
        assert!(set.insert([b"".as_slice(), b"NULL"]));
        assert_eq!(set.iter().nth(1).unwrap().collect::<Vec<_>>(), [b"".as_slice(), b"NULL"]);
    }
}
