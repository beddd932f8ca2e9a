//! PostgreSQL's types. What is not named here is of the family [`ValueKind::Other`]: the server itself renders its values.

use super::Family;
use pgsync_plan::ByteOrder::{Signed, Unsigned};
use pgsync_plan::{ByteOrder, Codec, Form, ListElement, ValueKind};

const fn family(
    kind: ValueKind,
    names: &'static [(&'static str, &'static str)],
    codec: Codec,
    order: Option<ByteOrder>,
    element: Option<ListElement>,
) -> Family {
    Family { order, element, ..Family::new(kind, names, codec) }
}

/// The bytes are those of the types' send functions (manual, section 55.7, "Message Formats", and the sources of each
/// type). Text has no order here, since collations differ; nor have numbers and intervals that are equal under several
/// spellings.
pub(super) const FAMILIES: &[Family] = &[
    family(ValueKind::Bool, &[("bool", "boolean")], Codec::Bool, Some(Unsigned), Some(ListElement::Bool)),
    family(ValueKind::Int2, &[("int2", "smallint")], Codec::Int2, Some(Signed), Some(ListElement::Integer)),
    family(ValueKind::Int4, &[("int4", "integer")], Codec::Int4, Some(Signed), Some(ListElement::Integer)),
    family(ValueKind::Int8, &[("int8", "bigint")], Codec::Int8, Some(Signed), Some(ListElement::Integer)),
    family(ValueKind::Oid, &[("oid", "oid")], Codec::Oid, Some(Unsigned), Some(ListElement::Integer)),
    family(ValueKind::Float4, &[("float4", "real")], Codec::Float4, None, Some(ListElement::Float)),
    family(ValueKind::Float8, &[("float8", "double precision")], Codec::Float8, None, Some(ListElement::Float)),
    family(ValueKind::Numeric, &[("numeric", "numeric")], Codec::Numeric, None, Some(ListElement::Decimal)),
    family(
        ValueKind::Text,
        &[("text", "text"), ("varchar", "character varying"), ("name", "name"), ("citext", "citext")],
        Codec::Text,
        None,
        Some(ListElement::Text),
    ),
    family(ValueKind::Char, &[("bpchar", "character")], Codec::Text, None, Some(ListElement::Text)),
    family(ValueKind::Enum, &[], Codec::Text, None, None),
    family(ValueKind::Uuid, &[("uuid", "uuid")], Codec::Uuid, Some(Unsigned), None),
    family(ValueKind::Date, &[("date", "date")], Codec::Date, Some(Signed), None),
    family(ValueKind::Time, &[("time", "time without time zone")], Codec::Time, None, None),
    family(ValueKind::TimeTz, &[("timetz", "time with time zone")], Codec::TimeTz, None, None),
    family(ValueKind::Timestamp, &[("timestamp", "timestamp without time zone")], Codec::Timestamp, Some(Signed), None),
    family(
        ValueKind::TimestampTz,
        &[("timestamptz", "timestamp with time zone")],
        Codec::TimestampTz,
        Some(Signed),
        None,
    ),
    family(ValueKind::Interval, &[("interval", "interval")], Codec::Interval, None, None).identified(Form::Text),
    family(ValueKind::Bytea, &[("bytea", "bytea")], Codec::Bytes, None, None),
    family(ValueKind::Json, &[("json", "json")], Codec::Json, None, None).identified(Form::Text),
    family(ValueKind::Jsonb, &[("jsonb", "jsonb")], Codec::Jsonb, None, None).identified(Form::Text),
    family(ValueKind::Inet, &[("inet", "inet"), ("cidr", "cidr")], Codec::Opaque, None, Some(ListElement::Text)),
    family(ValueKind::Hstore, &[("hstore", "hstore")], Codec::Opaque, None, None),
];
