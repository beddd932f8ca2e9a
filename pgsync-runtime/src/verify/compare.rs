//! What is different between two JSON texts. In: the document that the database gives, and the one that the index keeps. Out:
//! each value that is not the same, by its JSON pointer. What is compared are values: members in any order, of equal names
//! the last one, numbers as exact decimals.

use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// So many values of one document are told.
const MOST: usize = 200;

/// A value that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// JSON pointer; empty for the document itself.
    pub(crate) path: String,
    /// What the database gives; `None` where it gives nothing.
    pub(crate) database: Option<Shown>,
    /// What the index keeps.
    pub(crate) index: Option<Shown>,
    /// Both are arrays of the same elements.
    pub(crate) order: bool,
}

/// A value, told by its kind and its size. The value itself is a row's, and is shown to who asks for it only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// `string(5)`, `number`, `array(2)`.
    pub(crate) kind: String,
    /// Its JSON.
    pub(crate) value: String,
}

/// A value as it is compared.
enum Value<'a> {
    Null,
    Boolean(bool),
    Number(Number<'a>),
    Text(Cow<'a, str>),
    Array(Vec<&'a RawValue>),
    Object(BTreeMap<Cow<'a, str>, &'a RawValue>),
    /// What is no JSON, which neither side gives.
    Other,
}

/// An exact decimal: its sign, its digits without zeros at either end, the power of ten of the last one.
#[derive(Debug, PartialEq, Eq)]
struct Number<'a> {
    negative: bool,
    digits: Cow<'a, str>,
    power: i64,
}

/// Everything that is different, up to a limit; nothing where both are the same.
pub(crate) fn differences(database: &str, index: &str) -> Vec<Field> {
    let mut fields = Vec::new();
    // An engine gives back the bytes it was sent, so mostly there is nothing to look at.
    if database != index {
        descend(database, index, &mut String::new(), &mut fields);
    }
    fields
}

fn descend(database: &str, index: &str, path: &mut String, fields: &mut Vec<Field>) {
    if fields.len() >= MOST || database == index {
        return;
    }
    match (value(database), value(index)) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let names = ours.keys().chain(theirs.keys().filter(|name| !ours.contains_key(*name)));
            for name in names {
                within(path, &name.replace('~', "~0").replace('/', "~1"), |path| {
                    member(ours.get(name).copied(), theirs.get(name).copied(), path, fields);
                });
            }
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            let before = fields.len();
            for position in 0..ours.len().max(theirs.len()) {
                within(path, &position.to_string(), |path| {
                    member(ours.get(position).copied(), theirs.get(position).copied(), path, fields);
                });
            }
            if fields.len() > before && same_elements(&ours, &theirs) {
                fields.truncate(before);
                fields.push(Field { order: true, ..field(Some(database), Some(index), path) });
            }
        }
        (Value::Null, Value::Null) => {}
        (Value::Boolean(ours), Value::Boolean(theirs)) if ours == theirs => {}
        (Value::Number(ours), Value::Number(theirs)) if ours == theirs => {}
        (Value::Text(ours), Value::Text(theirs)) if ours == theirs => {}
        _ => fields.push(field(Some(database), Some(index), path)),
    }
}

fn member(ours: Option<&RawValue>, theirs: Option<&RawValue>, path: &mut String, fields: &mut Vec<Field>) {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => descend(ours.get(), theirs.get(), path, fields),
        _ if fields.len() < MOST => fields.push(field(ours.map(RawValue::get), theirs.map(RawValue::get), path)),
        _ => {}
    }
}

fn within(path: &mut String, name: &str, look: impl FnOnce(&mut String)) {
    let length = path.len();
    path.push('/');
    path.push_str(name);
    look(path);
    path.truncate(length);
}

/// Whether two arrays have the same elements, however often each.
fn same_elements(ours: &[&RawValue], theirs: &[&RawValue]) -> bool {
    /// Beyond, nobody looks for it: each is held against each.
    const LONGEST: usize = 200;
    if ours.len() != theirs.len() || ours.len() > LONGEST {
        return false;
    }
    let mut left: Vec<&RawValue> = theirs.to_vec();
    ours.iter().all(|element| {
        let found = left.iter().position(|other| differences(element.get(), other.get()).is_empty());
        found.map(|found| left.swap_remove(found)).is_some()
    })
}

fn field(database: Option<&str>, index: Option<&str>, path: &str) -> Field {
    Field { path: path.to_owned(), database: database.map(shown), index: index.map(shown), order: false }
}

