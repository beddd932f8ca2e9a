//! A real engine on a bad day: its node is killed while it loads and while it follows, and its disk passes the flood stage.

use crate::support::engine::request;
use crate::support::engine_server::EngineServer;
use crate::support::process::Process;
use crate::support::servers;
use crate::support::site::{FILLED, FOLLOWS, Site, stop};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A node needs a while to come up on a busy machine, and is tried again at growing distances.
const LIMIT: Duration = Duration::from_secs(180);

async fn converges(site: &Site, process: &Process) {
    let end = Instant::now() + LIMIT;
    let pause = Duration::from_millis(500);
    while Instant::now() < end && !process.lines().iter().any(|line| line.contains(FOLLOWS)) {
        tokio::time::sleep(pause).await;
    }
    // What it waits for may take longer than the site's own patience.
    while Instant::now() < end {
        let (_, found) = request(&site.engine, Method::GET, &format!("/{}/_doc/7", site.index), None).await;
        if found["_source"]["title"] == "the last" {
            break;
        }
        tokio::time::sleep(pause).await;
    }
    site.converges(process).await;
}

async fn changes(site: &Site, round: usize) {
    let id = 20 + round;
    site.database
        .run(&format!(
            "UPDATE book SET title = 'round {round}' WHERE id % 7 = {}; DELETE FROM review WHERE book_id = {id};
             DELETE FROM book WHERE id = {id}; INSERT INTO review VALUES ({}, 7, 'of round {round}')",
            round % 7,
            100_000 + round
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_killed_is_waited_for() {
    let mut engine = EngineServer::start();
    let site = Site::between("engine_killed", &servers::postgres_newest(), engine.url()).await;
    site.database.run("INSERT INTO book SELECT n, 'book ' || n FROM generate_series(1000, 10000) n").await;
    let process = site.start_with(
        &["run", "-b"],
        &[("QUERY_CHUNK_SIZE", "50"), ("ELASTICSEARCH_CHUNK_SIZE", "50"), ("NUM_WORKERS", "2")],
    );
    process.wait_for("loading", LIMIT);
    let mut round = 0;
    let mut busy = async |times: usize| {
        for _ in 0..times {
            changes(&site, round).await;
            round += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    // In the load, then while it follows: changes before, meanwhile and after.
    for turn in 0..2 {
        busy(5).await;
        let filled = process.lines().iter().any(|line| line.contains(FILLED));
        assert_eq!(filled, turn > 0, "{}", process.lines().join("\n"));
        engine.kill();
        busy(20).await;
        engine.resume();
        busy(10).await;
        site.database.run("UPDATE book SET title = 'the last' WHERE id = 7").await;
        converges(&site, &process).await;
        site.database.run("UPDATE book SET title = 'not yet' WHERE id = 7").await;
        site.converges(&process).await;
    }
    let filled = process.lines().iter().filter(|line| line.contains(FILLED)).count();
    assert_eq!(filled, 1, "it was loaded once: {}", process.lines().join("\n"));
    stop(process);
}

/// The engine itself forbids all writes but deletes, and allows them again when there is room.
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_passes_its_flood_stage_is_waited_for() {
    let engine = EngineServer::start();
    let site = Site::between("engine_flood", &servers::postgres_newest(), engine.url()).await;
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let process = site.start(&["run", "-b", "--listen", &address]);
    process.wait_for(FOLLOWS, LIMIT);
    let watermarks = async |free: &str| {
        let stage = |name: &str| format!("cluster.routing.allocation.disk.watermark.{name}");
        let body = json!({ "transient": {
            "cluster.routing.allocation.disk.threshold_enabled": true, "cluster.info.update.interval": "10s",
            stage("low"): free, stage("high"): free, stage("flood_stage"): free,
        } });
        let (status, said) = request(&site.engine, Method::PUT, "/_cluster/settings", Some(&body)).await;
        assert_eq!(status, 200, "{said}");
    };
    let blocked = async || {
        let (_, found) =
            request(&site.engine, Method::GET, &format!("/{}/_settings?flat_settings=true", site.index), None).await;
        let settings: Vec<&Value> = found.as_object().unwrap().values().collect();
        settings.iter().any(|of| of["settings"]["index.blocks.read_only_allow_delete"] == "true")
    };
    watermarks("100000gb").await;
    let end = Instant::now() + LIMIT;
    while !blocked().await {
        assert!(Instant::now() < end, "the engine blocks nothing");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    for round in 0..10 {
        changes(&site, round).await;
    }
    let waits = async || {
        request(&format!("http://{address}"), Method::GET, "/healthz", None).await.1["waiting_for"].is_string()
    };
    while !waits().await {
        assert!(Instant::now() < end, "it does not say that it waits: {}", process.lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    watermarks("1mb").await;
    site.database.run("UPDATE book SET title = 'the last' WHERE id = 7").await;
    converges(&site, &process).await;
    assert!(!blocked().await);
    stop(process);
}
