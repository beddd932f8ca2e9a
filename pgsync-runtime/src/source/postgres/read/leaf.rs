//! The rows that a partition brings along when it joins its table: no event tells of them. In: the partition and the
//! columns that lead from its rows to their roots. Out: the link values of every row, in the text form of the stream.
//!
//! Must not: hold more than it is allowed to. What is left out is for the caller to read in another way.

use super::session::Session;
use crate::Result;
use crate::fetch::keys::KeySet;
use crate::source::postgres::connection::{quote_identifier, unread};
use futures_util::TryStreamExt;
use std::pin::pin;
use tokio_postgres::types::ToSql;

/// Adds the link values of every row of a relation, which is named by its oid. Returns false, and leaves off, when `out`
/// takes more than `most` bytes. A relation that is gone again has no rows.
///
/// # Errors
/// Those of the database, by what they mean.
pub(crate) async fn links(
    session: &Session,
    oid: u32,
    columns: impl Iterator<Item = &str>,
    most: usize,
    out: &mut KeySet,
) -> Result<bool> {
    let failed = |error: tokio_postgres::Error| unread(&error, "a new partition");
    let sql = "SELECT c.oid::regclass::text FROM pg_class c WHERE c.oid = $1";
    let Some(row) = session.client().query_opt(sql, &[&oid]).await.map_err(failed)? else { return Ok(true) };
    // With an empty search path the name is qualified and quoted.
    let name: String = row.try_get(0).map_err(failed)?;
    let columns: Vec<String> = columns.map(|column| format!("{}::text", quote_identifier(column))).collect();
    let sql = format!("SELECT {} FROM ONLY {name}", columns.join(", "));
    let none: [&(dyn ToSql + Sync); 0] = [];
    let rows = session.client().query_raw(&sql, none).await.map_err(failed)?;
    let mut rows = pin!(rows);
    while let Some(row) = rows.try_next().await.map_err(failed)? {
        let values: Vec<Option<&str>> =
            (0..row.len()).map(|column| row.try_get(column)).collect::<Result<_, _>>().map_err(failed)?;
        // A NULL links nothing.
        if values.iter().all(Option::is_some) {
            out.insert(values.into_iter().flatten().map(str::as_bytes));
        }
        if out.bytes() > most {
            session.abandon().await;
            return Ok(false);
        }
    }
    Ok(true)
}
