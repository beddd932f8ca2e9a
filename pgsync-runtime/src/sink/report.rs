//! What became of a run of documents. In: the judgement of each item. Out: counts, and each refused document with the
//! reason; never its body.

use crate::Version;
use crate::error::printable;

/// What became of documents that were written together.
#[derive(Debug, Default)]
pub struct Report {
    /// Accepted.
    pub written: u64,
    /// The index holds a newer state already.
    pub conflicts: u64,
    /// Refused for good.
    pub refused: Vec<Refused>,
}

/// A document that the engine will never take as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its `_id`.
    pub id: String,
    /// Its routing, as a JSON string; empty where it has none.
    pub routing: String,
    /// The version it was to be written at.
    pub version: Version,
    /// The type of the engine's error, or `id_length` or `too_large`.
    pub kind: String,
    /// The reason in words, without values of the row.
    pub reason: String,
    /// How large it is.
    pub bytes: usize,
}

impl Report {
    /// How many documents the index holds as written or newer.
    pub fn accepted(&self) -> u64 {
        self.written + self.conflicts
    }

    pub(crate) fn and(mut self, other: Self) -> Self {
        self.written += other.written;
        self.conflicts += other.conflicts;
        self.refused.extend(other.refused);
        self
    }
}

/// An `_id` as it stands in a message.
pub(crate) fn brief(id: &str) -> String {
    let short: String =
        if id.chars().count() > 100 { id.chars().take(97).chain("...".chars()).collect() } else { id.to_owned() };
    printable(&short).into_owned()
}
