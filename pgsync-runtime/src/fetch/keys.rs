//! Sets of key tuples in text form. In: link values and keys as the stream or a route delivers them. Out: each distinct
//! tuple once, and PostgreSQL array literals, one per column, to be bound as text-format parameters.
//!
//! Distinct means distinct *bytes*: two spellings that the database calls equal are two tuples here, which costs a
//! second look-up and nothing else. Whether two values are equal is never decided here.

use indexmap::IndexSet;

/// Distinct tuples of `arity` values; no value is NULL (a NULL links nothing).
#[derive(Debug, Clone)]
pub struct KeySet {
    arity: usize,
    /// Each tuple: per value its length as four bytes, little-endian, then its bytes.
    tuples: IndexSet<Box<[u8]>>,
    scratch: Vec<u8>,
    bytes: usize,
}

impl KeySet {
    /// An empty set of tuples of this many values.
    pub fn new(arity: usize) -> Self {
        Self { arity, tuples: IndexSet::new(), scratch: Vec::new(), bytes: 0 }
    }

    /// Adds a tuple. Returns whether it was new.
    pub fn insert<'a>(&mut self, values: impl IntoIterator<Item = &'a [u8]>) -> bool {
        self.scratch.clear();
        let mut count = 0;
        for value in values {
            self.scratch.extend_from_slice(&(value.len() as u32).to_le_bytes());
            self.scratch.extend_from_slice(value);
            count += 1;
        }
        debug_assert_eq!(count, self.arity);
        if self.tuples.contains(self.scratch.as_slice()) {
            return false;
        }
        self.bytes += self.scratch.len();
        self.tuples.insert(self.scratch.as_slice().into())
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
        self.tuples.is_empty()
    }

    /// Bytes held by the tuples, for memory bounds.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Every tuple, in the order of insertion, as an iterator over its values.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Tuple<'_>> {
        self.tuples.iter().map(|tuple| Tuple { rest: tuple })
    }

    /// The tuples from `start` on, at most `count`, as a set of their own.
    pub fn slice(&self, start: usize, count: usize) -> Self {
        let mut part = Self::new(self.arity);
        for tuple in self.iter().skip(start).take(count) {
            part.insert(tuple);
        }
        part
    }

    /// One array literal per column: `{"a","b"}`.
    pub fn array_literals(&self) -> Vec<String> {
        let mut literals = vec![String::from("{"); self.arity];
        for (row, tuple) in self.iter().enumerate() {
            for (literal, value) in literals.iter_mut().zip(tuple) {
                if row > 0 {
                    literal.push(',');
                }
                literal.push('"');
                for c in String::from_utf8_lossy(value).chars() {
                    if matches!(c, '"' | '\\') {
                        literal.push('\\');
                    }
                    literal.push(c);
                }
                literal.push('"');
            }
        }
        literals.iter_mut().for_each(|literal| literal.push('}'));
        literals
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
    fn tuples_are_distinct_by_bytes_and_quoted_for_the_server() {
        let mut set = KeySet::new(2);
        assert!(set.insert([b"a".as_slice(), br#"say "\hi""#]));
        assert!(!set.insert([b"a".as_slice(), br#"say "\hi""#]));
        assert!(set.insert([b"".as_slice(), b"NULL"]));
        assert_eq!(set.array_literals(), [r#"{"a",""}"#, r#"{"say \"\\hi\"","NULL"}"#]);
        assert_eq!(set.iter().nth(1).unwrap().collect::<Vec<_>>(), [b"".as_slice(), b"NULL"]);
    }
}
