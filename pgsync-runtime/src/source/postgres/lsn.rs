//! Positions in PostgreSQL's write-ahead log. In: `X/Y` text or a 64-bit number. Out: ordered values.
//!
//! Two kinds of position must never be mixed: a *mark* (the end of something: `end_lsn`, `confirmed_flush_lsn`) and the
//! start of a commit record. Version V claims "every commit whose record starts before V", so the position of a
//! transaction is its commit LSN + 1 and a mark is used as it is (see [`Lsn::of_commit`]).

use std::fmt;
use std::str::FromStr;

/// A byte position in the write-ahead log (`pg_lsn`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Lsn(pub u64);

impl Lsn {
    /// No position.
    pub const ZERO: Self = Self(0);

    /// The version that a transaction's own writes carry, from the LSN at which its commit record starts.
    pub fn of_commit(commit_lsn: Self) -> Self {
        Self(commit_lsn.0 + 1)
    }
}

impl fmt::Display for Lsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:X}/{:X}", self.0 >> 32, self.0 & 0xFFFF_FFFF)
    }
}

impl FromStr for Lsn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = |part| u64::from_str_radix(part, 16).ok().filter(|n| *n <= 0xFFFF_FFFF);
        text.split_once('/')
            .and_then(|(high, low)| Some(Self(parse(high)? << 32 | parse(low)?)))
            .ok_or_else(|| format!("`{text}` is not a log position such as 0/16B3748"))
    }
}

impl From<Lsn> for String {
    fn from(lsn: Lsn) -> Self {
        lsn.to_string()
    }
}

impl TryFrom<String> for Lsn {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_is_the_servers() {
        let lsn: Lsn = "16/B374D848".parse().unwrap();
        assert_eq!(lsn, Lsn(0x16_B374_D848));
        assert_eq!(lsn.to_string(), "16/B374D848");
        assert!("16B374D848".parse::<Lsn>().is_err());
        assert!("1/100000000".parse::<Lsn>().is_err());
    }
}
