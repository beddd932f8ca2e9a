//! What is rendered equals what the database's own `to_jsonb` gives, for every built-in type; `_id`s are Python's text.

use crate::support::database::connect;
use crate::support::json::{Exact, exact};
use crate::support::servers;
use pgsync_plan::{Form, ValueKind};
use pgsync_runtime::fetch::{id, render};
use proptest::strategy::{BoxedStrategy, Just, Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};
use proptest::{collection, prelude::any, prop_oneof};
use tokio_postgres::Client;
use tokio_postgres::types::{FromSql, Type};

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

fn text() -> BoxedStrategy<String> {
    let c = prop_oneof![any::<char>(), (0_u8..0x80).prop_map(char::from)];
    collection::vec(c.prop_filter("no NUL in text", |c| *c != '\0'), 0..12)
        .prop_map(|chars| chars.into_iter().collect())
        .boxed()
}

fn cases(fixed: &'static [&'static str], random: impl Strategy<Value = String> + 'static) -> BoxedStrategy<String> {
    prop_oneof![1 => proptest::sample::select(fixed), 3 => random.prop_map(|text| &*text.leak())]
        .prop_map(str::to_owned)
        .boxed()
}

/// Kind, type, and input texts of the type.
fn types(version: i32) -> Vec<(ValueKind, &'static str, BoxedStrategy<String>)> {
    let numeric: &'static [&'static str] = if version >= 140_000 {
        &["NaN", "Infinity", "-Infinity", "0", "0.000", "1.00", "1e300", "-1e-300", "10000", "9999.9999"]
    } else {
        &["NaN", "0", "0.000", "1.00", "1e300", "-1e-300", "10000", "9999.9999"]
    };
    let interval: &'static [&'static str] = if version >= 170_000 {
        &["infinity", "-infinity", "0", "1 year -2 days +3 hours", "-1 mon 1 day -00:00:00.5"]
    } else {
        &["0", "1 year -2 days +3 hours", "-1 mon 1 day -00:00:00.5", "-1 year -1 day", "178000000 years"]
    };
    let days = || (-2_451_000_i64..100_000_000).prop_map(|days| format!("2000-01-01 + {days}"));
    vec![
        (ValueKind::Bool, "bool", cases(&["t", "f"], Just("t".to_owned()))),
        (ValueKind::Int2, "int2", cases(&["-32768", "32767"], any::<i16>().prop_map(|n| n.to_string()))),
        (ValueKind::Int4, "int4", cases(&["-2147483648"], any::<i32>().prop_map(|n| n.to_string()))),
        (ValueKind::Int8, "int8", cases(&["-9223372036854775808"], any::<i64>().prop_map(|n| n.to_string()))),
        (ValueKind::Oid, "oid", cases(&["0", "4294967295"], any::<u32>().prop_map(|n| n.to_string()))),
        (
            ValueKind::Float4,
            "float4",
            cases(
                &["NaN", "Infinity", "-Infinity", "-0", "1e-45", "16777216", "0.1", "3.4028235e38"],
                any::<i32>().prop_map(|n| (n as f32 / 1e4).to_string()),
            ),
        ),
        (
            ValueKind::Float8,
            "float8",
            cases(
                &[
                    "NaN",
                    "Infinity",
                    "-Infinity",
                    "-0",
                    "5e-324",
                    "1e23",
                    "0.1",
                    "9007199254740993",
                    "1e16",
                    "1.7976931348623157e308",
                ],
                any::<u64>()
                    .prop_map(f64::from_bits)
                    .prop_filter("finite", |n| n.is_finite())
                    .prop_map(|n| format!("{n:e}")),
            ),
        ),
        (
            ValueKind::Numeric,
            "numeric",
            cases(
                numeric,
                (any::<i128>(), 0_usize..60, -40_i32..40)
                    .prop_map(|(n, zeros, e)| format!("{n}{}e{e}", "0".repeat(zeros))),
            ),
        ),
        (ValueKind::Text, "text", text()),
        (ValueKind::Text, "varchar", text()),
        (ValueKind::Char, "char(40)", text()),
        (ValueKind::Text, "name", text()),
        (ValueKind::Uuid, "uuid", any::<u128>().prop_map(|n| format!("{n:032x}")).boxed()),
        (
            ValueKind::Bytea,
            "bytea",
            collection::vec(any::<u8>(), 0..20)
                .prop_map(|bytes| bytes.iter().fold("\\x".to_owned(), |text, byte| format!("{text}{byte:02x}")))
                .boxed(),
        ),
        (
            ValueKind::Date,
            "date",
            cases(
                &[
                    "infinity",
                    "-infinity",
                    "0001-01-01 BC",
                    "4713-01-01 BC",
                    "5874897-12-31",
                    "2000-02-29",
                    "1900-03-01",
                ],
                days(),
            ),
        ),
        (
            ValueKind::Timestamp,
            "timestamp",
            cases(
                &[
                    "infinity",
                    "-infinity",
                    "0044-03-15 12:00:00.5 BC",
                    "294276-12-31 23:59:59.999999",
                    "1999-12-31 23:59:59.999999",
                ],
                any::<i32>().prop_map(|n| format!("epoch {}", i64::from(n) * 1_000_003)),
            ),
        ),
        (
            ValueKind::TimestampTz,
            "timestamptz",
            cases(
                &[
                    "infinity",
                    "-infinity",
                    "0044-03-15 12:00:00.5+01 BC",
                    "294276-12-31 23:59:59.999999+00",
                    "2020-01-01 00:00:00+14",
                ],
                any::<i64>().prop_map(|n| format!("epoch {}", n / 1000 * 7 % 90_000_000_000_000_000)),
            ),
        ),
        (
            ValueKind::Time,
            "time",
            cases(&["00:00", "24:00:00", "23:59:59.999999"], (0_u64..86_400_000_000).prop_map(clock)),
        ),
        (
            ValueKind::TimeTz,
            "timetz",
            cases(
                &["00:00+00", "24:00:00-15:59:59", "23:59:59.999999+05:30", "12:00+00:00:01"],
                (0_u64..86_400_000_000, -14_i32..15).prop_map(|(n, zone)| format!("{}{zone:+03}", clock(n))),
            ),
        ),
        (
            ValueKind::Interval,
            "interval",
            cases(
                interval,
                (any::<i16>(), any::<i16>(), any::<i32>())
                    .prop_map(|(months, days, micros)| format!("{months} months {days} days {micros} milliseconds")),
            ),
        ),
        (
            ValueKind::Json,
            "json",
            cases(&["{\"a\": 1,\n\"b\" :[1.50, 1e400]\r\n}", "{\"a\":1,\"a\":2}", "null"], json_text()),
        ),
        (ValueKind::Jsonb, "jsonb", cases(&["{\"a\": 1,\n\"b\" :[1.50]\r\n}", "\"x\\ny\"", "null"], json_text())),
    ]
}

