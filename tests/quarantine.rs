//! Documents that the engine refuses stand aside, and everything else goes on. Each test gives the engine something it
//! will not take, in the way ordinary data does, and asks the index, the quarantine and `/healthz` what became of it.

use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::process::Process;
use crate::support::proxy::{Faults, Manner, Proxy};
use crate::support::servers;
use crate::support::site::{FILLED, LIMIT, Site, stop};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const TABLE: &str = "
    CREATE TABLE item (name text, n integer, s jsonb, j json, PRIMARY KEY (n, name));
    INSERT INTO item SELECT 'a|' || n, n, '{\"s\": {\"o\": 1}}', '{\"a\": 1}' FROM generate_series(1, 20) n;";

const SAID: &str = "SELECT n || '|' || replace(name, '|', '\\|'), to_jsonb(item)::text FROM item";

/// A site whose json columns are left to dynamic mapping, with a quarantine of its own.
async fn dynamic(name: &str, engine: String) -> Site {
    let site = Site::of(name, &servers::postgres_newest(), engine, TABLE, SAID).await;
    let dynamic = json!({ "type": "object", "dynamic": true });
    schema(&site, json!({ "table": "item" }), json!({ "s": dynamic, "j": dynamic }));
    site
}

fn schema(site: &Site, nodes: Value, mapping: Value) {
    let schema = json!([{ "index": site.index, "nodes": nodes, "mapping": mapping }]);
    std::fs::write(site.directory.path().join("schema.json"), schema.to_string()).unwrap();
}

fn start(site: &Site, arguments: &[&str], settings: &[(&str, &str)]) -> Process {
    let state = format!("{}-state", site.index);
    let mut all = vec![("PGSYNC_STATE_INDEX", state.as_str()), ("PGSYNC_WAIT", "5")];
    all.extend(settings);
    site.start_with(arguments, &all)
}

/// Exit code and the JSON objects it prints.
fn ask(site: &Site, arguments: &[&str]) -> (i32, Vec<Value>) {
    let (status, said) = start(site, &[arguments, &["--json"]].concat(), &[]).wait(LIMIT);
    let objects = said.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut objects: Vec<Value> = objects.filter(|object| object.get("level").is_none()).collect();
    // Two outputs come in any order: the error, which is the last word, stands last.
    objects.sort_by_key(|object| object.get("error").is_some());
    (status.code().unwrap_or_else(|| panic!("{}", said.join("\n"))), objects)
}

/// `_id`s that stand in the quarantine.
fn standing(site: &Site) -> BTreeSet<String> {
    let (code, entries) = ask(site, &["quarantine", "list"]);
    assert_eq!(code, 0, "{entries:?}");
    entries.iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
}

fn ids(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|id| (*id).to_owned()).collect()
}

