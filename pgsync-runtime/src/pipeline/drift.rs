//! Compares the live catalogue with what the documents were made from. In: fingerprints of the catalogue and the position
//! up to which everything is written. Out: tables whose documents have to be read again, and leaves whose rows have to.
//!
//! A TRUNCATE changes a table's file too, and the stream carries it, later. So a difference counts only once everything
//! up to the log's end at the moment of looking is written, and a table whose documents were read again since then is
//! known by the fingerprint taken just before that reading.

use crate::Position;
use crate::source::{Fingerprints, RelationId, TableFingerprint};
use pgsync_plan::Program;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The detector that several stages share, also after a panic elsewhere.
pub(super) fn lock(look: &Mutex<Drift>) -> MutexGuard<'_, Drift> {
    look.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Compares what is with what was.
#[derive(Debug)]
pub(crate) struct Drift {
    /// What the documents were made from.
    known: Fingerprints,
    /// What was seen, and the end of the log at that moment.
    seen: Option<(Fingerprints, Position)>,
    /// Tables whose documents were read again since `seen`.
    renewed: BTreeSet<String>,
    /// Leaves whose rows are being read.
    reading: BTreeSet<RelationId>,
}

/// A leaf of a partitioned table that was not there before. Its rows are read through the routes, as if each had changed.
#[derive(Debug)]
pub(super) struct Leaf {
    /// The partitioned table, `schema.name`.
    pub table: String,
    /// The leaf.
    pub relation: RelationId,
    /// What the catalogue said of the table before the leaf is read.
    pub seen: TableFingerprint,
}

/// What a look has found.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// Tables whose documents have to be read again, and why.
    pub changed: Vec<(String, Vec<String>)>,
    /// Leaves that have to be read.
    pub joined: Vec<Leaf>,
}

impl Drift {
    /// Begins from what the state remembers, as far as this program uses it.
    pub(super) fn new(mut known: Fingerprints, program: &Program) -> Self {
        for table in &program.plan.tables {
            if let Some(fingerprint) = known.get_mut(&table.qualified()) {
                fingerprint.keep_columns(|name| table.columns.iter().any(|column| column.name == name));
            }
        }
        Self { known, seen: None, renewed: BTreeSet::new(), reading: BTreeSet::new() }
    }

    /// Whether another look is due.
    pub(super) fn is_idle(&self) -> bool {
        self.seen.is_none()
    }

    /// Takes in what the catalogue shows. `end` must have been asked for after `seen`.
    pub(super) fn look(&mut self, seen: Fingerprints, end: Position) {
        if self.seen.is_none() {
            self.renewed.clear();
            self.seen = Some((seen, end));
        }
    }

    /// All documents with rows of these tables are about to be read again; `seen` was taken before.
    pub(super) fn renew(&mut self, tables: impl IntoIterator<Item = String>, seen: &Fingerprints) {
        for table in tables {
            if let Some(fingerprint) = seen.get(&table) {
                self.known.insert(table.clone(), fingerprint.clone());
                self.renewed.insert(table);
            }
        }
    }

    /// Whether a relation that appeared in the stream is a leaf whose rows have to be read, and nobody does so yet.
    pub(super) fn is_unread(&mut self, table: &str, relation: RelationId) -> bool {
        !self.known.get(table).is_some_and(|known| known.has(relation)) && self.reading.insert(relation)
    }

    /// The rows of a leaf are read and written.
    pub(super) fn joined(&mut self, leaf: &Leaf) {
        self.reading.remove(&leaf.relation);
        // What was seen before it joined does not have it.
        let seen =
            self.seen.as_mut().and_then(|(seen, _)| seen.get_mut(&leaf.table)).filter(|seen| !seen.has(leaf.relation));
        for fingerprint in self.known.get_mut(&leaf.table).into_iter().chain(seen) {
            fingerprint.join(leaf.relation, &leaf.seen);
        }
    }

