//! Whether what the stream has told can be seen. In: transaction ids as the stream carries them. Out: the moment from
//! which every new snapshot sees them.
//!
//! The stream can deliver a transaction before other sessions see it (its committer waits for a standby), and a later
//! commit can become visible before an earlier one. So nothing is read for a transaction before it is seen to be
//! visible, however long that takes, and the versions of writes are positions up to which everything was seen.

use crate::{Error, ErrorKind, Result};
use std::collections::HashSet;
use std::fmt;
use std::time::{Duration, Instant};
use tokio_postgres::Client;

/// After this long a wait is reported.
const PATIENCE: Duration = Duration::from_secs(1);

/// Establishes visibility, over a session of its own.
#[derive(Debug)]
pub struct Visibility {
    client: Client,
    statement: tokio_postgres::Statement,
}

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The transaction, widened to 64 bits.
    pub xid: u64,
    /// The session that committed it, where it may be known.
    pub pid: Option<i32>,
    /// What that session waits for.
    pub event: Option<String>,
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "transaction {} to become visible", self.xid)?;
        if let Some(pid) = self.pid {
            write!(f, " (session with pid {pid}")?;
            if let Some(event) = &self.event {
                write!(f, " waits for {event}")?;
            }
            write!(f, ")")?;
        }
        Ok(())
    }
}

/// `xmin:xmax:xip,...`, all 64 bits wide.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Snapshot {
    xmin: u64,
    xmax: u64,
    running: HashSet<u64>,
}

impl Snapshot {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let (xmin, xmax) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let running = parts.next()?.split(',').filter(|xid| !xid.is_empty()).map(|xid| xid.parse().ok());
        Some(Self { xmin, xmax, running: running.collect::<Option<_>>()? })
    }

    /// The 64-bit id of a 32-bit one that is near the snapshot: the stream's ids wrap around, a snapshot's do not.
    fn widen(&self, xid: u32) -> u64 {
        let distance = xid.wrapping_sub(self.xmax as u32) as i32;
        self.xmax.wrapping_add_signed(i64::from(distance))
    }

    fn sees(&self, xid: u64) -> bool {
        xid < self.xmin || (xid < self.xmax && !self.running.contains(&xid))
    }
}

impl Visibility {
    /// Takes over a session of the primary.
    ///
    /// # Errors
    /// Those of the session.
    pub async fn new(client: Client) -> Result<Self> {
        // txid_current_snapshot is in every version from 11 to 18 and 64 bits wide.
        let statement = client.prepare("SELECT txid_current_snapshot()::text").await.map_err(lost)?;
        Ok(Self { client, statement })
    }

    async fn snapshot(&self) -> Result<Snapshot> {
        let row = self.client.query_one(&self.statement, &[]).await.map_err(lost)?;
        let text: &str = row.get(0);
        Snapshot::parse(text)
            .ok_or_else(|| Error::new(ErrorKind::Fatal, format!("`{text}` is not a snapshot this version understands")))
    }

    /// Waits until every snapshot opened from now on sees these top-level transactions. It waits for ever: going on
    /// without would lose what they changed. A wait of more than a second is passed to `report`, again and again.
    ///
    /// # Errors
    /// Those of the session.
    pub async fn establish(&mut self, xids: &[u32], mut report: impl FnMut(Waiting)) -> Result<()> {
        let began = Instant::now();
        let mut pause = Duration::from_micros(500);
        loop {
            let snapshot = self.snapshot().await?;
            let Some(missing) = xids.iter().map(|xid| snapshot.widen(*xid)).find(|xid| !snapshot.sees(*xid)) else {
                return Ok(());
            };
            if began.elapsed() > PATIENCE {
                let waiting = self.describe(missing).await?;
                tracing::warn!(
                    xid = missing,
                    pid = waiting.pid,
                    event = waiting.event,
                    "waiting for a transaction to become visible"
                );
                report(waiting);
            }
            tokio::time::sleep(pause).await;
            let most = if began.elapsed() > PATIENCE { Duration::from_secs(1) } else { Duration::from_millis(50) };
            pause = (pause * 2).min(most);
        }
    }

    /// Waits until every transaction that is in progress now has ended: from then on the present end of the log is a
    /// low mark.
    ///
    /// # Errors
    /// Those of the session.
    pub async fn drained(&mut self, mut report: impl FnMut(Waiting)) -> Result<()> {
        let limit = self.snapshot().await?.xmax;
        let began = Instant::now();
        loop {
            let snapshot = self.snapshot().await?;
            if snapshot.xmin >= limit {
                return Ok(());
            }
            if began.elapsed() > PATIENCE {
                let waiting = self.describe(snapshot.xmin).await?;
                tracing::warn!(
                    xid = snapshot.xmin,
                    pid = waiting.pid,
                    "waiting for a transaction that is in progress to end"
                );
                report(waiting);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn describe(&self, xid: u64) -> Result<Waiting> {
        // backend_xid is 32 bits wide; a session that has committed and waits for a standby still shows it.
        let row = self
            .client
            .query_opt(
                "SELECT pid, wait_event FROM pg_stat_activity WHERE backend_xid::text = $1::text",
                &[&(xid as u32).to_string()],
            )
            .await
            .map_err(lost)?;
        Ok(Waiting { xid, pid: row.as_ref().map(|row| row.get(0)), event: row.and_then(|row| row.get(1)) })
    }
}

fn lost(error: tokio_postgres::Error) -> Error {
    Error::new(ErrorKind::Unavailable, "visibility could not be asked for").source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_widened_next_to_the_snapshot() {
        let snapshot = Snapshot::parse("4294968186:4294968190:4294968186,4294968188").unwrap();
        assert_eq!(snapshot.widen(890), 4_294_968_186);
        assert!(!snapshot.sees(snapshot.widen(890)), "running");
        assert!(snapshot.sees(snapshot.widen(891)));
        assert!(!snapshot.sees(snapshot.widen(895)), "later than the snapshot");
        assert_eq!(snapshot.widen(u32::MAX), 4_294_967_295, "before the wrap");
        assert!(snapshot.sees(snapshot.widen(u32::MAX)));
    }

    #[test]
    fn a_snapshot_without_running_transactions_is_read() {
        let snapshot = Snapshot::parse("750:750:").unwrap();
        assert!(snapshot.sees(749) && !snapshot.sees(750));
        assert_eq!(Snapshot::parse("750"), None);
    }
}
