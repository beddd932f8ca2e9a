//! Waits until what was streamed can be read. In: transactions as the stream names them. Out: the certainty that every snapshot
//! taken from now on holds them.
//!
//! A server sends a transaction as soon as its log has it, and sessions see it later: seconds later where a replica has to
//! acknowledge it first. On MySQL `gtid_executed` has a transaction once it is visible. MariaDB's positions run ahead, all but the
//! one that a consistent snapshot has of itself: once that has reached the end of the log as it was when we asked, everything
//! that we were sent before is in that snapshot, and in every later one.

use super::address::Address;
use super::binlog::{Flavour, Gtid, GtidSet};
use super::connection::{ask, connect, literal, run};
use super::ledger::Ledger;
use crate::source::{TransactionId, Waiting};
use crate::{Code, Error, Result};
use mysql_async::{Conn, Row};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Sees whether transactions are visible, over a session of its own.
pub(crate) struct Visibility {
    connection: Conn,
    address: Arc<Address>,
    flavour: Flavour,
    ledger: Ledger,
}

/// A place in MariaDB's log: the number of the file, then the offset in it.
type Place = (u64, u64);

/// How often a wait is reported.
const REPORT: Duration = Duration::from_secs(1);
/// The pauses between two looks: the first is short, as most transactions are visible at once.
const PAUSES: [Duration; 2] = [Duration::from_micros(500), Duration::from_millis(50)];

const WHAT: &str = "asking what is visible";

impl Visibility {
    /// Opens the session.
    pub(super) async fn open(address: Arc<Address>, flavour: Flavour, ledger: Ledger) -> Result<Self> {
        let first = vec!["SET SESSION sql_mode = '', wait_timeout = 31536000".to_owned()];
        Ok(Self { connection: connect(&address, first).await?, address, flavour, ledger })
    }

    /// Returns once every transaction of a set is visible to any later snapshot. The server has sent it, or has it in its log.
    pub(super) async fn reached(&mut self, set: &GtidSet, waiting: impl FnMut(Waiting) + Send) -> Result<()> {
        match self.flavour {
            Flavour::MySql => self.executed(&set.to_string(), waiting).await,
            Flavour::MariaDb => self.snapshot(waiting).await,
        }
    }

    async fn executed(&mut self, set: &str, waiting: impl FnMut(Waiting) + Send) -> Result<()> {
        let question = format!("SELECT GTID_SUBSET({}, @@GLOBAL.gtid_executed)", literal(set));
        let mut pause = Pause::new(set.to_owned(), waiting);
        loop {
            let answer: Vec<(bool,)> = ask(&mut self.connection, &self.address, WHAT, &question).await?;
            if answer.first().is_some_and(|(visible,)| *visible) {
                return Ok(());
            }
            pause.rest().await;
        }
    }

    async fn snapshot(&mut self, waiting: impl FnMut(Waiting) + Send) -> Result<()> {
        let end: Vec<(String, u64)> = self
            .rows("SHOW MASTER STATUS")
            .await?
            .into_iter()
            .filter_map(|row| Some((row.get(0)?, row.get(1)?)))
            .collect();
        let end = end.first().and_then(|(file, offset)| place(file, *offset)).ok_or_else(|| self.no_place())?;
        let mut pause = Pause::new("the end of the log".to_owned(), waiting);
        loop {
            run(&mut self.connection, &self.address, WHAT, "START TRANSACTION WITH CONSISTENT SNAPSHOT").await?;
            let rows = self.rows("SHOW SESSION STATUS LIKE 'binlog_snapshot_%'").await?;
            run(&mut self.connection, &self.address, WHAT, "ROLLBACK").await?;
            let pairs: Vec<(String, String)> =
                rows.into_iter().filter_map(|row| Some((row.get(0)?, row.get(1)?))).collect();
            let value = |name: &str| {
                pairs.iter().find(|(of, _)| of.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
            };
            let offset = value("binlog_snapshot_position").and_then(|offset| offset.parse().ok());
            let visible = value("binlog_snapshot_file").zip(offset).and_then(|(file, offset)| place(file, offset));
            if visible.ok_or_else(|| self.no_place())? >= end {
                return Ok(());
            }
            pause.rest().await;
        }
    }

    async fn rows(&mut self, question: &str) -> Result<Vec<Row>> {
        ask(&mut self.connection, &self.address, WHAT, question).await
    }

    fn no_place(&self) -> Error {
        Error::coded(
            Code::ServerSetting,
            format!("{} does not say which place of its log is visible", self.address.shown()),
        )
        .help("it has to write a log (log_bin), and in files (binlog_storage_engine not set)")
    }
}

/// Files of a log are numbered: `binlog.000017`.
fn place(file: &str, offset: u64) -> Option<Place> {
    Some((file.rsplit('.').next()?.parse().ok()?, offset))
}

/// The pauses of one wait, and the reports of it.
struct Pause<W> {
    since: Instant,
    told: Instant,
    next: Duration,
    what: String,
    waiting: W,
}

impl<W: FnMut(Waiting)> Pause<W> {
    fn new(what: String, waiting: W) -> Self {
        let now = Instant::now();
        Self { since: now, told: now, next: PAUSES[0], what, waiting }
    }

    async fn rest(&mut self) {
        tokio::time::sleep(self.next).await;
        self.next = (self.next * 2).min(PAUSES[1]);
        if self.told.elapsed() >= REPORT {
            self.told = Instant::now();
            (self.waiting)(Waiting { what: format!("{} to become visible", self.what), since: self.since.elapsed() });
        }
    }
}

impl crate::source::Visibility for Visibility {
    async fn establish(&mut self, transactions: &[TransactionId], waiting: impl FnMut(Waiting) + Send) -> Result<()> {
        let ids: Vec<Gtid> = self.ledger.take(transactions);
        if ids.is_empty() {
            return Ok(());
        }
        match self.flavour {
            Flavour::MySql => {
                let ids: Vec<String> = ids.iter().map(Gtid::to_string).collect();
                self.executed(&ids.join(","), waiting).await
            }
            Flavour::MariaDb => self.snapshot(waiting).await,
        }
    }
}
