//! What a stream says. In: nothing. Out: the words of a decoded log: transactions, their rows, definitions.

use super::gtid::{Gtid, GtidSet};
use super::rows::Row;
use crate::position::Version;
use crate::source::{Relation, RelationId, Unlogged};
use std::time::SystemTime;

/// What a stream says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A committed transaction begins.
    Begin {
        /// Its id.
        gtid: Gtid,
        /// When it was committed.
        committed_at: SystemTime,
        /// How many transactions there are with it.
        version: Version,
    },
    /// The columns of the rows that follow.
    Relation(Relation),
    /// A row was changed.
    Row(Row),
    /// A definition after which the rows of these tables may be others, without a word of how.
    Redefined(Vec<RelationId>),
    /// Foreign keys have changed rows, of which the log says no more.
    Unlogged(Unlogged),
    /// The transaction is complete.
    Commit {
        /// How many transactions there are with it.
        version: Version,
        /// Up to where everything is told: further where it was before, and some comes once more.
        reached: Version,
        /// From where to stream after a restart: before it where a transaction in two phases is undecided.
        resume: GtidSet,
    },
    /// Nothing has happened since.
    Idle {
        /// How many transactions were read.
        version: Version,
        /// As in `Commit`.
        reached: Version,
    },
}
