//! `_id`: what a document is called. In: the binary values of the root's key. Out: the text that Python's `str()` gives
//! for each part, joined with `|`, which is what indexes written by PGSync hold.
//!
//! In keys of several parts, `\` and `|` inside text are escaped with `\`, so that two keys never share an `_id`.

use super::id_list;
use super::render::interval::interval;
use super::render::time::{self, Fraction};
use super::render::{Malformed, boolean, fixed, jsonb_text, number, text};
use pgsync_plan::Codec;

/// Appends one part. `composite` says whether the key has several parts; `None` is SQL's NULL.
///
/// # Errors
/// [`Malformed`] when the bytes are not a value of this codec.
pub fn part(codec: Codec, composite: bool, value: Option<&[u8]>, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let Some(value) = value else {
        out.extend_from_slice(b"None");
        return Ok(());
    };
    match codec {
        Codec::Bool => out.extend_from_slice(if boolean(value)? { b"True" } else { b"False" }),
        Codec::Int2 => number::integer(i16::from_be_bytes(fixed(value)?).into(), out),
        Codec::Int4 => number::integer(i32::from_be_bytes(fixed(value)?).into(), out),
        Codec::Int8 => number::integer(i64::from_be_bytes(fixed(value)?), out),
        Codec::UInt8 => number::unsigned(u64::from_be_bytes(fixed(value)?), out),
        Codec::Oid => number::integer(u32::from_be_bytes(fixed(value)?).into(), out),
        Codec::Float4 => float4(f32::from_be_bytes(fixed(value)?), out),
        Codec::Float8 => float8(f64::from_be_bytes(fixed(value)?), out),
        Codec::Numeric => decimal(value, out)?,
        Codec::Text | Codec::Json => text_part(value, composite, out),
        Codec::Jsonb => text_part(jsonb_text(value)?, composite, out),
        Codec::Uuid => text::uuid(value, out)?,
        Codec::Date => time::date(fixed(value)?, out),
        Codec::Time => time::time(fixed(value)?, Fraction::Six, out)?,
        Codec::TimeTz => time::time_tz(fixed(value)?, Fraction::Six, out)?,
        Codec::Timestamp => time::timestamp(fixed(value)?, b' ', Fraction::Six, b"", out),
        Codec::TimestampTz => time::timestamp(fixed(value)?, b' ', Fraction::Six, b"+00:00", out),
        Codec::Interval => interval(fixed(value)?, out),
        Codec::Bytes => bytes(value, out),
        Codec::List(element) if composite => {
            let mut list = Vec::with_capacity(2 * value.len());
            id_list::list(element, value, &mut list)?;
            text_part(&list, composite, out);
        }
        Codec::List(element) => id_list::list(element, value, out)?,
        Codec::Opaque => return Err(Malformed),
    }
    Ok(())
}

fn text_part(value: &[u8], composite: bool, out: &mut Vec<u8>) {
    if !composite {
        return out.extend_from_slice(value);
    }
    for &byte in value {
        if matches!(byte, b'\\' | b'|') {
            out.push(b'\\');
        }
        out.push(byte);
    }
}

/// `str(Decimal)`.
fn decimal(value: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    let start = out.len();
    number::numeric(value, out)?;
    exponent(start, out);
    Ok(())
}

/// Brings the number that begins at `start` into the form of `str(Decimal)`: the digits as they are, unless six or more
/// zeros follow the point; then `1.5E-7`.
pub(super) fn exponent(start: usize, out: &mut Vec<u8>) {
    let unsigned = start + usize::from(out.get(start) == Some(&b'-'));
    let Some(fraction) = out[unsigned..].strip_prefix(b"0.") else { return };
    let zeros = fraction.iter().take_while(|digit| **digit == b'0').count();
    // Of nothing but zeros the last one is the digit that counts.
    let zeros = zeros.min(fraction.len().saturating_sub(1));
    if zeros < 6 {
        return;
    }
    let first = unsigned + 2 + zeros;
    let digits = out.len() - first;
    out.copy_within(first.., unsigned);
    out.truncate(unsigned + digits);
    if digits > 1 {
        out.insert(unsigned + 1, b'.');
    }
    out.extend_from_slice(b"E-");
    number::integer(zeros as i64 + 1, out);
}

/// `repr(float)`, of the fewest digits that give the same `real`.
fn float4(value: f32, out: &mut Vec<u8>) {
    if value.is_finite() {
        float(ryu::Buffer::new().format_finite(value), out);
    } else {
        float_not_finite(value.into(), out);
    }
}

/// `repr(float)`.
pub(super) fn float8(value: f64, out: &mut Vec<u8>) {
    if value.is_finite() {
        float(ryu::Buffer::new().format_finite(value), out);
    } else {
        float_not_finite(value, out);
    }
}

fn float_not_finite(value: f64, out: &mut Vec<u8>) {
    let text: &[u8] = match () {
        () if value.is_nan() => b"nan",
        () if value > 0.0 => b"inf",
        () => b"-inf",
    };
    out.extend_from_slice(text);
}

/// `repr(float)` from the shortest digits: plain from 1e-4 to below 1e16, else with an exponent of two digits or more.
fn float(shortest: &str, out: &mut Vec<u8>) {
    let (mantissa, exponent) = match shortest.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().unwrap_or(0)),
        None => (shortest, 0),
    };
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = [0_u8; 64];
    let mut length = 0;
    for digit in whole.bytes().chain(fraction.bytes()).take(digits.len()) {
        digits[length] = digit;
        length += 1;
    }
    let digits = &digits[..length];
    let leading = digits.iter().take_while(|digit| **digit == b'0').count();
    let significant = &digits[leading..];
    let significant = &significant[..significant.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1)];
    out.extend_from_slice(sign.as_bytes());
    if significant.is_empty() {
        return out.extend_from_slice(b"0.0");
    }
    // The value is 0.SIGNIFICANT times ten to the power of `point`.
    let point = whole.len() as i32 - leading as i32 + exponent;
    if (-3..=16).contains(&point) {
        if point <= 0 {
            out.extend_from_slice(b"0.");
            out.extend(std::iter::repeat_n(b'0', point.unsigned_abs() as usize));
            out.extend_from_slice(significant);
        } else {
            let point = point as usize;
            let split = point.min(significant.len());
            out.extend_from_slice(&significant[..split]);
            out.extend(std::iter::repeat_n(b'0', point - split));
            out.push(b'.');
            out.extend_from_slice(if split < significant.len() { &significant[split..] } else { b"0" });
        }
        return;
    }
    out.push(significant[0]);
    if significant.len() > 1 {
        out.push(b'.');
        out.extend_from_slice(&significant[1..]);
    }
    let power = point - 1;
    out.extend_from_slice(if power < 0 { b"e-" } else { b"e+" });
    if power.abs() < 10 {
        out.push(b'0');
    }
    number::integer(power.abs().into(), out);
}

/// `repr(bytes)`.
fn bytes(value: &[u8], out: &mut Vec<u8>) {
    let quote = if value.contains(&b'\'') && !value.contains(&b'"') { b'"' } else { b'\'' };
    out.extend_from_slice(&[b'b', quote]);
    for &byte in value {
        match byte {
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\\' => out.extend_from_slice(b"\\\\"),
            byte if byte == quote => out.extend_from_slice(&[b'\\', byte]),
            0x20..=0x7E => out.push(byte),
            byte => {
                out.extend_from_slice(b"\\x");
                out.extend_from_slice(&text::hex(byte));
            }
        }
    }
    out.push(quote);
}
