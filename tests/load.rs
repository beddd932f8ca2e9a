//! The parallel load: ranges of the root's key, cut by the database in its own order, miss no row and read none twice,
//! whatever that order is. Afterwards the stream finds every one of these keys again.

use crate::support::database::Database;
use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::json::{Exact, exact};
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use crate::support::site::{Site, stop};
use reqwest::Method;
use serde_json::json;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(60);

/// Words whose order depends on the collation: mixed case, umlauts, digits, blanks, punctuation.
const WORDS: &str = "
    SELECT x || y || n FROM unnest('{a,A,ä,Ä,b,B,z,Z,ß,é,_,-,\" \",1,10,9}'::text[]) x,
                            unnest('{o,O,ö,'',|,.,0}'::text[]) y, generate_series(1, 2) n";

const NUMBERS: &str = "
    SELECT v FROM unnest('{NaN,-0,1e-30,-1e-30,1e30,-1e30}'::TYPE[]) v
    UNION SELECT ((n - 100) / 8.0)::TYPE FROM generate_series(1, 200) n";

const FLOATS: &str = "
    SELECT v FROM unnest('{Infinity,-Infinity,NaN,1e-30,-1e-30,1e30,-1e30}'::TYPE[]) v
    UNION SELECT ((n - 100) / 8.0)::TYPE FROM generate_series(1, 200) n";

const MOMENTS: &str = "
    SELECT v FROM unnest('{infinity,-infinity,0044-03-15 BC,9999-12-31,20000-01-01}'::TYPE[]) v
    UNION SELECT '2000-01-01'::TYPE + n * interval '-13 days' FROM generate_series(1, 60) n";

/// A table's name, the type of its key, the keys, and the first server version that has the type.
const KEYS: [(&str, &str, &str, i32); 12] = [
    ("icu", "text COLLATE \"de-x-icu\"", WORDS, 0),
    ("icu_root", "varchar(20) COLLATE \"und-x-icu\"", WORDS, 0),
    ("libc", "text COLLATE \"C.utf8\"", WORDS, 0),
    ("upper_first", "text COLLATE upper_first", WORDS, 0),
    ("numbers_as_numbers", "text COLLATE natural_order", WORDS, 0),
    ("no_case", "text COLLATE no_case", "SELECT DISTINCT ON (w COLLATE no_case) w FROM (WORDS) t(w)", 120_000),
    ("folded", "citext", "SELECT DISTINCT ON (w::public.citext) w FROM (WORDS) t(w)", 0),
    ("padded", "char(8)", WORDS, 0),
    ("float8", "float8", FLOATS, 0),
    ("float4", "float4", FLOATS, 0),
    ("number", "numeric", NUMBERS, 0),
    ("moment", "timestamp", MOMENTS, 0),
];

