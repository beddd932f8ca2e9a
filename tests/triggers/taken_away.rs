//! What of the set-up is taken away, or no longer fits, is noticed; and the user's statements go on all the same.

use super::{follow, newest, outbox, site, waiting};
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, stop};
use serde_json::json;
use std::time::Duration;

const LOOKS: Duration = Duration::from_secs(40);

/// Each of these makes changes go by that nobody captures.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_that_are_gone_disabled_or_changed_are_noticed() {
    let site = newest("triggers_gone").await;
    let process = site.follow();
    site.converges(&process).await;
    let schema = outbox(&site).await.split('.').next().unwrap().to_owned();
    let (row, truncate): (String, String) = {
        let sql = "SELECT min(tgname::text), max(tgname::text) FROM pg_trigger WHERE NOT tgisinternal";
        let found = site.database.client.query_one(sql, &[]).await.unwrap();
        (found.get(0), found.get(1))
    };
    let function: String = {
        let sql = "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_trigger t ON t.tgfoid = p.oid
                   WHERE t.tgrelid = 'book'::regclass AND t.tgname LIKE 'pgsync\\_row%'";
        site.database.client.query_one(sql, &[]).await.unwrap().get(0)
    };
    for (what, sql) in [
        ("disabled", format!("ALTER TABLE book DISABLE TRIGGER {row}")),
        ("disabled for a moment", format!("ALTER TABLE book DISABLE TRIGGER {row}; UPDATE book SET title = 'unseen' WHERE id = 9; ALTER TABLE book ENABLE ALWAYS TRIGGER {row}")),
        ("not in every session", format!("ALTER TABLE book ENABLE TRIGGER {row}")),
        ("dropped", format!("DROP TRIGGER {row} ON book")),
        ("dropped for TRUNCATE", format!("DROP TRIGGER {truncate} ON review; TRUNCATE review")),
        ("changed", format!("CREATE OR REPLACE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")),
        ("the table made anew", "ALTER TABLE review RENAME TO old; CREATE TABLE review (id integer PRIMARY KEY, book_id integer REFERENCES book, body text); INSERT INTO review SELECT * FROM old; DROP TABLE old".to_owned()),
        ("the outbox dropped", format!("DROP SCHEMA {schema} CASCADE")),
    ] {
        let before = site.physical().await;
        site.database.run(&format!("{sql}; UPDATE book SET title = '{what}' WHERE id = 5")).await;
        site.is_loaded_again(&before, &process, LOOKS).await;
        site.converges(&process).await;
        site.database.run(&format!("UPDATE book SET title = 'after {what}' WHERE id = 6")).await;
        site.converges(&process).await;
    }
    stop(process);
}

/// Without the right to set up, it ends and names what is missing.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_that_are_gone_are_named_where_nothing_may_be_set_up() {
    let site = newest("triggers_named").await;
    let (done, said) = site.start(&["bootstrap"]).wait(LIMIT);
    assert!(done.success(), "{}", said.join("\n"));
    let process = follow(&site);
    let sql = "SELECT min(tgname::text) FROM pg_trigger WHERE NOT tgisinternal";
    let row: String = site.database.client.query_one(sql, &[]).await.unwrap().get(0);
    site.database.run(&format!("DROP TRIGGER {row} ON book")).await;
    let (done, said) = process.wait(LOOKS);
    let said = said.join("\n");
    assert_eq!(done.code(), Some(1), "{said}");
    assert!(said.contains("public.book lacks a trigger"), "{said}");
}

/// A column that a trigger asks for is dropped or renamed: statements work on, and the program ends and names it.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_never_make_a_statement_fail() {
    for server in [servers::postgres_newest(), servers::postgres_oldest()] {
        let site = site("triggers_never_fail", &server, servers::opensearch()).await;
        let process = site.follow();
        site.converges(&process).await;
        let writer = site.database.session().await;
        // The function is compiled in this session with the columns as they were.
        writer.batch_execute("UPDATE review SET body = 'before' WHERE id = 1").await.unwrap();
        site.database.run("ALTER TABLE review RENAME book_id TO renamed").await;
        writer
            .batch_execute("UPDATE review SET body = 'after' WHERE id < 4; DELETE FROM review WHERE id = 4")
            .await
            .unwrap();
        site.database.run("ALTER TABLE review ALTER renamed TYPE bigint, ALTER body TYPE varchar(50)").await;
        writer.batch_execute("UPDATE review SET body = 'once more' WHERE id < 4").await.unwrap();
        site.database.run("ALTER TABLE review DROP body; ALTER TABLE book DROP title").await;
        writer
            .batch_execute("UPDATE review SET renamed = 2 WHERE id = 3; DELETE FROM review WHERE id < 3")
            .await
            .unwrap();
        writer.batch_execute("UPDATE book SET note = 'x' WHERE id = 3; INSERT INTO book VALUES (900)").await.unwrap();
        let (done, said) = process.wait(LOOKS);
        let said = said.join("\n");
        assert_eq!(done.code(), Some(2), "{said}");
        assert!(said.contains("book_id"), "{said}");
        writer.batch_execute("INSERT INTO book VALUES (901)").await.unwrap();
        assert!(waiting(&site).await > 0);
        site.nodes(&json!({ "table": "book", "columns": ["id", "note"] }));
        let (done, said) = site.start(&["teardown", "--indexes"]).wait(LIMIT);
        assert!(done.success(), "{}", said.join("\n"));
        writer.batch_execute("INSERT INTO book VALUES (902)").await.unwrap();
    }
}

/// The outbox is made anew while nothing runs: what was captured in between is gone with the first one.
#[tokio::test(flavor = "multi_thread")]
async fn an_outbox_that_was_made_anew_is_not_gone_on_with() {
    let site = newest("triggers_anew").await;
    let process = site.follow();
    site.converges(&process).await;
    let before = site.physical().await;
    stop(process);
    let schema = outbox(&site).await.split('.').next().unwrap().to_owned();
    site.database.run(&format!("UPDATE book SET title = 'lost' WHERE id = 3; DROP SCHEMA {schema} CASCADE")).await;
    let (done, said) = site.start(&["bootstrap"]).wait(LIMIT);
    assert!(done.success(), "{}", said.join("\n"));
    let process = site.start(&["run"]);
    process.wait_for("the outbox was made anew", LIMIT);
    process.wait_for(FOLLOWS, LIMIT);
    site.converges(&process).await;
    assert_ne!(site.physical().await, before);
    stop(process);
}
