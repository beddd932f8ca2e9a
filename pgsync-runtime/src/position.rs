//! The two measures of a source's log that the rest of the runtime knows. In: what a source says. Out: ordered values.
//!
//! A [`Version`] is what an index stores beside a document and compares. A [`Position`] is where a source can continue;
//! only the source knows what stands there. They must not be mixed: a [`Mark`] holds both for one point of the log.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a write carries, and what the index keeps the newest of. Version V stands for every commit that starts before V in
/// the source's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub u64);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A point of a source's log from which the source can continue. Positions of one source are ordered; nothing else can be
/// done with one but to hand it back to its source.
///
/// Its text form is the two halves of a 64-bit offset in hexadecimal digits, as in `16/B374D848`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Position(u64);

impl Position {
    /// Before everything.
    pub const START: Self = Self(0);

    /// The position at an offset of a source's log. For sources, and for tests.
    pub const fn at(offset: u64) -> Self {
        Self(offset)
    }

    /// The offset in the source's log. For the source that made it.
    pub const fn offset(self) -> u64 {
        self.0
    }
}

/// A point of the log that everything before has been seen of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    /// The version of a state that holds every commit before it.
    pub version: Version,
    /// Where the source continues.
    pub position: Position,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:X}/{:X}", self.0 >> 32, self.0 & 0xFFFF_FFFF)
    }
}

impl fmt::Debug for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Position({self})")
    }
}

impl FromStr for Position {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = |part| u64::from_str_radix(part, 16).ok().filter(|n| *n <= 0xFFFF_FFFF);
        text.split_once('/')
            .and_then(|(high, low)| Some(Self(parse(high)? << 32 | parse(low)?)))
            .ok_or_else(|| format!("`{text}` is not a log position such as 0/16B3748"))
    }
}

impl From<Position> for String {
    fn from(position: Position) -> Self {
        position.to_string()
    }
}

impl TryFrom<String> for Position {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_is_two_halves() {
        let position: Position = "16/B374D848".parse().unwrap();
        assert_eq!((position.offset(), position.to_string().as_str()), (0x16_B374_D848, "16/B374D848"));
        assert!("16B374D848".parse::<Position>().is_err());
        assert!("1/100000000".parse::<Position>().is_err());
    }
}
