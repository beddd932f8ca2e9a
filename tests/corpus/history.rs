//! A random history of all tables of a case. In: facts and a seed. Out: rounds of committed transactions, each of one to
//! five statements, some of them rolled back, some refused by the server; TRUNCATE in rounds of its own, since it has
//! documents read anew and would mend what was missed before.

use super::facts::Facts;
use super::session::Session;
use super::statements::Statements;
use super::tally::{Kind, Tally};
use crate::support::seed::Seed;

/// Rounds before the first TRUNCATE, and after the last.
const BEFORE: u32 = 9;
const AFTER: u32 = 2;
/// Transactions of a round.
const TRANSACTIONS: u32 = 7;
/// The first rounds have one transaction each: a document that was missed is not mended by another change to it.
const SMALL: u32 = 4;
/// Rounds that may be added where a table has not seen enough.
const ADDED: u32 = 30;
/// No history needs so many rounds.
const MOST: u32 = 300;
/// Rows of a table from which on it rather loses some.
const MANY: i64 = 30;

/// A statement to come.
struct Planned {
    table: usize,
    kind: Kind,
    /// Where it is known beforehand.
    sql: Option<String>,
}

/// A history that is under way.
pub(super) struct History<'a> {
    case: String,
    statements: Statements<'a>,
    pub(super) began_with: u64,
    tally: Tally,
    round: u32,
    /// Tables and partitions that are to be emptied still.
    to_empty: Vec<(usize, String)>,
    after: u32,
    said: Vec<String>,
}

impl<'a> History<'a> {
    pub(super) fn new(case: &str, facts: Facts, session: Session<'a>, usual: u64) -> Self {
        let began_with = Seed::from_environment("PGSYNC_TEST_SEED", usual).max(1);
        let names = facts.tables.iter().map(|table| table.partitions.iter().chain([&table.name]));
        let to_empty =
            names.enumerate().flat_map(|(table, names)| names.map(move |name| (table, name.clone()))).collect();
        let statements = Statements { facts, session, seed: Seed(began_with), serial: 1000 };
        let (tally, said) = (Tally::default(), Vec::new());
        Self { case: case.to_owned(), statements, began_with, tally, round: 0, to_empty, after: 0, said }
    }

    /// Without TRUNCATE, where the log does not tell of it.
    pub(super) fn without_truncate(mut self) -> Self {
        self.to_empty.clear();
        self.tally.keeps_tables = true;
        self
    }

    /// One round; false when the history is over.
    pub(super) async fn round(&mut self) -> bool {
        self.said.clear();
        self.round += 1;
        assert!(self.round < MOST, "{}: {:?} cannot be emptied; {}", self.case, self.to_empty, self.summary());
        if self.round <= BEFORE {
            self.changes().await;
        } else if !self.to_empty.is_empty() {
            self.empty().await;
        } else if self.after < AFTER || (self.after < ADDED && !self.tally.short(&self.statements.facts).is_empty()) {
            self.after += 1;
            self.changes().await;
        } else {
            return false;
        }
        true
    }

    async fn changes(&mut self) {
        self.refill().await;
        for _ in 0..if self.round <= SMALL { 1 } else { TRANSACTIONS } {
            let mut planned = Vec::new();
            for _ in 0..=self.statements.seed.below(5) {
                let (table, kind) = self.choose().await;
                planned.push(Planned { table, kind, sql: None });
            }
            self.transaction(&planned).await;
        }
    }

    /// Rows for tables that have next to none.
    async fn refill(&mut self) {
        for table in self.statements.facts.parents_first() {
            for _ in 0..6 {
                if self.statements.count(table).await >= 3 {
                    break;
                }
                self.transaction(&[Planned { table, kind: Kind::Insert, sql: None }]).await;
            }
        }
    }

    /// One table emptied, or one partition, alone or with something after it in the same transaction; rows again later.
    async fn empty(&mut self) {
        let position = self.statements.seed.below(self.to_empty.len() as u64) as usize;
        let (table, name) = self.to_empty[position].clone();
        let truncate = self.statements.truncate(table, &name);
        let insert = (self.statements.seed.below(2) == 0).then_some(Planned { table, kind: Kind::Insert, sql: None });
        let done = if self.statements.session.spelling().truncates_in_transactions() {
            let mut planned = vec![Planned { table, kind: Kind::Truncate, sql: Some(truncate) }];
            planned.extend(insert);
            self.transaction(&planned).await.contains(&(table, Kind::Truncate))
        } else {
            self.alone(table, truncate).await;
            self.transaction(insert.as_slice()).await;
            true
        };
        if done {
            self.to_empty.remove(position);
        }
        if self.statements.seed.below(2) == 0 {
            self.refill().await;
        }
    }

