//! The way back from an `_id` to the key it was made of. In: the text of an `_id` and what its parts are. Out: each part
//! as the text by which a statement is asked for that value; nothing where the text is not such an `_id`.

use super::id_list;
use pgsync_plan::Codec;

/// The parts of an `_id`, in its order. `before_bytes` is what stands before the digits of bytes where a statement is asked.
pub(super) fn parts(id: &str, of: &[Codec], before_bytes: &str) -> Option<Vec<Vec<u8>>> {
    let composite = of.len() > 1;
    let mut rest = id.as_bytes();
    let mut parts = Vec::with_capacity(of.len());
    for (position, codec) in of.iter().enumerate() {
        if position > 0 {
            rest = rest.strip_prefix(b"|")?;
        }
        let (part, length) = match codec {
            Codec::Bytes => bytes(rest, before_bytes)?,
            _ if composite => text(rest),
            _ => (rest.to_vec(), rest.len()),
        };
        let part = if matches!(codec, Codec::List(_)) { id_list::array(&part)? } else { part };
        parts.push(part);
        rest = &rest[length..];
    }
    rest.is_empty().then_some(parts)
}

/// A part up to the next `|`, and how long it is; `\` takes the meaning from what follows it.
fn text(rest: &[u8]) -> (Vec<u8>, usize) {
    let mut part = Vec::new();
    let mut at = 0;
    while let Some(&byte) = rest.get(at) {
        match byte {
            b'|' => break,
            b'\\' => {
                at += 1;
                part.extend(rest.get(at));
            }
            byte => part.push(byte),
        }
        at += 1;
    }
    (part, at.min(rest.len()))
}

/// `b'...'` as Python writes it, as digits behind what stands before them, and how long it is.
fn bytes(rest: &[u8], before: &str) -> Option<(Vec<u8>, usize)> {
    let quote = *rest.strip_prefix(b"b")?.first().filter(|quote| matches!(quote, b'\'' | b'"'))?;
    let mut part = before.as_bytes().to_vec();
    let mut at = 2;
    let mut push = |byte: u8| part.extend_from_slice(&super::render::text::hex(byte));
    loop {
        match *rest.get(at)? {
            byte if byte == quote => break,
            b'\\' => {
                at += 1;
                match *rest.get(at)? {
                    b't' => push(b'\t'),
                    b'n' => push(b'\n'),
                    b'r' => push(b'\r'),
                    b'x' => {
                        let digits = std::str::from_utf8(rest.get(at + 1..at + 3)?).ok()?;
                        push(u8::from_str_radix(digits, 16).ok()?);
                        at += 2;
                    }
                    byte => push(byte),
                }
            }
            byte => push(byte),
        }
        at += 1;
    }
    Some((part, at + 1))
}

#[cfg(test)]
mod tests {
    use super::super::id;
    use super::*;

    #[test]
    fn an_id_leads_back_to_its_key() {
        let of = [Codec::Text, Codec::Bytes, Codec::Int4, Codec::Text];
        let values: [&[u8]; 4] = [b"a|b\\c", b"|'\"\\\n\x00\xff", &7_i32.to_be_bytes(), b"x|y"];
        let mut out = Vec::new();
        for (position, (codec, value)) in of.iter().zip(values).enumerate() {
            if position > 0 {
                out.push(b'|');
            }
            id::part(*codec, true, Some(value), &mut out).unwrap();
        }
        let found = parts(std::str::from_utf8(&out).unwrap(), &of, "\\x").unwrap();
        let expected: [&[u8]; 4] = [b"a|b\\c", b"\\x7c27225c0a00ff", b"7", b"x|y"];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_single_text_is_its_own_id() {
        assert_eq!(parts("a|b\\c", &[Codec::Text], "\\x").unwrap(), [b"a|b\\c"]);
        assert_eq!(parts("", &[Codec::Text], "\\x").unwrap(), [b""]);
        assert_eq!(parts("True", &[Codec::Bool], "\\x").unwrap(), [b"True"]);
        assert_eq!(parts("b\"'\"", &[Codec::Bytes], "\\x").unwrap(), [b"\\x27"]);
        assert_eq!(parts("b\"'\"", &[Codec::Bytes], "").unwrap(), [b"27"]);
    }

    #[test]
    fn what_is_no_such_id_is_none() {
        let two = [Codec::Text, Codec::Int4];
        for wrong in ["a", "a|1|2", ""] {
            assert!(parts(wrong, &two, "\\x").is_none(), "{wrong}");
        }
        for wrong in ["", "b", "b'", "x'a'", "b'\\x0'", "b'a'b"] {
            assert!(parts(wrong, &[Codec::Bytes], "\\x").is_none(), "{wrong}");
        }
    }
}