    /// Everything up to `position` is written: what of the last look counts now.
    pub(super) fn written(&mut self, position: Position) -> Verdict {
        let mut verdict = Verdict::default();
        let Some((seen, _)) = self.seen.take_if(|(_, end)| position >= *end) else { return verdict };
        for (table, seen) in seen {
            if self.renewed.contains(&table) {
                continue;
            }
            let Some(known) = self.known.get(&table) else {
                verdict.changed.push((table, vec!["nothing is known of what its documents were made from".to_owned()]));
                continue;
            };
            let differences = known.differences(&seen);
            if !differences.changed.is_empty() {
                verdict.changed.push((table, differences.changed));
                continue;
            }
            for relation in differences.joined {
                if self.reading.insert(relation) {
                    verdict.joined.push(Leaf { table: table.clone(), relation, seen: seen.clone() });
                }
            }
        }
        verdict
    }

    /// What the documents were made from.
    pub(super) fn known(&self) -> &Fingerprints {
        &self.known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprints(filenode: u32, relations: &[u32]) -> Fingerprints {
        Fingerprints::from([("public.book".to_owned(), TableFingerprint::of_relations(filenode, relations))])
    }

    fn drift(known: Fingerprints) -> Drift {
        Drift { known, seen: None, renewed: BTreeSet::new(), reading: BTreeSet::new() }
    }

    #[test]
    fn a_rewrite_counts_once_the_log_is_written_up_to_it() {
        let mut drift = drift(fingerprints(10, &[1]));
        drift.look(fingerprints(11, &[1]), Position::at(100));
        assert!(drift.written(Position::at(99)).changed.is_empty());
        assert_eq!(drift.written(Position::at(100)).changed[0].0, "public.book");
    }

    #[test]
    fn a_table_read_again_is_known_by_its_later_fingerprint() {
        let mut drift = drift(fingerprints(10, &[1]));
        drift.look(fingerprints(11, &[1]), Position::at(100));
        drift.renew(["public.book".to_owned()], &fingerprints(12, &[1]));
        assert!(drift.written(Position::at(120)).changed.is_empty());
        drift.look(fingerprints(12, &[1]), Position::at(130));
        assert!(drift.written(Position::at(130)).changed.is_empty());
        drift.look(fingerprints(13, &[1]), Position::at(140));
        assert!(!drift.written(Position::at(140)).changed.is_empty(), "a rewrite after the reading counts");
    }

    #[test]
    fn a_leaf_is_read_once() {
        let mut drift = drift(fingerprints(10, &[1]));
        drift.look(fingerprints(10, &[1, 2]), Position::at(100));
        let verdict = drift.written(Position::at(100));
        assert_eq!((verdict.changed.len(), verdict.joined.len()), (0, 1));
        drift.look(fingerprints(10, &[1, 2]), Position::at(110));
        assert!(drift.written(Position::at(110)).joined.is_empty(), "it is being read");
        assert!(!drift.is_unread("public.book", RelationId(2)));
        drift.joined(&verdict.joined[0]);
        drift.look(fingerprints(10, &[1, 2]), Position::at(120));
        assert!(drift.written(Position::at(120)).joined.is_empty(), "it was read");
        assert!(!drift.is_unread("public.book", RelationId(2)) && drift.is_unread("public.book", RelationId(3)));
    }

    #[test]
    fn a_leaf_that_joined_after_the_look_is_not_gone() {
        let mut drift = drift(fingerprints(10, &[1]));
        drift.look(fingerprints(10, &[1]), Position::at(100));
        assert!(drift.is_unread("public.book", RelationId(2)));
        let seen = fingerprints(10, &[1, 2]).remove("public.book").unwrap();
        drift.joined(&Leaf { table: "public.book".to_owned(), relation: RelationId(2), seen });
        assert!(drift.written(Position::at(100)).changed.is_empty());
        drift.look(fingerprints(10, &[1]), Position::at(110));
        assert!(!drift.written(Position::at(110)).changed.is_empty(), "it was dropped later");
    }
}
