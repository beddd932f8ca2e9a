//! The state index blocked, busy, lost, or hidden behind a proxy's answer, while the program runs and when it starts.
//! Nothing is loaded again, nothing is acknowledged that the state does not hold, and `/healthz` tells.

use crate::support::engine::request;
use crate::support::process::Process;
use crate::support::proxy::{Manner, Proxy, Rule};
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop, until};
use reqwest::Method;
use serde_json::{Value, json};

/// Starts it with a state index and `/healthz` of its own, and gives the address of that.
fn watched(site: &Site, state: &str) -> (Process, String) {
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let process = site.start_with(&["run", "-b", "--listen", &address], &[("PGSYNC_STATE_INDEX", state)]);
    process.wait_for(FOLLOWS, LIMIT);
    (process, format!("http://{address}"))
}

async fn health(url: &str) -> Value {
    request(url, Method::GET, "/healthz", None).await.1
}

/// Removes what an earlier run left, whatever stands behind the name.
async fn clear(engine: &str, state: &str) {
    request(engine, Method::DELETE, &format!("/{state}-1"), None).await;
}

async fn confirmed(site: &Site) -> String {
    let sql = "SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE database = current_database()";
    site.database.client.query_one(sql, &[]).await.unwrap().get(0)
}

/// A full disk, or an administrator.
#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_state_index_is_waited_for() {
    let engines = [("opensearch", servers::opensearch()), ("elasticsearch", servers::elasticsearch())];
    for (engine, address) in engines {
        for block in ["write", "read_only_allow_delete"] {
            let name = format!("state_{engine}_{block}");
            let state = format!("{name}-state");
            let site = Site::between(&name, &servers::postgres_newest(), address.clone()).await;
            let address = &site.engine;
            clear(address, &state).await;
            let (process, url) = watched(&site, &state);
            let settings = format!("/{state}/_settings");
            let set = |on| json!({ "index.blocks": { block: on } });
            assert_eq!(request(address, Method::PUT, &settings, Some(&set(json!(true)))).await.0, 200);
            site.database.run("UPDATE book SET title = 'blocked' WHERE id <= 10").await;
            let end = site.log_end().await;
            site.converges(&process).await;
            until(&process, "it does not say that it waits", async || {
                health(&url).await["waiting_for"].as_str().is_some_and(|text| text.contains("state"))
            })
            .await;
            assert!(!site.acknowledged(&end).await, "{}", confirmed(&site).await);
            assert_eq!(request(address, Method::PUT, &settings, Some(&set(Value::Null))).await.0, 200);
            until(&process, "it is not acknowledged", async || site.acknowledged(&end).await).await;
            until(&process, "it still waits", async || health(&url).await["waiting_for"].is_null()).await;
            let follows = process.lines().iter().filter(|line| line.contains(FOLLOWS)).count();
            assert_eq!(follows, 1, "{}", process.lines().join("\n"));
            stop(process);
            clear(address, &state).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_engine_does_not_tear_the_pipeline_down() {
    let proxy = Proxy::start(&servers::opensearch(), Manner::default()).await;
    let site = Site::between("state_busy", &servers::postgres_newest(), proxy.url.clone()).await;
    let state = "state_busy-state";
    clear(&site.engine, state).await;
    let (process, _) = watched(&site, state);
    let backend = "SELECT active_pid FROM pg_replication_slots WHERE database = current_database()";
    let before: Option<i32> = site.database.client.query_one(backend, &[]).await.unwrap().get(0);
    for status in [429, 503] {
        let body =
            json!({ "error": { "type": "es_rejected_execution_exception", "reason": "busy" }, "status": status });
        let rule = Rule { request: format!("PUT /{state}/"), status, body: body.to_string(), times: 4 };
        proxy.rules(vec![rule]);
        site.database.run(&format!("UPDATE book SET title = 'busy {status}' WHERE id <= 10")).await;
        let end = site.log_end().await;
        site.converges(&process).await;
        until(&process, "it is not acknowledged", async || site.acknowledged(&end).await).await;
        assert_eq!(proxy.left(), 0, "every refusal was met");
    }
    let after: Option<i32> = site.database.client.query_one(backend, &[]).await.unwrap().get(0);
    assert_eq!((before.is_some(), before), (true, after), "the stream was opened again");
    stop(process);
    clear(&site.engine, state).await;
}

/// The state is known to the process, which holds the lock on the slot: nobody else can have written another one.
#[tokio::test(flavor = "multi_thread")]
async fn a_state_index_lost_while_it_runs_is_written_anew() {
    let engines = [("opensearch", servers::opensearch()), ("elasticsearch", servers::elasticsearch())];
    for (engine, address) in engines {
        let name = format!("state_lost_{engine}");
        let state = format!("{name}-state");
        let site = Site::between(&name, &servers::postgres_newest(), address).await;
        clear(&site.engine, &state).await;
        let (process, _) = watched(&site, &state);
        let slot = site.slot().await;
        let path = format!("/{state}/_doc/{slot}");
        let there = async || request(&site.engine, Method::GET, &path, None).await.0 == 200;
        // Once while it is idle, once while it writes.
        for round in 0..2 {
            assert_eq!(request(&site.engine, Method::DELETE, &format!("/{state}-1"), None).await.0, 200);
            if round == 1 {
                site.database.run("UPDATE book SET title = 'lost' WHERE id <= 10").await;
            }
            until(&process, "the state is not back", there).await;
            site.converges(&process).await;
        }
        // The alias alone.
        assert_eq!(request(&site.engine, Method::DELETE, &format!("/{state}-1/_alias/{state}"), None).await.0, 200);
        until(&process, "the state is not back", there).await;
        let end = site.log_end().await;
        until(&process, "it is not acknowledged", async || site.acknowledged(&end).await).await;
        let written = site.written().await;
        process.kill();
        // Taken away while nobody runs: the index stands, its name is put back.
        assert_eq!(request(&site.engine, Method::DELETE, &format!("/{state}-1/_alias/{state}"), None).await.0, 200);
        let (process, _) = watched(&site, &state);
        site.converges(&process).await;
        assert_eq!(site.written().await, written, "nothing was loaded again");
        stop(process);
        clear(&site.engine, &state).await;
    }
}

/// A 404 that is not the engine's word on the document means nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_stray_404_is_not_an_empty_state() {
    let proxy = Proxy::start(&servers::opensearch(), Manner::default()).await;
    let site = Site::between("state_stray", &servers::postgres_newest(), proxy.url.clone()).await;
    let state = "state_stray-state";
    clear(&site.engine, state).await;
    let (process, _) = watched(&site, state);
    stop(process);
    let before = (site.physical().await, site.written().await);
    for (request, body) in [
        (format!("GET /{state}/_doc"), "<html>not found</html>"),
        (format!("GET /{state}/_doc"), "{\"message\":\"no route\"}"),
        (format!("GET /{}", site.index), "<html>not found</html>"),
    ] {
        proxy.rules(vec![Rule { request, status: 404, body: body.to_owned(), times: 1 }]);
        let (process, _) = watched(&site, state);
        assert_eq!(proxy.left(), 0, "the answer was met");
        site.converges(&process).await;
        assert_eq!((site.physical().await, site.written().await), before, "nothing was loaded again");
        stop(process);
    }
    clear(&site.engine, state).await;
}

/// What moves five times a second is small, and what does not move is not written.
#[tokio::test(flavor = "multi_thread")]
async fn a_position_is_written_alone() {
    let site = Site::new("state_small").await;
    let state = "state_small-state";
    clear(&site.engine, state).await;
    let (process, _) = watched(&site, state);
    let slot = site.slot().await;
    let versions = async || {
        request(&site.engine, Method::POST, &format!("/{state}/_refresh"), None).await;
        let body = json!({ "query": { "match_all": {} }, "version": true });
        let (_, found) = request(&site.engine, Method::POST, &format!("/{state}/_search"), Some(&body)).await;
        let hits = found["hits"]["hits"].as_array().unwrap().clone();
        let mut list: Vec<(String, u64, Value)> = hits
            .iter()
            .map(|hit| {
                (hit["_id"].as_str().unwrap().to_owned(), hit["_version"].as_u64().unwrap(), hit["_source"].clone())
            })
            .collect();
        list.sort_by(|one, other| one.0.cmp(&other.0));
        list
    };
    let before = versions().await;
    for round in 0..5 {
        site.database.run(&format!("UPDATE book SET title = 'round {round}' WHERE id = 1")).await;
        let end = site.log_end().await;
        until(&process, "it is not acknowledged", async || site.acknowledged(&end).await).await;
    }
    let after = versions().await;
    assert!(before.len() > 1, "{before:?}");
    for (one, other) in before.iter().zip(&after) {
        let position = one.0 == slot;
        assert_eq!(other.1 > one.1, position, "{one:?} {other:?}");
        if position {
            assert!(other.2["tables"].is_null() && other.2.to_string().len() < 600, "{other:?}");
        }
    }
    stop(process);
    clear(&site.engine, state).await;
}

const LOG: &str = "
    CREATE TABLE log (id integer, day integer, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
    CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (0) TO (10);
    CREATE TABLE later (id integer, day integer, PRIMARY KEY (id, day));
    INSERT INTO log SELECT n, n % 10 FROM generate_series(1, 20) n;
    INSERT INTO later SELECT n, 10 FROM generate_series(1001, 1400) n;";

/// The partition is gone again at the next start, and what the catalogue shows is what it showed before. Its rows were
/// written all the same, some of them or all.
#[tokio::test(flavor = "multi_thread")]
async fn a_partition_that_was_being_read_is_not_forgotten() {
    let proxy = Proxy::start(&servers::opensearch(), Manner::default()).await;
    let said = "SELECT day || '|' || id, json_build_object('id', id, 'day', day)::text FROM log";
    let site = Site::of("state_leaf", &servers::postgres_newest(), proxy.url.clone(), LOG, said).await;
    site.nodes(&json!({ "table": "log", "columns": ["id", "day"] }));
    let few = [("QUERY_CHUNK_SIZE", "10"), ("NUM_WORKERS", "1")];
    for killed in [true, false] {
        let process = site.start_with(&["run", "-b"], &few);
        process.wait_for(FOLLOWS, LIMIT);
        site.converges(&process).await;
        let bulks = proxy.bulks();
        site.database.run("ALTER TABLE log ATTACH PARTITION later FOR VALUES FROM (10) TO (20)").await;
        if killed {
            until(&process, "the partition is not read", async || proxy.bulks() > bulks + 3).await;
            proxy.hold(true);
            process.kill();
            proxy.hold(false);
        } else {
            site.converges(&process).await;
            stop(process);
        }
        site.database.run("ALTER TABLE log DETACH PARTITION later").await;
    }
    let process = site.start_with(&["run", "-b"], &few);
    process.wait_for(FOLLOWS, LIMIT);
    site.converges(&process).await;
    stop(process);
}
