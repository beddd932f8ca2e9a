//! What a history has done. In: statements that took effect, or were refused. Out: whether every table has seen enough of
//! every kind, which is what makes a comparison worth something.

use super::facts::{Facts, Table};
use std::collections::BTreeMap;

/// Kinds of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Insert,
    /// Of columns that are neither key nor reference.
    Update,
    /// To another parent, or to none, by the foreign key at this position.
    Move(usize),
    /// Of the key.
    Rekey,
    Delete,
    Truncate,
}

/// How often each kind took effect, by table.
#[derive(Default)]
pub(super) struct Tally {
    done: BTreeMap<(usize, Kind), u32>,
    refused: BTreeMap<String, u32>,
    /// Whether no table is emptied.
    pub(super) keeps_tables: bool,
}

/// What a table has to see.
fn wanted(table: &Table) -> Vec<(Kind, u32)> {
    let mut wanted = vec![(Kind::Insert, 3), (Kind::Delete, 2), (Kind::Truncate, 1)];
    if !table.plain().is_empty() {
        wanted.push((Kind::Update, 3));
    }
    wanted.extend((0..table.foreign.len()).map(|key| (Kind::Move(key), 2)));
    if !table.own_key().is_empty() {
        wanted.push((Kind::Rekey, 1));
    }
    wanted
}

impl Tally {
    pub(super) fn add(&mut self, table: usize, kind: Kind) {
        *self.done.entry((table, kind)).or_default() += 1;
    }

    /// The server's reason, by its code.
    pub(super) fn refuse(&mut self, code: &str) {
        *self.refused.entry(code.to_owned()).or_default() += 1;
    }

    /// What is short, but for what only happens at its own time.
    pub(super) fn short(&self, facts: &Facts) -> Vec<(usize, Kind)> {
        let mut short = self.missing(facts);
        short.retain(|(_, kind)| *kind != Kind::Truncate);
        short
    }

    fn missing(&self, facts: &Facts) -> Vec<(usize, Kind)> {
        let mut missing = Vec::new();
        for (position, table) in facts.tables.iter().enumerate() {
            for (kind, least) in wanted(table) {
                let never = kind == Kind::Truncate && self.keeps_tables;
                if !never && self.done.get(&(position, kind)).copied().unwrap_or_default() < least {
                    missing.push((position, kind));
                }
            }
        }
        missing
    }

    /// Fails where a table has not seen enough.
    pub(super) fn is_enough(&self, facts: &Facts, case: &str) {
        let missing = self.missing(facts);
        let missing: Vec<String> =
            missing.iter().map(|(table, kind)| format!("{kind:?} of {}", facts.tables[*table].name)).collect();
        assert!(missing.is_empty(), "{case}: too few of {}; {}", missing.join(", "), self.summary());
    }

    pub(super) fn summary(&self) -> String {
        let mut by_kind: BTreeMap<Kind, u32> = BTreeMap::new();
        for ((_, kind), count) in &self.done {
            // By all foreign keys together.
            let kind = if matches!(kind, Kind::Move(_)) { Kind::Move(0) } else { *kind };
            *by_kind.entry(kind).or_default() += count;
        }
        format!("took effect {by_kind:?}, refused {:?}", self.refused)
    }
}
