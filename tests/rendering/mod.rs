//! What is rendered equals what the database's own `to_jsonb` gives, for every built-in type; `_id`s are Python's text.

mod values;
mod whole;

use crate::support::database::connect;
use crate::support::json::{Exact, exact};
use crate::support::programs::codec;
use crate::support::servers;
use pgsync_plan::{Codec, ValueKind};
use pgsync_runtime::internals::fetch::{id, render};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};
use tokio_postgres::Client;
use tokio_postgres::types::{FromSql, Type};
use values::{expression, native};

struct Raw(Vec<u8>);

impl<'a> FromSql<'a> for Raw {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(raw.to_vec()))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

async fn session(server: &str) -> Client {
    let client = connect(server).await;
    client
        .batch_execute(
            "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 3;
             SET bytea_output = 'hex'",
        )
        .await
        .unwrap();
    client
}

async fn compare(server: &str) {
    let client = session(server).await;
    let version: i32 = client.query_one("SELECT current_setting('server_version_num')::int", &[]).await.unwrap().get(0);
    let mut runner = TestRunner::new(Config::default());
    for (kind, ty, values) in native(version) {
        let values: Vec<String> = (0..150).map(|_| values.new_tree(&mut runner).unwrap().current()).collect();
        let rows: Vec<String> = values.iter().map(|text| format!("({})", expression(text, ty))).collect();
        let sql = format!("SELECT v, to_jsonb(v)::text FROM (VALUES {}) AS t(v)", rows.join(","));
        for (row, value) in client.query(&sql, &[]).await.unwrap_or_else(|e| panic!("{ty}: {e:?}")).iter().zip(&values)
        {
            let Raw(raw) = row.get(0);
            let oracle: String = row.get(1);
            let mut rendered = Vec::new();
            render::json(codec(kind), Some(&raw), &mut rendered).unwrap_or_else(|e| panic!("{ty} {value}: {e:?}"));
            let rendered = String::from_utf8(rendered).unwrap();
            assert!(!rendered.contains(['\n', '\r']), "{ty} {value}: {rendered} is not on one line");
            assert!(
                same(kind, version, &rendered, &oracle),
                "{ty} {value}: rendered {rendered}, the database says {oracle}"
            );
        }
    }
}

/// Before version 12 the server writes floats with all digits and not with the fewest: there the number meant is compared.
fn same(kind: ValueKind, version: i32, rendered: &str, oracle: &str) -> bool {
    let (rendered_value, oracle_value) = (exact(rendered), exact(oracle));
    match (kind, &rendered_value) {
        (ValueKind::Float4, Exact::Number(..)) if version < 120_000 => rendered.parse::<f32>() == oracle.parse::<f32>(),
        (ValueKind::Float8, Exact::Number(..)) if version < 120_000 => rendered.parse::<f64>() == oracle.parse::<f64>(),
        (ValueKind::Float4 | ValueKind::Float8, _) => rendered == oracle,
        _ => rendered_value == oracle_value,
    }
}

#[tokio::test]
async fn values_are_those_of_to_jsonb_newest() {
    compare(&servers::postgres_newest()).await;
}

#[tokio::test]
async fn values_are_those_of_to_jsonb_oldest() {
    compare(&servers::postgres_oldest()).await;
}

#[tokio::test]
async fn ids_are_pythons() {
    let client = session(&servers::postgres_newest()).await;
    for (kind, sql, expected) in [
        (ValueKind::Int4, "5", "5"),
        (ValueKind::Text, "'a|b\\c'::text", "a|b\\c"),
        (ValueKind::Bool, "true", "True"),
        (ValueKind::Bool, "false", "False"),
        (ValueKind::Date, "'2020-01-01'::date", "2020-01-01"),
        (ValueKind::TimestampTz, "'2020-01-01 00:00+00'::timestamptz", "2020-01-01 00:00:00+00:00"),
        (ValueKind::TimestampTz, "'2020-01-01 00:00:00.5+00'::timestamptz", "2020-01-01 00:00:00.500000+00:00"),
        (ValueKind::Timestamp, "'2020-01-01 01:02:03'::timestamp", "2020-01-01 01:02:03"),
        (ValueKind::Uuid, "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        (ValueKind::Numeric, "5::numeric", "5"),
        (ValueKind::Numeric, "1.00::numeric", "1.00"),
        (ValueKind::Numeric, "0.000001::numeric", "0.000001"),
        (ValueKind::Numeric, "0.0000001::numeric", "1E-7"),
        (ValueKind::Numeric, "-0.000000125::numeric", "-1.25E-7"),
        (ValueKind::Numeric, "0.000000::numeric", "0.000000"),
        (ValueKind::Numeric, "0.0000000::numeric", "0E-7"),
        (ValueKind::Float8, "1e16::float8", "1e+16"),
        (ValueKind::Float8, "123456789012345.5::float8", "123456789012345.5"),
        (ValueKind::Float8, "0.00001::float8", "1e-05"),
        (ValueKind::Float8, "-0.0001::float8", "-0.0001"),
        (ValueKind::Float8, "1::float8", "1.0"),
        (ValueKind::Float8, "1e15::float8", "1000000000000000.0"),
        (ValueKind::Float8, "'-0'::float8", "-0.0"),
        (ValueKind::Float8, "'NaN'::float8", "nan"),
        (ValueKind::Float4, "'-Infinity'::float4", "-inf"),
        (ValueKind::Char, "'ab'::char(5)", "ab   "),
        (ValueKind::Bytea, "'\\x01'::bytea", "b'\\x01'"),
        (ValueKind::Bytea, "'\\x61270a5c'::bytea", "b\"a'\\n\\\\\""),
    ] {
        let Raw(raw) = client.query_one(&format!("SELECT {sql}"), &[]).await.unwrap().get(0);
        let mut out = Vec::new();
        id::part(codec(kind), false, Some(&raw), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected, "{sql}");
    }
    let mut out = Vec::new();
    id::part(Codec::Text, true, Some(b"a|b\\c"), &mut out).unwrap();
    assert_eq!(out, b"a\\|b\\\\c");
}
