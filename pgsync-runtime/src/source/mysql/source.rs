//! MySQL and MariaDB as a [`Source`]. In: settings and a program. Out: its sessions, its stream, its lease.

use super::address::Address;
use super::binlog::{Flavour, GtidSet};
use super::changes::Changes;
use super::connection::connect;
use super::ledger::Ledger;
use super::message::position_of;
use super::read::Session;
use super::stream::{Start, Stream, StreamSettings, server_id};
use super::visibility::Visibility;
use super::{Lease, server, tables};
use crate::position::Version;
use crate::settings::DatabaseSettings;
use crate::source::{Goal, LogPoint, Source};
use crate::{Position, Result, state};
use pgsync_plan::{Dialect, Program};
use std::sync::Arc;

/// How often the server says that nothing has happened, unless the patience is shorter.
const HEARTBEAT: std::time::Duration = std::time::Duration::from_secs(5);

/// A database of MySQL or MariaDB, followed for a program.
#[derive(Debug, Clone)]
pub(crate) struct MySql {
    pub(super) settings: Arc<DatabaseSettings>,
    pub(super) address: Arc<Address>,
    pub(super) program: Arc<Program>,
    pub(super) flavour: Flavour,
    pub(super) ledger: Ledger,
}

impl MySql {
    /// Nothing is opened yet.
    ///
    /// # Errors
    /// Where the program follows no such log.
    pub(crate) fn new(settings: DatabaseSettings, program: Arc<Program>) -> Result<Self> {
        program.capture.binlog()?;
        let flavour = match program.dialect {
            Dialect::Mariadb => Flavour::MariaDb,
            Dialect::Mysql | Dialect::Postgres => Flavour::MySql,
        };
        let address = Arc::new(Address::of(&settings));
        Ok(Self { settings: Arc::new(settings), address, program, flavour, ledger: Ledger::default() })
    }

    /// What a state says of where to go on.
    pub(super) fn written(&self, state: &state::State) -> Option<GtidSet> {
        state.continuation.as_deref().and_then(|text| GtidSet::parse(self.flavour, text).ok())
    }
}

impl Source for MySql {
    type Lease = Lease;
    type Stream = Changes;
    type Visibility = Visibility;
    type Session = Session;

    async fn lease(&self) -> Result<Lease> {
        Lease::open(self.clone()).await
    }

    async fn stream(&self, lease: &Lease) -> Result<Changes> {
        let written = self.ledger.written().unwrap_or_else(|| (Position::START, GtidSet::empty(self.flavour)));
        // What was handed out before and not acknowledged is handed out again.
        self.ledger.begin(Some(written.clone()));
        let (settled, after) = written;
        let settings = StreamSettings {
            server_id: server_id(self.program.capture.name()),
            heartbeat: HEARTBEAT.min(self.settings.patience / 3),
        };
        let wanted = lease.unlogged().await?.added_to(tables::wanted(&self.program));
        let stream = Stream::open(&self.address, &settings, Start::After(after), wanted).await?;
        Ok(Changes::new(stream.settled(Version(settled.offset())), self.ledger.clone()))
    }

    async fn visibility(&self) -> Result<Visibility> {
        Visibility::open(Arc::clone(&self.address), self.flavour, self.ledger.clone()).await
    }

    async fn session(&self) -> Result<Session> {
        Session::connect(Arc::clone(&self.address), self.settings.statement_timeout).await
    }

    // A read without locks waits for a definition that is being changed, and for nothing else.
    async fn held_up_by(&self) -> Result<Option<String>> {
        Ok(None)
    }

    fn goal(&self, text: &str) -> Result<Goal, String> {
        let flavour = self.flavour;
        let form = match flavour {
            Flavour::MySql => "a set of transactions as @@GLOBAL.gtid_executed has it, or one of them, UUID:NUMBER",
            Flavour::MariaDb => "a set of transactions as @@GLOBAL.gtid_binlog_pos has it, or @@last_gtid",
        };
        let wanted = GtidSet::parse(flavour, text).ok().filter(|_| !text.trim().is_empty());
        let wanted = wanted.ok_or_else(|| format!("`{text}` is not {form}"))?;
        Ok(Goal::new(move |point| {
            let reached = point.continuation.as_deref().and_then(|text| GtidSet::parse(flavour, text).ok());
            reached.is_some_and(|reached| reached.contains_all(&wanted))
        }))
    }

    fn point(&self, position: Position) -> LogPoint {
        let continuation = self.ledger.at(position).map(|set| set.to_string());
        LogPoint { position, continuation, history: None }
    }

    async fn now(&self) -> Result<LogPoint> {
        let mut connection = connect(&self.address, Vec::new()).await?;
        let executed = server::executed(&mut connection, &self.address, self.flavour).await?;
        Ok(LogPoint { position: position_of(&executed), continuation: Some(executed.to_string()), history: None })
    }
}
