//! The same end to end: a schema of every column type there is, compiled against the live catalogue and read, gives what
//! `to_jsonb` gives, for the values, for arrays of them, and for keys.

use super::values::{expression, native, others};
use crate::source::settings;
use crate::support::database::Database;
use crate::support::json::exact;
use crate::support::servers;
use pgsync_codegen::Source;
use pgsync_codegen::catalog::live;
use pgsync_plan::{Program, ValueKind};
use pgsync_runtime::internals::Version;
use pgsync_runtime::internals::fetch::{DocumentReader, Documents, KeySet, RowCache};
use pgsync_runtime::internals::source::postgres::Session;
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio_postgres::SimpleQueryMessage;

/// Values of each type.
const ROWS: usize = 60;

/// Types of `pg_catalog` that a column may have and that are left out here: internal ones whose values cannot be written.
const INTERNAL: [&str; 9] = [
    "gtsvector",
    "pg_brin_bloom_summary",
    "pg_brin_minmax_multi_summary",
    "pg_ddl_command",
    "pg_dependencies",
    "pg_mcv_list",
    "pg_ndistinct",
    "pg_node_tree",
    "smgr",
];

/// Types whose arrays cannot be written as `ARRAY[...]`.
const WITHOUT_ARRAYS: [&str; 3] = ["int2vector", "oidvector", "public.moods"];

struct Of {
    ty: &'static str,
    /// What is rendered natively; `None`: what the database's `to_json` gives.
    kind: Option<ValueKind>,
    values: Vec<String>,
}

fn every_type(version: i32) -> Vec<Of> {
    let mut runner = TestRunner::new(Config::default());
    let mut draw = |strategy: &BoxedStrategy<String>, ty: &str| {
        (0..ROWS).map(|_| expression(&strategy.new_tree(&mut runner).unwrap().current(), ty)).collect()
    };
    let native = native(version);
    let mut all: Vec<Of> =
        native.iter().map(|(kind, ty, values)| Of { ty, kind: Some(*kind), values: draw(values, ty) }).collect();
    all.extend(others(version).iter().map(|(ty, values)| Of { ty, kind: None, values: draw(values, ty) }));
    all
}

/// What a column of arrays holds: empty, with NULL, of two dimensions, with bounds of its own.
fn arrays(of: &Of) -> Vec<String> {
    let ty = of.ty;
    let three = of.values.chunks(3);
    three
        .enumerate()
        .map(|(at, values)| {
            let [a, b, c] = [0, 1, 2].map(|n| &values[n.min(values.len() - 1)]);
            match at % 5 {
                0 => format!("'{{}}'::{ty}[]"),
                1 => format!("ARRAY[{a}, NULL, {b}, {c}]::{ty}[]"),
                2 => format!("ARRAY[ARRAY[{a}, {b}], ARRAY[{c}, NULL]]::{ty}[]"),
                3 => format!("('[-1:1]=' || (ARRAY[{a}, {b}, {c}]::{ty}[])::text)::{ty}[]"),
                _ => format!("ARRAY[ARRAY[ARRAY[{a}], ARRAY[{b}]]]::{ty}[]"),
            }
        })
        .collect()
}

struct Case {
    database: Database,
    session: Session,
    version: i32,
}

impl Case {
    async fn new(server: &str, name: &str) -> Self {
        let database = Database::create(server, name).await;
        database
            .run(
                "CREATE EXTENSION citext; CREATE EXTENSION hstore;
                 CREATE TYPE mood AS ENUM ('so so', 'great \"!\"', 'ü☃\\');
                 CREATE DOMAIN positive AS integer CHECK (VALUE > 0); CREATE DOMAIN moods AS mood[];
                 CREATE TYPE pair AS (a text, b integer); CREATE TYPE nested AS (p pair, n integer[]);
                 CREATE TABLE value ();
                 SET search_path = pg_catalog; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres';
                 SET extra_float_digits = 3; SET bytea_output = 'hex'",
            )
            .await;
        let version =
            database.client.query_one("SELECT current_setting('server_version_num')::int", &[]).await.unwrap();
        let client = pgsync_runtime::internals::database::connect(&settings(&database.url)).await.unwrap();
        Self { version: version.get(0), session: Session::open(client).await.unwrap(), database }
    }

