//! Numbers. In: binary integers, floats and `numeric`. Out: decimal text, exact; what JSON has no number for (`NaN`,
//! `Infinity`) is a string, as the server has it.

use super::{Malformed, fixed};

/// Decimal digits, with a sign where negative.
pub(crate) fn integer(value: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Decimal digits of a number that has no sign.
pub(crate) fn unsigned(value: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// The shortest decimal strictly nearer to this `real` than to any other.
pub(crate) fn float4(value: f32, out: &mut Vec<u8>) {
    if !value.is_finite() {
        return not_finite(f64::from(value), out);
    }
    let mut buffer = ryu::Buffer::new();
    let shortest = buffer.format_finite(value);
    let (mantissa, exponent) = parts(value.to_bits().into(), 23, 127);
    if !is_half_way(shortest, mantissa, exponent, 1 << 23) {
        return plain(shortest, out);
    }
    longer(
        1..9,
        |digits| format!("{value:.digits$e}"),
        |text| text.parse() == Ok(value) && !is_half_way(text, mantissa, exponent, 1 << 23),
        out,
    );
}

/// The shortest decimal strictly nearer to this `double precision` than to any other.
pub(crate) fn float8(value: f64, out: &mut Vec<u8>) {
    if !value.is_finite() {
        return not_finite(value, out);
    }
    let mut buffer = ryu::Buffer::new();
    let shortest = buffer.format_finite(value);
    let (mantissa, exponent) = parts(value.to_bits(), 52, 1023);
    if !is_half_way(shortest, mantissa, exponent, 1 << 52) {
        return plain(shortest, out);
    }
    longer(
        1..17,
        |digits| format!("{value:.digits$e}"),
        |text| text.parse() == Ok(value) && !is_half_way(text, mantissa, exponent, 1 << 52),
        out,
    );
}

/// Mantissa and exponent of two, the mantissa being an integer, of a normal number.
fn parts(bits: u64, mantissa_bits: i32, bias: i32) -> (u64, i32) {
    let hidden = 1_u64 << mantissa_bits;
    let exponent_mask = if mantissa_bits == 52 { 0x7FF } else { 0xFF };
    let exponent = (bits >> mantissa_bits & exponent_mask) as i32;
    (bits & (hidden - 1) | hidden, exponent - bias - mantissa_bits)
}

/// Whether a decimal lies exactly between a float and its neighbour. Reading it back gives the even one of the two,
/// so usual shortest printing takes it where it is short (1e23); the server does not.
///
/// A decimal can be half-way only if it is an integer with a factor of ten, so most are told at a glance.
fn is_half_way(decimal: &str, mantissa: u64, exponent: i32, smallest: u64) -> bool {
    let (number, power) = decimal.split_once('e').unwrap_or((decimal, "0"));
    let mut digits = 0_u128;
    let mut tens: i32 = power.parse().unwrap_or(0);
    let mut after_point = false;
    for byte in number.bytes() {
        match byte {
            b'.' => after_point = true,
            b'0'..=b'9' => {
                digits = digits * 10 + u128::from(byte - b'0');
                tens -= i32::from(after_point);
            }
            _ => {}
        }
    }
    while digits != 0 && digits.is_multiple_of(10) {
        digits /= 10;
        tens += 1;
    }
    let Some(fives) = u32::try_from(tens).ok().filter(|tens| digits != 0 && *tens <= 23) else { return false };
    let Some(product) = digits.checked_mul(5_u128.pow(fives)) else { return false };
    let twos = product.trailing_zeros() as i32;
    let odd = product >> twos;
    let mantissa_wide = u128::from(mantissa);
    let between = twos == exponent - 1 - tens && (odd == 2 * mantissa_wide + 1 || odd == 2 * mantissa_wide - 1);
    // Below a power of two the neighbour is half as far away.
    between || mantissa == smallest && twos == exponent - 2 - tens && odd == 4 * mantissa_wide - 1
}

/// The first of ever longer texts that will do. It is rare enough to allocate.
fn longer(
    digits: std::ops::Range<usize>,
    format: impl Fn(usize) -> String,
    will_do: impl Fn(&str) -> bool,
    out: &mut Vec<u8>,
) {
    if let Some(text) = digits.map(format).find(|text| will_do(text)) {
        plain(&text, out);
    }
}

/// A decimal without exponent, as the server writes the same number in a jsonb: no point where it is whole, no sign where
/// it is zero.
fn plain(decimal: &str, out: &mut Vec<u8>) {
    let Some((mantissa, power)) = decimal.split_once('e') else {
        let text = decimal.strip_suffix(".0").unwrap_or(decimal);
        return out.extend_from_slice(if text == "-0" { b"0" } else { text.as_bytes() });
    };
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let power: i32 = power.parse().unwrap_or(0);
    out.extend_from_slice(sign.as_bytes());
    // The mantissa has one digit before its point.
    if power < 0 {
        out.extend_from_slice(b"0.");
        out.extend(std::iter::repeat_n(b'0', power.unsigned_abs() as usize - 1));
        out.extend_from_slice(whole.as_bytes());
        return out.extend_from_slice(fraction.as_bytes());
    }
    let shift = power as usize;
    out.extend_from_slice(whole.as_bytes());
    if shift >= fraction.len() {
        out.extend_from_slice(fraction.as_bytes());
        return out.extend(std::iter::repeat_n(b'0', shift - fraction.len()));
    }
    let (digits, rest) = fraction.split_at(shift);
    out.extend_from_slice(digits.as_bytes());
    out.push(b'.');
    out.extend_from_slice(rest.as_bytes());
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

#[cfg(test)]
mod tests {
    use super::{float4, float8};

    #[test]
    fn floats_are_written_as_numbers_of_a_jsonb() {
        let eight = |value| {
            let mut out = Vec::new();
            float8(value, &mut out);
            String::from_utf8(out).unwrap()
        };
        for (value, text) in [
            (100.0, "100"),
            (-0.0, "0"),
            (0.0, "0"),
            (-3.0, "-3"),
            (1.5, "1.5"),
            (1e22, "10000000000000000000000"),
            (1e23, "99999999999999990000000"),
            (-1.25e20, "-125000000000000000000"),
            (1e-7, "0.0000001"),
            (-1.25e-9, "-0.00000000125"),
            (1e16, "10000000000000000"),
            (1.234_567_890_123_456_6e17, "123456789012345660"),
        ] {
            assert_eq!(eight(value), text);
        }
        for value in [f64::MAX, f64::MIN_POSITIVE, 5e-324, 1e300 / 3.0, 0.1, 123_456.789] {
            let text = eight(value);
            assert!(!text.contains('e') && text.parse() == Ok(value), "{text}");
        }
        let mut out = Vec::new();
        float4(16_777_216.0, &mut out);
        out.push(b' ');
        float4(1e20, &mut out);
        assert_eq!(out, b"16777216 100000000000000000000");
    }
}
