//! The session that watches. In: settings and a slot. Out: the right to work with the slot, held as long as the session,
//! and answers about the set-up and the log. One process works with a slot, also while it loads and does not hold the
//! slot itself.

use super::capture::{self, CaptureState, Setup};
use super::connection::{self, address, failure, value};
use super::horizon::{Branch, branches};
use super::log_functions::{LogFunctions, PGOUTPUT, server_version};
use super::replication::test_decoding::{Table, tables};
use super::replication::{Connection, refuse_synchronous};
use super::{Lsn, Postgres, Visibility, kept};
use crate::position::{Mark, Position, Version};
use crate::settings::DatabaseSettings;
use crate::sink::{MaxVersion, Owner};
use crate::source::{Continuations, Fingerprints, Origin, RelationId, Waiting};
use crate::state::State;
use crate::{Error, ErrorKind, Result};
use pgsync_plan::TableId;
use std::collections::HashMap;
use std::sync::Arc;
use tokio_postgres::Client;

/// From this version on a slot can be moved on without a stream.
const ADVANCED: i32 = 110_000;

/// The right to work with a slot.
pub(crate) struct Lease {
    client: Arc<Client>,
    source: Postgres,
}

/// Tells the end of the log. A lost session is replaced by another one.
#[derive(Clone)]
pub(crate) struct LogEnd {
    client: Arc<Client>,
    settings: Arc<DatabaseSettings>,
}

impl LogEnd {
    /// Over a session of its own.
    pub(crate) async fn open(settings: &DatabaseSettings) -> Result<Self> {
        Ok(Self { client: Arc::new(connection::connect(settings).await?), settings: Arc::new(settings.clone()) })
    }

    /// Over a session that somebody else has, too.
    pub(super) fn over(client: Arc<Client>, settings: Arc<DatabaseSettings>) -> Self {
        Self { client, settings }
    }

    /// Tells writers where the log ends.
    pub(crate) fn ceiling(self) -> MaxVersion {
        MaxVersion::new(move || {
            let log = self.clone();
            async move { Ok(Version(log.end().await?.0)) }
        })
    }

    /// Where the log ends now: no commit stands behind it.
    pub(crate) async fn end(&self) -> Result<Lsn> {
        match log_end(&self.client).await {
            Err(error) if error.kind() == ErrorKind::Unavailable => {
                log_end(&connection::connect(&self.settings).await?).await
            }
            end => end,
        }
    }
}

impl Lease {
    /// Opens the session, which reaches the database.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) async fn open(source: Postgres) -> Result<Self> {
        let client = connection::connect_whole(&source.settings).await?;
        let row = client.query_one("SELECT pg_is_in_recovery()", &[]).await.map_err(lost)?;
        if value(&row, 0)? {
            return Err(connection::standby(&source.settings));
        }
        Ok(Self { client: Arc::new(client), source })
    }

    /// The tables of the program, where changes come as lines of `test_decoding`.
    pub(super) async fn translated_tables(&self) -> Result<Option<HashMap<String, Table>>> {
        if server_version(&self.client).await? >= PGOUTPUT {
            return Ok(None);
        }
        let found = CaptureState::read(&self.client, &self.source.program).await?;
        let oids: Vec<u32> = found.tables.iter().flatten().map(|relation| relation.oid).collect();
        tables(&self.client, &oids).await.map(Some)
    }

    pub(super) fn log(&self) -> LogEnd {
        LogEnd { client: Arc::clone(&self.client), settings: Arc::clone(&self.source.settings) }
    }
}

impl crate::source::Lease for Lease {
    type Catalogue = CaptureState;

