//! An array inside an `_id`. In: the text that PostgreSQL's `array_out` gives, and the kind of the elements. Out: what
//! Python's `str()` gives for the list that psycopg2 reads from it; and the way back, to text that PostgreSQL reads.
//!
//! Arrays with lower bounds of their own stay as the server writes them. A list has no bounds, so two keys would share
//! one `_id` otherwise.

use super::id;
use super::render::Malformed;
use pgsync_plan::ListElement;
use std::borrow::Cow;

/// Appends the list.
///
/// # Errors
/// [`Malformed`] when the text is not an array of this kind.
pub(super) fn list(kind: ListElement, array: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    if array.first() != Some(&b'{') {
        out.extend_from_slice(array);
        return Ok(());
    }
    let mut at = 0;
    while let Some(&byte) = array.get(at) {
        match byte {
            b'{' => out.push(b'['),
            b'}' => out.push(b']'),
            b',' => out.extend_from_slice(b", "),
            b'"' => {
                let length = quoted(&array[at + 1..]).ok_or(Malformed)?;
                element(kind, &unescaped(&array[at + 1..=at + length]), out)?;
                at += length + 1;
            }
            _ => {
                let rest = &array[at..];
                let length = rest.iter().position(|byte| matches!(byte, b',' | b'}')).ok_or(Malformed)?;
                match &rest[..length] {
                    b"NULL" => out.extend_from_slice(b"None"),
                    value => element(kind, value, out)?,
                }
                at += length - 1;
            }
        }
        at += 1;
    }
    Ok(())
}

