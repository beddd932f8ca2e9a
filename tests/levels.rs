//! What the reader does in the database's place: it puts rows in order where their bytes say how, and a load reads small
//! tables whole and keeps what their rows show. Both against the live catalogue, beside the database's own JSON.

use crate::source::settings;
use crate::support::database::Database;
use crate::support::json::exact;
use crate::support::servers;
use pgsync_codegen::Source;
use pgsync_codegen::catalog::live;
use pgsync_plan::{Order, Program};
use pgsync_runtime::internals::Version;
use pgsync_runtime::internals::fetch::{DocumentReader, Documents, KeySet, RowCache, Share};
use pgsync_runtime::internals::source::postgres::Session;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) async fn compile(database: &Database, documents: Value) -> Arc<Program> {
    let catalog = live::read(&database.session().await, &["public".to_owned()]).await.unwrap();
    let (program, _) = pgsync_codegen::compile(&Source::new("schema.json", documents.to_string()), &catalog)
        .unwrap_or_else(|found| panic!("{}", found.plain()));
    Arc::new(program)
}

async fn session(database: &Database) -> Session {
    Session::open(pgsync_runtime::internals::database::connect(&settings(&database.url)).await.unwrap()).await.unwrap()
}

fn bodies(documents: &Documents) -> BTreeMap<String, String> {
    let body = |body: Option<&[u8]>| String::from_utf8(body.expect("a row").to_vec()).unwrap();
    documents.iter().map(|one| (one.id.to_string(), body(one.body))).collect()
}

/// Types whose order the reader knows, and 40 values of each that come in another order.
const ORDERED: [(&str, &str); 8] = [
    ("smallint", "((n * 7 % 40) - 20)::smallint"),
    ("integer", "(n * 7 % 40 - 20) * 100000000"),
    ("bigint", "((n * 7 % 40) - 20)::bigint * 300000000000000000"),
    ("oid", "((n * 7 % 40)::bigint * 100000000)::oid"),
    ("uuid", "md5(n::text)::uuid"),
    (
        "date",
        "CASE n WHEN 1 THEN 'infinity' WHEN 2 THEN '-infinity' ELSE date '2000-01-01' + (n * 7 % 40 - 20) * 999 END",
    ),
    (
        "timestamp",
        "CASE n WHEN 1 THEN 'infinity' ELSE timestamp '2000-01-01' + (n * 7 % 40 - 20) * interval '99.5 hours' END",
    ),
    (
        "timestamptz",
        "CASE n WHEN 1 THEN '-infinity' ELSE timestamptz '2000-01-01' + (n * 7 % 40 - 20) * interval '9 s' END",
    ),
];

async fn children_are_in_order(server: &str, name: &str) {
    let database = Database::create(server, name).await;
    database.run("CREATE TABLE root (id integer PRIMARY KEY); INSERT INTO root SELECT generate_series(-2, 2)").await;
    let mut nodes = Vec::new();
    let mut oracle = Vec::new();
    for (at, (ty, value)) in ORDERED.iter().enumerate() {
        // The key is shown by the first two, by the others not; the last column of it decides in one of four.
        let table = format!("child{at}");
        let shown = if at < 2 { json!(["k", "l", "mark"]) } else { json!(["mark"]) };
        database
            .run(&format!(
                "CREATE TABLE {table} (k {ty}, l boolean, mark integer, root_id integer REFERENCES root, PRIMARY KEY (k, l));
                 INSERT INTO {table} SELECT {value}, n % 2 = 0, n, n % 5 - 2 FROM generate_series(1, 40) n;
                 INSERT INTO {table} SELECT k, NOT l, -mark, root_id FROM {table} WHERE mark % 4 = 0;
                 CREATE INDEX ON {table} (root_id)"
            ))
            .await;
        let relationship = json!({ "variant": "object", "type": "one_to_many" });
        nodes.push(json!({ "table": table, "columns": shown, "relationship": relationship }));
        oracle.push(format!("(SELECT array_agg(mark ORDER BY k, l) FROM {table} WHERE root_id = root.id)"));
    }
    let document = json!([{ "index": name, "nodes": { "table": "root", "columns": ["id"], "children": nodes } }]);
    let program = compile(&database, document).await;
    for link in program.plan.documents[0].nodes.iter().filter_map(|node| node.link.as_ref()) {
        let order = &link.reading.order;
        assert!(matches!(order, Order::Reader(by) if by.len() == 2), "{order:?}");
    }
    let (mut session, mut ranged, mut asked) =
        (session(&database).await, Documents::new(Version(1)), Documents::new(Version(1)));
    // Few keys a statement: rows of several answers are one level.
    let reader = DocumentReader::new(program, 0, 2).unwrap();
    reader.read_range(&mut session, None, None, &RowCache::new(), &mut ranged).await.unwrap();
    let mut keys = KeySet::new(1);
    for key in ["2", "-1", "0", "1", "-2"] {
        keys.insert([key.as_bytes()]);
    }
    reader.read_keys(&mut session, (&keys, 0..5), &RowCache::new(), &mut asked).await.unwrap();
    assert_eq!(bodies(&ranged), bodies(&asked));
    let sql = format!("SELECT id::text, {} FROM root", oracle.join(", "));
    for row in database.client.query(&sql, &[]).await.unwrap() {
        let document: Value = serde_json::from_str(&bodies(&ranged)[row.get::<_, &str>(0)]).unwrap();
        for (at, (ty, _)) in ORDERED.iter().enumerate() {
            let children = document[format!("child{at}")].as_array().unwrap();
            let marks: Vec<i32> = children.iter().map(|child| child["mark"].as_i64().unwrap() as i32).collect();
            assert_eq!(marks, row.get::<_, Vec<i32>>(at + 1), "{ty}");
        }
    }
}

