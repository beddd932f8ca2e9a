//! The whole way from a MySQL or a MariaDB to an engine: a schema of two levels is loaded and followed, over kills and a restart of
//! the server; what is sent before it is visible is waited for; what cannot be followed is refused.

use super::library::{LIMIT, Library, TABLES};
use super::*;
use crate::support::breaking::Breaking;
use crate::support::engine::request;
use pgsync_codegen::catalog::Release;
use pgsync_runtime::ErrorKind;
use pgsync_runtime::internals::Code;
use pgsync_runtime::internals::pipeline::Options;
use reqwest::Method;
use std::time::Instant;

/// One of the statements that users have, and whether it is within a transaction of several.
fn change(random: &mut fastrand::Rng) -> String {
    let (book, author, review) = (random.u32(1..12), random.u32(1..6), random.u32(1..30));
    match random.u8(0..9) {
        0 => format!("INSERT IGNORE INTO author VALUES ({author}, 'author {}')", random.u32(..)),
        1 => format!("UPDATE author SET name = 'name {}' WHERE id = {author}", random.u32(..)),
        2 => format!("INSERT IGNORE INTO book VALUES ({book}, 'title {}', {book}.5, NULL)", random.u32(..)),
        3 => format!("UPDATE IGNORE book SET author_id = {author}, price = price + 1 WHERE id = {book}"),
        4 => format!("DELETE FROM review WHERE book_id = {book}"),
        5 => format!("DELETE IGNORE FROM book WHERE id = {book}"),
        6 => format!("INSERT IGNORE INTO review VALUES ({review}, {book}, {}, 'body')", random.u8(0..6)),
        7 => format!("UPDATE IGNORE review SET book_id = {book}, stars = {} WHERE id = {review}", random.u8(0..6)),
        _ => format!("UPDATE IGNORE book SET id = {} WHERE id = {book}", random.u32(1..12)),
    }
}

