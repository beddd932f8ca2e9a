//! `_id`. In: the wire bytes of a root's key. Out: the text PGSync gives the same key: Python's `str()` of each part,
//! joined with `|`. In a key of several parts, `\` and `|` inside a text part are escaped with `\`, so that two keys
//! never share an `_id`.

use super::render::{Clock, Day, float_digits, hex, malformed, numeric_text, time_text, uuid_text, zone_text};
use crate::Result;
use pgsync_plan::{Form, ValueKind};
use std::io::Write;

/// How one part of a key is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub kind: ValueKind,
    pub form: Form,
}

/// Appends the `_id` of a key.
///
/// # Errors
/// When the bytes are not of the planned kinds.
pub(super) fn write_id<'a>(
    parts: &[Part],
    values: impl Iterator<Item = Option<&'a [u8]>>,
    out: &mut Vec<u8>,
) -> Result<()> {
    for (position, (part, value)) in parts.iter().zip(values).enumerate() {
        if position > 0 {
            out.push(b'|');
        }
        match value {
            None => out.extend_from_slice(b"None"),
            Some(value) => write_part(*part, value, parts.len() > 1, out).ok_or_else(|| malformed(part.kind))?,
        }
    }
    Ok(())
}

fn write_part(part: Part, value: &[u8], composite: bool, out: &mut Vec<u8>) -> Option<()> {
    if part.form != Form::Raw {
        return {
            text(value, composite, out);
            Some(())
        };
    }
    match part.kind {
        ValueKind::Bool => out.extend_from_slice(if *value.first()? == 0 { b"False" } else { b"True" }),
        ValueKind::Int2 => write!(out, "{}", i16::from_be_bytes(value.try_into().ok()?)).ok()?,
        ValueKind::Int4 => write!(out, "{}", i32::from_be_bytes(value.try_into().ok()?)).ok()?,
        ValueKind::Int8 => write!(out, "{}", i64::from_be_bytes(value.try_into().ok()?)).ok()?,
        ValueKind::Oid => write!(out, "{}", u32::from_be_bytes(value.try_into().ok()?)).ok()?,
        ValueKind::Float4 => float(f32::from_be_bytes(value.try_into().ok()?), out)?,
        ValueKind::Float8 => float(f64::from_be_bytes(value.try_into().ok()?), out)?,
        ValueKind::Numeric => decimal(value, out)?,
        ValueKind::Text | ValueKind::Char | ValueKind::Enum => text(value, composite, out),
        ValueKind::Uuid => uuid_text(value, out)?,
        ValueKind::Bytea => bytes(value, out),
        ValueKind::Date => date(Clock::date(value)?, out)?,
        ValueKind::Timestamp => timestamp(Clock::timestamp(value)?, false, out)?,
        ValueKind::TimestampTz => timestamp(Clock::timestamp(value)?, true, out)?,
        ValueKind::Time => time_text(i64::from_be_bytes(value.try_into().ok()?), true, out)?,
        ValueKind::TimeTz => {
            let (micros, zone) = value.split_first_chunk::<8>()?;
            time_text(i64::from_be_bytes(*micros), true, out)?;
            zone_text(-i32::from_be_bytes(zone.try_into().ok()?), true, out)?;
        }
        // These come in text form.
        _ => return None,
    }
    Some(())
}

fn text(value: &[u8], composite: bool, out: &mut Vec<u8>) {
    for &byte in value {
        if composite && matches!(byte, b'\\' | b'|') {
            out.push(b'\\');
        }
        out.push(byte);
    }
}

fn date(clock: Clock, out: &mut Vec<u8>) -> Option<()> {
    match clock {
        Clock::Infinity => out.extend_from_slice(b"infinity"),
        Clock::MinusInfinity => out.extend_from_slice(b"-infinity"),
        Clock::At(day, _) => era(day, out, |_| Some(()))?,
    }
    Some(())
}

fn timestamp(clock: Clock, zoned: bool, out: &mut Vec<u8>) -> Option<()> {
    let Clock::At(day, micros) = clock else { return date(clock, out) };
    era(day, out, |out| {
        out.push(b' ');
        time_text(micros, true, out)?;
        if zoned {
            out.extend_from_slice(b"+00:00");
        }
        Some(())
    })
}

fn era(day: Day, out: &mut Vec<u8>, rest: impl FnOnce(&mut Vec<u8>) -> Option<()>) -> Option<()> {
    let before = day.write(out)?;
    rest(out)?;
    if before {
        out.extend_from_slice(b" BC");
    }
    Some(())
}

