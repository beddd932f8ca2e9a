//! The session that watches a database with an outbox. In: settings and a program. Out: the right to work under the set-up's
//! name, held as long as the session, and answers about the set-up and the log. The lock is the session's: a pooler that
//! hands sessions around must not stand in between.

use super::catalogue::Catalogue;
use super::ledger::{continuation, is_of_outbox};
use super::outbox::{Outbox, ends, flush};
use super::setup::{self, Statements};
use super::source::Triggers;
use crate::position::{Mark, Position, Version};
use crate::sink::{MaxVersion, Owner};
use crate::source::postgres::capture::{check_columns, check_rights, fingerprints_of, followed_once};
use crate::source::postgres::connection::{self, address, failure, value};
use crate::source::postgres::lease::try_lock;
use crate::source::postgres::log_functions::LogFunctions;
use crate::source::postgres::{LogEnd, Lsn};
use crate::source::{Continuations, Fingerprints, Origin, RelationId, Waiting};
use crate::state::State;
use crate::{Code, Error, ErrorKind, Result};
use pgsync_plan::TableId;
use std::collections::HashMap;
use std::sync::Arc;
use tokio_postgres::Client;

/// The oldest server whose triggers will do.
const OLDEST: i32 = 90_600;

/// The right to work with an outbox.
pub(crate) struct Lease {
    client: Arc<Client>,
    source: Triggers,
}

impl Lease {
    pub(super) async fn open(source: Triggers) -> Result<Self> {
        Ok(Self { client: Arc::new(connection::connect_whole(&source.settings).await?), source })
    }

    /// What is missing in the database.
    pub(crate) fn missing(&self, found: &Catalogue) -> Result<Statements> {
        setup::plan(found, &self.source.program, &self.source.names)
    }

    /// What removes what is there.
    pub(crate) fn removal(&self, found: &Catalogue) -> Result<Statements> {
        setup::teardown(found, &self.source.names)
    }

    /// How many rows wait in the outbox, and for how many seconds the oldest of them.
    pub(crate) async fn waiting(&self) -> Result<(i64, Option<f64>)> {
        let sql = format!(
            "SELECT count(*), extract(epoch FROM clock_timestamp() - min(at))::float8 FROM {}",
            self.source.names.outbox()
        );
        let row = self.client.query_one(&sql, &[]).await.map_err(|error| super::outbox::lost(&error))?;
        Ok((value(&row, 0)?, value(&row, 1)?))
    }

    /// Carries statements out on a session of its own.
    pub(crate) async fn apply(&self, statements: &Statements, what: &str) -> Result<()> {
        statements.apply(&connection::connect_to_read(&self.source.settings).await?, what).await
    }

    /// Another set-up in this database fills an index of this program: the same file under another name, most likely. Asked
    /// before an outbox is made, or missed.
    fn not_under_another_name(&self, found: &Catalogue) -> Result<()> {
        if found.schema.is_some() {
            return Ok(());
        }
        let ours =
            |index: &&String| self.source.program.plan.documents.iter().any(|document| document.index == **index);
        let other = found.others.iter().find_map(|(name, mark)| Some((name, mark.indexes.iter().find(ours)?)));
        let Some((name, index)) = other else { return Ok(()) };
        Err(Error::coded(
            Code::OtherNames,
            format!(
                "index `{index}` is filled through the outbox of `{name}` in this database, and this set-up is called `{}`",
                self.source.names.schema
            ),
        )
        .help(format!(
            "to continue with it, set PGSYNC_SLOT={name}; to begin anew, remove it: `teardown --indexes` with PGSYNC_SLOT={name}"
        )))
    }

    /// Says in the log which other outboxes there are: one that nobody reads grows until the disk is full.
    fn report_others(&self, found: &Catalogue) {
        for (name, mark) in &found.others {
            tracing::info!(
                outbox = %name, schema_file = %mark.name, indexes = %mark.indexes.join(", "),
                "another set-up captures by triggers in this database; where nothing works with it any more, remove it: \
                 `teardown` with PGSYNC_SLOT={name}"
            );
        }
    }

