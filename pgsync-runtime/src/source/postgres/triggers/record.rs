//! Captured values. In: a row in the server's text form, `(1,"a ""b""",)`. Out: the text of each value, none for NULL. The
//! server puts quotes around what could be misread, and doubles quotes and backslashes within.

/// The values of a row; none where the text is not one.
pub(super) fn values(text: &str) -> Option<Vec<Option<Vec<u8>>>> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?.as_bytes();
    let mut values = Vec::new();
    let mut at = 0;
    loop {
        let (value, end) = match inner.get(at) {
            None | Some(b',') => (None, at),
            Some(b'"') => quoted(inner, at + 1)?,
            Some(_) => {
                let end = inner[at..].iter().position(|byte| *byte == b',').map_or(inner.len(), |comma| at + comma);
                (Some(inner[at..end].to_vec()), end)
            }
        };
        values.push(value);
        match inner.get(end) {
            None => return Some(values),
            Some(b',') => at = end + 1,
            Some(_) => return None,
        }
    }
}

/// What stands before the closing quote, and where it ends.
fn quoted(inner: &[u8], from: usize) -> Option<(Option<Vec<u8>>, usize)> {
    let mut value = Vec::new();
    let mut at = from;
    loop {
        match (inner.get(at)?, inner.get(at + 1)) {
            (b'"', Some(b'"')) | (b'\\', Some(b'\\')) => {
                value.push(inner[at]);
                at += 2;
            }
            (b'"', _) => return Some((Some(value), at + 1)),
            (byte, _) => {
                value.push(*byte);
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::values;

    fn read(text: &str) -> Option<Vec<Option<String>>> {
        Some(values(text)?.into_iter().map(|value| value.map(|bytes| String::from_utf8(bytes).unwrap())).collect())
    }

    #[test]
    fn values_are_what_the_server_wrote() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(read("(1,ab,t)"), Some(vec![some("1"), some("ab"), some("t")]));
        assert_eq!(read(r#"(,"","ab   ")"#), Some(vec![None, some(""), some("ab   ")]));
        assert_eq!(read(r#"("a ""b"" \\c,(é)",)"#), Some(vec![some(r#"a "b" \c,(é)"#), None]));
        assert_eq!(read("()"), Some(vec![None]), "one NULL is written like no value at all");
    }

    #[test]
    fn what_is_no_row_is_refused() {
        for text in ["", "(", "1,2", r#"("a)"#, r#"("a"b)"#] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
