//! In which codec a column of an answer arrives. In: its type, flags and collation, as the server describes them. Out: the codec,
//! and whether that is what the plan expects. The compiler's table of types says the same from the other side.
//!
//! | type | codec |
//! |---|---|
//! | `TINYINT`, `SMALLINT`, `YEAR` | `Int2`; `SMALLINT UNSIGNED` `Int4` |
//! | `MEDIUMINT`, `INT` | `Int4`; `INT UNSIGNED` `Int8` |
//! | `BIGINT` | `Int8`; `BIGINT UNSIGNED` `UInt8` |
//! | `BIT` | `UInt8` |
//! | `FLOAT`, `DOUBLE`, `DECIMAL` | `Float4`, `Float8`, `Numeric` |
//! | `DATE`, `TIME`, `DATETIME`, `TIMESTAMP` | `Text`: no other codec has a form for a month 0 or for 838 hours |
//! | `CHAR`, `VARCHAR`, `TEXT`, `ENUM`, `SET` | `Text`, in UTF-8 |
//! | `BINARY`, `VARBINARY`, `BLOB`, geometries, `VECTOR` | `Bytes` |
//! | `JSON` | `Json`; MariaDB keeps JSON in a text, so that a text will do where JSON is expected |

use mysql_async::Column;
use mysql_async::consts::{ColumnFlags, ColumnType};
use pgsync_plan::Codec;

/// How a column arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delivery {
    Bool,
    Int2,
    Int4,
    Int8,
    UInt8,
    Bits,
    Float4,
    Float8,
    Decimal,
    Date,
    Time,
    Datetime,
    Text,
    Bytes,
    Json,
    /// Of an expression that is NULL for every row.
    Nothing,
}

/// The collation of what has no character set.
const BINARY: u16 = 63;

/// The name of the column that says whether an asked key has a row: statements have no other way to ask for truth.
const PRESENT: &str = "present";

impl Delivery {
    /// That of a column. None for a type that nobody knows.
    pub(super) fn of(column: &Column) -> Option<Self> {
        use ColumnType as Type;
        let unsigned = column.flags().contains(ColumnFlags::UNSIGNED_FLAG);
        let integer = |signed, without_sign| if unsigned { without_sign } else { signed };
        let delivery = match column.column_type() {
            Type::MYSQL_TYPE_TINY | Type::MYSQL_TYPE_YEAR => Self::Int2,
            Type::MYSQL_TYPE_SHORT => integer(Self::Int2, Self::Int4),
            Type::MYSQL_TYPE_INT24 => Self::Int4,
            Type::MYSQL_TYPE_LONG => integer(Self::Int4, Self::Int8),
            Type::MYSQL_TYPE_LONGLONG => integer(Self::Int8, Self::UInt8),
            Type::MYSQL_TYPE_BIT => Self::Bits,
            Type::MYSQL_TYPE_FLOAT => Self::Float4,
            Type::MYSQL_TYPE_DOUBLE => Self::Float8,
            Type::MYSQL_TYPE_DECIMAL | Type::MYSQL_TYPE_NEWDECIMAL => Self::Decimal,
            Type::MYSQL_TYPE_DATE | Type::MYSQL_TYPE_NEWDATE => Self::Date,
            Type::MYSQL_TYPE_TIME | Type::MYSQL_TYPE_TIME2 => Self::Time,
            Type::MYSQL_TYPE_DATETIME
            | Type::MYSQL_TYPE_DATETIME2
            | Type::MYSQL_TYPE_TIMESTAMP
            | Type::MYSQL_TYPE_TIMESTAMP2 => Self::Datetime,
            Type::MYSQL_TYPE_JSON => Self::Json,
            Type::MYSQL_TYPE_GEOMETRY | Type::MYSQL_TYPE_VECTOR => Self::Bytes,
            Type::MYSQL_TYPE_ENUM | Type::MYSQL_TYPE_SET => Self::Text,
            Type::MYSQL_TYPE_STRING
            | Type::MYSQL_TYPE_VAR_STRING
            | Type::MYSQL_TYPE_VARCHAR
            | Type::MYSQL_TYPE_TINY_BLOB
            | Type::MYSQL_TYPE_BLOB
            | Type::MYSQL_TYPE_MEDIUM_BLOB
            | Type::MYSQL_TYPE_LONG_BLOB => {
                let labelled = column.flags().intersects(ColumnFlags::ENUM_FLAG | ColumnFlags::SET_FLAG);
                if column.character_set() == BINARY && !labelled { Self::Bytes } else { Self::Text }
            }
            Type::MYSQL_TYPE_NULL => Self::Nothing,
            Type::MYSQL_TYPE_TYPED_ARRAY | Type::MYSQL_TYPE_UNKNOWN => return None,
        };
        let whole = matches!(delivery, Self::Int2 | Self::Int4 | Self::Int8 | Self::UInt8);
        // A column of a table that is called so has its table's name beside it.
        let of_no_table = column.org_table_ref().is_empty();
        Some(if whole && of_no_table && column.name_ref() == PRESENT.as_bytes() { Self::Bool } else { delivery })
    }

