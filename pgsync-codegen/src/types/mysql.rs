//! The types of MySQL and MariaDB, by the names of `information_schema`. What is not named here is of the family
//! [`ValueKind::Other`]: the server itself renders its values. The source of the runtime fills rows by the same list
//! (`source/mysql/read` there).
//!
//! Moments come as texts: of a zero date, or of 838 hours, no number of days or microseconds could be made. Their order is
//! that of their letters, most significant first.

use super::Family;
use pgsync_plan::ByteOrder::{Signed, Unsigned};
use pgsync_plan::{Codec, Form, ValueKind};

/// The first of a family is what is made of several values. Text has no order here, since collations differ. Numbers with a fraction go back as they are cast to a text.
pub(super) const FAMILIES: &[Family] = &[
    Family::new(
        ValueKind::Int2,
        &[("smallint", "smallint"), ("tinyint", "tinyint"), ("tinyint unsigned", "tinyint unsigned"), ("year", "year")],
        Codec::Int2,
    )
    .ordered(Signed),
    Family::new(
        ValueKind::Int4,
        &[
            ("int", "int"),
            ("smallint unsigned", "smallint unsigned"),
            ("mediumint", "mediumint"),
            ("mediumint unsigned", "mediumint unsigned"),
        ],
        Codec::Int4,
    )
    .ordered(Signed),
    Family::new(ValueKind::Int8, &[("bigint", "bigint"), ("int unsigned", "int unsigned")], Codec::Int8)
        .ordered(Signed),
    Family::new(ValueKind::UInt8, &[("bigint unsigned", "bigint unsigned"), ("bit", "bit")], Codec::UInt8)
        .ordered(Unsigned),
    // What is true or not is a number, so that no column is of it and the server writes what an expression gives.
    Family::new(ValueKind::Bool, &[("truth", "boolean")], Codec::Opaque),
    Family::new(ValueKind::Float4, &[("float", "float")], Codec::Float4).linked(Form::Text),
    Family::new(ValueKind::Float8, &[("double", "double")], Codec::Float8).linked(Form::Text),
    Family::new(ValueKind::Numeric, &[("decimal", "decimal")], Codec::Numeric).linked(Form::Text),
    Family::new(
        ValueKind::Text,
        &[
            ("varchar", "varchar"),
            ("char", "char"),
            ("tinytext", "tinytext"),
            ("text", "text"),
            ("mediumtext", "mediumtext"),
            ("longtext", "longtext"),
            ("set", "set"),
        ],
        Codec::Text,
    ),
    Family::new(ValueKind::Enum, &[("enum", "enum")], Codec::Text),
    Family::new(ValueKind::Uuid, &[("uuid", "uuid")], Codec::Text),
    Family::new(ValueKind::Inet, &[("inet4", "inet4"), ("inet6", "inet6")], Codec::Text),
    Family::new(ValueKind::Date, &[("date", "date")], Codec::Text).ordered(Unsigned),
    Family::new(ValueKind::Timestamp, &[("datetime", "datetime"), ("timestamp", "timestamp")], Codec::Text)
        .ordered(Unsigned)
        .identified(Form::Text),
    Family::new(ValueKind::Time, &[("time", "time")], Codec::Text).identified(Form::Text),
    Family::new(
        ValueKind::Bytea,
        &[
            ("binary", "binary"),
            ("varbinary", "varbinary"),
            ("tinyblob", "tinyblob"),
            ("blob", "blob"),
            ("mediumblob", "mediumblob"),
            ("longblob", "longblob"),
        ],
        Codec::Bytes,
    )
    .linked(Form::Text),
    Family::new(ValueKind::Json, &[("json", "json")], Codec::Json).linked(Form::Text).identified(Form::Text),
];

/// The labels of `enum('a','b')`.
pub(crate) fn labels(declared: &str) -> Vec<String> {
    let inner = declared.strip_prefix("enum(").and_then(|rest| rest.strip_suffix(')')).unwrap_or_default();
    let (mut found, mut label) = (Vec::new(), None::<String>);
    let mut characters = inner.chars().peekable();
    while let Some(character) = characters.next() {
        match (&mut label, character) {
            (None, '\'') => label = Some(String::new()),
            (None, _) => {}
            (Some(text), '\'') if characters.peek() == Some(&'\'') => {
                characters.next();
                text.push('\'');
            }
            (Some(_), '\'') => found.extend(label.take()),
            (Some(text), other) => text.push(other),
        }
    }
    found
}
