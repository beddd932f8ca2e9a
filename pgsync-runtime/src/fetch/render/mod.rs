//! Values to JSON. In: the bytes of PostgreSQL's binary protocol. Out: the JSON that the server's own `to_jsonb` gives
//! for the value (time zone UTC, ISO dates), appended to a buffer.
//!
//! Nothing is allocated per value, and nothing is guessed: bytes that are not of the expected shape are an error.

pub(crate) mod interval;
pub(crate) mod number;
pub(crate) mod text;
pub(crate) mod time;

use pgsync_plan::{Form, ValueKind};
use time::Fraction;

/// The bytes are not a value of the type the plan names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// Appends the JSON of one value; `None` is SQL's NULL.
///
/// # Errors
/// [`Malformed`] when the bytes are not a value of this kind in this form. What was appended until then is garbage.
pub fn json(kind: ValueKind, form: Form, value: Option<&[u8]>, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let Some(value) = value else {
        out.extend_from_slice(b"null");
        return Ok(());
    };
    match form {
        Form::Json => text::splice(value, out),
        Form::Text | Form::List => text::string(value, out),
        Form::Raw => return raw(kind, value, out),
    }
    Ok(())
}

fn raw(kind: ValueKind, value: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    match kind {
        ValueKind::Bool => out.extend_from_slice(if boolean(value)? { b"true" } else { b"false" }),
        ValueKind::Int2 => number::integer(i16::from_be_bytes(fixed(value)?).into(), out),
        ValueKind::Int4 => number::integer(i32::from_be_bytes(fixed(value)?).into(), out),
        ValueKind::Int8 => number::integer(i64::from_be_bytes(fixed(value)?), out),
        ValueKind::Float4 => number::float4(f32::from_be_bytes(fixed(value)?), out),
        ValueKind::Float8 => number::float8(f64::from_be_bytes(fixed(value)?), out),
        ValueKind::Numeric => number::numeric_json(value, out)?,
        ValueKind::Text | ValueKind::Char | ValueKind::Enum => text::string(value, out),
        ValueKind::Bytea => text::bytea(value, out),
        ValueKind::Json => text::splice(value, out),
        ValueKind::Jsonb => text::splice(jsonb_text(value)?, out),
        ValueKind::Oid
        | ValueKind::Uuid
        | ValueKind::Date
        | ValueKind::Time
        | ValueKind::TimeTz
        | ValueKind::Timestamp
        | ValueKind::TimestampTz
        | ValueKind::Interval => {
            out.push(b'"');
            plain(kind, value, out)?;
            out.push(b'"');
        }
        ValueKind::Inet | ValueKind::Hstore | ValueKind::Other => return Err(Malformed),
    }
    Ok(())
}

/// Values that are strings in JSON but never need an escape.
fn plain(kind: ValueKind, value: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    match kind {
        ValueKind::Oid => number::integer(u32::from_be_bytes(fixed(value)?).into(), out),
        ValueKind::Uuid => text::uuid(value, out)?,
        ValueKind::Date => time::date(fixed(value)?, out),
        ValueKind::Time => time::time(fixed(value)?, Fraction::Trimmed, out)?,
        ValueKind::TimeTz => time::time_tz(fixed(value)?, Fraction::Trimmed, out)?,
        ValueKind::Timestamp => time::timestamp(fixed(value)?, b'T', Fraction::Trimmed, b"", out),
        ValueKind::TimestampTz => time::timestamp(fixed(value)?, b'T', Fraction::Trimmed, b"+00:00", out),
        ValueKind::Interval => interval::interval(fixed(value)?, out),
        _ => return Err(Malformed),
    }
    Ok(())
}

/// Whether a kind can be rendered from [`Form::Raw`].
pub fn is_native(kind: ValueKind) -> bool {
    !matches!(kind, ValueKind::Inet | ValueKind::Hstore | ValueKind::Other)
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
