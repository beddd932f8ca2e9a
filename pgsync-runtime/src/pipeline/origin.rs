//! Which database this is. In: a session and its settings. Out: what tells it apart from every other, and where its log
//! stands.

use crate::Result;
use crate::settings::DatabaseSettings;
use crate::sink::Owner;
use crate::source::postgres::Connection;
use crate::source::postgres::Lsn;
use crate::source::postgres::connection as database;
use tokio_postgres::Client;

/// A database at the time of asking.
#[derive(Debug)]
pub(crate) struct Origin {
    /// The database, and the slot that it is followed through.
    pub owner: Owner,
    /// `pg_database.oid`: another one after it was dropped and made anew.
    pub oid: u32,
    /// `server_version`.
    pub version: String,
    /// The time line of the server.
    pub timeline: u32,
    /// The end of the flushed log.
    pub end: Lsn,
}

impl Origin {
    /// Asks the server.
    ///
    /// # Errors
    /// Those of the database, and of opening a replication connection.
    pub(crate) async fn read(client: &Client, settings: &DatabaseSettings, slot: &str) -> Result<Self> {
        let system = Connection::open(settings).await?.identify_system().await?;
        let row = client
            .query_one(
                "SELECT d.datname::text, d.oid, current_setting('server_version')
                 FROM pg_database d WHERE d.datname = current_database()",
                &[],
            )
            .await
            .map_err(|error| database::failure("the database cannot be identified", &error))?;
        let owner = Owner {
            system_identifier: system.system_id,
            database: database::value(&row, 0)?,
            slot: slot.to_owned(),
            host: database::address(settings),
        };
        Ok(Self {
            owner,
            oid: database::value(&row, 1)?,
            version: database::value(&row, 2)?,
            timeline: system.timeline,
            end: system.position,
        })
    }
}
