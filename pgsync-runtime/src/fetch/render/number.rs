//! Numbers. In: binary integers, floats and `numeric`. Out: decimal text, exact; what JSON has no number for (`NaN`,
//! `Infinity`) is a string, as the server has it.

use super::{Malformed, fixed};

/// Decimal digits, with a sign where negative.
pub(crate) fn integer(value: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// The shortest decimal that gives the same `real`.
pub(crate) fn float4(value: f32, out: &mut Vec<u8>) {
    if value.is_finite() {
        out.extend_from_slice(ryu::Buffer::new().format_finite(value).as_bytes());
    } else {
        not_finite(f64::from(value), out);
    }
}

/// The shortest decimal that gives the same `double precision`.
pub(crate) fn float8(value: f64, out: &mut Vec<u8>) {
    if value.is_finite() {
        out.extend_from_slice(ryu::Buffer::new().format_finite(value).as_bytes());
    } else {
        not_finite(value, out);
    }
}

fn not_finite(value: f64, out: &mut Vec<u8>) {
    let text: &[u8] = match () {
        () if value.is_nan() => b"\"NaN\"",
        () if value > 0.0 => b"\"Infinity\"",
        () => b"\"-Infinity\"",
    };
    out.extend_from_slice(text);
}

/// A `numeric` as a JSON number, or as a string where it is not finite.
pub(crate) fn numeric_json(value: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    let finite = matches!(sign(value)?, POSITIVE | NEGATIVE);
    if !finite {
        out.push(b'"');
    }
    numeric(value, out)?;
    if !finite {
        out.push(b'"');
    }
    Ok(())
}

const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xC000;
const PLUS_INFINITY: u16 = 0xD000;
const MINUS_INFINITY: u16 = 0xF000;

fn word(value: &[u8], position: usize) -> Result<u16, Malformed> {
    let bytes = value.get(position * 2..position * 2 + 2).ok_or(Malformed)?;
    Ok(u16::from_be_bytes(fixed(bytes)?))
}

fn sign(value: &[u8]) -> Result<u16, Malformed> {
    word(value, 2)
}

/// The server's text of a `numeric`: all digits, the scale kept, never an exponent.
///
/// The wire form is a header of four 16-bit words (number of digits, weight of the first, sign, scale) and digits of
/// base 10,000.
pub(crate) fn numeric(value: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    let digits = usize::from(word(value, 0)?);
    let weight = i32::from(word(value, 1)? as i16);
    let scale = usize::from(word(value, 3)?);
    if value.len() != 8 + 2 * digits {
        return Err(Malformed);
    }
    match sign(value)? {
        POSITIVE => {}
        NEGATIVE => out.push(b'-'),
        NAN => return literal(b"NaN", out),
        PLUS_INFINITY => return literal(b"Infinity", out),
        MINUS_INFINITY => return literal(b"-Infinity", out),
        _ => return Err(Malformed),
    }
    // The digit of weight `w`; what is not sent is zero.
    let digit = |w: i32| -> Result<u16, Malformed> {
        match usize::try_from(weight - w) {
            Ok(position) if position < digits => {
                word(value, 4 + position).and_then(|d| (d < 10_000).then_some(d).ok_or(Malformed))
            }
            _ => Ok(0),
        }
    };
    if weight < 0 {
        out.push(b'0');
    } else {
        integer(digit(weight)?.into(), out);
        for w in (0..weight).rev() {
            out.extend_from_slice(&four(digit(w)?));
        }
    }
    if scale > 0 {
        out.push(b'.');
        let end = out.len() + scale;
        let mut w = -1;
        while out.len() < end {
            out.extend_from_slice(&four(digit(w)?));
            w -= 1;
        }
        out.truncate(end);
    }
    Ok(())
}

fn literal(text: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    out.extend_from_slice(text);
    Ok(())
}

fn four(digit: u16) -> [u8; 4] {
    [digit / 1000, digit / 100 % 10, digit / 10 % 10, digit % 10].map(|d| b'0' + d as u8)
}
