//! Values as PostgreSQL sends them. In: the binary form of real values of every type that the runtime decodes, and arrays as
//! texts. Out: JSON, and parts of an `_id`.

use super::withstands;
use crate::support::database::Database;
use crate::support::servers;
use pgsync_plan::{Codec, ListElement};
use pgsync_runtime::internals::fetch::id::part;
use pgsync_runtime::internals::fetch::render::json;
use tokio_postgres::types::{FromSql, Type};

/// The bytes that came, whatever they are.
struct Raw(Vec<u8>);

impl<'a> FromSql<'a> for Raw {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(raw.to_vec()))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

const VALUES: [(Codec, &str); 21] = [
    (Codec::Bool, "true"),
    (Codec::Int2, "(-7)::smallint"),
    (Codec::Int4, "2147483647"),
    (Codec::Int8, "(-9223372036854775808)::bigint"),
    (Codec::Oid, "4294967295::oid"),
    (Codec::Float4, "'NaN'::real"),
    (Codec::Float8, "5e-324::double precision"),
    (Codec::Numeric, "12345678901234567890.000120::numeric"),
    (Codec::Numeric, "1e-300::numeric"),
    (Codec::Numeric, "'-Infinity'::numeric"),
    (Codec::Text, "E'a\\n\\u00e9\"'::text"),
    (Codec::Uuid, "'5b30857f-0bfa-48b5-ac0b-5c64e28078d1'::uuid"),
    (Codec::Date, "'infinity'::date"),
    (Codec::Time, "'24:00'::time"),
    (Codec::TimeTz, "'12:00:00.25-07'::timetz"),
    (Codec::Timestamp, "'0044-03-15 12:00 BC'::timestamp"),
    (Codec::TimestampTz, "'2020-02-29 23:59:59.999999+14'::timestamptz"),
    (Codec::Interval, "'-1 year 2 mons -3 days 04:05:06.7'::interval"),
    (Codec::Bytes, "'\\x00ff'::bytea"),
    (Codec::Json, "'{\"a\": [1, null]}'::json"),
    (Codec::Jsonb, "'{\"a\": [1, null]}'::jsonb"),
];

/// Real values, each behind one byte that says its codec, so that damage may give it to another one.
async fn corpus() -> Vec<Vec<u8>> {
    let database = Database::create(&servers::postgres_newest(), "fuzz_values").await;
    let mut corpus = Vec::new();
    for (number, (codec, value)) in VALUES.iter().enumerate() {
        let row = database.client.query_one(&format!("SELECT {value}"), &[]).await.unwrap();
        let bytes = row.get::<_, Raw>(0).0;
        assert_eq!(json(*codec, Some(&bytes), &mut Vec::new()), Ok(()), "{value}");
        corpus.push([&[number as u8], bytes.as_slice()].concat());
    }
    corpus
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_value_is_refused() {
    withstands("binary values", &corpus().await, |input| {
        let Some((number, value)) = input.split_first() else { return false };
        let codec = VALUES[usize::from(*number) % VALUES.len()].0;
        let mut out = Vec::new();
        let taken = json(codec, Some(value), &mut out).is_ok();
        // A value of a few bytes is not to become a document of its own: a numeric has 131,072 digits before the point and
        // 16,383 behind it at most, and a byte six characters.
        assert!(out.len() < 200_000 + 6 * value.len(), "{} bytes of {}", out.len(), value.len());
        taken & part(codec, false, Some(value), &mut Vec::new()).is_ok()
    });
}

#[test]
fn a_damaged_array_is_refused_in_an_id() {
    let kinds = [ListElement::Bool, ListElement::Integer, ListElement::Float, ListElement::Decimal, ListElement::Text];
    // What such a reader has stumbled over.
    assert_eq!(part(Codec::List(ListElement::Decimal), false, Some(b"{-0.,0.}"), &mut Vec::new()), Ok(()));
    let arrays = [
        "{t,f,NULL}",
        "{1,-2,{3}}",
        "{1.5,NaN,1e300}",
        "{1.50,-0.00}",
        r#"{"a \" b",c\\d,"",NULL,"null"}"#,
        "[2:3]={5,6}",
        "{}",
    ];
    let corpus: Vec<Vec<u8>> = arrays.iter().map(|array| array.as_bytes().to_vec()).collect();
    withstands("arrays in an _id", &corpus, |input| {
        let taken =
            kinds.map(|kind| part(Codec::List(kind), input.len() % 2 == 0, Some(input), &mut Vec::new()).is_ok());
        taken.contains(&true)
    });
}
