//! Positions in PostgreSQL's write-ahead log. In: `X/Y` text or a 64-bit number. Out: ordered values, and what they mean to
//! the rest of the runtime.
//!
//! Two kinds of position must never be mixed: a *mark* (the end of something: `end_lsn`, `confirmed_flush_lsn`) and the
//! start of a commit record. Version V claims "every commit whose record starts before V", so the version of a
//! transaction is its commit LSN + 1, and that of a mark is the mark itself.

use crate::position::{Mark, Position, Version};
use std::fmt;
use std::str::FromStr;

/// Bytes of a page of the log, whose header takes 24 of them.
const PAGE: u64 = 8192;
/// The fewest bytes of a file of the log, whose first header takes 40 of them.
const SMALLEST_SEGMENT: u64 = 1 << 20;

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

    /// Where the last record before this ends. Asked for the place of its next record, a server names one behind the header of a
    /// page, and no record ends there: the last one ended where the page begins.
    pub fn end_of_record(self) -> Self {
        let within = |page: u64, header: u64| self.0 % page == header;
        let header = [24, 40].into_iter().find(|header| {
            let page = if *header == 24 { PAGE } else { SMALLEST_SEGMENT };
            within(page, *header)
        });
        Self(self.0 - header.unwrap_or(0))
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

    #[test]
    fn a_place_behind_the_header_of_a_page_is_the_end_of_the_page_before() {
        let end = |text: &str| text.parse::<Lsn>().unwrap().end_of_record().to_string();
        assert_eq!(end("0/3002018"), "0/3002000");
        assert_eq!(end("0/3000028"), "0/3000000");
        for inside in ["0/3002028", "0/3000030", "0/3002000", "0/16B3748", "0/0"] {
            assert_eq!(end(inside), inside);
        }
    }
}
