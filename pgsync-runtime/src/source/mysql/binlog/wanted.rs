//! The tables that are followed, and which of their columns. In: names. Out: the number by which the rest of the runtime calls
//! a table, and which of them a definition may have changed.

use super::statement::Definition;
use crate::source::RelationId;
use std::collections::HashMap;

/// Tables by database and name.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    databases: HashMap<String, HashMap<String, (RelationId, Vec<String>)>>,
}

impl Wanted {
    /// Follows these columns of a table under a number of its own.
    #[must_use]
    pub fn with(mut self, relation: RelationId, database: &str, table: &str, columns: &[&str]) -> Self {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        self.databases.entry(database.to_owned()).or_default().insert(table.to_owned(), (relation, columns));
        self
    }

    /// The number of a table, and its wanted columns.
    pub(super) fn table(&self, database: &str, table: &str) -> Option<(RelationId, &[String])> {
        self.databases.get(database)?.get(table).map(|(relation, columns)| (*relation, columns.as_slice()))
    }

    /// The tables whose rows a definition may have changed. Letters of either case are one here: a server may be set so, and
    /// one table too many costs a reading.
    pub(super) fn touched(&self, session: &str, definition: &Definition) -> Vec<RelationId> {
        let mut touched: Vec<RelationId> = Vec::new();
        for (database, tables) in &self.databases {
            let whole = definition.databases.iter().any(|name| name.eq_ignore_ascii_case(database));
            for (table, (relation, _)) in tables {
                let named = definition.touched.iter().any(|(of, name)| {
                    let of = of.as_deref().unwrap_or(session);
                    name.eq_ignore_ascii_case(table) && of.eq_ignore_ascii_case(database)
                });
                if whole || named {
                    touched.push(*relation);
                }
            }
        }
        touched.sort_unstable();
        touched
    }
}
