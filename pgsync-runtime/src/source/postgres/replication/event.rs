//! What a message of the stream says in the words of every source. In: frames. Out: [`Event`]s, whose rows are read where
//! they arrived.

use super::frames::Frame;
use super::pgoutput::{self, Message, OldKind, decode};
use crate::Result;
use crate::source::{
    Before, Cell, Event, Relation, RelationColumn, RelationId, RowChange, Transaction, TransactionId, Tuple,
};
use std::time::{Duration, SystemTime};

impl crate::source::Message for Frame {
    type Tuple<'a> = pgoutput::Tuple<'a>;

    #[inline]
    fn event(&self) -> Result<Event<pgoutput::Tuple<'_>>> {
        match self {
            Self::Data { payload, .. } => Ok(event(decode(payload)?)),
            Self::Keepalive { wal_end } => Ok(Event::Idle(wal_end.mark())),
        }
    }
}

impl<'a> Tuple<'a> for pgoutput::Tuple<'a> {
    #[inline]
    fn cells(self) -> impl Iterator<Item = Cell<'a>> {
        self.iter().map(|cell| match cell {
            // All values of a stream have one form.
            pgoutput::Cell::Text(value) | pgoutput::Cell::Binary(value) => Cell::Value(value),
            pgoutput::Cell::Null => Cell::Null,
            pgoutput::Cell::Unchanged => Cell::Unchanged,
        })
    }
}

#[inline]
fn event(message: Message<'_>) -> Event<pgoutput::Tuple<'_>> {
    let row = |relation, before, after| Event::Row(RowChange { relation: RelationId(relation), before, after });
    let old = |(kind, old)| match kind {
        OldKind::Key => Before::Key(old),
        OldKind::Full => Before::Whole(old),
    };
    match message {
        Message::Begin { xid, committed_at, commit_lsn } => Event::Begin(Transaction {
            id: TransactionId(xid),
            committed_at: time(committed_at),
            version: commit_lsn.version_of_commit(),
        }),
        Message::Commit { end_lsn, .. } => Event::Commit(end_lsn.mark()),
        Message::Relation(relation) => Event::Relation(described(*relation)),
        Message::Insert { relation, new } => row(relation, Before::Nothing, Some(new)),
        Message::Update { relation, old: before, new } => row(relation, before.map_or(Before::SameKey, old), Some(new)),
        Message::Delete { relation, kind, old: before } => row(relation, old((kind, before)), None),
        Message::Truncate { relations, .. } => Event::Truncate(relations.into_iter().map(RelationId).collect()),
        Message::Origin { .. } | Message::Type { .. } | Message::Message { .. } => Event::Nothing,
    }
}

fn described(relation: pgoutput::Relation) -> Relation {
    let columns = relation.columns.into_iter().map(|column| RelationColumn { name: column.name, key: column.key });
    Relation { id: RelationId(relation.oid), columns: columns.collect() }
}

/// Microseconds since 2000-01-01. Nothing was committed before 1970.
fn time(micros: i64) -> SystemTime {
    const EPOCH: i64 = 946_684_800_000_000;
    let since = u64::try_from(micros.saturating_add(EPOCH)).unwrap_or(0);
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_micros(since)).unwrap_or(SystemTime::UNIX_EPOCH)
}
