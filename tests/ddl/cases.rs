//! One thing done to the tables at a time, while the program runs and while it does not. The table in
//! `docs/guarantees.md` has a line for each.

use super::tables::site;
use crate::support::servers;
use crate::support::site::{LIMIT, Site, stop};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// What has to come of it.
#[derive(Clone, Copy, PartialEq)]
enum End {
    /// The documents are right, and were loaded anew or not.
    Right,
    /// The documents are right, and the index is the one from before: nothing was loaded.
    InPlace,
    /// The program has ended with this code and names this.
    Stops(i32, &'static str),
}

struct Case {
    name: &'static str,
    /// The least server version.
    since: u32,
    /// Each is a transaction of its own. `PUBLICATION` stands for the publication's name.
    statements: &'static [&'static str],
    end: End,
    /// What has to come when it is done while the program is away: a new start compiles the schema again.
    away: End,
}

const fn case(name: &'static str, statements: &'static [&'static str]) -> Case {
    Case { name, since: 11, statements, end: End::Right, away: End::Right }
}

const CASES: &[Case] = &[
    case(
        "column_replaced",
        &[
            "ALTER TABLE book ADD t_new text",
            "UPDATE book SET t_new = 'new ' || id",
            "ALTER TABLE book DROP title; ALTER TABLE book RENAME t_new TO title",
        ],
    ),
    case("column_dropped_and_added", &["ALTER TABLE book DROP title; ALTER TABLE book ADD title text DEFAULT 'given'"]),
    case(
        "link_replaced",
        &[
            "ALTER TABLE review ADD other integer; UPDATE review SET other = book_id % 40 + 1",
            "ALTER TABLE review DROP book_id; ALTER TABLE review RENAME other TO book_id",
        ],
    ),
    case(
        "column_renamed_and_back",
        &[
            "ALTER TABLE review RENAME body TO text",
            "UPDATE review SET text = 'changed meanwhile' WHERE id <= 20",
            "ALTER TABLE review RENAME text TO body",
        ],
    ),
    Case {
        end: End::Stops(2, "title"),
        away: End::Stops(2, "title"),
        ..case("column_renamed", &["ALTER TABLE book RENAME title TO headline", "UPDATE book SET headline = 'x'"])
    },
    Case {
        end: End::Stops(2, "review"),
        away: End::Stops(2, "review"),
        ..case("table_renamed", &["ALTER TABLE review RENAME TO opinion"])
    },
    case(
        "table_replaced",
        &["CREATE TABLE r2 (LIKE review INCLUDING ALL); INSERT INTO r2 SELECT id, book_id, 'copy', 1 FROM review;
           DROP TABLE review; ALTER TABLE r2 RENAME TO review"],
    ),
    Case {
        end: End::Stops(2, "cost"),
        // The live catalogue is compiled: another type is another document.
        away: End::Right,
        ..case("column_retyped", &["ALTER TABLE book ALTER cost TYPE bigint USING cost::bigint + 1"])
    },
    case("column_rewritten", &["ALTER TABLE book ALTER title TYPE text USING 'rewritten ' || title"]),
    case("vacuum_full", &["VACUUM FULL review", "UPDATE review SET body = 'after' WHERE id <= 3"]),
    case("label_renamed", &["ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'"]),
    case(
        "label_renamed_and_back",
        &[
            "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'",
            "UPDATE book SET cost = cost + 1 WHERE id <= 30",
            "ALTER TYPE mood RENAME VALUE 'fine' TO 'ok'",
        ],
    ),
    Case { end: End::InPlace, away: End::InPlace, ..case("label_added", &["ALTER TYPE mood ADD VALUE 'elated'"]) },
    case("attribute_renamed", &["ALTER TYPE place RENAME ATTRIBUTE town TO city"]),
    Case {
        end: End::InPlace,
        away: End::InPlace,
        ..case(
            "unused_column",
            &["ALTER TABLE book ADD unused integer DEFAULT 3", "ALTER TABLE review DROP stars", "ANALYZE book"],
        )
    },
    case(
        "partition_changed_while_detached",
        &["BEGIN; ALTER TABLE visit DETACH PARTITION visit_1; UPDATE visit_1 SET note = 'meanwhile' WHERE id <= 25;
           DELETE FROM visit_1 WHERE id = 7; ALTER TABLE visit ATTACH PARTITION visit_1 FOR VALUES FROM (0) TO (10); COMMIT"],
    ),
    case("partition_detached", &["ALTER TABLE visit DETACH PARTITION visit_1"]),
    case("partition_dropped", &["DROP TABLE visit_1"]),
    Case {
        end: End::InPlace,
        away: End::InPlace,
        ..case(
            "partition_created",
            &[
                "CREATE TABLE visit_3 PARTITION OF visit FOR VALUES FROM (20) TO (30)",
                "INSERT INTO visit VALUES (100, 20, 4, 'first'), (101, 21, 5, 'second'), (102, 21, 6, 'third')",
                "UPDATE visit SET book_id = 9 WHERE id = 101; DELETE FROM visit WHERE id = 102",
            ],
        )
    },
    Case {
        end: End::InPlace,
        away: End::InPlace,
        ..case(
            "partition_attached",
            &[
                "CREATE TABLE visit_3 (LIKE visit INCLUDING ALL)",
                "INSERT INTO visit_3 SELECT n + 200, 20, n, 'brought along' FROM generate_series(1, 60) n",
                "ALTER TABLE visit ATTACH PARTITION visit_3 FOR VALUES FROM (20) TO (30)",
            ],
        )
    },
    case(
        "heir_created",
        &[
            "CREATE TABLE review_kept () INHERITS (review)",
            "INSERT INTO review_kept VALUES (1001, 4, 'first', 1), (1002, 5, 'second', 2)",
            "UPDATE review SET book_id = 9 WHERE id = 1002; DELETE FROM review WHERE id = 1001",
        ],
    ),
    case(
        "heir_with_rows",
        &[
            "CREATE TABLE review_kept (LIKE review)",
            "INSERT INTO review_kept SELECT n + 1000, n, 'brought along', 1 FROM generate_series(1, 60) n",
            "ALTER TABLE review_kept INHERIT review",
            "UPDATE review SET body = 'later' WHERE id = 1007",
        ],
    ),
    case(
        "inserts_only_for_a_while",
        &[
            "ALTER PUBLICATION PUBLICATION SET (publish = 'insert')",
            "UPDATE book SET title = 'unpublished' WHERE id <= 20; DELETE FROM review WHERE id = 5",
            "ALTER PUBLICATION PUBLICATION SET (publish = 'insert, update, delete, truncate')",
        ],
    ),
    case(
        "table_unpublished_for_a_while",
        &[
            "ALTER PUBLICATION PUBLICATION DROP TABLE review",
            "UPDATE review SET body = 'unpublished' WHERE id <= 20",
            "ALTER PUBLICATION PUBLICATION ADD TABLE review",
        ],
    ),
    Case {
        since: 15,
        ..case(
            "rows_filtered_for_a_while",
            &[
                "ALTER PUBLICATION PUBLICATION SET TABLE book, visit, review WHERE (id > 1000)",
                "UPDATE review SET body = 'filtered' WHERE id <= 20",
                "ALTER PUBLICATION PUBLICATION SET TABLE book, visit, review",
            ],
        )
    },
    Case {
        since: 15,
        ..case(
            "rows_filtered",
            &[
                "ALTER PUBLICATION PUBLICATION SET TABLE book, visit, review WHERE (id > 1000)",
                "UPDATE review SET body = 'filtered' WHERE id <= 20",
            ],
        )
    },
    Case {
        since: 15,
        ..case(
            "columns_listed",
            &[
                "ALTER PUBLICATION PUBLICATION SET TABLE book (id), visit, review",
                "UPDATE book SET title = 'not in the list' WHERE id <= 20",
            ],
        )
    },
    case(
        "identity_lowered",
        &["ALTER TABLE review REPLICA IDENTITY DEFAULT", "UPDATE review SET book_id = 40 WHERE id <= 20"],
    ),
];

async fn change(site: &Site, case: &Case) {
    let sql = "SELECT quote_ident(pubname) FROM pg_publication";
    let publication: String = site.database.client.query_one(sql, &[]).await.unwrap().get(0);
    for statement in case.statements {
        site.database.run(&statement.replace("PUBLICATION PUBLICATION", &format!("PUBLICATION {publication}"))).await;
    }
}

async fn while_it_runs(case: &'static Case, (version, number): (&str, u32), server: &str) {
    let site = site(&format!("ddl_{}_{version}", case.name), server, servers::opensearch()).await;
    let process = site.follow();
    let before = site.physical().await;
    change(&site, case).await;
    if let End::Stops(code, word) = case.end {
        let (status, said) = process.wait(LIMIT);
        let said = said.join("\n");
        assert!(status.code() == Some(code) && said.contains(word), "{status:?}\n{said}");
        return;
    }
    site.converges(&process).await;
    // What comes afterwards is followed too.
    site.database
        .run("UPDATE book SET title = 'later' WHERE id = 50; UPDATE visit SET note = 'later' WHERE id = 55")
        .await;
    site.converges(&process).await;
    // Before version 13 a partition is published by its own name: a new one has to be added, and is loaded.
    if case.end == End::InPlace && (number >= 13 || !case.name.starts_with("partition")) {
        // Two looks later it is the same index still.
        tokio::time::sleep(std::time::Duration::from_secs(21)).await;
        assert_eq!(site.physical().await, before, "loaded again\n{}", process.lines().join("\n"));
        site.converges(&process).await;
    }
    stop(process);
}

async fn while_it_is_away(case: &'static Case, version: &str, server: &str) {
    let site = site(&format!("ddl_away_{}_{version}", case.name), server, servers::opensearch()).await;
    stop(site.follow());
    let before = site.physical().await;
    change(&site, case).await;
    if let End::Stops(code, word) = case.away {
        site.fails(&["run", "-b"], code, &[word]);
        return;
    }
    let process = if case.end == End::Right || case.away == End::InPlace {
        site.follow()
    } else {
        site.start(&["run", "-b", "--rebuild"])
    };
    site.converges(&process).await;
    site.database
        .run("UPDATE book SET title = 'later' WHERE id = 50; UPDATE visit SET note = 'later' WHERE id = 55")
        .await;
    site.converges(&process).await;
    if case.away == End::InPlace {
        tokio::time::sleep(std::time::Duration::from_secs(12)).await;
        assert_eq!(site.physical().await, before, "loaded again\n{}", process.lines().join("\n"));
    }
    stop(process);
}

/// Runs every case, a few at a time, and names all that failed.
async fn every_case(version: &'static str, number: u32, server: String, away: bool) {
    let only: BTreeSet<String> =
        std::env::var("PGSYNC_TEST_DDL").iter().flat_map(|names| names.split(',')).map(str::to_owned).collect();
    let few = Arc::new(Semaphore::new(4));
    let mut running = JoinSet::new();
    for case in CASES.iter().filter(|case| case.since <= number && (only.is_empty() || only.contains(case.name))) {
        let (few, server) = (Arc::clone(&few), server.clone());
        running.spawn(async move {
            let _one = few.acquire_owned().await;
            let run = tokio::spawn(async move {
                if away {
                    while_it_is_away(case, version, &server).await;
                } else {
                    while_it_runs(case, (version, number), &server).await;
                }
            });
            run.await.is_err().then_some(case.name)
        });
    }
    let mut failed: Vec<&str> = running.join_all().await.into_iter().flatten().collect();
    failed.sort_unstable();
    assert!(failed.is_empty(), "{} of {} cases failed: {failed:?}", failed.len(), CASES.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn ddl_while_it_runs_on_the_oldest() {
    every_case("oldest", 11, servers::postgres_oldest(), false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ddl_while_it_runs_in_the_middle() {
    every_case("middle", 15, servers::postgres_middle(), false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ddl_while_it_runs_on_the_newest() {
    every_case("newest", 18, servers::postgres_newest(), false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ddl_while_it_is_away() {
    every_case("middle", 15, servers::postgres_middle(), true).await;
}