const PAPERS: &str = "
    CREATE TABLE country (id integer PRIMARY KEY, name text);
    CREATE TABLE author (id bigint PRIMARY KEY, name text, country_id integer REFERENCES country);
    CREATE TABLE journal (id integer PRIMARY KEY, name text);
    CREATE TABLE paper (id integer PRIMARY KEY, title text, journal_id integer);
    CREATE TABLE paper_author (id integer PRIMARY KEY, paper_id integer REFERENCES paper, author_id bigint REFERENCES author);
    INSERT INTO country SELECT n, 'Country ' || n FROM generate_series(1, 3) n;
    INSERT INTO author SELECT n, 'Author ' || n, nullif(n % 4, 0) FROM generate_series(1, 10) n;
    INSERT INTO journal SELECT n, 'Journal ' || n FROM generate_series(1, 5) n;
    INSERT INTO paper SELECT n, 'Paper ' || n, n % 7 FROM generate_series(1, 50) n;
    INSERT INTO paper_author SELECT n, n % 40 + 1, n * 7 % 10 + 1 FROM generate_series(1, 90) n;";

const PAPERS_ORACLE: &str = "SELECT p.id::text, json_build_object('id', p.id, 'title', p.title,
    'journal', (SELECT json_build_object('id', j.id, 'name', j.name) FROM journal j WHERE j.id = p.journal_id),
    'authors', (SELECT json_agg(json_build_object('name', a.name, 'country',
                    (SELECT c.name FROM country c WHERE c.id = a.country_id)) ORDER BY a.id)
                FROM paper_author x JOIN author a ON a.id = x.author_id WHERE x.paper_id = p.id))::text FROM paper p";

fn papers() -> Value {
    let one = |variant| json!({ "variant": variant, "type": "one_to_one" });
    json!([{ "index": "papers", "nodes": { "table": "paper", "columns": ["id", "title"], "children": [
        { "table": "journal", "columns": ["id", "name"],
          "relationship": { "variant": "object", "type": "one_to_one", "foreign_key": { "child": ["id"], "parent": ["journal_id"] } } },
        { "table": "author", "label": "authors", "columns": ["name"],
          "relationship": { "variant": "object", "type": "one_to_many", "through_tables": ["paper_author"] },
          "children": [{ "table": "country", "columns": ["name"], "relationship": one("scalar") }] },
    ] } }])
}

async fn oracle(database: &Database) -> BTreeMap<String, String> {
    let rows = database.client.query(PAPERS_ORACLE, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

fn assert_same(found: &BTreeMap<String, String>, expected: &BTreeMap<String, String>) {
    assert_eq!(found.len(), expected.len());
    for (id, body) in found {
        assert_eq!(exact(body), exact(&expected[id]), "{id}");
    }
}

async fn small_tables_are_read_once(server: &str, name: &str) {
    let database = Database::create(server, name).await;
    database.run(PAPERS).await;
    let reader = DocumentReader::new(compile(&database, papers()).await, 0, 1000).unwrap();
    let mut session = session(&database).await;
    let mut read = async |shared: &RowCache| {
        let mut out = Documents::new(Version(1));
        reader.read_range(&mut session, None, None, shared, &mut out).await.unwrap();
        bodies(&out)
    };
    let before = oracle(&database).await;
    let shared = RowCache::new();
    let mut other = self::session(&database).await;
    assert_eq!(reader.prefetched().count(), 3);
    for level in reader.prefetched() {
        reader.prefetch(&mut other, level, &shared, Share::unlimited()).await.unwrap();
    }
    // What changes now comes in the stream again; until then each row is as it was first read, and a new one is asked for.
    database
        .run(
            "UPDATE journal SET name = 'later'; UPDATE author SET name = 'later'; UPDATE country SET name = 'later';
             INSERT INTO journal VALUES (6, 'new')",
        )
        .await;
    let (new, known): (BTreeMap<_, _>, _) =
        read(&shared).await.into_iter().partition(|(_, body)| body.contains("\"new\""));
    assert_eq!(new.len(), 7);
    assert_same(&known, &before.into_iter().filter(|(id, _)| !new.contains_key(id)).collect());
    assert_same(&read(&RowCache::new()).await, &oracle(&database).await);
    // A table that is large, or has rows elsewhere, is not read.
    database
        .run(
            "ALTER TABLE journal ADD filling text;
             ALTER TABLE journal ALTER filling SET STORAGE EXTERNAL;
             UPDATE journal SET filling = repeat('-', 4000000);
             CREATE TABLE foreigner () INHERITS (author)",
        )
        .await;
    let shared = RowCache::new();
    for level in reader.prefetched() {
        reader.prefetch(&mut other, level, &shared, Share::unlimited()).await.unwrap();
    }
    database.run("UPDATE journal SET name = 'last'; UPDATE author SET name = 'last'").await;
    assert_same(&read(&shared).await, &oracle(&database).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn children_are_in_the_order_of_their_keys_newest() {
    children_are_in_order(&servers::postgres_newest(), "levels_newest").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn children_are_in_the_order_of_their_keys_oldest() {
    children_are_in_order(&servers::postgres_oldest(), "levels_oldest").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_reads_small_tables_once_newest() {
    small_tables_are_read_once(&servers::postgres_newest(), "levels_whole_newest").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_reads_small_tables_once_oldest() {
    small_tables_are_read_once(&servers::postgres_oldest(), "levels_whole_oldest").await;
}
