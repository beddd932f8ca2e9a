//! Which release of MySQL or MariaDB a catalogue is of, as far as statements are written in another way for it. In: what the
//! server calls itself, or the member of a snapshot. Out: two numbers that compare.

use serde::{Deserialize, Serialize};
use std::fmt;

/// `10.11`: the first two numbers of a version. The third changes nothing of the language, and a snapshot should not change
/// with every update of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Release {
    /// The first number.
    pub major: u32,
    /// The second one.
    pub minor: u32,
}

impl Release {
    /// That of a version, `10.11.19-MariaDB-0+deb12u1`.
    pub fn of(version: &str) -> Option<Self> {
        let mut numbers = version.split(['.', '-']).map(|part| part.parse().ok());
        Some(Self { major: numbers.next()??, minor: numbers.next()?? })
    }
}

impl TryFrom<String> for Release {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let found = Self::of(&text).filter(|found| found.to_string() == text);
        found.ok_or_else(|| format!("`release` is {text:?}, accepted are two numbers such as \"10.11\""))
    }
}

impl From<Release> for String {
    fn from(release: Release) -> Self {
        release.to_string()
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_compare_by_their_numbers() {
        let of = |version| Release::of(version).unwrap();
        assert!(of("10.5.29-MariaDB-log") < of("10.6.0-MariaDB") && of("10.11.2-MariaDB") > of("10.6.22-MariaDB"));
        assert_eq!(of("9.7.4").to_string(), "9.7");
        assert_eq!(Release::of("mariadb"), None);
        for (text, right) in [("\"10.5\"", true), ("\"10.5.1\"", false), ("\"ten\"", false), ("10.5", false)] {
            assert_eq!(serde_json::from_str::<Release>(text).is_ok(), right, "{text}");
        }
    }
}