    fn captured(&self, found: &Catalogue) -> Result<()> {
        let names = &self.source.names;
        let mut missing = Vec::new();
        match found.schema.as_ref().map(|schema| (&schema.mark, &schema.outbox)) {
            Some((Some(_), Some(outbox))) if !outbox.usable => {
                return Err(Error::coded(
                    Code::Rights,
                    format!("the role may not read and delete rows of {}", names.outbox()),
                )
                .help(format!(
                    "GRANT USAGE ON SCHEMA {} TO the role; GRANT SELECT, DELETE ON {} TO the role",
                    names.quoted(),
                    names.outbox()
                )));
            }
            Some((Some(_), Some(_))) => {}
            _ => missing.push(format!("there is no outbox {}", names.outbox())),
        }
        if missing.is_empty() {
            for (table, relations) in self.source.program.plan.tables.iter().zip(&found.facts.tables) {
                let without = relations.iter().filter(|relation| relation.membership.is_none());
                missing.extend(without.map(|relation| {
                    format!(
                        "{}.{} lacks a trigger that captures what {} needs, in every session",
                        relation.schema,
                        relation.name,
                        table.qualified()
                    )
                }));
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Refused,
            format!("the database is not set up to follow its changes by triggers:\n  - {}", missing.join("\n  - ")),
        )
        .help("run the `bootstrap` command once, or add `-b` to this one"))
    }
}

impl crate::source::Lease for Lease {
    type Catalogue = Catalogue;

