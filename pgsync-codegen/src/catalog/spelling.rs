//! How types and operators are spelled where they stand in a statement unquoted. In: text of a snapshot. Out: whether it
//! is a name and nothing else.

/// Types of SQL whose names are several words (PostgreSQL's `format_type`, without modifiers).
const SEVERAL_WORDS: [&str; 7] = [
    "bit varying",
    "character varying",
    "double precision",
    "time with time zone",
    "time without time zone",
    "timestamp with time zone",
    "timestamp without time zone",
];

/// Whether this is the name of a type: one of SQL's, or an identifier, perhaps with a schema before it; `[]` makes an
/// array. Modifiers are no part of it: a cast to `character(5)` would cut values off.
pub(super) fn is_type(text: &str) -> bool {
    let element = text.strip_suffix("[]").unwrap_or(text);
    if SEVERAL_WORDS.contains(&element) {
        return true;
    }
    match identifier(element) {
        Some("") => true,
        Some(rest) => rest.strip_prefix('.').and_then(identifier) == Some(""),
        None => false,
    }
}

/// Takes an identifier off the beginning, as `quote_identifier` writes them; gives what is left.
fn identifier(text: &str) -> Option<&str> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let first = text.chars().next()?;
        let length = text.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'));
        let plain = first.is_ascii_lowercase() || first == '_';
        return plain.then(|| &text[length.unwrap_or(text.len())..]);
    };
    let whole = rest;
    loop {
        let end = rest.find('"')?;
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => rest = more,
            None => return (whole.len() > rest.len() + 1 && !text.contains('\0')).then_some(rest),
        }
    }
}

/// Whether this is a type of MySQL as a column of `JSON_TABLE` has it: one word, perhaps with a length, and after it no words
/// but those that belong to a type.
pub(super) fn is_words(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    let mut words = text.split(' ');
    let first = words.next().unwrap_or_default();
    let first = match first.split_once('(') {
        None => first,
        Some((name, rest)) => {
            let lengths = rest.strip_suffix(')').unwrap_or_default();
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if !lengths.split(',').all(digits) {
                return false;
            }
            name
        }
    };
    let rest: Vec<&str> = words.collect();
    is_word(first)
        && match rest.as_slice() {
            [] | ["unsigned"] => true,
            ["character", "set", charset, "collate", collation] => is_word(charset) && is_word(collation),
            _ => false,
        }
}

/// Whether this is the name of an operator (manual, section 4.1.3), which cannot begin a comment.
pub(super) fn is_operator(text: &str) -> bool {
    let character = |c: char| "+-*/<>=~!@#%^&|`?".contains(c);
    !text.is_empty() && text.chars().all(character) && !text.contains("--") && !text.contains("/*")
}

#[cfg(test)]
mod tests {
    use super::{is_operator, is_type};

    #[test]
    fn names_of_types_are_taken_and_nothing_else() {
        for name in [
            "integer",
            "\"char\"",
            "timestamp without time zone[]",
            "public.citext",
            "\"My Schema\".\"my \"\"enum\"\"\"[]",
            "ext.\"En Um\"",
            "bit varying",
            "_2",
        ] {
            assert!(is_type(name), "{name}");
        }
        for text in [
            "",
            " integer",
            "integer ",
            "Integer",
            "character(5)",
            "a.",
            ".a",
            "a.b.c",
            "\"\"",
            "\"a\"b",
            "a b",
            "integer[][]",
            "integer[1]",
            "integer--",
            "1a",
            "double  precision",
            "a'",
            "größe",
            "\"a\0\"",
        ] {
            assert!(!is_type(text), "{text}");
        }
        assert!(is_operator("#<=#") && is_operator("=") && !is_operator("= ANY") && !is_operator("=--"));
    }
}
