//! Ingest pipelines. Their processors are a module of the engine that not every distribution has, so these run where it is
//! known to be there.

use super::{Bench, definition, documents, on_both_engines};
use reqwest::Method;
use serde_json::json;

on_both_engines!(what_a_pipeline_drops_goes, what_a_pipeline_fails_on_is_refused);

async fn what_a_pipeline_drops_goes(bench: Bench) {
    let pipeline = format!("{}-pipeline", bench.name);
    let body = json!({ "processors": [{ "drop": { "if": "ctx.gone == true" } }] });
    bench.ask(Method::PUT, &format!("/_ingest/pipeline/{pipeline}"), Some(&body)).await;
    let settings = json!({ "index": { "default_pipeline": pipeline } });
    let (generation, writer) = bench.filled(&definition(settings), 1000).await;
    writer.write(documents(10, [("a", Some(r#"{"n":1}"#)), ("b", Some(r#"{"n":1}"#))])).await.unwrap();
    assert!(bench.document(&generation, "a").await.is_some());
    let dropped = documents(20, [("a", Some(r#"{"gone":true}"#)), ("b", Some(r#"{"n":2}"#))]);
    writer.write(dropped).await.unwrap();
    assert_eq!(bench.document(&generation, "a").await, None);
    assert_eq!(bench.document(&generation, "b").await, Some((json!({ "n": 2 }), 20)));
    // The delete carries the version of the drop: an older write does not bring the document back.
    writer.write(documents(15, [("a", Some(r#"{"n":1}"#))])).await.unwrap();
    assert_eq!(bench.document(&generation, "a").await, None);
}

/// A processor that fails on a document fails on it for ever, with a status that means "later" elsewhere.
async fn what_a_pipeline_fails_on_is_refused(bench: Bench) {
    let pipeline = format!("{}-pipeline", bench.name);
    let body = json!({ "processors": [{ "fail": { "if": "ctx.gone == true", "message": "no" } }] });
    bench.ask(Method::PUT, &format!("/_ingest/pipeline/{pipeline}"), Some(&body)).await;
    let settings = json!({ "index": { "default_pipeline": pipeline } });
    let (generation, writer) = bench.filled(&definition(settings), 1000).await;
    let list = documents(10, [("a", Some(r#"{"n":1}"#)), ("b", Some(r#"{"gone":true}"#)), ("c", Some(r#"{"n":2}"#))]);
    let report = writer.write(list).await.unwrap();
    assert_eq!((report.written, report.refused.len()), (2, 1), "{report:?}");
    assert_eq!((report.refused[0].id.as_str(), report.refused[0].kind.as_str()), ("b", "fail_processor_exception"));
    assert!(bench.document(&generation, "c").await.is_some());
}
