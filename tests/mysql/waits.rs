//! `wait` and `doctor` on MySQL and MariaDB: a client waits for the id of its own transaction while others write, and finds what
//! it has committed; settings and grants that are missing are found with what mends them.

use super::library::{LIMIT, Library};
use super::*;
use crate::support::engine::request;
use crate::support::process::Process;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

const COMMITS: usize = 1000;
const CLIENTS: usize = 8;

async fn search(engine: &str, index: &str, id: usize) -> Vec<String> {
    let body = json!({ "query": { "term": { "id": id } } });
    let path = format!("/{index}/_search");
    let (status, found) = request(engine, Method::POST, &path, Some(&body)).await;
    assert_eq!(status, 200, "{found}");
    let hits = found["hits"]["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["_source"]["title"].as_str().unwrap().to_owned()).collect()
}

/// How a client learns which transaction was its last.
fn own(family: Family, number: usize) -> &'static str {
    match (family, number % 2) {
        (Family::MariaDb, 0) => "SELECT @@last_gtid",
        (Family::MariaDb, _) => "SELECT @@GLOBAL.gtid_binlog_pos",
        (Family::MySql, _) => "SELECT @@GLOBAL.gtid_executed",
    }
}

async fn waits(family: Family, commits: usize) {
    let library = Library::new(family, "mysql-waits").await;
    let directory = tempfile::tempdir().unwrap();
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let process = library.process(&directory, &["run", "--listen", &address]);
    process.wait_for("following the stream", LIMIT);
    let stop = Arc::new(AtomicBool::new(false));
    let mut others = Vec::new();
    for other in 0..2 {
        let (mut session, stop) = (session(&library.server).await, Arc::clone(&stop));
        others.push(tokio::spawn(async move {
            let mut number = 0;
            while !stop.load(Ordering::Relaxed) {
                number += 1;
                run(&mut session, &format!("UPDATE book SET title = 'other {other} {number}' WHERE id <= 3")).await;
                run(&mut session, &format!("INSERT IGNORE INTO apart VALUES ({})", number * 2 + other)).await;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            number
        }));
    }
    let (mut clients, began) = (Vec::new(), Instant::now());
    for of in 0..CLIENTS {
        let mut client = session(&library.server).await;
        let (engine, index, address) = (library.engine.clone(), library.index.clone(), address.clone());
        clients.push(tokio::spawn(async move {
            for number in 0..commits / CLIENTS {
                let (id, title) = (10_000 + of * commits + number / 3, format!("mine {number}"));
                run(&mut client, &format!("REPLACE INTO book VALUES ({id}, '{title}', NULL, NULL)")).await;
                let gtid: String = client.query_first(own(family, number)).await.unwrap().unwrap();
                let lsn = gtid.replace('\n', "").replace(',', "%2C");
                let path = format!("/caught-up?lsn={lsn}&refresh=true&timeout=60");
                let (mut status, mut said) = (202, Value::Null);
                // 202 is "not yet": a slow machine has three minutes.
                for _ in 0..3 {
                    (status, said) = request(&format!("http://{address}"), Method::GET, &path, None).await;
                    if status != 202 {
                        break;
                    }
                }
                assert_eq!(status, 200, "{said}");
                assert_eq!(search(&engine, &index, id).await, [title], "commit {number} at {gtid}: {said}");
            }
        }));
    }
    for client in clients {
        client.await.unwrap_or_else(|error| panic!("{error}\n{}", process.lines().join("\n")));
    }
    stop.store(true, Ordering::Relaxed);
    let mut theirs = 0;
    for other in others {
        theirs += other.await.unwrap();
    }
    println!("{family:?}: {commits} commits found in {:?}, beside {theirs} of others", began.elapsed());
    refused(family, &library, &directory, &address).await;
    process.terminate();
    let (status, said) = process.wait(LIMIT);
    assert!(status.success(), "{}", said.join("\n"));
}

/// What is no point of this log, and the command.
async fn refused(family: Family, library: &Library, directory: &tempfile::TempDir, address: &str) {
    let unknown = match family {
        Family::MariaDb => "0-7-999999999",
        Family::MySql => "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5",
    };
    let base = format!("http://{address}");
    for (lsn, wanted) in [(unknown, 409), ("0/16B3748", 400), ("", 400)] {
        let (status, said) = request(&base, Method::GET, &format!("/caught-up?lsn={lsn}"), None).await;
        assert_eq!(status, wanted, "{lsn}: {said}");
    }
    for (arguments, code, words) in [
        (&["wait", "--now", "--refresh"][..], 0, "the state in"),
        (&["wait", "--now", "--listen", address], 0, "the running process at"),
        (&["wait", "--lsn", unknown], 1, "P0913"),
        (&["wait", "--lsn", "0/16B3748"], 2, "P0912"),
    ] {
        let (status, said) = library.process(directory, arguments).wait(LIMIT);
        let said = said.join("\n");
        assert!(status.code() == Some(code) && said.contains(words), "{arguments:?}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_client_of_a_mariadb_always_finds_what_it_has_waited_for() {
    waits(Family::MariaDb, COMMITS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_client_of_a_mysql_always_finds_what_it_has_waited_for() {
    waits(Family::MySql, 100).await;
}

fn doctor(library: &Library, directory: &tempfile::TempDir) -> (i32, Vec<Value>) {
    let process: Process = library.process(directory, &["doctor", "--json"]);
    let (status, said) = process.wait(LIMIT);
    let said = said.join("\n");
    let line = said.lines().find(|line| line.starts_with("{\"findings\"")).unwrap_or_else(|| panic!("{said}"));
    let object: Value = serde_json::from_str(line).unwrap();
    (status.code().unwrap(), object["findings"].as_array().unwrap().clone())
}

async fn findings(family: Family) {
    let mut library = Library::new(family, "mysql-doctor").await;
    let directory = tempfile::tempdir().unwrap();
    let (code, all) = doctor(&library, &directory);
    assert_eq!(code, 0, "{all:#?}");
    let found = |findings: &[Value], name: &str| -> Value {
        let finding = findings.iter().find(|finding| finding["about"] == name);
        finding.unwrap_or_else(|| panic!("nothing about {name}: {findings:#?}")).clone()
    };
    // The server of the test writes its log without waiting for the disk.
    let mend = found(&all, "sync_binlog")["mend"].as_str().unwrap().to_owned();
    library.run(&mend).await;
    library.run("SET GLOBAL binlog_expire_logs_seconds = 60").await;
    library.run("SET GLOBAL binlog_row_metadata = MINIMAL").await;
    library.run("SET GLOBAL binlog_row_image = MINIMAL").await;
    let right = if family == Family::MySql { "REPLICATION CLIENT" } else { "BINLOG MONITOR" };
    library.run(&format!("REVOKE {right}, REPLICATION SLAVE ON *.* FROM 'repl'@'%'")).await;
    let (code, wrong) = doctor(&library, &directory);
    assert_eq!(code, 1);
    assert!(wrong.iter().all(|finding| finding["about"] != "sync_binlog"), "{wrong:#?}");
    let rights: Vec<&Value> =
        wrong.iter().filter(|finding| finding["about"] == "rights" && finding["severity"] == "in_the_way").collect();
    assert_eq!(rights.len(), 2, "{wrong:#?}");
    for name in ["expiry", "binlog_row_metadata", "binlog_row_image"] {
        library.run(found(&wrong, name)["mend"].as_str().unwrap()).await;
    }
    for finding in rights {
        library.run(finding["mend"].as_str().unwrap()).await;
    }
    let (code, all) = doctor(&library, &directory);
    assert_eq!(code, 0, "{all:#?}");
    assert!(all.iter().all(|finding| finding["about"] != "expiry"), "{all:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_doctor_finds_what_is_in_the_way_on_mariadb() {
    findings(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_doctor_finds_what_is_in_the_way_on_mysql() {
    findings(Family::MySql).await;
}
