//! Waits until what was streamed can be read. In: transaction ids as the stream gives them. Out: the certainty that every
//! snapshot taken from now on holds them.
//!
//! Logical decoding may deliver a transaction before other sessions see it (a synchronous standby is slow) and a later
//! commit may become visible first. There is no time-out that goes on without: the wait is as long as it takes, and told.

use crate::source::postgres::connection::{failure, quote_literal, value};
use crate::{Error, ErrorKind, Result};
use std::fmt;
use std::time::Duration;
use tokio::time::Instant;
use tokio_postgres::{Client, Statement};

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The oldest transaction that is not visible yet, 64 bits.
    pub xid: u64,
    /// Process id of its session; none for a prepared transaction or without the right to see it.
    pub pid: Option<i32>,
    /// What that session waits for, for example `SyncRep`.
    pub wait_event: Option<String>,
    /// The name its application gave it.
    pub application: Option<String>,
    /// Identifier of the prepared transaction that it is.
    pub gid: Option<String>,
    /// How long the wait has lasted.
    pub since: Duration,
}

/// What is waited for, in words, and how to end it where nobody else will.
impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(gid) = &self.gid {
            let gid = quote_literal(gid);
            let gid = gid.trim_start();
            return write!(
                f,
                "transaction {} to become visible, which is prepared and waits for COMMIT PREPARED {gid} or ROLLBACK PREPARED {gid}",
                self.xid
            );
        }
        write!(f, "transaction {} to become visible", self.xid)?;
        let Some(pid) = self.pid else { return Ok(()) };
        write!(f, " (session with pid {pid}")?;
        if let Some(application) = self.application.as_deref().filter(|name| !name.is_empty()) {
            write!(f, " of `{application}`")?;
        }
        if let Some(event) = &self.wait_event {
            write!(f, " waits for {event}")?;
        }
        f.write_str(")")
    }
}

/// Sees whether transactions are visible. Owns a session, on the server whose stream is read.
pub struct Visibility {
    client: Client,
    snapshot: Statement,
    mark: Statement,
    session: Statement,
    later: Statement,
}

/// Transactions in progress that need no waiting for: those of other databases, which change nothing here, and those
/// whose session idles within them. The state of a session is visible to itself, to members of its role and with
/// `pg_read_all_stats`; the database is visible to everybody.
const LATER: &str = "
    SELECT l.transactionid::pg_catalog.text
    FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid OPERATOR(pg_catalog.=) l.pid
    WHERE l.locktype OPERATOR(pg_catalog.=) 'transactionid' AND l.granted
      AND l.mode OPERATOR(pg_catalog.=) 'ExclusiveLock'
      AND (a.datname OPERATOR(pg_catalog.<>) pg_catalog.current_database()
           OR a.state OPERATOR(pg_catalog.=) ANY ('{idle in transaction,idle in transaction (aborted)}'))
    UNION ALL
    SELECT p.transaction::pg_catalog.text FROM pg_catalog.pg_prepared_xacts AS p
    WHERE p.database OPERATOR(pg_catalog.<>) pg_catalog.current_database()";

/// How often a wait is reported.
const REPORT: Duration = Duration::from_secs(1);

impl Visibility {
    /// Takes over a session.
    pub async fn new(client: Client) -> Result<Self> {
        let prepare = async |sql: &str| {
            client.prepare(sql).await.map_err(|error| failure("the wait for visibility cannot be prepared", &error))
        };
        // This name is known to every version; the text form is that of its successor.
        let snapshot = prepare("SELECT pg_catalog.txid_current_snapshot()::pg_catalog.text").await?;
        let mark = prepare("SELECT pg_catalog.txid_current()").await?;
        let session = prepare(
            "SELECT a.pid, a.wait_event, a.application_name, p.gid FROM (SELECT $1::pg_catalog.text AS xid) AS t \
             LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.backend_xid::pg_catalog.text OPERATOR(pg_catalog.=) t.xid \
             LEFT JOIN pg_catalog.pg_prepared_xacts AS p ON p.transaction::pg_catalog.text OPERATOR(pg_catalog.=) t.xid",
        )
        .await?;
        let later = prepare(LATER).await?;
        Ok(Self { client, snapshot, mark, session, later })
    }

    /// Returns once every given top-level transaction, all of them committed, is visible to any later snapshot.
    /// `progress` is called about once a second while this waits.
    pub async fn establish(&mut self, xids: &[u32], progress: impl FnMut(Waiting)) -> Result<()> {
        if xids.is_empty() {
            return Ok(());
        }
        let mut snapshot = self.snapshot().await?;
        let open = xids.iter().map(|xid| widen(*xid, snapshot.xmax)).filter(|xid| snapshot.in_progress(*xid)).collect();
        self.wait(open, &mut snapshot, false, progress).await
    }

    /// Returns once no transaction of this database is in progress any more whose commit record can be in the log
    /// already: afterwards whatever becomes visible later has its commit record after the log's present end. A session
    /// that idles within its transaction has not begun to commit, and is not waited for.
    pub async fn drained(&mut self, progress: impl FnMut(Waiting)) -> Result<()> {
        // A snapshot lists only what is below the youngest id that has ended. An id of our own, ended at once, puts
        // every transaction that is in progress now below it.
        let row = self
            .client
            .query_one(&self.mark, &[])
            .await
            .map_err(|error| failure("a transaction id to wait by cannot be taken", &error))?;
        let mark = value::<i64>(&row, 0)?.cast_unsigned();
        let mut snapshot = self.snapshot().await?;
        let open = snapshot.in_progress.iter().copied().filter(|xid| *xid < mark).collect();
        self.wait(open, &mut snapshot, true, progress).await
    }

