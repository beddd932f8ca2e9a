//! A history of transactions that overlap. In: tables, a seed, a server. Out: changes of several sessions, one statement at
//! a time: who waits for another is refused at once, so the same seed gives the same history on every machine. Transactions
//! commit in another order than they began, are rolled back as a whole or in part, are prepared and committed later.

use super::changes::{apart, statement};
use super::client::{Client, Refused};
use super::dialect::Dialect;
use super::server::Server;
use super::tables::Table;
use crate::support::seed::Seed;
use std::time::{Duration, Instant};

/// How long a session that is ended may hold what it has prepared.
const LET_GO: Duration = Duration::from_secs(10);

/// What two sessions in ten log of a row, where that may be less than all of it.
const IMAGES: [&str; 10] = ["MINIMAL", "NOBLOB", "", "", "", "", "", "", "", ""];

struct Session {
    client: Client,
    open: bool,
    /// The name of its transaction, where that had to have one from the start.
    named: Option<String>,
    /// Whether each statement may fail by itself.
    careful: bool,
    statements: u64,
}

/// What the sessions have done.
#[derive(Default, Clone, Copy, Debug)]
pub(super) struct Done {
    pub(super) transactions: u64,
    pub(super) prepared: u64,
    pub(super) statements: u64,
    pub(super) refused: u64,
}

/// What became of a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    Refused,
    /// And the transaction with it.
    Gone,
}

pub(super) struct Sessions {
    dialect: Dialect,
    port: u16,
    name: String,
    sessions: Vec<Session>,
    /// What each of them logs of a row; nothing is what is usual.
    images: Vec<&'static str>,
    /// Transactions that are prepared and not decided.
    prepared: Vec<String>,
    serial: u64,
    pub(super) done: Done,
    /// What was executed, for a report.
    pub(super) said: Vec<String>,
}

impl Sessions {
    pub(super) async fn new(server: &Server, name: &str, count: usize, seed: &mut Seed) -> Self {
        let dialect = server.dialect();
        let images = (0..count)
            .map(|_| if dialect.is_postgres() { "" } else { IMAGES[seed.below(IMAGES.len() as u64) as usize] })
            .collect();
        let mut all = Self {
            dialect,
            port: server.port(),
            name: name.to_owned(),
            sessions: Vec::new(),
            images,
            prepared: Vec::new(),
            serial: 0,
            done: Done::default(),
            said: Vec::new(),
        };
        for at in 0..count {
            let session = all.open(at).await;
            all.sessions.push(session);
        }
        all
    }

    async fn open(&self, at: usize) -> Session {
        let mut client = super::client::connect(self.dialect, self.port, &self.name).await;
        if !self.images[at].is_empty() {
            client.run(&format!("SET SESSION binlog_row_image = {}", self.images[at])).await;
        }
        Session { client, open: false, named: None, careful: true, statements: 0 }
    }

    /// After the server was away: what was open is gone, what was prepared is not.
    pub(super) async fn again(&mut self) {
        for at in 0..self.sessions.len() {
            self.sessions[at] = self.open(at).await;
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
            // Nobody holds a table then.
            let alone = self.prepared.is_empty() && self.sessions.iter().all(|session| !session.open);
            if !self.dialect.is_postgres() && alone && seed.below(4) == 0 {
                let mut client = super::client::patient(self.dialect, self.port, &self.name).await;
                for sql in apart(tables, seed) {
                    let outcome = client.attempt(&sql).await;
                    self.note(at, &sql, outcome);
                }
                return;
            }
            return self.begin(at, seed).await;
        }
        match seed.below(100) {
            _ if self.sessions[at].statements == 0 => self.change(at, &statement(tables, seed), false).await,
            0..62 => self.change(at, &statement(tables, seed), false).await,
            62..68 => self.change(at, &statement(tables, seed), true).await,
            68..93 if self.sessions[at].named.is_some() => match seed.below(3) {
                0 => self.end(at, "COMMIT").await,
                later => self.prepare(at, later == 1).await,
            },
            68..93 => self.end(at, "COMMIT").await,
            93..95 if self.dialect.is_postgres() && self.prepared.len() < 3 => {
                self.serial += 1;
                let name = format!("p{}", self.serial);
                self.sessions[at].open = false;
                if self.run(at, &format!("PREPARE TRANSACTION '{name}'")).await == Outcome::Done {
                    self.prepared.push(name);
                    self.done.prepared += 1;
                }
            }
            _ => self.end(at, "ROLLBACK").await,
        }
    }

