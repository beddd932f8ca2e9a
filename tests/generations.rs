//! The life of a generation seen from outside: what searches find behind the alias, and what the engine lists, while a
//! load runs, after it was killed, and where the alias cannot be moved.

use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::process::Process;
use crate::support::proxy::{Manner, Proxy, Rule};
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const CHUNKS: [(&str, &str); 2] = [("QUERY_CHUNK_SIZE", "10"), ("NUM_WORKERS", "1")];

/// Waits until something holds.
async fn until<F: Future<Output = bool>>(process: &Process, what: &str, holds: impl Fn() -> F) {
    let end = Instant::now() + LIMIT;
    while !holds().await {
        assert!(Instant::now() < end, "{what}\n{}", process.lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Indexes whose name begins with the site's, also hidden and closed ones.
async fn listed(site: &Site) -> Vec<String> {
    let path = format!("/_cat/indices/{}-*?format=json&expand_wildcards=all", site.index);
    let (_, found) = request(&site.engine, Method::GET, &path, None).await;
    let names = found.as_array().into_iter().flatten().map(|index| index["index"].as_str().unwrap().to_owned());
    names.collect()
}

async fn status_of_search(site: &Site) -> u16 {
    request(&site.engine, Method::GET, &format!("/{}/_search", site.index), None).await.0
}

async fn alias(site: &Site, method: Method, physical: &str) -> u16 {
    request(&site.engine, method, &format!("/{physical}/_alias/{}", site.index), None).await.0
}

/// Starts it with `/healthz` and gives the address of that.
fn watched(site: &Site, settings: &[(&str, &str)]) -> (Process, String) {
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    (site.start_with(&["run", "-b", "--listen", &address], settings), format!("http://{address}"))
}

/// What `/healthz` says; null where nothing listens yet.
async fn health(url: &str) -> (u16, Value) {
    let Ok(answer) = reqwest::Client::new().get(format!("{url}/healthz")).send().await else { return (0, Value::Null) };
    let status = answer.status().as_u16();
    (status, serde_json::from_slice(&answer.bytes().await.unwrap_or_default()).unwrap_or(Value::Null))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_load_that_is_killed_is_never_seen() {
    let engines = [("opensearch", servers::opensearch()), ("elasticsearch", servers::elasticsearch())];
    for (name, engine) in engines {
        let proxy = Proxy::start(&engine, Manner::default()).await;
        let name = format!("generations_killed_{name}");
        let mut site = Site::between(&name, &servers::postgres_newest(), proxy.url.clone()).await;
        site.database.run("INSERT INTO book SELECT n, 'more ' || n FROM generate_series(201, 3000) n").await;
        let process = site.start_with(&["run", "-b"], &CHUNKS);
        until(&process, "nothing is written", async || proxy.bulks() >= 5).await;
        proxy.hold(true);
        process.kill();
        site.engine.clone_from(&engine);
        let left = listed(&site).await;
        assert_eq!(left.len(), 1, "{left:?}");
        let held = documents(&engine, &left[0]).await.len();
        assert!((1..3000).contains(&held), "it was killed in the middle: {held}");
        assert_eq!(status_of_search(&site).await, 404, "what is half filled is behind the alias");
        // The next start, as far as its first document.
        let bulks = proxy.bulks();
        site.engine.clone_from(&proxy.url);
        let process = site.start_with(&["run", "-b"], &CHUNKS);
        site.engine.clone_from(&engine);
        until(&process, "nothing is written", async || proxy.bulks() > bulks).await;
        let now = listed(&site).await;
        assert!(now.len() == 1 && now != left, "the half-filled one is gone: {left:?} {now:?}");
        assert_eq!(status_of_search(&site).await, 404);
        proxy.hold(false);
        process.wait_for(FOLLOWS, LIMIT);
        site.converges(&process).await;
        assert_eq!(listed(&site).await, now);
        stop(process);
    }
}

fn blocked(request: &str, status: u16) -> Rule {
    let reason = "index [x] blocked by: [FORBIDDEN/12/index read-only / allow delete (api)];";
    let error = json!({ "type": "cluster_block_exception", "reason": reason });
    let body = json!({ "error": { "root_cause": [error], "type": error["type"], "reason": reason }, "status": status });
    Rule { request: request.to_owned(), status, body: body.to_string(), times: usize::MAX }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_outlives_a_refused_alias_move() {
    for status in [403, 429] {
        let proxy = Proxy::start(&servers::opensearch(), Manner::default()).await;
        let name = format!("generations_alias_{status}");
        let site = Site::between(&name, &servers::postgres_newest(), proxy.url.clone()).await;
        proxy.rules(vec![blocked("POST /_aliases", status)]);
        let (process, url) = watched(&site, &[]);
        let waits = async || health(&url).await.1["waiting_for"].as_str().is_some_and(|text| text.contains(&name));
        until(&process, "it does not wait for the alias", waits).await;
        let filled = listed(&site).await;
        assert_eq!(filled.len(), 1);
        assert_eq!(documents(&site.engine, &filled[0]).await.len(), 200);
        process.kill();
        // A restart goes on with the alias alone.
        let (process, url) = watched(&site, &[]);
        let waits = async || health(&url).await.1["waiting_for"].as_str().is_some_and(|text| text.contains(&name));
        until(&process, "it does not wait for the alias", waits).await;
        assert_eq!(listed(&site).await, filled);
        proxy.rules(Vec::new());
        process.wait_for(FOLLOWS, LIMIT);
        site.converges(&process).await;
        assert_eq!((listed(&site).await, site.written().await), (filled, 200));
        stop(process);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alias_taken_away_is_put_back() {
    let engines = [("opensearch", servers::opensearch()), ("elasticsearch", servers::elasticsearch())];
    for (name, engine) in engines {
        let name = format!("generations_away_{name}");
        let site = Site::between(&name, &servers::postgres_newest(), engine).await;
        let process = site.follow();
        let physical = site.physical().await;
        assert_eq!(alias(&site, Method::DELETE, &physical).await, 200);
        until(&process, "the alias is not back", async || status_of_search(&site).await == 200).await;
        stop(process);
        // While nobody runs.
        assert_eq!(alias(&site, Method::DELETE, &physical).await, 200);
        site.database.run("UPDATE book SET title = 'meanwhile' WHERE id = 5").await;
        let process = site.follow();
        site.converges(&process).await;
        assert_eq!(site.physical().await, physical);
        assert_eq!(site.written().await, 201, "nothing was loaded again");
        stop(process);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alias_that_somebody_else_holds_is_not_healthy() {
    let site = Site::new("generations_held").await;
    let (process, url) = watched(&site, &[]);
    process.wait_for(FOLLOWS, LIMIT);
    let physical = site.physical().await;
    let theirs = "generations_held-theirs";
    let body = json!({ "aliases": { &site.index: {} } });
    assert_eq!(alias(&site, Method::DELETE, &physical).await, 200);
    assert_eq!(request(&site.engine, Method::PUT, &format!("/{theirs}"), Some(&body)).await.0, 200);
    until(&process, "it is healthy", async || health(&url).await.0 == 503).await;
    // What it writes meanwhile does not hide it.
    site.database.run("UPDATE book SET title = 'meanwhile' WHERE id = 5").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (status, report) = health(&url).await;
    assert_eq!(status, 503, "{report}");
    assert!(report.to_string().contains(theirs), "{report}");
    assert_eq!(site.physical().await, theirs, "it was left alone");
    request(&site.engine, Method::DELETE, &format!("/{theirs}"), None).await;
    until(&process, "it does not recover", async || health(&url).await.0 == 200).await;
    site.converges(&process).await;
    assert_eq!(site.physical().await, physical);
    stop(process);
}
