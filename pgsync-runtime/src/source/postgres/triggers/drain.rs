//! Follows the outbox. In: a session with it. Out: changes in runs, each look as one transaction, and where the log stood.
//!
//! A look is done again and again, after a pause that grows while nothing comes. Nobody is woken by NOTIFY: with it, all
//! transactions that notify commit one after the other.

use super::ledger::Ledger;
use super::outbox::{Captured, Ends, Outbox, Place};
use super::snapshot::Snapshot;
use super::stream::{Sent, Translation};
use crate::position::{Mark, Position, Version};
use crate::source::postgres::Lsn;
use crate::source::{Transaction, TransactionId};
use crate::{Error, ErrorKind, Result};
use std::time::{Duration, SystemTime};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Pauses between two looks: the first after one that found something.
const PAUSES: [Duration; 2] = [Duration::from_millis(5), Duration::from_millis(100)];
/// Rows of a page: the first has so many, later ones as fit into about so many bytes.
const ROWS: [i64; 3] = [100, 10, 5000];
const PAGE_BYTES: usize = 1 << 20;
/// What stays out of the disk's reach for so long in a quiet database is flushed, so that the position can follow.
const UNFLUSHED: Duration = Duration::from_secs(1);

/// Where runs go. An error is the last.
pub(super) type Runs = mpsc::Sender<Result<Vec<Sent>>>;

/// What follows.
pub(super) struct Drain {
    outbox: Outbox,
    ledger: Ledger,
    translation: Translation,
    runs: Runs,
    /// What was seen by the last look.
    seen: Snapshot,
    /// No version up to here may be given again.
    last: u64,
    /// The position that was told last.
    told: Position,
    /// The log stands just behind what was told.
    still: bool,
    looks: u32,
    rows: i64,
}

impl Drain {
    /// Behind everything that any process has handed out before.
    pub(super) async fn begin(outbox: Outbox, ledger: Ledger, translation: Translation, runs: Runs) -> Result<Self> {
        outbox.advance().await?;
        let last = outbox.ends().await?.inserted.0 - 1;
        let told = ledger.written();
        Ok(Self {
            outbox,
            ledger,
            translation,
            runs,
            seen: Snapshot::nothing(),
            last,
            told,
            still: false,
            looks: 0,
            rows: ROWS[0],
        })
    }

    /// Looks until nobody listens any more, or something fails.
    pub(super) async fn run(mut self) {
        if let Err(error) = self.follow().await {
            // Nobody is left to hear it where this fails.
            let _ = self.runs.send(Err(error)).await;
        }
    }

