//! Types of expressions, as far as their words say them. In: what the SQL parser made of one. Out: a type, or none where only
//! the database knows. Nothing depends on it but what a field is indexed as, and what an early message says.

use super::check::{arguments, function_name, name};
use super::functions::{self, Called};
use crate::catalog::Table;
use pgsync_plan::ValueKind;
use sqlparser::ast::{
    ArrayElemTypeDef, BinaryOperator, DataType, Expr, TimezoneInfo, TypedString, UnaryOperator, Value,
};

/// A type that is evident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Evident {
    /// As it is spelled in a cast.
    pub(crate) cast: String,
    pub(crate) kind: ValueKind,
    pub(crate) array: bool,
}

/// What a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    Bool,
    Int4,
    Float8,
    Numeric,
    Text,
    /// What its arguments have in common.
    Same,
    /// A text, where its first argument is one.
    TextOfText,
    /// It depends.
    Open,
}

fn plain(kind: ValueKind) -> Evident {
    let cast = match kind {
        ValueKind::Bool => "boolean",
        ValueKind::Int2 => "smallint",
        ValueKind::Int4 => "integer",
        ValueKind::Int8 => "bigint",
        ValueKind::Oid => "oid",
        ValueKind::Float4 => "real",
        ValueKind::Float8 => "double precision",
        ValueKind::Numeric => "numeric",
        ValueKind::Char => "bpchar",
        ValueKind::Uuid => "uuid",
        ValueKind::Date => "date",
        ValueKind::Time => "time without time zone",
        ValueKind::TimeTz => "time with time zone",
        ValueKind::Timestamp => "timestamp without time zone",
        ValueKind::TimestampTz => "timestamp with time zone",
        ValueKind::Interval => "interval",
        ValueKind::Bytea => "bytea",
        ValueKind::Json => "json",
        ValueKind::Jsonb => "jsonb",
        ValueKind::Inet => "inet",
        _ => "text",
    };
    Evident { cast: cast.to_owned(), kind, array: false }
}

/// The type of an expression over the rows of a table.
pub(super) fn evident(expression: &Expr, table: &Table) -> Option<Evident> {
    let of = |expression: &Expr| evident(expression, table);
    match expression {
        Expr::Identifier(ident) => column(table, ident),
        Expr::CompoundIdentifier(idents) => column(table, idents.last()?),
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => of(inner),
        Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::IsFalse(_)
        | Expr::IsNotFalse(_)
        | Expr::IsTrue(_)
        | Expr::IsNotTrue(_)
        | Expr::IsUnknown(_)
        | Expr::IsNotUnknown(_)
        | Expr::IsDistinctFrom(..)
        | Expr::IsNotDistinctFrom(..)
        | Expr::In { .. }
        | Expr::Between { .. }
        | Expr::Like { .. }
        | Expr::ILike { .. }
        | Expr::SimilarTo { .. }
        | Expr::AnyOp { .. }
        | Expr::AllOp { .. } => Some(plain(ValueKind::Bool)),
        Expr::UnaryOp { op: UnaryOperator::Not, .. } => Some(plain(ValueKind::Bool)),
        Expr::UnaryOp { op: UnaryOperator::Plus | UnaryOperator::Minus, expr } => of(expr),
        Expr::BinaryOp { left, op, right } => binary(op, of(left), of(right)),
        Expr::Position { .. } => Some(plain(ValueKind::Int4)),
        Expr::Interval(_) => Some(plain(ValueKind::Interval)),
        Expr::Trim { expr, .. } | Expr::Substring { expr, .. } => of(expr).filter(|of| of.kind == ValueKind::Text),
        Expr::Cast { data_type, .. } | Expr::TypedString(TypedString { data_type, .. }) => to_type(data_type),
        Expr::Case { conditions, else_result, .. } => {
            common(conditions.iter().map(|when| &when.result).chain(else_result.as_deref()), table)
        }
        Expr::Value(value) => match &value.value {
            Value::Boolean(_) => Some(plain(ValueKind::Bool)),
            Value::SingleQuotedString(_) | Value::EscapedStringLiteral(_) => Some(plain(ValueKind::Text)),
            Value::Number(digits, _) if digits.parse::<i32>().is_ok() => Some(plain(ValueKind::Int4)),
            Value::Number(digits, _) if digits.parse::<i64>().is_ok() => Some(plain(ValueKind::Int8)),
            Value::Number(..) => Some(plain(ValueKind::Numeric)),
            _ => None,
        },
        Expr::Function(function) => {
            let Called::Function(gives) = functions::called(&function_name(&function.name)?) else { return None };
            let arguments = arguments(function)?;
            match gives {
                Gives::Bool => Some(plain(ValueKind::Bool)),
                Gives::Int4 => Some(plain(ValueKind::Int4)),
                Gives::Float8 => Some(plain(ValueKind::Float8)),
                Gives::Numeric => Some(plain(ValueKind::Numeric)),
                Gives::Text => Some(plain(ValueKind::Text)),
                Gives::Same => common(arguments, table),
                Gives::TextOfText => of(arguments.first()?).filter(|of| of.kind == ValueKind::Text && !of.array),
                Gives::Open => None,
            }
        }
        _ => None,
    }
}

fn column(table: &Table, ident: &sqlparser::ast::Ident) -> Option<Evident> {
    let column = table.column(&name(ident))?;
    Some(Evident { cast: column.cast.clone(), kind: column.kind, array: column.array })
}

