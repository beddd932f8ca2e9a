//! From a column's wire bytes to JSON. In: the binary form PostgreSQL sends. Out: the bytes of a JSON value equal to what
//! the server's own `to_jsonb` gives for it under the settings every session pins. It appends to a buffer and allocates
//! nothing.

mod number;
mod text;
mod time;

pub(super) use number::{float_digits, numeric_text};
pub(crate) use text::string as json_string;
pub(super) use text::{hex, string, uuid_text};
pub(super) use time::{Clock, Day, time_text, zone_text};

use crate::{Error, ErrorKind, Result};
use pgsync_plan::{ColumnType, Form, Select, ValueKind};

/// How the values of one select are rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Renderer {
    /// By the family of their type.
    Native(ValueKind),
    /// JSON text, as it is.
    Splice,
    /// Text that is not JSON, as a JSON string.
    Quote,
}

impl Renderer {
    /// The renderer for a select on a column of this type.
    pub(super) fn of(select: &Select, ty: &ColumnType) -> Self {
        match select.form {
            Form::Json => Self::Splice,
            Form::Text => Self::Quote,
            Form::Raw => Self::Native(ty.kind),
        }
    }

    /// Appends a value; `None` is NULL.
    ///
    /// # Errors
    /// [`ErrorKind::Fatal`] when the bytes are not of the type the plan says.
    pub(super) fn render(self, value: Option<&[u8]>, out: &mut Vec<u8>) -> Result<()> {
        let Some(value) = value else {
            out.extend_from_slice(b"null");
            return Ok(());
        };
        match self {
            Self::Splice => text::splice(value, out),
            Self::Quote => text::string(value, out),
            Self::Native(kind) => return native(kind, value, out).ok_or_else(|| malformed(kind)),
        }
        Ok(())
    }
}

/// Bytes that are not a value of the type the plan says.
pub(super) fn malformed(kind: ValueKind) -> Error {
    Error::new(ErrorKind::Fatal, format!("the server sent a value that is not of the planned kind {kind:?}"))
        .help("run `cargo pgsync catalog`, generate and build again")
}

fn native(kind: ValueKind, value: &[u8], out: &mut Vec<u8>) -> Option<()> {
    match kind {
        ValueKind::Bool => out.extend_from_slice(if *value.first()? == 0 { b"false" } else { b"true" }),
        ValueKind::Int2 => number::integer(i16::from_be_bytes(value.try_into().ok()?), out),
        ValueKind::Int4 => number::integer(i32::from_be_bytes(value.try_into().ok()?), out),
        ValueKind::Int8 => number::integer(i64::from_be_bytes(value.try_into().ok()?), out),
        ValueKind::Oid => number::integer(u32::from_be_bytes(value.try_into().ok()?), out),
        ValueKind::Float4 => number::float(f32::from_be_bytes(value.try_into().ok()?), out),
        ValueKind::Float8 => number::float(f64::from_be_bytes(value.try_into().ok()?), out),
        ValueKind::Numeric => number::numeric(value, out)?,
        ValueKind::Text | ValueKind::Char | ValueKind::Enum => text::string(value, out),
        ValueKind::Uuid => quoted(out, |out| text::uuid_text(value, out))?,
        ValueKind::Bytea => {
            out.extend_from_slice(b"\"\\\\x");
            text::hex(value, out);
            out.push(b'"');
        }
        ValueKind::Date => quoted(out, |out| time::date(value, out))?,
        ValueKind::Timestamp => quoted(out, |out| time::timestamp(value, false, out))?,
        ValueKind::TimestampTz => quoted(out, |out| time::timestamp(value, true, out))?,
        ValueKind::Time => quoted(out, |out| time::time(value, out))?,
        ValueKind::TimeTz => quoted(out, |out| time::time_with_zone(value, out))?,
        ValueKind::Interval => quoted(out, |out| time::interval(value, out))?,
        ValueKind::Json => text::splice(value, out),
        // A version byte comes first.
        ValueKind::Jsonb => text::splice(value.strip_prefix(&[1])?, out),
        ValueKind::Inet | ValueKind::Hstore | ValueKind::Other => return None,
    }
    Some(())
}

fn quoted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> Option<()>) -> Option<()> {
    out.push(b'"');
    write(out)?;
    out.push(b'"');
    Some(())
}
