//! Synchronous replication on clusters of their own. A commit that waits for a standby is in the stream before anybody
//! can see it: it must be waited for, also after transaction ids have wrapped around. And we must never be that standby.

use crate::support::cluster::{Cluster, newest_home, resetwal_home};
use crate::support::database::connect;
use crate::support::engine::request;
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use reqwest::Method;
use std::path::Path;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(60);

/// Commits of ours do not wait for the standby that does not exist.
const LOCAL: &str = "SET synchronous_commit = local";

fn start(cluster: &Cluster, index: &str, directory: &Path) -> Process {
    let schema = format!(r#"[{{"index": "{index}", "nodes": {{"table": "item", "columns": ["id", "name"]}}}}]"#);
    std::fs::write(directory.join("schema.json"), schema).unwrap();
    // What an earlier run has left is that of another cluster.
    let (url, engine) = (cluster.url(), servers::opensearch());
    let environment = [("PG_URL", url.as_str()), ("ELASTICSEARCH_URL", engine.as_str())];
    Process::start(cargo_pgsync(), &["pgsync", "run", "-b", "--rebuild", "--take-over"], &environment, directory)
}

async fn name(index: &str, id: u32) -> String {
    let (_, answer) = request(&servers::opensearch(), Method::GET, &format!("/{index}/_doc/{id}"), None).await;
    answer["_source"]["name"].as_str().unwrap_or_default().to_owned()
}

/// A commit that waits, a later one that does not: neither is written before both can be seen, and then both are.
async fn waits_for_visibility(cluster: Cluster, index: &str) {
    let directory = tempfile::tempdir().unwrap();
    let admin = connect(&cluster.url()).await;
    let sql = "CREATE TABLE item (id integer PRIMARY KEY, name text); INSERT INTO item VALUES (1, 'old'), (2, 'old')";
    admin.batch_execute(&format!("{LOCAL}; {sql}")).await.unwrap();
    let process = start(&cluster, index, directory.path());
    process.wait_for("following the stream", LIMIT);
    let waiting = connect(&cluster.url()).await;
    let commit = tokio::spawn(async move { waiting.batch_execute("UPDATE item SET name = 'new' WHERE id = 1").await });
    tokio::time::sleep(Duration::from_millis(500)).await;
    admin.batch_execute("UPDATE item SET name = 'new' WHERE id = 2").await.unwrap();
    process.wait_for("to become visible", LIMIT);
    assert!(!commit.is_finished(), "the commit was to wait for a standby");
    assert_eq!(name(index, 1).await, "old");
    cluster.configure("synchronous_standby_names = ''");
    admin.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    commit.await.unwrap().unwrap();
    let end = Instant::now() + LIMIT;
    while name(index, 1).await != "new" || name(index, 2).await != "new" {
        assert!(Instant::now() < end, "a change was lost: {}", process.lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_waits_for_a_standby_is_waited_for() {
    let cluster = Cluster::start(&newest_home(), "synchronous_standby_names = 'ghost'");
    waits_for_visibility(cluster, "standby_waits").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn also_after_transaction_ids_have_wrapped_around() {
    let mut cluster = Cluster::start(&resetwal_home(), "synchronous_standby_names = 'ghost'");
    cluster.stop();
    cluster.reset_wal(1);
    cluster.resume();
    waits_for_visibility(cluster, "standby_wrapped").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn we_are_never_the_standby_that_commits_wait_for() {
    let directory = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(&newest_home(), "synchronous_standby_names = '*'");
    let admin = connect(&cluster.url()).await;
    let sql = "CREATE TABLE item (id integer PRIMARY KEY, name text); INSERT INTO item VALUES (1, 'old')";
    admin.batch_execute(&format!("{LOCAL}; {sql}")).await.unwrap();
    let process = start(&cluster, "standby_refused", directory.path());
    let (status, said) = process.wait(LIMIT);
    let said = said.join("\n");
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("synchronous_standby_names"), "{said}");
}
