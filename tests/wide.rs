//! Changes that touch very much: a row that tens of thousands of documents share, a transaction of very many rows. They
//! end up right, are written once, take no more memory than small ones, and hold up nothing that comes later.

use crate::support::engine::request;
use crate::support::servers;
use crate::support::site::{Site, stop};
use reqwest::Method;
use serde_json::json;
use std::time::{Duration, Instant};

const BOOKS: u64 = 20_000;

const SHARED: &str = "
    CREATE TABLE publisher (id integer PRIMARY KEY, name text);
    CREATE TABLE book (id integer PRIMARY KEY, title text, publisher_id integer REFERENCES publisher);
    CREATE INDEX ON book (publisher_id);
    INSERT INTO publisher VALUES (1, 'old'), (2, 'other');
    INSERT INTO book SELECT n, 'book ' || n, 1 FROM generate_series(1, 20000) n;
    ANALYZE;";

const SHARED_SAID: &str = "
    SELECT b.id::text, json_build_object('id', b.id, 'title', b.title, 'publisher', p.name)::text
    FROM book b LEFT JOIN publisher p ON p.id = b.publisher_id";

async fn shared(name: &str) -> Site {
    let site = Site::of(name, &servers::postgres_newest(), servers::opensearch(), SHARED, SHARED_SAID).await;
    site.nodes(&json!({ "table": "book", "columns": ["id", "title"], "children": [{
        "table": "publisher", "columns": ["name"], "relationship": { "variant": "scalar", "type": "one_to_one" }
    }]}));
    // Small slices, so that there is time to look.
    std::fs::write(site.directory.path().join(".env"), "QUERY_CHUNK_SIZE=100\n").unwrap();
    site
}

/// How many documents show this publisher now.
async fn showing(site: &Site, publisher: &str) -> u64 {
    request(&site.engine, Method::POST, &format!("/{}/_refresh", site.index), None).await;
    let query = json!({ "query": { "match": { "publisher": publisher } } });
    let (_, found) = request(&site.engine, Method::POST, &format!("/{}/_count", site.index), Some(&query)).await;
    found["count"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_many_documents_share_holds_up_nothing() {
    let site = shared("wide_shared").await;
    let process = site.follow();
    let before = site.written().await;
    site.database.run("UPDATE publisher SET name = 'new' WHERE id = 1").await;
    process.wait_for("a wide change", Duration::from_secs(30));
    site.database.run("INSERT INTO book VALUES (20001, 'overtakes', 2)").await;
    let end = Instant::now() + Duration::from_secs(30);
    while request(&site.engine, Method::GET, &format!("/{}/_doc/20001", site.index), None).await.0 != 200 {
        assert!(Instant::now() < end, "{}", process.lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let left = showing(&site, "old").await;
    assert!(left > 0, "the insert came after all of the wide change");
    site.converges(&process).await;
    assert_eq!(site.written().await - before, BOOKS + 1, "each document is written once");
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_off_is_not_acknowledged() {
    let site = shared("wide_killed").await;
    let process = site.follow();
    let loaded = site.physical().await;
    site.database.run("UPDATE publisher SET name = 'new' WHERE id = 1").await;
    process.wait_for("a wide change", Duration::from_secs(30));
    // What comes later is written, and acknowledged no further than the wide change.
    site.database.run("UPDATE book SET title = 'later' WHERE id <= 3").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(showing(&site, "old").await > 0, "there was nothing left to lose");
    process.kill();
    let process = site.follow();
    site.converges(&process).await;
    // A load fills another generation: what was lost is not to be found again by one.
    assert_eq!(site.physical().await, loaded, "it was loaded again");
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_of_very_many_rows_takes_no_more_memory() {
    let site = shared("wide_transaction").await;
    site.database.run("INSERT INTO book SELECT n, 'book ' || n, NULL FROM generate_series(20001, 120000) n").await;
    std::fs::remove_file(site.directory.path().join(".env")).unwrap();
    let process = site.start(&["run", "-b", "-v"]);
    process.wait_for(crate::support::site::FOLLOWS, Duration::from_secs(60));
    site.database.run("UPDATE book SET title = 'changed ' || id; DELETE FROM book WHERE id % 100 = 7").await;
    process.wait_for("a large transaction is taken in pieces", Duration::from_secs(60));
    site.converges(&process).await;
    let peak = process.peak_megabytes();
    assert!(peak < 80, "{peak} MB");
    stop(process);
}
