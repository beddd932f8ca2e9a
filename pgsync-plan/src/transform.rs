//! What is done to values before they are shown. In: nothing. Out: serde types. Names are final here: what the schema file
//! says of fields by their names is a position, or a member of a JSON value.

use serde::{Deserialize, Serialize};

/// A text that is put together of other fields and of literals.
///
/// A part that is null, false, zero or empty is left out, with its delimiter. True is `True`; a number is its digits; a JSON
/// value that holds others is its own text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concat {
    /// What it is made of.
    pub parts: Vec<Part>,
    /// What stands between two parts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub delimiter: String,
}

/// One part of a [`Concat`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A text.
    Literal(String),
    /// What another field shows: its position in [`crate::Node::fields`].
    Field(usize),
}

/// A change of a value in its JSON form. What is of another shape than is spoken of stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rewrite {
    /// Parts of texts, and what takes their place, one after the other; in a text, or in the texts of a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replace: Vec<(String, String)>,
    /// What is done to members of an object, or of the objects of a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberRewrite>,
}

/// What is done to one member of a JSON object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRewrite {
    /// Its name.
    pub name: String,
    /// Its new name; another member of that name goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rename: Option<String>,
    /// What is done to its value.
    #[serde(default, skip_serializing_if = "Rewrite::is_nothing")]
    pub rewrite: Rewrite,
}

impl Rewrite {
    /// Whether it leaves every value as it is.
    pub fn is_nothing(&self) -> bool {
        self.replace.is_empty() && self.members.is_empty()
    }
}