async fn followed(mut library: Library) {
    library.start().await;
    library.converges().await;
    let mut random = fastrand::Rng::with_seed(11);
    for round in 0..6 {
        for _ in 0..40 {
            let several = random.u8(0..4) == 0;
            if several {
                library.run("BEGIN").await;
            }
            for _ in 0..if several { random.usize(1..5) } else { 1 } {
                let statement = change(&mut random);
                library.run(&statement).await;
            }
            if several {
                library.run(if random.bool() { "COMMIT" } else { "ROLLBACK" }).await;
            }
        }
        match round {
            // While it is away, and while it reads.
            1 | 3 => library.kill().await,
            2 | 4 => library.start().await,
            _ => {}
        }
        if library.running.is_some() {
            library.converges().await;
        }
    }
    library.server.restart();
    library.connect_again().await;
    library.run("UPDATE author SET name = 'after the restart'").await;
    library.converges().await;
    // Definitions: a table that is emptied, a column that is altered.
    library.run("TRUNCATE TABLE review").await;
    library.converges().await;
    library.run("ALTER TABLE review MODIFY stars INT").await;
    library.run("INSERT INTO review SELECT id, id, 100000, 'more' FROM book").await;
    let error = library.ends().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Drift, "{error}");
    assert!(error.to_string().contains("column stars of shop.review"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_mariadb_is_loaded_and_followed() {
    followed(Library::new(Family::MariaDb, "mysql-followed").await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_mysql_is_loaded_and_followed() {
    followed(Library::new(Family::MySql, "mysql-followed").await).await;
}

/// As MariaDB 10.5 has to be asked, which makes no table of a JSON text.
#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_mariadb_is_followed_without_json_table() {
    let mut library = Library::new(Family::MariaDb, "mysql-packed").await;
    library.release = Release::of("10.5");
    followed(library).await;
}

/// The log has a transaction seconds before sessions see it, where a replica has to acknowledge it first and none does.
async fn visible(family: Family) {
    let mut library = Library::new(family, "mysql-visible").await;
    library.start().await;
    library.converges().await;
    let wait: &[&str] = match family {
        Family::MariaDb => &[
            "SET GLOBAL rpl_semi_sync_master_wait_point = AFTER_SYNC",
            "SET GLOBAL rpl_semi_sync_master_timeout = 3000",
            "SET GLOBAL rpl_semi_sync_master_enabled = 1",
        ],
        Family::MySql => &[
            "INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so'",
            "SET GLOBAL rpl_semi_sync_source_timeout = 3000",
            "SET GLOBAL rpl_semi_sync_source_enabled = 1",
        ],
    };
    for statement in wait {
        library.run(statement).await;
    }
    let asked = Instant::now();
    library.run("UPDATE book SET title = 'late' WHERE id = 1").await;
    assert!(asked.elapsed() > Duration::from_secs(2), "the commit has not waited");
    library.converges().await;
    // What was written from before it would stay, as no other change comes.
    tokio::time::sleep(Duration::from_secs(1)).await;
    library.converges().await;
    library.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_what_is_not_visible_yet_is_not_read_on_mariadb() {
    visible(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_what_is_not_visible_yet_is_not_read_on_mysql() {
    visible(Family::MySql).await;
}

/// A load begins while the log is ahead of what sessions see: it does not read before they see what its version says.
#[tokio::test(flavor = "multi_thread")]
async fn mysql_what_is_not_visible_yet_is_not_loaded_on_mariadb() {
    let mut library = Library::new(Family::MariaDb, "mysql-visible-load").await;
    // Its first statement is logged, and would wait too.
    let mut writer = session(&library.server).await;
    for statement in [
        "SET GLOBAL rpl_semi_sync_master_wait_point = AFTER_SYNC",
        "SET GLOBAL rpl_semi_sync_master_timeout = 8000",
        "SET GLOBAL rpl_semi_sync_master_enabled = 1",
    ] {
        library.run(statement).await;
    }
    let pipeline = library.pipeline(Options::default()).await;
    let late = tokio::spawn(async move {
        run(&mut writer, "UPDATE book SET title = 'late' WHERE id = 1").await;
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    library.running = Some(tokio::spawn(async move { pipeline.run().await }));
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(!late.is_finished(), "the commit has not waited");
    late.await.unwrap();
    library.converges().await;
    library.kill().await;
}

/// A session may log of a row no more than its key and what it changes. Then nobody knows which documents had it before.
async fn minimal(family: Family) {
    let mut library = Library::new(family, "mysql-minimal").await;
    library.start().await;
    library.converges().await;
    for statement in [
        "SET SESSION binlog_row_image = MINIMAL",
        "UPDATE review SET book_id = 3 WHERE id = 1",
        "UPDATE book SET author_id = NULL WHERE id = 3",
        "DELETE FROM review WHERE id = 2",
        "UPDATE author SET name = 'Bea' WHERE id = 1",
    ] {
        library.run(statement).await;
        library.converges().await;
    }
    library.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_rows_that_a_session_logs_in_part_are_followed() {
    minimal(Family::MariaDb).await;
    minimal(Family::MySql).await;
}

/// A table that was InnoDB's when the schema was compiled.
#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_table_without_transactions_is_refused_at_the_start() {
    for family in [Family::MariaDb, Family::MySql] {
        let mut library = Library::new(family, "mysql-myisam").await;
        let pipeline = library.pipeline(Options { until_caught_up: true, ..Options::default() }).await;
        library.run("ALTER TABLE review DROP FOREIGN KEY about").await;
        library.run("ALTER TABLE review ENGINE = MyISAM").await;
        let error = pipeline.run().await.unwrap_err();
        assert_eq!(error.code(), Some(Code::UntransactionalTable), "{error}");
        assert!(error.to_string().contains("shop.review (MyISAM)"), "{error}");
    }
}

/// Connections break at any place, again and again, the load included.
async fn broken(family: Family) {
    let mut library = Library::new(family, "mysql-broken").await;
    let way = Breaking::start(&format!("127.0.0.1:{}", library.server.port())).await;
    library.hosts = Some(format!("127.0.0.1:{}", way.port));
    library.start().await;
    let mut random = fastrand::Rng::with_seed(17);
    for _ in 0..12 {
        let until = Instant::now() + Duration::from_millis(random.u64(500..2500));
        while Instant::now() < until {
            let statement = change(&mut random);
            library.run(&statement).await;
        }
        way.cut();
    }
    library.converges().await;
    assert!(way.cuts() >= 12, "{} connections were cut", way.cuts());
    library.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_mariadb_is_followed_over_connections_that_break() {
    broken(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_mysql_is_followed_over_connections_that_break() {
    broken(Family::MySql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_what_cannot_be_followed_is_refused_at_the_start() {
    let mut library = Library::new(Family::MariaDb, "mysql-refused").await;
    let once = Options { until_caught_up: true, ..Options::default() };
    library.run("SET GLOBAL binlog_row_metadata = MINIMAL").await;
    let error = library.pipeline(once).await.run().await.unwrap_err();
    assert_eq!(error.code(), Some(Code::ServerSetting), "{error}");
    assert!(error.next_step().is_some_and(|help| help.contains("binlog_row_metadata = 'FULL'")), "{error:?}");
    library.run("SET GLOBAL binlog_row_metadata = FULL").await;
    let pipeline = library.pipeline(once).await;
    library.run("DROP TABLE review").await;
    let error = pipeline.run().await.unwrap_err();
    assert_eq!(error.code(), Some(Code::OtherTables), "{error}");
    library.run(TABLES[2]).await;

    library.pipeline(once).await.run().await.unwrap();
    library.converges().await;
    // Another process under the same name.
    library.start().await;
    library.converges().await;
    let second = library.pipeline(Options::default()).await;
    let (health, stop) = (second.health(), second.stop_token());
    let second = tokio::spawn(async move { second.run().await });
    let end = Instant::now() + LIMIT;
    let waits_for = |word| health.report().waiting_for.is_some_and(|what| what.contains(word));
    while !waits_for("another process works under the name") {
        assert!(Instant::now() < end && !second.is_finished(), "{:?}", health.report());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    stop.cancel();
    second.await.unwrap().unwrap();
    library.kill().await;
}

/// Changes go on while processes are killed at any place, the load included.
async fn killed(family: Family) {
    let mut library = Library::new(family, "mysql-killed").await;
    let directory = tempfile::tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(5);
    for round in 0..8 {
        let process = library.process(&directory, &["run"]);
        let until = Instant::now() + Duration::from_millis(random.u64(300..2500));
        while Instant::now() < until {
            let statement = change(&mut random);
            library.run(&statement).await;
        }
        if round == 5 {
            library.server.restart();
            library.connect_again().await;
        }
        process.kill();
    }
    let mut process = library.process(&directory, &["run"]);
    library.converges_by(&mut process).await;
    process.terminate();
    let (status, said) = process.wait(LIMIT);
    assert!(status.success(), "{}", said.join("\n"));
    // What is there goes on from where it was: nothing is loaded a second time.
    library.run("UPDATE author SET name = 'at the end'").await;
    let (status, said) = library.process(&directory, &["sync"]).wait(LIMIT);
    let said = said.join("\n");
    assert!(status.success() && !said.contains("loading"), "{said}");
    library.converges().await;
    let (status, said) = library.process(&directory, &["status"]).wait(LIMIT);
    assert!(status.success() && said.join("\n").contains("log end"), "{said:?}");
    let (status, said) = library.process(&directory, &["teardown", "--indexes"]).wait(LIMIT);
    assert!(status.success(), "{said:?}");
    assert_eq!(request(&library.engine, Method::GET, &format!("/{}", library.index), None).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_mariadb_is_followed_over_kills_of_the_process() {
    killed(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_mysql_is_followed_over_kills_of_the_process() {
    killed(Family::MySql).await;
}

/// The log that was needed is gone, or the server's history begins anew: everything is loaded again, and nothing is stale.
async fn lost(family: Family, name: &str, how: &[&str]) {
    let mut library = Library::new(family, name).await;
    library.start().await;
    library.converges().await;
    library.kill().await;
    library.run("DELETE FROM review WHERE id = 1").await;
    library.run("UPDATE book SET title = 'unseen' WHERE id = 2").await;
    for statement in how {
        library.run(statement).await;
    }
    library.start().await;
    library.converges().await;
    library.run("UPDATE book SET title = 'seen' WHERE id = 2").await;
    library.converges().await;
    library.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_log_that_is_purged_is_loaded_again_on_mariadb() {
    lost(
        Family::MariaDb,
        "mysql-purged",
        &["FLUSH BINARY LOGS", "FLUSH BINARY LOGS", "PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 DAY"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_log_that_is_purged_is_loaded_again_on_mysql() {
    lost(
        Family::MySql,
        "mysql-purged",
        &["FLUSH BINARY LOGS", "FLUSH BINARY LOGS", "PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 DAY"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_history_that_begins_anew_is_loaded_again() {
    lost(Family::MariaDb, "mysql-anew", &["RESET MASTER", "INSERT INTO apart VALUES (1)"]).await;
    lost(Family::MySql, "mysql-anew", &["RESET BINARY LOGS AND GTIDS", "INSERT INTO apart VALUES (1)"]).await;
}