    async fn take(&self) -> Result<()> {
        let slot = &self.source.program.capture.logical_replication()?.slot;
        if try_lock(&self.client, slot).await? {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Unavailable, format!("another process works with slot `{slot}`"))
            .help("stop it, or give this one a slot of its own with PGSYNC_SLOT"))
    }

    async fn origin(&self) -> Result<Origin> {
        let slot = &self.source.program.capture.logical_replication()?.slot;
        let (origin, branches) = identify(&self.client, &self.source.settings, slot).await?;
        self.source.horizon.found(origin.timeline, log_end(&self.client).await?, branches);
        Ok(origin)
    }

    async fn catalogue(&self) -> Result<CaptureState> {
        CaptureState::read(&self.client, &self.source.program).await
    }

    async fn check(&self, found: &CaptureState, set_up: bool) -> Result<()> {
        let program = &self.source.program;
        capture::fits(&self.client, found, program).await?;
        if set_up {
            // Whatever can refuse comes before whatever sets something up.
            return Setup::plan(&self.client, found, program).await.map(drop);
        }
        capture::check(&self.client, found, program).await
    }

    async fn set_up(&self, mut found: CaptureState) -> Result<CaptureState> {
        let program = &self.source.program;
        if self.source.bootstrap {
            let setup = Setup::plan(&self.client, &found, program).await?;
            if !setup.is_empty() {
                tracing::info!(statements = %setup.script(), "setting up the database");
                setup.apply(&connection::connect_to_read(&self.source.settings).await?).await?;
                found = self.catalogue().await?;
            }
            capture::check(&self.client, &found, program).await?;
        }
        capture::report_unused(&self.client, &program.capture.logical_replication()?.publication).await;
        Ok(found)
    }

    async fn set_up_partitions(&self, found: &CaptureState) {
        let program = &self.source.program;
        if !self.source.bootstrap || !found.has_partition_without_identity(program) {
            return;
        }
        let done = async { Setup::plan(&self.client, found, program).await?.apply(&self.client).await };
        match done.await {
            Ok(()) => tracing::info!("a new partition has the replica identity that it needs"),
            Err(error) => {
                tracing::warn!(%error, "a new partition could not be given the replica identity that it needs");
            }
        }
    }

    fn relations(&self, found: &CaptureState) -> HashMap<RelationId, TableId> {
        let tables = found.tables.iter().enumerate();
        let relations = tables.flat_map(|(table, relations)| relations.iter().map(move |relation| (table, relation)));
        relations.map(|(table, relation)| (RelationId(relation.oid), TableId(table))).collect()
    }

    fn replaced(&self, found: &CaptureState, state: Option<&State>) -> serde_json::Value {
        let names = self.source.program.capture.logical_replication();
        names.map(|names| capture::to_state(&capture::replaced(found, &names.publication, state))).unwrap_or_default()
    }

    fn discontinuity(&self, found: &CaptureState, state: &State, live: &Origin) -> Option<String> {
        let (position, end) = (state.position, live.end);
        if state.database_oid.is_some_and(|oid| oid != live.oid) {
            return Some(format!("database `{}` was dropped and made anew", live.owner.database));
        }
        if position > end {
            return Some(format!("{position} was written, but the log ends at {end}: the server was set back"));
        }
        if !state.indexes.is_empty()
            && let Some(why) = self.source.horizon.discontinuity(state, live.timeline)
        {
            return Some(why);
        }
        let confirmed = found.slot.as_ref().and_then(|slot| slot.confirmed).unwrap_or_default();
        if Position::from(confirmed) > position {
            return Some(format!(
                "the slot is at {confirmed}, but only {position} was written: it was moved or made anew"
            ));
        }
        None
    }

    fn resume(&self, state: &State) {
        self.source.horizon.resume(state);
    }

    fn continuations(&self) -> Continuations {
        let horizon = Arc::clone(&self.source.horizon);
        Continuations::new(move |_| Some(horizon.said()))
    }

    fn rest(&self) -> bool {
        self.source.horizon.rest();
        true
    }

    async fn fingerprints(&self) -> Result<(CaptureState, Fingerprints)> {
        capture::read_fingerprints(&self.client, &self.source.program).await
    }

    /// Everything is about to be read anew, so nothing before is needed; and a change that could not be followed would
    /// otherwise be met again after each load, for ever.
    async fn skip(&self) -> Result<Position> {
        let slot = &self.source.program.capture.logical_replication()?.slot;
        if server_version(&self.client).await? < ADVANCED {
            kept::make_anew(&self.source.settings, slot).await?;
            let found = self.catalogue().await?.slot.and_then(|slot| slot.confirmed);
            return found.map(Into::into).ok_or_else(unconfirmed);
        }
        let row = self
            .client
            .query_one(
                "SELECT end_lsn::text FROM pg_replication_slot_advance($1, greatest(pg_current_wal_flush_lsn(),
                   (SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = $1)))",
                &[slot],
            )
            .await
            .map_err(|error| failure(&format!("slot `{slot}` could not be moved to the end of the log"), &error))?;
        Ok(lsn(value(&row, 0)?)?.into())
    }

    async fn give_up(&self) -> Result<()> {
        kept::make_anew(&self.source.settings, &self.source.program.capture.logical_replication()?.slot).await
    }

    async fn low_mark(&self, mut waiting: impl FnMut(Waiting) + Send) -> Result<Mark> {
        let found = self.catalogue().await?;
        let confirmed = found.slot.and_then(|slot| slot.confirmed).ok_or_else(unconfirmed)?;
        let mut visibility = Visibility::new(connection::connect(&self.source.settings).await?).await?;
        visibility.drained(|wait| waiting((&wait).into())).await?;
        Ok(confirmed.mark())
    }

    async fn durable_end(&self) -> Result<Position> {
        let flush = LogFunctions::of(&self.client).await?.flush;
        let row = self.client.query_one(&format!("SELECT {flush}::text"), &[]).await.map_err(lost)?;
        Ok(lsn(value(&row, 0)?)?.into())
    }

    async fn log_end(&self) -> Result<Position> {
        Ok(log_end(&self.client).await?.into())
    }

    fn ceiling(&self) -> MaxVersion {
        self.log().ceiling()
    }

    // Records begin at multiples of eight. A version is such a position, or the one behind it.
    fn writes(&self, version: Version) -> bool {
        version.0 % 8 <= 1
    }

    async fn stands_aside(&self, stream: i32) -> Result<()> {
        refuse_synchronous(&self.client, stream, &self.source.settings.application_name).await
    }
}

