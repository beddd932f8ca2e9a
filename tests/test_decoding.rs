//! PostgreSQL 9.6, whose changes come as lines of `test_decoding`: they say what `pgoutput` says of the same changes, row by row;
//! and what is peculiar to that server is lived with.

use crate::support::database::Database;
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop, until};
use pgsync_runtime::internals::Lsn;
use pgsync_runtime::internals::source::postgres::pgoutput::{Cell, Message, OldKind, Tuple, decode};
use pgsync_runtime::internals::source::postgres::{Frame, test_decoding};
use std::collections::HashMap;
use std::time::Duration;

/// How long the file of a table may be another one before that is seen.
const LOOKS: Duration = Duration::from_secs(40);

/// Every replica identity, values of every form, and columns that come and go.
const TABLES: &str = r#"
    CREATE TYPE "my ]: type" AS ENUM ('it''s', 'x');
    CREATE TABLE plain (id integer PRIMARY KEY, name text, amount numeric, ok boolean, mask bit varying, long text, "we ""ird: [" text[]);
    CREATE TABLE whole (a integer, b text, c "my ]: type");
    ALTER TABLE whole REPLICA IDENTITY FULL;
    CREATE TABLE keyed (id integer PRIMARY KEY, code text NOT NULL, more text);
    CREATE UNIQUE INDEX keyed_code ON keyed (code);
    ALTER TABLE keyed REPLICA IDENTITY USING INDEX keyed_code;
    CREATE TABLE nothing (id integer PRIMARY KEY, name text);
    ALTER TABLE nothing REPLICA IDENTITY NOTHING;
    CREATE TABLE elsewhere (id integer PRIMARY KEY);
    ALTER TABLE plain ALTER long SET STORAGE EXTERNAL"#;

const CHANGES: &str = r#"
    INSERT INTO plain SELECT n, CASE n WHEN 3 THEN NULL ELSE 'it''s ' || n || E'\n old-key: x[y]:1 new-tuple:' END, n / 7.0, n % 2 = 0,
        B'1011', repeat('long', 2000), ARRAY['a b', NULL, 'it''s'] FROM generate_series(1, 9) n
    UPDATE plain SET name = 'null' WHERE id < 3
    UPDATE plain SET id = id + 100, name = NULL WHERE id = 5
    UPDATE plain SET amount = 'NaN', mask = '' WHERE id = 6
    DELETE FROM plain WHERE id = 7
    INSERT INTO whole VALUES (1, 'one', 'it''s'), (NULL, 'two', NULL), (3, NULL, 'x')
    UPDATE whole SET b = 'another' WHERE a = 1
    DELETE FROM whole
    INSERT INTO keyed VALUES (1, 'a', NULL), (2, 'b', 'more')
    UPDATE keyed SET code = 'c' WHERE id = 1
    UPDATE keyed SET more = 'same key'
    DELETE FROM keyed
    INSERT INTO elsewhere VALUES (1)
    ALTER TABLE plain ADD added text DEFAULT 'new', DROP amount
    UPDATE plain SET added = 'x' WHERE id = 1
    INSERT INTO plain (id, added) VALUES (50, NULL)
    DELETE FROM plain WHERE id = 50
    DELETE FROM plain WHERE id = 1
    TRUNCATE plain, elsewhere"#;

/// A change in words: what of its transaction, of which table, and each column by its name.
fn said(messages: &[Vec<u8>], names: &HashMap<u32, String>) -> Vec<String> {
    let mut columns: HashMap<u32, Vec<(String, bool)>> = HashMap::new();
    let mut lines = Vec::new();
    for message in messages {
        let row = |relation: u32, columns: &HashMap<u32, Vec<(String, bool)>>, tuple: Tuple<'_>, keys: bool| {
            let known = &columns[&relation];
            let cells =
                tuple.iter().zip(known).filter(|(_, (_, key))| *key || !keys).map(|(cell, (name, _))| match cell {
                    Cell::Null => format!("{name} is null"),
                    Cell::Unchanged => format!("{name} is unchanged"),
                    Cell::Text(text) | Cell::Binary(text) => format!("{name}={}", String::from_utf8_lossy(text)),
                });
            cells.collect::<Vec<_>>().join("|")
        };
        let old = |relation, columns: &_, (kind, old): (OldKind, Tuple<'_>)| match kind {
            OldKind::Key => format!("key {}", row(relation, columns, old, true)),
            OldKind::Full => format!("whole {}", row(relation, columns, old, false)),
        };
        lines.push(match decode(message).unwrap() {
            Message::Begin { .. } => "begin".to_owned(),
            Message::Commit { .. } => "commit".to_owned(),
            Message::Relation(relation) => {
                let of = relation.columns.into_iter().map(|column| (column.name, column.key));
                columns.insert(relation.oid, of.collect());
                continue;
            }
            Message::Insert { relation, new } => {
                format!("insert {} {}", names[&relation], row(relation, &columns, new, false))
            }
            Message::Update { relation, old: before, new } => format!(
                "update {} from {} to {}",
                names[&relation],
                before.map_or("the same key".to_owned(), |before| old(relation, &columns, before)),
                row(relation, &columns, new, false)
            ),
            Message::Delete { relation, kind, old: before } => {
                format!("delete {} {}", names[&relation], old(relation, &columns, (kind, before)))
            }
            Message::Truncate { relations, .. } => {
                let mut names: Vec<&str> = relations.iter().map(|oid| names[oid].as_str()).collect();
                names.sort_unstable();
                format!("truncate {}", names.join(", "))
            }
            _ => continue,
        });
    }
    lines
}

