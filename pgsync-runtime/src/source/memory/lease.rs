//! The session that watches a database in memory.

use super::Database;
use crate::position::{Mark, Position, Version};
use crate::sink::{MaxVersion, Owner};
use crate::source::{Fingerprints, Lease, Origin, RelationId, Waiting};
use crate::state::State;
use crate::{Error, ErrorKind, Result};
use pgsync_plan::TableId;
use std::collections::HashMap;
use std::time::Duration;

pub(crate) struct MemoryLease {
    database: Database,
    holds: std::sync::atomic::AtomicBool,
}

impl MemoryLease {
    pub(super) fn new(database: Database) -> Self {
        Self { database, holds: false.into() }
    }
}

/// A process that ends, however it does, lets the lock go.
impl Drop for MemoryLease {
    fn drop(&mut self) {
        if *self.holds.get_mut() {
            self.database.unlock();
        }
    }
}

impl Lease for MemoryLease {
    type Catalogue = ();

    async fn take(&self) -> Result<()> {
        if !self.database.lock() {
            return Err(Error::new(ErrorKind::Unavailable, "another process works with the slot"));
        }
        self.holds.store(true, std::sync::atomic::Ordering::Relaxed);
        Ok(())
    }

    async fn origin(&self) -> Result<Origin> {
        let owner = Owner {
            system_identifier: "1".to_owned(),
            database: "memory".to_owned(),
            slot: super::program().capture.name().to_owned(),
            host: "here".to_owned(),
            lineage: Vec::new(),
        };
        let end = Position::at(self.database.end());
        Ok(Origin { owner, oid: 1, server: "memory".to_owned(), timeline: 1, end })
    }

    async fn catalogue(&self) -> Result<()> {
        Ok(())
    }

    async fn check(&self, (): &(), _: bool) -> Result<()> {
        self.database.faults().meet("the catalogue").await
    }

    async fn set_up(&self, (): ()) -> Result<()> {
        Ok(())
    }

    async fn set_up_partitions(&self, (): &()) {}

    fn relations(&self, (): &()) -> HashMap<RelationId, TableId> {
        (0..super::program().plan.tables.len()).map(|table| (RelationId(table as u32 + 1), TableId(table))).collect()
    }

    fn replaced(&self, (): &(), _: Option<&State>) -> serde_json::Value {
        serde_json::Value::Null
    }

    fn discontinuity(&self, (): &(), state: &State, _: &Origin) -> Option<String> {
        let confirmed = Position::at(self.database.confirmed());
        (confirmed > state.position).then(|| format!("the slot is at {confirmed}, the state at {}", state.position))
    }

    async fn fingerprints(&self) -> Result<((), Fingerprints)> {
        self.database.faults().meet("the catalogue").await?;
        Ok(((), self.database.fingerprints()))
    }

    async fn skip(&self) -> Result<Position> {
        Ok(Position::at(self.database.skip()))
    }

    async fn low_mark(&self, _: impl FnMut(Waiting) + Send) -> Result<Mark> {
        let (confirmed, end) = (self.database.confirmed(), self.database.end());
        while !self.database.is_settled(end) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(Mark { version: Version(confirmed), position: Position::at(confirmed) })
    }

    async fn durable_end(&self) -> Result<Position> {
        Ok(Position::at(self.database.end()))
    }

    async fn log_end(&self) -> Result<Position> {
        self.database.faults().meet("the end of the log").await?;
        Ok(Position::at(self.database.end()))
    }

    fn ceiling(&self) -> MaxVersion {
        let database = self.database.clone();
        MaxVersion::new(move || {
            let end = database.end();
            async move { Ok(Version(end)) }
        })
    }

    async fn stands_aside(&self, _: i32) -> Result<()> {
        Ok(())
    }
}
