//! Distinct byte strings in one buffer: link values of a level, `_id`s of a read. In: bytes. Out: a number for each
//! distinct one, in the order of first appearance. Equal means equal bytes and nothing else.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// Interned byte strings.
#[derive(Debug, Default)]
pub(crate) struct Distinct {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// Hash to the last string that has it; `before` leads to the others.
    last: HashMap<u64, usize>,
    before: Vec<Option<usize>>,
    hasher: RandomState,
}

impl Distinct {
    /// Appends what `write` writes unless it is known. Returns its number and whether it is new.
    pub(crate) fn insert<E>(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<(usize, bool), E> {
        let start = self.bytes.len();
        if let Err(error) = write(&mut self.bytes) {
            self.bytes.truncate(start);
            return Err(error);
        }
        let hash = self.hasher.hash_one(&self.bytes[start..]);
        let head = self.last.get(&hash).copied();
        let mut candidate = head;
        while let Some(number) = candidate {
            if self.get(number) == &self.bytes[start..] {
                self.bytes.truncate(start);
                return Ok((number, false));
            }
            candidate = self.before[number];
        }
        let number = self.ends.len();
        self.ends.push(self.bytes.len());
        self.before.push(head);
        self.last.insert(hash, number);
        Ok((number, true))
    }

    pub(crate) fn contains(&self, bytes: &[u8]) -> bool {
        let mut candidate = self.last.get(&self.hasher.hash_one(bytes)).copied();
        while let Some(number) = candidate {
            if self.get(number) == bytes {
                return true;
            }
            candidate = self.before[number];
        }
        false
    }

    pub(crate) fn get(&self, number: usize) -> &[u8] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[number]]
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|number| self.get(number))
    }
}
