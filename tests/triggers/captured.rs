//! What is captured: every change that is committed, in whatever way and in whatever order, and nothing else.

use super::{both, by_triggers, follow, is_emptied, newest, outbox, site, waiting};
use crate::corpus::position;
use crate::support::cluster::{Cluster, newest_home, oldest_home};
use crate::support::engine::request;
use crate::support::servers;
use crate::support::site::{FILLED, FOLLOWS, LIMIT, Site, stop, until};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn triggers_follow_what_a_killed_process_has_missed() {
    for (version, server, engine) in both() {
        let site = site(&format!("triggers_killed_{version}"), &server, engine).await;
        let process = site.start(&["run", "-b"]);
        process.wait_for(FOLLOWS, LIMIT);
        site.converges(&process).await;
        let filled = site.physical().await;
        site.database
            .run(
                "UPDATE book SET title = 'other' WHERE id < 20; DELETE FROM review WHERE book_id < 10;
                 UPDATE review SET book_id = 1 WHERE id = 30; INSERT INTO book VALUES (201, 'new', NULL); INSERT INTO review VALUES (201, 201, 'new')",
            )
            .await;
        process.kill();
        site.database.run("UPDATE book SET title = 'away' WHERE id = 50; DELETE FROM review WHERE id = 60").await;
        let process = follow(&site);
        site.converges(&process).await;
        is_emptied(&site).await;
        assert_eq!(site.physical().await, filled, "it goes on, and does not load again");
        assert!(!process.lines().iter().any(|line| line.contains(FILLED)), "{}", process.lines().join("\n"));
        stop(process);
        // What is changed while nothing runs waits.
        site.database.run("UPDATE book SET title = 'later' WHERE id = 51").await;
        assert_eq!(waiting(&site).await, 1);
        let process = follow(&site);
        site.converges(&process).await;
        stop(process);
    }
}

/// Ids are handed out before commits: whoever asks for what is behind the last id loses the one that commits late.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_lose_no_transaction_that_commits_late() {
    let site = newest("triggers_interleaved").await;
    let process = site.follow();
    let first = site.database.session().await;
    let second = site.database.session().await;
    let third = site.database.session().await;
    first.batch_execute("BEGIN; UPDATE book SET title = 'first' WHERE id = 1").await.unwrap();
    second.batch_execute("BEGIN; UPDATE book SET title = 'second' WHERE id = 2").await.unwrap();
    third.batch_execute("BEGIN; UPDATE book SET title = 'third' WHERE id = 3").await.unwrap();
    second.batch_execute("COMMIT").await.unwrap();
    // The second is there although an older one is open.
    site.converges(&process).await;
    is_emptied(&site).await;
    third.batch_execute("UPDATE review SET body = 'third' WHERE id = 3; COMMIT").await.unwrap();
    site.converges(&process).await;
    // The oldest commits after all the others are written, deleted and forgotten.
    first.batch_execute("UPDATE review SET body = 'first' WHERE id = 1; COMMIT").await.unwrap();
    site.converges(&process).await;
    is_emptied(&site).await;
    // The same across a kill.
    first.batch_execute("BEGIN; UPDATE book SET title = 'before' WHERE id = 4").await.unwrap();
    second.batch_execute("UPDATE book SET title = 'after' WHERE id = 5").await.unwrap();
    site.converges(&process).await;
    process.kill();
    let process = follow(&site);
    first.batch_execute("COMMIT").await.unwrap();
    site.converges(&process).await;
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn triggers_capture_no_work_that_was_rolled_back() {
    let site = newest("triggers_rolled_back").await;
    let process = site.follow();
    site.converges(&process).await;
    process.kill();
    site.database
        .run(
            "BEGIN; UPDATE book SET title = 'gone' WHERE id = 1; ROLLBACK;
             BEGIN; UPDATE book SET title = 'kept' WHERE id = 2; SAVEPOINT a; UPDATE book SET title = 'gone' WHERE id = 3;
             SAVEPOINT b; DELETE FROM review WHERE id = 4; ROLLBACK TO a; UPDATE book SET title = 'kept' WHERE id = 5;
             RELEASE a; COMMIT;
             UPDATE book SET note = 'of no concern'; UPDATE book SET title = title",
        )
        .await;
    assert_eq!(waiting(&site).await, 2, "two rows were changed in a way that concerns a document");
    let process = follow(&site);
    site.converges(&process).await;
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn triggers_capture_truncate_and_sessions_of_replication() {
    for (version, server, engine) in both() {
        let site = site(&format!("triggers_truncate_{version}"), &server, engine).await;
        let process = site.follow();
        let filled = site.physical().await;
        site.database.run("TRUNCATE review; INSERT INTO review VALUES (1, 1, 'again')").await;
        site.converges(&process).await;
        site.database
            .run(
                "SET session_replication_role = replica; UPDATE book SET title = 'replica' WHERE id = 7;
                 DELETE FROM book WHERE id = 8; RESET session_replication_role",
            )
            .await;
        site.converges(&process).await;
        site.database.run("TRUNCATE book CASCADE").await;
        site.converges(&process).await;
        assert_eq!(site.physical().await, filled, "{}", process.lines().join("\n"));
        stop(process);
    }
}

/// Tables with partitions, of which some come later.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_come_to_partitions_that_are_made_later() {
    const SAID: &str = "SELECT b.id::text, json_build_object('id', b.id, 'title', b.title)::text FROM book b";
    for (version, server, engine) in both() {
        let tables = "CREATE TABLE book (id integer PRIMARY KEY, title text) PARTITION BY RANGE (id);
                      CREATE TABLE book_1 PARTITION OF book FOR VALUES FROM (0) TO (100);
                      INSERT INTO book SELECT n, 'book ' || n FROM generate_series(1, 50) n";
        let mut site = Site::of(&format!("triggers_partitions_{version}"), &server, engine, tables, SAID).await;
        by_triggers(&mut site);
        site.nodes(&json!({ "table": "book", "columns": ["id", "title"] }));
        let process = site.follow();
        site.converges(&process).await;
        let filled = site.physical().await;
        site.database
            .run(
                "CREATE TABLE book_2 PARTITION OF book FOR VALUES FROM (100) TO (200);
                 INSERT INTO book VALUES (150, 'in the second'); UPDATE book SET id = 160 WHERE id = 10;
                 CREATE TABLE book_3 (id integer PRIMARY KEY, title text); INSERT INTO book_3 VALUES (250, 'brought along');
                 ALTER TABLE book ATTACH PARTITION book_3 FOR VALUES FROM (200) TO (300);
                 UPDATE book SET title = 'changed' WHERE id = 250",
            )
            .await;
        site.converges(&process).await;
        assert_eq!(site.physical().await, filled, "{version}: {}", process.lines().join("\n"));
        stop(process);
    }
}

