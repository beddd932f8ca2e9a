//! Whether an expression is about the values of one row. In: what the SQL parser made of it. Out: its columns with their
//! places, and a finding for each part that is not known to be harmless. Whatever is not named here is refused.

use super::functions::{self, Called, FUNCTIONS};
use super::place::Places;
use super::{Finding, evident};
use crate::catalog::{Catalog, Column, Comparison, Table};
use crate::diagnostic::{Code, listed, nearest};
use pgsync_plan::ValueKind;
use sqlparser::ast::{
    AccessExpr, BinaryOperator, CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    Ident, InTarget, ObjectName, Spanned, Subscript, TypedString, UnaryOperator, Value,
};
use std::ops::Range;

/// The columns of an expression, each with the bytes that name it, and everything that is wrong.
pub(super) type Checked = (Vec<(Range<usize>, String)>, Vec<Finding>);

/// Checks an expression over the rows of a table.
pub(super) fn check(expression: &Expr, table: &Table, catalog: &Catalog, places: &Places<'_>) -> Checked {
    let mut check =
        Check { table, catalog, places, columns: Vec::new(), findings: Vec::new(), moment: None, temporal: false };
    check.expression(expression);
    if let (true, Some(at)) = (check.temporal, check.moment.take()) {
        check.refuse(
            at,
            "this text is another moment whenever it is read",
            "write the moment itself, such as '2024-01-31'",
        );
    }
    (check.columns, check.findings)
}

struct Check<'a> {
    table: &'a Table,
    catalog: &'a Catalog,
    places: &'a Places<'a>,
    columns: Vec<(Range<usize>, String)>,
    findings: Vec<Finding>,
    /// A text that a date is read from as the present.
    moment: Option<Range<usize>>,
    /// Whether dates or times are about.
    temporal: bool,
}

/// What PostgreSQL reads as a moment that passes.
const MOMENTS: &[&str] = &["now", "today", "tomorrow", "yesterday"];

/// As PostgreSQL reads a name: without quotes in small letters.
pub(super) fn name(ident: &Ident) -> String {
    match ident.quote_style {
        Some(quote) => ident.value.replace(&format!("{quote}{quote}"), &quote.to_string()),
        None => ident.value.to_lowercase(),
    }
}

fn is_temporal(kind: ValueKind) -> bool {
    use ValueKind::{Date, Time, TimeTz, Timestamp, TimestampTz};
    matches!(kind, Date | Time | TimeTz | Timestamp | TimestampTz)
}

