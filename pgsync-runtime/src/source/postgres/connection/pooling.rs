//! Whether a session is whole. In: a session. Out: nothing, or the refusal of a pooler that hands out another of the server's
//! sessions for each transaction. There a lock that keeps a second process away would be a stranger's a moment later, and a
//! setting of ours would stay in the sessions of others. So this is asked before anything is set.

use super::{address, failure, raw};
use crate::settings::DatabaseSettings;
use crate::{Code, Error, Result};
use std::time::Duration;
use tokio_postgres::{Client, SimpleQueryMessage};

const PROCESS: &str = "SELECT pg_catalog.pg_backend_pid()";

/// Compares who answers, asked twice, with who answers a second session in its transaction, and once more meanwhile: a pooler
/// that takes whichever is free gives the second one that of the first, one that takes turns changes between two questions.
pub(super) async fn refuse_shared(settings: &DatabaseSettings, client: &Client, limit: Duration) -> Result<()> {
    let first = process(client, "").await?;
    let again = process(client, "").await?;
    let other = raw(settings, limit).await?;
    let beside = process(&other, "BEGIN; ").await?;
    let whole = first == again && first != beside && first == process(client, "").await?;
    // It ends with its session anyway; behind a pooler it would go on in somebody else's.
    let ended = other.batch_execute("ROLLBACK").await;
    if whole {
        return ended.map_err(|error| failure("a session to compare with", &error));
    }
    Err(Error::coded(
        Code::NotItself,
        format!("what answers at {} is a pooler that hands out single transactions, not whole sessions", address(settings)),
    )
    .help("have it hand out whole sessions to this program (PgBouncer: pool_mode = session), or connect to PostgreSQL itself"))
}

/// The process of the server that answers.
async fn process(client: &Client, before: &str) -> Result<Option<String>> {
    let answers = client.simple_query(&format!("{before}{PROCESS}")).await;
    let answers = answers.map_err(|error| failure("it cannot be seen whether a session is whole", &error))?;
    Ok(first_row(&answers).and_then(|row| row.get(0)).map(str::to_owned))
}

/// The first row of the answers to a simple query.
pub(super) fn first_row(answers: &[SimpleQueryMessage]) -> Option<&tokio_postgres::SimpleQueryRow> {
    answers.iter().find_map(|answer| match answer {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    })
}