/// A server of a test's own: two-phase transactions, no logical decoding, no slots.
async fn own(name: &str, home: &std::path::Path, more: &str) -> (Cluster, Site) {
    let cluster = Cluster::start(home, &format!("wal_level = replica\nmax_replication_slots = 0\n{more}"));
    let site = site(name, &cluster.url(), servers::opensearch()).await;
    (cluster, site)
}

#[tokio::test(flavor = "multi_thread")]
async fn triggers_need_no_logical_decoding_and_capture_prepared_transactions() {
    for (version, home) in [("newest", newest_home()), ("oldest", oldest_home())] {
        let (_cluster, site) = own(&format!("triggers_prepared_{version}"), &home, "max_wal_senders = 0").await;
        let process = site.follow();
        site.converges(&process).await;
        site.database.run("BEGIN; UPDATE book SET title = 'prepared' WHERE id = 1; PREPARE TRANSACTION 'one'").await;
        site.database.run("UPDATE book SET title = 'beside' WHERE id = 2").await;
        site.converges(&process).await;
        process.kill();
        let process = follow(&site);
        site.database.run("COMMIT PREPARED 'one'").await;
        site.converges(&process).await;
        stop(process);
    }
}

/// A crash takes back what was committed without waiting for the disk, and the end of the log with it.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_survive_a_crash_of_the_server() {
    let (mut cluster, mut site) = own("triggers_crash", &newest_home(), "fsync = on\nwal_writer_delay = 10s").await;
    let process = site.follow();
    site.converges(&process).await;
    let filled = site.physical().await;
    for round in 0..3 {
        site.database
            .run(&format!(
                "SET synchronous_commit = off; UPDATE book SET title = 'round {round}' WHERE id < 5;
                 SET synchronous_commit = on; UPDATE book SET title = 'kept {round}' WHERE id = 6"
            ))
            .await;
        site.converges(&process).await;
        cluster.crash();
        cluster.resume();
        site.database.reconnect().await;
        site.database.run(&format!("UPDATE review SET body = 'after {round}' WHERE id < 9")).await;
        site.converges(&process).await;
    }
    assert_eq!(site.physical().await, filled, "{}", process.lines().join("\n"));
    stop(process);
}

