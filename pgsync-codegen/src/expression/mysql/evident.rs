//! Types of expressions on MySQL and MariaDB, as far as their words say them. In: what the SQL parser made of one. Out: a type,
//! or none where only the server knows. A statement converts to it what the server gives ([`crate::emit::sql`]), so that of
//! numbers and texts the family alone has to be right.

use super::functions::{self, Called};
use super::{arguments, column, function_name};
use crate::catalog::Table;
use crate::expression::evident::Evident;
use pgsync_plan::{Dialect, ValueKind};
use sqlparser::ast::{
    BinaryOperator, DataType, DateTimeField, ExactNumberInfo, Expr, TypedString, UnaryOperator, Value,
};

/// What a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    Boolean,
    Bytes,
    Date,
    Float,
    Json,
    /// A date with a time.
    Moment,
    Text,
    Time,
    /// A whole number.
    Whole,
    /// A number of the family of its first argument.
    Number,
    /// A number of that family without a fraction.
    Rounded,
    /// What is left when its first argument is divided by the second.
    Remainder,
    /// A date that is moved by an interval.
    Shifted,
    /// What its first argument is.
    First,
    /// What its arguments have in common, from this one on.
    Same(usize),
    /// It depends.
    Open,
}

/// A decimal of as many digits as there may be.
const WHOLE_DECIMAL: &str = "decimal(65,0)";

fn plain(kind: ValueKind) -> Evident {
    let cast = match kind {
        ValueKind::Bool => "boolean",
        ValueKind::Int8 => "bigint",
        ValueKind::UInt8 => "bigint unsigned",
        ValueKind::Float4 => "float",
        ValueKind::Float8 => "double",
        ValueKind::Numeric => "decimal",
        ValueKind::Date => "date",
        ValueKind::Time => "time",
        ValueKind::Timestamp => "datetime",
        ValueKind::Bytea => "blob",
        ValueKind::Json => "json",
        _ => "text",
    };
    Evident { cast: cast.to_owned(), kind, array: false }
}

fn of_kind(kind: ValueKind) -> Option<Evident> {
    Some(plain(kind))
}

/// The type of an expression over the rows of a table.
pub(super) fn evident(expression: &Expr, table: &Table, dialect: Dialect) -> Option<Evident> {
    Words { table, dialect }.expression(expression)
}

struct Words<'a> {
    table: &'a Table,
    dialect: Dialect,
}

