//! Generations of an index: `NAME-FINGERPRINT-N`, of which one stands behind the alias `NAME` that searches use. In: what a
//! sink shows. Out: the same for every sink.

use super::Owner;

/// A generation that writes go to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    /// Name of the physical index.
    pub physical: String,
    /// The ingest pipeline that documents go through.
    pub pipeline: Option<String>,
}

impl Target {
    /// The alias that writes require.
    pub fn write_alias(&self) -> String {
        format!("{}-write", self.physical)
    }
}

/// A generation of ours.
#[derive(Debug, Clone)]
pub struct Generation {
    /// Name of the physical index.
    pub physical: String,
    /// Its uuid: another one means another index.
    pub uuid: String,
    /// N.
    pub number: u64,
    /// Fingerprint of the definition it was made from.
    pub fingerprint: String,
    /// The text that the fingerprint is of.
    pub identity: String,
    /// Who feeds it.
    pub owner: Owner,
    /// Whether the alias that searches use is on it.
    pub public: bool,
}

/// What there is under a name.
#[derive(Debug, Default)]
pub struct Existing {
    /// Generations of ours, by number.
    pub generations: Vec<Generation>,
    /// An index that something else made, which holds the name.
    pub foreign: Option<String>,
}

impl Existing {
    /// The generation behind the alias.
    pub fn public(&self) -> Option<&Generation> {
        self.generations.iter().find(|generation| generation.public)
    }
}
