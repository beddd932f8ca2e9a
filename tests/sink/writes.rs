//! Bulk writes: versions decide, what an engine refuses is named, what it cannot take at present is sent again.

use super::{Bench, definition, documents, on_every_engine};
use pgsync_runtime::internals::sink::{MaxVersion, Target};
use pgsync_runtime::internals::{Error, ErrorKind, Version};
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

on_every_engine!(
    the_newest_version_stays,
    a_version_from_the_future_ends_it,
    a_source_that_cannot_be_asked_does_not_end_a_write,
    a_refused_document_is_named_without_its_value,
    an_id_that_is_too_long_is_named,
    a_lost_index_is_not_made_again,
    a_closed_index_is_waited_for,
    a_blocked_index_is_waited_for,
    a_scan_has_no_limit,
    requests_are_cut_to_the_settings
);

async fn the_newest_version_stays(bench: Bench) {
    let (generation, writer) = bench.filled(&definition(json!({})), 1000).await;
    writer.write(documents(10, [("a", Some(r#"{"n":1}"#)), ("b", Some(r#"{"n":1}"#))])).await.unwrap();
    writer.write(documents(20, [("a", Some(r#"{"n":2}"#)), ("b", None)])).await.unwrap();
    // Older and equal ones are successes that change nothing, deletes included.
    writer.write(documents(15, [("a", Some(r#"{"n":0}"#)), ("b", Some(r#"{"n":0}"#))])).await.unwrap();
    writer.write(documents(19, [("a", None)])).await.unwrap();
    writer.write(documents(20, [("a", Some(r#"{"n":3}"#))])).await.unwrap();
    assert_eq!(bench.document(&generation, "a").await, Some((json!({ "n": 2 }), 20)));
    assert_eq!(bench.document(&generation, "b").await, None);
    writer.write(documents(21, [("b", Some(r#"{"n":4}"#)), ("never", None)])).await.unwrap();
    assert_eq!(bench.document(&generation, "b").await, Some((json!({ "n": 4 }), 21)));
}

async fn a_version_from_the_future_ends_it(bench: Bench) {
    let (generation, writer) = bench.filled(&definition(json!({})), 100).await;
    let path = format!("/{}/_doc/a?version_type=external&version=", generation.physical);
    // The end of the log + 1 is the highest honest version.
    bench.ask(Method::PUT, &format!("{path}101"), Some(&json!({ "n": 7 }))).await;
    writer.write(documents(50, [("a", Some(r#"{"n":1}"#))])).await.unwrap();
    bench.ask(Method::PUT, &format!("{path}102"), Some(&json!({ "n": 8 }))).await;
    let error = writer.write(documents(50, [("a", Some(r#"{"n":1}"#))])).await.unwrap_err();
    assert_eq!((error.kind(), error.exit_code()), (ErrorKind::Fatal, 1));
    let text = error.to_string();
    assert!(text.contains("version 102") && text.contains("= 100)") && text.contains("`a`"), "{text}");
}

/// After a crash everything that was written is written again, and conflicts: the source is asked once, again if need be.
async fn a_source_that_cannot_be_asked_does_not_end_a_write(bench: Bench) {
    let (generation, writer) = bench.filled(&definition(json!({})), 1000).await;
    let ids: Vec<String> = (0..200).map(|number| format!("d{number}")).collect();
    let all = || ids.iter().map(|id| (id.as_str(), Some("{}")));
    writer.write(documents(900, all())).await.unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let ceiling = MaxVersion::new(move || {
        let times = count.fetch_add(1, Ordering::SeqCst);
        async move { if times < 3 { Err(Error::new(ErrorKind::Unavailable, "gone")) } else { Ok(Version(1000)) } }
    });
    let target = Target { physical: generation.physical, ..Target::default() };
    let writer = bench.engine.writer(&target, ceiling);
    let report = writer.write(documents(50, all())).await.unwrap();
    assert_eq!((report.written, report.conflicts), (0, 200));
    let count = asked.load(Ordering::SeqCst);
    assert_eq!(count, 4, "once for each attempt");
    writer.write(documents(51, all())).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), count, "what is below the last answer is not asked again");
}

async fn a_refused_document_is_named_without_its_value(bench: Bench) {
    let (generation, writer) = bench.filled(&definition(json!({})), 1000).await;
    let wrong = [
        r#"{"n":"confidential"}"#,
        r#"{"gone":"confidential"}"#,
        r#"{"n":{"x":"confidential"}}"#,
        r#"{"other":"confidential","a":{"b":1,"b":2}}"#,
        r#"{"other":"confidential","":1}"#,
    ];
    for (version, body) in (10..).zip(wrong) {
        let list = [("good", Some("{}")), ("wrong", Some(body)), ("better", Some("{}"))];
        let report = writer.write(documents(version, list)).await.unwrap();
        assert_eq!((report.written, report.conflicts, report.refused.len()), (2, 0, 1), "{report:?}");
        let refused = &report.refused[0];
        assert_eq!((refused.id.as_str(), refused.version), ("wrong", Version(version)));
        assert!(refused.kind.ends_with("parsing_exception") && refused.bytes > body.len(), "{refused:?}");
        assert!(!format!("{refused:?}").contains("confidential"), "{refused:?}");
        assert_eq!(bench.document(&generation, "better").await.unwrap().1, version, "the others are written");
    }
    assert_eq!(bench.document(&generation, "wrong").await, None);
}

async fn an_id_that_is_too_long_is_named(bench: Bench) {
    let (generation, writer) = bench.filled(&definition(json!({})), 1000).await;
    let (longest, longer) = ("x".repeat(512), "y".repeat(513));
    let list = [(longest.as_str(), Some("{}")), (longer.as_str(), Some("{}")), ("", Some("{}"))];
    let report = writer.write(documents(10, list)).await.unwrap();
    assert!(bench.document(&generation, &longest).await.is_some());
    let refused: Vec<_> = report.refused.iter().map(|refused| (refused.id.as_str(), refused.kind.as_str())).collect();
    assert_eq!((report.written, refused), (1, vec![(longer.as_str(), "id_length"), ("", "id_length")]));
    assert!(report.refused[0].reason.contains("513") && report.refused[0].reason.contains("512"), "{report:?}");
    let report = writer.write(documents(10, [(longer.as_str(), None)])).await.unwrap();
    assert_eq!((report.accepted(), report.refused.len()), (1, 0));
}

async fn a_lost_index_is_not_made_again(bench: Bench) {
    let (generation, writer) = bench.filled(&definition(json!({})), 1000).await;
    bench.ask(Method::DELETE, &format!("/{}", generation.physical), None).await;
    let error = writer.write(documents(10, [("a", Some("{}"))])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Reload, "{error}");
    assert!(error.to_string().contains(&generation.physical), "{error}");
    for name in [&generation.physical, &format!("{}-write", generation.physical), &bench.name] {
        assert!(!bench.has(&format!("/{name}")).await, "`{name}` was made again");
    }
}

async fn a_closed_index_is_waited_for(bench: Bench) {
    let (generation, writer) = bench.filled(&definition(json!({})), 1000).await;
    bench.ask(Method::POST, &format!("/{}/_close", generation.physical), None).await;
    let writing = tokio::spawn(async move { writer.write(documents(10, [("a", Some("{}"))])).await });
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert!(!writing.is_finished(), "{:?}", writing.await);
    bench.ask(Method::POST, &format!("/{}/_open", generation.physical), None).await;
    tokio::time::timeout(Duration::from_secs(30), writing).await.expect("sent again").unwrap().unwrap();
    assert!(bench.document(&generation, "a").await.is_some());
}

async fn a_blocked_index_is_waited_for(bench: Bench) {
    let (generation, writer) = bench.filled(&definition(json!({})), 1000).await;
    let path = format!("/{}/_settings", generation.physical);
    bench.ask(Method::PUT, &path, Some(&json!({ "index.blocks.read_only_allow_delete": true }))).await;
    let writing = tokio::spawn(async move { writer.write(documents(10, [("a", Some("{}"))])).await });
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert!(!writing.is_finished(), "{:?}", writing.await);
    bench.ask(Method::PUT, &path, Some(&json!({ "index.blocks.read_only_allow_delete": null }))).await;
    tokio::time::timeout(Duration::from_secs(30), writing).await.expect("sent again").unwrap().unwrap();
    assert!(bench.document(&generation, "a").await.is_some());
}

async fn a_scan_has_no_limit(bench: Bench) {
    let (_, writer) = bench.filled(&definition(json!({})), 1000).await;
    let ids: Vec<String> = (0..2500).map(|number| format!("d{number}")).collect();
    writer.write(documents(10, ids.iter().map(|id| (id.as_str(), Some("{}"))))).await.unwrap();
    writer.write(documents(20, [("d7", Some("{}")), ("d8", None), ("new", Some("{}"))])).await.unwrap();
    let mut scan = writer.older_than(Version(20)).await.unwrap();
    let (mut found, mut count) = (BTreeSet::new(), 0);
    while let Some(page) = scan.next().await.unwrap() {
        count += page.len();
        found.extend(page);
    }
    let expected: BTreeSet<String> = ids.into_iter().filter(|id| id != "d7" && id != "d8").collect();
    assert_eq!(count, 2498, "each is listed once");
    assert_eq!(found.into_iter().map(|listed| listed.id).collect::<BTreeSet<_>>(), expected);
}

async fn requests_are_cut_to_the_settings(bench: Bench) {
    let generation = bench.filled(&definition(json!({})), 1000).await.0;
    let mut settings = super::settings(&bench.base, &bench.name);
    (settings.chunk_size, settings.max_chunk_bytes, settings.in_flight) = (7, 1000, 3);
    let engine = pgsync_runtime::internals::sink::Engine::connect(&settings).await.unwrap();
    let target = Target { physical: generation.physical.clone(), ..Target::default() };
    let ceiling = MaxVersion::new(|| async { Ok(Version(1000)) });
    let writer = engine.writer(&target, ceiling);
    let ids: Vec<String> = (0..100).map(|number| format!("d{number}")).collect();
    let large = format!(r#"{{"text":"{}"}}"#, "z".repeat(3000));
    let list = ids.iter().map(|id| (id.as_str(), Some(if id == "d50" { large.as_str() } else { "{}" })));
    writer.write(documents(10, list)).await.unwrap();
    bench.ask(Method::POST, &format!("/{}/_refresh", generation.physical), None).await;
    let count = bench.ask(Method::GET, &format!("/{}/_count", generation.physical), None).await;
    assert_eq!(count["count"], 100);
}
