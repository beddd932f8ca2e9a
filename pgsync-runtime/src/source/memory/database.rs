//! Tables and their log. In: committed transactions. Out: the state that snapshots see, the log that the stream carries,
//! and the slot, which remembers what was acknowledged.

use super::fault::Faults;
use super::program;
use crate::source::{Fingerprints, RelationId, TableFingerprint, TransactionId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    Int(i32),
    Text(String),
    Null,
}

/// The values of a row, in the order of the plan's columns.
pub(crate) type Row = Vec<Value>;
/// Rows by key, per table.
pub(crate) type Tables = BTreeMap<String, BTreeMap<Row, Row>>;

/// A change of a transaction.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// A row, before and after.
    Row { table: &'static str, before: Option<Row>, after: Option<Row> },
    /// An emptied table.
    Truncate { table: &'static str },
    /// A row that goes with the one that it refers to: the log has nothing but the words of index routes.
    Cascaded { table: &'static str, row: Row, words: Vec<(usize, String)> },
}

/// A committed transaction.
#[derive(Debug, Clone)]
pub(super) struct Commit {
    pub(super) id: TransactionId,
    /// Where its commit record starts, and where it ends.
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) changes: Vec<Change>,
    visible_at: Instant,
    /// Whether old rows came with their keys only.
    pub(super) weak: bool,
}

/// A database. A clone is the same.
#[derive(Clone)]
pub(crate) struct Database {
    inner: Arc<Mutex<Inner>>,
    faults: Faults,
    pub(super) committed: Arc<Notify>,
}

struct Inner {
    /// With every commit.
    newest: Tables,
    /// What a snapshot sees that is taken now, and the commits that are not part of it yet.
    visible: Arc<Tables>,
    invisible: Vec<Commit>,
    log: Vec<Arc<Commit>>,
    /// Rows by the moment their last change is visible; under an empty key all rows of a table, which was emptied.
    settles: BTreeMap<(String, Row), Instant>,
    confirmed: u64,
    /// Told of every acknowledgement.
    watcher: Option<Arc<dyn Fn(u64) + Send + Sync>>,
    /// Whether a process holds the lock on the slot.
    pub(super) locked: bool,
    fingerprints: Fingerprints,
    filenode: u32,
    /// The replica identities were weakened by hand.
    weak: bool,
}

/// Where the log begins.
const BEGIN: u64 = 100;

impl Database {
    pub(crate) fn new(faults: Faults) -> Self {
        let tables: Tables = program().plan.tables.iter().map(|table| (table.name.clone(), BTreeMap::new())).collect();
        let inner = Inner {
            newest: tables.clone(),
            visible: Arc::new(tables),
            invisible: Vec::new(),
            log: Vec::new(),
            settles: BTreeMap::new(),
            confirmed: BEGIN,
            watcher: None,
            locked: false,
            fingerprints: Fingerprints::new(),
            filenode: 1,
            weak: false,
        };
        let database = Self { inner: Arc::new(Mutex::new(inner)), faults, committed: Arc::new(Notify::new()) };
        database.fingerprint(None);
        database
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    pub(super) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Commits a transaction, which snapshots see after `delay` at the earliest.
    pub(crate) fn commit(&self, changes: Vec<Change>, delay: Duration) {
        let mut inner = self.inner();
        let start = inner.end() + 10;
        let mut visible_at = Instant::now() + delay;
        // Whoever changes a row has seen the change before.
        for change in &changes {
            for (row, settles) in &inner.settles {
                if touches(change, row) {
                    visible_at = visible_at.max(*settles);
                }
            }
        }
        for change in &changes {
            apply(&mut inner.newest, change);
            if let Change::Row { table, before, after } = change {
                for row in before.iter().chain(after) {
                    inner.settles.insert(((*table).to_owned(), key(table, row)), visible_at);
                }
            }
            if let Change::Cascaded { table, row, .. } = change {
                inner.settles.insert(((*table).to_owned(), key(table, row)), visible_at);
            }
            if let Change::Truncate { table } = change {
                inner.settles.insert(((*table).to_owned(), Row::new()), visible_at);
            }
        }
        let id = TransactionId(inner.log.len() as u32 + 1);
        tracing::debug!(id = id.0, end = start + 20, ?changes, later = ?(visible_at - Instant::now()), "a commit");
        let commit = Commit { id, start, end: start + 20, changes, visible_at, weak: inner.weak };
        inner.invisible.push(commit.clone());
        inner.log.push(Arc::new(commit));
        drop(inner);
        self.committed.notify_waiters();
    }

    /// Changes rows without a word in the log, as a rewrite of the table does.
    pub(crate) fn rewrite(&self, table: &'static str, with: impl Fn(&mut Row)) {
        let mut inner = self.inner();
        // It waits for everybody else who works with the table.
        let pending = std::mem::take(&mut inner.invisible);
        let mut visible = (*inner.visible).clone();
        pending.iter().flat_map(|commit| &commit.changes).for_each(|change| apply(&mut visible, change));
        for tables in [&mut inner.newest, &mut visible] {
            tables.get_mut(table).into_iter().flat_map(|rows| rows.values_mut()).for_each(&with);
        }
        inner.visible = Arc::new(visible);
        inner.filenode += 1;
        drop(inner);
        self.fingerprint(Some(table));
    }

    /// From here on old rows come with their keys only, or whole again.
    pub(crate) fn weaken(&self, weak: bool) {
        self.inner().weak = weak;
        self.fingerprint(None);
    }

    /// What the catalogue shows now.
    fn fingerprint(&self, rewritten: Option<&str>) {
        let mut inner = self.inner();
        for (number, table) in (1..).zip(&program().plan.tables) {
            let filenode = match inner.fingerprints.get(&table.qualified()) {
                Some(known) if rewritten != Some(table.name.as_str()) => known.relations[&RelationId(number)].filenode,
                _ => inner.filenode,
            };
            let mut fingerprint = TableFingerprint::of_relations(filenode, &[number]);
            for relation in fingerprint.relations.values_mut() {
                relation.suffices = !inner.weak;
            }
            inner.fingerprints.insert(table.qualified(), fingerprint);
        }
    }

    pub(super) fn fingerprints(&self) -> Fingerprints {
        self.inner().fingerprints.clone()
    }

    /// What a snapshot sees now.
    pub(super) fn snapshot(&self) -> Arc<Tables> {
        let mut inner = self.inner();
        let now = Instant::now();
        let (due, later) =
            std::mem::take(&mut inner.invisible).into_iter().partition(|commit| commit.visible_at <= now);
        inner.invisible = later;
        let due: Vec<Commit> = due;
        if !due.is_empty() {
            let visible = Arc::make_mut(&mut inner.visible);
            due.iter().flat_map(|commit| &commit.changes).for_each(|change| apply(visible, change));
        }
        Arc::clone(&inner.visible)
    }

    /// One of these transactions that no snapshot sees yet.
    pub(super) fn invisible(&self, of: &[TransactionId]) -> Option<TransactionId> {
        let now = Instant::now();
        let inner = self.inner();
        inner.invisible.iter().find(|commit| commit.visible_at > now && of.contains(&commit.id)).map(|commit| commit.id)
    }

    /// Whether something that is committed is not visible.
    pub(super) fn is_settled(&self, until: u64) -> bool {
        let now = Instant::now();
        !self.inner().invisible.iter().any(|commit| commit.visible_at > now && commit.end <= until)
    }

    /// With every commit.
    pub(crate) fn newest(&self) -> Tables {
        self.inner().newest.clone()
    }

    /// The state before everything from this position on, and whether anything came after it.
    pub(crate) fn end(&self) -> u64 {
        self.inner().end()
    }

    /// The commits after the slot's position.
    pub(super) fn log_from(&self, index: usize) -> Option<Arc<Commit>> {
        self.inner().log.get(index).cloned()
    }

    /// Where a stream begins in the log.
    pub(super) fn first_unconfirmed(&self) -> usize {
        let inner = self.inner();
        inner.log.iter().position(|commit| commit.end > inner.confirmed).unwrap_or(inner.log.len())
    }

    pub(crate) fn confirmed(&self) -> u64 {
        self.inner().confirmed
    }

    /// The position that a slot of ours was moved to without anything being written.
    pub(super) fn skip(&self) -> u64 {
        let mut inner = self.inner();
        inner.confirmed = inner.confirmed.max(inner.end());
        inner.confirmed
    }

    pub(super) fn confirm(&self, position: u64) {
        tracing::debug!(position, "acknowledged");
        let watcher = {
            let mut inner = self.inner();
            inner.confirmed = inner.confirmed.max(position);
            inner.watcher.clone()
        };
        if let Some(watcher) = watcher {
            watcher(position);
        }
    }

    /// Who is told of every acknowledgement.
    pub(crate) fn watch(&self, watcher: impl Fn(u64) + Send + Sync + 'static) {
        self.inner().watcher = Some(Arc::new(watcher));
    }

    /// Takes the lock on the slot, if it is free.
    pub(super) fn lock(&self) -> bool {
        !std::mem::replace(&mut self.inner().locked, true)
    }

    pub(super) fn unlock(&self) {
        self.inner().locked = false;
    }
}

impl Inner {
    fn end(&self) -> u64 {
        self.log.last().map_or(BEGIN, |commit| commit.end)
    }
}

/// The key of a row.
pub(super) fn key(table: &str, row: &Row) -> Row {
    let of = program().plan.tables.iter().find(|of| of.name == table).unwrap();
    of.key.iter().map(|column| row[column.0].clone()).collect()
}

fn touches(change: &Change, (of, key_of): &(String, Row)) -> bool {
    match change {
        Change::Truncate { table } => table == of,
        Change::Cascaded { table, row, .. } => table == of && (key_of.is_empty() || key(table, row) == *key_of),
        Change::Row { table, before, after } => {
            table == of && (key_of.is_empty() || before.iter().chain(after).any(|row| key(table, row) == *key_of))
        }
    }
}

fn apply(tables: &mut Tables, change: &Change) {
    match change {
        Change::Truncate { table } => tables.get_mut(*table).unwrap().clear(),
        Change::Cascaded { table, row, .. } => _ = tables.get_mut(*table).unwrap().remove(&key(table, row)),
        Change::Row { table, before, after } => {
            let rows = tables.get_mut(*table).unwrap();
            if let Some(before) = before {
                rows.remove(&key(table, before));
            }
            if let Some(after) = after {
                rows.insert(key(table, after), after.clone());
            }
        }
    }
}
