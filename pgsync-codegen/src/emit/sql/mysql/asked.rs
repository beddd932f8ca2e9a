//! How keys reach a statement of MySQL and MariaDB. In: the types of the columns whose values are asked for. Out: what stands in
//! the FROM clause for them: a table of the values, each of the type of its column, with the number of each tuple beside it.
//!
//! Usually they are one parameter: a JSON text of arrays of strings, which `JSON_TABLE` makes a table of. MariaDB before 10.6
//! has none. There they are one parameter, `?1`, of bytes: for each value its place and its length, in ten digits each, then the
//! values; and their number, `?2`. A statement numbers the tuples by doubling (1, then 2 and 3, then 4 to 7), which needs few
//! rounds and no table, and cuts the values out. Either way the server reads the keys first and looks each of them up.

use super::super::Asked;
use super::cast_to;
use super::made::{whole, without_sign};
use pgsync_plan::{ColumnType, ValueKind};

/// How keys reach a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    /// As a JSON text.
    Json,
    /// As bytes that say where each value stands.
    Packed,
}

/// Digits of a place, and of a length.
const DIGITS: usize = 10;

impl Keys {
    /// What a statement says of it, where it is not the usual way.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Json => "",
            Self::Packed => "packed ",
        }
    }

    /// Values of these columns. The last may be one that is missing where its text is empty.
    pub(super) fn asked(self, columns: &[&ColumnType], optional: Option<&ColumnType>) -> Asked {
        let width = columns.len() + usize::from(optional.is_some());
        let named = |name: String, position: usize, ty: Option<&ColumnType>| match self {
            Self::Json => format!("{name} {} PATH '$[{position}]'", ty.map_or("longtext", asked_as)),
            Self::Packed => format!("{} AS {name}", cut(position, width, ty)),
        };
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for (position, ty) in columns.iter().enumerate() {
            let name = format!("key{}", position + 1);
            values.push(bytes(format!("asked.{name}"), ty));
            keys.push(named(name, position, Some(ty)));
        }
        if let Some(ty) = optional {
            // As a text too: an empty one would become 0, or a day without a date.
            let (position, number) = (columns.len(), columns.len() + 1);
            keys.push(named(format!("key{number}"), position, None));
            keys.push(named(format!("value{number}"), position, Some(ty)));
            let value = bytes(format!("asked.value{number}"), ty);
            values.push(format!("IF(asked.key{number} = '', NULL, {value})"));
        }
        let keys = keys.join(", ");
        let (numbered, plain) = match self {
            Self::Json => (json(&format!("ordinal FOR ORDINALITY, {keys}")), json(&keys)),
            Self::Packed => (packed(&format!("walk.ordinal, {keys}")), packed(&keys)),
        };
        Asked { numbered, plain, ordinal: "CAST(asked.ordinal AS SIGNED)".to_owned(), values }
    }
}

fn json(columns: &str) -> String {
    format!("JSON_TABLE(?1, '$[*]' COLUMNS ({columns})) AS asked")
}

fn packed(columns: &str) -> String {
    format!(
        "(WITH RECURSIVE walk AS (SELECT 1 AS ordinal FROM DUAL WHERE ?2 > 0 UNION ALL \
         SELECT 2 * walk.ordinal + bits.bit FROM walk JOIN (SELECT 0 AS bit UNION ALL SELECT 1) AS bits \
         WHERE 2 * walk.ordinal + bits.bit <= ?2) \
         SELECT {columns} FROM walk JOIN (SELECT CAST(?1 AS BINARY) AS packed) AS given) AS asked"
    )
}

/// Bytes are asked for by their digits.
fn bytes(value: String, ty: &ColumnType) -> String {
    if ty.kind == ValueKind::Bytea { format!("UNHEX({value})") } else { value }
}

/// The type of a column of `JSON_TABLE` whose values are compared with a column's.
fn asked_as(ty: &ColumnType) -> &str {
    match ty.kind {
        ValueKind::Bytea => "longtext",
        ValueKind::Uuid | ValueKind::Inet => "varchar(45)",
        _ => &ty.cast,
    }
}

/// The value at a place of each tuple, cut out of the bytes, as a value that is compared with a column's; without a type as a
/// text.
fn cut(position: usize, width: usize, ty: Option<&ColumnType>) -> String {
    let of = |part: usize| {
        let place = 2 * DIGITS * position + DIGITS * part + 1;
        let tuple = 2 * DIGITS * width;
        format!("CAST(SUBSTR(given.packed, {tuple} * (walk.ordinal - 1) + {place}, {DIGITS}) AS UNSIGNED)")
    };
    let text = format!("CONVERT(SUBSTR(given.packed, {}, {}) USING utf8mb4)", of(0), of(1));
    let Some(ty) = ty else { return text };
    if let Some((_, of)) = ty.cast.split_once(" character set ")
        && let Some((charset, collation)) = of.split_once(" collate ")
    {
        return format!("CONVERT({text} USING {charset}) COLLATE {collation}");
    }
    match ty.kind {
        ValueKind::Timestamp => format!("CAST({text} AS {})", ty.cast.replace("timestamp", "datetime")),
        ValueKind::Time => format!("CAST({text} AS {})", ty.cast),
        // With all digits whatever is asked for: of few bytes the server would make a smaller number than of many.
        ValueKind::UInt8 => without_sign(&text),
        ValueKind::Int2 | ValueKind::Int4 | ValueKind::Int8 => whole(&text),
        _ => cast_to(ty).map_or(text.clone(), |to| format!("CAST({text} AS {to})")),
    }
}