impl Check<'_> {
    fn refuse(&mut self, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.findings.push(Finding { code: Code::Expression, at, message: message.into(), help: vec![help.into()] });
    }

    fn all<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expr>) {
        expressions.into_iter().for_each(|expression| self.expression(expression));
    }

    fn expression(&mut self, expression: &Expr) {
        match expression {
            Expr::Identifier(ident) => self.column(std::slice::from_ref(ident), false),
            Expr::CompoundIdentifier(idents) => self.column(idents, false),
            Expr::IsNull(inner) | Expr::IsNotNull(inner) => self.untyped(inner),
            Expr::IsFalse(inner)
            | Expr::IsNotFalse(inner)
            | Expr::IsTrue(inner)
            | Expr::IsNotTrue(inner)
            | Expr::IsUnknown(inner)
            | Expr::IsNotUnknown(inner)
            | Expr::Nested(inner)
            | Expr::Collate { expr: inner, .. }
            | Expr::Ceil { expr: inner, .. }
            | Expr::Floor { expr: inner, .. }
            | Expr::Extract { expr: inner, .. } => self.expression(inner),
            Expr::IsDistinctFrom(left, right)
            | Expr::IsNotDistinctFrom(left, right)
            | Expr::Position { expr: left, r#in: right }
            | Expr::AtTimeZone { timestamp: left, time_zone: right } => self.all([&**left, right]),
            Expr::AnyOp { left, right, compare_op, .. } | Expr::AllOp { left, right, compare_op } => {
                self.binary(left, compare_op, right);
            }
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::UnaryOp {
                op: UnaryOperator::Plus | UnaryOperator::Minus | UnaryOperator::Not | UnaryOperator::BitwiseNot,
                expr,
            } => self.expression(expr),
            Expr::In { expr, target: InTarget::List(list), .. } => self.all(std::iter::once(&**expr).chain(list)),
            Expr::Between { expr, low, high, .. } => self.all([&**expr, low, high]),
            Expr::Like { expr, pattern, escape_char, .. }
            | Expr::ILike { expr, pattern, escape_char, .. }
            | Expr::SimilarTo { expr, pattern, escape_char, .. } => {
                self.all([&**expr, pattern]);
                self.all(escape_char.as_deref());
            }
            Expr::Cast { kind: CastKind::Cast | CastKind::DoubleColon, expr, data_type, format: None } => {
                self.data_type(data_type, expr);
                self.untyped(expr);
            }
            Expr::TypedString(TypedString { data_type, value, .. }) => {
                self.data_type(data_type, expression);
                self.value(&value.value, expression);
            }
            Expr::Interval(interval) => self.expression(&interval.value),
            Expr::Value(value) => self.value(&value.value, expression),
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                self.expression(expr);
                self.all(substring_from.as_deref());
                self.all(substring_for.as_deref());
            }
            Expr::Trim { trim_what, expr, trim_characters: None, .. } => {
                self.expression(expr);
                self.all(trim_what.as_deref());
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.all(operand.as_deref());
                self.all(conditions.iter().flat_map(|when| [&when.condition, &when.result]));
                self.all(else_result.as_deref());
            }
            Expr::Array(array) => self.all(&array.elem),
            Expr::Tuple(values) => self.all(values),
            Expr::CompoundFieldAccess { root, access_chain } => {
                self.expression(root);
                for access in access_chain {
                    match access {
                        AccessExpr::Subscript(Subscript::Index { index }) => self.expression(index),
                        AccessExpr::Subscript(Subscript::Slice { lower_bound, upper_bound, stride: None }) => {
                            self.all(lower_bound.iter().chain(upper_bound));
                        }
                        _ => self.unknown(expression),
                    }
                }
            }
            Expr::Function(function) => self.function(function),
            Expr::Subquery(_) | Expr::Exists { .. } | Expr::In { .. } => {
                let at = self.places.range(expression.span());
                self.refuse(
                    at,
                    "this is a query: what it finds may change while the row stays as it is",
                    "accepted is what the values of the row itself say",
                );
            }
            _ => self.unknown(expression),
        }
    }

    fn unknown(&mut self, expression: &Expr) {
        let at = self.places.range(expression.span());
        self.refuse(
            at,
            format!("`{expression}` is an expression of a kind that is not supported"),
            "accepted are columns, constants, comparisons, arithmetic, AND, OR, NOT, IS NULL, IN, LIKE, BETWEEN, CASE, casts, \
             paths into JSON and the functions that docs/language.md lists",
        );
    }

    /// Where an operand's type has no say in what is meant.
    fn untyped(&mut self, expression: &Expr) {
        match expression {
            Expr::Identifier(ident) => self.column(std::slice::from_ref(ident), true),
            Expr::CompoundIdentifier(idents) => self.column(idents, true),
            Expr::Nested(inner) => self.untyped(inner),
            _ => self.expression(expression),
        }
    }

    fn binary(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr) {
        use BinaryOperator as Op;
        match op {
            // Its schema is written beside it, so that it is the one that is meant.
            Op::PGCustomBinaryOperator(name) if name.len() == 2 => {
                self.untyped(left);
                self.untyped(right);
            }
            Op::Plus
            | Op::Minus
            | Op::Multiply
            | Op::Divide
            | Op::Modulo
            | Op::StringConcat
            | Op::Gt
            | Op::Lt
            | Op::GtEq
            | Op::LtEq
            | Op::Eq
            | Op::NotEq
            | Op::And
            | Op::Or
            | Op::BitwiseOr
            | Op::BitwiseAnd
            | Op::PGBitwiseXor
            | Op::PGBitwiseShiftLeft
            | Op::PGBitwiseShiftRight
            | Op::PGExp
            | Op::PGOverlap
            | Op::PGRegexMatch
            | Op::PGRegexIMatch
            | Op::PGRegexNotMatch
            | Op::PGRegexNotIMatch
            | Op::PGStartsWith
            | Op::Arrow
            | Op::LongArrow
            | Op::HashArrow
            | Op::HashLongArrow
            | Op::AtArrow
            | Op::ArrowAt
            | Op::HashMinus
            | Op::Question
            | Op::QuestionAnd
            | Op::QuestionPipe => self.all([left, right]),
            other => {
                let at = self.places.range(left.span().union(&right.span()));
                self.refuse(
                    at,
                    format!("the operator `{other}` is not supported"),
                    "an operator of an extension is written with its schema: OPERATOR(public.=)",
                );
                self.all([left, right]);
            }
        }
    }

    fn value(&mut self, value: &Value, expression: &Expr) {
        let at = || self.places.range(expression.span());
        match value {
            Value::Number(..) | Value::Boolean(_) | Value::Null | Value::EscapedStringLiteral(_) => {}
            Value::SingleQuotedString(text) => {
                let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
                if MOMENTS.contains(&first.as_str()) {
                    self.moment = Some(at());
                }
            }
            Value::Placeholder(name) => {
                let message = format!("`{name}` is a parameter, and nothing here has a value for it");
                self.refuse(at(), message, "write the value itself");
            }
            other => {
                self.refuse(
                    at(),
                    format!("a constant written as `{other}` is not supported"),
                    "accepted are numbers and '...'",
                );
            }
        }
    }

    /// `untyped`: whether an operator of the column's type has no say here.
    fn column(&mut self, idents: &[Ident], untyped: bool) {
        let at = self.places.range(Ident::span_of(idents));
        let names: Vec<String> = idents.iter().map(name).collect();
        let (table, column) = match names.as_slice() {
            [column] => (None, column),
            [table, column] => (Some(table), column),
            _ => {
                let written = names.join(".");
                self.refuse(at, format!("`{written}` names no column of this row"), "write the column alone");
                return;
            }
        };
        if let Some(table) = table.filter(|table| **table != self.table.name) {
            let message = format!("`{table}` is not the table of this node, {}", self.catalog.short(self.table));
            self.refuse(at, message, "an expression is about one row: write a condition on a child at that child");
            return;
        }
        let Some(found) = self.table.column(column) else {
            self.no_column(at, column, idents.last().is_some_and(|ident| ident.quote_style.is_none()));
            return;
        };
        self.temporal |= is_temporal(found.kind);
        if !untyped && !is_built_in(found) {
            self.foreign(at.clone(), found);
        }
        self.columns.push((at, column.clone()));
    }

    fn no_column(&mut self, at: Range<usize>, column: &str, folded: bool) {
        let known = || self.table.columns.iter().map(|column| column.name.as_str());
        let help = match nearest(column, known()) {
            Some(near) if folded && near.to_lowercase() != near => {
                format!(
                    "did you mean `\"{near}\"`? Names with capitals stand in double quotes, which JSON writes as \\\""
                )
            }
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", listed(known())),
        };
        let message = format!("table {} has no column `{column}`", self.catalog.short(self.table));
        self.findings.push(Finding { code: Code::UnknownColumn, at, message, help: vec![help] });
    }

    /// Sessions that read have an empty search path: the built-in operator of another type would be taken, and say something
    /// else.
    fn foreign(&mut self, at: Range<usize>, column: &Column) {
        let name = format!("{}.{}", self.catalog.short(self.table), column.name);
        let schema = match &column.comparison {
            Comparison::By(operators) => operators.schema.as_str(),
            _ => column.cast.split('.').next().unwrap_or_default(),
        };
        self.refuse(
            at,
            format!("{name} is {}, whose operators and functions are an extension's", column.declared),
            format!("write what is meant: {0}::text = '...', or {0} OPERATOR({schema}.=) '...'", column.name),
        );
    }

    fn function(&mut self, function: &Function) {
        let at = self.places.range(function.name.span());
        let Some(called) = function_name(&function.name) else {
            let message = format!("`{}` is not among the functions that may be called", function.name);
            self.refuse(at, message, "put what it gives into a generated column of the table");
            return;
        };
        match functions::called(&called) {
            Called::Aggregate => {
                self.refuse(
                    at,
                    format!("`{called}` is about several rows"),
                    "an expression is about one row of this table",
                );
                return;
            }
            Called::Changing => {
                self.refuse(
                    at,
                    format!("`{called}` gives something else each time, and nothing would tell the document"),
                    "accepted is what stays true until the row changes; filter by time where you search",
                );
                return;
            }
            Called::Unknown => {
                let help = match nearest(&called, FUNCTIONS.iter().map(|(name, _)| *name)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "put what it gives into a generated column of the table".to_owned(),
                };
                self.refuse(at, format!("`{called}` is not among the functions that may be called"), help);
                return;
            }
            Called::Function(_) => {}
        }
        let plain = function.over.is_none()
            && function.filter.is_none()
            && function.within_group.is_empty()
            && function.null_treatment.is_none()
            && matches!(function.parameters, FunctionArguments::None);
        match arguments(function).filter(|_| plain) {
            Some(arguments) => self.all(arguments),
            None => self.refuse(
                at,
                format!("`{called}` is called in a way that is not supported"),
                "accepted are plain arguments",
            ),
        }
    }

    /// A type that is cast to.
    fn data_type(&mut self, data_type: &DataType, cast: &Expr) {
        let at = self.places.range(cast.span());
        match evident::named(data_type) {
            evident::Named::BuiltIn(kind) => self.temporal |= kind.is_some_and(is_temporal),
            evident::Named::Qualified => {}
            evident::Named::Plain(name) => {
                let schema = self.schema_of(&name);
                let changes = name.starts_with("reg");
                if let Some(schema) = schema {
                    let message = format!("the type `{name}` stands in schema `{schema}`, and no schema is searched");
                    self.refuse(at, message, format!("write it with its schema: {schema}.{name}"));
                } else if changes {
                    let message = format!("what `{name}` gives depends on the catalogue and not on the row");
                    self.refuse(at, message, "compare the values themselves");
                }
            }
            evident::Named::No => {
                self.refuse(
                    at,
                    format!("a cast to `{data_type}` is not supported"),
                    "accepted are the types of PostgreSQL by name",
                );
            }
        }
    }

    /// The schema of a type that is no built-in one, as far as columns have it.
    fn schema_of(&self, name: &str) -> Option<String> {
        let of_enum = self.catalog.enums.iter().find(|of| of.name == name).map(|of| of.schema.clone());
        let of_column = || {
            let columns = self.catalog.tables.iter().flat_map(|table| &table.columns);
            let mut casts = columns.filter_map(|column| column.cast.split_once('.'));
            casts.find(|(_, of)| of.trim_matches('"') == name).map(|(schema, _)| schema.trim_matches('"').to_owned())
        };
        of_enum.or_else(of_column)
    }
}