/// `str(Decimal)`: plain as the server prints it, in scientific form for zeros and small fractions of many places.
fn decimal(value: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let start = out.len();
    numeric_text(value, out)?;
    let printed = String::from_utf8(out[start..].to_vec()).ok()?;
    let (sign, plain) = printed.strip_prefix('-').map_or(("", printed.as_str()), |plain| ("-", plain));
    let Some((whole, fraction)) = plain.split_once('.') else { return Some(()) };
    let all = format!("{whole}{fraction}");
    let digits = match all.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let left = digits.len() as i64 - fraction.len() as i64;
    if left > -6 {
        return Some(());
    }
    out.truncate(start);
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    write!(out, "{sign}{first}{point}{rest}E{:+}", left - 1).ok()
}

/// `repr(float)`.
fn float<F: ryu::Float + Into<f64> + Copy>(value: F, out: &mut Vec<u8>) -> Option<()> {
    let wide: f64 = value.into();
    if wide.is_nan() {
        return {
            out.extend_from_slice(b"nan");
            Some(())
        };
    }
    if wide.is_sign_negative() {
        out.push(b'-');
    }
    if wide.is_infinite() {
        return {
            out.extend_from_slice(b"inf");
            Some(())
        };
    }
    let (digits, point) = float_digits(value);
    let count = digits.len() as i32;
    if !(-3..=16).contains(&point) {
        let (first, rest) = digits.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let exponent = point - 1;
        let sign = if exponent < 0 { '-' } else { '+' };
        return write!(out, "{first}{dot}{rest}e{sign}{:02}", exponent.abs()).ok();
    }
    if point <= 0 {
        write!(out, "0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)).ok()
    } else if count <= point {
        write!(out, "{digits}{}.0", "0".repeat((point - count) as usize)).ok()
    } else {
        let (whole, fraction) = digits.split_at(point as usize);
        write!(out, "{whole}.{fraction}").ok()
    }
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
            _ if byte == quote => out.extend_from_slice(&[b'\\', byte]),
            0x20..=0x7e => out.push(byte),
            _ => {
                out.extend_from_slice(b"\\x");
                hex(&[byte], out);
            }
        }
    }
    out.push(quote);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(parts: &[(ValueKind, &[u8])]) -> String {
        let mut out = Vec::new();
        let kinds: Vec<Part> = parts.iter().map(|(kind, _)| Part { kind: *kind, form: Form::Raw }).collect();
        write_id(&kinds, parts.iter().map(|(_, value)| Some(*value)), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn parts_read_as_python_prints_them() {
        assert_eq!(id(&[(ValueKind::Int4, &(-5_i32).to_be_bytes())]), "-5");
        assert_eq!(id(&[(ValueKind::Bool, &[1])]), "True");
        assert_eq!(id(&[(ValueKind::Bytea, b"\x01a'\\")]), "b\"\\x01a'\\\\\"");
        let day = 7305 * 86_400_000_000_i64;
        assert_eq!(id(&[(ValueKind::TimestampTz, &day.to_be_bytes())]), "2020-01-01 00:00:00+00:00");
        assert_eq!(id(&[(ValueKind::Timestamp, &(day + 120).to_be_bytes())]), "2020-01-01 00:00:00.000120");
        assert_eq!(id(&[(ValueKind::Date, &7305_i32.to_be_bytes())]), "2020-01-01");
    }

    #[test]
    fn floats_read_as_python_prints_them() {
        let float = |value: f64| id(&[(ValueKind::Float8, &value.to_be_bytes())]);
        let cases = [
            (5.0, "5.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1.5e-7, "1.5e-07"),
            (1e16, "1e+16"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (9_007_199_254_740_993.0, "9007199254740992.0"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (value, text) in cases {
            assert_eq!(float(value), text);
        }
    }

    #[test]
    fn numerics_read_as_python_prints_decimals() {
        // digits, weight, sign, scale
        let numeric = |digits: &[u16], weight: i16, scale: u16| {
            let head = [digits.len() as u16, weight as u16, 0, scale];
            let bytes: Vec<u8> = head.iter().chain(digits).flat_map(|word| word.to_be_bytes()).collect();
            id(&[(ValueKind::Numeric, &bytes)])
        };
        assert_eq!(numeric(&[1, 5000], 0, 2), "1.50");
        assert_eq!(numeric(&[1000], -2, 7), "0.0000100");
        assert_eq!(numeric(&[10], -2, 7), "1E-7");
        assert_eq!(numeric(&[10], -2, 8), "1.0E-7");
        assert_eq!(numeric(&[], 0, 10), "0E-10");
        assert_eq!(numeric(&[12, 3456], 1, 0), "123456");
    }

    #[test]
    fn only_text_parts_of_composite_keys_are_escaped() {
        assert_eq!(id(&[(ValueKind::Text, b"a|b\\c")]), "a|b\\c");
        assert_eq!(id(&[(ValueKind::Text, b"a|b"), (ValueKind::Text, b"c")]), "a\\|b|c");
        assert_eq!(id(&[(ValueKind::Text, b"a"), (ValueKind::Text, b"b|c")]), "a|b\\|c");
    }
}
