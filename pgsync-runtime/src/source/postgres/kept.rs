//! The log that the server keeps for a slot, and where it ends. In: a session, opened where there is none. Out: bytes; and a
//! slot given up: dropped and made anew, behind all that was kept. Whoever does that reads everything again.

use super::Lsn;
use super::capture::make_slot;
use super::connection::{self, failure, value};
use super::log_functions::{LogFunctions, server_version};
use crate::settings::DatabaseSettings;
use crate::source::Retention;
use crate::{Error, ErrorKind, Result};
use std::time::Duration;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

/// How often a slot is tried to be dropped whose stream has just ended, with a pause between.
const ATTEMPTS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(200);

/// Where the next record of the log will begin, and the time line it will be of. What a session has committed is before it,
/// flushed or not.
///
/// # Errors
/// Those of the database.
pub(super) async fn insert_end(settings: &DatabaseSettings, session: &mut Option<Client>) -> Result<(Lsn, u32)> {
    let client = opened(settings, session).await?;
    let LogFunctions { insert, file, .. } = LogFunctions::of(&client).await?;
    let row = client
        .query_one(&format!("SELECT e::text, left({file}(e), 8) FROM {insert} e"), &[])
        .await
        .map_err(|error| failure("the log's end cannot be read", &error))?;
    let end = value::<&str>(&row, 0)?.parse().map_err(|error: String| Error::new(ErrorKind::Fatal, error))?;
    let timeline = u32::from_str_radix(value::<&str>(&row, 1)?, 16).unwrap_or_default();
    *session = Some(client);
    Ok((end, timeline))
}

/// Where the next record will begin that is given to the operating system.
///
/// # Errors
/// Those of the database.
pub(crate) async fn written(client: &Client) -> Result<Lsn> {
    let sql = format!("SELECT {}::text", LogFunctions::of(client).await?.written);
    let row = client.query_one(&sql, &[]).await.map_err(|error| failure("the log's end cannot be read", &error))?;
    value::<&str>(&row, 0)?.parse().map_err(|error: String| Error::new(ErrorKind::Fatal, error))
}

/// What is kept for a slot; none where there is no such slot.
///
/// # Errors
/// Those of the database.
pub(super) async fn retention(
    settings: &DatabaseSettings,
    slot: &str,
    session: &mut Option<Client>,
) -> Result<Option<Retention>> {
    let client = opened(settings, session).await?;
    let found = of_slot(&client, slot).await?;
    *session = Some(client);
    Ok(found)
}

/// What is kept for a slot, asked on this session.
///
/// # Errors
/// Those of the database.
pub(crate) async fn of_slot(client: &Client, slot: &str) -> Result<Option<Retention>> {
    let reading = |error| failure("what is kept for the slot cannot be read", &error);
    let version = server_version(client).await?;
    let LogFunctions { written, distance, .. } = LogFunctions::of_version(version);
    // Servers before 13 keep what a slot needs for ever, and have no word for it.
    let status = if version >= 130_000 { "wal_status, safe_wal_size" } else { "NULL::text, NULL::bigint" };
    let sql = format!(
        "SELECT greatest({distance}({written}, restart_lsn), 0)::bigint,
                greatest({distance}({written}, confirmed_flush_lsn), 0)::bigint, {status}
         FROM pg_replication_slots WHERE slot_name = $1::text"
    );
    let row = client.query_opt(&sql, &[&slot]).await.map_err(reading)?;
    row.map(|row| {
        let bytes = |column| Ok::<_, Error>(value::<Option<i64>>(&row, column)?.unwrap_or(0).cast_unsigned());
        Ok(Retention {
            retained_bytes: bytes(0)?,
            lag_bytes: bytes(1)?,
            wal_status: value(&row, 2)?,
            safe_wal_size: value(&row, 3)?,
        })
    })
    .transpose()
}

/// Drops a slot and makes it anew. A stream of ours that has just ended may hold it for a moment.
///
/// # Errors
/// Those of the database.
pub(super) async fn make_anew(settings: &DatabaseSettings, slot: &str) -> Result<()> {
    let client = connection::connect_to_read(settings).await?;
    let mut attempt = 0;
    loop {
        attempt += 1;
        match client.execute("SELECT pg_drop_replication_slot($1)", &[&slot]).await {
            Ok(_) => break,
            Err(error) if error.code() == Some(&SqlState::UNDEFINED_OBJECT) => break,
            Err(error) if error.code() == Some(&SqlState::OBJECT_IN_USE) && attempt < ATTEMPTS => {
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(failure(&format!("slot `{slot}` cannot be given up"), &error)),
        }
    }
    let version = server_version(&client).await?;
    let failed = |error| failure(&format!("slot `{slot}` cannot be made anew"), &error);
    client.batch_execute(&make_slot(version, slot)).await.map_err(failed)?;
    Ok(())
}

/// The session, or another one. It is put back when it has answered.
async fn opened(settings: &DatabaseSettings, session: &mut Option<Client>) -> Result<Client> {
    match session.take() {
        Some(client) if !client.is_closed() => Ok(client),
        _ => connection::connect(settings).await,
    }
}
