//! Interruptions on either side while the program runs: a network that breaks, an engine that is full or slow, a server
//! that crashes. It goes on by itself, and loads nothing anew that it need not.

use crate::support::cluster::{Cluster, newest_home};
use crate::support::engine::request;
use crate::support::process::Process;
use crate::support::proxy::{Faults, Manner, Proxy};
use crate::support::servers;
use crate::support::site::{FILLED, FOLLOWS, LIMIT, Site, stop};
use crate::support::wire::Wire;
use reqwest::Method;
use serde_json::json;
use std::time::{Duration, Instant};

fn count(process: &Process, words: &str) -> usize {
    process.lines().iter().filter(|line| line.contains(words)).count()
}

/// A link value of 2000 bytes in each of 20,000 rows makes a batch so large that nothing more is taken in, and the rows
/// after it fill every buffer on the way. The server's patience is 3 s, the engine takes 12 s.
#[tokio::test(flavor = "multi_thread")]
async fn a_stalled_engine_does_not_end_the_stream() {
    let tables = "
        CREATE TABLE book (id integer PRIMARY KEY, code text UNIQUE);
        CREATE TABLE review (id integer PRIMARY KEY, code text, body text);
        INSERT INTO book SELECT n, 'code ' || n FROM generate_series(1, 20) n;
        ALTER DATABASE interruptions_stall SET wal_sender_timeout = '3s';";
    let oracle = "
        SELECT b.id::text, json_build_object('id', b.id, 'reviews',
          (SELECT json_agg(r.body ORDER BY r.id) FROM review r WHERE r.code = b.code))::text
        FROM book b";
    let proxy = Proxy::start(&servers::opensearch(), Manner::default()).await;
    let name = "interruptions_stall";
    let site = Site::of(name, &servers::postgres_newest(), proxy.url.clone(), tables, oracle).await;
    site.nodes(&json!({ "table": "book", "columns": ["id"], "children": [{
        "table": "review", "label": "reviews", "columns": ["body"], "relationship": {
            "variant": "scalar", "type": "one_to_many", "foreign_key": { "parent": ["code"], "child": ["code"] }
        }
    }]}));
    let process = site.follow();
    proxy.hold(true);
    let bulks = proxy.bulks();
    site.database.run("INSERT INTO review VALUES (1, 'code 1', 'first')").await;
    let end = Instant::now() + LIMIT;
    while proxy.bulks() == bulks {
        assert!(Instant::now() < end, "nothing is written");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // One batch each for the stages behind, and then what fills the one that is collected.
    for n in 2..5 {
        site.database.run(&format!("INSERT INTO review VALUES ({n}, 'code {n}', 'next')")).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    for from in [1_000, 30_000, 60_000] {
        let sql = "SELECT n, n || repeat('x', 2000), 'nobody''s'";
        let to = from + 20_000;
        site.database.run(&format!("INSERT INTO review {sql} FROM generate_series({from}, {to}) n")).await;
    }
    site.database.run("INSERT INTO review VALUES (5, 'code 5', 'last')").await;
    tokio::time::sleep(Duration::from_secs(12)).await;
    proxy.hold(false);
    site.converges(&process).await;
    assert_eq!((count(&process, FOLLOWS), count(&process, FILLED)), (1, 1), "{}", process.lines().join("\n"));
    stop(process);
}

/// What an engine does whose disk is nearly full.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_waited_for() {
    for (name, engine) in [("disk_opensearch", servers::opensearch()), ("disk_elasticsearch", servers::elasticsearch())]
    {
        let site = Site::between(&format!("interruptions_{name}"), &servers::postgres_newest(), engine).await;
        let process = site.follow();
        let settings = format!("/{}/_settings", site.physical().await);
        let block = |on| json!({ "index.blocks.read_only_allow_delete": on });
        let (status, said) = request(&site.engine, Method::PUT, &settings, Some(&block(Some(true)))).await;
        assert_eq!(status, 200, "{said}");
        site.database.run("UPDATE book SET title = 'while it was full' WHERE id <= 50").await;
        process.wait_for("sending again", LIMIT);
        site.database.run("DELETE FROM review WHERE id > 150").await;
        request(&site.engine, Method::PUT, &settings, Some(&block(None))).await;
        site.converges(&process).await;
        assert_eq!((count(&process, FOLLOWS), count(&process, FILLED)), (1, 1), "{}", process.lines().join("\n"));
        stop(process);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_index_is_waited_for() {
    let site = Site::new("interruptions_closed").await;
    let process = site.follow();
    let index = site.physical().await;
    assert_eq!(request(&site.engine, Method::POST, &format!("/{index}/_close"), None).await.0, 200);
    site.database.run("UPDATE book SET title = 'while it was closed' WHERE id <= 50").await;
    process.wait_for("sending again", LIMIT);
    assert_eq!(request(&site.engine, Method::POST, &format!("/{index}/_open"), None).await.0, 200);
    site.converges(&process).await;
    assert_eq!((count(&process, FOLLOWS), count(&process, FILLED)), (1, 1), "{}", process.lines().join("\n"));
    stop(process);
}

/// An administrator, a pooler or a failing machine in between ends sessions, the one that streams among them.
#[tokio::test(flavor = "multi_thread")]
async fn ended_sessions_are_opened_again() {
    let site = Site::new("interruptions_sessions").await;
    let process = site.follow();
    for round in 0..4 {
        site.database.run(&format!("UPDATE book SET title = 'round {round}' WHERE id <= 100")).await;
        let which = if round % 2 == 0 { "backend_type = 'walsender'" } else { "true" };
        let end = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'pgsync' AND {which}"
        );
        site.database.run(&end).await;
        site.database.run(&format!("UPDATE review SET body = 'round {round}' WHERE id <= 100")).await;
        site.converges(&process).await;
    }
    assert_eq!(count(&process, FILLED), 1, "{}", process.lines().join("\n"));
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn how_it_is_doing_is_served() {
    let proxy = Proxy::start(&servers::opensearch(), Manner::default()).await;
    let site = Site::between("interruptions_health", &servers::postgres_newest(), proxy.url.clone()).await;
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let process = site.start(&["run", "-b", "--listen", &address]);
    process.wait_for(FOLLOWS, LIMIT);
    let url = format!("http://{address}");
    let reaches = async |what: &dyn Fn(&serde_json::Value) -> bool| {
        let end = Instant::now() + LIMIT;
        loop {
            let (status, report) = request(&url, Method::GET, "/healthz", None).await;
            assert_eq!(status, 200, "{report}");
            if what(&report) {
                return;
            }
            assert!(Instant::now() < end, "{report}\n{}", process.lines().join("\n"));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    reaches(&|report| report["phase"] == "following" && report["waiting_for"].is_null()).await;
    proxy.hold(true);
    site.database.run("UPDATE book SET title = 'held' WHERE id <= 10").await;
    reaches(&|report| report["received"] != report["written"] && report["healthy"] == true).await;
    proxy.hold(false);
    site.converges(&process).await;
    reaches(&|report| report["received"] == report["written"]).await;
    stop(process);
}

/// A load that is killed, and one that is asked to end while the engine answers nothing, which waits for that a few seconds: the
/// next start goes on with it. Neither leaves anything behind.
#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_does_not_end_is_gone_on_with() {
    let proxy = Proxy::start(&servers::opensearch(), Manner::default()).await;
    let site = Site::between("interruptions_load", &servers::postgres_newest(), proxy.url.clone()).await;
    for killed in [true, false] {
        proxy.hold(true);
        let bulks = proxy.bulks();
        let process = site.start_with(&["run", "-b"], &[("QUERY_CHUNK_SIZE", "10")]);
        let end = Instant::now() + LIMIT;
        while proxy.bulks() == bulks {
            assert!(Instant::now() < end, "{}", process.lines().join("\n"));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        if killed {
            process.kill();
        } else {
            process.terminate();
            let begin = Instant::now();
            assert_eq!(process.wait(LIMIT).0.code(), Some(0));
            assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
        }
        proxy.hold(false);
        site.database.run("DELETE FROM review WHERE id = (SELECT min(id) FROM review)").await;
    }
    let process = site.follow();
    site.converges(&process).await;
    let (_, found) = request(&site.engine, Method::GET, &format!("/{}*", site.index), None).await;
    assert_eq!(found.as_object().unwrap().len(), 1, "{found}");
    stop(process);
}

/// The server keeps little log: a slot that was not read for long is of no use any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_slot_whose_log_was_removed_leads_to_a_load() {
    let cluster = Cluster::start(&newest_home(), "max_slot_wal_keep_size = 1MB\nmax_wal_size = 32MB");
    let site = Site::between("interruptions_wal", &cluster.url(), servers::opensearch()).await;
    stop(site.follow());
    let much = "CREATE TABLE noise (t text); ALTER TABLE noise ALTER t SET STORAGE EXTERNAL";
    site.database.run(much).await;
    let remove = async || {
        for _ in 0..3 {
            site.database.run("INSERT INTO noise SELECT repeat('x', 100000) FROM generate_series(1, 400)").await;
            site.database.run("SELECT pg_switch_wal(); CHECKPOINT").await;
        }
        let sql = "SELECT wal_status FROM pg_replication_slots WHERE database = current_database()";
        let status: String = site.database.client.query_one(sql, &[]).await.unwrap().get(0);
        assert_eq!(status, "lost");
    };
    site.database.run("UPDATE book SET title = 'in the lost log' WHERE id <= 10").await;
    remove().await;
    site.fails(&["run"], 1, &["max_slot_wal_keep_size", "teardown"]);
    let process = site.follow();
    site.converges(&process).await;
    // While it runs: a program that does not get to read for a while.
    process.signal("-STOP");
    site.database.run("UPDATE book SET title = 'in the lost log too' WHERE id <= 20").await;
    remove().await;
    process.signal("-CONT");
    site.converges(&process).await;
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_answers_that_are_lost_are_sent_again() {
    let proxy = Proxy::start(&servers::opensearch(), Manner::default()).await;
    let site = Site::between("interruptions_lost", &servers::postgres_newest(), proxy.url.clone()).await;
    proxy.fail(Faults { lose: 2, cut: 1, ..Faults::default() });
    let process = site.follow();
    for round in 0..3 {
        proxy.fail(Faults { lose: 1, cut: 1, refuse: (503, 1), ..Faults::default() });
        site.database.run(&format!("UPDATE book SET title = 'round {round}' WHERE id <= 100")).await;
        site.database.run(&format!("DELETE FROM review WHERE id = {}", round + 1)).await;
        site.converges(&process).await;
    }
    assert!(proxy.bulks() >= 13, "every fault was met: {}", proxy.bulks());
    assert_eq!((count(&process, FOLLOWS), count(&process, FILLED)), (1, 1), "{}", process.lines().join("\n"));
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_of_the_database_is_got_over() {
    let mut cluster = Cluster::start(&newest_home(), "");
    let proxy = Proxy::start(&servers::opensearch(), Manner::default()).await;
    let mut site = Site::between("interruptions_crash", &cluster.url(), proxy.url.clone()).await;
    // In the middle of the load.
    proxy.hold(true);
    let process = site.start_with(&["run", "-b"], &[("QUERY_CHUNK_SIZE", "10"), ("NUM_WORKERS", "2")]);
    let end = Instant::now() + LIMIT;
    while proxy.bulks() == 0 {
        assert!(Instant::now() < end, "{}", process.lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    cluster.crash();
    proxy.hold(false);
    process.wait_for("trying again", LIMIT);
    cluster.resume();
    process.wait_for(FOLLOWS, LIMIT);
    site.database.reconnect().await;
    site.converges(&process).await;
    // While it follows: with changes that it has not read, and with changes in the middle of being written.
    for round in 0..3 {
        let loads = count(&process, FILLED);
        proxy.hold(round == 1);
        site.database.run(&format!("UPDATE book SET title = 'before crash {round}' WHERE id <= 100")).await;
        cluster.crash();
        tokio::time::sleep(Duration::from_secs(1)).await;
        proxy.hold(false);
        cluster.resume();
        site.database.reconnect().await;
        site.database.run(&format!("UPDATE review SET body = 'after crash {round}' WHERE id <= 100")).await;
        site.converges(&process).await;
        assert_eq!(count(&process, FILLED), loads, "{}", process.lines().join("\n"));
    }
    cluster.restart();
    site.database.reconnect().await;
    site.database.run("DELETE FROM review WHERE id = 7; DELETE FROM book WHERE id = 7").await;
    site.converges(&process).await;
    assert_eq!(count(&process, FILLED), 1, "{}", process.lines().join("\n"));
    stop(process);
}

/// The catalogue is read before anything else is, and the connection breaks there as anywhere.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_at_the_start_are_opened_again() {
    let site = Site::new("interruptions_start").await;
    let (server, _) = site.database.url.rsplit_once('/').unwrap();
    let port: u16 = server.rsplit_once(':').unwrap().1.parse().unwrap();
    let wire = Wire::start(port).await;
    let url = site.database.url.replace(&format!(":{port}/"), &format!(":{}/", wire.port));
    let process = site.start_with(&["run", "-b"], &[("PG_URL", &url)]);
    for _ in 0..60 {
        tokio::time::sleep(Duration::from_millis(25)).await;
        wire.cut();
    }
    process.wait_for(FOLLOWS, LIMIT);
    site.converges(&process).await;
    stop(process);
}
