//! Distinct byte strings in one buffer: link values of a level, `_id`s of a read. In: bytes. Out: a number for each
//! distinct one, in the order of first appearance. Equal means equal bytes and nothing else.
//!
//! The strings come from users' rows. Hashes depend on a random seed, so that nobody can choose strings that collide.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// Interned byte strings.
#[derive(Debug, Default, Clone)]
pub(crate) struct Distinct {
    bytes: Vec<u8>,
    strings: Vec<Interned>,
    numbers: HashTable<usize>,
    hasher: DefaultHashBuilder,
}

/// One of the strings.
#[derive(Debug, Clone, Copy)]
struct Interned {
    /// Where it ends; it begins where the one before it ends.
    end: usize,
    /// Kept, because the table asks for the hash of every string whenever it grows.
    hash: u64,
}

impl Distinct {
    /// Appends what `write` writes unless it is known. Returns its number and whether it is new.
    #[inline]
    pub(crate) fn insert<E>(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<(usize, bool), E> {
        let start = self.bytes.len();
        if let Err(error) = write(&mut self.bytes) {
            self.bytes.truncate(start);
            return Err(error);
        }
        let Self { bytes, strings, numbers, hasher } = self;
        let hash = hasher.hash_one(&bytes[start..]);
        if let Some(&number) = numbers.find(hash, |&number| string(bytes, strings, number) == &bytes[start..]) {
            bytes.truncate(start);
            return Ok((number, false));
        }
        let number = strings.len();
        strings.push(Interned { end: bytes.len(), hash });
        numbers.insert_unique(hash, number, |&number| strings[number].hash);
        Ok((number, true))
    }

    /// The number of a string that is known.
    pub(crate) fn find(&self, bytes: &[u8]) -> Option<usize> {
        self.numbers.find(self.hasher.hash_one(bytes), |&number| self.get(number) == bytes).copied()
    }

    pub(crate) fn contains(&self, bytes: &[u8]) -> bool {
        self.find(bytes).is_some()
    }

    pub(crate) fn get(&self, number: usize) -> &[u8] {
        string(&self.bytes, &self.strings, number)
    }

    pub(crate) fn len(&self) -> usize {
        self.strings.len()
    }

    /// Bytes held: the strings, where they end and their hashes, and the table that finds them.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len() + self.len() * (size_of::<Interned>() + size_of::<usize>() + 2)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|number| self.get(number))
    }
}

fn string<'a>(bytes: &'a [u8], strings: &[Interned], number: usize) -> &'a [u8] {
    let start = number.checked_sub(1).map_or(0, |before| strings[before].end);
    &bytes[start..strings[number].end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_string_is_found_again_however_many_there_are() {
        let mut distinct = Distinct::default();
        let text = |number: usize| format!("string {number}").into_bytes();
        let insert = |distinct: &mut Distinct, bytes: &[u8]| {
            let inserted = distinct.insert(|out| {
                out.extend_from_slice(bytes);
                Ok::<(), ()>(())
            });
            inserted.unwrap()
        };
        for number in 0..5000 {
            assert_eq!(insert(&mut distinct, &text(number)), (number, true));
            let before = distinct.bytes();
            assert_eq!(insert(&mut distinct, &text(number / 2)), (number / 2, false));
            assert_eq!(
                (distinct.len(), distinct.bytes()),
                (number + 1, before),
                "nothing is kept of one that is known"
            );
        }
        for number in 0..5000 {
            assert_eq!((distinct.find(&text(number)), distinct.get(number)), (Some(number), text(number).as_slice()));
        }
        assert!(!distinct.contains(b"string 5000") && !distinct.contains(b""));
    }

    #[test]
    fn of_a_write_that_fails_nothing_is_kept() {
        let mut distinct = Distinct::default();
        let failed = distinct.insert(|out| {
            out.extend_from_slice(b"part");
            Err("no value")
        });
        assert_eq!((failed, distinct.len(), distinct.bytes()), (Err("no value"), 0, 0));
        let number = distinct.insert(|_| Ok::<(), ()>(()));
        assert_eq!((number, distinct.get(0)), (Ok((0, true)), b"".as_slice()));
    }
}
