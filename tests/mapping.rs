//! No inferred mapping refuses a value its column can hold: every type with its worst values goes through the program
//! into an engine, and comes back as the database's own `to_jsonb` says.

use crate::support::database::Database;
use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::json::{Exact, exact};
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

/// A type and expressions of its worst values; those behind the first version are for servers from that one on.
struct Worst(&'static str, &'static [&'static str], i32, &'static [&'static str]);

#[rustfmt::skip]
const TYPES: &[Worst] = &[
    Worst("boolean", &["true", "false"], 0, &[]),
    Worst("smallint", &["-32768", "32767"], 0, &[]),
    Worst("integer", &["-2147483648", "2147483647"], 0, &[]),
    Worst("bigint", &["-9223372036854775808", "9223372036854775807"], 0, &[]),
    Worst("oid", &["0", "4294967295"], 0, &[]),
    Worst("real", &["'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "0.5"], 0, &[]),
    Worst("double precision", &["'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "0.5", "1e300"], 0, &[]),
    Worst("numeric", &["'NaN'", "('1' || repeat('0', 400))::numeric", "('-0.' || repeat('0', 399) || '1')::numeric",
        "1.50", "123456789012345678901234567890.123456789"], 140_000, &["'Infinity'", "'-Infinity'"]),
    Worst("money", &["'12.34'", "-92233720368547758.08"], 0, &[]),
    Worst("text", &["''", "' '", "repeat('long words ', 20000)", "repeat('x', 40000)", "repeat('é', 20000)",
        "E'\\x01 \\x1f \\x7f'", "E'\\\\ \" \\n \\r \\t / \\u2028'", "U&'\\+01F600'"], 0, &[]),
    Worst("varchar(10)", &["'ten chars '"], 0, &[]),
    Worst("char(5)", &["'a'"], 0, &[]),
    Worst("name", &["'a name'"], 0, &[]),
    Worst("\"char\"", &["'x'"], 0, &[]),
    Worst("mood", &["'so so'", "'great \"!\"'"], 0, &[]),
    Worst("uuid", &["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"], 0, &[]),
    Worst("bytea", &["''", "decode(repeat('00ff', 50000), 'hex')"], 0, &[]),
    Worst("date", &["'infinity'", "'-infinity'", "'4713-01-01 BC'", "'5874897-12-31'", "'2000-02-29'"], 0, &[]),
    Worst("time", &["'24:00:00'", "'00:00:00.000001'"], 0, &[]),
    Worst("timetz", &["'24:00:00-15:59:59'", "'12:00+00:00:01'"], 0, &[]),
    Worst("timestamp", &["'infinity'", "'-infinity'", "'4713-01-01 BC'", "'294276-12-31 23:59:59.999999'"], 0, &[]),
    Worst("timestamptz", &["'infinity'", "'0044-03-15 12:00:00.5+01 BC'", "'294276-12-31 23:59:59.999999+00'"], 0, &[]),
    Worst("interval", &["'-1 year 2 mons -3 days 04:05:06.789'", "'0'"], 170_000, &["'infinity'"]),
    Worst("inet", &["'192.168.0.1/24'", "'::1'", "'2001:db8::/32'"], 0, &[]),
    Worst("cidr", &["'10.0.0.0/8'", "'2001:db8::/32'"], 0, &[]),
    Worst("macaddr", &["'08:00:2b:01:02:03'"], 0, &[]),
    Worst("macaddr8", &["'08:00:2b:01:02:03:04:05'"], 0, &[]),
    Worst("bit(3)", &["B'101'"], 0, &[]),
    Worst("bit varying", &["B''", "B'1010'"], 0, &[]),
    Worst("xml", &["'<a b=\"c\">d</a>'"], 0, &[]),
    Worst("tsvector", &["'fat:2,4 rat:5A'"], 0, &[]),
    Worst("tsquery", &["'fat & (rat | !cat)'"], 0, &[]),
    Worst("pg_lsn", &["'FFFFFFFF/FFFFFFFF'"], 0, &[]),
    Worst("point", &["'(1,-2.5)'"], 0, &[]),
    Worst("line", &["'{1,2,3}'"], 0, &[]),
    Worst("lseg", &["'[(0,0),(1,1)]'"], 0, &[]),
    Worst("box", &["'(1,1),(0,0)'"], 0, &[]),
    Worst("path", &["'[(0,0),(1,1)]'"], 0, &[]),
    Worst("polygon", &["'((0,0),(1,1),(1,0))'"], 0, &[]),
    Worst("circle", &["'<(1,2),3>'"], 0, &[]),
    Worst("int4range", &["'[1,5)'", "'empty'", "'(,)'"], 0, &[]),
    Worst("numrange", &["'(1.5,)'"], 0, &[]),
    Worst("daterange", &["'[infinity,)'"], 0, &[]),
    Worst("tstzrange", &["'[2020-01-01 00:00+00,infinity)'"], 0, &[]),
    Worst("positive", &["7"], 0, &[]),
    Worst("pair", &["row('a', 1)::pair"], 0, &[]),
    Worst("integer[]", &["'{}'", "'{1,NULL,3}'", "'{{1,2},{3,4}}'", "'[2:3]={5,6}'"], 0, &[]),
    Worst("text[]", &["ARRAY['', 'a,b', '\"', NULL, repeat('x', 40000)]"], 0, &[]),
    Worst("numeric[]", &["ARRAY['NaN'::numeric, ('1' || repeat('0', 400))::numeric]"], 0, &[]),
    Worst("date[]", &["'{infinity,0001-01-01 BC}'"], 0, &[]),
    Worst("mood[]", &["'{so so,NULL}'"], 0, &[]),
    Worst("timestamptz[]", &["'{-infinity,294276-12-31 23:59:59.999999+00}'"], 0, &[]),
    Worst("inet[]", &["'{10.0.0.1/8,::1}'"], 0, &[]),
    Worst("interval[]", &["'{1 day,-01:00:00}'"], 0, &[]),
];

async fn nothing_is_refused(server: &str, engine: &str, name: &str) {
    let database = Database::create(server, name).await;
    let client = &database.client;
    let version: i32 = client.query_one("SELECT current_setting('server_version_num')::int", &[]).await.unwrap().get(0);
    let columns: Vec<String> = TYPES.iter().enumerate().map(|(at, Worst(ty, ..))| format!("c{at} {ty}")).collect();
    database
        .run(&format!(
            "CREATE TYPE mood AS ENUM ('so so', 'great \"!\"');
             CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
             CREATE TYPE pair AS (a text, b integer);
             CREATE TABLE worst (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {})",
            columns.join(", ")
        ))
        .await;
    let mut rows = 0;
    for (at, Worst(ty, values, since, more)) in TYPES.iter().enumerate() {
        let more = if version >= *since { *more } else { &[] };
        for value in values.iter().chain(more) {
            database.run(&format!("INSERT INTO worst (c{at}) VALUES (({value})::{ty})")).await;
            rows += 1;
        }
    }
    database.run("INSERT INTO worst DEFAULT VALUES").await;
    let (_, found) = request(engine, Method::GET, &format!("/{name}*/_alias"), None).await;
    for index in found.as_object().into_iter().flat_map(|found| found.keys()) {
        request(engine, Method::DELETE, &format!("/{index}"), None).await;
    }
    let directory = tempfile::tempdir().unwrap();
    // Without columns: all of them.
    let schema = json!([{ "index": name, "nodes": { "table": "worst" } }]);
    std::fs::write(directory.path().join("schema.json"), schema.to_string()).unwrap();
    let environment = [("PG_URL", database.url.as_str()), ("ELASTICSEARCH_URL", engine)];
    let load = Process::start(cargo_pgsync(), &["pgsync", "sync", "-b"], &environment, directory.path());
    let (status, said) = load.wait(Duration::from_secs(60));
    assert!(status.success(), "{}", said.join("\n"));

    let found = documents(engine, name).await;
    assert_eq!(found.len(), rows + 1);
    client
        .batch_execute(
            "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex'",
        )
        .await
        .unwrap();
    for row in client.query("SELECT id::text, to_jsonb(worst)::text FROM worst", &[]).await.unwrap() {
        let (id, oracle): (&str, &str) = (row.get(0), row.get(1));
        let (Exact::Object(wanted), Exact::Object(indexed)) = (exact(oracle), &found[id]) else { panic!("{id}") };
        assert_eq!(indexed.len(), wanted.len(), "{id}");
        for (field, value) in &wanted {
            let ty = field.strip_prefix('c').map_or("id", |at| TYPES[at.parse::<usize>().unwrap()].0);
            assert_eq!(indexed.get(field), Some(value), "{ty}, document {id}");
        }
    }
    let (_, mapping) = request(engine, Method::GET, &format!("/{name}/_mapping"), None).await;
    let inferred = mapping.as_object().unwrap().values().next().unwrap()["mappings"]["properties"].clone();
    for (at, Worst(ty, ..)) in TYPES.iter().enumerate() {
        assert!(inferred[format!("c{at}")].is_object(), "{ty} has no mapping: {inferred}");
    }
    let down = Process::start(cargo_pgsync(), &["pgsync", "teardown", "--indexes"], &environment, directory.path());
    assert!(down.wait(Duration::from_secs(60)).0.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_refused_by_opensearch() {
    nothing_is_refused(&servers::postgres_newest(), &servers::opensearch(), "worst_newest").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_refused_by_elasticsearch() {
    nothing_is_refused(&servers::postgres_oldest(), &servers::elasticsearch(), "worst_oldest").await;
}
