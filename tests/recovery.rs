//! Whatever happens to either side, the index ends up with what the database holds, or the program ends with a message
//! that says why not. Each test breaks one thing in the way an operator or an accident does.

use crate::support::database::Database;
use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::json::{Exact, exact};
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(30);
const FOLLOWS: &str = "following the stream";
const FILLED: &str = "index is filled";

/// Two hundred books with a review each, an index and a directory with the schema.
struct Site {
    database: Database,
    engine: String,
    index: String,
    directory: tempfile::TempDir,
}

impl Site {
    async fn new(name: &str) -> Self {
        let database = Database::create(&servers::postgres_newest(), name).await;
        let engine = servers::opensearch();
        let (_, aliases) = request(&engine, Method::GET, &format!("/{name}*/_alias"), None).await;
        for index in aliases.as_object().into_iter().flat_map(|found| found.keys()) {
            request(&engine, Method::DELETE, &format!("/{index}"), None).await;
        }
        let directory = tempfile::tempdir().unwrap();
        let site = Self { database, engine, index: name.to_owned(), directory };
        site.fill().await;
        site.schema(&["id", "title"], &Value::Null);
        site
    }

    async fn fill(&self) {
        self.database
            .run(
                "CREATE TABLE book (id integer PRIMARY KEY, title text, note text);
                 CREATE TABLE review (id integer PRIMARY KEY, book_id integer REFERENCES book, body text);
                 INSERT INTO book SELECT n, 'book ' || n FROM generate_series(1, 200) n;
                 INSERT INTO review SELECT n, n, 'review ' || n FROM generate_series(1, 200) n;",
            )
            .await;
    }

    fn schema(&self, columns: &[&str], mapping: &Value) {
        let nodes = json!({ "table": "book", "columns": columns, "children": [{
            "table": "review", "columns": ["id", "body"], "label": "reviews",
            "relationship": { "variant": "object", "type": "one_to_many" }
        }]});
        let mut schema = json!({ "index": self.index, "nodes": nodes });
        if !mapping.is_null() {
            schema["mapping"] = mapping.clone();
        }
        let schema = json!([schema]);
        std::fs::write(self.directory.path().join("schema.json"), schema.to_string()).unwrap();
    }

    fn start(&self, arguments: &[&str]) -> Process {
        let environment = [("PG_URL", self.database.url.as_str()), ("ELASTICSEARCH_URL", self.engine.as_str())];
        let mut words = vec!["pgsync"];
        words.extend(arguments);
        Process::start(cargo_pgsync(), &words, &environment, self.directory.path())
    }

    /// Starts it and waits until it follows.
    fn follow(&self) -> Process {
        let process = self.start(&["run", "-b"]);
        process.wait_for(FOLLOWS, LIMIT);
        process
    }

    async fn expected(&self) -> BTreeMap<String, Exact> {
        let sql = "SELECT b.id::text, json_build_object('id', b.id, 'title', b.title, 'reviews',
                     (SELECT json_agg(json_build_object('id', r.id, 'body', r.body) ORDER BY r.id)
                      FROM review r WHERE r.book_id = b.id))::text
                   FROM book b";
        let rows = self.database.client.query(sql, &[]).await.unwrap();
        rows.iter().map(|row| (row.get(0), exact(row.get(1)))).collect()
    }

    /// Waits until the index holds what the database holds.
    async fn converges(&self, process: &Process) {
        let end = Instant::now() + LIMIT;
        loop {
            let wanted = self.expected().await;
            let (status, _) = request(&self.engine, Method::HEAD, &format!("/{}", self.index), None).await;
            let found = if status == 200 { documents(&self.engine, &self.index).await } else { BTreeMap::new() };
            if found == wanted {
                return;
            }
            let said = || process.lines().join("\n");
            let differing = wanted.iter().find(|(id, document)| found.get(*id) != Some(*document));
            let surplus = found.keys().find(|id| !wanted.contains_key(*id));
            assert!(
                Instant::now() < end,
                "{} of {}; {differing:?}\nfound {:?}; surplus {surplus:?}\n{}",
                found.len(),
                wanted.len(),
                differing.and_then(|(id, _)| found.get(id)),
                said()
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// The index behind the alias.
    async fn physical(&self) -> String {
        let (_, found) = request(&self.engine, Method::GET, &format!("/{}/_alias", self.index), None).await;
        found.as_object().and_then(|found| found.keys().next()).expect("the alias stands for an index").clone()
    }

    /// Documents written since the index was made, deletions not counted.
    async fn written(&self) -> u64 {
        let (_, found) = request(&self.engine, Method::GET, &format!("/{}/_stats/indexing", self.index), None).await;
        found["_all"]["primaries"]["indexing"]["index_total"].as_u64().unwrap()
    }

    async fn slot(&self) -> String {
        let sql = "SELECT slot_name::text FROM pg_replication_slots WHERE database = current_database()";
        self.database.client.query_one(sql, &[]).await.unwrap().get(0)
    }

    /// Fails at the start, says `words` and has `code`.
    fn fails(&self, arguments: &[&str], code: i32, words: &[&str]) {
        let (status, said) = self.start(arguments).wait(LIMIT);
        let said = said.join("\n");
        assert_eq!(status.code(), Some(code), "{said}");
        for word in words {
            assert!(said.contains(word), "{word}: {said}");
        }
    }
}

fn stop(process: Process) {
    process.terminate();
    let (status, said) = process.wait(LIMIT);
    assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
}

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
    site.fails(&["run", "-b"], 1, &["note", "--rebuild"]);
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
async fn a_refused_document_stops_it_and_a_mended_row_lets_it_go_on() {
    let site = Site::new("recovery_refused").await;
    site.database.run("UPDATE book SET title = id").await;
    site.schema(&["id", "title"], &json!({ "title": { "type": "integer" } }));
    let process = site.follow();
    site.database.run("UPDATE book SET title = 'secret words' WHERE id = 77").await;
    let (status, said) = process.wait(LIMIT);
    let said = said.join("\n");
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("77") && said.contains("title") && !said.contains("secret words"), "{said}");
    // What follows waits behind it: nothing is skipped.
    site.database.run("UPDATE book SET title = '5' WHERE id = 78").await;
    site.fails(&["run", "-b"], 1, &["77"]);
    site.database.run("UPDATE book SET title = '6' WHERE id = 77").await;
    let process = site.follow();
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
