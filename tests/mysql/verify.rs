//! `verify` on a MariaDB and a MySQL: what others do to an index is found and put right while the program follows.

use super::library::Library;
use super::*;
use crate::support::engine::request;
use crate::support::site::FOLLOWS;
use reqwest::Method;
use serde_json::{Value, json};

fn verify(library: &Library, directory: &tempfile::TempDir, arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
    let words = [&["verify", "--json"], arguments].concat();
    let (status, said) = library.process(directory, &words).wait(Duration::from_secs(90));
    let objects = said.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let findings: Vec<Value> = objects.filter(|one| one.get("kind").is_some() && one.get("id").is_some()).collect();
    println!("{}", said.join("\n"));
    (status.code(), findings)
}

async fn mended(family: Family) {
    let mut library = Library::new(family, "mysql-verify").await;
    for number in 10..200 {
        library.run(&format!("INSERT INTO book VALUES ({number}, 'book {number}', {number}.05, 1)")).await;
    }
    let directory = tempfile::tempdir().unwrap();
    let mut process = library.process(&directory, &["run"]);
    process.wait_for(FOLLOWS, Duration::from_secs(60));
    library.converges_by(&mut process).await;
    assert_eq!(verify(&library, &directory, &[]), (Some(0), Vec::new()));

    let (engine, index) = (library.engine.clone(), library.index.clone());
    let send = async |method: Method, path: &str, body: Value| {
        let (status, answer) = request(&engine, method, &format!("/{index}/{path}"), Some(&body)).await;
        assert!((200..300).contains(&status), "{path}: {answer}");
    };
    send(Method::DELETE, "_doc/10?refresh=true", json!({})).await;
    send(Method::POST, "_update/11", json!({ "doc": { "title": "other words" } })).await;
    send(Method::POST, "_update/12", json!({ "doc": { "price": 12.06 } })).await;
    // Twice: its version is beyond what the server counts.
    for author in ["a", "b", "c"] {
        send(Method::POST, "_update/13", json!({ "doc": { "author": { "name": author } } })).await;
    }
    send(Method::PUT, "_doc/14?version=4000000000000000&version_type=external", json!({ "id": 14 })).await;
    send(Method::PUT, "_doc/900001?refresh=true", json!({ "id": 900_001 })).await;
    send(Method::PUT, "_doc/12abc?refresh=true", json!({ "id": 12 })).await;
    let wanted = [
        ("10", "missing"),
        ("11", "different"),
        ("12", "different"),
        ("12abc", "extra"),
        ("13", "different"),
        ("14", "different"),
        ("900001", "extra"),
    ];
    let told = |found: &[Value]| {
        let mut told: Vec<(String, String)> = found
            .iter()
            .map(|one| (one["id"].as_str().unwrap().to_owned(), one["kind"].as_str().unwrap().to_owned()))
            .collect();
        told.sort();
        told
    };
    let wanted: Vec<(String, String)> = wanted.map(|(id, kind)| (id.to_owned(), kind.to_owned())).into();
    let (code, found) = verify(&library, &directory, &[]);
    assert_eq!((code, told(&found)), (Some(1), wanted.clone()));
    let (code, found) = verify(&library, &directory, &["--repair"]);
    assert_eq!((code, told(&found)), (Some(0), wanted), "{found:#?}");
    assert_eq!(verify(&library, &directory, &[]), (Some(0), Vec::new()));
    library.converges_by(&mut process).await;
    library.run("UPDATE book SET title = 'later' WHERE id < 20").await;
    library.run("INSERT INTO book VALUES (900001, 'mine', 1.00, NULL)").await;
    library.converges_by(&mut process).await;
    process.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_verify_finds_and_mends_on_a_mariadb() {
    mended(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_verify_finds_and_mends_on_a_mysql() {
    mended(Family::MySql).await;
}
