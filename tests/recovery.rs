//! Whatever happens to either side, the index ends up with what the database holds, or the program ends with a message
//! that says why not. Each test breaks one thing in the way an operator or an accident does.

use crate::support::database::Database;
use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use crate::support::site::{FILLED, FOLLOWS, LIMIT, Site, stop};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn killed_it_goes_on_without_a_gap_and_without_loading_again() {
    let site = Site::new("recovery_killed").await;
    let process = site.follow();
    site.database.run("UPDATE book SET title = 'first' WHERE id <= 10").await;
    site.converges(&process).await;
    let written = site.written().await;
    process.kill();
    site.database.run("UPDATE book SET title = 'second' WHERE id BETWEEN 5 AND 14").await;
    let process = site.follow();
    site.converges(&process).await;
    let again = site.written().await - written;
    // Ten that changed, and at most the ten of the batch that was not acknowledged.
    assert!((10..=20).contains(&again), "{again} of 200 were written");
    assert!(!process.lines().iter().any(|line| line.contains(FILLED)));
    stop(process);
}

/// After a pause of the process more frames wait than are taken in at once.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_backlog_no_row_is_lost() {
    let site = Site::new("recovery_backlog").await;
    let process = site.follow();
    process.signal("-STOP");
    site.database.run("INSERT INTO book SELECT n, 'late ' || n FROM generate_series(1001, 10000) n").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    process.signal("-CONT");
    site.converges(&process).await;
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_deleted_under_it_is_filled_again() {
    let site = Site::new("recovery_deleted_running").await;
    let process = site.follow();
    let (status, _) = request(&site.engine, Method::DELETE, &format!("/{}", site.physical().await), None).await;
    assert_eq!(status, 200);
    site.database.run("UPDATE book SET title = 'changed' WHERE id = 1").await;
    site.converges(&process).await;
    stop(process);
}

