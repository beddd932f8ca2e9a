//! What is streamed counts only once every session can see it, and our stream is never what a commit waits for.

use super::{Case, transaction};
use crate::support::cluster::{Cluster, newest_home};
use crate::support::servers::{postgres_newest, postgres_oldest};
use pgsync_runtime::internals::source::postgres::{Visibility, Waiting, refuse_synchronous};
use pgsync_runtime::internals::{ErrorKind, database};
use std::time::Duration;

async fn visibility_is_waited_for(server: String, name: &str) {
    let case = Case::new(&server, name, "CREATE TABLE t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t").await;
    let mut visibility = Visibility::new(database::connect(&case.settings).await.unwrap()).await.unwrap();
    let mut stream = case.stream().await;
    case.database.run("INSERT INTO t VALUES (1)").await;
    let (_, _, xid) = transaction(&mut stream).await;
    visibility.establish(&[xid], |_| panic!("a committed transaction is visible")).await.unwrap();

    // An open transaction stands in for one that is streamed before it is visible.
    let other = case.database.session().await;
    other.batch_execute("BEGIN; INSERT INTO t VALUES (2)").await.unwrap();
    let row = other.query_one("SELECT (txid_current() & 4294967295)::text, pg_backend_pid()", &[]).await.unwrap();
    let (open, pid): (String, i32) = (row.get(0), row.get(1));
    let open: u32 = open.parse().unwrap();
    let mut seen: Vec<Waiting> = Vec::new();
    let streamed = [xid, open];
    let wait = visibility.establish(&streamed, |waiting| seen.push(waiting));
    assert!(tokio::time::timeout(Duration::from_millis(2500), wait).await.is_err(), "it is still open");
    let last = seen.pop().expect("the wait is told");
    assert_eq!((last.xid & 0xFFFF_FFFF, last.pid), (open.into(), Some(pid)));
    seen.clear();
    // It idles, so it has not begun to commit: a load need not wait for it. While it works, it may.
    let idle = visibility.drained(|_| {});
    tokio::time::timeout(Duration::from_secs(10), idle).await.expect("it idles").unwrap();
    let work = other.batch_execute("SELECT pg_sleep(4)");
    let wait = async {
        // The server has begun with it by then.
        tokio::time::sleep(Duration::from_millis(500)).await;
        tokio::time::timeout(Duration::from_millis(2500), visibility.drained(|waiting| seen.push(waiting))).await
    };
    let (worked, waited) = tokio::join!(work, wait);
    worked.unwrap();
    assert!(waited.is_err(), "it is at work");
    assert!(!seen.is_empty(), "the wait is told");
    let awaited = [open];
    let (waited, committed) = tokio::join!(visibility.establish(&awaited, |_| {}), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        other.batch_execute("COMMIT").await
    });
    waited.unwrap();
    committed.unwrap();
    visibility.drained(|_| {}).await.unwrap();
    stream.close().await.unwrap();
    case.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn visibility_is_waited_for_newest() {
    visibility_is_waited_for(postgres_newest(), "source_visible_new").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn visibility_is_waited_for_oldest() {
    visibility_is_waited_for(postgres_oldest(), "source_visible_old").await;
}

/// The stream is refused once it counts as a synchronous standby, and a streamed commit that waits for one is not taken
/// for visible. On a cluster of its own, as it makes every commit in it wait.
#[tokio::test(flavor = "multi_thread")]
async fn a_synchronous_standby_is_refused() {
    let cluster = Cluster::start(&newest_home(), "");
    let ddl = "CREATE TABLE t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t";
    let case = Case::new(&cluster.url(), "source_sync", ddl).await;
    let mut stream = case.stream().await;
    let client = database::connect(&case.settings).await.unwrap();
    refuse_synchronous(&client, stream.pid(), "pgsync").await.unwrap();
    let mut visibility = Visibility::new(database::connect(&case.settings).await.unwrap()).await.unwrap();
    case.database.run("ALTER SYSTEM SET synchronous_standby_names = '*'").await;
    case.database.run("SELECT pg_reload_conf()").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let error = refuse_synchronous(&client, stream.pid(), "pgsync").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused, "{error}");

    let writer = case.database.session().await;
    let write = tokio::spawn(async move { writer.batch_execute("INSERT INTO t VALUES (1)").await });
    let (_, _, xid) = transaction(&mut stream).await;
    let mut seen = Vec::new();
    let streamed = [xid];
    let wait = visibility.establish(&streamed, |waiting| seen.push(waiting));
    assert!(tokio::time::timeout(Duration::from_millis(2500), wait).await.is_err(), "it is not visible");
    assert_eq!(seen[0].wait_event.as_deref(), Some("SyncRep"));

    case.database.run("ALTER SYSTEM RESET synchronous_standby_names").await;
    case.database.run("SELECT pg_reload_conf()").await;
    visibility.establish(&[xid], |_| {}).await.unwrap();
    write.await.unwrap().unwrap();
    stream.close().await.unwrap();
    case.drop().await;
}
