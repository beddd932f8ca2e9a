//! The life of a generation seen from outside: what searches find behind the alias, and what the engine lists, while a
//! load runs, after it was killed, and where the alias cannot be moved.

use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::process::Process;
use crate::support::proxy::{Manner, Proxy, Rule};
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop, until};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

/// For loads of many small requests, also on a machine that has much else to do.
const LOADED: Duration = Duration::from_secs(300);
const CHUNKS: [(&str, &str); 2] = [("QUERY_CHUNK_SIZE", "10"), ("NUM_WORKERS", "1")];

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

/// How many documents the state says are loaded, where a load has not ended.
async fn reached(site: &Site) -> Option<u64> {
    let (_, found) = request(&site.engine, Method::GET, &format!("/kept-{}/_search?size=10", site.index), None).await;
    let hits = found["hits"]["hits"].as_array()?;
    hits.iter().find_map(|hit| hit["_source"]["indexes"][&site.index]["reached"]["documents"].as_u64())
}

/// How often an index is refreshed, and how many copies there are.
async fn settings(site: &Site, physical: &str) -> Value {
    let (_, found) = request(&site.engine, Method::GET, &format!("/{physical}/_settings"), None).await;
    let index = &found[physical]["settings"]["index"];
    json!([index["refresh_interval"], index["number_of_replicas"]])
}

/// Rows come, go and move everywhere: in what is loaded and in what is not.
async fn changes(site: &Site, round: i32) {
    for (first, last) in [(10 * round + 1, 10 * round + 4), (15000 + 10 * round, 15004 + 10 * round)] {
        let sql = format!(
            "DELETE FROM review WHERE book_id BETWEEN {first} AND {last}; DELETE FROM book WHERE id BETWEEN {first} AND {last};
             UPDATE book SET title = title || ' in round {round}' WHERE id BETWEEN {last} + 1 AND {last} + 3;
             UPDATE book SET id = id + 100000 WHERE id = {last} + 4;
             INSERT INTO book VALUES (-{last}, 'new');
             INSERT INTO review VALUES (100000 + {last}, {last} + 1, 'added')"
        );
        site.database.run(&sql).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_is_killed_goes_on_where_it_was() {
    let engines = [("opensearch", servers::opensearch()), ("elasticsearch", servers::elasticsearch())];
    for (name, engine) in engines {
        let proxy = Proxy::start(&engine, Manner::default()).await;
        let name = format!("generations_killed_{name}");
        let mut site = Site::between(&name, &servers::postgres_newest(), proxy.url.clone()).await;
        request(&engine, Method::DELETE, &format!("/kept-{name}-1"), None).await;
        site.settings = vec![("PGSYNC_STATE_INDEX".to_owned(), format!("kept-{name}"))];
        let moves = "DROP CONSTRAINT review_book_id_fkey, ADD FOREIGN KEY (book_id) REFERENCES book ON UPDATE CASCADE";
        site.database.run(&format!("ALTER TABLE review {moves}")).await;
        site.database.run("INSERT INTO book SELECT n, 'more ' || n FROM generate_series(201, 20000) n").await;
        let process = site.start_with(&["run", "-b"], &CHUNKS);
        until(&process, "nothing is recorded", async || reached(&site).await.is_some()).await;
        changes(&site, 0).await;
        proxy.hold(true);
        process.kill();
        site.engine.clone_from(&engine);
        let left = listed(&site).await;
        assert_eq!(left.len(), 1, "{left:?}");
        let before = reached(&site).await.expect("it was killed in the middle");
        assert!(documents(&engine, &left[0]).await.len() >= before as usize);
        assert_eq!(status_of_search(&site).await, 404, "what is half filled is behind the alias");
        assert_eq!(settings(&site, &left[0]).await, json!(["-1", "0"]));
        changes(&site, 1).await;
        // The next start goes on with it, beside more changes.
        proxy.hold(false);
        let bulks = proxy.bulks();
        site.engine.clone_from(&proxy.url);
        let process = site.start_with(&["run", "-b"], &CHUNKS);
        site.engine.clone_from(&engine);
        process.wait_for("the load goes on where it was", LIMIT);
        for round in 2..8 {
            changes(&site, round).await;
        }
        process.wait_for(FOLLOWS, LOADED);
        site.converges(&process).await;
        assert_eq!(listed(&site).await, left);
        // Ten documents in a request, and the requests of the changes.
        let most = (20000 - before as usize) / 10 + 150;
        assert!(proxy.bulks() - bulks < most, "{} requests, {before} documents were there", proxy.bulks() - bulks);
        assert_eq!(reached(&site).await, None);
        assert_eq!(settings(&site, &left[0]).await, json!([null, "1"]), "they are what they were");
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
