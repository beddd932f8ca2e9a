//! In which bytes a value comes from a source, and what these bytes say of its order. In: nothing. Out: the names that the
//! compiler picks for each column and the runtime decodes by. Nothing here knows a type of any database.
//!
//! A source whose own bytes differ converts them when it fills a row; what is done with them afterwards is the same for all.

use serde::{Deserialize, Serialize};

/// The bytes of one value. Numbers are big-endian, signed ones in two's complement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    /// One byte: 0 is false.
    Bool,
    /// 2 bytes.
    Int2,
    /// 4 bytes.
    Int4,
    /// 8 bytes.
    Int8,
    /// 8 bytes without a sign.
    #[serde(rename = "uint8")]
    UInt8,
    /// 4 bytes without a sign; shown as a string.
    Oid,
    /// IEEE 754, 4 bytes.
    Float4,
    /// IEEE 754, 8 bytes.
    Float8,
    /// Groups of four decimal digits behind a head of four 16-bit numbers: how many groups, the weight of the first, the
    /// sign, the scale (PostgreSQL, `src/backend/utils/adt/numeric.c`, `numeric_send`).
    Numeric,
    /// UTF-8; shown as a string.
    Text,
    /// 16 bytes.
    Uuid,
    /// Days since 2000-01-01, 4 bytes; the least and the greatest are the infinities.
    Date,
    /// Microseconds since midnight, 8 bytes.
    Time,
    /// As [`Codec::Time`], then seconds west of Greenwich, 4 bytes.
    TimeTz,
    /// Microseconds since 2000-01-01, 8 bytes; the least and the greatest are the infinities. Shown without a zone.
    Timestamp,
    /// As [`Codec::Timestamp`], in UTC, and shown so.
    TimestampTz,
    /// Microseconds, 8 bytes; then days and months, 4 bytes each.
    Interval,
    /// Any bytes; shown as `\x` and hexadecimal digits.
    Bytes,
    /// A JSON text, shown as it is.
    Json,
    /// The byte 1, then as [`Codec::Json`].
    Jsonb,
    /// The text of an array, `{1,NULL}`; a part of an `_id` that is written as Python's list of these elements.
    List(ListElement),
    /// Bytes that are passed on to the source and never shown.
    Opaque,
}

/// What the elements of a [`Codec::List`] are for Python.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListElement {
    /// `True` or `False`.
    Bool,
    /// An integer.
    Integer,
    /// A float.
    Float,
    /// A `Decimal`.
    Decimal,
    /// A string.
    Text,
}

/// How the bytes of values compare, where that is how the source compares the values: equal values have equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ByteOrder {
    /// As signed big-endian numbers.
    Signed,
    /// Byte by byte.
    Unsigned,
}