async fn nothing_is_missed(server: &str, engine: &str, name: &str) {
    let database = Database::create(server, name).await;
    let version: i32 =
        database.client.query_one("SELECT current_setting('server_version_num')::int", &[]).await.unwrap().get(0);
    database
        .run(
            "CREATE EXTENSION citext;
             CREATE COLLATION upper_first (provider = icu, locale = 'en-u-kf-upper');
             CREATE COLLATION natural_order (provider = icu, locale = 'en-u-kn-true')",
        )
        .await;
    if version >= 120_000 {
        database
            .run("CREATE COLLATION no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)")
            .await;
    }
    let keys: Vec<_> = KEYS.iter().filter(|(.., since)| version >= *since).collect();
    for (table, ty, values, _) in &keys {
        let values = values.replace("WORDS", WORDS).replace("TYPE", ty);
        database.run(&format!("CREATE TABLE {table} (k {ty} PRIMARY KEY, n integer)")).await;
        database.run(&format!("INSERT INTO {table} SELECT v, row_number() OVER () FROM ({values}) t(v)")).await;
    }
    // Two columns: one order within the other.
    database
        .run(
            "CREATE TABLE pair (k text COLLATE \"de-x-icu\", l float8, n integer, PRIMARY KEY (l, k));
             INSERT INTO pair SELECT k, l, row_number() OVER () FROM (SELECT k FROM icu ORDER BY n LIMIT 40) k,
               unnest('{NaN,-Infinity,-1.5,0,Infinity}'::float8[]) l",
        )
        .await;
    let tables: Vec<&str> = keys.iter().map(|(table, ..)| *table).chain(["pair"]).collect();
    let index = |table: &str| format!("{name}_{table}");
    let (_, found) = request(engine, Method::GET, &format!("/{name}_*/_alias"), None).await;
    for index in found.as_object().into_iter().flat_map(|found| found.keys()) {
        request(engine, Method::DELETE, &format!("/{index}"), None).await;
    }
    let schema: Vec<_> = tables
        .iter()
        .map(|table| json!({ "index": index(table), "nodes": { "table": table, "columns": ["n"] } }))
        .collect();
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("schema.json"), json!(schema).to_string()).unwrap();
    let environment = [
        ("PG_URL", database.url.as_str()),
        ("ELASTICSEARCH_URL", engine),
        ("QUERY_CHUNK_SIZE", "7"),
        ("FILTER_CHUNK_SIZE", "50"),
        ("NUM_WORKERS", "4"),
    ];
    let process = Process::start(cargo_pgsync(), &["pgsync", "run", "-b"], &environment, directory.path());
    process.wait_for("following the stream", LIMIT);

    let converges = async |after: &str| {
        for table in &tables {
            let end = Instant::now() + LIMIT;
            loop {
                let sql = format!("SELECT json_build_object('n', n)::text FROM {table}");
                let rows = database.client.query(&sql, &[]).await.unwrap();
                let mut wanted: Vec<String> = rows.iter().map(|row| shown(&exact(row.get(0)))).collect();
                let mut found: Vec<String> = documents(engine, &index(table)).await.values().map(shown).collect();
                wanted.sort();
                found.sort();
                if found == wanted {
                    break;
                }
                assert!(
                    Instant::now() < end,
                    "{after}, {table}: {} of {} documents, {:?} missing\n{}",
                    found.len(),
                    wanted.len(),
                    wanted.iter().filter(|document| !found.contains(document)).take(5).collect::<Vec<_>>(),
                    process.lines().join("\n")
                );
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    };
    // What a range read twice would have written is not more documents: it is counted in writes.
    for table in &tables {
        let (_, stats) = request(engine, Method::GET, &format!("/{}/_stats/indexing", index(table)), None).await;
        let written = stats["_all"]["primaries"]["indexing"]["index_total"].as_u64().unwrap();
        let rows: i64 = database.client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.unwrap().get(0);
        assert_eq!(written, rows.unsigned_abs(), "{table}");
    }
    converges("the load").await;
    for table in &tables {
        database
            .run(&format!("UPDATE {table} SET n = n + 1000 WHERE n % 2 = 0; DELETE FROM {table} WHERE n % 3 = 0"))
            .await;
    }
    converges("changes").await;
    process.terminate();
    assert!(process.wait(LIMIT).0.success());
    let down = Process::start(cargo_pgsync(), &["pgsync", "teardown", "--indexes"], &environment, directory.path());
    assert!(down.wait(LIMIT).0.success());
}

fn shown(document: &Exact) -> String {
    format!("{document:?}")
}

#[tokio::test(flavor = "multi_thread")]
async fn ranges_in_every_order_miss_nothing_newest() {
    nothing_is_missed(&servers::postgres_newest(), &servers::opensearch(), "ranges_newest").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ranges_in_every_order_miss_nothing_oldest() {
    nothing_is_missed(&servers::postgres_oldest(), &servers::elasticsearch(), "ranges_oldest").await;
}

/// Without a row at the load, and again after TRUNCATE: the first row is followed like any other.
#[tokio::test(flavor = "multi_thread")]
async fn empty_tables_are_followed_from_their_first_row() {
    let site = Site::new("load_empty").await;
    site.database.run("TRUNCATE book CASCADE").await;
    let process = site.follow();
    site.converges(&process).await;
    for round in 0..2 {
        site.database.run(&format!("INSERT INTO book VALUES (1, 'round {round}'), (2, NULL)")).await;
        site.converges(&process).await;
        site.database.run("INSERT INTO review VALUES (1, 1, 'first'), (2, NULL, 'nobody''s')").await;
        site.converges(&process).await;
        site.database.run("UPDATE review SET book_id = 2").await;
        site.converges(&process).await;
        site.database.run("TRUNCATE review; DELETE FROM book WHERE id = 2").await;
        site.converges(&process).await;
        site.database.run("TRUNCATE book CASCADE").await;
        site.converges(&process).await;
    }
    stop(process);
}