    async fn take(&self) -> Result<()> {
        let name = &self.source.names.schema;
        if try_lock(&self.client, name).await? {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Unavailable, format!("another process works with the outbox of `{name}`"))
            .help("stop it, or give this one a name of its own with PGSYNC_SLOT"))
    }

    // What a replication connection would say of the server is had by functions as well.
    async fn origin(&self) -> Result<Origin> {
        let LogFunctions { insert, flush, file, .. } = LogFunctions::of(&self.client).await?;
        let row = self
            .client
            .query_one(
                &format!(
                    "SELECT s.system_identifier::text, d.datname::text, d.oid, current_setting('server_version'),
                        {file}({insert}), {flush}::text
                 FROM pg_control_system() s, pg_database d WHERE d.datname = current_database()"
                ),
                &[],
            )
            .await
            .map_err(|error| failure("the database cannot be identified", &error))?;
        let owner = Owner {
            system_identifier: value(&row, 0)?,
            database: value(&row, 1)?,
            slot: self.source.names.schema.clone(),
            host: address(&self.source.settings),
            lineage: Vec::new(),
        };
        let file: &str = value(&row, 4)?;
        let timeline = file
            .get(..8)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or_else(|| Error::new(ErrorKind::Fatal, format!("`{file}` is not the name of a file of the log")))?;
        let end: Lsn = value::<&str>(&row, 5)?.parse().map_err(|error: String| Error::new(ErrorKind::Fatal, error))?;
        Ok(Origin {
            server: format!("PostgreSQL {} at {}", value::<&str>(&row, 3)?, owner.host),
            owner,
            oid: value(&row, 2)?,
            timeline,
            end: end.into(),
        })
    }

    async fn catalogue(&self) -> Result<Catalogue> {
        Catalogue::read(&self.client, &self.source.program, &self.source.names).await
    }

    async fn check(&self, found: &Catalogue, set_up: bool) -> Result<()> {
        let program = &self.source.program;
        if found.facts.server_version < OLDEST {
            return Err(Error::new(
                ErrorKind::Refused,
                format!(
                    "the server is PostgreSQL {}, supported with triggers are 9.6 and later",
                    found.facts.server_version / 10_000
                ),
            ));
        }
        check_columns(&self.client, program).await?;
        self.not_under_another_name(found)?;
        if set_up {
            // Whatever can refuse comes before whatever sets something up.
            return self.missing(found).map(drop);
        }
        check_rights(&self.client, &found.facts, program).await?;
        followed_once(&found.facts, program)?;
        self.captured(found)
    }

    async fn set_up(&self, mut found: Catalogue) -> Result<Catalogue> {
        if self.source.bootstrap {
            let missing = self.missing(&found)?;
            if !missing.is_empty() {
                tracing::info!(statements = %missing.script(), "setting up the database");
                self.apply(&missing, "bootstrap").await?;
                found = self.catalogue().await?;
            }
            check_rights(&self.client, &found.facts, &self.source.program).await?;
            followed_once(&found.facts, &self.source.program)?;
            self.captured(&found)?;
        }
        self.report_others(&found);
        self.source.ledger.follows(found.outbox());
        Ok(found)
    }

    async fn set_up_partitions(&self, found: &Catalogue) {
        if !self.source.bootstrap {
            return;
        }
        let done = async {
            let missing = self.missing(found)?;
            if missing.is_empty() { Ok(false) } else { self.apply(&missing, "bootstrap").await.map(|()| true) }
        };
        match done.await {
            Ok(false) => {}
            Ok(true) => tracing::info!("a table or partition has the triggers that it needs"),
            Err(error) => tracing::warn!(%error, "a table could not be given the triggers that it needs"),
        }
    }

    fn relations(&self, found: &Catalogue) -> HashMap<RelationId, TableId> {
        let tables = found.facts.tables.iter().enumerate();
        let relations = tables.flat_map(|(table, relations)| relations.iter().map(move |relation| (table, relation)));
        relations.map(|(table, relation)| (RelationId(relation.oid), TableId(table))).collect()
    }

    // Nothing of the user's is replaced.
    fn replaced(&self, _: &Catalogue, _: Option<&State>) -> serde_json::Value {
        serde_json::Value::Null
    }

    fn discontinuity(&self, found: &Catalogue, state: &State, live: &Origin) -> Option<String> {
        let (position, end) = (state.position, live.end);
        if state.database_oid.is_some_and(|oid| oid != live.oid) {
            return Some(format!("database `{}` was dropped and made anew", live.owner.database));
        }
        if position > end {
            return Some(format!("{position} was written, but the log ends at {end}: the server was set back"));
        }
        if state.indexes.is_empty() {
            return None;
        }
        if state.timeline != live.timeline && state.indexes.values().any(|index| index.loaded) {
            return Some(format!("the server is on time line {}, it was on {}", live.timeline, state.timeline));
        }
        let outbox = found.outbox().map(continuation);
        if state.continuation != outbox {
            return Some(match (state.continuation.as_deref().filter(|said| is_of_outbox(said)), outbox) {
                (None, _) => "it was filled from changes that were captured in another way".to_owned(),
                (Some(_), None) => "the outbox is gone".to_owned(),
                (Some(_), Some(_)) => "the outbox was made anew".to_owned(),
            });
        }
        None
    }

    fn resume(&self, state: &State) {
        self.source.ledger.begin(state.position);
    }

    fn continuations(&self) -> Continuations {
        let ledger = self.source.ledger.clone();
        Continuations::new(move |_| ledger.continuation())
    }

    async fn fingerprints(&self) -> Result<(Catalogue, Fingerprints)> {
        let found = self.catalogue().await?;
        let fingerprints = fingerprints_of(&self.client, &self.source.program, &found.facts, &found.version()).await?;
        Ok((found, fingerprints))
    }

    // Everything is about to be read anew, so nothing that is visible now is needed.
    async fn skip(&self) -> Result<Position> {
        flush(&self.client).await?;
        let end = ends(&self.client).await?.flushed;
        let outbox = Outbox::open(&self.source.settings, &self.source.names).await?;
        let (_, snapshot) = outbox.look().await?;
        outbox.delete(&snapshot, &super::snapshot::Snapshot::nothing()).await?;
        self.source.ledger.begin(end.into());
        Ok(end.into())
    }

    // What was acknowledged is visible already, and every look whose rows are still to be written has a version above it.
    async fn low_mark(&self, _: impl FnMut(Waiting) + Send) -> Result<Mark> {
        let written = self.source.ledger.written();
        Ok(Mark { version: Version(written.offset()), position: written })
    }

    // A look that finds the log there or behind begins after a commit of our own, which comes after all that a user has seen.
    async fn durable_end(&self) -> Result<Position> {
        flush(&self.client).await?;
        Ok(ends(&self.client).await?.flushed.into())
    }

    async fn log_end(&self) -> Result<Position> {
        Ok(ends(&self.client).await?.inserted.into())
    }

    fn ceiling(&self) -> MaxVersion {
        LogEnd::over(Arc::clone(&self.client), Arc::clone(&self.source.settings)).ceiling()
    }

    // Ordinary sessions are nobody's standby.
    async fn stands_aside(&self, _: i32) -> Result<()> {
        Ok(())
    }
}