    /// Compiles a document of each of these tables.
    async fn compile(&self, tables: &[String]) -> Result<Arc<Program>, String> {
        let catalog = live::read(&self.database.session().await, &["public".to_owned()]).await.unwrap();
        let documents: Vec<_> =
            tables.iter().map(|table| json!({ "index": table, "nodes": { "table": table } })).collect();
        let source = Source::new("schema.json", json!(documents).to_string());
        let (program, _) = pgsync_codegen::compile(&source, &catalog).map_err(|found| found.plain())?;
        Ok(Arc::new(program))
    }

    /// All documents of a table, by `_id`.
    async fn read(&mut self, program: &Arc<Program>, document: usize) -> BTreeMap<String, String> {
        let reader = DocumentReader::new(Arc::clone(program), document, 100).unwrap();
        let mut out = Documents::new(Version(1));
        reader.read_range(&mut self.session, None, None, &RowCache::new(), &mut out).await.unwrap();
        let body = |body: Option<&[u8]>| String::from_utf8(body.expect("a row").to_vec()).unwrap();
        let found: BTreeMap<_, _> = out.iter().map(|one| (one.id.to_string(), body(one.body))).collect();
        assert_eq!(found.len(), out.len(), "an _id comes twice");
        found
    }
}

async fn values_are_those_of_to_jsonb(server: &str, name: &str) {
    let mut case = Case::new(server, name).await;
    let types = every_type(case.version);
    let mut tables = Vec::new();
    for (at, of) in types.iter().enumerate() {
        let (table, ty) = (format!("v{at}"), of.ty);
        let array = if WITHOUT_ARRAYS.contains(&ty) { "text" } else { ty };
        case.database.run(&format!("CREATE TABLE public.{table} (id serial PRIMARY KEY, c {ty}, a {array}[])")).await;
        let mut rows: Vec<String> = of.values.iter().map(|value| format!("({value}, NULL)")).collect();
        if array == ty {
            rows.extend(arrays(of).into_iter().map(|value| format!("(NULL, {value})")));
        }
        case.database.run(&format!("INSERT INTO public.{table} (c, a) VALUES {}", rows.join(", "))).await;
        tables.push(table);
    }
    let program = case.compile(&tables).await.unwrap();
    for (document, (table, of)) in tables.iter().zip(&types).enumerate() {
        let found = case.read(&program, document).await;
        let sql = format!("SELECT id::text, c::text, a::text, to_jsonb(t)::text FROM public.{table} t");
        let rows = case.database.client.query(&sql, &[]).await.unwrap();
        assert_eq!(found.len(), rows.len(), "{}", of.ty);
        // Before version 12 the server itself writes floats with more digits than they need.
        let float = matches!(of.kind, Some(ValueKind::Float4 | ValueKind::Float8)) && case.version < 120_000;
        for row in rows {
            let [id, value, array, oracle]: [Option<&str>; 4] = [0, 1, 2, 3].map(|column| row.get(column));
            if float && array.is_none() {
                continue;
            }
            let (rendered, oracle) = (&found[id.unwrap()], oracle.unwrap());
            let told = format!("{} {value:?} {array:?}: rendered {rendered}, the database says {oracle}", of.ty);
            assert!(!rendered.contains(['\n', '\r']), "{told}: not on one line");
            assert_eq!(exact(rendered), exact(oracle), "{told}");
        }
    }
}

