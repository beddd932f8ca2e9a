//! What the documents of a table depend on, as far as a catalogue tells it. In: what a source reads. Out: how a table
//! differs from what its documents were made from.
//!
//! The stream carries rows, not definitions. A column replaced by another of its name, a renamed enum label, a partition
//! that was away for a moment, a publication that left out updates: each changes what documents should say, and no row
//! event tells it.

use super::change::RelationId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Fingerprints by `schema.name`.
pub type Fingerprints = BTreeMap<String, TableFingerprint>;

/// What the documents of one table depend on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFingerprint {
    /// What captures: the publication's oid and the transaction that altered it last, or the outbox.
    pub publication: String,
    /// The query of a view, and those of the views within it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// The used columns.
    pub columns: BTreeMap<String, ColumnFingerprint>,
    /// The relations that hold the rows, by id: the table itself, or the leaves of a partitioned one.
    pub relations: BTreeMap<RelationId, RelationFingerprint>,
}

/// A used column. Its type is taken apart down to what values are rendered from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnFingerprint {
    /// Number (never used again after `DROP COLUMN`), type, modifiers, whether it is generated, collation and its
    /// version.
    pub definition: String,
    /// Base types of domains, attributes of composite types, subtypes of ranges.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub parts: BTreeSet<String>,
    /// Labels of enum types. More of them may come: no row has a new label yet.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub labels: BTreeSet<String>,
}

/// A relation that holds rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationFingerprint {
    /// `schema.name`, for messages: renaming a leaf changes nothing.
    pub name: String,
    /// Changes when the table is rewritten or truncated.
    pub filenode: u32,
    /// Whether its replica identity carries the old values that are needed.
    pub suffices: bool,
    /// What of the catalogue has its changes captured: another one after that was taken away and put back, or changed (the
    /// row that publishes it, its triggers).
    pub membership: Option<u32>,
    /// The transactions that attached it and what is above it to their parents.
    pub joined: String,
}

/// How a table differs from what its documents were made from.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// What the documents have to be read again for, in words.
    pub changed: Vec<String>,
    /// Leaves that were not there: their rows have to be read, and nothing else.
    pub joined: Vec<RelationId>,
}

impl TableFingerprint {
    /// What is different in `seen`, but for what cannot change a document: an added enum label, a renamed leaf, a replica
    /// identity that carries more than before.
    pub fn differences(&self, seen: &Self) -> Differences {
        let mut changed = Vec::new();
        if self.publication != seen.publication {
            changed.push("what captures its changes was altered".to_owned());
        }
        if self.query != seen.query {
            changed.push("the query of the view was altered".to_owned());
        }
        for (name, known) in &self.columns {
            match seen.columns.get(name) {
                None => changed.push(format!("column {name} is gone")),
                Some(column) if !known.holds(column) => changed.push(format!("column {name} or its type was altered")),
                Some(_) => {}
            }
        }
        changed.extend(seen.columns.keys().filter(|name| !self.columns.contains_key(*name)).map(|name| {
            // Another program used the table before this one.
            format!("column {name} is used for the first time")
        }));
        for (oid, known) in &self.relations {
            match seen.relations.get(oid) {
                None => changed.push(format!("{} is gone, replaced or detached", known.name)),
                Some(relation) => changed.extend(known.difference(relation)),
            }
        }
        let new = || seen.relations.iter().filter(|(oid, _)| !self.relations.contains_key(*oid));
        let unpublished = new().filter(|(_, relation)| relation.membership.is_none());
        changed.extend(
            unpublished.map(|(_, relation)| format!("{} is new and its changes are not captured", relation.name)),
        );
        Differences { changed, joined: new().map(|(oid, _)| *oid).collect() }
    }

    /// Forgets the columns that are not used.
    pub fn keep_columns(&mut self, used: impl Fn(&str) -> bool) {
        self.columns.retain(|name, _| used(name));
    }

    /// Takes over columns that it does not know: another document has begun to use them.
    pub fn add_columns(&mut self, seen: &Self) {
        for (name, column) in &seen.columns {
            self.columns.entry(name.clone()).or_insert_with(|| column.clone());
        }
    }

