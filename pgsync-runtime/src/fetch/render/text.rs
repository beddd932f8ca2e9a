//! Text, JSON texts, bytes and UUIDs. In: the bytes of the value. Out: JSON on one line.

use super::{Malformed, fixed};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// What a byte becomes inside a JSON string: 0 for itself, `u` for `\u00XX`, else the letter after the backslash.
const ESCAPES: [u8; 256] = {
    let mut table = [0; 256];
    let mut control = 0;
    while control < 0x20 {
        table[control] = b'u';
        control += 1;
    }
    table[0x08] = b'b';
    table[0x09] = b't';
    table[0x0A] = b'n';
    table[0x0C] = b'f';
    table[0x0D] = b'r';
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table
};

/// A JSON string. Runs of bytes that need no escape are copied whole.
pub(crate) fn string(value: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    string_content(value, out);
    out.push(b'"');
}

/// What stands between the quotes of a JSON string.
#[inline]
pub(crate) fn string_content(value: &[u8], out: &mut Vec<u8>) {
    let mut start = 0;
    for (position, &byte) in value.iter().enumerate() {
        let escape = ESCAPES[byte as usize];
        if escape == 0 {
            continue;
        }
        out.extend_from_slice(&value[start..position]);
        start = position + 1;
        if escape == b'u' {
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&hex(byte));
        } else {
            out.extend_from_slice(&[b'\\', escape]);
        }
    }
    out.extend_from_slice(&value[start..]);
}

/// A JSON text as it is, but on one line: a bulk body ends at a line break. The server lets no raw line break into a
/// JSON string, so each one found is white space between tokens.
pub(crate) fn splice(value: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(value);
    for byte in &mut out[start..] {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

/// `"\\x0a0b"`, as `bytea_output = hex` has it.
pub(crate) fn bytea(value: &[u8], out: &mut Vec<u8>) {
    out.reserve(value.len() * 2 + 5);
    out.extend_from_slice(b"\"\\\\x");
    for &byte in value {
        out.extend_from_slice(&hex(byte));
    }
    out.push(b'"');
}

/// Lower case with dashes, without quotes.
pub(crate) fn uuid(value: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    for (position, byte) in fixed::<16>(value)?.into_iter().enumerate() {
        if matches!(position, 4 | 6 | 8 | 10) {
            out.push(b'-');
        }
        out.extend_from_slice(&hex(byte));
    }
    Ok(())
}

/// Two hexadecimal digits, lower case.
pub(crate) fn hex(byte: u8) -> [u8; 2] {
    [HEX[(byte >> 4) as usize], HEX[(byte & 15) as usize]]
}