/// Keys of ten thousand bytes, and every character that the text of a row treats in its own way.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_capture_keys_of_any_size_and_any_characters() {
    const SAID: &str = "SELECT b.id::text, json_build_object('id', b.id, 'title', b.title, 'reviews',
        (SELECT json_agg(json_build_object('id', r.id, 'body', r.body) ORDER BY r.id) FROM review r WHERE r.book = b.title))::text
        FROM book b";
    let tables = "CREATE TABLE book (id integer PRIMARY KEY, title text);
                  CREATE TABLE review (id integer PRIMARY KEY, book text, body text);
                  INSERT INTO book SELECT n, n || repeat('k', 10000) FROM generate_series(1, 20) n;
                  INSERT INTO book VALUES (21, ''), (22, 'a \"b\" \\c,(é)'), (23, E'new\\nline'), (24, NULL), (25, 'NULL');
                  INSERT INTO review SELECT id, title, 'of ' || id FROM book";
    for (version, server, engine) in both() {
        let mut site = Site::of(&format!("triggers_keys_{version}"), &server, engine, tables, SAID).await;
        by_triggers(&mut site);
        let nodes: Value = json!({ "table": "book", "columns": ["id", "title"], "children": [{
            "table": "review", "columns": ["id", "body"], "label": "reviews",
            "relationship": { "variant": "object", "type": "one_to_many",
                              "foreign_key": { "parent": ["title"], "child": ["book"] } }
        }]});
        site.nodes(&nodes);
        let process = site.follow();
        site.converges(&process).await;
        site.database
            .run(
                "UPDATE review SET body = 'changed ' || id; DELETE FROM review WHERE id IN (3, 22);
                 UPDATE review SET book = (SELECT title FROM book WHERE id = 22) WHERE id IN (4, 21, 23, 24);
                 UPDATE book SET title = title || 'x' WHERE id IN (5, 6, 25)",
            )
            .await;
        site.converges(&process).await;
        stop(process);
    }
}

/// Many rows that were captured while nobody read: pages, one after the other, and the outbox empty afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_hand_out_a_long_backlog() {
    let site = newest("triggers_backlog").await;
    let process = site.follow();
    site.converges(&process).await;
    process.kill();
    site.database
        .run(
            "INSERT INTO book SELECT n, 'book ' || n FROM generate_series(1000, 21000) n;
             UPDATE book SET title = 'other ' || id WHERE id > 999; UPDATE book SET title = 'third ' || id WHERE id > 999",
        )
        .await;
    assert!(waiting(&site).await > 60_000);
    let process = follow(&site);
    site.converges(&process).await;
    is_emptied(&site).await;
    stop(process);
}

