//! Replica identities that bootstrap replaced, as they are written down. In: the text of a record, which is in a comment
//! that others may have written. Out: a table's name and one of four identities, or a refusal. No text of a record
//! reaches a statement: names are taken apart here and quoted again.

use crate::source::postgres::connection::quote_identifier;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What bootstrap replaced, by table.
pub(crate) type Replacements = BTreeMap<TableName, Replaced>;

/// A table, written as `"schema"."name"`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TableName {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
}

/// What a table had before, written as what follows `REPLICA IDENTITY`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Replaced {
    /// The primary key.
    Default,
    /// The whole row.
    Full,
    /// Nothing.
    Nothing,
    /// The index of this name. It has to be kept: setting FULL clears `indisreplident`.
    Index(String),
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", quote_identifier(&self.schema), quote_identifier(&self.name))
    }
}

impl fmt::Display for Replaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("DEFAULT"),
            Self::Full => f.write_str("FULL"),
            Self::Nothing => f.write_str("NOTHING"),
            Self::Index(name) => write!(f, "USING INDEX {}", quote_identifier(name)),
        }
    }
}

impl From<TableName> for String {
    fn from(table: TableName) -> Self {
        table.to_string()
    }
}

impl From<Replaced> for String {
    fn from(identity: Replaced) -> Self {
        identity.to_string()
    }
}

impl TryFrom<String> for TableName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parsed = identifier(&text).and_then(|(schema, rest)| {
            let (name, rest) = identifier(rest.strip_prefix('.')?)?;
            rest.is_empty().then_some(Self { schema, name })
        });
        parsed.ok_or_else(|| format!("{text:?} is not the name of a table such as \"public\".\"book\""))
    }
}

impl TryFrom<String> for Replaced {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let index = || {
            let (name, rest) = identifier(text.strip_prefix("USING INDEX ")?)?;
            rest.is_empty().then_some(Self::Index(name))
        };
        match text.as_str() {
            "DEFAULT" => Ok(Self::Default),
            "FULL" => Ok(Self::Full),
            "NOTHING" => Ok(Self::Nothing),
            _ => index().ok_or_else(|| {
                format!("{text:?} is not a replica identity: DEFAULT, FULL, NOTHING or USING INDEX \"name\"")
            }),
        }
    }
}

/// Takes one identifier from the front of a text, quoted or as the server leaves it unquoted, and gives the rest.
pub(super) fn identifier(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end =
            text.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')).unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_owned(), &text[end..]));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let end = rest.find('"')?;
        name.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => return (!name.is_empty() && !name.contains('\0')).then_some((name, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        for name in ["t", "T", "it's", r#"a"b"#, r#"""#, "a.b", "ä; --", "%"] {
            let table = TableName { schema: name.to_owned(), name: name.to_owned() };
            assert_eq!(TableName::try_from(table.to_string()), Ok(table));
            let identity = Replaced::Index(name.to_owned());
            assert_eq!(Replaced::try_from(identity.to_string()), Ok(identity));
        }
        for identity in [Replaced::Default, Replaced::Full, Replaced::Nothing] {
            assert_eq!(Replaced::try_from(identity.to_string()), Ok(identity));
        }
        // As earlier versions wrote it.
        assert_eq!(Replaced::try_from("USING INDEX its_code".to_owned()), Ok(Replaced::Index("its_code".to_owned())));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "default",
            "DEFAULT ",
            "DEFAULT;",
            "FULL; SELECT 1",
            "USING INDEX ",
            "USING INDEX a b",
            "USING INDEX A",
        ] {
            assert!(Replaced::try_from(text.to_owned()).is_err(), "{text:?}");
        }
        for text in [r#"USING INDEX "a"#, r#"USING INDEX "a"" "#, r#"USING INDEX "a";"#, r#"USING INDEX """#] {
            assert!(Replaced::try_from(text.to_owned()).is_err(), "{text:?}");
        }
        for text in ["", "a", "a.", ".a", "a.b.c", r#""a"."b" x"#, r#""a"."b"#, "a.b;", "A.b", "a . b"] {
            assert!(TableName::try_from(text.to_owned()).is_err(), "{text:?}");
        }
    }
}
