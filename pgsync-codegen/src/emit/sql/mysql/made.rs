//! Values that the server makes of a row or of several, on MySQL and MariaDB. In: SQL of what they are made of, and the type that
//! the plan expects. Out: SQL of a value that arrives as just that type, whatever the server would make of it by itself.

use crate::types::labels;
use pgsync_plan::{ColumnType, ValueKind};

/// How many digits a mean has behind the point: as many as PostgreSQL gives to one below ten thousand.
const DIGITS_OF_A_MEAN: u32 = 16;

/// How many of them the server adds to those of the values.
const ADDED: u32 = 4;

/// The most digits of a decimal.
const MOST_DIGITS: u32 = 65;

/// A value of an expression.
pub(super) fn computed(value: &str, ty: &ColumnType) -> String {
    let to = match ty.kind {
        ValueKind::Int2 | ValueKind::Int4 | ValueKind::Int8 => return whole(value),
        ValueKind::UInt8 => return without_sign(value),
        ValueKind::Float4 => Some("FLOAT"),
        ValueKind::Text => Some("CHAR"),
        ValueKind::Bytea => Some("BINARY"),
        // What these are made of is nothing else, but that a decimal may have to be told its digits.
        ValueKind::Bool | ValueKind::Json | ValueKind::Uuid | ValueKind::Inet => None,
        ValueKind::Numeric if !ty.cast.contains('(') => None,
        _ => super::cast_to(ty),
    };
    to.map_or_else(|| value.to_owned(), |to| format!("CAST({value} AS {to})"))
}

/// A bigint. Of few digits MariaDB would make an int.
pub(super) fn whole(value: &str) -> String {
    format!("CAST(CAST({value} AS decimal(20,0)) AS SIGNED)")
}

/// A bigint unsigned, likewise.
pub(super) fn without_sign(value: &str) -> String {
    format!("CAST({value} AS UNSIGNED) | 0")
}

/// A truth, which is a number here, as JSON.
pub(super) fn truth(value: &str) -> String {
    format!("ELT(({value} <> 0) + 1, 'false', 'true')")
}

/// A sum of the values of a column. That of whole numbers is a decimal to the server.
pub(super) fn sum(column: &str, ty: &ColumnType) -> String {
    let sum = format!("sum({column})");
    if ty.kind == ValueKind::Int8 { whole(&sum) } else { sum }
}

/// The mean of the values of a column.
pub(super) fn mean(column: &str, of: &ColumnType) -> String {
    let Some((digits, scale)) = decimal(of) else { return format!("avg({column})") };
    let whole = digits.saturating_sub(scale);
    let wanted = DIGITS_OF_A_MEAN.saturating_sub(ADDED).min(MOST_DIGITS.saturating_sub(whole));
    if scale >= wanted {
        return format!("avg({column})");
    }
    format!("avg(CAST({column} AS decimal({},{wanted})))", whole + wanted)
}

/// Digits of an exact number, and those behind the point.
fn decimal(ty: &ColumnType) -> Option<(u32, u32)> {
    match ty.kind {
        ValueKind::Int2 | ValueKind::Int4 | ValueKind::Int8 | ValueKind::UInt8 => Some((20, 0)),
        ValueKind::Numeric => {
            let (_, inner) = ty.cast.split_once('(')?;
            let (digits, scale) =
                inner.trim_end_matches(')').split_once(',').unwrap_or((inner.trim_end_matches(')'), "0"));
            Some((digits.trim().parse().ok()?, scale.trim().parse().ok()?))
        }
        _ => None,
    }
}

/// The least or the greatest value of a column.
pub(super) fn extreme(function: &str, column: &str, of: &ColumnType, literal: impl Fn(&str) -> String) -> String {
    let call = |of: &str| format!("{function}({of})");
    match of.kind {
        // The server would go by the labels; the first is what it keeps for a value that is none.
        ValueKind::Enum => {
            let labels: Vec<String> = labels(&of.declared).iter().map(|label| literal(label)).collect();
            format!("ELT({} + 1, '', {})", call(&format!("{column} + 0")), labels.join(", "))
        }
        ValueKind::Int2 | ValueKind::Int4 | ValueKind::Int8 => whole(&call(column)),
        ValueKind::UInt8 => without_sign(&call(column)),
        ValueKind::Float4 => format!("CAST({} AS FLOAT)", call(column)),
        _ => call(column),
    }
}