fn shown(json: &str) -> Shown {
    let kind = match value(json) {
        Value::Null => "null".to_owned(),
        Value::Boolean(_) => "boolean".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::Text(text) => format!("string({})", text.chars().count()),
        Value::Array(elements) => format!("array({})", elements.len()),
        Value::Object(members) => format!("object({})", members.len()),
        Value::Other => "no JSON".to_owned(),
    };
    Shown { kind, value: json.to_owned() }
}

fn value(json: &str) -> Value<'_> {
    let json = json.trim();
    let read = match json.as_bytes().first() {
        Some(b'{') => serde_json::from_str(json).ok().map(Value::Object),
        Some(b'[') => serde_json::from_str(json).ok().map(Value::Array),
        Some(b'"') if !json.contains('\\') => json.get(1..json.len() - 1).map(|text| Value::Text(text.into())),
        Some(b'"') => serde_json::from_str::<String>(json).ok().map(|text| Value::Text(text.into())),
        Some(b'-' | b'0'..=b'9') => Some(Value::Number(number(json))),
        _ => match json {
            "null" => Some(Value::Null),
            "true" => Some(Value::Boolean(true)),
            "false" => Some(Value::Boolean(false)),
            _ => None,
        },
    };
    read.unwrap_or(Value::Other)
}

fn number(text: &str) -> Number<'_> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (negative, mantissa) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
    let (digits, places): (Cow<'_, str>, usize) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (format!("{whole}{fraction}").into(), fraction.len()),
        None => (mantissa.into(), 0),
    };
    let leading = digits.len() - digits.trim_start_matches('0').len();
    let significant = digits.trim_start_matches('0').trim_end_matches('0').len();
    if significant == 0 {
        return Number { negative: false, digits: "".into(), power: 0 };
    }
    let trailing = digits.len() - leading - significant;
    let power = exponent.parse::<i64>().unwrap_or(i64::MAX / 2) - places as i64 + trailing as i64;
    let digits = match digits {
        Cow::Borrowed(digits) => Cow::Borrowed(&digits[leading..leading + significant]),
        Cow::Owned(digits) => Cow::Owned(digits[leading..leading + significant].to_owned()),
    };
    Number { negative, digits, power }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each difference in short.
    fn told(database: &str, index: &str) -> Vec<String> {
        let kind = |shown: Option<Shown>| shown.map_or_else(|| "-".to_owned(), |shown| shown.kind);
        let line = |field: Field| {
            let order = if field.order { " order" } else { "" };
            format!("{} {} {}{order}", field.path, kind(field.database), kind(field.index))
        };
        differences(database, index).into_iter().map(line).collect()
    }

    #[test]
    fn values_are_compared_and_not_spellings() {
        for (one, other) in [
            (r#"{"a":1,"b":[1.0],"a":2}"#, r#"{ "b": [10e-1], "a": 2.00 }"#),
            ("-0.0", "0"),
            (r#""a\u0062c""#, r#""abc""#),
            ("[null, true]", "[null,true]"),
            ("120", "1.2e2"),
        ] {
            assert_eq!(told(one, other), [""; 0], "{one} {other}");
        }
        assert_eq!(told("12345678901234567890.1", "12345678901234567890.2"), [" number number"]);
        assert_eq!(told(r#""1""#, "1"), [" string(1) number"]);
    }

    #[test]
    fn each_value_is_told_by_its_pointer_and_its_kind() {
        let (ours, theirs) = (
            r#"{"a":{"b/c":"secret","n":null,"t":true},"list":[{"x":1},{"x":2}],"gone":[1,2,3]}"#,
            r#"{"a":{"b/c":"other words","t":false},"list":[{"x":1},{"x":3},{}],"more":{"z":1}}"#,
        );
        let expected = [
            "/a/b~1c string(6) string(11)",
            "/a/n null -",
            "/a/t boolean boolean",
            "/gone array(3) -",
            "/list/1/x number number",
            "/list/2 - object(0)",
            "/more - object(1)",
        ];
        assert_eq!(told(ours, theirs), expected);
    }

    #[test]
    fn an_order_is_told_as_one() {
        assert_eq!(told(r#"{"a":[1,2,{"x":[]}]}"#, r#"{"a":[{"x":[]},1.0,2]}"#), ["/a array(3) array(3) order"]);
        assert_eq!(told("[1,1,2]", "[1,2,2]"), ["/1 number number"]);
    }
}
