//! Listing an index: every document that stands there is listed, whatever is written meanwhile.

use super::{Bench, definition, documents, on_both_engines};
use pgsync_runtime::internals::Version;
use pgsync_runtime::internals::fetch::Documents;
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeSet;

on_both_engines!(
    a_copy_goes_and_what_is_written_stays,
    copies_under_several_routings_are_all_listed,
    what_is_written_meanwhile_hides_nothing,
    a_lost_index_ends_a_listing,
    no_context_is_left_behind
);

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

/// Documents of one `_id`, one in each shard, all of the same number within it.
async fn copies_under_several_routings_are_all_listed(bench: Bench) {
    let settings = json!({ "index": { "number_of_shards": 3 } });
    let (generation, writer) = bench.filled(&definition(settings), 1000).await;
    let body = |out: &mut Vec<u8>| {
        out.extend_from_slice(b"{}");
        Ok::<(), std::convert::Infallible>(())
    };
    for (at, routing) in ["\"r1\"", "\"r2\"", "\"r3\"", "\"r4\"", "\"r5\"", "\"r6\"", ""].iter().enumerate() {
        let mut one = Documents::new(Version(10 + at as u64));
        let Ok(()) = one.index_at(b"a", routing.as_bytes(), body);
        writer.write(one).await.unwrap();
    }
    let count = async || {
        bench.ask(Method::POST, &format!("/{}/_refresh", generation.physical), None).await;
        bench.ask(Method::GET, &format!("/{}/_count", generation.physical), None).await["count"].as_u64().unwrap()
    };
    let copies = count().await;
    assert!(copies > 1, "{copies} copies");
    let mut scan = writer.older_than(Version(20)).await.unwrap();
    let mut listed = Vec::new();
    while let Some(page) = scan.next().await.unwrap() {
        listed.extend(page);
    }
    assert_eq!(listed.len() as u64, copies, "{listed:?}");
    let mut all = Documents::new(Version(20));
    listed.iter().for_each(|listed| all.delete_at(listed.id.as_bytes(), listed.routing.as_bytes()));
    writer.write(all).await.unwrap();
    assert_eq!(count().await, 0);
}

/// Twice as many routings as shards, so that some share one: whatever the order, the copy under the old routing goes, and
/// what is written at the same time stays.
async fn a_copy_goes_and_what_is_written_stays(bench: Bench) {
    let settings = json!({ "index": { "number_of_shards": 3 } });
    let (generation, writer) = bench.filled(&definition(settings), 1000).await;
    let body = |out: &mut Vec<u8>| {
        out.extend_from_slice(b"{}");
        Ok::<(), std::convert::Infallible>(())
    };
    let old: Vec<String> = (0..6).map(|number| format!("\"r{number}\"")).collect();
    for (version, copies_first) in [(11, true), (13, false)] {
        // A copy may be of the version just below.
        let mut before = Documents::new(Version(version - 1));
        for (number, routing) in old.iter().enumerate() {
            let Ok(()) = before.index_at(number.to_string().as_bytes(), routing.as_bytes(), body);
        }
        writer.write(before).await.unwrap();
        let [mut copies, mut moved] = [(); 2].map(|()| Documents::new(Version(version)));
        for (number, routing) in old.iter().enumerate() {
            copies.delete_copy(number.to_string().as_bytes(), routing.as_bytes());
            let Ok(()) = moved.index_at(number.to_string().as_bytes(), b"\"new\"", body);
        }
        let [first, second] = if copies_first { [copies, moved] } else { [moved, copies] };
        writer.write(first).await.unwrap();
        writer.write(second).await.unwrap();
        bench.ask(Method::POST, &format!("/{}/_refresh", generation.physical), None).await;
        let path = format!("/{}/_search?size=100&version=true", generation.physical);
        let found = bench.ask(Method::GET, &path, None).await;
        let hits = found["hits"]["hits"].as_array().unwrap();
        assert_eq!(hits.len(), old.len(), "copies first: {copies_first}: {found}");
        assert!(hits.iter().all(|hit| hit["_routing"] == "new" && hit["_version"] == version), "{found}");
    }
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