/// The type of several, where it is one; NULL is of any.
fn common<'e>(expressions: impl IntoIterator<Item = &'e Expr>, table: &Table) -> Option<Evident> {
    let is_null = |expression: &Expr| matches!(expression, Expr::Value(value) if value.value == Value::Null);
    let mut types = expressions.into_iter().filter(|expression| !is_null(expression));
    let first = evident(types.next()?, table)?;
    types.all(|other| evident(other, table).as_ref() == Some(&first)).then_some(first)
}

fn binary(op: &BinaryOperator, left: Option<Evident>, right: Option<Evident>) -> Option<Evident> {
    use BinaryOperator as Op;
    use ValueKind::{Float8, Int4, Int8, Json, Jsonb, Numeric, Text};
    match op {
        Op::Gt
        | Op::Lt
        | Op::GtEq
        | Op::LtEq
        | Op::Eq
        | Op::NotEq
        | Op::And
        | Op::Or
        | Op::PGOverlap
        | Op::PGRegexMatch
        | Op::PGRegexIMatch
        | Op::PGRegexNotMatch
        | Op::PGRegexNotIMatch
        | Op::PGStartsWith
        | Op::AtArrow
        | Op::ArrowAt
        | Op::Question
        | Op::QuestionAnd
        | Op::QuestionPipe => Some(plain(ValueKind::Bool)),
        Op::LongArrow | Op::HashLongArrow => Some(plain(Text)),
        Op::Arrow | Op::HashArrow => left.filter(|left| matches!(left.kind, Json | Jsonb) && !left.array),
        Op::StringConcat => {
            let text = |side: &Option<Evident>| side.as_ref().is_some_and(|of| of.kind == Text && !of.array);
            let other = |side: &Option<Evident>| {
                side.as_ref().is_some_and(|of| !of.array && !matches!(of.kind, Json | Jsonb | ValueKind::Other))
            };
            ((text(&left) && other(&right)) || (other(&left) && text(&right))).then(|| plain(Text))
        }
        Op::Plus | Op::Minus | Op::Multiply | Op::Divide | Op::Modulo => {
            let (left, right) = (left?, right?);
            if left.array || right.array {
                return None;
            }
            // The wider of the two, as PostgreSQL converts them.
            let wider = [Float8, Numeric, Int8, Int4];
            let place = |kind| wider.iter().position(|of| *of == kind);
            Some(plain(wider[place(left.kind)?.min(place(right.kind)?)]))
        }
        _ => None,
    }
}

/// What a name of a type stands for.
pub(super) enum Named {
    /// A type that is found without a schema, of this family.
    BuiltIn(Option<ValueKind>),
    /// A type with its schema before it.
    Qualified,
    /// Any other name.
    Plain(String),
    /// No type of PostgreSQL.
    No,
}

/// Looks at the name of a type.
pub(super) fn named(data_type: &DataType) -> Named {
    use DataType as Type;
    let zoned = |zone: &TimezoneInfo| matches!(zone, TimezoneInfo::WithTimeZone | TimezoneInfo::Tz);
    Named::BuiltIn(Some(match data_type {
        Type::Text | Type::Varchar(_) | Type::CharacterVarying(_) | Type::CharVarying(_) => ValueKind::Text,
        Type::Character(_) | Type::Char(_) => ValueKind::Char,
        Type::Uuid => ValueKind::Uuid,
        Type::Numeric(_) | Type::Decimal(_) | Type::Dec(_) => ValueKind::Numeric,
        Type::Int2(_) | Type::SmallInt(_) => ValueKind::Int2,
        Type::Int(_) | Type::Int4(_) | Type::Integer(_) => ValueKind::Int4,
        Type::Int8(_) | Type::BigInt(_) => ValueKind::Int8,
        Type::Real | Type::Float4 => ValueKind::Float4,
        Type::Float8 | Type::DoublePrecision => ValueKind::Float8,
        Type::Bool | Type::Boolean => ValueKind::Bool,
        Type::Date => ValueKind::Date,
        Type::Time(_, zone) => {
            if zoned(zone) {
                ValueKind::TimeTz
            } else {
                ValueKind::Time
            }
        }
        Type::Timestamp(_, zone) => {
            if zoned(zone) {
                ValueKind::TimestampTz
            } else {
                ValueKind::Timestamp
            }
        }
        Type::Interval { .. } => ValueKind::Interval,
        Type::JSON => ValueKind::Json,
        Type::JSONB => ValueKind::Jsonb,
        Type::Bytea => ValueKind::Bytea,
        Type::Float(_) | Type::Bit(_) | Type::BitVarying(_) | Type::VarBit(_) | Type::TsVector | Type::TsQuery => {
            return Named::BuiltIn(None);
        }
        Type::Array(ArrayElemTypeDef::SquareBracket(inner, _)) => return named(inner),
        Type::Regclass => return Named::Plain("regclass".to_owned()),
        Type::Custom(of, _) => match of.0.as_slice() {
            [part] => return Named::Plain(part.as_ident().map_or_else(String::new, name)),
            _ => return Named::Qualified,
        },
        _ => return Named::No,
    }))
}

fn to_type(data_type: &DataType) -> Option<Evident> {
    if let DataType::Array(ArrayElemTypeDef::SquareBracket(inner, _)) = data_type {
        let inner = to_type(inner).filter(|inner| !inner.array)?;
        return Some(Evident { cast: format!("{}[]", inner.cast), array: true, ..inner });
    }
    match named(data_type) {
        Named::BuiltIn(Some(kind)) => Some(plain(kind)),
        _ => None,
    }
}
