//! Who feeds an index. In: a server, a database, a slot. Out: what an index and the state say of it, so that another
//! database of the same shape is told apart from this one.
//!
//! The server is known by its system identifier, which a restored or promoted copy keeps and a new server does not; where a
//! promoted copy has an identifier of its own, by that of the servers whose history it has. The database is known by its name.
//! Host and port only name it in messages: they differ between two ways to one server.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// Who feeds an index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// `system_identifier` of the server; empty where an earlier version did not write it down.
    #[serde(default, rename = "system")]
    pub system_identifier: String,
    /// Name of the database.
    #[serde(default)]
    pub database: String,
    /// The slot that its changes come through.
    #[serde(default)]
    pub slot: String,
    /// Host and port, as they were given when the index was made.
    #[serde(default)]
    pub host: String,
    /// System identifiers of the servers whose history this one has, where a promoted copy does not keep them. Known of a live
    /// server only.
    #[serde(skip)]
    pub lineage: Vec<String>,
}

impl Owner {
    /// Reads what the `_meta` of an index says.
    pub(crate) fn from_meta(meta: &Value) -> Self {
        serde_json::from_value(meta.clone()).unwrap_or_default()
    }

    /// Whether both are one database of one server.
    pub fn same_database(&self, other: &Self) -> bool {
        let known = !self.system_identifier.is_empty() && !other.system_identifier.is_empty();
        let same = self.system_identifier == other.system_identifier || self.succeeds(other) || other.succeeds(self);
        !known || (same && self.database == other.database)
    }

    /// Whether it has the history of the other one's server.
    fn succeeds(&self, other: &Self) -> bool {
        self.lineage.contains(&other.system_identifier)
    }

    /// This one, named by the server on which the set-up began: one that stood in between may have written nothing, and then no
    /// later one has it in its lineage.
    pub(crate) fn continuing(&self, began: &Self) -> Self {
        let mut owner = self.clone();
        if self.succeeds(began) {
            owner.system_identifier.clone_from(&began.system_identifier);
        }
        owner
    }

    /// Whether both are one database of one server, followed through one slot.
    pub fn is(&self, other: &Self) -> bool {
        self.slot == other.slot && self.same_database(other)
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.system_identifier.is_empty() {
            return write!(f, "a database that was not recorded (slot `{}`)", self.slot);
        }
        write!(f, "database `{}`", self.database)?;
        if !self.host.is_empty() {
            write!(f, " at {}", self.host)?;
        }
        write!(f, " (system {}, slot `{}`)", self.system_identifier, self.slot)
    }
}

#[cfg(test)]
mod tests {
    use super::Owner;
    use serde_json::json;

    fn owner(system: &str, database: &str, slot: &str) -> Owner {
        Owner::from_meta(
            &json!({ "system": system, "database": database, "slot": slot, "host": "h:5432", "index": "i" }),
        )
    }

    #[test]
    fn a_server_stands_in_for_those_whose_history_it_has() {
        let (first, mut second) = (owner("1", "shop", "s"), owner("2", "shop", "s"));
        assert!(!second.is(&first));
        second.lineage = vec!["1".to_owned(), "2".to_owned()];
        assert!(second.is(&first) && first.is(&second));
        // The third has no transaction of the second.
        let third = Owner { lineage: vec!["1".to_owned()], ..owner("3", "shop", "s") };
        assert!(third.is(&second.continuing(&first)) && !third.is(&Owner { lineage: Vec::new(), ..second.clone() }));
        assert!(!second.is(&owner("3", "shop", "s")) && !second.is(&owner("1", "staging", "s")));
    }

    #[test]
    fn server_database_and_slot_tell_owners_apart() {
        let one = owner("1", "shop", "s");
        assert!(one.is(&Owner { host: "elsewhere:1".to_owned(), ..one.clone() }), "two ways to one server");
        for other in [owner("2", "shop", "s"), owner("1", "staging", "s")] {
            assert!(!one.is(&other) && !one.same_database(&other), "{other}");
        }
        let slot = owner("1", "shop", "other");
        assert!(one.same_database(&slot) && !one.is(&slot));
        let before = Owner::from_meta(&json!({ "index": "i", "slot": "s" }));
        assert!(one.is(&before) && !slot.is(&before), "an index of an earlier version names its slot only");
    }
}