/// For every type that can be a key: each row has an `_id` of its own, and the text that the stream gives for the key
/// leads to the same one, whether the row is there or gone.
async fn keys_lead_to_their_documents(server: &str, name: &str) {
    let mut case = Case::new(server, name).await;
    let mut keys = Vec::new();
    let mut refused = Vec::new();
    for (at, of) in every_type(case.version).into_iter().enumerate() {
        let table = format!("k{at}");
        let create = format!("CREATE TABLE public.{table} (k {} PRIMARY KEY)", of.ty);
        if case.database.client.batch_execute(&create).await.is_err() {
            // No order, no primary key.
            refused.push(of.ty);
            continue;
        }
        for value in &of.values {
            case.database.run(&format!("INSERT INTO public.{table} VALUES ({value}) ON CONFLICT DO NOTHING")).await;
        }
        match case.compile(std::slice::from_ref(&table)).await {
            Ok(_) => keys.push((table, of)),
            Err(said) => {
                assert!(["public.pair", "public.nested"].contains(&of.ty), "{}: {said}", of.ty);
                assert!(said.contains("cannot be part of a key"), "{said}");
            }
        }
    }
    let unordered = ["json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle"];
    assert!(unordered.iter().all(|ty| refused.contains(ty)), "{refused:?}");
    let tables: Vec<String> = keys.iter().map(|(table, _)| table.clone()).collect();
    let program = case.compile(&tables).await.unwrap();
    for (document, (table, of)) in keys.iter().enumerate() {
        let ty = of.ty;
        let loaded = case.read(&program, document).await;
        // The simple protocol gives the texts that the stream gives; a cast to text would cut char(n) short.
        let rows = case.database.client.simple_query(&format!("SELECT k FROM public.{table}")).await.unwrap();
        let mut asked = KeySet::new(1);
        for row in rows.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        }) {
            asked.insert([row.as_bytes()]);
            assert!(of.kind.is_some() || loaded.contains_key(row), "{ty}: {row} is no _id");
        }
        assert_eq!(loaded.len(), asked.len(), "{ty}");
        let reader = DocumentReader::new(Arc::clone(&program), document, 7).unwrap();
        for there in [true, false] {
            let mut out = Documents::new(Version(1));
            reader.read_keys(&mut case.session, (&asked, 0..asked.len()), &RowCache::new(), &mut out).await.unwrap();
            let found: BTreeMap<String, bool> =
                out.iter().map(|one| (one.id.to_string(), one.body.is_some())).collect();
            assert_eq!(found.keys().collect::<Vec<_>>(), loaded.keys().collect::<Vec<_>>(), "{ty}");
            assert!(found.values().all(|found| *found == there), "{ty}: {found:?}");
            case.database.run(&format!("DELETE FROM public.{table}")).await;
        }
    }
}

