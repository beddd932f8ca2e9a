//! `on_change`: what a document is not asked to follow leaves it as it is, and whatever else has it read brings it up to
//! date.

use crate::support::index::documents;
use crate::support::json::Exact;
use crate::support::site::{LIMIT, Site, stop};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Books whose reviews are followed so.
async fn books(name: &str, on_change: &str) -> Site {
    let site = Site::new(name).await;
    site.nodes(&json!({ "table": "book", "columns": ["id", "title"], "children": [{
        "table": "review", "columns": ["id", "body"], "label": "reviews", "on_change": on_change,
        "relationship": { "variant": "object", "type": "one_to_many" }
    }]}));
    site
}

/// Executes statements, and waits until a later change of the book 200 has arrived. Gives what is found then.
async fn after(site: &Site, statements: &str) -> BTreeMap<String, Exact> {
    let before = documents(&site.engine, &site.index).await;
    site.database.run(statements).await;
    site.database.run("UPDATE book SET title = title || '!' WHERE id = 200").await;
    let end = Instant::now() + LIMIT;
    loop {
        let found = documents(&site.engine, &site.index).await;
        if found["200"] != before["200"] {
            return found;
        }
        assert!(Instant::now() < end, "the change of another book does not arrive");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_is_followed_by_its_link_is_read_when_it_moves() {
    let site = books("on_change_link", "link").await;
    let process = site.follow();
    site.converges(&process).await;
    let before = documents(&site.engine, &site.index).await;
    let found = after(&site, "UPDATE review SET body = 'changed' WHERE id IN (1, 2, 3)").await;
    for book in ["1", "2", "3"] {
        assert_eq!(found[book], before[book], "what is not followed was read");
    }
    site.database.run("UPDATE review SET book_id = 2 WHERE id = 1; DELETE FROM review WHERE id = 3").await;
    site.converges(&process).await;
    site.database.run("INSERT INTO review VALUES (300, 1, 'new'); UPDATE review SET book_id = NULL WHERE id = 4").await;
    site.converges(&process).await;
    site.database.run("TRUNCATE review").await;
    site.converges(&process).await;
    stop(process);
    site.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_is_ignored_is_read_with_its_parent() {
    let site = books("on_change_ignore", "ignore").await;
    let process = site.follow();
    site.converges(&process).await;
    let before = documents(&site.engine, &site.index).await;
    let found = after(
        &site,
        "UPDATE review SET body = 'changed' WHERE id = 1; UPDATE review SET book_id = 5 WHERE id = 2;
         DELETE FROM review WHERE id = 3; INSERT INTO review VALUES (300, 4, 'new')",
    )
    .await;
    for book in ["1", "2", "3", "4", "5"] {
        assert_eq!(found[book], before[book], "what is ignored was read");
    }
    let found = after(&site, "TRUNCATE review").await;
    assert_eq!(found["6"], before["6"]);
    site.database.run("UPDATE book SET title = title || '?'").await;
    site.converges(&process).await;
    stop(process);
    site.leave().await;
}