impl Words<'_> {
    fn expression(&self, expression: &Expr) -> Option<Evident> {
        use ValueKind::{Bool, Int8, Text, UInt8};
        match expression {
            Expr::Identifier(ident) => self.column(ident),
            Expr::CompoundIdentifier(idents) => self.column(idents.last()?),
            Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => self.expression(inner),
            Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::IsFalse(_)
            | Expr::IsNotFalse(_)
            | Expr::IsTrue(_)
            | Expr::IsNotTrue(_)
            | Expr::IsUnknown(_)
            | Expr::IsNotUnknown(_)
            | Expr::In { .. }
            | Expr::Between { .. }
            | Expr::Like { .. }
            | Expr::RLike { .. }
            | Expr::UnaryOp { op: UnaryOperator::Not, .. } => of_kind(Bool),
            Expr::UnaryOp { op: UnaryOperator::BitwiseNot, .. } => of_kind(UInt8),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match self.number(expr)? {
                UInt8 => of_kind(Int8),
                kind => of_kind(kind),
            },
            Expr::UnaryOp { op: UnaryOperator::Plus, expr } => self.expression(expr),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::Extract { .. } | Expr::Position { .. } => of_kind(Int8),
            Expr::Ceil { expr, .. } | Expr::Floor { expr, .. } => self.rounded(expr),
            Expr::Trim { .. } | Expr::Substring { .. } | Expr::Prefixed { .. } => of_kind(Text),
            Expr::Convert { data_type: None, .. } => of_kind(Text),
            Expr::Cast { data_type, .. } | Expr::Convert { data_type: Some(data_type), .. } => to_type(data_type),
            Expr::TypedString(TypedString { data_type, .. }) => match data_type {
                DataType::Timestamp(..) => of_kind(ValueKind::Timestamp),
                data_type => to_type(data_type),
            },
            Expr::Case { conditions, else_result, .. } => {
                self.common(conditions.iter().map(|when| &when.result).chain(else_result.as_deref()))
            }
            Expr::Value(value) => constant(&value.value),
            Expr::Function(function) => {
                let Called::Function(gives) = functions::called(&function_name(&function.name)?, self.dialect) else {
                    return None;
                };
                self.function(gives, &arguments(function)?)
            }
            _ => None,
        }
    }

    fn column(&self, ident: &sqlparser::ast::Ident) -> Option<Evident> {
        let column = column(self.table, ident)?;
        match column.kind {
            ValueKind::Int2 | ValueKind::Int4 => of_kind(ValueKind::Int8),
            ValueKind::Enum => of_kind(ValueKind::Text),
            ValueKind::Other => None,
            kind @ (ValueKind::Uuid | ValueKind::Inet) => Some(Evident { cast: column.cast.clone(), ..plain(kind) }),
            kind => of_kind(kind),
        }
    }

    fn function(&self, gives: Gives, arguments: &[&Expr]) -> Option<Evident> {
        let first = arguments.first();
        match gives {
            Gives::Boolean => of_kind(ValueKind::Bool),
            Gives::Bytes => of_kind(ValueKind::Bytea),
            Gives::Date => of_kind(ValueKind::Date),
            Gives::Float => of_kind(ValueKind::Float8),
            Gives::Json => of_kind(ValueKind::Json),
            Gives::Moment => of_kind(ValueKind::Timestamp),
            Gives::Text => of_kind(ValueKind::Text),
            Gives::Time => of_kind(ValueKind::Time),
            Gives::Whole => of_kind(ValueKind::Int8),
            Gives::Number => of_kind(self.number(first?)?),
            Gives::Rounded => self.rounded(first?),
            Gives::Remainder => self.binary(first?, &BinaryOperator::Modulo, arguments.get(1)?),
            Gives::Shifted => self.shifted(first?, arguments.get(1)?),
            Gives::First => self.expression(first?),
            Gives::Same(from) => self.common(arguments.iter().skip(from).copied()),
            Gives::Open => None,
        }
    }

    /// The family of a number, as arithmetic takes it: a truth is 1 or 0, a text is read as a double.
    fn number(&self, expression: &Expr) -> Option<ValueKind> {
        use ValueKind::{Bool, Float4, Float8, Int8, Numeric, Text, UInt8};
        match self.expression(expression)?.kind {
            Bool => Some(Int8),
            Float4 | Text => Some(Float8),
            kind @ (Int8 | UInt8 | Numeric | Float8) => Some(kind),
            _ => None,
        }
    }

    /// A number without a fraction; whether the server makes a decimal or an integer of a decimal depends on its digits.
    fn rounded(&self, expression: &Expr) -> Option<Evident> {
        match self.number(expression)? {
            ValueKind::Numeric => Some(Evident { cast: WHOLE_DECIMAL.to_owned(), ..plain(ValueKind::Numeric) }),
            kind => of_kind(kind),
        }
    }

    /// A date or a moment, moved.
    fn shifted(&self, moved: &Expr, by: &Expr) -> Option<Evident> {
        use DateTimeField::{Day, Month, Quarter, Week, Year};
        let days = match by {
            Expr::Interval(interval) => matches!(interval.leading_field, Some(Day | Week(_) | Month | Quarter | Year)),
            // A number of days.
            _ => true,
        };
        match self.expression(moved)?.kind {
            ValueKind::Date if days => of_kind(ValueKind::Date),
            ValueKind::Date | ValueKind::Timestamp => of_kind(ValueKind::Timestamp),
            _ => None,
        }
    }

    /// The type of several, where it is one; NULL is of any.
    fn common<'e>(&self, expressions: impl IntoIterator<Item = &'e Expr>) -> Option<Evident> {
        let is_null = |expression: &Expr| matches!(expression, Expr::Value(value) if value.value == Value::Null);
        let mut types = expressions.into_iter().filter(|expression| !is_null(expression));
        let first = self.expression(types.next()?)?;
        types.try_fold(first, |found, other| both(found, self.expression(other)?))
    }

    fn binary(&self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Option<Evident> {
        use BinaryOperator as Op;
        use ValueKind::{Bool, Float8, Int8, Json, Numeric, Text, UInt8};
        match op {
            Op::Gt | Op::Lt | Op::GtEq | Op::LtEq | Op::Eq | Op::NotEq | Op::Spaceship | Op::And | Op::Or | Op::Xor => {
                of_kind(Bool)
            }
            Op::Arrow => of_kind(Json),
            Op::LongArrow => of_kind(Text),
            Op::BitwiseOr | Op::BitwiseAnd | Op::BitwiseXor | Op::PGBitwiseShiftLeft | Op::PGBitwiseShiftRight => {
                of_kind(UInt8)
            }
            Op::Plus | Op::Minus if matches!(right, Expr::Interval(_)) => self.shifted(left, right),
            Op::Plus if matches!(left, Expr::Interval(_)) => self.shifted(right, left),
            Op::Plus | Op::Minus | Op::Multiply | Op::Divide | Op::Modulo | Op::MyIntegerDivide => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                let either = |kind| left == kind || right == kind;
                of_kind(match op {
                    Op::MyIntegerDivide if either(UInt8) => UInt8,
                    Op::MyIntegerDivide => Int8,
                    _ if either(Float8) => Float8,
                    Op::Divide => Numeric,
                    _ if either(Numeric) => Numeric,
                    // The sign of a remainder is that of what is divided.
                    Op::Modulo => left,
                    _ if either(UInt8) => UInt8,
                    _ => Int8,
                })
            }
            _ => None,
        }
    }
}

