//! Positions in PostgreSQL's write-ahead log. In: `X/Y` text or a 64-bit number. Out: ordered values, and what they mean to
//! the rest of the runtime.
//!
//! Two kinds of position must never be mixed: a *mark* (the end of something: `end_lsn`, `confirmed_flush_lsn`) and the
//! start of a commit record. Version V claims "every commit whose record starts before V", so the version of a
//! transaction is its commit LSN + 1, and that of a mark is the mark itself.

use crate::position::{Mark, Position, Version};
use std::fmt;
use std::str::FromStr;

/// A byte position in the write-ahead log (`pg_lsn`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Lsn(pub u64);

impl Lsn {
    /// No position.
    pub const ZERO: Self = Self(0);

    /// The version that a transaction's own writes carry, where this is the start of its commit record.
    pub fn version_of_commit(self) -> Version {
        Version(self.0 + 1)
    }

    /// What has been seen up to here, where this is the end of something.
    pub fn mark(self) -> Mark {
        Mark { version: Version(self.0), position: self.into() }
    }
}

/// The version of a state that holds everything before a position.
pub(crate) fn version_at(position: Position) -> Version {
    Lsn::from(position).mark().version
}

impl From<Lsn> for Position {
    fn from(lsn: Lsn) -> Self {
        Self::at(lsn.0)
    }
}

impl From<Position> for Lsn {
    fn from(position: Position) -> Self {
        Self(position.offset())
    }
}

impl fmt::Display for Lsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Position::from(*self).fmt(f)
    }
}

impl FromStr for Lsn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(|position: Position| position.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_a_commit_is_above_the_mark_before_it() {
        let lsn: Lsn = "16/B374D848".parse().unwrap();
        assert_eq!((lsn, lsn.to_string().as_str()), (Lsn(0x16_B374_D848), "16/B374D848"));
        assert_eq!(lsn.mark(), Mark { version: Version(0x16_B374_D848), position: lsn.into() });
        assert!(lsn.version_of_commit() > lsn.mark().version);
    }
}
