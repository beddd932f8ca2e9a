//! What the documents of a table depend on, as far as the catalogue tells it. In: a session and a program. Out: one
//! [`TableFingerprint`] per table, to be compared with the one that its documents were made from.
//!
//! The stream carries rows, not definitions. A column replaced by another of its name, a renamed enum label, a partition
//! that was away for a moment, a publication that left out updates: each changes what documents should say, and no row
//! event tells it. Where a definition can be changed and changed back, the fingerprint holds the id of the transaction
//! that wrote the catalogue's row (`xmin`), which does not come back.

use super::facts::{Facts, Relation, reading};
use crate::Result;
use crate::source::postgres::connection::value;
use pgsync_plan::Program;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tokio_postgres::Client;

/// Fingerprints by `schema.name`.
pub(crate) type Fingerprints = BTreeMap<String, TableFingerprint>;

/// What the documents of one table depend on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TableFingerprint {
    /// The publication: its oid and the transaction that altered it last.
    publication: String,
    /// The used columns.
    columns: BTreeMap<String, ColumnFingerprint>,
    /// The relations that hold the rows, by oid: the table itself, or the leaves of a partitioned one.
    relations: BTreeMap<u32, RelationFingerprint>,
}

/// A used column. Its type is taken apart down to what values are rendered from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct ColumnFingerprint {
    /// Number (never used again after `DROP COLUMN`), type, modifiers, whether it is generated, collation and its
    /// version.
    definition: String,
    /// Base types of domains, attributes of composite types, subtypes of ranges.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    parts: BTreeSet<String>,
    /// Labels of enum types. More of them may come: no row has a new label yet.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    labels: BTreeSet<String>,
}

/// A relation that holds rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct RelationFingerprint {
    /// `schema.name`, for messages: renaming a leaf changes nothing.
    name: String,
    /// Changes when the table is rewritten or truncated.
    filenode: u32,
    /// Whether its replica identity carries the old values that are needed.
    suffices: bool,
    /// The row of `pg_publication_rel` that publishes it: another one after it was taken out and put back, or was given a
    /// column list or a row filter.
    membership: Option<u32>,
    /// The transactions that attached it and what is above it to their parents.
    joined: String,
}

/// How a table differs from what its documents were made from.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Differences {
    /// What the documents have to be read again for, in words.
    pub changed: Vec<String>,
    /// Leaves that were not there: their rows have to be read, and nothing else.
    pub joined: Vec<u32>,
}

