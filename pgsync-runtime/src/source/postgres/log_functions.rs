//! What a server calls the functions that say where its log is. In: a session. Out: their names there: before PostgreSQL 10
//! the log was called `xlog`, and places in it locations (manual of 9.6, section 9.26.3).

use super::connection::{failure, value};
use crate::Result;
use tokio_postgres::Client;

/// From this version on (`server_version_num`) servers have publications and the plugin `pgoutput`. Before, `test_decoding` writes
/// what a slot streams.
pub(super) const PGOUTPUT: i32 = 100_000;

/// Names of functions.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogFunctions {
    /// Where the next record will begin.
    pub(super) insert: &'static str,
    /// What is on disk.
    pub(super) flush: &'static str,
    /// The file of a place.
    pub(super) file: &'static str,
    /// Where the next record that is written to the operating system will begin.
    pub(super) written: &'static str,
    /// How many bytes one place is behind another.
    pub(super) distance: &'static str,
}

impl LogFunctions {
    /// Those of this server.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) async fn of(client: &Client) -> Result<Self> {
        Ok(Self::of_version(server_version(client).await?))
    }

    /// Those of a version, as `server_version_num` says it.
    pub(super) const fn of_version(version: i32) -> Self {
        if version >= 100_000 {
            Self {
                insert: "pg_current_wal_insert_lsn()",
                flush: "pg_current_wal_flush_lsn()",
                file: "pg_walfile_name",
                written: "pg_current_wal_lsn()",
                distance: "pg_wal_lsn_diff",
            }
        } else {
            Self {
                insert: "pg_current_xlog_insert_location()",
                flush: "pg_current_xlog_flush_location()",
                file: "pg_xlogfile_name",
                written: "pg_current_xlog_location()",
                distance: "pg_xlog_location_diff",
            }
        }
    }
}

/// `server_version_num`.
///
/// # Errors
/// Those of the database.
pub(super) async fn server_version(client: &Client) -> Result<i32> {
    let row = client.query_one("SELECT current_setting('server_version_num')::int", &[]).await;
    value(&row.map_err(|error| failure("the server does not say its version", &error))?, 0)
}