    async fn wait(
        &mut self,
        mut open: Vec<u64>,
        snapshot: &mut Snapshot,
        later_may_stay: bool,
        mut progress: impl FnMut(Waiting),
    ) -> Result<()> {
        let start = Instant::now();
        let mut reported = start;
        let mut pause = Duration::from_millis(1);
        loop {
            open.retain(|xid| snapshot.in_progress(*xid));
            let due = reported.elapsed() >= REPORT;
            if later_may_stay && !open.is_empty() && (due || reported == start) {
                let later = self.later().await?;
                open.retain(|xid| !later.contains(&(xid & 0xFFFF_FFFF).to_string()));
            }
            let Some(oldest) = open.iter().min().copied() else { return Ok(()) };
            if due {
                reported = Instant::now();
                progress(self.describe(oldest, start.elapsed()).await?);
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(100));
            *snapshot = self.snapshot().await?;
        }
    }

    /// Transactions that have not committed before this question is asked, by the lower 32 bits of their ids.
    async fn later(&self) -> Result<Vec<String>> {
        let rows = self.client.query(&self.later, &[]).await;
        let rows = rows.map_err(|error| failure("the transactions in progress cannot be read", &error))?;
        rows.iter()
            .map(|row| row.try_get(0))
            .collect::<Result<_, _>>()
            .map_err(|error| failure("the transactions in progress cannot be read", &error))
    }

    async fn describe(&self, xid: u64, since: Duration) -> Result<Waiting> {
        // The activity view shows the lower 32 bits.
        let shown = (xid & 0xFFFF_FFFF).to_string();
        let row = self
            .client
            .query_one(&self.session, &[&shown])
            .await
            .map_err(|error| failure("the session waited for cannot be found", &error))?;
        Ok(Waiting {
            xid,
            pid: value(&row, 0)?,
            wait_event: value(&row, 1)?,
            application: value(&row, 2)?,
            gid: value(&row, 3)?,
            since,
        })
    }

    async fn snapshot(&self) -> Result<Snapshot> {
        let row = self
            .client
            .query_one(&self.snapshot, &[])
            .await
            .map_err(|error| failure("the current snapshot cannot be read", &error))?;
        let text: &str = value(&row, 0)?;
        Snapshot::parse(text)
            .ok_or_else(|| Error::new(ErrorKind::Fatal, format!("`{text}` is not a snapshot such as 10:20:10,14")))
    }
}

/// A snapshot: what is below `xmax` and not in progress has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Snapshot {
    xmax: u64,
    in_progress: Vec<u64>,
}

impl Snapshot {
    /// Parses `xmin:xmax:xid,xid`.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let _xmin: u64 = parts.next()?.parse().ok()?;
        let xmax = parts.next()?.parse().ok()?;
        let list = parts.next()?;
        let in_progress =
            list.split(',').filter(|xid| !xid.is_empty()).map(|xid| xid.parse().ok()).collect::<Option<_>>()?;
        Some(Self { xmax, in_progress })
    }

    fn in_progress(&self, xid: u64) -> bool {
        xid >= self.xmax || self.in_progress.contains(&xid)
    }
}

/// Widens a 32-bit transaction id to the 64-bit one nearest to `near`: live ids are always less than 2^31 apart.
pub fn widen(xid: u32, near: u64) -> u64 {
    #[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
    let distance = xid.wrapping_sub(near as u32).cast_signed();
    near.saturating_add_signed(distance.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_widened_next_to_the_snapshot() {
        let epoch = 1 << 32;
        assert_eq!(widen(890, 1000), 890);
        assert_eq!(widen(1005, 1000), 1005);
        // The example that a plain cast gets wrong: it would call 890 visible for ever.
        assert_eq!(widen(890, epoch + 870), epoch + 890);
        assert_eq!(widen(890, epoch + 900), epoch + 890);
        // Across an epoch, in both directions.
        assert_eq!(widen(u32::MAX, epoch + 5), epoch - 1);
        assert_eq!(widen(3, epoch - 2), epoch + 3);
        assert_eq!(widen(u32::MAX - 1, 3 * epoch + 3), 3 * epoch - 2);
        // Never below zero.
        assert_eq!(widen(u32::MAX, 3), 0);
    }

    #[test]
    fn snapshots() {
        let snapshot = Snapshot::parse("10:20:10,14").unwrap();
        assert!(snapshot.in_progress(10) && snapshot.in_progress(14) && snapshot.in_progress(20));
        assert!(!snapshot.in_progress(9) && !snapshot.in_progress(11) && !snapshot.in_progress(19));
        assert_eq!(Snapshot::parse("7:7:").unwrap(), Snapshot { xmax: 7, in_progress: vec![] });
        assert!(Snapshot::parse("7:7").is_none());
        assert!(Snapshot::parse("").is_none());
    }
}
