//! Versions of engines, as far as a mapping depends on them. In: a name as a person writes it, or what an engine says of
//! itself. Out: whether that version has a word of a mapping. Which word is in which version, the compiler knows: here are the
//! types alone.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A family of engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EngineFamily {
    /// Elasticsearch.
    Elasticsearch,
    /// OpenSearch.
    OpenSearch,
}

impl EngineFamily {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Elasticsearch, Self::OpenSearch];

    /// The major versions that are supported, first and last.
    pub const fn supported(self) -> (u32, u32) {
        match self {
            Self::Elasticsearch => (7, 9),
            Self::OpenSearch => (1, 3),
        }
    }
}

impl fmt::Display for EngineFamily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Elasticsearch => "Elasticsearch",
            Self::OpenSearch => "OpenSearch",
        })
    }
}

/// A version of an engine. Where no minor version is known, it is the newest of its major one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineVersion {
    /// Whose version it is.
    pub family: EngineFamily,
    /// Its first number.
    pub major: u32,
    /// Its second number.
    pub minor: Option<u32>,
}

impl EngineVersion {
    /// The numbers, in the order of versions.
    fn number(&self) -> (u32, u32) {
        (self.major, self.minor.unwrap_or(u32::MAX))
    }
}

impl fmt::Display for EngineVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.family, self.major)?;
        self.minor.map_or(Ok(()), |minor| write!(f, ".{minor}"))
    }
}

/// `elasticsearch-8`, `opensearch-2.19`; a third number is taken and means nothing.
impl FromStr for EngineVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            let names = EngineFamily::ALL.map(|family| {
                let (first, last) = family.supported();
                format!("{0}-{first} to {0}-{last}", family.to_string().to_lowercase())
            });
            format!(
                "`{text}` is no engine that is supported: accepted are {}, also with a minor version",
                names.join(" and ")
            )
        };
        let (name, number) = text.split_once('-').ok_or_else(wrong)?;
        let family = EngineFamily::ALL.into_iter().find(|family| family.to_string().eq_ignore_ascii_case(name));
        let family = family.ok_or_else(wrong)?;
        let mut numbers = number.split('.').map(str::parse::<u32>);
        let major = numbers.next().and_then(Result::ok).ok_or_else(wrong)?;
        let minor = numbers.next().transpose().map_err(|_| wrong())?;
        let (first, last) = family.supported();
        if !(first..=last).contains(&major) || numbers.any(|number| number.is_err()) {
            return Err(wrong());
        }
        Ok(Self { family, major, minor })
    }
}

/// Versions of one family that have something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineRange {
    /// The family.
    pub family: EngineFamily,
    /// The first version that has it.
    pub from: (u32, u32),
    /// The first one that has it no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<(u32, u32)>,
}

impl EngineRange {
    /// Whether a version is one of them.
    pub fn has(&self, version: &EngineVersion) -> bool {
        let number = version.number();
        self.family == version.family && number >= self.from && self.before.is_none_or(|before| number < before)
    }

    /// Whether every supported version of the family is one of them.
    pub fn is_whole_family(&self) -> bool {
        self.before.is_none() && self.from <= (self.family.supported().0, 0)
    }
}

impl fmt::Display for EngineRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.family)?;
        if self.from > (self.family.supported().0, 0) {
            write!(f, " from {}.{}", self.from.0, self.from.1)?;
        }
        self.before.map_or(Ok(()), |(major, minor)| write!(f, " before {major}.{minor}"))
    }
}

/// A word of an index's mapping that some versions of engines do not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineNeed {
    /// Path of the field.
    pub field: String,
    /// What is written there: a type or a parameter.
    pub word: MappingWord,
    /// Who has it.
    pub has: Vec<EngineRange>,
}

impl EngineNeed {
    /// Whether a version lacks it.
    pub fn is_lacked_by(&self, version: &EngineVersion) -> bool {
        !self.has.iter().any(|range| range.has(version))
    }
}

impl fmt::Display for EngineNeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has: Vec<String> = self.has.iter().map(ToString::to_string).collect();
        write!(f, "`{}`: {} is in {}", self.field, self.word, has.join(", "))
    }
}

/// A word of a mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MappingWord {
    /// A type of a field.
    Type(String),
    /// A parameter of a field.
    Parameter(String),
}

impl fmt::Display for MappingWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type(name) => write!(f, "the type `{name}`"),
            Self::Parameter(name) => write!(f, "the parameter `{name}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_written_in_one_way() {
        let read = |text: &str| text.parse::<EngineVersion>().map(|version| version.to_string());
        assert_eq!(read("elasticsearch-8"), Ok("Elasticsearch 8".to_owned()));
        assert_eq!(read("OpenSearch-2.19.6"), Ok("OpenSearch 2.19".to_owned()));
        for wrong in
            ["elasticsearch", "elasticsearch-6", "opensearch-4", "opensearch-2.x", "solr-9", "opensearch-2.1.y"]
        {
            let said = read(wrong).unwrap_err();
            assert!(said.contains("elasticsearch-7 to elasticsearch-9 and opensearch-1 to opensearch-3"), "{said}");
        }
    }

    #[test]
    fn a_word_is_in_versions() {
        let range = |family, from, before| EngineRange { family, from, before };
        let elastic = [
            range(EngineFamily::Elasticsearch, (7, 0), Some((8, 0))),
            range(EngineFamily::Elasticsearch, (8, 11), None),
        ];
        let need = EngineNeed {
            field: "a.b".to_owned(),
            word: MappingWord::Type("sparse_vector".to_owned()),
            has: elastic.to_vec(),
        };
        let lacked = |text: &str| need.is_lacked_by(&text.parse().unwrap());
        assert!(!lacked("elasticsearch-7.17") && lacked("elasticsearch-8.10") && !lacked("elasticsearch-8.11"));
        // Some release of it has it.
        assert!(!lacked("elasticsearch-8") && !lacked("elasticsearch-9.0") && lacked("opensearch-3"));
        assert_eq!(
            need.to_string(),
            "`a.b`: the type `sparse_vector` is in Elasticsearch before 8.0, Elasticsearch from 8.11"
        );
    }
}
