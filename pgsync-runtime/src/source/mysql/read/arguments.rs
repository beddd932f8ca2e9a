//! How keys reach a statement. In: tuples of values, in text form or as they were read. Out: one JSON text, an array of arrays of
//! strings, which the statement reads as a table, or bytes that say where each value stands (`packed`), as the statement
//! says; bounds of a range one by one.

use super::packed::Packed;
use super::statement::Text;
use super::value;
use crate::fetch::{Bound, KeySet, LinkKeys};
use crate::source::Arguments;
use crate::{Error, ErrorKind, Result};
use mysql_async::{Params, Value};
use pgsync_plan::Codec;
use std::ops::Range;

/// The parameters of a statement, each as often as it stands in the text.
///
/// # Errors
/// [`ErrorKind::Fatal`] where the statement takes others.
pub(super) fn params(text: &Text, arguments: Arguments<'_>, reading: &str) -> Result<Params> {
    let values = values(text, arguments).and_then(|values| {
        text.parameters.iter().map(|number| values.get(*number).cloned()).collect::<Option<Vec<Value>>>()
    });
    match values {
        Some(values) if values.is_empty() => Ok(Params::Empty),
        Some(values) => Ok(Params::Positional(values)),
        None => Err(Error::new(
            ErrorKind::Fatal,
            format!("the statement that reads table {reading} takes other values than it is given"),
        )
        .help("compile the schema again with the same version of pgsync that runs it")),
    }
}

fn values(text: &Text, arguments: Arguments<'_>) -> Option<Vec<Value>> {
    let takes = &text.takes[..];
    Some(match arguments {
        Arguments::None => Vec::new(),
        Arguments::Keys(keys, range) if text.packed => texts(keys, range, Packed::default()).finish(),
        Arguments::Keys(keys, range) => texts(keys, range, Json::default()).finish(),
        Arguments::LinkKeys(links, numbers) if text.packed => read(links, numbers, takes, Packed::default())?.finish(),
        Arguments::LinkKeys(links, numbers) => read(links, numbers, takes, Json::default())?.finish(),
        Arguments::Range { bounds, number } => {
            let bounds = bounds.into_iter().flatten().flat_map(Bound::values);
            let mut values = Vec::with_capacity(takes.len() + 1);
            for (position, bound) in bounds.enumerate() {
                let mut text = Vec::new();
                value::text(*takes.get(position)?, bound, &mut text)?;
                values.push(Value::Bytes(text));
            }
            values.extend(number.map(Value::Int));
            values
        }
    })
}

/// What tuples are put into, one value after the other.
pub(super) trait Keys {
    /// Another tuple begins.
    fn tuple(&mut self);
    /// Its next value.
    fn value(&mut self, value: &[u8]);
    /// The parameters of the statement.
    fn finish(self) -> Vec<Value>;
}

/// Tuples in text form.
fn texts<K: Keys>(keys: &KeySet, range: Range<usize>, mut out: K) -> K {
    for tuple in keys.range(range) {
        out.tuple();
        for value in tuple {
            out.value(value);
        }
    }
    out
}

/// Tuples as they were read.
fn read<K: Keys>(links: &LinkKeys, numbers: &[usize], takes: &[Codec], mut out: K) -> Option<K> {
    let mut text = Vec::new();
    for number in numbers {
        out.tuple();
        for (position, bytes) in links.values(*number).enumerate() {
            text.clear();
            value::text(*takes.get(position)?, bytes, &mut text)?;
            out.value(&text);
        }
    }
    Some(out)
}

/// `[["a","b"],["c","d"]]`
#[derive(Debug, Default)]
struct Json(Vec<u8>);

impl Keys for Json {
    fn tuple(&mut self) {
        self.0.extend_from_slice(if self.0.is_empty() { b"[[" } else { b"],[" });
    }

    fn value(&mut self, value: &[u8]) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        if self.0.last() != Some(&b'[') {
            self.0.push(b',');
        }
        self.0.push(b'"');
        for &byte in value {
            match byte {
                b'"' | b'\\' => self.0.extend_from_slice(&[b'\\', byte]),
                0..0x20 => {
                    self.0.extend_from_slice(b"\\u00");
                    self.0.extend([byte >> 4, byte & 15].map(|digit| DIGITS[usize::from(digit)]));
                }
                _ => self.0.push(byte),
            }
        }
        self.0.push(b'"');
    }

    fn finish(mut self) -> Vec<Value> {
        self.0.extend_from_slice(if self.0.is_empty() { b"[]" } else { b"]]" });
        vec![Value::Bytes(self.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_strings_of_json() {
        let mut keys = KeySet::new(2);
        let texts = |keys: &KeySet, range| match &texts(keys, range, Json::default()).finish()[..] {
            [Value::Bytes(json)] => json.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(texts(&keys, 0..0), b"[]");
        keys.insert([b"a".as_slice(), b"say \"\\hi\"\n"]);
        keys.insert(["ä".as_bytes(), b""]);
        let json = String::from_utf8(texts(&keys, 0..2)).unwrap();
        assert_eq!(json, r#"[["a","say \"\\hi\"\u000a"],["ä",""]]"#);
        let read: Vec<Vec<String>> = serde_json::from_str(&json).unwrap();
        assert_eq!(read, [["a", "say \"\\hi\"\n"], ["ä", ""]]);
        assert_eq!(texts(&keys, 1..2), r#"[["ä",""]]"#.as_bytes());
    }

    #[test]
    fn each_parameter_is_given_as_often_as_it_stands_there() {
        let text = Text { sql: String::new(), parameters: vec![1, 0, 1], takes: vec![Codec::Int4], packed: false };
        let bound = Bound::of_values(vec![7_i32.to_be_bytes().to_vec()]);
        let arguments = Arguments::Range { bounds: [Some(&bound), None], number: Some(100) };
        let Params::Positional(values) = params(&text, arguments, "t").unwrap() else { panic!("none") };
        assert_eq!(values, [Value::Int(100), Value::Bytes(b"7".to_vec()), Value::Int(100)]);
        let none = params(&text, Arguments::None, "t").unwrap_err();
        assert_eq!(none.kind(), ErrorKind::Fatal);
    }
}
