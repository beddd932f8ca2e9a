//! Numbers. In: binary integers, floats and numerics. Out: exact JSON numbers; what is not finite becomes a string, as
//! `to_jsonb` has it.

use std::io::Write;

/// An integer.
pub(super) fn integer(value: impl itoa::Integer, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// A float, in the fewest digits that give the same float again.
pub(super) fn float<F: ryu::Float + Into<f64> + Copy>(value: F, out: &mut Vec<u8>) {
    let wide: f64 = value.into();
    if wide.is_finite() {
        out.extend_from_slice(ryu::Buffer::new().format_finite(value).as_bytes());
    } else if wide.is_nan() {
        out.extend_from_slice(b"\"NaN\"");
    } else {
        out.extend_from_slice(if wide > 0.0 { b"\"Infinity\"" } else { b"\"-Infinity\"" });
    }
}

/// The shortest digits of a finite float and its decimal exponent: value = 0.DIGITS * 10^exponent.
pub(crate) fn float_digits<F: ryu::Float>(value: F) -> (String, i32) {
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(value).trim_start_matches('-');
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let zeros = digits.len() - digits.trim_start_matches('0').len();
    let digits = digits.trim_matches('0');
    if digits.is_empty() {
        return ("0".to_owned(), 1);
    }
    (digits.to_owned(), whole.len() as i32 - zeros as i32 + exponent.parse::<i32>().unwrap_or(0))
}

const NAN: u16 = 0xC000;
const INFINITY: u16 = 0xD000;
const MINUS_INFINITY: u16 = 0xF000;

/// A numeric as JSON.
pub(super) fn numeric(value: &[u8], out: &mut Vec<u8>) -> Option<()> {
    match u16::from_be_bytes([*value.get(4)?, *value.get(5)?]) {
        NAN | INFINITY | MINUS_INFINITY => {
            out.push(b'"');
            numeric_text(value, out)?;
            out.push(b'"');
        }
        _ => numeric_text(value, out)?,
    }
    Some(())
}

/// A numeric as the server prints it. The binary form is a count of base-10000 digits, the weight of the first, a sign,
/// and how many decimal digits are shown after the point.
pub(crate) fn numeric_text(value: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (head, digits) = value.split_first_chunk::<8>()?;
    let field = |at: usize| u16::from_be_bytes([head[at], head[at + 1]]);
    let (count, weight, sign, scale) = (usize::from(field(0)), field(2) as i16, field(4), usize::from(field(6)));
    match sign {
        NAN => {
            return {
                out.extend_from_slice(b"NaN");
                Some(())
            };
        }
        INFINITY => {
            return {
                out.extend_from_slice(b"Infinity");
                Some(())
            };
        }
        MINUS_INFINITY => {
            return {
                out.extend_from_slice(b"-Infinity");
                Some(())
            };
        }
        0x4000 => out.push(b'-'),
        _ => {}
    }
    if digits.len() != count * 2 {
        return None;
    }
    let digit = |position: i32| -> u16 {
        let at = usize::try_from(position).ok().filter(|at| *at < count);
        at.map_or(0, |at| u16::from_be_bytes([digits[at * 2], digits[at * 2 + 1]]))
    };
    let weight = i32::from(weight);
    if weight < 0 {
        out.push(b'0');
    } else {
        // Writing to a vector cannot fail.
        write!(out, "{}", digit(0)).ok()?;
        for position in 1..=weight {
            write!(out, "{:04}", digit(position)).ok()?;
        }
    }
    if scale > 0 {
        out.push(b'.');
        let end = out.len() + scale;
        let mut position = weight + 1;
        while out.len() < end {
            write!(out, "{:04}", digit(position)).ok()?;
            position += 1;
        }
        out.truncate(end);
    }
    Some(())
}