    /// One of these relations, all with this file.
    #[cfg(test)]
    pub fn of_relations(filenode: u32, relations: &[u32]) -> Self {
        let relation = |oid: &u32| {
            let name = format!("public.r{oid}");
            let relation =
                RelationFingerprint { name, filenode, suffices: true, membership: Some(1), joined: String::new() };
            (RelationId(*oid), relation)
        };
        Self { relations: relations.iter().map(relation).collect(), ..Self::default() }
    }

    /// Whether it knows this relation.
    pub fn has(&self, relation: RelationId) -> bool {
        self.relations.contains_key(&relation)
    }

    /// Takes a leaf over whose rows are read: it is part of what the documents are made from.
    pub fn join(&mut self, relation: RelationId, seen: &Self) {
        if let Some(seen) = seen.relations.get(&relation) {
            self.relations.insert(relation, seen.clone());
        }
    }
}

impl ColumnFingerprint {
    /// Whether values written under this are written the same way under `seen`.
    fn holds(&self, seen: &Self) -> bool {
        self.definition == seen.definition && self.parts == seen.parts && self.labels.is_subset(&seen.labels)
    }
}

impl RelationFingerprint {
    fn difference(&self, seen: &Self) -> Option<String> {
        let name = &seen.name;
        if self.joined != seen.joined {
            return Some(format!("{name} was detached and attached again"));
        }
        if self.membership != seen.membership {
            return Some(format!("changes of {name} were not captured for a while, or are captured in another way"));
        }
        if self.suffices && !seen.suffices {
            return Some(format!("the replica identity of {name} no longer carries the old values that are needed"));
        }
        (self.filenode != seen.filenode).then(|| format!("{name} was rewritten"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(labels: &[&str], relations: &[(u32, u32, &str)]) -> TableFingerprint {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        let column = ColumnFingerprint { definition: "number 1".to_owned(), parts: BTreeSet::new(), labels };
        let relations = relations.iter().map(|(oid, filenode, joined)| {
            let relation = RelationFingerprint {
                name: format!("public.r{oid}"),
                filenode: *filenode,
                suffices: true,
                membership: Some(1),
                joined: (*joined).to_owned(),
            };
            (RelationId(*oid), relation)
        });
        TableFingerprint {
            publication: "1 700".to_owned(),
            query: String::new(),
            columns: BTreeMap::from([("mood".to_owned(), column)]),
            relations: relations.collect(),
        }
    }

    #[test]
    fn what_cannot_change_a_document_is_no_difference() {
        let known = table(&["1 700 ok"], &[(10, 20, "")]);
        let mut seen = table(&["1 700 ok", "2 710 fine"], &[(10, 20, "")]);
        seen.relations.get_mut(&RelationId(10)).unwrap().name = "public.renamed".to_owned();
        assert_eq!(known.differences(&seen), Differences::default());
    }

    #[test]
    fn what_can_change_a_document_is_named() {
        let known = table(&["1 700 ok"], &[(10, 20, "701")]);
        for (seen, word) in [
            (table(&["1 702 ok"], &[(10, 20, "701")]), "mood"),
            (table(&["1 700 ok"], &[(10, 21, "701")]), "rewritten"),
            (table(&["1 700 ok"], &[(10, 20, "702")]), "attached"),
            (table(&["1 700 ok"], &[]), "gone"),
        ] {
            let differences = known.differences(&seen);
            assert!(differences.changed.len() == 1 && differences.changed[0].contains(word), "{differences:?}");
        }
    }

    #[test]
    fn a_leaf_that_joins_is_no_change_of_the_others() {
        let mut known = table(&[], &[(10, 20, "701")]);
        let seen = table(&[], &[(10, 20, "701"), (11, 30, "702")]);
        assert_eq!(known.differences(&seen), Differences { changed: Vec::new(), joined: vec![RelationId(11)] });
        known.join(RelationId(11), &seen);
        assert_eq!(known.differences(&seen), Differences::default());
    }
}