/// The same changes, read through both plugins of one server.
#[tokio::test(flavor = "multi_thread")]
async fn test_decoding_says_what_pgoutput_says() {
    for (which, server) in servers::postgres_versions() {
        let database = Database::create(&server, &format!("two_plugins_{which}")).await;
        database.run(TABLES).await;
        database.run("CREATE PUBLICATION two FOR TABLE plain, whole, keyed").await;
        let slots = [("one", "pgoutput"), ("other", "test_decoding")];
        for (slot, plugin) in slots {
            database
                .run(&format!("SELECT pg_create_logical_replication_slot('plugins_{slot}_{which}', '{plugin}')"))
                .await;
        }
        let sql = "SELECT c.oid, c.relname::text FROM pg_class c WHERE c.relname IN ('plain', 'whole', 'keyed')";
        let rows = database.client.query(sql, &[]).await.unwrap();
        let names: HashMap<u32, String> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let oids: Vec<u32> = names.keys().copied().collect();
        let tables = test_decoding::tables(&database.client, &oids).await.unwrap();
        for statement in
            CHANGES.lines().filter(|line| !line.trim().is_empty()).fold(Vec::<String>::new(), |mut all, line| {
                // A line that goes on is set in further.
                if line.starts_with("        ") {
                    all.last_mut().unwrap().push_str(line);
                } else {
                    all.push(line.to_owned());
                }
                all
            })
        {
            database.run(&statement).await;
        }
        let binary = format!(
            "SELECT data FROM pg_logical_slot_get_binary_changes('plugins_one_{which}', NULL, NULL, 'proto_version', '1',
             'publication_names', 'two')"
        );
        let rows = database.client.query(&binary, &[]).await.unwrap();
        let wanted: Vec<Vec<u8>> = rows.iter().map(|row| row.get(0)).collect();
        let lines = format!(
            "SELECT lsn::text, data FROM pg_logical_slot_get_changes('plugins_other_{which}', NULL, NULL, 'include-xids', 'true',
             'include-timestamp', 'true', 'skip-empty-xacts', 'true')"
        );
        // As the program's sessions have it.
        database.run("SET TimeZone = 'UTC'").await;
        let rows = database.client.query(&lines, &[]).await.unwrap();
        for (slot, _) in slots {
            database.run(&format!("SELECT pg_drop_replication_slot('plugins_{slot}_{which}')")).await;
        }
        let mut translation = test_decoding::Translation::new(tables);
        let mut found: Vec<Vec<u8>> = Vec::new();
        for row in &rows {
            let place: Lsn = row.get::<_, &str>(0).parse().unwrap();
            let payload = row.get::<_, String>(1).into_bytes().into();
            let frame = Frame::Data { wal_start: place, wal_end: place, payload };
            assert!(translation.take(frame).unwrap().is_none(), "a transaction is held until it has ended");
            while let Some(frame) = translation.hand_on().unwrap() {
                let Frame::Data { payload, .. } = frame else { panic!("a keepalive comes from nowhere") };
                found.push(payload.to_vec());
            }
        }
        let (wanted, mut found) = (said(&wanted, &names), said(&found, &names));
        // A transaction without a change of ours is empty here, and not sent at all there.
        let mut at = 0;
        while at + 1 < found.len() {
            if found[at] == "begin" && found[at + 1] == "commit" {
                found.drain(at..at + 2);
            } else {
                at += 1;
            }
        }
        let wanted: Vec<String> = {
            let mut kept = Vec::new();
            for line in wanted {
                if line == "commit" && kept.last().is_some_and(|last| last == "begin") {
                    kept.pop();
                } else {
                    kept.push(line);
                }
            }
            kept
        };
        assert!(wanted.len() > 40 && wanted.iter().any(|line| line.contains("is unchanged")), "{which}: {wanted:#?}");
        for (found, wanted) in found.iter().zip(&wanted) {
            assert_eq!(found, wanted, "{which}");
        }
        assert_eq!(found.len(), wanted.len(), "{which}");
    }
}

