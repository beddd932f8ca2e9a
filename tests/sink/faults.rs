//! What a network and a busy engine do to bulk requests: whatever is lost or refused for now is sent again.

use super::{Bench, definition, documents, settings};
use crate::support::proxy::{Faults, Manner, Proxy};
use crate::support::servers::opensearch;
use pgsync_runtime::internals::Version;
use pgsync_runtime::internals::sink::{Engine, MaxVersion, Report, Target};
use reqwest::Method;
use std::time::Duration;

/// Writes forty documents through a proxy and counts what the engine holds, and the requests it took.
async fn write_through(name: &str, faults: Faults) -> (pgsync_runtime::internals::Result<Report>, u64, usize) {
    let bench = Bench::new(opensearch(), name).await;
    let (generation, _) = bench.filled(&definition(serde_json::json!({})), 1000).await;
    let proxy = Proxy::start(&bench.base, Manner { faults, ..Manner::default() }).await;
    let mut settings = settings(&proxy.url, &bench.name);
    settings.chunk_size = 20;
    let engine = Engine::connect(&settings).await.unwrap();
    let target = Target { physical: generation.physical.clone(), ..Target::default() };
    let writer = engine.writer(&target, MaxVersion::new(|| async { Ok(Version(1000)) }));
    let ids: Vec<String> = (0..40).map(|number| format!("d{number}")).collect();
    let body = format!(r#"{{"text":"{}"}}"#, "x".repeat(200));
    let list = documents(10, ids.iter().map(|id| (id.as_str(), Some(body.as_str()))));
    let writing = tokio::time::timeout(Duration::from_secs(60), writer.write(list));
    let result = writing.await.expect("the writer comes to an end");
    bench.ask(Method::POST, &format!("/{}/_refresh", generation.physical), None).await;
    let count = bench.ask(Method::GET, &format!("/{}/_count", generation.physical), None).await;
    (result, count["count"].as_u64().unwrap(), proxy.bulks())
}

#[tokio::test]
async fn lost_answers_are_asked_for_again() {
    let (result, count, requests) = write_through("cut", Faults { cut: 3, ..Faults::default() }).await;
    result.unwrap();
    assert_eq!((count, requests), (40, 5));
}

#[tokio::test]
async fn a_busy_engine_is_asked_again() {
    for status in [429, 503] {
        let faults = Faults { refuse: (status, 3), ..Faults::default() };
        let (result, count, requests) = write_through(&format!("busy-{status}"), faults).await;
        result.unwrap();
        assert_eq!((count, requests), (40, 5), "{status}");
    }
}

#[tokio::test]
async fn a_request_that_is_too_large_is_halved() {
    let (result, count, requests) = write_through("halved", Faults { largest: Some(1500), ..Faults::default() }).await;
    result.unwrap();
    assert_eq!(count, 40);
    // Twenty documents of about 270 bytes: 20 and 10 are too large, 5 pass. Seven requests for each of the two.
    assert_eq!(requests, 14);
}

#[tokio::test]
async fn a_single_document_that_is_too_large_is_named() {
    let (result, count, _) = write_through("too-large", Faults { largest: Some(100), ..Faults::default() }).await;
    let report = result.unwrap();
    assert_eq!((report.refused.len(), report.accepted(), count), (40, 0, 0));
    let refused = &report.refused[0];
    assert!(refused.id.starts_with('d') && refused.bytes > 200, "{refused:?}");
    assert!(!format!("{refused:?}").contains("xxx"), "{refused:?}");
}
