//! What applications do to the database. In: a seed. Out: transactions with rows inserted, changed, moved, renamed and
//! deleted, tables emptied, now and then a table rewritten behind everybody's back.

use super::model::Expected;
use crate::source::memory::{Change, Database, Row, Tables, Value};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Ids of rows are below this.
const IDS: i32 = 7;

/// What has happened.
#[derive(Default)]
pub(super) struct Past {
    /// After each commit: where it ends in the log, and all documents there ought to be.
    pub(super) states: Vec<(u64, Expected)>,
    /// Something was changed that the log does not tell: what the index holds is wrong until that is noticed.
    pub(super) silently_changed: bool,
}

pub(super) type History = Arc<Mutex<Past>>;

pub(super) struct Workload {
    database: Database,
    random: fastrand::Rng,
    /// Makes texts different.
    count: u32,
    history: History,
    /// Whether a transform goes over the books.
    transformed: bool,
}

impl Workload {
    pub(super) fn new(database: Database, random: fastrand::Rng, transformed: bool) -> Self {
        Self { database, random, count: 0, history: History::default(), transformed }
    }

    pub(super) fn history(&self) -> History {
        Arc::clone(&self.history)
    }

    /// So many transactions, with pauses.
    pub(super) async fn run(mut self, transactions: u32) {
        for _ in 0..transactions {
            let pause = if self.random.bool() { 0 } else { self.random.u64(0..600) };
            tokio::time::sleep(Duration::from_millis(pause)).await;
            match self.random.u32(0..60) {
                0 => {
                    self.count += 1;
                    let count = self.count;
                    self.database.rewrite("author", |row| row[1] = Value::Text(format!("rewritten {count}")));
                    self.history.lock().unwrap().silently_changed = true;
                }
                1 => self.database.weaken(true),
                2 | 3 => self.database.weaken(false),
                _ => self.transaction(),
            }
        }
    }

    /// One transaction.
    pub(super) fn transaction(&mut self) {
        let mut state = self.database.newest();
        let mut changes = Vec::new();
        for _ in 0..self.random.u32(1..6) {
            let change = self.change(&state);
            apply(&mut state, &change);
            let cascaded = if self.random.bool() { cascaded(&state, &change) } else { Vec::new() };
            changes.push(change);
            for change in cascaded {
                apply(&mut state, &change);
                changes.push(change);
            }
        }
        let delay = if self.random.u32(0..4) == 0 { self.random.u64(0..800) } else { 0 };
        self.database.commit(changes, Duration::from_millis(delay));
        let expected = super::model::expected(&self.database.newest(), self.transformed);
        self.history.lock().unwrap().states.push((self.database.end(), expected));
    }

    fn text(&mut self) -> Value {
        self.count += 1;
        if self.random.u32(0..6) == 0 {
            return Value::Text(super::model::HIDDEN.to_owned());
        }
        let poison = match self.random.u32(0..12) {
            0 => crate::sink::memory::POISON,
            1 => crate::sink::memory::DROPPED,
            _ => "text",
        };
        Value::Text(format!("{poison} {}", self.count))
    }

    fn id(&mut self) -> Value {
        Value::Int(self.random.i32(0..IDS))
    }

    fn change(&mut self, state: &Tables) -> Change {
        let table = ["author", "book", "book", "tag", "book_tag"][self.random.usize(0..5)];
        if self.random.u32(0..150) == 0 {
            return Change::Truncate { table };
        }
        let rows = &state[table];
        let row = (!rows.is_empty()).then(|| rows.values().nth(self.random.usize(0..rows.len())).cloned()).flatten();
        match (row, self.random.u32(0..10)) {
            (Some(before), 0..2) => Change::Row { table, before: Some(before), after: None },
            (Some(before), 2..7) => {
                let after = self.changed(table, &before);
                // A key that is taken stays what it was.
                let taken = after[..] != before[..] && rows.values().any(|row| same_key(table, row, &after));
                let after = if taken && !same_key(table, &before, &after) { before.clone() } else { after };
                Change::Row { table, before: Some(before), after: Some(after) }
            }
            _ => {
                let after = self.row(table);
                let before = rows.values().find(|row| same_key(table, row, &after)).cloned();
                Change::Row { table, before, after: Some(after) }
            }
        }
    }

    /// A new row, in the order of the plan's columns.
    fn row(&mut self, table: &str) -> Row {
        match table {
            "book" => vec![self.author(), self.id(), self.text()],
            "book_tag" => vec![self.id(), self.id()],
            _ => vec![self.id(), self.text()],
        }
    }

    fn author(&mut self) -> Value {
        if self.random.u32(0..5) == 0 { Value::Null } else { self.id() }
    }

    fn changed(&mut self, table: &str, before: &Row) -> Row {
        let mut after = before.clone();
        let column = self.random.usize(0..after.len());
        after[column] = match (table, column) {
            ("book", 0) => self.author(),
            ("book", 2) | ("author" | "tag", 1) => self.text(),
            // Keys change seldom.
            _ if self.random.u32(0..3) > 0 => before[column].clone(),
            _ => self.id(),
        };
        after
    }
}

/// What goes with a row that is deleted, as foreign keys on servers that do not log it: the books of an author, and what
/// leads to a tag.
fn cascaded(state: &Tables, change: &Change) -> Vec<Change> {
    let Change::Row { table, before: Some(row), after: None } = change else { return Vec::new() };
    let (table, column) = match *table {
        "author" => ("book", 0),
        "tag" => ("book_tag", 1),
        _ => return Vec::new(),
    };
    let Value::Int(id) = row[0] else { return Vec::new() };
    // Books are roots in the one, and below their author in the other; tags are shown in the other alone.
    let words = super::words(table, id);
    let gone = state[table].values().filter(|row| row[column] == Value::Int(id));
    gone.map(|row| Change::Cascaded { table, row: row.clone(), words: words.clone() }).collect()
}

fn same_key(table: &str, a: &Row, b: &Row) -> bool {
    match table {
        "book" => a[1] == b[1],
        "book_tag" => a == b,
        _ => a[0] == b[0],
    }
}

/// The same as the database does when the transaction is committed.
fn apply(state: &mut Tables, change: &Change) {
    match change {
        Change::Truncate { table } => state.get_mut(*table).unwrap().clear(),
        Change::Cascaded { table, row, .. } => state.get_mut(*table).unwrap().retain(|_, other| other != row),
        Change::Row { table, before, after } => {
            let rows = state.get_mut(*table).unwrap();
            if let Some(before) = before {
                rows.retain(|_, row| row != before);
            }
            if let Some(after) = after {
                rows.retain(|_, row| !same_key(table, row, after));
                rows.insert(after.clone(), after.clone());
            }
        }
    }
}