/// What two types have in common.
fn both(one: Evident, other: Evident) -> Option<Evident> {
    use ValueKind::{Bool, Date, Float4, Float8, Int8, Numeric, Timestamp, UInt8};
    if one.kind == other.kind {
        return if one == other { Some(one) } else { of_kind(one.kind) };
    }
    let numbers = [Float8, Float4, Numeric, Int8, Bool];
    let place = |of: &Evident| numbers.iter().position(|kind| *kind == of.kind);
    match (place(&one), place(&other)) {
        (Some(one), Some(other)) => match numbers[one.min(other)] {
            // Not every decimal is a float of four bytes.
            Float4 => of_kind(Float8),
            kind => of_kind(kind),
        },
        _ => match (one.kind, other.kind) {
            (Date, Timestamp) | (Timestamp, Date) => of_kind(Timestamp),
            (UInt8, Numeric) | (Numeric, UInt8) => of_kind(Numeric),
            (UInt8, Float8) | (Float8, UInt8) => of_kind(Float8),
            _ => None,
        },
    }
}

fn constant(value: &Value) -> Option<Evident> {
    of_kind(match value {
        Value::Boolean(_) => ValueKind::Bool,
        Value::SingleQuotedString(_) | Value::DoubleQuotedString(_) => ValueKind::Text,
        Value::HexStringLiteral(_) => ValueKind::Bytea,
        Value::Number(digits, _) if digits.contains(['e', 'E']) => ValueKind::Float8,
        Value::Number(digits, _) if digits.parse::<i64>().is_ok() => ValueKind::Int8,
        Value::Number(..) => ValueKind::Numeric,
        _ => return None,
    })
}

/// The type that is cast to, where it is one that both servers cast to, or the one that is spoken of.
pub(super) fn to_type(data_type: &DataType) -> Option<Evident> {
    use DataType as Type;
    of_kind(match data_type {
        Type::Signed | Type::SignedInteger => ValueKind::Int8,
        Type::Unsigned | Type::UnsignedInteger => ValueKind::UInt8,
        Type::Char(_) | Type::Character(_) => ValueKind::Text,
        Type::Binary(_) => ValueKind::Bytea,
        Type::Date => ValueKind::Date,
        Type::Datetime(_) => ValueKind::Timestamp,
        Type::Time(..) => ValueKind::Time,
        Type::Decimal(ExactNumberInfo::PrecisionAndScale(digits, scale)) => {
            let cast = format!("decimal({digits},{scale})");
            return Some(Evident { cast, ..plain(ValueKind::Numeric) });
        }
        Type::Decimal(_) => ValueKind::Numeric,
        Type::Double(_) | Type::DoublePrecision => ValueKind::Float8,
        Type::Float(_) => ValueKind::Float4,
        Type::JSON => ValueKind::Json,
        _ => return None,
    })
}
