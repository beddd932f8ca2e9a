//! Floats as documents write them. In: a JSON number, or `"NaN"`, `"Infinity"`, `"-Infinity"`. Out: the same.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Below this, whole floats are written as integers; beyond it digits and exponent are the same number.
const WHOLE: i64 = 1 << 62;

macro_rules! float {
    ($(#[$doc:meta])* $name:ident, $float:ty, $serialize:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
        pub struct $name(pub $float);

        impl From<$float> for $name {
            fn from(value: $float) -> Self {
                Self(value)
            }
        }

        impl From<$name> for $float {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self.0 {
                    value if value.is_nan() => serializer.serialize_str("NaN"),
                    <$float>::INFINITY => serializer.serialize_str("Infinity"),
                    <$float>::NEG_INFINITY => serializer.serialize_str("-Infinity"),
                    // Whole numbers have no point, as in the document.
                    value if value.fract() == 0.0 && value.abs() < WHOLE as $float => {
                        serializer.serialize_i64(value as i64)
                    }
                    value => serializer.$serialize(value),
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                // Through a double: every value of the column reads back as the float it was printed from.
                deserializer.deserialize_any(Number).map(|value| Self(value as $float))
            }
        }
    };
}

float!(
    /// The value of a `real` column.
    Float4, f32, serialize_f32
);
float!(
    /// The value of a `double precision` column.
    Float8, f64, serialize_f64
);

struct Number;

impl de::Visitor<'_> for Number {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, \"NaN\", \"Infinity\" or \"-Infinity\"")
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<f64, E> {
        match text {
            "NaN" => Ok(f64::NAN),
            "Infinity" => Ok(f64::INFINITY),
            "-Infinity" => Ok(f64::NEG_INFINITY),
            _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_read_back_as_they_were() {
        let text = r#"[0.1,3.4028235e+38,1,"NaN","Infinity","-Infinity"]"#;
        let floats: Vec<Float4> = serde_json::from_str(text).unwrap();
        assert_eq!(floats[0], Float4(0.1));
        assert_eq!(serde_json::to_string(&floats).unwrap(), text);
        assert!(serde_json::from_str::<Float8>(r#""nan""#).is_err());
    }
}
