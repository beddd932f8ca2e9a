//! PostgreSQL. In: a URL. Out: clients of the ordinary driver, databases that are filled once and copied, and what is asked of
//! a server more than once.

use super::url_of;
use crate::Outcome;
use std::time::Duration;
use tokio_postgres::{Client, NoTls};

/// Opens a session.
pub(crate) async fn connect(url: &str) -> Outcome<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Makes a template of these statements where there is none of that name.
pub(crate) async fn template(server: &str, admin: &Client, name: &str, sql: &str) -> Outcome {
    if admin.query_opt("SELECT FROM pg_database WHERE datname = $1 AND datistemplate", &[&name]).await?.is_some() {
        return Ok(());
    }
    println!("filling {name}");
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await?;
    admin.batch_execute(&format!("CREATE DATABASE {name}")).await?;
    let client = connect(&url_of(server, name)).await?;
    client.batch_execute(sql).await?;
    client.batch_execute("DROP TABLE sentence; DROP FUNCTION said, pick").await?;
    client.batch_execute("VACUUM (FREEZE, ANALYZE)").await?;
    drop(client);
    Ok(admin.batch_execute(&format!("ALTER DATABASE {name} IS_TEMPLATE true")).await?)
}

/// Makes a fresh copy of a template.
pub(crate) async fn copy(admin: &Client, template: &str, name: &str) -> Outcome {
    drop_database(admin, name).await?;
    // A session of ours may need a moment to leave the template.
    let make = format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy");
    let mut tries = 0;
    while let Err(error) = admin.batch_execute(&make).await {
        tries += 1;
        if tries > 50 {
            return Err(error.into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// Removes every database whose name begins so.
pub(crate) async fn sweep(server: &str, begin: &str) -> Outcome {
    let admin = connect(server).await?;
    let left =
        admin.query("SELECT datname::text FROM pg_database WHERE starts_with(datname::text, $1)", &[&begin]).await?;
    for row in left {
        drop_database(&admin, row.get(0)).await?;
    }
    Ok(())
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
