//! Listing an index: every document that stands there is listed, whatever is written meanwhile and whatever shard fails.

use super::{Bench, definition, documents, on_both_engines};
use crate::support::engine::request;
use pgsync_runtime::Lsn;
use pgsync_runtime::sink::{Ceiling, Target};
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

on_both_engines!(
    what_is_written_meanwhile_hides_nothing,
    a_failed_shard_is_waited_for,
    a_lost_index_ends_a_listing,
    no_context_is_left_behind
);

async fn many(bench: &Bench, count: usize, shards: usize) -> (String, pgsync_runtime::sink::Writer, BTreeSet<String>) {
    let settings = json!({ "index": { "number_of_shards": shards } });
    let (generation, writer) = bench.filled(&definition(settings), 1000).await;
    let ids: Vec<String> = (0..count).map(|number| format!("d{number}")).collect();
    writer.write(documents(10, ids.iter().map(|id| (id.as_str(), Some("{}"))))).await.unwrap();
    (generation.physical, writer, ids.into_iter().collect())
}

async fn what_is_written_meanwhile_hides_nothing(bench: Bench) {
    let (physical, writer, all) = many(&bench, 9000, 3).await;
    let mut scan = writer.older_than(Lsn(20)).await.unwrap();
    let mut listed: Vec<String> = Vec::new();
    let (mut changed, mut pages) = (BTreeSet::new(), 0);
    while let Some(page) = scan.next().await.unwrap() {
        listed.extend(page);
        pages += 1;
        // Every third document changes at once, some go, and searches see it.
        let change: Vec<&String> = all.iter().skip(pages).step_by(3).take(1500).collect();
        let body = |at: usize| (at % 5 != 0).then_some("{}");
        let list = change.iter().enumerate().map(|(at, id)| (id.as_str(), body(at)));
        writer.write(documents(20 + pages as u64, list)).await.unwrap();
        changed.extend(change.into_iter().cloned());
        bench.ask(Method::POST, &format!("/{physical}/_refresh"), None).await;
    }
    assert!(pages > 3, "{pages} pages");
    let found: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(found.len(), listed.len(), "each is listed once");
    let missing: Vec<&String> = all.iter().filter(|id| !changed.contains(*id) && !found.contains(*id)).collect();
    assert!(missing.is_empty(), "{} are missing, {:?}", missing.len(), &missing[..missing.len().min(5)]);
}

/// One of two shards is not there for a while: half a list would be taken for the whole.
async fn a_failed_shard_is_waited_for(bench: Bench) {
    let one_only = json!({ "settings": { "index": {
        "number_of_shards": 2, "number_of_replicas": 0, "routing.allocation.total_shards_per_node": 1 } } });
    let physical = format!("{}-1", bench.name);
    bench.ask(Method::PUT, &format!("/{physical}?wait_for_active_shards=0"), Some(&one_only)).await;
    let target = Target { physical: physical.clone() };
    let writer = bench.engine.writer(&target, Ceiling::new(|| async { Ok(Lsn(1000)) })).await.unwrap();
    let mut taken = BTreeSet::new();
    for id in (0..20).map(|number| format!("d{number}")) {
        let path = format!("/{physical}/_doc/{id}?version=10&version_type=external&timeout=200ms");
        if request(&bench.base, Method::PUT, &path, Some(&json!({}))).await.0 == 201 {
            taken.insert(id);
        }
    }
    assert!((1..20).contains(&taken.len()), "one shard is there and one is not: {taken:?}");
    let mut listing = tokio::spawn(async move {
        let mut scan = writer.older_than(Lsn(20)).await.unwrap();
        let mut found = BTreeSet::new();
        while let Some(page) = scan.next().await.unwrap() {
            found.extend(page);
        }
        found
    });
    let early = tokio::time::timeout(Duration::from_secs(2), &mut listing).await;
    let both = json!({ "index.routing.allocation.total_shards_per_node": null });
    bench.ask(Method::PUT, &format!("/{physical}/_settings"), Some(&both)).await;
    assert!(early.is_err(), "it was content with {early:?}");
    let found = tokio::time::timeout(Duration::from_secs(60), listing).await.expect("the shard is there").unwrap();
    assert_eq!(found, taken);
}

async fn a_lost_index_ends_a_listing(bench: Bench) {
    let (physical, writer, _) = many(&bench, 5000, 1).await;
    let mut scan = writer.older_than(Lsn(20)).await.unwrap();
    assert!(scan.next().await.unwrap().is_some());
    bench.ask(Method::DELETE, &format!("/{physical}"), None).await;
    let error = scan.next().await.unwrap_err();
    assert_eq!(error.code().map(pgsync_runtime::Code::id), Some("P0607"), "{error}");
}

/// What could expire while a page is written for long is not used.
async fn no_context_is_left_behind(bench: Bench) {
    let (physical, writer, _) = many(&bench, 5000, 1).await;
    let mut scan = writer.older_than(Lsn(20)).await.unwrap();
    assert!(scan.next().await.unwrap().is_some());
    let stats = bench.ask(Method::GET, &format!("/{physical}/_stats/search"), None).await;
    let search = &stats["_all"]["total"]["search"];
    assert_eq!((&search["open_contexts"], &search["scroll_current"]), (&json!(0), &json!(0)), "{search}");
    assert_eq!(search["point_in_time_current"].as_u64().unwrap_or(0), 0, "{search}");
}
