//! A history of transactions that overlap. In: tables, a seed, a cluster. Out: changes of several sessions, one statement at
//! a time: who waits for another is refused at once, so the same seed gives the same history on every machine. Transactions
//! commit in another order than they began, are rolled back as a whole or in part, are prepared and committed later.

use super::changes::statement;
use super::tables::Table;
use crate::support::database::connect;
use crate::support::seed::Seed;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

/// How long a statement waits for a lock: nobody gives one back meanwhile.
const PATIENCE: &str = "30ms";

/// What is refused in the course of such a history.
const USUAL: [SqlState; 9] = [
    SqlState::LOCK_NOT_AVAILABLE,
    SqlState::UNIQUE_VIOLATION,
    SqlState::FOREIGN_KEY_VIOLATION,
    SqlState::NOT_NULL_VIOLATION,
    SqlState::T_R_SERIALIZATION_FAILURE,
    SqlState::T_R_DEADLOCK_DETECTED,
    SqlState::OBJECT_IN_USE,
    SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE,
    SqlState::CARDINALITY_VIOLATION,
];

struct Session {
    client: Client,
    open: bool,
    /// Whether each statement may fail by itself.
    careful: bool,
    statements: u64,
}

/// What the sessions have done.
#[derive(Default, Clone, Copy, Debug)]
pub(super) struct Done {
    pub(super) transactions: u64,
    pub(super) statements: u64,
    pub(super) refused: u64,
}

pub(super) struct Sessions {
    url: String,
    sessions: Vec<Session>,
    /// Transactions that are prepared and not decided.
    prepared: Vec<String>,
    serial: u64,
    pub(super) done: Done,
    /// What was executed, for a report.
    pub(super) said: Vec<String>,
}

async fn open(url: &str) -> Session {
    let client = connect(url).await;
    client.batch_execute(&format!("SET lock_timeout = '{PATIENCE}'; SET synchronous_commit = on")).await.unwrap();
    Session { client, open: false, careful: true, statements: 0 }
}

impl Sessions {
    pub(super) async fn new(url: &str, count: usize) -> Self {
        let mut sessions = Vec::new();
        for _ in 0..count {
            sessions.push(open(url).await);
        }
        let said = Vec::new();
        Self { url: url.to_owned(), sessions, prepared: Vec::new(), serial: 0, done: Done::default(), said }
    }

    /// After the server was away: what was open is gone, what was prepared is not.
    pub(super) async fn again(&mut self) {
        for session in &mut self.sessions {
            *session = open(&self.url).await;
        }
        self.said.push("-- the server is another".to_owned());
    }

    /// One step of one session.
    pub(super) async fn step(&mut self, tables: &[Table], seed: &mut Seed) {
        let at = seed.below(self.sessions.len() as u64) as usize;
        if !self.sessions[at].open {
            if !self.prepared.is_empty() && seed.below(4) == 0 {
                return self.decide(seed).await;
            }
            let level = if seed.below(5) == 0 { "REPEATABLE READ" } else { "READ COMMITTED" };
            self.sessions[at].careful = seed.below(4) > 0;
            self.sessions[at].statements = 0;
            self.sessions[at].open = self.run(at, &format!("BEGIN ISOLATION LEVEL {level}")).await;
            return;
        }
        match seed.below(100) {
            _ if self.sessions[at].statements == 0 => self.change(at, &statement(tables, seed), false).await,
            0..62 => self.change(at, &statement(tables, seed), false).await,
            62..68 => self.change(at, &statement(tables, seed), true).await,
            68..93 => self.end(at, "COMMIT").await,
            93..95 if self.prepared.len() < 3 => {
                self.serial += 1;
                let name = format!("p{}", self.serial);
                self.sessions[at].open = false;
                if self.run(at, &format!("PREPARE TRANSACTION '{name}'")).await {
                    self.prepared.push(name);
                }
            }
            _ => self.end(at, "ROLLBACK").await,
        }
    }

    /// Ends everything that is open.
    pub(super) async fn finish(&mut self, seed: &mut Seed) {
        for at in 0..self.sessions.len() {
            if self.sessions[at].open {
                self.end(at, "COMMIT").await;
            }
        }
        while !self.prepared.is_empty() {
            self.decide(seed).await;
        }
    }

    async fn end(&mut self, at: usize, how: &str) {
        self.sessions[at].open = false;
        if self.run(at, how).await && how == "COMMIT" {
            self.done.transactions += 1;
        }
    }

    async fn decide(&mut self, seed: &mut Seed) {
        let name = self.prepared.swap_remove(seed.below(self.prepared.len() as u64) as usize);
        let idle = self.sessions.iter().position(|session| !session.open).unwrap_or(0);
        let how = if seed.below(4) == 0 { "ROLLBACK" } else { "COMMIT" };
        if self.run(idle, &format!("{how} PREPARED '{name}'")).await {
            self.done.transactions += 1;
        }
    }

    /// A statement of a transaction, thrown away again where it is said.
    async fn change(&mut self, at: usize, sql: &str, thrown_away: bool) {
        self.sessions[at].statements += 1;
        let careful = self.sessions[at].careful || thrown_away;
        if careful {
            self.run(at, "SAVEPOINT s").await;
        }
        if self.run(at, sql).await {
            self.done.statements += 1;
            if thrown_away {
                self.run(at, "ROLLBACK TO SAVEPOINT s").await;
            } else if careful {
                self.run(at, "RELEASE SAVEPOINT s").await;
            }
        } else if careful {
            self.run(at, "ROLLBACK TO SAVEPOINT s").await;
        } else {
            self.end(at, "ROLLBACK").await;
        }
    }

    /// Whether it was done; what is refused for no usual reason is a mistake of this test.
    async fn run(&mut self, at: usize, sql: &str) -> bool {
        match self.sessions[at].client.batch_execute(sql).await {
            Ok(()) => {
                self.said.push(format!("{at}: {sql};"));
                true
            }
            Err(error) => {
                let usual = error.code().is_some_and(|code| USUAL.contains(code));
                assert!(usual, "{sql}: {error:?}");
                self.said.push(format!("{at}: {sql}; -- {}", error.code().map_or("", SqlState::code)));
                self.done.refused += 1;
                false
            }
        }
    }
}