async fn site(name: &str) -> Site {
    Site::between(name, &servers::postgres_9_6(), servers::opensearch()).await
}

/// It is held on disk until its end is known, and killed meanwhile it comes again.
#[tokio::test(flavor = "multi_thread")]
async fn test_decoding_hands_over_a_transaction_that_memory_has_no_room_for() {
    let site = site("td_large").await;
    let process = site.follow();
    site.converges(&process).await;
    let insert = "INSERT INTO book SELECT n, repeat('title ', 30) || n FROM generate_series(1000, 60000) n";
    site.database.run(insert).await;
    process.kill();
    let process = site.follow();
    site.converges(&process).await;
    site.database.run("DELETE FROM book WHERE id > 1500; UPDATE book SET title = 'last' WHERE id = 1500").await;
    site.converges(&process).await;
    stop(process);
    site.leave().await;
}

/// `TRUNCATE` is not in the log of this server. The file of the table is another one.
#[tokio::test(flavor = "multi_thread")]
async fn test_decoding_has_an_emptied_table_noticed() {
    let site = site("td_truncate").await;
    let process = site.follow();
    site.converges(&process).await;
    let before = site.physical().await;
    site.database.run("TRUNCATE review").await;
    site.is_loaded_again(&before, &process, LOOKS).await;
    site.converges(&process).await;
    site.database.run("INSERT INTO review VALUES (1, 5, 'after')").await;
    site.converges(&process).await;
    stop(process);
    site.leave().await;
}

/// A child that moves under REPLICA IDENTITY FULL, then under one that was lowered a moment ago: the line has no word for which.
#[tokio::test(flavor = "multi_thread")]
async fn test_decoding_never_takes_a_key_for_a_whole_row() {
    let site = site("td_lowered").await;
    let process = site.follow();
    site.converges(&process).await;
    site.database.run("UPDATE review SET book_id = book_id + 1 WHERE id < 50").await;
    site.converges(&process).await;
    for identity in ["DEFAULT", "NOTHING"] {
        let lowered = format!("ALTER TABLE review REPLICA IDENTITY {identity}");
        site.database.run(&lowered).await;
        site.database.run("UPDATE review SET book_id = book_id + 1 WHERE id BETWEEN 100 AND 150").await;
        site.database.run("DELETE FROM review WHERE id = (SELECT min(id) FROM review)").await;
        site.converges(&process).await;
    }
    stop(process);
    site.leave().await;
}

/// What is made and undone there: a slot and identities, no publication; and what is left is named.
#[tokio::test(flavor = "multi_thread")]
async fn test_decoding_is_set_up_and_torn_down() {
    let site = site("td_set_up").await;
    let (status, said) = site.start(&["bootstrap", "--dry-run"]).wait(LIMIT);
    let said = said.join("\n");
    assert!(status.success() && said.contains("'test_decoding')"), "{said}");
    assert!(said.contains("REPLICA IDENTITY FULL") && !said.contains("PUBLICATION"), "{said}");
    let (status, said) = site.start(&["bootstrap"]).wait(LIMIT);
    assert!(status.success(), "{}", said.join("\n"));
    let process = site.start(&["run"]);
    process.wait_for(FOLLOWS, LIMIT);
    site.converges(&process).await;
    let (status, said) = site.start(&["status"]).wait(LIMIT);
    assert!(status.success(), "{}", said.join("\n"));
    let sql = "SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE database = current_database()";
    let confirmed = async || site.database.client.query_one(sql, &[]).await.unwrap().get::<_, String>(0);
    let before = confirmed().await;
    site.database.run("UPDATE book SET title = 'moves on' WHERE id = 1").await;
    until(&process, "the slot moves on", || async { confirmed().await != before }).await;
    stop(process);
    let (status, said) = site.start(&["teardown", "--indexes"]).wait(LIMIT);
    let said = said.join("\n");
    assert!(status.success() && said.contains(r#"ALTER TABLE "public"."review" REPLICA IDENTITY DEFAULT"#), "{said}");
    let sql = "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()";
    assert_eq!(site.database.client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0), 0);
}
