//! What a user's `mapping` and `primary_key` have to say, asked of real engines.

use crate::support::engine::request;
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop};
use reqwest::Method;
use serde_json::{Value, json};

async fn loaded(site: &Site, document: &Value) -> Value {
    std::fs::write(site.directory.path().join("schema.json"), json!([document]).to_string()).unwrap();
    let (status, said) = site.start(&["sync", "-b"]).wait(LIMIT);
    assert!(status.success(), "{}", said.join("\n"));
    let (_, found) = request(&site.engine, Method::GET, &format!("/{}/_mapping", site.index), None).await;
    assert!(site.start(&["teardown", "--indexes"]).wait(LIMIT).0.success());
    found.as_object().and_then(|found| found.values().next()).expect("the index has a mapping")["mappings"]["properties"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_of_the_users_come_before_what_is_inferred() {
    let tables = "CREATE TABLE t (id integer PRIMARY KEY, code text, body text, seen date, doc jsonb);
        CREATE TABLE c (id integer PRIMARY KEY, t_id integer REFERENCES t, code text, size float8);
        INSERT INTO t VALUES (1, 'a', 'b', '2020-01-01', '{\"x\": 1}'); INSERT INTO c VALUES (1, 1, 'x', 1)";
    for (name, engine) in
        [("templates_opensearch", servers::opensearch()), ("templates_elastic", servers::elasticsearch())]
    {
        let site = Site::of(name, &servers::postgres_newest(), engine, tables, "SELECT '', ''").await;
        let found = loaded(
            &site,
            &json!({ "index": name, "mapping": {
                "dynamic_templates": [{ "codes": { "match": "code", "mapping": { "type": "keyword" } } }],
                "properties": { "body": { "type": "text", "analyzer": "whitespace" } },
            }, "nodes": { "table": "t", "children": [{ "table": "c", "label": "cs", "columns": ["code", "size"] }] } }),
        )
        .await;
        for (path, ty) in [
            ("/code/type", "keyword"),
            ("/cs/properties/code/type", "keyword"),
            ("/body/analyzer", "whitespace"),
            ("/id/type", "integer"),
            ("/seen/type", "date"),
            ("/cs/properties/size/type", "double"),
        ] {
            assert_eq!(found.pointer(path), Some(&json!(ty)), "{name} {path}: {found}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_that_the_engine_lacks_is_refused_before_anything_is_made() {
    let tables = "CREATE TABLE t (id integer PRIMARY KEY, details jsonb); INSERT INTO t VALUES (1, '{\"a\": 1}')";
    for (name, engine, lacked, has, theirs) in [
        ("lacked_opensearch", servers::opensearch(), "flattened", "Elasticsearch from 7.3", "elasticsearch-8"),
        ("lacked_elastic", servers::elasticsearch(), "flat_object", "OpenSearch from 2.7", "opensearch-2.19"),
    ] {
        let site = Site::of(name, &servers::postgres_newest(), engine, tables, "SELECT '', ''").await;
        let nodes = json!({ "table": "t", "transform": { "mapping": { "details": { "type": lacked } } } });
        site.nodes(&nodes);
        let said = format!("`details`: the type `{lacked}` is in {has}");
        site.fails(&["run", "-b"], 1, &["P0610", &said]);
        let slots = "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()";
        let slots: i64 = site.database.session().await.query_one(slots, &[]).await.unwrap().get(0);
        let (status, _) =
            request(&site.engine, Method::HEAD, &format!("/{}-*?allow_no_indices=false", site.index), None).await;
        assert_eq!((slots, status), (0, 404));
        // Beforehand, without asking anybody.
        let ours = if theirs.starts_with("open") { "elasticsearch-8" } else { "opensearch-2.19" };
        site.fails(&["check", "--engine", ours], 2, &["lacks", &said]);
        site.fails(&["check", "--engine", "solr-9"], 2, &["elasticsearch-7 to elasticsearch-9"]);
        assert!(site.start(&["check", "--engine", theirs]).wait(LIMIT).0.success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_many_columns_is_indexed() {
    let columns: Vec<String> = (0..600).map(|n| format!("c{n} text")).collect();
    let tables =
        format!("CREATE TABLE t (id integer PRIMARY KEY, {}); INSERT INTO t VALUES (1, 'a')", columns.join(", "));
    for (name, engine) in [("wide_opensearch", servers::opensearch()), ("wide_elastic", servers::elasticsearch())] {
        let site = Site::of(name, &servers::postgres_newest(), engine, &tables, "SELECT '', ''").await;
        let found = loaded(&site, &json!({ "index": name, "nodes": { "table": "t" } })).await;
        assert_eq!(found.as_object().map(serde_json::Map::len), Some(601));
    }
}

/// The parts of an `_id` stand in the order in which `primary_key` names them.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_named_keeps_its_order() {
    let tables = "CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, n integer);
        INSERT INTO t SELECT n, n % 7 + 100, n FROM generate_series(1, 40) n";
    let said = "SELECT b || '|' || a, json_build_object('n', n)::text FROM t";
    for (version, server) in servers::postgres_versions() {
        let site = Site::of(&format!("named_key_{version}"), &server, servers::opensearch(), tables, said).await;
        site.nodes(&json!({ "table": "t", "columns": ["n"], "primary_key": ["b", "a"] }));
        let process = site.start_with(&["run", "-b"], &[("QUERY_CHUNK_SIZE", "5")]);
        process.wait_for(FOLLOWS, LIMIT);
        site.converges(&process).await;
        site.database
            .run("UPDATE t SET n = 0 WHERE a < 9; DELETE FROM t WHERE a > 30; UPDATE t SET b = 7 WHERE a = 20")
            .await;
        site.converges(&process).await;
        stop(process);
        assert!(site.start(&["teardown", "--indexes"]).wait(LIMIT).0.success());
    }
}