/// Everything committed so far is written and acknowledged.
async fn caught_up(site: &Site, process: &Process) {
    let end = site.log_end().await;
    let limit = Instant::now() + LIMIT;
    while !site.acknowledged(&end).await {
        assert!(Instant::now() < limit, "{end} is not acknowledged\n{}", process.lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Starts it, waits until it follows, and gives the address of its `/healthz`.
async fn follow(site: &Site, settings: &[(&str, &str)]) -> (Process, String) {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let process = start(site, &["run", "-b", "--listen", &format!("127.0.0.1:{port}")], settings);
    let url = format!("http://127.0.0.1:{port}");
    let limit = Instant::now() + LIMIT;
    loop {
        let answer = reqwest::Client::new().get(format!("{url}/healthz")).send().await;
        let report = match answer {
            Ok(answer) => serde_json::from_slice::<Value>(&answer.bytes().await.unwrap()).unwrap(),
            Err(_) => Value::Null,
        };
        if report["phase"] == "following" {
            return (process, url);
        }
        assert!(Instant::now() < limit, "{report}\n{}", process.lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn quarantined(url: &str) -> u64 {
    request(url, Method::GET, "/healthz", None).await.1["quarantined"].as_u64().unwrap()
}

/// Waits until `/healthz` counts so many.
async fn becomes(url: &str, count: u64) {
    let limit = Instant::now() + LIMIT;
    while quarantined(url).await != count {
        assert!(Instant::now() < limit, "{} stand in the quarantine", quarantined(url).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Ends it, and leaves no slot behind.
fn finish(site: Site, process: Process) {
    stop(process);
    let (status, said) = start(&site, &["teardown", "--indexes"], &[]).wait(LIMIT);
    assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
    assert_eq!(standing(&site), BTreeSet::new(), "the quarantine goes with the set-up");
}

/// The index holds every row but these.
async fn holds_all_but(site: &Site, refused: &[&str]) {
    let found = documents(&site.engine, &site.index).await;
    for (id, wanted) in site.expected().await {
        if !refused.contains(&id.as_str()) {
            assert_eq!(found.get(&id), Some(&wanted), "{id}");
        }
    }
}

async fn refused_documents_stand_aside(name: &str, engine: String) {
    let site = dynamic(name, engine).await;
    let (process, url) = follow(&site, &[]).await;
    let deep = format!("{}1{}", "{\"d\":".repeat(30), "}".repeat(30));
    site.database
        .run(&format!(
            "UPDATE item SET s = '{{\"s\": \"secret words\"}}' WHERE n = 2;
             UPDATE item SET j = '{{\"a\": 1, \"a\": 2}}' WHERE n = 3;
             UPDATE item SET j = '{{\"\": 1}}' WHERE n = 4;
             UPDATE item SET s = '{deep}' WHERE n = 5;
             UPDATE item SET s = '{{\"s\": {{\"o\": 7}}}}' WHERE n = 6;"
        ))
        .await;
    caught_up(&site, &process).await;
    let refused = ["2|a\\|2", "3|a\\|3", "4|a\\|4", "5|a\\|5"];
    holds_all_but(&site, &refused).await;
    assert_eq!(quarantined(&url).await, 4);
    assert_eq!(standing(&site), ids(&refused));
    let (_, entries) = ask(&site, &["quarantine", "show", "2|a\\|2"]);
    let entry = &entries[0];
    for (field, value) in [("index", site.index.as_str()), ("table", "public.item"), ("slot", &site.slot().await)] {
        assert_eq!(entry[field], value, "{entry}");
    }
    assert!(entry["reason_type"].as_str().unwrap().ends_with("parsing_exception"), "{entry}");
    assert!(entry["version"].as_u64().unwrap() > 0 && entry["bytes"].as_u64().unwrap() > 20, "{entry}");
    assert!(!process.lines().join("\n").contains("secret words") && !entry.to_string().contains("secret words"));
    assert_eq!(ask(&site, &["status"]).1[0]["quarantined"], 4);
    // As an operator would search.
    let search = json!({ "query": { "bool": { "filter": [
        { "term": { "index": site.index } }, { "term": { "slot": site.slot().await } },
        { "term": { "id": "2|a\\|2" } }, { "range": { "first_seen": { "gte": "2020-01-01" } } }] } } });
    let path = format!("/{}-state-quarantine/_search", site.index);
    assert_eq!(request(&site.engine, Method::POST, &path, Some(&search)).await.1["hits"]["total"]["value"], 1);

    // Killed and started again it goes on, knows them still, and loads nothing.
    process.kill();
    let (process, url) = follow(&site, &[]).await;
    caught_up(&site, &process).await;
    becomes(&url, 4).await;
    assert!(!process.lines().iter().any(|line| line.contains(FILLED)));

    // A row that is mended, and one that is deleted, take their entries with them.
    site.database.run("UPDATE item SET s = '{\"s\": {\"o\": 2}}' WHERE n = 2; DELETE FROM item WHERE n = 3").await;
    caught_up(&site, &process).await;
    assert_eq!(standing(&site), ids(&refused[2..]));
    assert_eq!(quarantined(&url).await, 2);

    // Tried again as it is it is refused again; with another setting of the index it is taken.
    let (code, said) = ask(&site, &["quarantine", "retry", "5|a\\|5"]);
    assert_eq!((code, &said[0]["outcome"], &said[1]["code"]), (1, &json!("refused"), &json!("P0805")), "{said:?}");
    let setting = json!({ "index.mapping.depth.limit": 60 });
    let path = format!("/{}/_settings", site.index);
    assert_eq!(request(&site.engine, Method::PUT, &path, Some(&setting)).await.0, 200);
    let (code, said) = ask(&site, &["quarantine", "retry", "5|a\\|5"]);
    assert_eq!((code, &said[0]["outcome"]), (0, &json!("accepted")), "{said:?}");
    holds_all_but(&site, &refused[2..3]).await;
    assert_eq!(standing(&site), ids(&refused[2..3]));
    // The process hears of it by itself.
    becomes(&url, 1).await;

    // Dropped it is forgotten, until its row changes.
    assert_eq!(ask(&site, &["quarantine", "drop", "nothing"]).1[0]["code"], "P0803");
    assert_eq!(ask(&site, &["quarantine", "drop", "--all"]).0, 0);
    assert_eq!(standing(&site), BTreeSet::new());
    site.database.run("UPDATE item SET s = '{}' WHERE n = 4").await;
    caught_up(&site, &process).await;
    assert_eq!(standing(&site), ids(&refused[2..3]));
    finish(site, process);
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_documents_stand_aside_on_opensearch() {
    refused_documents_stand_aside("quarantine_open", servers::opensearch()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_documents_stand_aside_on_elasticsearch() {
    refused_documents_stand_aside("quarantine_elastic", servers::elasticsearch()).await;
}

/// The one entry more ends the process before the position moves; with room for it the process goes on where it was.
/// A refused document whose routing changes is one document still: tried again, it stands once, and where its row says.
#[tokio::test(flavor = "multi_thread")]
async fn a_routed_document_is_tried_again_where_its_row_says() {
    let table = "
        CREATE TABLE item (name text, n integer, region text, s jsonb, PRIMARY KEY (n, name));
        INSERT INTO item SELECT 'a|' || n, n, 'r' || n % 5, '{\"s\": {\"o\": 1}}' FROM generate_series(1, 20) n;";
    let site = Site::of("quarantine_routed", &servers::postgres_newest(), servers::opensearch(), table, SAID).await;
    let schema = json!([{
        "index": site.index,
        "nodes": { "table": "item" },
        "routing": "region",
        "setting": { "number_of_shards": 3, "number_of_replicas": 0 },
        "mapping": { "s": { "type": "object", "dynamic": true } },
    }]);
    std::fs::write(site.directory.path().join("schema.json"), schema.to_string()).unwrap();
    let (process, url) = follow(&site, &[]).await;
    let deep = format!("{}1{}", "{\"d\":".repeat(30), "}".repeat(30));
    site.database.run(&format!("UPDATE item SET s = '{deep}' WHERE n IN (5, 6, 7)")).await;
    caught_up(&site, &process).await;
    assert_eq!(standing(&site), ids(&["5|a\\|5", "6|a\\|6", "7|a\\|7"]));
    let moved = "UPDATE item SET region = 'elsewhere' WHERE n = 5; DELETE FROM item WHERE n = 6";
    site.database.run(moved).await;
    caught_up(&site, &process).await;
    assert_eq!(standing(&site), ids(&["5|a\\|5", "7|a\\|7"]));

    let setting = json!({ "index.mapping.depth.limit": 60 });
    let path = format!("/{}/_settings", site.index);
    assert_eq!(request(&site.engine, Method::PUT, &path, Some(&setting)).await.0, 200);
    let (code, said) = ask(&site, &["quarantine", "retry", "--all"]);
    assert!(code == 0 && said.iter().all(|entry| entry["outcome"] == "accepted"), "{said:?}");
    assert_eq!(standing(&site), BTreeSet::new());
    becomes(&url, 0).await;
    holds_all_but(&site, &[]).await;
    request(&site.engine, Method::POST, &format!("/{}/_refresh", site.index), None).await;
    let all = json!({ "size": 100, "_source": false });
    let (_, found) = request(&site.engine, Method::POST, &format!("/{}/_search", site.index), Some(&all)).await;
    let mut copies: Vec<(String, String)> = found["hits"]["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| {
            let text = |name: &str| hit[name].as_str().unwrap().to_owned();
            (text("_id"), text("_routing"))
        })
        .collect();
    copies.sort();
    let sql = "SELECT n || '|a\\|' || n, region FROM item ORDER BY 1";
    let rows = site.database.client.query(sql, &[]).await.unwrap();
    let mut wanted: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    wanted.sort();
    assert_eq!(copies, wanted);
    finish(site, process);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_more_than_the_limit_ends_the_process() {
    let site = dynamic("quarantine_limit", servers::opensearch()).await;
    let (process, _) = follow(&site, &[("PGSYNC_QUARANTINE_LIMIT", "2")]).await;
    site.database.run("UPDATE item SET j = '{\"\": 1}' WHERE n = 1; UPDATE item SET j = '{\"\": 1}' WHERE n = 2").await;
    caught_up(&site, &process).await;
    site.database.run("UPDATE item SET j = '{\"\": 1}' WHERE n = 3").await;
    let (status, said) = process.wait(LIMIT);
    assert_eq!(status.code(), Some(1), "{}", said.join("\n"));
    assert!(said.iter().any(|line| line.contains("error[P0801]")), "{}", said.join("\n"));
    // Those that stand there are no reason not to start.
    site.database.run("UPDATE item SET j = '{\"b\": 1}' WHERE n = 3").await;
    let (process, _) = follow(&site, &[("PGSYNC_QUARANTINE_LIMIT", "2")]).await;
    site.database.run("UPDATE item SET j = '{\"\": 1}' WHERE n = 4").await;
    let (status, _) = process.wait(LIMIT);
    assert_eq!(status.code(), Some(1));
    let (process, url) = follow(&site, &[("PGSYNC_QUARANTINE_LIMIT", "3")]).await;
    caught_up(&site, &process).await;
    assert_eq!(quarantined(&url).await, 3);
    finish(site, process);
}

/// A load finishes without the documents that are refused, and a later load forgets what an earlier one was refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_load_finishes_without_what_is_refused() {
    let site = dynamic("quarantine_load", servers::opensearch()).await;
    site.database
        .run("UPDATE item SET j = '{\"\": 1}' WHERE n IN (3, 4); INSERT INTO item SELECT 'more', n FROM generate_series(1, 3000) n")
        .await;
    let (status, said) = start(&site, &["sync", "-b"], &[]).wait(LIMIT);
    assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
    assert_eq!(standing(&site), ids(&["3|a\\|3", "4|a\\|4"]));
    holds_all_but(&site, &["3|a\\|3", "4|a\\|4"]).await;
    site.database.run("DELETE FROM item WHERE n = 3; UPDATE item SET j = '{\"\": 1}' WHERE name = 'a|5'").await;
    let (status, said) = start(&site, &["sync", "--rebuild"], &[]).wait(LIMIT);
    assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
    assert_eq!(standing(&site), ids(&["4|a\\|4", "5|a\\|5"]));
    let process = follow(&site, &[]).await.0;
    finish(site, process);
}

/// A row that goes by TRUNCATE has no change of its own.
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_goes_with_a_truncated_table() {
    let site = dynamic("quarantine_truncate", servers::opensearch()).await;
    site.database.run("INSERT INTO item VALUES ('never', 30, '{}', '{\"\": 1}')").await;
    let (process, url) = follow(&site, &[]).await;
    site.database.run("UPDATE item SET j = '{\"\": 1}' WHERE n < 3").await;
    caught_up(&site, &process).await;
    becomes(&url, 3).await;
    site.database
        .run("BEGIN; TRUNCATE item; INSERT INTO item VALUES ('a|2', 2, '{}', '{\"\": 1}'), ('new', 40, '{}', '{}'); COMMIT")
        .await;
    caught_up(&site, &process).await;
    assert_eq!(standing(&site), ids(&["2|a\\|2"]), "{}", process.lines().join("\n"));
    let found = documents(&site.engine, &site.index).await;
    assert_eq!(found.into_keys().collect::<Vec<_>>(), ["40|new"]);
    finish(site, process);
}

/// A mapping that fits no row is not the fault of the rows.
#[tokio::test(flavor = "multi_thread")]
async fn a_load_of_which_all_is_refused_ends() {
    let site = dynamic("quarantine_all", servers::opensearch()).await;
    site.database.run("INSERT INTO item SELECT 'more', n FROM generate_series(1, 3000) n").await;
    schema(&site, json!({ "table": "item" }), json!({ "name": { "type": "integer" } }));
    let (status, said) = start(&site, &["sync", "-b"], &[]).wait(LIMIT);
    assert_eq!(status.code(), Some(1), "{}", said.join("\n"));
    assert!(said.iter().any(|line| line.contains("error[P0802]")), "{}", said.join("\n"));
    assert!(standing(&site).len() < 100);
    assert_eq!(start(&site, &["teardown", "--indexes"], &[]).wait(LIMIT).0.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_no_engine_takes_stands_aside() {
    let tables = "CREATE TABLE item (name text PRIMARY KEY, v integer)";
    let oracle = "SELECT name, to_jsonb(item)::text FROM item";
    let site = Site::of("quarantine_id", &servers::postgres_newest(), servers::opensearch(), tables, oracle).await;
    site.nodes(&json!({ "table": "item" }));
    site.database.run("INSERT INTO item VALUES ('', 1), ('short', 1)").await;
    let (process, url) = follow(&site, &[]).await;
    site.database.run("INSERT INTO item VALUES (repeat('x', 600), 1), (repeat('y', 512), 1)").await;
    caught_up(&site, &process).await;
    let long = "x".repeat(600);
    assert_eq!((standing(&site), quarantined(&url).await), (ids(&["", &long]), 2));
    holds_all_but(&site, &["", &long]).await;
    let (code, said) = ask(&site, &["quarantine", "retry", "--all"]);
    assert_eq!((code, said[0]["outcome"].as_str(), said.len()), (1, Some("refused"), 3), "{said:?}");
    site.database.run("DELETE FROM item WHERE name IN ('', repeat('x', 600))").await;
    caught_up(&site, &process).await;
    assert_eq!((standing(&site), quarantined(&url).await), (BTreeSet::new(), 0));
    finish(site, process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_larger_than_the_engine_takes_stands_aside() {
    let site = dynamic("quarantine_large", servers::opensearch()).await;
    let manner = Manner { faults: Faults { largest: Some(200_000), ..Faults::default() }, ..Manner::default() };
    let proxy = Proxy::start(&site.engine, manner).await;
    let (process, url) = follow(&site, &[("ELASTICSEARCH_URL", &proxy.url)]).await;
    site.database
        .run(
            "UPDATE item SET j = to_json(repeat('x', 300000)) WHERE n = 7;
             UPDATE item SET j = '{\"a\": 8}' WHERE n IN (6, 8)",
        )
        .await;
    caught_up(&site, &process).await;
    assert_eq!((standing(&site), quarantined(&url).await), (ids(&["7|a\\|7"]), 1));
    let (_, entries) = ask(&site, &["quarantine", "list"]);
    assert!(entries[0]["reason_type"] == "too_large" && entries[0]["bytes"].as_u64().unwrap() > 300_000, "{entries:?}");
    holds_all_but(&site, &["7|a\\|7"]).await;
    finish(site, process);
}

/// Left to itself a json column takes anything, whatever its first row was.
#[tokio::test(flavor = "multi_thread")]
async fn json_of_any_shape_is_taken() {
    for (name, engine) in [("quarantine_any_o", servers::opensearch()), ("quarantine_any_e", servers::elasticsearch())]
    {
        let site = Site::of(name, &servers::postgres_newest(), engine, TABLE, SAID).await;
        site.nodes(&json!({ "table": "item" }));
        let (process, _) = follow(&site, &[]).await;
        let deep = format!("{}1{}", "{\"d\":".repeat(100), "}".repeat(100));
        let values = [
            "{\"s\": \"text\"}",
            "[1, \"two\", {\"s\": [null]}, []]",
            "\"text\"",
            "12345678901234567890.50",
            "null",
            "true",
            "{\"a.b\": 1, \"a\": {\"b\": \"two\"}, \".\": 1, \"\": {\"\": 2}, \"_id\": 3}",
            "1e400",
            "\"2020-01-01\"",
            &deep,
        ];
        for (n, value) in (1..).zip(values) {
            site.database.run(&format!("UPDATE item SET s = '{value}', j = '{value}' WHERE n = {n}")).await;
        }
        caught_up(&site, &process).await;
        assert_eq!(standing(&site), BTreeSet::new());
        site.converges(&process).await;
        finish(site, process);
    }
}
