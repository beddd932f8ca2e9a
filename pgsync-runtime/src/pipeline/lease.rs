//! The session that watches. In: settings and a slot. Out: the right to work with the slot, held as long as the session,
//! and answers about the log. One process works with a slot, also while it loads and does not hold the slot itself.

use super::Context;
use crate::sink::Ceiling;
use crate::source::postgres::Lsn;
use crate::source::postgres::capture::{self, Facts, Fingerprints};
use crate::source::postgres::connection as database;
use crate::source::postgres::refuse_synchronous;
use crate::{Error, ErrorKind, Result};
use std::sync::Arc;
use tokio_postgres::Client;

/// The right to work with a slot.
pub(super) struct Lease {
    client: Arc<Client>,
}

impl Lease {
    /// Opens the session, which reaches the database.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) async fn open(context: &Context) -> Result<Self> {
        Ok(Self { client: Arc::new(database::connect(&context.settings.database).await?) })
    }

    /// Takes the lock that keeps a second process out. It ends with the session.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] while another process holds it.
    pub(super) async fn take(&self, slot: &str) -> Result<()> {
        let row = self
            .client
            .query_one("SELECT pg_try_advisory_lock(hashtext('pgsync'), hashtext($1::text))", &[&slot])
            .await
            .map_err(lost)?;
        if database::value(&row, 0)? {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Unavailable, format!("another process works with slot `{slot}`"))
            .help("stop it, or give this one a slot of its own with PGSYNC_SLOT"))
    }

    /// The session itself.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// The live catalogue.
    pub(super) async fn facts(&self, context: &Context) -> Result<Facts> {
        Facts::read(&self.client, &context.program).await
    }

    /// The live catalogue, and what documents would be made from now.
    pub(super) async fn fingerprints(&self, context: &Context) -> Result<(Facts, Fingerprints)> {
        capture::read_fingerprints(&self.client, &context.program).await
    }

    /// Moves the slot to the end of the log. Everything is about to be read anew, so nothing before is needed; and a
    /// change that could not be followed would otherwise be met again after each load, for ever.
    pub(super) async fn skip(&self, slot: &str) -> Result<Lsn> {
        let row = self
            .client
            .query_one(
                "SELECT end_lsn::text FROM pg_replication_slot_advance($1, greatest(pg_current_wal_flush_lsn(),
                   (SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = $1)))",
                &[&slot],
            )
            .await
            .map_err(|error| {
                database::failure(&format!("slot `{slot}` could not be moved to the end of the log"), &error)
            })?;
        position(database::value(&row, 0)?)
    }

    /// The end of what is durable in the log: everything a user has seen committed is before it.
    pub(super) async fn durable_end(&self) -> Result<Lsn> {
        let row = self.client.query_one("SELECT pg_current_wal_flush_lsn()::text", &[]).await.map_err(lost)?;
        position(database::value(&row, 0)?)
    }

    /// The end of the log.
    pub(super) async fn log_end_now(&self) -> Result<Lsn> {
        log_end(&self.client).await
    }

    /// Tells writers the end of the log. A lost session does not end a write: another one is opened.
    pub(super) fn log_end(&self, context: &Context) -> Ceiling {
        let (client, settings) = (Arc::clone(&self.client), Arc::clone(&context.settings));
        Ceiling::new(move || {
            let (client, settings) = (Arc::clone(&client), Arc::clone(&settings));
            async move {
                match log_end(&client).await {
                    Err(error) if error.kind() == ErrorKind::Unavailable => {
                        log_end(&database::connect(&settings.database).await?).await
                    }
                    end => end,
                }
            }
        })
    }

    /// Our stream must not be a synchronous standby.
    pub(super) async fn standby(&self, context: &Context, pid: i32) -> Result<()> {
        refuse_synchronous(&self.client, pid, &context.settings.database.application_name).await
    }
}

async fn log_end(client: &Client) -> Result<Lsn> {
    let row = client.query_one("SELECT pg_current_wal_insert_lsn()::text", &[]).await.map_err(lost)?;
    position(database::value(&row, 0)?)
}

fn position(text: &str) -> Result<Lsn> {
    text.parse().map_err(|error: String| Error::new(ErrorKind::Fatal, error))
}

fn lost(error: tokio_postgres::Error) -> Error {
    database::failure("the watching session", &error)
}
