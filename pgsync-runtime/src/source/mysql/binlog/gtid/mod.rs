//! The ids of transactions, and sets of them. In: events and the text that servers print. Out: one id, or a set that is
//! compared, grown, printed again, and counted: how many transactions it holds is the version of what was read up to there.
//!
//! MySQL numbers the transactions of each server, or of each tag of it, and a set may have holes. MariaDB numbers those of a
//! domain, whoever writes them, and a set is the last number of each: the server in it is information only.

mod event;
mod intervals;

pub(super) use event::{Begin, Xa, mariadb, mysql};

use super::refusal::{Refusal, Result};
use crate::position::Version;
use intervals::Intervals;
use std::collections::BTreeMap;
use std::fmt;

/// Whose ids these are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// `3E11FA47-71CA-11E1-9E33-C80AA9429562:1-5`
    MySql,
    /// `0-1-5`
    MariaDb,
}

impl Flavour {
    /// Whose ids a server has that calls itself so.
    pub fn of(version: &str) -> Self {
        if version.contains("MariaDB") { Self::MariaDb } else { Self::MySql }
    }
}

/// The id of one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gtid {
    /// Of MySQL.
    MySql {
        /// Who numbers.
        origin: Origin,
        /// Its number, from 1.
        number: u64,
    },
    /// Of MariaDB.
    MariaDb {
        /// What is numbered apart.
        domain: u32,
        /// Which server wrote it.
        server: u32,
        /// Its number.
        number: u64,
    },
}

/// A server of MySQL, or a tag of it: each has numbers of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    server: [u8; 16],
    /// Empty for none.
    tag: String,
}

/// A set of ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GtidSet {
    /// Of MySQL.
    MySql(BTreeMap<Origin, Intervals>),
    /// Of MariaDB: server and number of the last transaction of each domain.
    MariaDb(BTreeMap<u32, (u32, u64)>),
}

impl GtidSet {
    /// Without any transaction.
    pub fn empty(flavour: Flavour) -> Self {
        match flavour {
            Flavour::MySql => Self::MySql(BTreeMap::new()),
            Flavour::MariaDb => Self::MariaDb(BTreeMap::new()),
        }
    }

    /// Whose ids it holds.
    pub fn flavour(&self) -> Flavour {
        match self {
            Self::MySql(_) => Flavour::MySql,
            Self::MariaDb(_) => Flavour::MariaDb,
        }
    }

    /// Reads what a server prints.
    ///
    /// # Errors
    /// Where it is not a set of that server's kind.
    pub fn parse(flavour: Flavour, text: &str) -> Result<Self> {
        let mut set = Self::empty(flavour);
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match &mut set {
                Self::MySql(origins) => parse_origins(part, origins)?,
                Self::MariaDb(domains) => {
                    let (domain, last) = parse_domain(part).ok_or(NOT_A_SET)?;
                    if domains.insert(domain, last).is_some() {
                        return Err(NOT_A_SET);
                    }
                }
            }
        }
        Ok(set)
    }

    /// Whether a transaction is in it.
    pub fn contains(&self, gtid: &Gtid) -> bool {
        match (self, gtid) {
            (Self::MySql(origins), Gtid::MySql { origin, number }) => {
                origins.get(origin).is_some_and(|numbers| numbers.contains(*number, *number))
            }
            (Self::MariaDb(domains), Gtid::MariaDb { domain, number, .. }) => {
                domains.get(domain).is_some_and(|(_, last)| number <= last)
            }
            _ => false,
        }
    }

    /// Whether every transaction of the other one is in it.
    pub fn contains_all(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::MySql(ours), Self::MySql(theirs)) => theirs.iter().all(|(origin, numbers)| {
                let ours = ours.get(origin);
                numbers.iter().all(|(from, to)| ours.is_some_and(|ours| ours.contains(from, to)))
            }),
            (Self::MariaDb(ours), Self::MariaDb(theirs)) => theirs
                .iter()
                .all(|(domain, (_, last))| *last == 0 || ours.get(domain).is_some_and(|(_, ours)| last <= ours)),
            _ => false,
        }
    }

    /// Adds a transaction. False, and nothing is changed, when it was in it already or is of the other kind of server.
    pub fn add(&mut self, gtid: &Gtid) -> bool {
        if self.contains(gtid) {
            return false;
        }
        match (self, gtid) {
            (Self::MySql(origins), Gtid::MySql { origin, number }) => {
                origins.entry(origin.clone()).or_default().add(*number, *number);
                true
            }
            (Self::MariaDb(domains), Gtid::MariaDb { domain, server, number }) => {
                domains.insert(*domain, (*server, *number));
                true
            }
            _ => false,
        }
    }

    /// How many transactions it holds. It grows with each, whichever server wrote it, so it survives a failover.
    pub fn version(&self) -> Version {
        let count = match self {
            Self::MySql(origins) => origins.values().map(Intervals::count).fold(0, u64::saturating_add),
            Self::MariaDb(domains) => domains.values().map(|(_, last)| *last).fold(0, u64::saturating_add),
        };
        Version(count)
    }

    /// The same with one more transaction, which is not in it. Numbers of a domain may leave some out.
    pub fn version_with(&self, gtid: &Gtid) -> Version {
        let version = self.version().0;
        let more = match (self, gtid) {
            (Self::MariaDb(domains), Gtid::MariaDb { domain, number, .. }) => {
                number.saturating_sub(domains.get(domain).map_or(0, |(_, last)| *last))
            }
            _ => 1,
        };
        Version(version.saturating_add(more))
    }
}