/// Until the commit of a session waits for a standby.
async fn waits_for_a_standby(site: &Site, pid: i32) {
    let sync = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'SyncRep'";
    while site.database.client.query_one(sync, &[&pid]).await.unwrap().get::<_, i64>(0) == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// A commit that waits for a standby stands in the log, and nobody sees it yet. It is captured when it is seen, although what
/// came after it was written long before.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_capture_a_commit_that_waited_for_a_standby() {
    let more = "max_wal_senders = 2\nsynchronous_standby_names = 'nobody'\nsynchronous_commit = local";
    let (_cluster, site) = own("triggers_standby", &newest_home(), more).await;
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let process = site.start(&["run", "-b", "--listen", &address]);
    process.wait_for(FOLLOWS, LIMIT);
    site.converges(&process).await;
    let waits = site.database.session().await;
    let pid: i32 = waits.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    let waiting = tokio::spawn(async move {
        waits.batch_execute("SET synchronous_commit = on; UPDATE book SET title = 'waited' WHERE id = 1").await
    });
    waits_for_a_standby(&site, pid).await;
    // The log ends with it, for whoever asks: that place is not written yet, however quiet it is.
    let written = async || {
        let (_, report) = request(&format!("http://{address}"), Method::GET, "/healthz", None).await;
        position(report["written"].as_str().unwrap())
    };
    let end = async || {
        let row = site.database.client.query_one("SELECT pg_current_wal_flush_lsn()::text", &[]).await.unwrap();
        position(row.get(0))
    };
    for _ in 0..30 {
        let (written, end) = (written().await, end().await);
        assert!(written < end, "{written} of {end} is said to be written");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    site.database.run("UPDATE review SET body = 'seen' WHERE id = 1").await;
    site.converges(&process).await;
    is_emptied(&site).await;
    site.database.client.query_one("SELECT pg_cancel_backend($1)", &[&pid]).await.unwrap();
    waiting.await.unwrap().unwrap();
    site.converges(&process).await;
    assert!(site.expected().await.values().any(|book| format!("{book:?}").contains("waited")));
    // With nobody on the way the end itself is reached.
    until(&process, "the end is not reached", async || written().await >= end().await).await;
    stop(process);
}

/// The log has more than the disk when a look begins, and a commit that it does not see is told a lesser place before that
/// look claims its own. What a look claims is on disk when it begins.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_claim_nothing_that_was_not_on_disk() {
    let more = "max_wal_senders = 2\nsynchronous_standby_names = 'nobody'\nsynchronous_commit = local\n\
                wal_writer_delay = 10s\nautovacuum = off";
    let (_cluster, site) = own("triggers_disk", &newest_home(), more).await;
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let process = site.start(&["run", "-b", "--listen", &address]);
    process.wait_for(FOLLOWS, LIMIT);
    site.converges(&process).await;
    let other = site.database.session().await;
    other.batch_execute("SET synchronous_commit = off").await.unwrap();
    for round in 0..5 {
        let waits = site.database.session().await;
        let pid: i32 = waits.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
        let title = format!("round {round}");
        let sql = format!("SET synchronous_commit = on; UPDATE book SET title = '{title}' WHERE id = 1");
        let waiting = tokio::spawn(async move {
            waits.batch_execute(&sql).await.unwrap();
            let row = waits.query_one("SELECT pg_current_wal_flush_lsn()::text", &[]).await.unwrap();
            row.get::<_, String>(0)
        });
        waits_for_a_standby(&site, pid).await;
        // Another is in progress, until somebody waits for its lock: a look that begins now gets no further than its snapshot.
        other.batch_execute(&format!("BEGIN; UPDATE book SET title = '{title}' WHERE id = 2")).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let locks = site.database.session().await;
        let locking = tokio::spawn({
            let sql = format!("BEGIN; LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", outbox(&site).await);
            async move { locks.batch_execute(&sql).await.map(|()| locks) }
        });
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        // It is seen at once, and neither it nor what comes behind it is on disk.
        other.batch_execute("COMMIT").await.unwrap();
        other.batch_execute("SELECT pg_logical_emit_message(false, 'a', 'b')").await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        site.database.client.query_one("SELECT pg_cancel_backend($1)", &[&pid]).await.unwrap();
        let lsn = waiting.await.unwrap();
        locking.await.unwrap().unwrap().batch_execute("ROLLBACK").await.unwrap();
        let path = format!("/caught-up?lsn={lsn}&timeout=30");
        let (status, said) = request(&format!("http://{address}"), Method::GET, &path, None).await;
        assert_eq!(status, 200, "{said}\n{}", process.lines().join("\n"));
        let (_, found) = request(&site.engine, Method::GET, &format!("/{}/_doc/1", site.index), None).await;
        assert_eq!(found["_source"]["title"], *title, "{lsn} is said to be written: {said}");
    }
    stop(process);
}

/// Changes from before the first read of a load until after its last.
#[tokio::test(flavor = "multi_thread")]
async fn triggers_capture_what_changes_while_a_load_runs() {
    let site = newest("triggers_load").await;
    site.database.run("INSERT INTO book SELECT n, 'book ' || n FROM generate_series(1000, 30000) n").await;
    let (done, said) = site.start(&["bootstrap"]).wait(LIMIT);
    assert!(done.success(), "{}", said.join("\n"));
    let process = site.start_with(&["run"], &[("QUERY_CHUNK_SIZE", "200"), ("NUM_WORKERS", "1")]);
    let mut rounds = 0;
    while !process.lines().iter().any(|line| line.contains(FOLLOWS)) || rounds < 20 {
        rounds += 1;
        site.database
            .run(&format!(
                "UPDATE book SET title = 'round {rounds}' WHERE id % 977 = {}; INSERT INTO review VALUES ({}, {}, 'r');
                 DELETE FROM book WHERE id = {}",
                rounds % 977,
                10_000 + rounds,
                20_000 + rounds,
                25_000 + rounds
            ))
            .await;
    }
    assert!(rounds > 20, "the load was over before anything changed");
    site.converges(&process).await;
    stop(process);
}