/// How many bytes stand before the closing quote.
fn quoted(rest: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        match rest.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The value of a quoted element: `\` takes the meaning from what follows it.
fn unescaped(quoted: &[u8]) -> Cow<'_, [u8]> {
    if !quoted.contains(&b'\\') {
        return Cow::Borrowed(quoted);
    }
    let mut value = Vec::with_capacity(quoted.len());
    let mut bytes = quoted.iter();
    while let Some(&byte) = bytes.next() {
        value.extend(if byte == b'\\' { bytes.next().copied() } else { Some(byte) });
    }
    Cow::Owned(value)
}

/// `repr()` of one element, from its text.
fn element(kind: ListElement, value: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    let text = std::str::from_utf8(value).map_err(|_| Malformed)?;
    match kind {
        ListElement::Bool => out.extend_from_slice(match value {
            b"t" => b"True",
            b"f" => b"False",
            _ => return Err(Malformed),
        }),
        ListElement::Integer => out.extend_from_slice(value),
        // Python knows one kind of float and reads the digits that the server writes.
        ListElement::Float => id::float8(text.parse().map_err(|_| Malformed)?, out),
        ListElement::Decimal => {
            out.extend_from_slice(b"Decimal('");
            let start = out.len();
            out.extend_from_slice(value);
            id::exponent(start, out);
            out.extend_from_slice(b"')");
        }
        ListElement::Text => string(text, out),
    }
    Ok(())
}

/// `repr(str)`.
fn string(value: &str, out: &mut Vec<u8>) {
    let quote = if value.contains('\'') && !value.contains('"') { '"' } else { '\'' };
    out.push(quote as u8);
    for c in value.chars() {
        let number = u32::from(c);
        match c {
            '\t' => out.extend_from_slice(b"\\t"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\\' => out.extend_from_slice(b"\\\\"),
            c if c == quote => out.extend_from_slice(&[b'\\', quote as u8]),
            c if is_printable(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            _ if number < 0x100 => escape(b'x', 2, number, out),
            _ if number < 0x1_0000 => escape(b'u', 4, number, out),
            _ => escape(b'U', 8, number, out),
        }
    }
    out.push(quote as u8);
}

fn escape(letter: u8, digits: u32, number: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'\\', letter]);
    for digit in (0..digits).rev() {
        out.push(b"0123456789abcdef"[(number >> (4 * digit) & 0xF) as usize]);
    }
}

/// `str.isprintable()`. Behind a first character, `escape_debug` escapes the same categories of Unicode. The two may differ
/// in characters that Unicode has not assigned yet, as two versions of Python do.
fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, ' '..='~');
    }
    let mut text = [b'a', 0, 0, 0, 0];
    let length = 1 + c.encode_utf8(&mut text[1..]).len();
    std::str::from_utf8(&text[..length]).is_ok_and(|text| text.escape_debug().nth(1) == Some(c))
}

/// The array that a list was made of, as text; what is no list is taken as the server's text. `None` where a list is
/// broken.
pub(super) fn array(list: &[u8]) -> Option<Vec<u8>> {
    if list.ends_with(b"}") {
        return Some(list.to_vec());
    }
    let mut rest = std::str::from_utf8(list).ok().filter(|list| list.starts_with('['))?;
    let mut out = Vec::with_capacity(rest.len());
    let mut depth = 0_usize;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '[' => {
                depth += 1;
                out.push(b'{');
                1
            }
            ']' => {
                depth = depth.checked_sub(1)?;
                out.push(b'}');
                1
            }
            ',' => {
                out.push(b',');
                rest.strip_prefix(", ")?;
                2
            }
            '\'' | '"' => {
                out.push(b'"');
                let length = value(rest, &mut out)?;
                out.push(b'"');
                length
            }
            _ => match rest.strip_prefix("Decimal('") {
                Some(number) => {
                    let length = number.find("')")?;
                    out.extend_from_slice(&number.as_bytes()[..length]);
                    "Decimal('')".len() + length
                }
                None => {
                    let length = rest.find([',', ']'])?;
                    let word = &rest[..length];
                    out.extend_from_slice(if word == "None" { "NULL" } else { word }.as_bytes());
                    length
                }
            },
        };
        rest = &rest[length..];
    }
    (depth == 0).then_some(out)
}

/// The value of a quoted string, escaped as an element; gives how long the string is with its quotes.
fn value(quoted: &str, out: &mut Vec<u8>) -> Option<usize> {
    let mut chars = quoted.char_indices();
    let (_, quote) = chars.next()?;
    loop {
        let (at, c) = chars.next()?;
        let c = match c {
            c if c == quote => return Some(at + 1),
            '\\' => match chars.next()?.1 {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                letter @ ('x' | 'u' | 'U') => {
                    let digits = match letter {
                        'x' => 2,
                        'u' => 4,
                        _ => 8,
                    };
                    let mut number = 0;
                    for _ in 0..digits {
                        number = number << 4 | chars.next()?.1.to_digit(16)?;
                    }
                    char::from_u32(number)?
                }
                c => c,
            },
            c => c,
        };
        if matches!(c, '"' | '\\') {
            out.push(b'\\');
        }
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(kind: ListElement, array: &str) -> Result<String, Malformed> {
        let mut out = Vec::new();
        list(kind, array.as_bytes(), &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    /// What psycopg2 2.9 and Python 3.11 give.
    #[test]
    fn a_list_is_pythons_and_leads_back_to_its_array() {
        for (kind, text, expected) in [
            (ListElement::Integer, "{}", "[]"),
            (ListElement::Integer, "{1,NULL,-2}", "[1, None, -2]"),
            (ListElement::Integer, "{{1,2},{3,4}}", "[[1, 2], [3, 4]]"),
            (ListElement::Integer, "[2:3]={5,6}", "[2:3]={5,6}"),
            (ListElement::Decimal, "{1.50,NaN,-0.00000012}", "[Decimal('1.50'), Decimal('NaN'), Decimal('-1.2E-7')]"),
            (ListElement::Text, r#"{NULL,"NULL","",a}"#, "[None, 'NULL', '', 'a']"),
            (ListElement::Text, r#"{it's,"say \"x\"","b\"'c"}"#, r#"["it's", 'say "x"', 'b"\'c']"#),
            (ListElement::Text, r#"{"a, b","{x}","\\"}"#, r"['a, b', '{x}', '\\']"),
            (ListElement::Text, "{\u{7f}\u{a0}\u{200b}\u{e0001}é😀}", r"['\x7f\xa0\u200b\U000e0001é😀']"),
            // A combining character is printable.
            (ListElement::Text, "{\u{301}}", "['\u{301}']"),
        ] {
            assert_eq!(listed(kind, text).unwrap(), expected, "{text}");
            let back = String::from_utf8(array(expected.as_bytes()).unwrap()).unwrap();
            assert_eq!(listed(kind, &back).unwrap(), expected, "{text}: back to {back}");
        }
        assert_eq!(listed(ListElement::Bool, "{t,f}").unwrap(), "[True, False]");
        assert_eq!(listed(ListElement::Float, "{1.1,9.66828e+08,-Infinity}").unwrap(), "[1.1, 966828000.0, -inf]");
        assert_eq!(array(b"[True, None]").unwrap(), b"{True,NULL}");
        assert_eq!(array(b"[Decimal('1E-7')]").unwrap(), b"{1E-7}");
    }

    #[test]
    fn broken_arrays_and_lists_are_refused() {
        for text in ["{\"a", "{\"a\\", "{a", "{\"a\\\""] {
            assert_eq!(listed(ListElement::Text, text), Err(Malformed), "{text}");
        }
        for (kind, text) in [(ListElement::Bool, "{x}"), (ListElement::Float, "{x}"), (ListElement::Bool, "{1}")] {
            assert_eq!(listed(kind, text), Err(Malformed), "{text}");
        }
        for list in ["", "1", "[", "]", "[1", "['a]", "[1,2]", r"['\x4']", r"['\ud800']", "[Decimal('1]"] {
            assert_eq!(array(list.as_bytes()), None, "{list}");
        }
    }
}
