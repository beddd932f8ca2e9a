//! A load does not wait for transactions that can have nothing to do with it: those of other databases, and sessions that
//! idle within a transaction. What they commit later comes with the stream.

use crate::support::database::connect;
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop};

/// Loads, and reloads, while `sql` was run in a transaction that stays open, in this database or in another one.
async fn beside(name: &str, server: &str, elsewhere: bool) {
    let site = Site::between(name, server, servers::opensearch()).await;
    // The slot is older: making one waits for every transaction of the server.
    let (status, said) = site.start(&["bootstrap"]).wait(LIMIT);
    assert!(status.success(), "{}", said.join("\n"));
    let mut other = if elsewhere { connect(server).await } else { site.database.session().await };
    let table = format!("{name}_beside");
    if elsewhere {
        other.batch_execute(&format!("DROP TABLE IF EXISTS {table}; CREATE TABLE {table} (n integer)")).await.unwrap();
    }
    let transaction = other.transaction().await.unwrap();
    let change = if elsewhere { format!("INSERT INTO {table} VALUES (1)") } else { late(7) };
    transaction.batch_execute(&change).await.unwrap();
    let process = site.start(&["run"]);
    process.wait_for(FOLLOWS, LIMIT);
    site.converges(&process).await;
    // Loaded again beside it.
    site.database.run("VACUUM FULL review").await;
    site.database.run("UPDATE book SET title = 'after' WHERE id = 9").await;
    site.converges(&process).await;
    transaction.commit().await.unwrap();
    site.converges(&process).await;
    stop(process);
}

fn late(id: u32) -> String {
    format!("UPDATE book SET title = 'committed late' WHERE id = {id}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_of_another_database_holds_up_no_load() {
    for (version, server) in servers::postgres_versions() {
        beside(&format!("open_elsewhere_{version}"), &server, true).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_idles_in_its_transaction_holds_up_no_load() {
    for (version, server) in servers::postgres_versions() {
        beside(&format!("open_idle_{version}"), &server, false).await;
    }
}