fn clock(micros: u64) -> String {
    let seconds = micros / 1_000_000;
    format!("{:02}:{:02}:{:02}.{:06}", seconds / 3600, seconds / 60 % 60, seconds % 60, micros % 1_000_000)
}

fn json_text() -> impl Strategy<Value = String> {
    (text(), any::<i64>())
        .prop_map(|(text, n)| serde_json::json!({ "k": [text, n], text.clone(): null }).to_string())
        .prop_map(|text| text.replace("\\u0000", ""))
}

/// The input of a value: some are easier to say as arithmetic.
fn expression(text: &str, ty: &str) -> String {
    if let Some(days) = text.strip_prefix("2000-01-01 + ") {
        return format!("(date '2000-01-01' + {days})");
    }
    if let Some(micros) = text.strip_prefix("epoch ") {
        return format!("('2000-01-01'::{ty} + interval '1 microsecond' * ({micros}))");
    }
    format!("'{}'::{ty}", text.replace('\'', "''"))
}

async fn compare(server: &str) {
    let client = session(server).await;
    let version: i32 = client.query_one("SELECT current_setting('server_version_num')::int", &[]).await.unwrap().get(0);
    let mut runner = TestRunner::new(Config::default());
    for (kind, ty, values) in types(version) {
        let values: Vec<String> = (0..150).map(|_| values.new_tree(&mut runner).unwrap().current()).collect();
        let rows: Vec<String> = values.iter().map(|text| format!("({})", expression(text, ty))).collect();
        let sql = format!("SELECT v, to_jsonb(v)::text FROM (VALUES {}) AS t(v)", rows.join(","));
        for (row, value) in client.query(&sql, &[]).await.unwrap_or_else(|e| panic!("{ty}: {e:?}")).iter().zip(&values)
        {
            let Raw(raw) = row.get(0);
            let oracle: String = row.get(1);
            let mut rendered = Vec::new();
            render::json(kind, Form::Raw, Some(&raw), &mut rendered).unwrap_or_else(|e| panic!("{ty} {value}: {e:?}"));
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
        id::part(kind, Form::Raw, false, Some(&raw), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected, "{sql}");
    }
    let mut out = Vec::new();
    id::part(ValueKind::Text, Form::Raw, true, Some(b"a|b\\c"), &mut out).unwrap();
    assert_eq!(out, b"a\\|b\\\\c");
}