impl TableFingerprint {
    /// What is different in `seen`, but for what cannot change a document: an added enum label, a renamed leaf, a replica
    /// identity that carries more than before.
    pub(crate) fn differences(&self, seen: &Self) -> Differences {
        let mut changed = Vec::new();
        if self.publication != seen.publication {
            changed.push("the publication was altered".to_owned());
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
        changed.extend(unpublished.map(|(_, relation)| format!("{} is new and not published", relation.name)));
        Differences { changed, joined: new().map(|(oid, _)| *oid).collect() }
    }

    /// Forgets the columns that are not used.
    pub(crate) fn keep_columns(&mut self, used: impl Fn(&str) -> bool) {
        self.columns.retain(|name, _| used(name));
    }

    /// Takes over columns that it does not know: another document has begun to use them.
    pub(crate) fn add_columns(&mut self, seen: &Self) {
        for (name, column) in &seen.columns {
            self.columns.entry(name.clone()).or_insert_with(|| column.clone());
        }
    }

    /// One of these relations, all with this file.
    #[cfg(test)]
    pub(crate) fn of_relations(filenode: u32, relations: &[u32]) -> Self {
        let relation = |oid: &u32| {
            let name = format!("public.r{oid}");
            let relation =
                RelationFingerprint { name, filenode, suffices: true, membership: Some(1), joined: String::new() };
            (*oid, relation)
        };
        Self { relations: relations.iter().map(relation).collect(), ..Self::default() }
    }

    /// Whether it knows this relation.
    pub(crate) fn has(&self, oid: u32) -> bool {
        self.relations.contains_key(&oid)
    }

    /// Takes a leaf over whose rows are read: it is part of what the documents are made from.
    pub(crate) fn join(&mut self, oid: u32, seen: &Self) {
        if let Some(relation) = seen.relations.get(&oid) {
            self.relations.insert(oid, relation.clone());
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
            return Some(format!("{name} left the publication, or is published in another way"));
        }
        if self.suffices && !seen.suffices {
            return Some(format!("the replica identity of {name} no longer carries the old values that are needed"));
        }
        (self.filenode != seen.filenode).then(|| format!("{name} was rewritten"))
    }
}

impl From<(&Relation, pgsync_plan::Identity)> for RelationFingerprint {
    fn from((relation, identity): (&Relation, pgsync_plan::Identity)) -> Self {
        Self {
            name: format!("{}.{}", relation.schema, relation.name),
            filenode: relation.filenode,
            suffices: relation.suffices(identity),
            membership: relation.membership,
            joined: relation.joined.clone(),
        }
    }
}

/// Reads the fingerprints of all tables of a program, with the facts they were taken from.
///
/// # Errors
/// Those of the session.
pub(crate) async fn read(client: &Client, program: &Program) -> Result<(Facts, Fingerprints)> {
    let facts = Facts::read(client, program).await?;
    let mut columns = columns(client, program).await?;
    let publication = facts.publication.as_ref().map(|publication| publication.version.clone()).unwrap_or_default();
    let tables = program.plan.tables.iter().zip(&facts.tables).enumerate().map(|(position, (table, relations))| {
        let used = |name: &String| table.columns.iter().any(|column| column.name == *name);
        let mut columns = std::mem::take(&mut columns[position]);
        columns.retain(|name, _| used(name));
        let relations = relations.iter().map(|relation| (relation.oid, (relation, table.identity).into())).collect();
        (table.qualified(), TableFingerprint { publication: publication.clone(), columns, relations })
    });
    let tables = tables.collect();
    Ok((facts, tables))
}

/// Every column of every table, by position of the table in the plan.
async fn columns(client: &Client, program: &Program) -> Result<Vec<BTreeMap<String, ColumnFingerprint>>> {
    let tables = &program.plan.tables;
    let schemas: Vec<&str> = tables.iter().map(|table| table.schema.as_str()).collect();
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let rows = client.query(COLUMNS, &[&schemas, &names]).await.map_err(reading)?;
    let mut columns = vec![BTreeMap::new(); tables.len()];
    let mut of_type: BTreeMap<u32, Vec<(usize, String)>> = BTreeMap::new();
    for row in rows {
        let (table, name): (i32, String) = (value(&row, 0)?, value(&row, 1)?);
        let table = table as usize;
        if !tables[table].columns.iter().any(|column| column.name == name) {
            continue;
        }
        of_type.entry(value(&row, 2)?).or_default().push((table, name.clone()));
        columns[table].insert(name, ColumnFingerprint { definition: value(&row, 3)?, ..ColumnFingerprint::default() });
    }
    let types: Vec<u32> = of_type.keys().copied().collect();
    for row in client.query(PARTS, &[&types]).await.map_err(reading)? {
        let (top, label, text): (u32, bool, String) = (value(&row, 0)?, value(&row, 1)?, value(&row, 2)?);
        for (table, name) in of_type.get(&top).into_iter().flatten() {
            if let Some(column) = columns[*table].get_mut(name) {
                let set = if label { &mut column.labels } else { &mut column.parts };
                set.insert(text.clone());
            }
        }
    }
    Ok(columns)
}

/// A table's columns. What only newer servers have is read through JSON, so that one text serves all.
const COLUMNS: &str = "
    SELECT w.o::int - 1, a.attname::text, a.atttypid,
           format('number %s, type %s(%s), generated \"%s\", collation %s %s', a.attnum, a.atttypid, a.atttypmod,
                  to_jsonb(a) ->> 'attgenerated', a.attcollation,
                  CASE WHEN a.attcollation <> 0 THEN pg_collation_actual_version(a.attcollation) END)
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY w(s, n, o)
    JOIN pg_namespace n ON n.nspname = w.s
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.n
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped";

/// What types are made of: domains of their base, arrays of their elements, composite types of attributes, ranges of
/// their subtype, enums of labels. A label has the transaction that wrote it beside it: renamed and renamed back, it is
/// another one.
const PARTS: &str = "
    WITH RECURSIVE part AS (
      SELECT t AS top, t AS oid FROM unnest($1::oid[]) t
      UNION
      SELECT p.top, x.oid FROM part p JOIN pg_type t ON t.oid = p.oid CROSS JOIN LATERAL (
        SELECT t.typbasetype AS oid WHERE t.typtype = 'd'
        UNION ALL SELECT t.typelem WHERE t.typcategory = 'A'
        UNION ALL SELECT a.atttypid FROM pg_attribute a
                  WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid
      ) x
    )
    SELECT p.top, false, format('type %s', p.oid) FROM part p WHERE p.oid <> p.top
    UNION ALL
    SELECT p.top, false, format('attribute %s.%s %I %s', p.oid, a.attnum, a.attname, a.atttypid)
    FROM part p JOIN pg_type t ON t.oid = p.oid AND t.typtype = 'c'
    JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT p.top, true, format('%s %s %s', e.oid, e.xmin, e.enumlabel) FROM part p JOIN pg_enum e ON e.enumtypid = p.oid";

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
            (*oid, relation)
        });
        TableFingerprint {
            publication: "1 700".to_owned(),
            columns: BTreeMap::from([("mood".to_owned(), column)]),
            relations: relations.collect(),
        }
    }

    #[test]
    fn what_cannot_change_a_document_is_no_difference() {
        let known = table(&["1 700 ok"], &[(10, 20, "")]);
        let mut seen = table(&["1 700 ok", "2 710 fine"], &[(10, 20, "")]);
        seen.relations.get_mut(&10).unwrap().name = "public.renamed".to_owned();
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
        assert_eq!(known.differences(&seen), Differences { changed: Vec::new(), joined: vec![11] });
        known.join(11, &seen);
        assert_eq!(known.differences(&seen), Differences::default());
    }
}
