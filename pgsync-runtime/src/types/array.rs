//! Arrays as the database has them: of any number of dimensions, with NULL among the elements. In: a JSON array. Out:
//! the same.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;

/// The value of an array column. Its number of dimensions belongs to the value, not to the column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent, bound(deserialize = "T: DeserializeOwned"))]
pub struct Array<T>(pub Vec<Element<T>>);

/// What stands at one place of an [`Array`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element<T> {
    /// NULL.
    Null,
    /// An element.
    Value(T),
    /// The next dimension.
    Array(Vec<Element<T>>),
}

impl<T> Array<T> {
    /// Every element in storage order, whatever the number of dimensions; `None` is NULL.
    pub fn flatten(&self) -> impl Iterator<Item = Option<&T>> {
        let mut stack: Vec<_> = vec![self.0.iter()];
        std::iter::from_fn(move || {
            loop {
                match stack.last_mut()?.next() {
                    None => {
                        stack.pop();
                    }
                    Some(Element::Null) => return Some(None),
                    Some(Element::Value(value)) => return Some(Some(value)),
                    Some(Element::Array(inner)) => stack.push(inner.iter()),
                }
            }
        })
    }
}

impl<T> FromIterator<T> for Array<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self(values.into_iter().map(Element::Value).collect())
    }
}

impl<T: Serialize> Serialize for Element<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Value(value) => value.serialize(serializer),
            Self::Array(inner) => inner.serialize(serializer),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // By its first byte, because buffering it in a self-describing form would round numbers.
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'n') => Ok(Self::Null),
            Some(b'[') => serde_json::from_str(text).map(Self::Array).map_err(de::Error::custom),
            _ => serde_json::from_str(text).map(Self::Value).map_err(de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Numeric;

    #[test]
    fn dimensions_nulls_and_digits_survive() {
        let text = "[[1.10,null],[3,4e5]]";
        let array: Array<Numeric> = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&array).unwrap(), text);
        let flat: Vec<_> = array.flatten().map(|value| value.map(Numeric::as_str)).collect();
        assert_eq!(flat, [Some("1.10"), None, Some("3"), Some("4e5")]);
        assert!(serde_json::from_str::<Array<i32>>(r#"["a"]"#).is_err());
    }
}
