//! Text. In: UTF-8, JSON text, uuids, bytes. Out: JSON on one line.

/// A JSON string. Runs without anything to escape are copied whole.
pub(crate) fn string(value: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    let mut copied = 0;
    for (position, &byte) in value.iter().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&value[copied..position]);
        copied = position + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            _ => {
                out.extend_from_slice(b"\\u00");
                hex(&[byte], out);
            }
        }
    }
    out.extend_from_slice(&value[copied..]);
    out.push(b'"');
}

/// JSON text as it is. A line break can only stand between its tokens, where a blank means the same, and the bulk format
/// ends a document at a line break.
pub(super) fn splice(value: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(value);
    for byte in &mut out[start..] {
        if matches!(*byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(value: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in value {
        out.push(DIGITS[usize::from(byte >> 4)]);
        out.push(DIGITS[usize::from(byte & 15)]);
    }
}

/// `a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11`.
pub(crate) fn uuid_text(value: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let value: &[u8; 16] = value.try_into().ok()?;
    for (group, range) in [0..4, 4..6, 6..8, 8..10, 10..16].into_iter().enumerate() {
        if group > 0 {
            out.push(b'-');
        }
        hex(&value[range], out);
    }
    Some(())
}