    /// How a whole number is handed on where one of fewer digits is expected.
    pub(super) fn narrowed(self, expected: Codec) -> Option<Self> {
        match (self, expected) {
            (Self::Int8 | Self::UInt8, Codec::Int2) => Some(Self::Int2),
            (Self::Int8 | Self::UInt8, Codec::Int4) => Some(Self::Int4),
            (Self::UInt8, Codec::Int8) => Some(Self::Int8),
            _ => None,
        }
    }

    /// Whether such values are what the plan expects.
    pub(super) fn is(self, expected: Codec) -> bool {
        let codec = match self {
            Self::Bool => Codec::Bool,
            Self::Int2 => Codec::Int2,
            Self::Int4 => Codec::Int4,
            Self::Int8 => Codec::Int8,
            Self::UInt8 | Self::Bits => Codec::UInt8,
            Self::Float4 => Codec::Float4,
            Self::Float8 => Codec::Float8,
            Self::Decimal => Codec::Numeric,
            Self::Text if expected == Codec::Json => Codec::Json,
            Self::Date | Self::Time | Self::Datetime | Self::Text => Codec::Text,
            Self::Bytes => Codec::Bytes,
            Self::Json => Codec::Json,
            Self::Nothing => return true,
        };
        codec == expected || expected == Codec::Opaque
    }
}

/// A column's type, for messages.
pub(super) fn name(column: &Column) -> String {
    let name = format!("{:?}", column.column_type());
    let name = name.trim_start_matches("MYSQL_TYPE_").to_ascii_lowercase();
    let unsigned = column.flags().contains(ColumnFlags::UNSIGNED_FLAG);
    if unsigned { format!("{name} unsigned") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(ty: ColumnType, collation: u16, flags: ColumnFlags) -> Column {
        Column::new(ty).with_character_set(collation).with_flags(flags)
    }

    #[test]
    fn types_arrive_in_the_codecs_that_the_compiler_knows() {
        use ColumnType as Type;
        let (none, unsigned) = (ColumnFlags::empty(), ColumnFlags::UNSIGNED_FLAG);
        for (ty, collation, flags, codec) in [
            (Type::MYSQL_TYPE_TINY, BINARY, unsigned, Codec::Int2),
            (Type::MYSQL_TYPE_SHORT, BINARY, none, Codec::Int2),
            (Type::MYSQL_TYPE_SHORT, BINARY, unsigned, Codec::Int4),
            (Type::MYSQL_TYPE_LONG, BINARY, unsigned, Codec::Int8),
            (Type::MYSQL_TYPE_LONGLONG, BINARY, unsigned, Codec::UInt8),
            (Type::MYSQL_TYPE_BIT, BINARY, unsigned, Codec::UInt8),
            (Type::MYSQL_TYPE_YEAR, BINARY, unsigned, Codec::Int2),
            (Type::MYSQL_TYPE_NEWDECIMAL, BINARY, none, Codec::Numeric),
            (Type::MYSQL_TYPE_TIME, BINARY, none, Codec::Text),
            (Type::MYSQL_TYPE_BLOB, 45, none, Codec::Text),
            (Type::MYSQL_TYPE_BLOB, BINARY, none, Codec::Bytes),
            (Type::MYSQL_TYPE_STRING, BINARY, ColumnFlags::ENUM_FLAG, Codec::Text),
            (Type::MYSQL_TYPE_JSON, BINARY, none, Codec::Json),
            (Type::MYSQL_TYPE_BLOB, 45, none, Codec::Json),
        ] {
            let delivery = Delivery::of(&column(ty, collation, flags)).unwrap();
            assert!(delivery.is(codec) && delivery.is(Codec::Opaque) && !delivery.is(Codec::Uuid), "{ty:?} {codec:?}");
        }
    }

    #[test]
    fn only_an_expression_of_that_name_is_a_truth() {
        let expression = Column::new(ColumnType::MYSQL_TYPE_LONG).with_name(PRESENT.as_bytes());
        assert_eq!(Delivery::of(&expression), Some(Delivery::Bool));
        let of_a_table = expression.with_org_table(b"parcel").with_org_name(PRESENT.as_bytes());
        assert_eq!(Delivery::of(&of_a_table), Some(Delivery::Int4));
    }
}
