//! Much at once: one transaction of very many rows, and documents of megabytes. The documents are right, memory stays
//! bounded, and nothing is loaded anew.

use crate::support::servers;
use crate::support::site::{FILLED, FOLLOWS, Site, stop};
use serde_json::json;
use std::time::{Duration, Instant};

const TABLES: &str = "
    CREATE TABLE book (id integer PRIMARY KEY, title text);
    CREATE TABLE review (id integer PRIMARY KEY, book_id integer REFERENCES book, body text);
    CREATE INDEX ON review (book_id);
    INSERT INTO book SELECT n, 'book ' || n FROM generate_series(1, 5000) n;";

const SAID: &str = "
    SELECT b.id::text, json_build_object('id', b.id, 'title', b.title, 'reviews',
      (SELECT json_agg(r.body ORDER BY r.id) FROM review r WHERE r.book_id = b.id))::text
    FROM book b";

async fn site(name: &str, tables: &str) -> Site {
    let site = Site::of(name, &servers::postgres_newest(), servers::opensearch(), tables, SAID).await;
    site.nodes(&json!({ "table": "book", "columns": ["id", "title"], "children": [{
        "table": "review", "columns": ["body"], "label": "reviews",
        "relationship": { "variant": "scalar", "type": "one_to_many" }
    }]}));
    site
}

/// 300,000 row changes in one transaction: 250,000 inserts, 40,000 updates that move rows, 10,000 deletes. The rows are
/// 200 MB in the stream.
#[tokio::test(flavor = "multi_thread")]
async fn one_transaction_of_very_many_rows() {
    let site = site("volume_transaction", TABLES).await;
    site.database.run("ALTER TABLE review ADD unused text").await;
    let process = site.follow();
    site.converges(&process).await;
    let before = process.peak_megabytes();
    let written = site.written().await;
    site.database
        .run(
            "BEGIN;
             INSERT INTO review SELECT n, 1 + n % 5000, 'review ' || n, repeat('unused', 100)
               FROM generate_series(1, 250000) n;
             UPDATE review SET book_id = 1 + (book_id * 7) % 5000 WHERE id <= 40000;
             DELETE FROM review WHERE id > 240000;
             COMMIT;",
        )
        .await;
    let begin = Instant::now();
    while site.written().await < written + 5000 && begin.elapsed() < Duration::from_secs(90) {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    site.converges(&process).await;
    let lines = process.lines().join("\n");
    for (words, times) in [(FOLLOWS, 1), (FILLED, 1), ("reading every document again", 0)] {
        assert_eq!(process.lines().iter().filter(|line| line.contains(words)).count(), times, "{words}: {lines}");
    }
    let (grown, again) = (process.peak_megabytes() - before, site.written().await - written);
    println!("{grown} MB more, {again} documents written, {:.1} s", begin.elapsed().as_secs_f64());
    assert!(grown < 150, "{grown} MB more were needed");
    stop(process);
}

/// Three documents are larger together than a bulk request may be, and one is larger alone.
#[tokio::test(flavor = "multi_thread")]
async fn documents_of_megabytes() {
    let site = site("volume_megabytes", TABLES).await;
    site.database
        .run(
            "DELETE FROM book WHERE id > 10;
             UPDATE book SET title = repeat('five megabytes ', 350000) WHERE id <= 3;
             INSERT INTO review SELECT n, 4, repeat('x' || n, 50000) FROM generate_series(1, 90) n;",
        )
        .await;
    let process = site.follow();
    site.converges(&process).await;
    site.database.run("UPDATE book SET title = title || '!'; DELETE FROM review WHERE id % 2 = 0").await;
    site.converges(&process).await;
    stop(process);
}
