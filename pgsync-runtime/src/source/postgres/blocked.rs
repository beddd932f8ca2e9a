//! Who holds up a session of ours. In: a session. Out: the lock that a read waits for and its holder, or the transaction
//! that a slot which is made waits for, in words that say how to end it.

use super::connection::{self, failure, quote_literal, value};
use crate::Result;
use crate::settings::DatabaseSettings;
use tokio_postgres::Client;

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

/// Asks on a session of its own, since whoever waits cannot ask. It is opened where there is none, and given up where it
/// fails.
///
/// # Errors
/// Those of the database.
pub(super) async fn held_up_by(settings: &DatabaseSettings, session: &mut Option<Client>) -> Result<Option<String>> {
    let client = match session.take() {
        Some(client) => client,
        None => connection::connect(settings).await?,
    };
    let holder = ask(&client, settings).await?;
    *session = Some(client);
    Ok(holder)
}

async fn ask(client: &Client, settings: &DatabaseSettings) -> Result<Option<String>> {
    let rows = client
        .query(BLOCKERS, &[&settings.application_name])
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
