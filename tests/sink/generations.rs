//! The life of an index: made, found, moved behind its alias, dropped, and left alone where it is somebody else's.

use super::{Bench, definition, on_every_engine, owner};
use pgsync_runtime::internals::sink::name_differences;
use pgsync_runtime::internals::{Code, ErrorKind};
use reqwest::Method;
use serde_json::json;

on_every_engine!(
    generations_follow_each_other,
    a_foreign_index_is_reported,
    a_foreign_alias_is_reported,
    a_longer_name_is_another_index,
    differences_are_named,
    an_index_that_may_lose_writes_is_refused,
    a_name_that_is_taken_is_not_promoted,
    a_refused_mapping_names_the_settings
);

async fn generations_follow_each_other(bench: Bench) {
    let (engine, name) = (&bench.engine, bench.name.as_str());
    let none = engine.inspect(name).await.unwrap();
    assert!(none.generations.is_empty() && none.foreign.is_none(), "{none:?}");

    let first = engine.create(name, &definition(json!({})), 1, &owner()).await.unwrap();
    assert_eq!((first.number, first.public, &first.owner), (1, false, &owner()));
    assert!(!bench.has(&format!("/{name}")).await, "nothing is public before it is filled");
    engine.promote(name, &first.physical).await.unwrap();
    assert_eq!(engine.holders(name).await.unwrap(), [(first.physical.clone(), first.uuid.clone())]);
    assert_eq!(first.fingerprint, definition(json!({})).fingerprint);
    let second = engine.create(name, &definition(json!({})), 2, &owner()).await.unwrap();
    assert!(!second.public && second.uuid != first.uuid);
    let again = engine.create(name, &definition(json!({})), 2, &owner()).await.unwrap_err();
    assert_eq!(
        again.kind(),
        ErrorKind::Unavailable,
        "it came with a late request, and the next look finds it: {again}"
    );
    let both = engine.inspect(name).await.unwrap();
    assert_eq!(both.generations.iter().map(|generation| generation.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(both.public().unwrap().physical, first.physical);

    bench.ask(Method::PUT, &format!("/{}/_doc/1", second.physical), Some(&json!({ "n": 1 }))).await;
    engine.promote(name, &second.physical).await.unwrap();
    let after = engine.inspect(name).await.unwrap();
    assert_eq!(after.generations.len(), 1, "{after:?}");
    assert_eq!(after.public().unwrap().uuid, second.uuid);
    assert!(!bench.has(&format!("/{}", first.physical)).await);
    let found = bench.ask(Method::GET, &format!("/{name}/_search"), None).await;
    assert_eq!(found["hits"]["total"]["value"], 1, "what was written is searchable with the alias: {found}");

    engine.promote(name, &second.physical).await.unwrap();
    engine.drop_generation(&after.generations[0]).await.unwrap();
    engine.drop_generation(&after.generations[0]).await.unwrap();
    assert!(engine.inspect(name).await.unwrap().generations.is_empty());
    assert!(!bench.has(&format!("/{name}")).await);
    assert!(engine.holders(name).await.unwrap().is_empty());
    assert_eq!(engine.promote(name, &second.physical).await.unwrap_err().kind(), ErrorKind::Reload, "it is gone");
}

async fn a_foreign_index_is_reported(bench: Bench) {
    bench.ask(Method::PUT, &format!("/{}", bench.name), None).await;
    let found = bench.engine.inspect(&bench.name).await.unwrap();
    assert_eq!(found.foreign.as_deref(), Some(bench.name.as_str()));
    assert!(found.generations.is_empty());
}

async fn a_foreign_alias_is_reported(bench: Bench) {
    let other = format!("{}-theirs", bench.name);
    bench.ask(Method::PUT, &format!("/{other}"), Some(&json!({ "aliases": { &bench.name: {} } }))).await;
    let found = bench.engine.inspect(&bench.name).await.unwrap();
    assert_eq!(found.foreign.as_deref(), Some(other.as_str()));
}

async fn a_name_that_is_taken_is_not_promoted(bench: Bench) {
    let ours = bench.engine.create(&bench.name, &definition(json!({})), 1, &owner()).await.unwrap();
    bench.ask(Method::PUT, &format!("/{}", bench.name), None).await;
    let error = bench.engine.promote(&bench.name, &ours.physical).await.unwrap_err();
    assert_eq!(error.code(), Some(Code::NameTaken), "{error}");
    assert_eq!(bench.engine.holders(&bench.name).await.unwrap()[0].0, bench.name);
}

async fn a_longer_name_is_another_index(bench: Bench) {
    let longer = format!("{}-more", bench.name);
    bench.engine.create(&longer, &definition(json!({})), 1, &owner()).await.unwrap();
    let found = bench.engine.inspect(&bench.name).await.unwrap();
    assert!(found.generations.is_empty() && found.foreign.is_none(), "{found:?}");
    let ours = bench.engine.create(&bench.name, &definition(json!({})), 1, &owner()).await.unwrap();
    bench.engine.promote(&bench.name, &ours.physical).await.unwrap();
    assert_eq!(bench.engine.inspect(&longer).await.unwrap().generations.len(), 1, "it was left alone");
}

async fn differences_are_named(bench: Bench) {
    bench.engine.create(&bench.name, &definition(json!({})), 1, &owner()).await.unwrap();
    let found = bench.engine.inspect(&bench.name).await.unwrap();
    let differences = name_differences(&found.generations[0].identity, r#"{"mappings":{"n":"keyword"}}"#);
    assert_eq!(differences, ["~ mappings.n: long -> keyword"]);
}

async fn an_index_that_may_lose_writes_is_refused(bench: Bench) {
    let generation = bench.engine.create(&bench.name, &definition(json!({})), 1, &owner()).await.unwrap();
    let lax = json!({ "index": { "translog": { "durability": "async" } } });
    bench.ask(Method::PUT, &format!("/{}/_settings", generation.physical), Some(&lax)).await;
    let error = bench.engine.inspect(&bench.name).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    let text = error.to_string();
    assert!(text.contains(&generation.physical) && text.contains("index.translog.durability"), "{text}");

    let own = format!("{}-own", bench.name);
    let error = bench.engine.create(&own, &definition(lax), 1, &owner()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
}

async fn a_refused_mapping_names_the_settings(bench: Bench) {
    let mut wrong = definition(json!({}));
    wrong.mappings["properties"]["n"]["type"] = json!("no_such_type");
    let error = bench.engine.create(&bench.name, &wrong, 1, &owner()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.to_string().contains("no_such_type"), "{error}");
    assert!(error.next_step().unwrap().contains("`mapping`"), "{error:?}");
    assert!(bench.engine.inspect(&bench.name).await.unwrap().generations.is_empty());
}