    async fn begin(&mut self, at: usize, seed: &mut Seed) {
        let level = if seed.below(5) == 0 { "REPEATABLE READ" } else { "READ COMMITTED" };
        self.sessions[at].careful = seed.below(4) > 0;
        self.sessions[at].statements = 0;
        self.sessions[at].named = None;
        let sql = if self.dialect.is_postgres() {
            format!("BEGIN ISOLATION LEVEL {level}")
        } else {
            self.run(at, &format!("SET TRANSACTION ISOLATION LEVEL {level}")).await;
            if seed.below(6) == 0 {
                self.serial += 1;
                let name = format!("{} {}", self.name, self.serial);
                let sql = format!("XA START '{name}'");
                self.sessions[at].named = Some(name);
                sql
            } else {
                "START TRANSACTION".to_owned()
            }
        };
        self.sessions[at].open = self.run(at, &sql).await == Outcome::Done;
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
        let ended = match self.sessions[at].named.take() {
            Some(name) => {
                self.run(at, &format!("XA END '{name}'")).await;
                let phases = if how == "COMMIT" { " ONE PHASE" } else { "" };
                self.run(at, &format!("XA {how} '{name}'{phases}")).await
            }
            None => self.run(at, how).await,
        };
        if ended == Outcome::Done && how == "COMMIT" {
            self.done.transactions += 1;
        }
    }

    /// Prepares a transaction that has a name, and commits it at once or leaves that to another session.
    async fn prepare(&mut self, at: usize, later: bool) {
        self.sessions[at].open = false;
        let Some(name) = self.sessions[at].named.take() else { return };
        self.run(at, &format!("XA END '{name}'")).await;
        if self.run(at, &format!("XA PREPARE '{name}'")).await != Outcome::Done {
            return;
        }
        self.done.prepared += 1;
        if !later || self.prepared.len() >= 3 {
            if self.run(at, &format!("XA COMMIT '{name}'")).await == Outcome::Done {
                self.done.transactions += 1;
            }
            return;
        }
        // It is nobody's when its session is gone.
        self.sessions[at] = self.open(at).await;
        self.prepared.push(name);
    }

    async fn decide(&mut self, seed: &mut Seed) {
        let name = self.prepared.swap_remove(seed.below(self.prepared.len() as u64) as usize);
        let idle = self.sessions.iter().position(|session| !session.open).unwrap_or(0);
        let how = if seed.below(4) == 0 { "ROLLBACK" } else { "COMMIT" };
        if !self.dialect.is_postgres() {
            return self.decide_named(idle, &name, how).await;
        }
        if self.run(idle, &format!("{how} PREPARED '{name}'")).await == Outcome::Done {
            self.done.transactions += 1;
        }
    }

    /// The session that has prepared it may be on its way out still. One that changed nothing is gone with it.
    async fn decide_named(&mut self, at: usize, name: &str, how: &str) {
        let sql = format!("XA {how} '{name}'");
        let end = Instant::now() + LET_GO;
        loop {
            match self.sessions[at].client.attempt(&sql).await {
                Ok(()) => {
                    self.done.transactions += 1;
                    return self.said.push(format!("{at}: {sql};"));
                }
                Err(refused) => {
                    assert!(refused.unknown, "{sql}: {}\n{}", refused.why, self.said.join("\n"));
                    if !self.is_prepared(at, name).await {
                        return self.said.push(format!("{at}: {sql}; -- {} and nothing of it", refused.code));
                    }
                    assert!(Instant::now() < end, "{sql}: {}\n{}", refused.why, self.said.join("\n"));
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }

    async fn is_prepared(&mut self, at: usize, name: &str) -> bool {
        let Client::Binlog(conn, _) = &mut self.sessions[at].client else { return false };
        let all: Vec<(u64, u64, u64, String)> =
            mysql_async::prelude::Queryable::query(conn, "XA RECOVER").await.unwrap();
        all.iter().any(|(_, _, _, listed)| listed == name)
    }

    /// A statement of a transaction, thrown away again where it is said.
    async fn change(&mut self, at: usize, sql: &str, thrown_away: bool) {
        self.sessions[at].statements += 1;
        let careful = self.sessions[at].careful || thrown_away;
        if careful {
            self.run(at, "SAVEPOINT s").await;
        }
        match self.run(at, sql).await {
            Outcome::Done => {
                self.done.statements += 1;
                if thrown_away {
                    self.run(at, "ROLLBACK TO SAVEPOINT s").await;
                } else if careful {
                    self.run(at, "RELEASE SAVEPOINT s").await;
                }
            }
            Outcome::Refused if careful => {
                self.run(at, "ROLLBACK TO SAVEPOINT s").await;
            }
            Outcome::Refused | Outcome::Gone => self.end(at, "ROLLBACK").await,
        }
    }

    /// What is refused for no usual reason is a mistake of this test.
    async fn run(&mut self, at: usize, sql: &str) -> Outcome {
        let outcome = self.sessions[at].client.attempt(sql).await;
        self.note(at, sql, outcome)
    }

    fn note(&mut self, at: usize, sql: &str, outcome: Result<(), Refused>) -> Outcome {
        match outcome {
            Ok(()) => {
                self.said.push(format!("{at}: {sql};"));
                Outcome::Done
            }
            Err(refused) => {
                let Refused { usual, gone, code, .. } = &refused;
                assert!(*usual, "{sql}: {}\n{}", refused.why, self.said.join("\n"));
                self.said.push(format!("{at}: {sql}; -- {code}"));
                self.done.refused += 1;
                if *gone { Outcome::Gone } else { Outcome::Refused }
            }
        }
    }
}
