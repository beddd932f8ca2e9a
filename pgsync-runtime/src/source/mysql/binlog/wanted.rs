//! The tables that are followed, and which of their columns; the tables whose changes cause others that are not logged. In:
//! names. Out: the number by which the rest of the runtime calls a table, and which of them a definition may have changed.

use super::statement::Definition;
use crate::source::RelationId;
use std::collections::{BTreeSet, HashMap};

/// By database and name.
type Tables<T> = HashMap<String, HashMap<String, T>>;

/// Tables by database and name.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    databases: Tables<Followed>,
    causes: Tables<Cause>,
}

/// What is followed of a table.
#[derive(Debug, Clone)]
pub(super) struct Followed {
    pub(super) relation: RelationId,
    /// Columns that are needed: one that cannot be read is refused.
    pub(super) needed: Vec<String>,
    /// Columns of which it is good to know whether they changed.
    pub(super) watched: Vec<String>,
}

/// Changes of a table by which rows of others change, without a word in the log. Documents are positions in the program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cause {
    /// The columns that others refer to.
    pub columns: BTreeSet<String>,
    /// Documents that may show rows which change when a row goes.
    pub on_delete: BTreeSet<usize>,
    /// Documents that may show rows which change when one of the columns does.
    pub on_update: BTreeSet<usize>,
    /// Documents that are found by the values of the row.
    pub searches: Vec<Search>,
}

/// Documents that are found by the values of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The document.
    pub document: usize,
    /// Its index route.
    pub route: usize,
    /// Of which columns, in the order of the route's key.
    pub columns: Vec<String>,
    /// Whether they are concerned when the row goes.
    pub on_delete: bool,
    /// Whether they are concerned when the columns change.
    pub on_update: bool,
}

impl Wanted {
    /// Follows these columns of a table under a number of its own.
    #[must_use]
    pub fn with(mut self, relation: RelationId, database: &str, table: &str, columns: &[&str]) -> Self {
        let followed = Followed { relation, needed: owned(columns), watched: Vec::new() };
        self.databases.entry(database.to_owned()).or_default().insert(table.to_owned(), followed);
        self
    }

    /// Carries these columns of a table as well, which is followed, where the log can say their values.
    #[must_use]
    pub fn watching(mut self, database: &str, table: &str, columns: &[&str]) -> Self {
        if let Some(followed) = self.databases.get_mut(database).and_then(|tables| tables.get_mut(table)) {
            followed.watched = owned(columns);
        }
        self
    }

    /// Tells when a table causes changes of others.
    #[must_use]
    pub fn causing(mut self, database: &str, table: &str, cause: Cause) -> Self {
        self.causes.entry(database.to_owned()).or_default().insert(table.to_owned(), cause);
        self
    }

    /// What is followed of a table.
    pub(super) fn table(&self, database: &str, table: &str) -> Option<&Followed> {
        self.databases.get(database)?.get(table)
    }

    /// What changes of a table cause.
    pub(super) fn cause(&self, database: &str, table: &str) -> Option<&Cause> {
        self.causes.get(database)?.get(table)
    }

    /// The tables whose rows a definition may have changed. Letters of either case are one here: a server may be set so, and
    /// one table too many costs a reading.
    pub(super) fn touched(&self, session: &str, definition: &Definition) -> Vec<RelationId> {
        let mut touched: Vec<RelationId> = Vec::new();
        for (database, tables) in &self.databases {
            let whole = definition.databases.iter().any(|name| name.eq_ignore_ascii_case(database));
            for (table, followed) in tables {
                let named = definition.touched.iter().any(|(of, name)| {
                    let of = of.as_deref().unwrap_or(session);
                    name.eq_ignore_ascii_case(table) && of.eq_ignore_ascii_case(database)
                });
                if whole || named {
                    touched.push(followed.relation);
                }
            }
        }
        touched.sort_unstable();
        touched
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
