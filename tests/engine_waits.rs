//! What the process says while the engine does not take documents: `/healthz` names the wait, the log has one line when
//! it ends, and work goes on within seconds.

use crate::support::engine::request;
use crate::support::proxy::{Faults, Manner, Proxy};
use crate::support::site::{LIMIT, Site, stop};
use reqwest::Method;
use serde_json::Value;
use std::time::{Duration, Instant};

async fn health(url: &str) -> Value {
    request(url, Method::GET, "/healthz", None).await.1
}

/// Waits until what is waited for holds this text; `None` for no wait.
async fn waits_for(url: &str, text: Option<&str>) -> Value {
    let limit = Instant::now() + LIMIT;
    loop {
        let report = health(url).await;
        let found = report["waiting_for"].as_str();
        if text.map_or(found.is_none(), |text| found.is_some_and(|found| found.contains(text))) {
            return report;
        }
        assert!(Instant::now() < limit, "{report}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_for_the_engine_is_named_and_ends_soon() {
    let site = Site::new("engine_waits").await;
    let proxy = Proxy::start(&site.engine, Manner::default()).await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let listen = format!("127.0.0.1:{port}");
    let process = site.start_with(&["run", "-b", "--listen", &listen], &[("ELASTICSEARCH_URL", &proxy.url)]);
    process.wait_for(crate::support::site::FOLLOWS, LIMIT);

    // An engine that does not answer.
    proxy.hold(true);
    site.database.run("UPDATE book SET title = 'held' WHERE id = 1").await;
    waits_for(&url, Some("an answer of the engine")).await;
    proxy.hold(false);
    waits_for(&url, None).await;
    site.converges(&process).await;

    // One that says no for ten seconds.
    proxy.fail(Faults { refuse: (503, 1000), ..Faults::default() });
    site.database.run("UPDATE book SET title = 'refused' WHERE id = 2").await;
    let report = waits_for(&url, Some("says 503")).await;
    assert_eq!(report["healthy"], true, "a short wait: {report}");
    tokio::time::sleep(Duration::from_secs(10)).await;
    proxy.fail(Faults::default());
    let ended = Instant::now();
    site.converges(&process).await;
    assert!(ended.elapsed() < Duration::from_secs(8), "{:?} after the engine was well again", ended.elapsed());
    waits_for(&url, None).await;
    let said = process.lines().join("\n");
    assert_eq!(said.matches("the engine takes documents again").count(), 1, "{said}");
    stop(process);
    site.database
        .run("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()")
        .await;
}
