//! What is followed changes under the program, or while it is away: partitions come and go, tables are rewritten, somebody
//! else touches publication or identities. The documents end up right, or the program says what it cannot do.

use crate::support::engine::request;
use crate::support::process::Process;
use crate::support::servers;
use crate::support::site::{FILLED, FOLLOWS, LIMIT, Site, stop};
use reqwest::Method;
use serde_json::json;
use std::time::{Duration, Instant};

const EVENTS: &str = "
    CREATE TABLE event (id integer, day integer, title text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
    CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (0) TO (10);
    CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM (10) TO (20);
    CREATE TABLE guest (id integer, event_id integer, event_day integer, name text, PRIMARY KEY (id, event_day),
                        FOREIGN KEY (event_id, event_day) REFERENCES event) PARTITION BY RANGE (event_day);
    CREATE TABLE guest_1 PARTITION OF guest FOR VALUES FROM (0) TO (10);
    CREATE TABLE guest_2 PARTITION OF guest FOR VALUES FROM (10) TO (20);
    CREATE TABLE later (id integer, day integer, title text, PRIMARY KEY (id, day));
    INSERT INTO later VALUES (100, 25, 'attached');
    INSERT INTO event SELECT n, n % 20, 'event ' || n FROM generate_series(1, 60) n;
    INSERT INTO guest SELECT n, n, n % 20, 'guest ' || n FROM generate_series(1, 60) n;";

const EVENTS_SAID: &str = "
    SELECT e.day || '|' || e.id, json_build_object('id', e.id, 'day', e.day, 'title', e.title, 'guests',
      (SELECT json_agg(g.name ORDER BY g.event_day, g.id) FROM guest g WHERE g.event_id = e.id AND g.event_day = e.day))::text
    FROM event e";

/// Partitioned tables, a child among them.
async fn events(name: &str) -> Site {
    let site = Site::of(name, &servers::postgres_newest(), servers::opensearch(), EVENTS, EVENTS_SAID).await;
    site.nodes(&json!({ "table": "event", "columns": ["id", "day", "title"], "children": [{
        "table": "guest", "label": "guests", "columns": ["name"],
        "relationship": { "variant": "scalar", "type": "one_to_many" }
    }]}));
    site
}

/// So often were the documents loaded. A load is told a moment after its documents can be found.
fn loads(process: &Process, times: usize) {
    let count = || process.lines().iter().filter(|line| line.contains(FILLED)).count();
    let end = Instant::now() + LIMIT;
    while count() < times && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(count(), times, "{}", process.lines().join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn partitions_come_and_go_while_it_runs() {
    let site = events("drift_running").await;
    let process = site.follow();
    site.database
        .run("INSERT INTO event VALUES (61, 1, 'new'); UPDATE event SET title = 'moved', day = 15 WHERE id = 61")
        .await;
    site.database.run("UPDATE guest SET event_id = 3, event_day = 3 WHERE id = 2").await;
    site.converges(&process).await;
    site.database.run("ALTER TABLE event ATTACH PARTITION later FOR VALUES FROM (20) TO (30)").await;
    site.converges(&process).await;
    site.database.run("UPDATE event SET title = 'after' WHERE id = 100").await;
    site.converges(&process).await;
    site.database.run("ALTER TABLE event DETACH PARTITION later").await;
    site.converges(&process).await;
    site.database.run("TRUNCATE guest_1").await;
    site.converges(&process).await;
    site.database.run("CREATE TABLE guest_3 PARTITION OF guest FOR VALUES FROM (20) TO (30)").await;
    site.database.run("DELETE FROM guest WHERE id = 12").await;
    site.converges(&process).await;
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn partitions_come_and_go_while_it_is_away() {
    let site = events("drift_away").await;
    stop(site.follow());
    site.database.run("DELETE FROM guest WHERE event_day >= 10; ALTER TABLE event ATTACH PARTITION later FOR VALUES FROM (20) TO (30)").await;
    let process = site.follow();
    site.converges(&process).await;
    stop(process);
    site.database.run("ALTER TABLE event DETACH PARTITION later").await;
    let process = site.follow();
    site.converges(&process).await;
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_rewritten_while_it_runs_is_read_again() {
    let site = Site::new("drift_rewritten").await;
    let process = site.follow();
    site.database.run("ALTER TABLE book ALTER title TYPE text USING 'rewritten ' || title").await;
    site.converges(&process).await;
    site.database.run("VACUUM FULL review").await;
    site.database.run("UPDATE review SET body = 'after' WHERE id = 7").await;
    site.converges(&process).await;
    stop(process);
}

/// What happened while a table was not published is in no stream.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_taken_out_of_the_publication_is_read_again() {
    let site = Site::new("drift_unpublished").await;
    let process = site.follow();
    let publication: String =
        site.database.client.query_one("SELECT pubname::text FROM pg_publication", &[]).await.unwrap().get(0);
    let without = |verb: &str| format!("ALTER PUBLICATION \"{publication}\" {verb} TABLE review");
    site.database.run(&without("DROP")).await;
    site.database.run("UPDATE review SET body = 'unseen' WHERE id <= 20").await;
    site.converges(&process).await;
    stop(process);
    site.database.run(&without("DROP")).await;
    site.database.run("UPDATE review SET body = 'unseen again' WHERE id <= 20").await;
    site.fails(&["run"], 1, &["review", "bootstrap"]);
    site.database.run(&without("ADD")).await;
    let process = site.follow();
    site.converges(&process).await;
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_publication_leads_to_a_new_set_up_and_a_load() {
    let site = Site::new("drift_dropped").await;
    let process = site.follow();
    let publication: String =
        site.database.client.query_one("SELECT pubname::text FROM pg_publication", &[]).await.unwrap().get(0);
    site.database.run(&format!("DROP PUBLICATION \"{publication}\"")).await;
    site.database.run("UPDATE book SET title = 'without a publication' WHERE id <= 20").await;
    // Allowed to set up, it does so again, and loads.
    site.converges(&process).await;
    loads(&process, 2);
    stop(process);
    site.database.run(&format!("DROP PUBLICATION \"{publication}\"")).await;
    site.fails(&["run"], 1, &[&publication, "bootstrap"]);
}

/// What was committed while there was none is in the stream, and no server can decode it: it has to be passed over.
#[tokio::test(flavor = "multi_thread")]
async fn a_publication_made_anew_leads_to_one_load() {
    for (name, server) in [("newest", servers::postgres_newest()), ("oldest", servers::postgres_oldest())] {
        let site = Site::between(&format!("drift_made_anew_{name}"), &server, servers::opensearch()).await;
        site.start(&["bootstrap"]).wait(LIMIT);
        let process = site.start(&["run"]);
        process.wait_for(FOLLOWS, LIMIT);
        let publication: String =
            site.database.client.query_one("SELECT pubname::text FROM pg_publication", &[]).await.unwrap().get(0);
        let anew = |between: &str| {
            format!(
                "DROP PUBLICATION \"{publication}\"; {between}; CREATE PUBLICATION \"{publication}\" FOR TABLE book, review"
            )
        };
        let title = |id, title| format!("UPDATE book SET title = '{title}' WHERE id <= {id}");
        // One transaction for the statements, or one for each.
        for statement in anew(&title(20, "between")).split(';') {
            site.database.run(statement).await;
        }
        site.converges(&process).await;
        loads(&process, 2);
        site.database.run(&title(10, "after")).await;
        site.converges(&process).await;
        stop(process);
        for statement in anew(&title(30, "while it was away")).split(';') {
            site.database.run(statement).await;
        }
        let process = site.start(&["run"]);
        process.wait_for(FOLLOWS, LIMIT);
        site.database.run(&title(5, "followed")).await;
        site.converges(&process).await;
        loads(&process, 1);
        // It is not known what it replaced, so nothing of it is changed or undone.
        stop(process);
        site.fails(&["run", "-b"], 1, &[&publication, "not made by pgsync", "PGSYNC_PUBLICATION"]);
    }
}

/// An event without the old values that its routes need is never guessed at.
#[tokio::test(flavor = "multi_thread")]
async fn a_lowered_replica_identity_is_noticed() {
    for identity in ["DEFAULT", "NOTHING"] {
        let site = Site::new(&format!("drift_identity_{}", identity.to_lowercase())).await;
        let process = site.follow();
        site.database.run(&format!("ALTER TABLE review REPLICA IDENTITY {identity}")).await;
        // With NOTHING the server itself refuses updates of a published table.
        if identity == "DEFAULT" {
            site.database.run("UPDATE review SET book_id = 150 WHERE id = 7").await;
        } else {
            site.database.run("ALTER TABLE review REPLICA IDENTITY DEFAULT").await;
            site.database.run("DELETE FROM review WHERE id = 7").await;
        }
        site.converges(&process).await;
        // Allowed to set up, it restores the identity, and loads once.
        let sql = "SELECT count(*) FROM pg_class WHERE relname = 'review' AND relreplident = 'f'";
        let end = Instant::now() + LIMIT;
        while site.database.client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            assert!(Instant::now() < end, "{}", process.lines().join("\n"));
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        site.converges(&process).await;
        loads(&process, 2);
        site.database.run("UPDATE review SET book_id = 160 WHERE id = 8").await;
        site.converges(&process).await;
        stop(process);
    }
}

/// Put back at once, nothing in the catalogue tells of it afterwards: only the event itself does. The documents are read
/// again in place.
#[tokio::test(flavor = "multi_thread")]
async fn a_replica_identity_lowered_for_a_moment_is_noticed_by_its_events() {
    let site = Site::new("drift_moment").await;
    let process = site.follow();
    for change in [
        "UPDATE review SET book_id = 150 WHERE id = 7",
        "DELETE FROM review WHERE id = 8",
        "UPDATE review SET id = 900, book_id = 160 WHERE id = 9",
    ] {
        for sql in ["ALTER TABLE review REPLICA IDENTITY DEFAULT", change, "ALTER TABLE review REPLICA IDENTITY FULL"] {
            site.database.run(sql).await;
        }
        site.converges(&process).await;
        loads(&process, 1);
    }
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_from_the_future_stops_it() {
    let site = Site::new("drift_future").await;
    let process = site.follow();
    let path = format!("/{}/_doc/7?version=4611686018427387904&version_type=external", site.physical().await);
    let (status, answer) = request(&site.engine, Method::PUT, &path, Some(&json!({ "title": "not ours" }))).await;
    assert_eq!(status, 200, "{answer}");
    site.database.run("UPDATE book SET title = 'ours' WHERE id = 7").await;
    let (status, said) = process.wait(LIMIT);
    let said = said.join("\n");
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("document `7`") && said.contains("4611686018427387904"), "{said}");
    // It does not get better by itself, and nothing was acknowledged.
    site.fails(&["run"], 1, &["document `7`"]);
    let rebuilt = site.start(&["sync", "--rebuild"]);
    assert!(rebuilt.wait(LIMIT).0.success());
    let process = site.follow();
    site.converges(&process).await;
    stop(process);
}

/// Values stored out of line are not sent again when they do not change.
#[tokio::test(flavor = "multi_thread")]
async fn values_out_of_line_stay_where_they_are() {
    let tables = "
        CREATE TABLE book (id integer PRIMARY KEY, code text UNIQUE, title text);
        ALTER TABLE book ALTER code SET STORAGE EXTERNAL, ALTER title SET STORAGE EXTERNAL;
        CREATE TABLE review (id integer PRIMARY KEY, code text, body text, stars integer);
        ALTER TABLE review ALTER code SET STORAGE EXTERNAL, ALTER body SET STORAGE EXTERNAL;
        CREATE TABLE cover (code text PRIMARY KEY, art text, size integer);
        ALTER TABLE cover ALTER code SET STORAGE EXTERNAL, ALTER art SET STORAGE EXTERNAL;
        INSERT INTO book SELECT n, n || repeat('k', 2300), n || repeat('t', 9000) FROM generate_series(1, 20) n;
        INSERT INTO review SELECT n, n || repeat('k', 2300), n || repeat('b', 9000), 1 FROM generate_series(1, 20) n;
        INSERT INTO cover SELECT code, id || repeat('a', 9000), 1 FROM book;";
    let oracle = "
        SELECT b.id::text, json_build_object('id', b.id, 'title', b.title, 'reviews',
          (SELECT json_agg(json_build_object('body', r.body, 'stars', r.stars) ORDER BY r.id)
           FROM review r WHERE r.code = b.code), 'cover', (SELECT json_build_object('art', c.art, 'size', c.size)
           FROM cover c WHERE c.code = b.code))::text
        FROM book b";
    let site = Site::of("drift_toast", &servers::postgres_newest(), servers::opensearch(), tables, oracle).await;
    site.nodes(&json!({ "table": "book", "columns": ["id", "title"], "children": [{
        "table": "review", "label": "reviews", "columns": ["body", "stars"], "relationship": {
            "variant": "object", "type": "one_to_many", "foreign_key": { "parent": ["code"], "child": ["code"] }
        }
    }, {
        "table": "cover", "columns": ["art", "size"], "relationship": {
            "variant": "object", "type": "one_to_one", "foreign_key": { "parent": ["code"], "child": ["code"] }
        }
    }]}));
    let process = site.follow();
    // The reviews have the whole row as identity, books and covers their keys.
    let sql = "SELECT string_agg(relreplident::text, '' ORDER BY relname) FROM pg_class
               WHERE relname IN ('book', 'cover', 'review')";
    assert_eq!(site.database.client.query_one(sql, &[]).await.unwrap().get::<_, &str>(0), "ddf");
    site.database.run("UPDATE cover SET size = 2 WHERE size = 1 AND art < '15'").await;
    site.converges(&process).await;
    site.database
        .run("UPDATE cover SET code = 'short' WHERE art LIKE '4a%'; DELETE FROM cover WHERE art LIKE '5a%'")
        .await;
    site.converges(&process).await;
    site.database.run("UPDATE review SET stars = 2 WHERE id <= 5").await;
    site.converges(&process).await;
    site.database.run("UPDATE review SET code = (SELECT code FROM book WHERE id = 19), stars = 3 WHERE id = 6").await;
    site.converges(&process).await;
    site.database
        .run("UPDATE book SET code = 'short' WHERE id = 4; UPDATE review SET code = 'short' WHERE id = 9")
        .await;
    site.converges(&process).await;
    site.database.run("DELETE FROM review WHERE id IN (1, 19); UPDATE book SET id = 99 WHERE id = 2").await;
    site.converges(&process).await;
    loads(&process, 1);
    stop(process);
}