/// The index is as it was, but for the alias that writes require.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_alias_taken_away_leads_to_a_load() {
    let site = Site::new("recovery_alias").await;
    let process = site.follow();
    let index = site.physical().await;
    let (status, said) = request(&site.engine, Method::DELETE, &format!("/{index}/_alias/{index}-write"), None).await;
    assert_eq!(status, 200, "{said}");
    site.database.run("UPDATE book SET title = 'changed' WHERE id = 1").await;
    site.converges(&process).await;
    assert_ne!(site.physical().await, index);
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_deleted_meanwhile_is_filled_again() {
    let site = Site::new("recovery_deleted").await;
    stop(site.follow());
    request(&site.engine, Method::DELETE, &format!("/{}", site.physical().await), None).await;
    let process = site.follow();
    site.converges(&process).await;
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_was_moved_on_leads_to_a_load() {
    let site = Site::new("recovery_advanced").await;
    stop(site.follow());
    site.database.run("UPDATE book SET title = 'skipped' WHERE id = 7; SELECT pg_switch_wal()").await;
    let slot = site.slot().await;
    site.database.run(&format!("SELECT pg_replication_slot_advance('{slot}', pg_current_wal_lsn())")).await;
    let process = site.follow();
    site.converges(&process).await;
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_made_anew_leads_to_a_load() {
    let site = Site::new("recovery_new_slot").await;
    stop(site.follow());
    let slot = site.slot().await;
    site.database.run(&format!("SELECT pg_drop_replication_slot('{slot}')")).await;
    site.database.run("DELETE FROM review WHERE book_id = 3; DELETE FROM book WHERE id = 3").await;
    let process = site.follow();
    site.converges(&process).await;
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_made_anew_leads_to_a_load() {
    let mut site = Site::new("recovery_new_database").await;
    stop(site.follow());
    site.database = Database::create(&servers::postgres_newest(), "recovery_new_database").await;
    site.fill().await;
    site.database.run("DELETE FROM review; DELETE FROM book WHERE id > 150").await;
    let process = site.follow();
    site.converges(&process).await;
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_rewritten_meanwhile_is_read_again() {
    let site = Site::new("recovery_rewritten").await;
    stop(site.follow());
    // The rewrite changes every title, and none of it is in the stream.
    site.database.run("ALTER TABLE book ALTER title TYPE text COLLATE \"C\" USING title || ' rewritten'").await;
    let process = site.follow();
    site.converges(&process).await;
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_schema_needs_a_rebuild_and_searches_go_on_meanwhile() {
    let site = Site::new("recovery_rebuild").await;
    stop(site.follow());
    let before = site.physical().await;
    site.schema(&["id", "title", "note"], &Value::Null);
    site.fails(&["run", "-b"], 1, &["+ note: text", "+ note.keyword: keyword", "--rebuild"]);
    site.fails(&["check", "--against-index"], 2, &["+ note.keyword: keyword", "--rebuild"]);
    assert_eq!(site.physical().await, before);
    let process = site.start(&["run", "-b", "--rebuild"]);
    let end = Instant::now() + LIMIT;
    while !process.lines().iter().any(|line| line.contains(FOLLOWS)) {
        assert!(Instant::now() < end, "{}", process.lines().join("\n"));
        let path = format!("/{}/_search", site.index);
        let (status, found) = request(&site.engine, Method::GET, &path, None).await;
        assert_eq!((status, &found["hits"]["total"]["value"]), (200, &json!(200)), "{found}");
    }
    let after = site.physical().await;
    assert_ne!(after, before);
    let (status, _) = request(&site.engine, Method::HEAD, &format!("/{before}"), None).await;
    assert_eq!(status, 404);
    let (_, found) = request(&site.engine, Method::GET, &format!("/{}/_doc/1", site.index), None).await;
    assert!(found["_source"].as_object().unwrap().contains_key("note"), "{found}");
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_somebody_else_is_left_alone() {
    let site = Site::new("recovery_foreign").await;
    let path = format!("/{}", site.index);
    request(&site.engine, Method::PUT, &path, None).await;
    request(&site.engine, Method::PUT, &format!("{path}/_doc/theirs?refresh=true"), Some(&json!({ "a": 1 }))).await;
    site.fails(&["run", "-b"], 1, &["recovery_foreign", "something else"]);
    let found = documents(&site.engine, &site.index).await;
    assert_eq!(found.into_keys().collect::<Vec<_>>(), ["theirs"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_end_it_writes_what_was_committed_before() {
    let site = Site::new("recovery_drained").await;
    let process = site.follow();
    for n in 0..20 {
        site.database.run(&format!("UPDATE book SET title = 'pass {n} ' || id")).await;
    }
    process.terminate();
    let (status, said) = process.wait(LIMIT);
    assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
    assert_eq!(documents(&site.engine, &site.index).await, site.expected().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_waits_and_takes_over() {
    let site = Site::new("recovery_second").await;
    let first = site.follow();
    let second = site.start(&["run"]);
    second.wait_for("another process", LIMIT);
    assert!(!second.lines().iter().any(|line| line.contains(FOLLOWS)));
    first.kill();
    second.wait_for(FOLLOWS, LIMIT);
    site.database.run("UPDATE book SET title = 'taken over' WHERE id = 9").await;
    site.converges(&second).await;
    stop(second);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_document_stops_nothing_and_a_mended_row_is_written() {
    let site = Site::new("recovery_refused").await;
    site.database.run("UPDATE book SET title = id").await;
    site.schema(&["id", "title"], &json!({ "title": { "type": "integer" } }));
    let process = site.follow();
    site.database.run("UPDATE book SET title = 'secret words' WHERE id = 77").await;
    // What follows does not wait for it.
    site.database.run("UPDATE book SET title = '5' WHERE id = 78").await;
    let end = Instant::now() + LIMIT;
    while documents(&site.engine, &site.index).await["78"] != site.expected().await["78"] {
        assert!(Instant::now() < end, "{}", process.lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // It is reported once the engine's answer is read, which may be after a search finds what was written with it.
    let mut said = process.lines().join("\n");
    while !(said.contains("77") && said.contains("title")) {
        assert!(Instant::now() < end, "{said}");
        tokio::time::sleep(Duration::from_millis(50)).await;
        said = process.lines().join("\n");
    }
    assert!(!said.contains("secret words"), "{said}");
    process.kill();
    let process = site.follow();
    site.database.run("UPDATE book SET title = '6' WHERE id = 77").await;
    site.converges(&process).await;
    assert!(!process.lines().iter().any(|line| line.contains(FILLED)), "{}", process.lines().join("\n"));
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_column_that_is_gone_is_named() {
    let site = Site::new("recovery_dropped_column").await;
    stop(site.follow());
    site.database.run("ALTER TABLE book DROP COLUMN title").await;
    site.fails(&["run", "-b"], 2, &["title"]);
    assert_eq!(documents(&site.engine, &site.index).await.len(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_a_policy_hides_are_not_deleted() {
    let site = Site::new("recovery_policy").await;
    stop(site.follow());
    site.database
        .run(
            "DO $$ BEGIN CREATE ROLE recovery_reader LOGIN REPLICATION; EXCEPTION WHEN duplicate_object THEN END $$;
             GRANT pg_read_all_stats TO recovery_reader;
             GRANT SELECT ON ALL TABLES IN SCHEMA public TO recovery_reader;
             UPDATE book SET title = 'by the reader' WHERE id = 1;",
        )
        .await;
    let url = site.database.url.replace("postgres@", "recovery_reader@");
    let reader = |arguments: &[&str]| {
        let environment = [("PG_URL", url.as_str()), ("ELASTICSEARCH_URL", site.engine.as_str())];
        Process::start(cargo_pgsync(), arguments, &environment, site.directory.path()).wait(LIMIT)
    };
    // Rights to read and to stream are enough once somebody else has set the database up.
    let (status, said) = reader(&["pgsync", "sync"]);
    assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
    assert_eq!(documents(&site.engine, &site.index).await, site.expected().await);
    site.database.run("ALTER TABLE book ENABLE ROW LEVEL SECURITY; UPDATE book SET title = 'hidden'").await;
    let (status, said) = reader(&["pgsync", "sync"]);
    assert_eq!(status.code(), Some(1), "{}", said.join("\n"));
    assert!(said.iter().any(|line| line.contains("book") && line.contains("row")), "{}", said.join("\n"));
    assert_eq!(documents(&site.engine, &site.index).await.len(), 200);
    site.database
        .run("ALTER TABLE book DISABLE ROW LEVEL SECURITY; REVOKE SELECT ON review FROM recovery_reader")
        .await;
    let (status, said) = reader(&["pgsync", "sync"]);
    assert_eq!(status.code(), Some(1), "{}", said.join("\n"));
    assert!(said.iter().any(|line| line.contains("review")), "{}", said.join("\n"));
}

/// An idle database sends nothing but keepalives, the first of them before anything else happens here.
#[tokio::test(flavor = "multi_thread")]
async fn an_idle_database_is_acknowledged_at_every_start() {
    let site = Site::new("recovery_idle").await;
    stop(site.follow());
    for _ in 0..5 {
        site.database.run("CREATE TABLE idle(); DROP TABLE idle").await;
        let end = site.log_end().await;
        let process = site.follow();
        let limit = Instant::now() + LIMIT;
        while !site.acknowledged(&end).await {
            assert!(Instant::now() < limit, "{end} is not acknowledged\n{}", process.lines().join("\n"));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        process.kill();
    }
}
