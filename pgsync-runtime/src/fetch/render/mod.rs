//! Values to JSON. In: the bytes of PostgreSQL's binary protocol. Out: the JSON that the server's own `to_jsonb` gives
//! for the value (time zone UTC, ISO dates), appended to a buffer.
//!
//! Nothing is allocated per value, and nothing is guessed: bytes that are not of the expected shape are an error.

pub(crate) mod interval;
pub(crate) mod number;
pub(crate) mod text;
pub(crate) mod time;

use pgsync_plan::Codec;
use time::Fraction;

/// The bytes are not a value of the type the plan names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// Appends the JSON of one value; `None` is SQL's NULL.
///
/// # Errors
/// [`Malformed`] when the bytes are not a value of this codec. What was appended until then is garbage.
pub fn json(codec: Codec, value: Option<&[u8]>, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let Some(value) = value else {
        out.extend_from_slice(b"null");
        return Ok(());
    };
    match codec {
        Codec::Bool => out.extend_from_slice(if boolean(value)? { b"true" } else { b"false" }),
        Codec::Int2 => number::integer(i16::from_be_bytes(fixed(value)?).into(), out),
        Codec::Int4 => number::integer(i32::from_be_bytes(fixed(value)?).into(), out),
        Codec::Int8 => number::integer(i64::from_be_bytes(fixed(value)?), out),
        Codec::UInt8 => number::unsigned(u64::from_be_bytes(fixed(value)?), out),
        Codec::Float4 => number::float4(f32::from_be_bytes(fixed(value)?), out),
        Codec::Float8 => number::float8(f64::from_be_bytes(fixed(value)?), out),
        Codec::Numeric => number::numeric_json(value, out)?,
        Codec::Text | Codec::List(_) => text::string(value, out),
        Codec::Bytes => text::bytea(value, out),
        Codec::Json => text::splice(value, out),
        Codec::Jsonb => text::splice(jsonb_text(value)?, out),
        Codec::Oid
        | Codec::Uuid
        | Codec::Date
        | Codec::Time
        | Codec::TimeTz
        | Codec::Timestamp
        | Codec::TimestampTz
        | Codec::Interval => {
            out.push(b'"');
            plain(codec, value, out)?;
            out.push(b'"');
        }
        Codec::Opaque => return Err(Malformed),
    }
    Ok(())
}

/// Values that are strings in JSON but never need an escape.
fn plain(codec: Codec, value: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    match codec {
        Codec::Oid => number::integer(u32::from_be_bytes(fixed(value)?).into(), out),
        Codec::Uuid => text::uuid(value, out)?,
        Codec::Date => time::date(fixed(value)?, out),
        Codec::Time => time::time(fixed(value)?, Fraction::Trimmed, out)?,
        Codec::TimeTz => time::time_tz(fixed(value)?, Fraction::Trimmed, out)?,
        Codec::Timestamp => time::timestamp(fixed(value)?, b'T', Fraction::Trimmed, b"", out),
        Codec::TimestampTz => time::timestamp(fixed(value)?, b'T', Fraction::Trimmed, b"+00:00", out),
        Codec::Interval => interval::interval(fixed(value)?, out),
        _ => return Err(Malformed),
    }
    Ok(())
}

/// A value of a fixed length.
pub(crate) fn fixed<const N: usize>(value: &[u8]) -> Result<[u8; N], Malformed> {
    value.try_into().map_err(|_| Malformed)
}

pub(crate) fn boolean(value: &[u8]) -> Result<bool, Malformed> {
    Ok(fixed::<1>(value)?[0] != 0)
}

/// `jsonb` travels as a version byte and the text.
pub(crate) fn jsonb_text(value: &[u8]) -> Result<&[u8], Malformed> {
    match value.split_first() {
        Some((1, text)) => Ok(text),
        _ => Err(Malformed),
    }
}