const NOT_A_SET: Refusal = Refusal::Content("a set of transaction ids");

/// `uuid:1-3:5:tag:1-2`: numbers of the server, then those of its tags.
fn parse_origins(text: &str, origins: &mut BTreeMap<Origin, Intervals>) -> Result<()> {
    let (server, rest) = text.split_once(':').ok_or(NOT_A_SET)?;
    let mut origin = Origin { server: parse_server(server).ok_or(NOT_A_SET)?, tag: String::new() };
    let mut numbers = 0;
    for part in rest.split(':').map(str::trim) {
        if part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            origin.tag = part.to_ascii_lowercase();
            if !is_tag(&origin.tag) {
                return Err(NOT_A_SET);
            }
            numbers = 0;
            continue;
        }
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| text.trim().parse().ok().filter(|number| (1..i64::MAX as u64).contains(number));
        match (number(from), number(to)) {
            (Some(from), Some(to)) if from <= to => origins.entry(origin.clone()).or_default().add(from, to),
            _ => return Err(NOT_A_SET),
        }
        numbers += 1;
    }
    if numbers == 0 { Err(NOT_A_SET) } else { Ok(()) }
}

fn is_tag(text: &str) -> bool {
    text.len() <= 32
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn parse_server(text: &str) -> Option<[u8; 16]> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'-').collect();
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    let bytes: Option<Vec<u8>> = pairs
        .iter()
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect();
    bytes?.try_into().ok()
}

fn parse_domain(text: &str) -> Option<(u32, (u32, u64))> {
    let mut parts = text.split('-');
    let (domain, server, number) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    Some((domain.parse().ok()?, (server.parse().ok()?, number.parse().ok()?)))
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.server.iter().enumerate() {
            let hyphen = if matches!(at, 4 | 6 | 8 | 10) { "-" } else { "" };
            write!(f, "{hyphen}{byte:02x}")?;
        }
        if self.tag.is_empty() { Ok(()) } else { write!(f, ":{}", self.tag) }
    }
}

impl fmt::Display for Gtid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MySql { origin, number } => write!(f, "{origin}:{number}"),
            Self::MariaDb { domain, server, number } => write!(f, "{domain}-{server}-{number}"),
        }
    }
}

