//! What aggregates give. In: a function and the type of a column. Out: the type of its value, or nothing where the database has
//! no such function for the type.

use super::Types;
use pgsync_plan::{AggregateFunction, ColumnType, Dialect, ValueKind};

impl Types {
    /// What a function gives of values of a type (PostgreSQL manual, section 9.21, "Aggregate Functions"). Statements of MySQL and
    /// MariaDB convert to the same, but that their sums of floats are doubles and their extremes of small integers bigints.
    pub(crate) fn aggregated(self, function: AggregateFunction, of: &ColumnType) -> Option<ColumnType> {
        match function {
            AggregateFunction::Exists => self.plain(ValueKind::Bool),
            AggregateFunction::CountRows | AggregateFunction::Count | AggregateFunction::CountDistinct => {
                self.plain(ValueKind::Int8)
            }
            AggregateFunction::Min | AggregateFunction::Max => self.extreme(of),
            AggregateFunction::Sum | AggregateFunction::Avg if of.array => None,
            AggregateFunction::Sum => self.plain(match of.kind {
                ValueKind::Int2 | ValueKind::Int4 => ValueKind::Int8,
                ValueKind::Int8 | ValueKind::UInt8 | ValueKind::Numeric => ValueKind::Numeric,
                ValueKind::Float4 if self.is_postgres() => ValueKind::Float4,
                ValueKind::Float4 | ValueKind::Float8 => ValueKind::Float8,
                _ => return None,
            }),
            AggregateFunction::Avg => self.plain(match of.kind {
                ValueKind::Int2 | ValueKind::Int4 | ValueKind::Int8 | ValueKind::UInt8 | ValueKind::Numeric => {
                    ValueKind::Numeric
                }
                ValueKind::Float4 | ValueKind::Float8 => ValueKind::Float8,
                _ => return None,
            }),
        }
    }

    fn is_postgres(self) -> bool {
        self.dialect == Dialect::Postgres
    }

    /// What the least and the greatest value are.
    fn extreme(self, of: &ColumnType) -> Option<ColumnType> {
        match of.kind {
            _ if !has_extremes(of) => None,
            ValueKind::Int2 | ValueKind::Int4 if !self.is_postgres() => self.plain(ValueKind::Int8),
            // A set is ordered by a number that nobody sees.
            ValueKind::Text if of.declared.starts_with("set(") => None,
            _ => Some(of.clone()),
        }
    }

    /// The built-in type of a family of one.
    fn plain(self, kind: ValueKind) -> Option<ColumnType> {
        let (_, name) = self.family(kind)?.names.first()?;
        Some(ColumnType {
            declared: (*name).to_owned(),
            cast: (*name).to_owned(),
            kind,
            array: false,
            operators: None,
            textual: false,
            enumeration: None,
        })
    }
}

/// Whether every supported version has `min` and `max` for a type. An array has them where its elements have an order.
fn has_extremes(ty: &ColumnType) -> bool {
    match ty.kind {
        ValueKind::Int2
        | ValueKind::Int4
        | ValueKind::Int8
        | ValueKind::UInt8
        | ValueKind::Oid
        | ValueKind::Float4
        | ValueKind::Float8
        | ValueKind::Numeric
        | ValueKind::Text
        | ValueKind::Char
        | ValueKind::Enum
        | ValueKind::Date
        | ValueKind::Time
        | ValueKind::TimeTz
        | ValueKind::Timestamp
        | ValueKind::TimestampTz
        | ValueKind::Interval
        | ValueKind::Inet => true,
        ValueKind::Bool
        | ValueKind::Uuid
        | ValueKind::Bytea
        | ValueKind::Json
        | ValueKind::Jsonb
        | ValueKind::Hstore => false,
        ValueKind::Other => matches!(ty.cast.as_str(), "money" | "money[]"),
    }
}
