//! The front doors: the same bytes through each, documents that go through their structs unchanged, and a generated
//! crate that builds away from this workspace.

use crate::support::database::Database;
use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::json::{Exact, exact};
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use reqwest::Method;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("examples").join(name)
}

#[test]
fn every_door_gives_the_same_text() {
    assert!(door_builder::TEXT == door_generate::TEXT, "examples/door-generate is stale: see its src/lib.rs");
    assert!(door_build_script::TEXT == door_generate::TEXT, "the macro in a build script gives another text");
    assert!(door_macro::PROGRAM == door_generate::PROGRAM, "the macro in a crate gives another program");
    assert_eq!(door_macro::library::INDEX, "library");
    // A search that names a field which is gone does not compile.
    assert_eq!(door_macro::library::book::TITLE_KEYWORD, "title.keyword");
    assert_eq!(door_macro::library::publisher::NAME, "publisher.name");
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_go_through_their_structs_unchanged() {
    let database = Database::create(&servers::postgres_newest(), "doors").await;
    database.run(&std::fs::read_to_string(example("library/schema.sql")).unwrap()).await;
    let engine = servers::opensearch();
    let environment = [("PG_URL", database.url.as_str()), ("ELASTICSEARCH_URL", engine.as_str())];
    let check = Process::start(cargo_pgsync(), &["pgsync", "catalog", "--check"], &environment, &example("library"));
    assert!(check.wait(Duration::from_secs(60)).0.success());
    let load = Process::start(cargo_pgsync(), &["pgsync", "sync", "-b"], &environment, &example("library"));
    let (status, said) = load.wait(Duration::from_secs(60));
    assert!(status.success(), "{}", said.join("\n"));
    let found = documents(&engine, "library").await;
    let expected = exact(&std::fs::read_to_string(example("library/expected.json")).unwrap());
    assert_eq!(Exact::Object(found.clone()), expected);
    for (id, document) in &found {
        let (_, answer) = request(&engine, Method::GET, &format!("/library/_source/{id}"), None).await;
        let book: door_macro::library::Book = serde_json::from_value(answer).unwrap();
        assert_eq!(exact(&serde_json::to_string(&book).unwrap()), *document, "{id}");
    }
    // What a search finds is read through the same struct.
    let query = serde_json::json!({ "query": { "match": { door_macro::library::book::AUTHORS: "murakami" } } });
    let path = format!("/{}/_search", door_macro::library::INDEX);
    let (_, answer) = request(&engine, Method::POST, &path, Some(&query)).await;
    let hits = answer["hits"]["hits"].as_array().unwrap();
    let books = hits.iter().map(|hit| serde_json::from_value(hit["_source"].clone()).unwrap());
    let books: Vec<door_generate::library::Book> = books.collect();
    assert_eq!(books.len(), 2);
    assert!(books.iter().any(|book| {
        book.price.as_ref().is_some_and(|price| price.to_string() == "10.99")
            && book.r#type == door_generate::enums::BookFormat::Paperback
            && book.reviews.as_ref().is_some_and(|reviews| reviews.len() == 2)
    }));
    let down = Process::start(cargo_pgsync(), &["pgsync", "teardown", "--indexes"], &environment, &example("library"));
    assert!(down.wait(Duration::from_secs(60)).0.success());
}

#[test]
fn a_stale_module_is_told_apart() {
    let directory = tempfile::tempdir().unwrap();
    let module = directory.path().join("schema.rs");
    let run = |check: bool| {
        let mut command = Command::new(cargo_pgsync());
        command.args(["pgsync", "generate", "--config"]).arg(example("library/schema.json"));
        command.arg("--module").arg(&module).args(check.then_some("--check"));
        command.output().unwrap().status.code()
    };
    assert_eq!(run(true), Some(2), "nothing is there yet");
    assert_eq!(run(false), Some(0));
    assert_eq!(run(true), Some(0));
    std::fs::write(&module, "// another text").unwrap();
    assert_eq!(run(true), Some(2));
}

#[test]
fn a_generated_crate_builds_elsewhere() {
    let directory = tempfile::tempdir().unwrap();
    let made = directory.path().join("my-sync");
    let runtime = example("../pgsync-runtime");
    let output = Command::new(cargo_pgsync())
        .args(["pgsync", "generate", "--config"])
        .arg(example("library/schema.json"))
        .arg("--crate")
        .arg(&made)
        .arg("--runtime-path")
        .arg(&runtime)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // The lock file and the profile of this workspace, so that nothing is built twice.
    std::fs::copy(example("../Cargo.lock"), made.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .current_dir(&made)
        .args([
            "check",
            "--config",
            "profile.dev.package.'*'.opt-level=1",
            "--config",
            "profile.dev.package.'*'.debug=false",
        ])
        .env("CARGO_TARGET_DIR", example("../target"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("warning"), "{said}");
}