impl fmt::Display for GtidSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        match self {
            Self::MySql(origins) => {
                for (origin, numbers) in origins {
                    write!(f, "{between}{origin}{numbers}")?;
                    between = ",";
                }
            }
            Self::MariaDb(domains) => {
                for (domain, (server, number)) in domains {
                    write!(f, "{between}{domain}-{server}-{number}")?;
                    between = ",";
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    const B: &str = "4e11fa47-71ca-11e1-9e33-c80aa9429562";

    fn mysql(text: &str) -> GtidSet {
        GtidSet::parse(Flavour::MySql, text).unwrap()
    }

    fn mariadb(text: &str) -> GtidSet {
        GtidSet::parse(Flavour::MariaDb, text).unwrap()
    }

    #[test]
    fn sets_of_mysql_are_printed_as_they_were_read() {
        for text in ["", &format!("{A}:1-5"), &format!("{A}:1-3:5-7,{A}:blue:1,{B}:2")] {
            assert_eq!(mysql(text).to_string(), *text);
        }
        let printed = format!("{}:1-3:5:4:blue:1-2,\n{B}:2", A.to_uppercase());
        assert_eq!(mysql(&printed).to_string(), format!("{A}:1-5,{A}:blue:1-2,{B}:2"));
        assert_eq!(mysql(&printed).version(), Version(8));
    }

    #[test]
    fn what_is_no_set_is_refused() {
        for text in ["x", A, &format!("{A}:"), &format!("{A}:0"), &format!("{A}:3-1"), &format!("{A}:tag"), "0-1-5"] {
            assert!(GtidSet::parse(Flavour::MySql, text).is_err(), "{text}");
        }
        assert!(GtidSet::parse(Flavour::MySql, &format!("{A}:1:Ä:1")).is_err());
        for text in ["0-1", "0-1-2-3", "a-1-2", "0-1-2,0-2-3", &format!("{A}:1")] {
            assert!(GtidSet::parse(Flavour::MariaDb, text).is_err(), "{text}");
        }
    }

    #[test]
    fn containment_looks_at_holes_and_at_tags() {
        let set = mysql(&format!("{A}:1-3:5,{A}:blue:1"));
        for (other, held) in [
            (format!("{A}:2-3"), true),
            (format!("{A}:3-5"), false),
            (format!("{A}:blue:1"), true),
            (format!("{A}:red:1"), false),
            (format!("{B}:1"), false),
            (String::new(), true),
        ] {
            assert_eq!(set.contains_all(&mysql(&other)), held, "{other}");
        }
    }

    #[test]
    fn a_domain_is_compared_by_its_number_whoever_wrote_it() {
        let set = mariadb("0-1-10,3-1-4");
        assert!(set.contains_all(&mariadb("0-99-10")));
        assert!(!set.contains_all(&mariadb("0-1-11")));
        assert!(!set.contains_all(&mariadb("5-1-1")));
        assert!(!set.contains_all(&mysql("")));
        assert_eq!(set.version(), Version(14));
    }

    #[test]
    fn every_transaction_makes_the_version_larger_by_one() {
        let mut set = mysql(&format!("{A}:1-3"));
        let origin = Origin { server: parse_server(B).unwrap(), tag: "blue".into() };
        for number in [1, 7, 2] {
            let before = set.version();
            let gtid = Gtid::MySql { origin: origin.clone(), number };
            let with = set.version_with(&gtid);
            assert!(set.add(&gtid));
            assert_eq!((set.version(), with), (Version(before.0 + 1), Version(before.0 + 1)));
        }
        assert!(!set.add(&Gtid::MySql { origin, number: 7 }));
        assert_eq!(set.to_string(), format!("{A}:1-3,{B}:blue:1-2:7"));

        let mut set = mariadb("0-1-10");
        assert!(set.add(&Gtid::MariaDb { domain: 0, server: 2, number: 11 }));
        assert!(!set.add(&Gtid::MariaDb { domain: 0, server: 1, number: 11 }));
        let new = Gtid::MariaDb { domain: 4, server: 1, number: 1 };
        assert_eq!(set.version_with(&new), Version(12));
        assert_eq!(set.version_with(&Gtid::MariaDb { domain: 0, server: 1, number: 20 }), Version(20), "a gap");
        assert!(set.add(&new));
        assert_eq!((set.to_string().as_str(), set.version()), ("0-2-11,4-1-1", Version(12)));
    }
}
