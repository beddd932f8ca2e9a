//! Listing an index: every document that stands there is listed, whatever is written meanwhile.

use super::{Bench, definition, documents, on_both_engines};
use pgsync_runtime::internals::Version;
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeSet;

on_both_engines!(what_is_written_meanwhile_hides_nothing, a_lost_index_ends_a_listing, no_context_is_left_behind);

async fn many(
    bench: &Bench,
    count: usize,
    shards: usize,
) -> (String, pgsync_runtime::internals::sink::Writer, BTreeSet<String>) {
    let settings = json!({ "index": { "number_of_shards": shards } });
    let (generation, writer) = bench.filled(&definition(settings), 1000).await;
    let ids: Vec<String> = (0..count).map(|number| format!("d{number}")).collect();
    writer.write(documents(10, ids.iter().map(|id| (id.as_str(), Some("{}"))))).await.unwrap();
    (generation.physical, writer, ids.into_iter().collect())
}

async fn what_is_written_meanwhile_hides_nothing(bench: Bench) {
    let (physical, writer, all) = many(&bench, 9000, 3).await;
    let mut scan = writer.older_than(Version(20)).await.unwrap();
    let mut listed: Vec<String> = Vec::new();
    let (mut changed, mut pages) = (BTreeSet::new(), 0);
    while let Some(page) = scan.next().await.unwrap() {
        listed.extend(page.into_iter().map(|listed| listed.id));
        pages += 1;
        // Every third document changes at once, some go, and searches see it.
        let change: Vec<&String> = all.iter().skip(pages).step_by(3).take(1500).collect();
        let body = |at: usize| (!at.is_multiple_of(5)).then_some("{}");
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

async fn a_lost_index_ends_a_listing(bench: Bench) {
    let (physical, writer, _) = many(&bench, 5000, 1).await;
    let mut scan = writer.older_than(Version(20)).await.unwrap();
    assert!(scan.next().await.unwrap().is_some());
    bench.ask(Method::DELETE, &format!("/{physical}"), None).await;
    let error = scan.next().await.unwrap_err();
    assert_eq!(error.code().map(pgsync_runtime::internals::Code::id), Some("P0607"), "{error}");
}

/// What could expire while a page is written for long is not used.
async fn no_context_is_left_behind(bench: Bench) {
    let (physical, writer, _) = many(&bench, 5000, 1).await;
    let mut scan = writer.older_than(Version(20)).await.unwrap();
    assert!(scan.next().await.unwrap().is_some());
    let stats = bench.ask(Method::GET, &format!("/{physical}/_stats/search"), None).await;
    let search = &stats["_all"]["total"]["search"];
    assert_eq!((&search["open_contexts"], &search["scroll_current"]), (&json!(0), &json!(0)), "{search}");
    assert_eq!(search["point_in_time_current"].as_u64().unwrap_or(0), 0, "{search}");
}
