//! Sessions of ours that wait for somebody else's. In: how long nothing has advanced. Out: `/healthz` and the log name who
//! holds the lock that a read waits for, or whose transaction a slot that is made waits for. Never returns, changes nothing, and no failure of it stops anything.

use super::Context;
use crate::Result;
use crate::source::postgres::connection::{self as database, failure, quote_literal, value};
use std::convert::Infallible;
use std::time::{Duration, Instant};
use tokio_postgres::Client;

/// A read that takes longer is looked at.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often.
const EVERY: Duration = Duration::from_secs(2);
/// How often the same wait is said again in the log.
const SAY_EVERY: Duration = Duration::from_secs(30);

/// Who holds up a session of ours. Process id 0 stands for a prepared transaction.
const BLOCKERS: &str = "
    SELECT k.pid, b.application_name, l.relation::regclass::text,
           (SELECT min(p.gid) FROM pg_prepared_xacts p
            WHERE k.pid = 0 AND (p.transaction = l.transactionid
              OR EXISTS (SELECT FROM pg_locks h JOIN pg_locks own USING (virtualtransaction)
                         WHERE h.pid IS NULL AND h.granted AND h.relation = l.relation
                           AND own.pid IS NULL AND own.transactionid = p.transaction)))
    FROM pg_stat_activity a
    CROSS JOIN LATERAL unnest(pg_blocking_pids(a.pid)) AS k(pid)
    LEFT JOIN pg_stat_activity b ON b.pid = k.pid
    LEFT JOIN pg_locks l ON l.pid = a.pid AND NOT l.granted
    WHERE a.datname = current_database() AND a.usename = current_user AND a.application_name = $1
      AND a.wait_event_type = 'Lock' AND b.application_name IS DISTINCT FROM $1
    ORDER BY a.query_start, k.pid LIMIT 1";

/// Looks for as long as the pipeline works.
pub(super) async fn watch(context: &Context) -> Infallible {
    let mut session: Option<Client> = None;
    let mut said: Option<Instant> = None;
    loop {
        tokio::time::sleep(EVERY).await;
        if context.health.stalled() < PATIENCE {
            said = None;
            continue;
        }
        match look(context, &mut session).await {
            Ok(Some(holder)) => {
                context.health.waiting(&holder);
                if said.is_none_or(|at| at.elapsed() >= SAY_EVERY) {
                    tracing::warn!("waiting for {holder}");
                    said = Some(Instant::now());
                }
            }
            Ok(None) if said.take().is_some() => context.health.resumed(),
            Ok(None) => {}
            Err(error) => {
                tracing::debug!(%error, "what holds a read up cannot be seen");
                session = None;
            }
        }
    }
}

async fn look(context: &Context, session: &mut Option<Client>) -> Result<Option<String>> {
    let client = match session {
        Some(client) => client,
        None => session.insert(database::connect(&context.settings.database).await?),
    };
    let rows = client
        .query(BLOCKERS, &[&context.settings.database.application_name])
        .await
        .map_err(|error| failure("the locks cannot be read", &error))?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some({
        // A slot that is made waits for transactions, everything else for tables.
        let held = match value::<Option<String>>(row, 2)? {
            Some(table) => format!("a lock on {table}, held by"),
            None => "a transaction to end, of".to_owned(),
        };
        match (value::<i32>(row, 0)?, value::<Option<String>>(row, 3)?) {
            (0, Some(gid)) => {
                let gid = quote_literal(&gid);
                let gid = gid.trim_start();
                format!("{held} a prepared one: COMMIT PREPARED {gid} or ROLLBACK PREPARED {gid}")
            }
            (0, None) => format!("{held} a prepared one: see pg_prepared_xacts"),
            (pid, _) => {
                let application: Option<String> = value(row, 1)?;
                let application = application.filter(|name| !name.is_empty());
                let of = application.map(|name| format!(" `{name}`")).unwrap_or_default();
                format!("{held} the session with pid {pid}{of} (SELECT pg_terminate_backend({pid}) ends it)")
            }
        }
    }))
}
