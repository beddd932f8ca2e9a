//! What is done to views while the program follows the tables that they read. The documents end up right.

use crate::support::servers;
use crate::support::site::{Site, stop};
use serde_json::json;

const TABLES: &str = "
    CREATE TABLE author (id integer PRIMARY KEY, name text);
    CREATE TABLE book (id integer PRIMARY KEY, title text, author_id integer REFERENCES author ON DELETE CASCADE);
    INSERT INTO author SELECT n, 'author ' || n FROM generate_series(1, 5) n;
    INSERT INTO book SELECT n, 'book ' || n, n % 5 + 1 FROM generate_series(1, 20) n;
    CREATE VIEW named AS SELECT id, name FROM author;
    CREATE VIEW shown AS SELECT b.id, b.title, n.name FROM book b LEFT JOIN named n ON n.id = b.author_id;
    CREATE MATERIALIZED VIEW kept AS SELECT id, title FROM book WITH NO DATA;";

/// What `shown` is, taken from the database itself.
const SHOWN: &str =
    "SELECT id::text, json_build_object('id', id, 'title', title, 'name', name)::text FROM shown WHERE id IS NOT NULL";

async fn site(name: &str, server: &str) -> Site {
    let site = Site::of(name, server, servers::opensearch(), TABLES, SHOWN).await;
    site.nodes(&json!({ "table": "shown", "columns": ["id", "title", "name"], "primary_key": ["id"] }));
    site
}

/// A view within it is one of its tables, and its query is part of what the documents are made from.
#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_is_replaced_is_loaded_again() {
    for (name, server) in [("views_new", servers::postgres_newest()), ("views_old", servers::postgres_oldest())] {
        let site = site(name, &server).await;
        let process = site.follow();
        site.database.run("UPDATE author SET name = 'renamed' WHERE id = 1; DELETE FROM author WHERE id = 2").await;
        site.converges(&process).await;
        for replaced in [
            "CREATE OR REPLACE VIEW named AS SELECT id, upper(name) AS name FROM author WHERE id <> 3",
            "CREATE OR REPLACE VIEW shown AS SELECT b.id, b.title, n.name FROM book b JOIN named n ON n.id = b.author_id",
            // Rows without a key are no documents.
            "CREATE OR REPLACE VIEW shown AS SELECT nullif(b.id, 7) AS id, b.title, NULL AS name FROM book b",
        ] {
            site.database.run(replaced).await;
            site.database.run("UPDATE book SET title = title || '!' WHERE id < 10").await;
            site.converges(&process).await;
        }
        stop(process);
        site.leave().await;
    }
}

/// What is stored in a materialized view is never read: this one was never filled.
#[tokio::test(flavor = "multi_thread")]
async fn a_materialized_view_needs_no_refresh() {
    let of_kept = "SELECT id::text, json_build_object('id', id, 'title', title)::text FROM book";
    let server = servers::postgres_newest();
    let site = Site::of("views_kept", &server, servers::opensearch(), TABLES, of_kept).await;
    site.nodes(&json!({ "table": "kept", "primary_key": ["id"] }));
    let process = site.follow();
    site.database.run("INSERT INTO book VALUES (100, 'new', 1); DELETE FROM book WHERE id = 3").await;
    site.converges(&process).await;
    site.database.run("REFRESH MATERIALIZED VIEW kept; UPDATE book SET title = 'later' WHERE id = 4").await;
    site.converges(&process).await;
    stop(process);
    site.leave().await;
}
