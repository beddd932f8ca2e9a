//! The replication stream: what is decoded, acknowledged, kept alive and refused.

use super::{Case, transaction};
use crate::support::servers::{postgres_newest, postgres_oldest};
use pgsync_runtime::internals::source::postgres::{Connection, Frame, Output, ReplicationStream};
use pgsync_runtime::internals::{ErrorKind, Lsn};
use std::time::Duration;

/// `sum` is the exact text of 0.1 + 0.2, which got shorter with version 12.
async fn changes_are_decoded(server: String, name: &str, sum: &str) {
    let case = Case::new(
        &server,
        name,
        "CREATE TABLE plain (id int PRIMARY KEY, at timestamptz, f float8, b bytea, t text);
         CREATE TABLE whole (id int, t text); ALTER TABLE whole REPLICA IDENTITY FULL;
         ALTER TABLE plain ALTER t SET STORAGE EXTERNAL; ALTER TABLE whole ALTER t SET STORAGE EXTERNAL;
         CREATE PUBLICATION p FOR TABLE plain, whole;",
    )
    .await;
    // Defaults that would change the text of values: the startup packet has to win.
    case.database
        .run(&format!(
            "ALTER DATABASE {name} SET DateStyle = 'German'; ALTER DATABASE {name} SET TimeZone = 'Asia/Tokyo';
             ALTER DATABASE {name} SET extra_float_digits = -3; ALTER DATABASE {name} SET bytea_output = 'escape';"
        ))
        .await;
    let mut stream = case.stream().await;
    case.database
        .run("INSERT INTO plain VALUES (1, '2026-02-01 00:00:00+00', 0.1::float8 + 0.2, '\\x00ff', repeat('x', 10000)); INSERT INTO plain VALUES (2)")
        .await;
    assert_eq!(
        transaction(&mut stream).await.0,
        [
            "relation public.plain d *id,at,f,b,t",
            &format!("insert 1,2026-02-01 00:00:00+00,{sum},\\x00ff,[10000]"),
            "insert 2,null,null,null,null"
        ]
    );
    case.database.run("UPDATE plain SET f = 1 WHERE id = 1").await;
    assert_eq!(transaction(&mut stream).await.0, ["update 1,2026-02-01 00:00:00+00,1,\\x00ff,unchanged"]);
    case.database.run("UPDATE plain SET id = 3 WHERE id = 2; DELETE FROM plain WHERE id = 3").await;
    assert_eq!(
        transaction(&mut stream).await.0,
        ["update key 2,null,null,null,null 3,null,null,null,null", "delete Key 3,null,null,null,null"]
    );
    case.database
        .run("INSERT INTO whole VALUES (1, repeat('y', 9000)); UPDATE whole SET id = 2; DELETE FROM whole")
        .await;
    assert_eq!(
        transaction(&mut stream).await.0,
        [
            "relation public.whole f *id,*t",
            "insert 1,[9000]",
            "update full 1,[9000] 2,unchanged",
            "delete Full 2,[9000]"
        ]
    );
    case.database.run("TRUNCATE plain, whole RESTART IDENTITY CASCADE").await;
    let seen = transaction(&mut stream).await.0;
    assert_eq!(seen.last().unwrap(), "truncate true true 2");
    stream.close().await.unwrap();
    case.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_decoded_newest() {
    changes_are_decoded(postgres_newest(), "source_decode_new", "0.30000000000000004").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_decoded_oldest() {
    changes_are_decoded(postgres_oldest(), "source_decode_old", "0.300000000000000044").await;
}

async fn acknowledgements_are_exact(server: String, name: &str) {
    let case = Case::new(&server, name, "CREATE TABLE t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t").await;
    let mut stream = case.stream().await;
    case.database.run("INSERT INTO t VALUES (1)").await;
    let (_, first, _) = transaction(&mut stream).await;
    case.database.run("INSERT INTO t VALUES (2)").await;
    let (_, second, _) = transaction(&mut stream).await;

    stream.acknowledge(first);
    for _ in 0..100 {
        if case.confirmed().await >= first {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(case.confirmed().await, first);

    // Acknowledged and closed at once: nothing is lost, and only what follows is sent again.
    stream.acknowledge(second);
    stream.close().await.unwrap();
    assert_eq!(case.confirmed().await, second);
    case.database.run("INSERT INTO t VALUES (3)").await;
    let mut stream = case.stream().await;
    let (seen, third, _) = transaction(&mut stream).await;
    assert_eq!(seen.last().unwrap(), "insert 3");

    // A position that was never received is held back.
    stream.acknowledge(Lsn(third.0 + (1 << 40)));
    stream.close().await.unwrap();
    let (confirmed, current) = (case.confirmed().await, case.current().await);
    assert!(confirmed >= third && confirmed <= current, "{confirmed} {third} {current}");
    case.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledgements_are_exact_newest() {
    acknowledgements_are_exact(postgres_newest(), "source_ack_new").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledgements_are_exact_oldest() {
    acknowledgements_are_exact(postgres_oldest(), "source_ack_old").await;
}

async fn an_idle_database_is_kept_alive(server: String, name: &str) {
    let case = Case::new(&server, name, "CREATE TABLE t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t").await;
    let mut stream = case.stream().await;
    case.database.run("CREATE TABLE elsewhere AS SELECT generate_series(1, 20000) AS n").await;
    let target = case.current().await;
    let reached = async {
        loop {
            match stream.next().await.unwrap() {
                Frame::Keepalive { wal_end } if wal_end >= target => return wal_end,
                _ => {}
            }
        }
    };
    let wal_end = tokio::time::timeout(Duration::from_secs(30), reached).await.expect("keepalives advance");
    stream.acknowledge(wal_end);
    stream.close().await.unwrap();
    assert_eq!(case.confirmed().await, wal_end);
    case.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_database_is_kept_alive_newest() {
    an_idle_database_is_kept_alive(postgres_newest(), "source_idle_new").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_database_is_kept_alive_oldest() {
    an_idle_database_is_kept_alive(postgres_oldest(), "source_idle_old").await;
}

/// The server's patience is 2 s and the reader sleeps for 6 s in the middle of a transaction larger than the queue and
/// every buffer in between.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_keeps_its_connection() {
    let name = "source_slow";
    let case = Case::new(
        &postgres_newest(),
        name,
        "CREATE TABLE t (id int PRIMARY KEY, t text); CREATE PUBLICATION p FOR TABLE t;
         ALTER DATABASE source_slow SET wal_sender_timeout = '2s';",
    )
    .await;
    let connection = Connection::open(&case.settings).await.unwrap();
    let mut stream =
        ReplicationStream::start_with_queue(connection, &case.slot, Output::Pgoutput { publication: "p" }, 100_000)
            .await
            .unwrap();
    case.database.run("INSERT INTO t SELECT n, repeat('x', 1000) FROM generate_series(1, 30000) n").await;
    while !matches!(stream.next().await.unwrap(), Frame::Data { .. }) {}
    tokio::time::sleep(Duration::from_secs(6)).await;
    let (mut queued, mut frames) = (0, 0);
    while let Some(frame) = stream.try_next().unwrap() {
        frames += 1;
        if let Frame::Data { payload, .. } = frame {
            queued += payload.len();
        }
        if frames > 1000 {
            break;
        }
    }
    assert!(queued > 0, "something is queued");
    let (seen, end, _) = transaction(&mut stream).await;
    assert!(seen.len() > 20_000, "{}", seen.len());
    stream.acknowledge(end);
    stream.close().await.unwrap();
    assert!(case.confirmed().await >= end);
    case.drop().await;
}

async fn refusals_of_the_stream_are_told_apart(server: String, name: &str) {
    let case = Case::new(&server, name, "CREATE TABLE t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t").await;
    let stream = case.stream().await;
    let start = async |slot: &str, publication: &str| {
        let connection = Connection::open(&case.settings).await.unwrap();
        ReplicationStream::start(connection, slot, Output::Pgoutput { publication }).await.map(drop).unwrap_err()
    };
    let error = start(&case.slot, "p").await;
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    assert!(error.to_string().contains(&stream.pid().to_string()), "{error}");
    let error = start("source_nothing", "p").await;
    assert_eq!(error.kind(), ErrorKind::Reload, "{error}");
    stream.close().await.unwrap();

    // The server misses it when it decodes a change.
    case.database.run("DROP PUBLICATION p").await;
    case.database.run("INSERT INTO t VALUES (1)").await;
    let mut stream = case.stream().await;
    let refused = async {
        loop {
            if let Err(error) = stream.next().await {
                return error;
            }
        }
    };
    let error = tokio::time::timeout(Duration::from_secs(20), refused).await.expect("a refusal");
    assert_eq!(error.kind(), ErrorKind::Reload, "{error}");
    assert!(stream.next().await.is_err(), "it stays over");
    drop(stream);
    case.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_of_the_stream_are_told_apart_newest() {
    refusals_of_the_stream_are_told_apart(postgres_newest(), "source_refuse_new").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_of_the_stream_are_told_apart_oldest() {
    refusals_of_the_stream_are_told_apart(postgres_oldest(), "source_refuse_old").await;
}