/// Asks the server which database this is.
///
/// # Errors
/// Those of the database, and of opening a replication connection.
pub(crate) async fn origin(client: &Client, settings: &DatabaseSettings, slot: &str) -> Result<Origin> {
    identify(client, settings, slot).await.map(|(origin, _)| origin)
}

/// The same, and where the server has left its earlier time lines.
async fn identify(client: &Client, settings: &DatabaseSettings, slot: &str) -> Result<(Origin, Vec<Branch>)> {
    let mut connection = Connection::open(settings).await?;
    let system = connection.identify_system().await?;
    let branches = branches(&mut connection, system.timeline).await?;
    let row = client
        .query_one(
            "SELECT d.datname::text, d.oid, current_setting('server_version')
             FROM pg_database d WHERE d.datname = current_database()",
            &[],
        )
        .await
        .map_err(|error| failure("the database cannot be identified", &error))?;
    let owner = Owner {
        system_identifier: system.system_id,
        database: value(&row, 0)?,
        slot: slot.to_owned(),
        host: address(settings),
        lineage: Vec::new(),
    };
    let origin = Origin {
        server: format!("PostgreSQL {} at {}", value::<&str>(&row, 2)?, owner.host),
        owner,
        oid: value(&row, 1)?,
        timeline: system.timeline,
        end: system.position.into(),
    };
    Ok((origin, branches))
}

/// The end of the log, on this session.
async fn log_end(client: &Client) -> Result<Lsn> {
    let sql = format!("SELECT {}::text", LogFunctions::of(client).await?.insert);
    let row = client.query_one(&sql, &[]).await.map_err(lost)?;
    lsn(value(&row, 0)?)
}

fn unconfirmed() -> Error {
    Error::new(ErrorKind::Refused, "the slot has no confirmed position")
        .help("run `teardown`, then `bootstrap`, then this again")
}

fn lsn(text: &str) -> Result<Lsn> {
    text.parse().map_err(|error: String| Error::new(ErrorKind::Fatal, error))
}

/// Whether a session has the right to work under a name now. It ends with the session.
pub(super) async fn try_lock(client: &Client, name: &str) -> Result<bool> {
    let sql = "SELECT pg_try_advisory_lock(hashtext('pgsync'), hashtext($1::text))";
    value(&client.query_one(sql, &[&name]).await.map_err(lost)?, 0)
}

fn lost(error: tokio_postgres::Error) -> Error {
    failure("the watching session", &error)
}