/// A type that a new version brings is noticed here.
#[tokio::test]
async fn no_type_is_forgotten() {
    for server in [servers::postgres_newest(), servers::postgres_oldest()] {
        let client = crate::support::database::connect(&server).await;
        let version: i32 =
            client.query_one("SELECT current_setting('server_version_num')::int", &[]).await.unwrap().get(0);
        let sql = "SELECT t.typname::text, format_type(t.oid, NULL) FROM pg_type t
            WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype IN ('b', 'e', 'r', 'm') AND t.typisdefined
              AND NOT (t.typcategory = 'A' AND t.typlen < 0 AND t.typelem <> 0 AND t.typname LIKE '\\_%')";
        let known: Vec<String> = every_type(version)
            .iter()
            .map(|of| of.ty.split('(').next().unwrap().trim_matches('"').to_owned())
            .collect();
        for row in client.query(sql, &[]).await.unwrap() {
            let (name, spelled): (String, String) = (row.get(0), row.get(1));
            let alike = ["bpchar", "char"];
            let there = known.contains(&name)
                || known.contains(&spelled)
                || INTERNAL.contains(&name.as_str())
                || alike.contains(&name.as_str());
            assert!(there, "{name} ({spelled}) of version {version} is in no test");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_documents_are_those_of_to_jsonb_newest() {
    values_are_those_of_to_jsonb(&servers::postgres_newest(), "rendering_newest").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_documents_are_those_of_to_jsonb_oldest() {
    values_are_those_of_to_jsonb(&servers::postgres_oldest(), "rendering_oldest").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_lead_to_their_documents_newest() {
    keys_lead_to_their_documents(&servers::postgres_newest(), "rendering_keys_newest").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_lead_to_their_documents_oldest() {
    keys_lead_to_their_documents(&servers::postgres_oldest(), "rendering_keys_oldest").await;
}

/// Keys that hold arrays, and the `_id` that `str()` gives for what psycopg2 reads of them.
const ARRAY_KEYS: [(&str, &str, &str); 24] = [
    ("int[]", "ARRAY[1, NULL, -2]", "[1, None, -2]"),
    ("int2[]", "'{}'", "[]"),
    ("int8[]", "'{{1,2},{3,4}}'", "[[1, 2], [3, 4]]"),
    // Python's list has no bounds: two keys would share one `_id`.
    ("int[]", "'[2:3]={5,6}'", "[2:3]={5,6}"),
    ("oid[]", "'{4294967295}'", "[4294967295]"),
    ("bool[]", "'{t,f,NULL}'", "[True, False, None]"),
    ("text[]", "ARRAY['a', 'it''s', 'say \"x\"', 'b\"''c']", "['a', \"it's\", 'say \"x\"', 'b\"\\'c']"),
    ("text[]", "ARRAY['NULL', '', 'a,b', '{x}', NULL, ' pad ']", "['NULL', '', 'a,b', '{x}', None, ' pad ']"),
    ("text[]", "ARRAY[E'back\\\\slash', E'nl\\n\\t\\r\\x01\\x7f']", "['back\\\\slash', 'nl\\n\\t\\r\\x01\\x7f']"),
    (
        "text[]",
        "ARRAY['é', U&'\\00a0', U&'\\200b', '😀', U&'\\+0e0001']",
        "['é', '\\xa0', '\\u200b', '😀', '\\U000e0001']",
    ),
    ("varchar[]", "'{a,b}'", "['a', 'b']"),
    ("char(5)[]", "'{ab}'", "['ab   ']"),
    ("name[]", "'{a}'", "['a']"),
    ("inet[]", "'{10.0.0.1}'", "['10.0.0.1']"),
    ("numeric[]", "'{1.50,NaN,0.0000001}'", "[Decimal('1.50'), Decimal('NaN'), Decimal('1E-7')]"),
    ("float8[]", "'{1.5,NaN,Infinity,-0,1e20,1e-7}'", "[1.5, nan, inf, -0.0, 1e+20, 1e-07]"),
    ("float4[]", "'{1.1}'", "[1.1]"),
    // psycopg2 has no reader for arrays of these and gives the server's text.
    ("uuid[]", "'{00000000-0000-0000-0000-0000000000ab}'", "{00000000-0000-0000-0000-0000000000ab}"),
    ("public.citext[]", "'{a}'", "{a}"),
    ("public.mood[]", "ARRAY['so so']::public.mood[]", "{\"so so\"}"),
    // Left as they are: `docs/differences-from-pgsync.md`.
    ("date[]", "'{2020-01-01}'", "{2020-01-01}"),
    ("bytea[]", "ARRAY['\\x01'::bytea]", "{\"\\\\x01\"}"),
    ("interval[]", "'{1 day}'", "{\"1 day\"}"),
    ("jsonb[]", "ARRAY['1'::jsonb]", "{1}"),
];

/// The `_id` of an array is Python's list, and leads back to the key; in a key of several parts it is escaped as text is.
#[tokio::test(flavor = "multi_thread")]
async fn arrays_in_an_id_are_pythons_lists() {
    let mut case = Case::new(&servers::postgres_newest(), "rendering_lists").await;
    let mut tables = Vec::new();
    for (at, (ty, value, _)) in ARRAY_KEYS.iter().enumerate() {
        for (kind, more, rest) in [("one", "", ""), ("two", ", z text DEFAULT 'z'", ", z")] {
            let table = format!("{kind}{at}");
            let sql = format!(
                "CREATE TABLE public.{table} (k {ty}{more}, PRIMARY KEY (k{rest})); INSERT INTO public.{table} (k) VALUES ({value})"
            );
            case.database.run(&sql).await;
            tables.push(table);
        }
    }
    let program = case.compile(&tables).await.unwrap();
    for (document, table) in tables.iter().enumerate() {
        let (ty, value, list) = ARRAY_KEYS[document / 2];
        let expected = match document % 2 {
            0 => list.to_owned(),
            _ => list.replace('\\', "\\\\").replace('|', "\\|") + "|z",
        };
        let found = case.read(&program, document).await;
        assert_eq!(found.keys().collect::<Vec<_>>(), [&expected], "{ty} {value} in {table}");
        let reader = DocumentReader::new(Arc::clone(&program), document, 7).unwrap();
        let keys = reader.key_of(&expected).expect("a key");
        let mut out = Documents::new(Version(1));
        reader.read_keys(&mut case.session, (&keys, 0..1), &RowCache::new(), &mut out).await.unwrap();
        let back: Vec<_> = out.iter().map(|one| (one.id.to_string(), one.body.is_some())).collect();
        assert_eq!(back, [(expected, true)], "{ty} {value}: the way back");
    }
}
