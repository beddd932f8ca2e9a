//! The stream of a database in memory: every commit once, in order, from where the slot stands.

use super::database::{Change, Commit};
use super::{Database, Row, Value, broken, program};
use crate::Result;
use crate::position::{Mark, Position, Version};
use crate::source::{
    Before, Cell, ChangeStream, Event, Message, Relation, RelationColumn, RelationId, RowChange, Transaction, Tuple,
    Unlogged,
};
use pgsync_plan::Identity;
use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, SystemTime};

pub(crate) struct MemoryStream {
    database: Database,
    /// The next commit.
    next: usize,
    ready: VecDeque<Sent>,
    announced: BTreeSet<usize>,
    told: u64,
}

/// A message that holds what it says.
#[derive(Debug)]
pub(crate) enum Sent {
    Begin(Transaction),
    Relation(Relation),
    Row { relation: RelationId, before: Before<()>, old: Vec<Option<Vec<u8>>>, after: Option<Vec<Option<Vec<u8>>>> },
    Truncate(RelationId),
    Unlogged(Unlogged),
    Commit(Mark),
    Idle(Mark),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Cells<'a>(&'a [Option<Vec<u8>>]);

impl<'a> Tuple<'a> for Cells<'a> {
    fn cells(self) -> impl Iterator<Item = Cell<'a>> {
        self.0.iter().map(|value| value.as_deref().map_or(Cell::Null, Cell::Value))
    }
}

impl Message for Sent {
    type Tuple<'a> = Cells<'a>;

    fn event(&self) -> Result<Event<Cells<'_>>> {
        Ok(match self {
            Self::Begin(transaction) => Event::Begin(*transaction),
            Self::Relation(relation) => Event::Relation(relation.clone()),
            Self::Row { relation, before, old, after } => {
                let old = Cells(old);
                let before = match before {
                    Before::Nothing => Before::Nothing,
                    Before::SameKey => Before::SameKey,
                    Before::Key(()) => Before::Key(old),
                    Before::Whole(()) => Before::Whole(old),
                };
                let after = after.as_deref().map(Cells);
                Event::Row(RowChange { relation: *relation, before, after })
            }
            Self::Truncate(relation) => Event::Truncate(vec![*relation]),
            Self::Unlogged(unlogged) => Event::Unlogged(unlogged.clone()),
            Self::Commit(mark) => Event::Commit(*mark),
            Self::Idle(mark) => Event::Idle(*mark),
        })
    }
}

impl MemoryStream {
    pub(super) fn new(database: Database) -> Self {
        let (next, told) = (database.first_unconfirmed(), database.confirmed());
        Self { database, next, ready: VecDeque::new(), announced: BTreeSet::new(), told }
    }

    /// Takes the next commit apart, if there is one.
    fn read(&mut self) -> bool {
        let Some(commit) = self.database.log_from(self.next) else { return false };
        self.next += 1;
        let transaction =
            Transaction { id: commit.id, committed_at: SystemTime::UNIX_EPOCH, version: Version(commit.start + 1) };
        self.ready.push_back(Sent::Begin(transaction));
        for change in &commit.changes {
            self.change(&commit, change);
        }
        self.told = commit.end;
        self.ready.push_back(Sent::Commit(mark(commit.end)));
        true
    }

    fn change(&mut self, commit: &Commit, change: &Change) {
        let table = match change {
            Change::Row { table, .. } | Change::Truncate { table } => table,
            Change::Cascaded { words, .. } => {
                let words = words.iter().cloned().collect();
                return self.ready.push_back(Sent::Unlogged(Unlogged { words, ..Unlogged::default() }));
            }
        };
        let plan = &program().plan;
        let number = plan.tables.iter().position(|of| of.name == *table).unwrap();
        let of = &plan.tables[number];
        let whole = of.identity == Identity::Full && !commit.weak;
        let relation = RelationId(number as u32 + 1);
        if self.announced.insert(number + if commit.weak { 100 } else { 0 }) {
            self.announced.remove(&(number + if commit.weak { 0 } else { 100 }));
            let keyed = |position: usize| whole || of.key.iter().any(|key| key.0 == position);
            let columns = of.columns.iter().enumerate();
            let columns =
                columns.map(|(position, column)| RelationColumn { name: column.name.clone(), key: keyed(position) });
            self.ready.push_back(Sent::Relation(Relation { id: relation, columns: columns.collect() }));
        }
        let Change::Row { before, after, .. } = change else {
            self.ready.push_back(Sent::Truncate(relation));
            return;
        };
        let key = |row: &Row| of.key.iter().map(|key| row[key.0].clone()).collect::<Vec<_>>();
        let mut old = before.as_ref().map(spelled).unwrap_or_default();
        let said = match (before, after) {
            (None, _) => Before::Nothing,
            (Some(_), _) if whole => Before::Whole(()),
            (Some(before), Some(after)) if key(before) == key(after) => Before::SameKey,
            _ => Before::Key(()),
        };
        if matches!(said, Before::Key(())) {
            for (position, value) in old.iter_mut().enumerate() {
                if !of.key.iter().any(|key| key.0 == position) {
                    *value = None;
                }
            }
        }
        let after = after.as_ref().map(spelled);
        self.ready.push_back(Sent::Row { relation, before: said, old, after });
    }
}

fn mark(end: u64) -> Mark {
    Mark { version: Version(end), position: Position::at(end) }
}

fn spelled(row: &Row) -> Vec<Option<Vec<u8>>> {
    row.iter()
        .map(|value| match value {
            Value::Int(number) => Some(number.to_string().into_bytes()),
            Value::Text(text) => Some(text.clone().into_bytes()),
            Value::Null => None,
        })
        .collect()
}

impl ChangeStream for MemoryStream {
    type Message = Sent;
    type Acknowledge = Database;

    async fn next(&mut self) -> Result<Sent> {
        loop {
            // Registered before the log is looked at: a commit between the two is not missed.
            let committed = std::sync::Arc::clone(&self.database.committed);
            let committed = committed.notified();
            if let Some(message) = self.try_next()? {
                return Ok(message);
            }
            if tokio::time::timeout(Duration::from_millis(700), committed).await.is_err()
                && self.told < self.database.end()
            {
                continue;
            }
            if self.ready.is_empty() && self.database.faults().one_of(4) && self.database.log_from(self.next).is_none()
            {
                // The log has moved without a change of concern.
                return Ok(Sent::Idle(mark(self.told.max(self.database.end()))));
            }
        }
    }

    fn try_next(&mut self) -> Result<Option<Sent>> {
        if self.ready.is_empty() && !self.read() {
            return Ok(None);
        }
        if self.database.faults().strikes() && self.database.faults().one_of(4) {
            return Err(broken("the stream"));
        }
        Ok(self.ready.pop_front())
    }

    fn acknowledge(&self) -> Database {
        self.database.clone()
    }

    fn session(&self) -> i32 {
        1
    }

    async fn close(self) -> Result<()> {
        Ok(())
    }
}
