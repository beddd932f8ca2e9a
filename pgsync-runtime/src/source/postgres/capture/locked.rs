//! Statements that need locks on the user's tables. In: statements. Out: all of them carried out in one transaction, or none.
//!
//! A lock is asked for under a short limit and asked for again, so that nobody queues behind a statement of ours that waits.

use crate::Result;
use crate::source::postgres::connection::{Operation, failure_of};
use std::time::Duration;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

/// How long one attempt waits for a table lock. Waiting longer would make the user's own statements queue behind us.
pub(super) const LOCK_TIMEOUT: &str = "2s";
/// How often it is asked for, with a pause of a second after each attempt: 7 minutes and a half.
pub(super) const ATTEMPTS: u32 = 150;

/// Carries statements out. `what` is done by them: `bootstrap`, `teardown`.
///
/// # Errors
/// Those of the session; missing rights are [`crate::ErrorKind::Refused`] with the statement that was refused.
pub(crate) async fn in_one_transaction(client: &Client, statements: &[String], what: &str) -> Result<()> {
    let failed = |statement: &str, error: &tokio_postgres::Error| {
        failure_of(Operation::SetUp, &format!("{what} failed at `{statement}`"), error)
    };
    let mut attempt = 0;
    while !statements.is_empty() {
        attempt += 1;
        let Err((statement, error)) = transaction(client, statements).await else { return Ok(()) };
        client.batch_execute("ROLLBACK").await.map_err(|error| failed("ROLLBACK", &error))?;
        // A deadlock with a user's transaction is ours to give way in.
        let passes = [&SqlState::LOCK_NOT_AVAILABLE, &SqlState::T_R_DEADLOCK_DETECTED];
        if !error.code().is_some_and(|code| passes.contains(&code)) || attempt >= ATTEMPTS {
            return Err(failed(&statement, &error));
        }
        tracing::warn!(%statement, attempt, "waiting for a table lock that another session holds");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}

async fn transaction(client: &Client, statements: &[String]) -> Result<(), (String, tokio_postgres::Error)> {
    let begin = format!("BEGIN; SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'");
    for statement in std::iter::once(&begin).chain(statements).chain(std::iter::once(&"COMMIT".to_owned())) {
        client.batch_execute(statement).await.map_err(|error| (statement.clone(), error))?;
    }
    Ok(())
}
