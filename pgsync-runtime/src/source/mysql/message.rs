//! What a step of the stream says in the words of every source. In: steps. Out: [`Event`]s.

use super::binlog::{GtidSet, Image, Row, Step};
use crate::Result;
use crate::position::{Mark, Position, Version};
use crate::source::{Before, Event, Message, RowChange, Transaction, TransactionId};

impl Message for Step {
    type Tuple<'a> = &'a Image;

    fn event(&self) -> Result<Event<&Image>> {
        Ok(match self {
            Self::Begin { committed_at, version, .. } => {
                Event::Begin(Transaction { id: transaction(*version), committed_at: *committed_at, version: *version })
            }
            Self::Relation(relation) => Event::Relation(relation.clone()),
            Self::Row(row) => Event::Row(changed(row)),
            // Whatever a definition did to rows, reading them all again finds it.
            Self::Redefined(relations) => Event::Truncate(relations.clone()),
            Self::Unlogged(unlogged) => Event::Unlogged(unlogged.clone()),
            Self::Commit { version, reached, .. } => {
                Event::Commit(Mark { version: *version, position: Position::at(reached.0) })
            }
            Self::Idle { version, reached } => {
                Event::Idle(Mark { version: *version, position: Position::at(reached.0) })
            }
        })
    }
}

/// Old rows come whole, but for the columns that a session did not log: these are absent and never guessed at.
fn changed(row: &Row) -> RowChange<&Image> {
    let before = row.before.as_ref().map_or(Before::Nothing, Before::Whole);
    RowChange { relation: row.relation, before, after: row.after.as_ref() }
}

/// A position is the number of transactions that were read; beside it stands the set after which to go on, which is smaller where a
/// transaction in two phases was undecided.
pub(super) fn position_of(read: &GtidSet) -> Position {
    Position::at(read.version().0)
}

/// Unique among those that wait to be visible at one time.
#[expect(clippy::cast_possible_truncation, reason = "the lower half tells them apart")]
pub(super) fn transaction(version: Version) -> TransactionId {
    TransactionId(version.0 as u32)
}