    /// Runs a TRUNCATE that is a transaction of its own. Rows that refer to the table stay as they are.
    async fn alone(&mut self, table: usize, sql: String) {
        let session = self.statements.session;
        for sql in ["SET foreign_key_checks = 0", &sql, "SET foreign_key_checks = 1"] {
            session.run(sql).await;
        }
        self.said.push(sql);
        self.tally.add(table, Kind::Truncate);
    }

    /// What is short for its table, or anything.
    async fn choose(&mut self) -> (usize, Kind) {
        let short = self.tally.short(&self.statements.facts);
        let seed = &mut self.statements.seed;
        if !short.is_empty() && seed.below(2) == 0 {
            return short[seed.below(short.len() as u64) as usize];
        }
        let table = seed.below(self.statements.facts.tables.len() as u64) as usize;
        let number = seed.below(100);
        if self.statements.count(table).await > MANY && number < 50 {
            return (table, Kind::Delete);
        }
        let of = &self.statements.facts.tables[table];
        let kind = match number {
            25..50 if !of.plain().is_empty() => Kind::Update,
            50..72 if !of.foreign.is_empty() => Kind::Move(number as usize % of.foreign.len()),
            72..82 if !of.own_key().is_empty() => Kind::Rekey,
            82..100 => Kind::Delete,
            _ => Kind::Insert,
        };
        (table, kind)
    }

    /// Runs a transaction and says what of it took effect.
    async fn transaction(&mut self, planned: &[Planned]) -> Vec<(usize, Kind)> {
        let session = self.statements.session;
        session.run("BEGIN").await;
        self.said.push("BEGIN".to_owned());
        let mut done = Vec::new();
        for Planned { table, kind, sql } in planned {
            let sql = match sql {
                Some(sql) => Some(sql.clone()),
                None => self.statements.next(*table, *kind).await,
            };
            let Some(sql) = sql else { continue };
            session.run("SAVEPOINT s").await;
            match session.execute(&sql).await {
                Ok(changed) => {
                    let thrown_away = planned.len() > 1 && self.statements.seed.below(12) == 0;
                    self.said.push(format!("{sql}{}", if thrown_away { " -- and rolled back" } else { "" }));
                    if thrown_away {
                        session.run("ROLLBACK TO SAVEPOINT s").await;
                    } else if *kind == Kind::Truncate || changed > 0 {
                        done.push((*table, *kind));
                    }
                }
                Err(refusal) => {
                    assert!(refusal.usual, "{}: {sql}: {} {}", self.case, refusal.code, refusal.said);
                    self.tally.refuse(&refusal.code);
                    session.run("ROLLBACK TO SAVEPOINT s").await;
                }
            }
        }
        if planned.len() > 1 && self.statements.seed.below(20) == 0 {
            self.said.push("ROLLBACK".to_owned());
            session.run("ROLLBACK").await;
            return Vec::new();
        }
        self.said.push("COMMIT".to_owned());
        // Constraints that wait until now may still refuse it.
        if let Err(refusal) = session.execute("COMMIT").await {
            self.tally.refuse(&refusal.code);
            self.said.push("-- refused".to_owned());
            return Vec::new();
        }
        done.iter().for_each(|(table, kind)| self.tally.add(*table, *kind));
        done
    }

    /// The statements of the last round.
    pub(super) fn last_round(&self) -> String {
        let short = |sql: &String| sql.chars().take(600).collect::<String>();
        self.said.iter().map(short).collect::<Vec<_>>().join(";\n")
    }

    pub(super) fn summary(&self) -> String {
        format!("{} rounds, {}", self.round, self.tally.summary())
    }

    /// Fails where a table has not seen enough.
    pub(super) fn is_enough(&self) {
        self.tally.is_enough(&self.statements.facts, &self.case);
    }
}
