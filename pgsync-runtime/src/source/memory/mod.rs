//! A database in memory, for schedules and faults of the pipeline. In: transactions made by hand. Out: everything that a
//! [`Source`](super::Source) gives, on a clock that tests may pause.
//!
//! It executes the statements that the compiler has written (`query`), streams commits in their order, and lets them
//! become visible later and in another order, as a server may. It breaks and waits where its script says so (`fault`).

mod database;
mod fault;
mod lease;
mod query;
mod session;
mod stream;

pub(crate) use database::{Change, Database, Row, Tables, Value};
pub(crate) use fault::{Faults, broken};

use super::{Goal, LogPoint, Source, Waiting};
use crate::{Position, Result};
use pgsync_codegen::catalog::Catalog;
use pgsync_plan::Program;
use std::sync::OnceLock;
use std::time::Duration;

/// The program that the database is followed for: two documents over four tables, to-many, to-one, and a join table.
pub(crate) fn program() -> &'static Program {
    static PROGRAM: OnceLock<Program> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let catalog = Catalog::from_json(include_str!("schema.catalog.json")).unwrap();
        let source = pgsync_codegen::Source::new("schema.json", include_str!("schema.json"));
        let (program, _) = pgsync_codegen::compile(&source, &catalog).unwrap_or_else(|found| panic!("{found:?}"));
        program
    })
}

impl Source for Database {
    type Lease = lease::MemoryLease;
    type Stream = stream::MemoryStream;
    type Visibility = Self;
    type Session = session::MemorySession;

    async fn lease(&self) -> Result<lease::MemoryLease> {
        self.faults().meet("the watching session").await?;
        Ok(lease::MemoryLease::new(self.clone()))
    }

    async fn stream(&self, _: &lease::MemoryLease) -> Result<stream::MemoryStream> {
        self.faults().meet("the stream").await?;
        Ok(stream::MemoryStream::new(self.clone()))
    }

    async fn visibility(&self) -> Result<Self> {
        Ok(self.clone())
    }

    async fn session(&self) -> Result<session::MemorySession> {
        self.faults().meet("a session").await?;
        Ok(session::MemorySession::new(self.clone()))
    }

    async fn held_up_by(&self) -> Result<Option<String>> {
        Ok(None)
    }

    fn goal(&self, text: &str) -> Result<Goal, String> {
        text.parse().map(Goal::position)
    }

    fn point(&self, position: Position) -> LogPoint {
        LogPoint { position, continuation: None, history: None }
    }

    async fn now(&self) -> Result<LogPoint> {
        Ok(self.point(Position::at(self.end())))
    }
}

impl super::Visibility for Database {
    async fn establish(
        &mut self,
        transactions: &[super::TransactionId],
        mut waiting: impl FnMut(Waiting) + Send,
    ) -> Result<()> {
        while let Some(left) = self.invisible(transactions) {
            waiting(Waiting { what: format!("transaction {}", left.0), since: Duration::ZERO });
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }
}

impl super::Acknowledge for Database {
    fn acknowledge(&self, position: Position) {
        self.confirm(position.offset());
    }
}