/// Whether operators of the column's type are found without its schema: enums compare by built-in ones.
fn is_built_in(column: &Column) -> bool {
    !matches!(column.comparison, Comparison::By(_)) && (!column.cast.contains('.') || column.enumeration.is_some())
}

/// The name of a function that stands in no schema but `pg_catalog`.
pub(super) fn function_name(of: &ObjectName) -> Option<String> {
    let names: Option<Vec<String>> = of.0.iter().map(|part| part.as_ident().map(name)).collect();
    match names?.as_slice() {
        [name] => Some(name.clone()),
        [schema, name] if schema == "pg_catalog" => Some(name.clone()),
        _ => None,
    }
}

/// Plain arguments of a function, where it has no others.
pub(super) fn arguments(function: &Function) -> Option<Vec<&Expr>> {
    let FunctionArguments::List(list) = &function.args else { return None };
    if list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
        return None;
    }
    let plain = |argument| match argument {
        &FunctionArg::Unnamed(FunctionArgExpr::Expr(ref expression)) => Some(expression),
        _ => None,
    };
    list.args.iter().map(plain).collect()
}

/// The place of several names.
pub(super) trait SpanOf {
    fn span_of(idents: &[Self]) -> sqlparser::tokenizer::Span
    where
        Self: Sized;
}

impl SpanOf for Ident {
    fn span_of(idents: &[Self]) -> sqlparser::tokenizer::Span {
        let first = idents.first().map_or_else(sqlparser::tokenizer::Span::empty, |ident| ident.span);
        idents.last().map_or(first, |last| first.union(&last.span))
    }
}
