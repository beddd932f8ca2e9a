//! Values as the types that an application has chosen for them. In: the text or the number of a document. Out: a value, or
//! what is outside of the type as it stood, and the same text or number again.
//!
//! Which crates there are is decided by features, which of them a struct uses when it is generated.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::hash::Hash;

/// A value, or what the type cannot hold: `infinity`, a year before Christ, more digits than there are.
///
/// What was read is written as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Typed<T: Written> {
    /// A value.
    Value(T),
    /// As the document has it.
    Outside(T::Form),
}

/// A type whose values stand in documents in one way.
pub trait Written: Sized {
    /// What stands in the document.
    type Form: fmt::Debug + Clone + PartialEq + Eq + Hash + Serialize + DeserializeOwned;

    /// The value of it, where the type has it.
    fn read(form: &Self::Form) -> Option<Self>;

    /// As a document has it.
    fn write(&self) -> Self::Form;
}

impl<T: Written> Typed<T> {
    /// The value, where the type has it.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Outside(_) => None,
        }
    }

    /// As the document has it.
    pub fn form(&self) -> T::Form {
        match self {
            Self::Value(value) => value.write(),
            Self::Outside(form) => form.clone(),
        }
    }
}

impl<T: Written> From<T> for Typed<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T: Written> Serialize for Typed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.write().serialize(serializer),
            Self::Outside(form) => form.serialize(serializer),
        }
    }
}

impl<'de, T: Written> Deserialize<'de> for Typed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let form = T::Form::deserialize(deserializer)?;
        // A value that would be written in another way is no value of this type.
        let value = T::read(&form).filter(|value| value.write() == form);
        Ok(value.map_or(Self::Outside(form), Self::Value))
    }
}

/// What universal time ends with.
#[cfg(any(feature = "jiff", feature = "chrono"))]
const UTC: &str = "+00:00";

#[cfg(feature = "jiff")]
mod of_jiff {
    use super::{UTC, Written};
    use jiff::Timestamp;
    use jiff::civil::{Date, DateTime, Time};

    macro_rules! written {
        ($($name:ty),*) => {$(
            impl Written for $name {
                type Form = String;

                fn read(form: &String) -> Option<Self> {
                    form.parse().ok()
                }

                fn write(&self) -> String {
                    self.to_string()
                }
            }
        )*};
    }
    written!(Date, DateTime, Time);

    impl Written for Timestamp {
        type Form = String;

        fn read(form: &String) -> Option<Self> {
            form.parse().ok()
        }

        fn write(&self) -> String {
            let text = self.to_string();
            text.strip_suffix('Z').unwrap_or(&text).to_owned() + UTC
        }
    }
}

#[cfg(feature = "chrono")]
mod of_chrono {
    use super::{UTC, Written};
    use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

    impl Written for NaiveDate {
        type Form = String;

        fn read(form: &String) -> Option<Self> {
            form.parse().ok()
        }

        fn write(&self) -> String {
            self.to_string()
        }
    }

    /// As few digits of a second as there are.
    fn fraction(text: &str) -> String {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    impl Written for NaiveTime {
        type Form = String;

        fn read(form: &String) -> Option<Self> {
            form.parse().ok()
        }

        fn write(&self) -> String {
            fraction(&self.format("%H:%M:%S%.9f").to_string())
        }
    }

    impl Written for NaiveDateTime {
        type Form = String;

        fn read(form: &String) -> Option<Self> {
            form.parse().ok()
        }

        fn write(&self) -> String {
            fraction(&self.format("%Y-%m-%dT%H:%M:%S%.9f").to_string())
        }
    }

    impl Written for DateTime<Utc> {
        type Form = String;

        fn read(form: &String) -> Option<Self> {
            form.strip_suffix(UTC)?.parse::<NaiveDateTime>().ok().map(|moment| moment.and_utc())
        }

        fn write(&self) -> String {
            self.naive_utc().write() + UTC
        }
    }
}

#[cfg(feature = "rust_decimal")]
impl Written for rust_decimal::Decimal {
    type Form = super::Numeric;

    fn read(form: &super::Numeric) -> Option<Self> {
        Self::from_str_exact(form.as_str()).ok()
    }

    fn write(&self) -> super::Numeric {
        super::Numeric::of_digits(self.to_string())
    }
}
