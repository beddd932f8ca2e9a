//! Equality of JSON texts as values: objects unordered, the last of equal keys wins, numbers compared as exact decimals.

use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A JSON value whose numbers are exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exact {
    /// null, true, false, strings.
    Plain(Value),
    /// Sign, digits without zeros at either end, power of ten of the last digit.
    Number(bool, String, i64),
    /// In order.
    Array(Vec<Exact>),
    /// By name.
    Object(BTreeMap<String, Exact>),
}

impl Exact {
    /// The value as JSON on one line, the same text for equal values: names in order, numbers in one spelling.
    pub fn text(&self) -> String {
        match self {
            Self::Plain(value) => value.to_string(),
            Self::Number(negative, digits, power) => spelled(*negative, digits, *power),
            Self::Array(list) => format!("[{}]", list.iter().map(Self::text).collect::<Vec<_>>().join(", ")),
            Self::Object(members) => {
                let member =
                    |(name, value): (&String, &Self)| format!("{}: {}", Value::from(name.as_str()), value.text());
                format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// A number without an exponent where it is of a usual size.
fn spelled(negative: bool, digits: &str, power: i64) -> String {
    let sign = if negative { "-" } else { "" };
    let point = digits.len() as i64 + power;
    match (digits, power) {
        ("", _) => "0".to_owned(),
        (_, 0..20) => format!("{sign}{digits}{}", "0".repeat(power as usize)),
        _ if (1..20).contains(&point) => format!("{sign}{}.{}", &digits[..point as usize], &digits[point as usize..]),
        _ if (-5..1).contains(&point) => format!("{sign}0.{}{digits}", "0".repeat(-point as usize)),
        _ => format!("{sign}{digits}e{power}"),
    }
}

/// Reads a JSON text.
pub fn exact(text: &str) -> Exact {
    let text = text.trim();
    match text.as_bytes().first() {
        Some(b'{') => Exact::Object(
            serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(text)
                .unwrap_or_else(|error| panic!("{text}: {error}"))
                .into_iter()
                .map(|(name, value)| (name, exact(value.get())))
                .collect(),
        ),
        Some(b'[') => Exact::Array(
            serde_json::from_str::<Vec<Box<RawValue>>>(text)
                .unwrap_or_else(|error| panic!("{text}: {error}"))
                .into_iter()
                .map(|value| exact(value.get()))
                .collect(),
        ),
        Some(b'-' | b'0'..=b'9') => {
            serde_json::from_str::<Box<RawValue>>(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            number(text)
        }
        _ => Exact::Plain(serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))),
    }
}

fn number(text: &str) -> Exact {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let negative = mantissa.starts_with('-');
    let (whole, fraction) =
        mantissa.trim_start_matches('-').split_once('.').unwrap_or((mantissa.trim_start_matches('-'), ""));
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Exact::Number(false, String::new(), 0);
    }
    let power = exponent.parse::<i64>().unwrap() - fraction.len() as i64 + (digits.len() - significant.len()) as i64;
    Exact::Number(negative, significant.to_owned(), power)
}

#[test]
fn values_are_compared_and_not_spellings() {
    assert_eq!(exact(r#"{"a":1,"b":[1.0],"a":2}"#), exact(r#"{ "b": [10e-1], "a": 2.00 }"#));
    assert_eq!(exact("-0.0"), exact("0"));
    assert_ne!(exact("12345678901234567890.1"), exact("12345678901234567890.2"));
    assert_ne!(exact(r#""1""#), exact("1"));
}

#[test]
fn a_value_is_spelled_one_way() {
    for (given, spelled) in [
        (r#"{"b": [1.50, -0.0], "a": "x\n"}"#, r#"{"a": "x\n", "b": [1.5, 0]}"#),
        ("[120, -12e1, 0.012, 1e30, 1.5e-9, 12345.678]", "[120, -120, 0.012, 1e30, 15e-10, 12345.678]"),
    ] {
        let value = exact(given);
        assert_eq!(value.text(), spelled);
        assert_eq!(exact(&value.text()), value);
    }
}
