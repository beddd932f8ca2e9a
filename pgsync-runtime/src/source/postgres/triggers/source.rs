//! PostgreSQL with triggers as a [`Source`]. In: settings and a program. Out: its sessions, its stream, its lease.

use super::lease::Lease;
use super::ledger::Ledger;
use super::statements::Names;
use super::stream::Stream;
use crate::settings::DatabaseSettings;
use crate::source::postgres::{Lsn, Session, blocked, kept};
use crate::source::{Goal, Lease as _, LogPoint, Source, TransactionId, Waiting};
use crate::{Position, Result};
use pgsync_plan::Program;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio_postgres::Client;

/// A database of PostgreSQL, followed by triggers for a program.
#[derive(Debug, Clone)]
pub(crate) struct Triggers {
    pub(super) settings: Arc<DatabaseSettings>,
    pub(super) program: Arc<Program>,
    pub(super) names: Arc<Names>,
    pub(super) ledger: Ledger,
    /// Whether it may be set up.
    pub(super) bootstrap: bool,
    /// What looks for whoever holds up the others, once that was needed.
    looking: Arc<Mutex<Option<Client>>>,
}

/// What is handed out was seen by a snapshot, so every later one sees it.
#[derive(Debug)]
pub(crate) struct Seen;

impl Triggers {
    /// Nothing is opened yet. `bootstrap`: whether the database may be set up.
    ///
    /// # Errors
    /// Where the program is of another kind of database.
    pub(crate) fn new(settings: DatabaseSettings, program: Arc<Program>, bootstrap: bool) -> Result<Self> {
        let names = Arc::new(Names::of(&program.capture.logical_replication()?.slot));
        let (settings, ledger) = (Arc::new(settings), Ledger::default());
        Ok(Self { settings, program, names, ledger, bootstrap, looking: Arc::default() })
    }
}

impl Source for Triggers {
    type Lease = Lease;
    type Stream = Stream;
    type Visibility = Seen;
    type Session = Session;

    async fn lease(&self) -> Result<Lease> {
        Lease::open(self.clone()).await
    }

    async fn stream(&self, lease: &Lease) -> Result<Stream> {
        let layouts = lease.catalogue().await?.layouts;
        Stream::open(&self.settings, &self.names, &layouts, &self.ledger).await
    }

    async fn visibility(&self) -> Result<Seen> {
        Ok(Seen)
    }

    async fn session(&self) -> Result<Session> {
        Session::connect(&self.settings).await
    }

    async fn held_up_by(&self) -> Result<Option<String>> {
        blocked::held_up_by(&self.settings, &mut *self.looking.lock().await).await
    }

    // A look that found the log at this very place may have been before the client's commit became visible: it has to be one
    // that found it further on. In a quiet database nothing else moves it.
    fn goal(&self, text: &str) -> Result<Goal, String> {
        let wanted: Position = text.trim().parse::<Lsn>()?.end_of_record().into();
        self.ledger.ask();
        Ok(Goal::new(move |point| point.position > wanted))
    }

    fn point(&self, position: Position) -> LogPoint {
        LogPoint { position, continuation: None, history: None }
    }

    async fn now(&self) -> Result<LogPoint> {
        let (end, _) = kept::insert_end(&self.settings, &mut *self.looking.lock().await).await?;
        self.ledger.ask();
        Ok(self.point(end.into()))
    }
}

impl crate::source::Visibility for Seen {
    async fn establish(&mut self, _: &[TransactionId], _: impl FnMut(Waiting) + Send) -> Result<()> {
        Ok(())
    }
}
