//! A PostgreSQL that takes everything and answers nothing: it is noticed within the settings' patience, told with its
//! code, and what changed meanwhile arrives when the hole ends, without a load.

use crate::support::hole::Hole;
use crate::support::servers::{opensearch, postgres_versions};
use crate::support::site::{LIMIT, Site, stop};
use std::time::Duration;

const PATIENCE: (&str, &str) = ("PGSYNC_PATIENCE", "2");

async fn behind_a_hole(name: &str, server: &str) -> (Site, Hole) {
    let mut site = Site::between(name, server, opensearch()).await;
    let (before, rest) = site.database.url.rsplit_once('@').unwrap();
    let (address, database) = rest.split_once('/').unwrap();
    let hole = Hole::start(address).await;
    let url = format!("{before}@127.0.0.1:{}/{database}?connect_timeout=2", hole.port);
    site.settings = vec![("PG_URL".to_owned(), url), (PATIENCE.0.to_owned(), PATIENCE.1.to_owned())];
    (site, hole)
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_in_the_middle_is_noticed_and_nothing_is_lost() {
    for (version, server) in postgres_versions() {
        let (site, hole) = behind_a_hole(&format!("silence_{version}"), &server).await;
        let mut process = site.follow();
        site.database.run("UPDATE book SET title = 'before' WHERE id <= 5").await;
        site.converges(&process).await;
        let index = site.physical().await;
        hole.hold(true);
        site.database.run("UPDATE book SET title = 'meanwhile' WHERE id <= 10").await;
        // The patience, the time to connect, and what a busy machine adds.
        process.wait_for("P0211", Duration::from_secs(15));
        assert!(process.runs());
        tokio::time::sleep(Duration::from_secs(5)).await;
        hole.hold(false);
        site.converges(&process).await;
        assert_eq!(site.physical().await, index, "it was loaded again");
        stop(process);
        site.leave().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_from_the_beginning_ends_with_the_code() {
    let (site, hole) = behind_a_hole("silence_start", &postgres_versions()[2].1).await;
    hole.hold(true);
    let process = site.start(&["run", "--wait", "1"]);
    let (status, said) = process.wait(LIMIT);
    assert_eq!(status.code(), Some(1), "{said:?}");
    assert!(said.iter().any(|line| line.contains("error[P0211]")), "{said:?}");
}

/// A load that is being read when the hole opens.
#[tokio::test(flavor = "multi_thread")]
async fn silence_while_rows_are_read_is_noticed() {
    let (mut site, hole) = behind_a_hole("silence_read", &postgres_versions()[2].1).await;
    site.settings.push(("PGSYNC_STATEMENT_TIMEOUT".to_owned(), "3".to_owned()));
    let process = site.follow();
    // Reading waits for the lock, and then nothing comes any more.
    let holder = site.database.session().await;
    holder.batch_execute("BEGIN; LOCK TABLE review IN ACCESS EXCLUSIVE MODE").await.unwrap();
    site.database.run("UPDATE book SET title = 'locked' WHERE id <= 10").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    hole.hold(true);
    holder.batch_execute("ROLLBACK").await.unwrap();
    process.wait_for("P0211", Duration::from_secs(15));
    hole.hold(false);
    site.converges(&process).await;
    stop(process);
    site.leave().await;
}

/// A keepalive that names a position far beyond the log, as a broken or hostile way to the server could make it.
#[tokio::test(flavor = "multi_thread")]
async fn silence_broken_by_a_forged_position_is_not_believed() {
    let (site, hole) = behind_a_hole("silence_forged", &postgres_versions()[2].1).await;
    let process = site.follow();
    site.database.run("UPDATE book SET title = 'before' WHERE id <= 5").await;
    site.converges(&process).await;
    let sql = "SELECT (pg_current_wal_lsn() - '0/0')::int8";
    let end: i64 = site.database.client.query_one(sql, &[]).await.unwrap().get(0);
    let mut keepalive = vec![b'd', 0, 0, 0, 22, b'k'];
    keepalive.extend((end.cast_unsigned() + (1 << 40)).to_be_bytes());
    keepalive.extend([0; 9]);
    hole.forge(keepalive);
    process.wait_for("P0403", Duration::from_secs(15));
    site.database.run("UPDATE book SET title = 'after' WHERE id <= 5").await;
    site.converges(&process).await;
    let sql = "SELECT confirmed_flush_lsn <= pg_current_wal_lsn() FROM pg_replication_slots
               WHERE database = current_database()";
    assert!(site.database.client.query_one(sql, &[]).await.unwrap().get::<_, bool>(0));
    stop(process);
    site.leave().await;
}