    async fn follow(&mut self) -> Result<()> {
        let mut pause = PAUSES[0];
        // Since when the disk has had what it has, and no more.
        let mut unflushed = (Instant::now(), Lsn::ZERO);
        while !self.runs.is_closed() {
            if self.ledger.is_asked() {
                self.outbox.advance().await?;
                self.outbox.flush().await?;
            }
            // Where nobody had written and was invisible still, and nothing is in the log since, all of it is visible.
            let before = if self.still && self.outbox.nobody_writes().await? { Some(self.told) } else { None };
            let (ends, snapshot) = self.outbox.look().await?;
            if ends.flushed != unflushed.1 || ends.flushed >= ends.inserted {
                unflushed = (Instant::now(), ends.flushed);
            }
            if self.changes(ends, snapshot, before).await? {
                pause = PAUSES[0];
            } else {
                pause = (pause * 2).min(PAUSES[1]);
                if unflushed.0.elapsed() >= UNFLUSHED {
                    self.outbox.flush().await?;
                }
            }
            tokio::select! {
                biased;
                () = self.runs.closed() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        Ok(())
    }

    /// Hands out what is new to a snapshot. Whether there was something.
    async fn changes(&mut self, ends: Ends, snapshot: Snapshot, before: Option<Position>) -> Result<bool> {
        let newer = snapshot.newer_than(&self.seen);
        let late = newer.late.iter().map(|xid| ((*xid - 1, i64::MAX), *xid));
        let parts: Vec<(Place, i64)> = if snapshot == self.seen {
            Vec::new()
        } else {
            late.chain([((newer.from - 1, i64::MAX), i64::MAX)]).collect()
        };
        let mut version = None;
        for (mut after, until) in parts {
            loop {
                let most = self.rows;
                let page = self.outbox.page(after, until, &snapshot, most).await?;
                let Some(last) = page.last() else { break };
                after = last.place;
                let whole = i64::try_from(page.len()).unwrap_or(i64::MAX) < most;
                if version.is_none() {
                    if ends.inserted.0 <= self.last || Position::from(below(ends.flushed)) <= self.told {
                        // The log has not moved since an earlier look: what is new would be taken for what was there.
                        self.outbox.flush().await?;
                        return Ok(true);
                    }
                    self.on_disk().await?;
                    version = Some(Version(ends.inserted.0));
                    self.open(Version(ends.inserted.0), &page).await?;
                }
                self.hand_out(page).await?;
                if whole {
                    break;
                }
            }
        }
        match version {
            Some(Version(version)) => {
                // What is read for a mark is above what is read for the transaction before it.
                self.last = version + 1;
                // Of what is on disk, as in a look that finds nothing: who has read a lesser end of it has read it before.
                self.told = Position::from(below(ends.flushed));
                self.still = false;
                self.ledger.handed_out(self.told, snapshot.clone());
                let mark = Mark { version: Version(self.last), position: self.told };
                self.send(vec![Sent::Commit(mark)]).await?;
            }
            None => self.idle(ends.flushed, before).await?,
        }
        self.seen = snapshot;
        Ok(version.is_some())
    }

    /// The begin of what a look has found.
    async fn open(&mut self, version: Version, page: &[Captured]) -> Result<()> {
        self.looks = self.looks.wrapping_add(1);
        let committed_at = page.iter().map(|row| row.at).min().unwrap_or_else(SystemTime::now);
        let transaction = Transaction { id: TransactionId(self.looks), committed_at, version };
        self.send(vec![Sent::Begin(transaction)]).await
    }

    async fn hand_out(&mut self, page: Vec<Captured>) -> Result<()> {
        let bytes: usize = page.iter().map(|row| row.bytes() + 64).sum();
        let fitting = PAGE_BYTES * page.len() / bytes.max(1);
        self.rows = i64::try_from(fitting).unwrap_or(ROWS[2]).clamp(ROWS[1], ROWS[2]);
        let mut run = Vec::with_capacity(page.len());
        for row in page {
            self.translation.add(row, &mut run)?;
        }
        self.send(run).await
    }

    /// Everything that the snapshot sees is on disk, and so is every position up to here.
    async fn on_disk(&self) -> Result<()> {
        let ends = self.outbox.ends().await?;
        if ends.flushed < ends.inserted { self.outbox.flush().await } else { Ok(()) }
    }

    /// Nothing was visible that is not handed out. A commit is in the log, and on the disk, before it is visible: where the
    /// log ends, there may be one that this look did not find. What is before the end of the log at a look is claimed by it,
    /// the end itself only where nobody was about to become visible at a log that ended just there.
    async fn idle(&mut self, flushed: Lsn, before: Option<Position>) -> Result<()> {
        let below = below(flushed);
        let claimed = if before == Some(Position::from(below)) { flushed } else { below };
        let position = Position::from(claimed);
        self.still = position == Position::from(below) && self.told <= position;
        if position <= self.told {
            return Ok(());
        }
        self.told = position;
        self.last = self.last.max(flushed.0);
        self.send(vec![Sent::Idle(claimed.mark())]).await
    }

    async fn send(&self, run: Vec<Sent>) -> Result<()> {
        let gone = |_| Error::new(ErrorKind::Unavailable, "nobody follows the outbox any more");
        self.runs.send(Ok(run)).await.map_err(gone)
    }
}

fn below(end: Lsn) -> Lsn {
    Lsn(end.0.saturating_sub(1))
}
