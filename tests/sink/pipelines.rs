//! Ingest pipelines. Their processors are a module of the engine that not every distribution has, so these run where it is
//! known to be there.

use super::{Bench, definition, documents, on_both_engines};
use reqwest::Method;
use serde_json::json;

on_both_engines!(what_a_pipeline_drops_goes);

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
