//! The whole way on whichever engine's turn it is: load, follow, swap, tear down. `cargo xtask test --engines all` gives
//! every supported engine its turn.

use crate::support::database::Database;
use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::json::{Exact, exact};
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use reqwest::Method;
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(60);
const INDEX: &str = "smoke-library";

#[tokio::test(flavor = "multi_thread")]
async fn smoke_the_library_is_loaded_followed_and_swapped() {
    let engine = servers::engine_in_turn();
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("examples/library");
    let read = |name: &str| std::fs::read_to_string(library.join(name)).unwrap();
    let database = Database::create(&servers::postgres_newest(), "smoke").await;
    database.run(&read("schema.sql")).await;
    let (_, found) = request(&engine, Method::GET, &format!("/{INDEX}*/_alias"), None).await;
    for index in found.as_object().into_iter().flat_map(|found| found.keys()) {
        request(&engine, Method::DELETE, &format!("/{index}"), None).await;
    }
    let directory = tempfile::tempdir().unwrap();
    let mut schema: serde_json::Value = serde_json::from_str(&read("schema.json")).unwrap();
    schema[0]["index"] = json!(INDEX);
    std::fs::write(directory.path().join("schema.json"), schema.to_string()).unwrap();
    let environment = [("PG_URL", database.url.as_str()), ("ELASTICSEARCH_URL", engine.as_str())];
    let start = |arguments: &[&str]| {
        let words: Vec<&str> = ["pgsync"].iter().chain(arguments).copied().collect();
        Process::start(cargo_pgsync(), &words, &environment, directory.path())
    };

    let process = start(&["run", "-b"]);
    process.wait_for("following the stream", LIMIT);
    assert_eq!(Exact::Object(documents(&engine, INDEX).await), exact(&read("expected.json")));

    database
        .run(
            "BEGIN;
             INSERT INTO book VALUES ('new', 'New', 'e-book', 1.10, '-infinity', now(), '{\"pages\": 7}', '{x}', 1);
             INSERT INTO book_author VALUES ('new', 2);
             UPDATE author SET name = 'H. Murakami' WHERE name = 'Haruki Murakami';
             UPDATE book SET publisher_id = 2 WHERE isbn = '9780099458326';
             DELETE FROM review WHERE stars = 3;
             DELETE FROM book WHERE isbn = '0000000000000';
             COMMIT;",
        )
        .await;
    let kafka = r#"{"isbn": "9780099458326", "title": "Kafka on the Shore", "type": "paperback", "price": 10.99,
        "published": "2005-10-06", "added": "2024-02-29T12:00:00.5+00:00", "pages": 505,
        "tags": ["novel", "cats, talking"], "publisher": {"name": "Knopf", "country": null},
        "authors": ["H. Murakami", "Philip Gabriel"],
        "reviews": [{"stars": 5, "body": "Cats.\nAnd \"fish\".", "reader": "Ada"}]}"#;
    let end = Instant::now() + LIMIT;
    loop {
        let found = documents(&engine, INDEX).await;
        let ids: Vec<&str> = found.keys().map(String::as_str).collect();
        if ids == ["9780099458326", "9780593318256", "new"] && found["9780099458326"] == exact(kafka) {
            break;
        }
        assert!(Instant::now() < end, "{found:?}\n{}", process.lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Typed: a range over the exact number, a term of the enum, a full text match and its keyword.
    for (query, hits) in [
        (json!({ "range": { "price": { "gte": 10.98, "lt": 11 } } }), 1),
        (json!({ "term": { "type": "e-book" } }), 1),
        (json!({ "match": { "authors": "murakami" } }), 2),
        (json!({ "term": { "authors.keyword": "H. Murakami" } }), 2),
        (json!({ "range": { "published": { "gte": "2005-01-01", "lt": "2006-01-01" } } }), 1),
    ] {
        let body = json!({ "query": query });
        let (status, found) = request(&engine, Method::POST, &format!("/{INDEX}/_search"), Some(&body)).await;
        assert_eq!((status, found["hits"]["hits"].as_array().map(Vec::len)), (200, Some(hits)), "{query}: {found}");
    }
    process.terminate();
    assert!(process.wait(LIMIT).0.success());

    let swap = start(&["sync", "--rebuild"]);
    let (status, said) = swap.wait(LIMIT);
    assert!(status.success(), "{}", said.join("\n"));
    let (_, behind) = request(&engine, Method::GET, &format!("/{INDEX}/_alias"), None).await;
    let names: Vec<&String> = behind.as_object().unwrap().keys().collect();
    assert!(matches!(names.as_slice(), [one] if one.ends_with("-2")), "{names:?}");
    assert_eq!(documents(&engine, INDEX).await["9780099458326"], exact(kafka));
    let down = start(&["teardown", "--indexes"]);
    assert!(down.wait(LIMIT).0.success());
    assert_eq!(request(&engine, Method::GET, &format!("/{INDEX}"), None).await.0, 404);
}
