//! Random changes while the program runs and is killed, and afterwards every document equals what the database says by
//! a query of its own. On two pairs: the newest PostgreSQL with OpenSearch, the oldest with Elasticsearch.

mod changes;

use crate::support::database::Database;
use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::json::{Exact, exact};
use crate::support::process::{Process, cargo_pgsync};
use crate::support::seed::Seed;
use crate::support::servers;
use changes::{START, transaction};
use reqwest::Method;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

const STATEMENTS: u64 = 2000;
const KILLS: u64 = 3;

fn start(database: &Database, (engine, capture): (&str, &str), directory: &Path) -> Process {
    let environment = [("PG_URL", database.url.as_str()), ("ELASTICSEARCH_URL", engine), ("PGSYNC_CAPTURE", capture)];
    Process::start(cargo_pgsync(), &["pgsync", "run", "-b"], &environment, directory)
}

async fn oracle(database: &Database, sql: &str) -> BTreeMap<String, Exact> {
    let rows = database.client.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), exact(row.get(1)))).collect()
}

/// What differs between index and database, as far as a reader needs it.
fn differences(index: &BTreeMap<String, Exact>, database: &BTreeMap<String, Exact>) -> Vec<String> {
    let ids = index.keys().chain(database.keys().filter(|id| !index.contains_key(*id)));
    let differing = ids.filter(|id| index.get(*id) != database.get(*id));
    differing
        .take(5)
        .map(|id| format!("{id}:\n  index    {:?}\n  database {:?}", index.get(id), database.get(id)))
        .collect()
}

/// The indexes behind the aliases.
async fn generations(engine: &str, name: &str) -> Vec<String> {
    let path = format!("/{name}_book,{name}_author/_alias");
    let (_, found) = request(engine, Method::GET, &path, None).await;
    let mut found: Vec<String> = found.as_object().unwrap().keys().cloned().collect();
    found.sort();
    found
}

async fn converges(server: &str, (engine, capture): (&str, &str), (name, seed): (&str, u64)) {
    let directory = tempfile::tempdir().unwrap();
    let named = |text: &str| text.replace("convergence_", &format!("{name}_"));
    std::fs::write(directory.path().join("schema.json"), named(include_str!("schema.json"))).unwrap();
    let (_, left) = request(engine, Method::GET, &format!("/{name}_*/_alias"), None).await;
    for index in left.as_object().into_iter().flat_map(|found| found.keys()) {
        request(engine, Method::DELETE, &format!("/{index}"), None).await;
    }
    let database = Database::create(server, name).await;
    database.run(include_str!("schema.sql")).await;
    database.run(START).await;
    let mut process = start(&database, (engine, capture), directory.path());
    process.wait_for("following the stream", Duration::from_secs(60));
    let filled = generations(engine, name).await;
    let mut seed = Seed(seed);
    let (mut serial, mut done, mut kills) = (1_000_000, 0, 0);
    while done < STATEMENTS {
        done += transaction(&database.client, &mut seed, &mut serial).await;
        if kills < KILLS && done > STATEMENTS * (kills + 1) / (KILLS + 1) {
            kills += 1;
            process.kill();
            process = start(&database, (engine, capture), directory.path());
        }
    }
    let mut left = Vec::new();
    let end = Instant::now() + Duration::from_secs(90);
    while Instant::now() < end {
        left.clear();
        for (index, sql) in [
            ("convergence_book", include_str!("oracle_book.sql")),
            ("convergence_author", include_str!("oracle_author.sql")),
        ] {
            left.extend(differences(&documents(engine, &named(index)).await, &oracle(&database, sql).await));
        }
        if left.is_empty() || !process.runs() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let said = process.lines().join("\n");
    assert!(left.is_empty(), "{kills} kills, {done} statements\n{}\n{said}", left.join("\n"));
    // A restart goes on from the state: it does not load again, but where the log does not tell of TRUNCATE.
    let version = "SELECT current_setting('server_version_num')::int";
    let version: i32 = database.client.query_one(version, &[]).await.unwrap().get(0);
    if capture == "triggers" || version >= 110_000 {
        assert_eq!(generations(engine, name).await, filled, "{said}");
    }
    process.terminate();
    let (status, said) = process.wait(Duration::from_secs(30));
    assert!(status.success(), "{status}: {}", said.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_converge_on_the_newest_postgres_with_opensearch() {
    let to = servers::opensearch();
    converges(&servers::postgres_newest(), (&to, "replication"), ("convergence", 0x5EED_0001)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_converge_on_the_oldest_postgres_with_elasticsearch() {
    let to = servers::elasticsearch();
    converges(&servers::postgres_oldest(), (&to, "replication"), ("convergence", 0x5EED_0002)).await;
}

/// Where changes come as lines of `test_decoding`.
#[tokio::test(flavor = "multi_thread")]
async fn documents_converge_by_test_decoding_with_opensearch() {
    let to = servers::opensearch();
    converges(&servers::postgres_9_6(), (&to, "replication"), ("by_test_decoding", 0x5EED_0006)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_converge_by_triggers_on_the_newest_postgres_with_opensearch() {
    let to = servers::opensearch();
    converges(&servers::postgres_newest(), (&to, "triggers"), ("by_triggers", 0x5EED_0003)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_converge_by_triggers_on_the_oldest_postgres_with_elasticsearch() {
    let to = servers::elasticsearch();
    converges(&servers::postgres_oldest(), (&to, "triggers"), ("by_triggers", 0x5EED_0004)).await;
}

/// On the pair that it is the turn of.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "of `cargo xtask matrix`"]
async fn documents_converge_on_a_pair_of_the_matrix() {
    let to = servers::engine_in_turn();
    let how = (to.as_str(), servers::capture_in_turn());
    converges(&servers::postgres_newest(), how, ("convergence_matrix", 0x5EED_0005)).await;
}
