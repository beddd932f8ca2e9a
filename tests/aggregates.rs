//! `aggregate`: a document is read when what it is made of changes, and for nothing else; and what the database cannot make of
//! the rows is said with a next step. That the values are right is held by the corpus.

use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::json::Exact;
use crate::support::servers;
use crate::support::site::{LIMIT, Site, stop};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const TABLES: &str = "
    CREATE TABLE book (id integer PRIMARY KEY, title text);
    CREATE TABLE review (id integer PRIMARY KEY, book_id integer REFERENCES book, stars integer, weight double precision, body text);
    INSERT INTO book SELECT n, 'book ' || n FROM generate_series(1, 20) n;
    INSERT INTO review SELECT n, n % 10 + 1, n % 5, n, 'review ' || n FROM generate_series(1, 40) n;";

const SAID: &str = "
    SELECT b.id::text, json_build_object('title', b.title, 'reviews', (SELECT count(*) FROM review r WHERE r.book_id = b.id),
      'best', (SELECT json_build_object('stars', max(r.stars)) FROM review r WHERE r.book_id = b.id AND r.weight > 0))::text
    FROM book b";

async fn books(name: &str) -> Site {
    let site = Site::of(name, &servers::postgres_newest(), servers::opensearch(), TABLES, SAID).await;
    let child = |label: &str, variant: &str, aggregate: Value| {
        json!({ "table": "review", "label": label, "aggregate": aggregate,
            "relationship": { "variant": variant, "type": "one_to_many" } })
    };
    let mut best = child("best", "object", json!({ "stars": "max(stars)" }));
    best["where"] = json!("weight > 0");
    let count = child("reviews", "scalar", json!({ "n": "count(*)" }));
    site.nodes(&json!({ "table": "book", "columns": ["title"], "children": [count, best] }));
    site
}

/// Executes statements, and waits until a later change of the book 20 has arrived. Gives the documents then.
async fn after(site: &Site, statements: &str) -> BTreeMap<String, Exact> {
    let before = documents(&site.engine, &site.index).await;
    site.database.run(statements).await;
    site.database.run("UPDATE book SET title = title || '!' WHERE id = 20").await;
    let end = Instant::now() + LIMIT;
    loop {
        let found = documents(&site.engine, &site.index).await;
        if found["20"] != before["20"] {
            return found;
        }
        assert!(Instant::now() < end, "the change of another book does not arrive");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The version of a document: each write has one of its own.
async fn version(site: &Site, id: u32) -> i64 {
    let (_, found) = request(&site.engine, Method::GET, &format!("/{}/_doc/{id}", site.index), None).await;
    found["_version"].as_i64().unwrap_or_else(|| panic!("{found}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_rows_are_counted_by_has_a_document_read() {
    let site = books("aggregates_watched").await;
    let process = site.follow();
    site.converges(&process).await;
    let before = version(&site, 3).await;
    after(&site, "UPDATE review SET body = body || '!', id = id + 1000 WHERE book_id = 3").await;
    assert_eq!(version(&site, 3).await, before, "neither a key nor a text counts here");
    after(&site, "UPDATE review SET stars = 50 WHERE book_id = 3").await;
    assert!(version(&site, 3).await > before);
    // Rows that move, among them all of a book; the last row of another; a row that is not counted any longer.
    for statements in [
        "UPDATE review SET book_id = 4 WHERE book_id = 5",
        "DELETE FROM review WHERE book_id = 6",
        "UPDATE review SET weight = -1 WHERE book_id = 7; UPDATE review SET weight = NULL, stars = NULL WHERE book_id = 8",
        "UPDATE review SET book_id = NULL WHERE book_id = 9",
        "UPDATE review SET book_id = b.id FROM book b WHERE b.id = 15 AND review.book_id IS NULL",
        "TRUNCATE review",
        "INSERT INTO review VALUES (1, 20, NULL, 'NaN', NULL)",
    ] {
        site.database.run(statements).await;
        site.converges(&process).await;
    }
    stop(process);
    site.leave().await;
}

/// The sum of two values of a type need not be one.
#[tokio::test(flavor = "multi_thread")]
async fn a_sum_that_its_type_cannot_hold_has_a_next_step() {
    let site = books("aggregates_overflow").await;
    site.nodes(
        &json!({ "table": "book", "children": [{ "table": "review", "aggregate": { "weight": "sum(weight)" } }] }),
    );
    site.database.run("UPDATE review SET weight = 1e308 WHERE book_id = 3").await;
    let (status, said) = site.start(&["preview"]).wait(LIMIT);
    let said = said.join("\n");
    assert_eq!(status.code(), Some(1), "{said}");
    for part in
        ["SQLSTATE 22003", "public.review", "where it has `aggregate`, a sum or mean has to stay within its type"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
}
