//! Sessions to PostgreSQL. In: a URL. Out: clients of the ordinary driver, and what is asked of a server more than once.

use crate::Outcome;
use std::time::Duration;
use tokio_postgres::{Client, NoTls};

/// Opens a session.
pub(crate) async fn connect(url: &str) -> Outcome<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// The same server's URL for another database.
pub(crate) fn url_of(server: &str, database: &str) -> String {
    let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
    format!("{base}/{database}")
}

/// Ends what uses the slots of a database, drops them, and drops the database.
pub(crate) async fn drop_database(admin: &Client, name: &str) -> Outcome {
    for _ in 0..100 {
        let slots =
            admin.query("SELECT slot_name, active_pid FROM pg_replication_slots WHERE database = $1", &[&name]).await?;
        if slots.is_empty() {
            break;
        }
        for slot in &slots {
            match slot.get::<_, Option<i32>>(1) {
                Some(pid) => admin.execute("SELECT pg_terminate_backend($1)", &[&pid]).await.map(drop)?,
                None => {
                    // A backend that is just ending may still hold it: tried again.
                    let _ = admin.execute("SELECT pg_drop_replication_slot($1)", &[&slot.get::<_, &str>(0)]).await;
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
    Ok(())
}

/// The end of the server's log, in bytes.
pub(crate) async fn log_end(client: &Client) -> Outcome<u64> {
    let row = client.query_one("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::text", &[]).await?;
    Ok(row.get::<_, &str>(0).parse()?)
}

/// How far a database's slots are confirmed: the least of them.
pub(crate) async fn confirmed(client: &Client) -> Outcome<u64> {
    let row = client
        .query_one(
            "SELECT coalesce(min(confirmed_flush_lsn - '0/0'::pg_lsn), 0)::text FROM pg_replication_slots \
             WHERE database = current_database()",
            &[],
        )
        .await?;
    Ok(row.get::<_, &str>(0).parse()?)
}
