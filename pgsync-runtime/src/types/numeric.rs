//! Exact decimal numbers, kept as text. In: a JSON number, or one of the three strings that stand for what JSON has no
//! number for. Out: the same. No digit is ever lost on the way, because no float is involved.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;
use std::fmt;
use std::str::FromStr;

/// The value of a `numeric` column: a decimal number of any length, `NaN`, `Infinity` or `-Infinity`.
///
/// Equality is that of the text: `1.0` and `1.00` differ, as they do in a document. Convert with [`str::parse`] on
/// [`Numeric::as_str`] to whatever decimal type the application uses.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Numeric(String);

/// The text is not a decimal number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number, NaN, Infinity or -Infinity")]
pub struct NumericError;

impl Numeric {
    /// The number as the database wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Of digits that are known to be a number.
    #[cfg(feature = "rust_decimal")]
    pub(super) fn of_digits(digits: String) -> Self {
        Self(digits)
    }

    /// Whether it is a number, neither `NaN` nor an infinity.
    pub fn is_finite(&self) -> bool {
        !is_special(&self.0)
    }

    /// The nearest double; large numbers become infinite.
    pub fn to_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }
}

fn is_special(text: &str) -> bool {
    matches!(text, "NaN" | "Infinity" | "-Infinity")
}

/// Whether the text follows JSON's grammar of numbers, which every spelling of the database does.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (integer, fraction) = match mantissa.split_once('.') {
        Some((integer, fraction)) => (integer, Some(fraction)),
        None => (mantissa, None),
    };
    digits(integer)
        && (integer == "0" || !integer.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

impl FromStr for Numeric {
    type Err = NumericError;

    fn from_str(text: &str) -> Result<Self, NumericError> {
        if is_special(text) || is_number(text) { Ok(Self(text.to_owned())) } else { Err(NumericError) }
    }
}

impl From<i64> for Numeric {
    fn from(number: i64) -> Self {
        Self(number.to_string())
    }
}

impl fmt::Display for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Numeric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_special(&self.0) {
            return serializer.serialize_str(&self.0);
        }
        RawValue::from_string(self.0.clone()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Numeric {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        match inner {
            Some(inner) if is_special(inner) => Ok(Self(inner.to_owned())),
            None if is_number(text) => Ok(Self(text.to_owned())),
            _ => Err(de::Error::custom(NumericError)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_survives() {
        let text = r#"[1.50,-0.1,123456789012345678901234567890.000000000000000001,1e400,"NaN","-Infinity"]"#;
        let numbers: Vec<Numeric> = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&numbers).unwrap(), text);
        assert!(!numbers[4].is_finite() && numbers[4].to_f64().is_nan());
        assert_eq!(numbers[0].to_f64(), 1.5);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [r#""1.5""#, "true", "null", r#""inf""#, "[1]"] {
            assert!(serde_json::from_str::<Numeric>(text).is_err(), "{text}");
        }
        for text in ["", "-", "01", "1.", ".5", "1e", " 1", "0x1", "1,5"] {
            assert_eq!(text.parse::<Numeric>(), Err(NumericError), "{text}");
        }
    }
}
