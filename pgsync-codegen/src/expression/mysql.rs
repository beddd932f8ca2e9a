//! Expressions of MySQL and MariaDB. In: what the SQL parser made of one. Out: its columns with their places, and a finding for
//! each part that is not known to be harmless. Whatever is not named here is refused.
//!
//! Sessions have no `sql_mode`: text in double quotes is a constant, and `||` is OR.

mod evident;
mod functions;

use super::Finding;
use super::check::{Checked, SpanOf as _, arguments};
use super::evident::Evident;
use super::place::Places;
use crate::catalog::{Catalog, Column, Table};
use crate::diagnostic::{Code, listed, nearest};
use functions::Called;
use pgsync_plan::Dialect;
use sqlparser::ast::{
    BinaryOperator as Op, CastKind, CeilFloorKind, DataType, DateTimeField, Expr, Function, FunctionArguments, Ident,
    InTarget, ObjectName, Spanned, TypedString, UnaryOperator, Value,
};
use std::ops::Range;

/// Checks an expression over the rows of a table.
pub(super) fn check(expression: &Expr, table: &Table, catalog: &Catalog, places: &Places<'_>) -> Checked {
    let mut check = Check { table, catalog, places, columns: Vec::new(), findings: Vec::new() };
    check.expression(expression);
    (check.columns, check.findings)
}

/// The type of an expression over the rows of a table.
pub(super) fn evident(expression: &Expr, table: &Table, dialect: Dialect) -> Option<Evident> {
    evident::evident(expression, table, dialect)
}

struct Check<'a> {
    table: &'a Table,
    catalog: &'a Catalog,
    places: &'a Places<'a>,
    columns: Vec<(Range<usize>, String)>,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn all<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expr>) {
        expressions.into_iter().for_each(|expression| self.expression(expression));
    }

    fn expression(&mut self, expression: &Expr) {
        match expression {
            Expr::Identifier(ident) => self.column(std::slice::from_ref(ident)),
            Expr::CompoundIdentifier(idents) => self.column(idents),
            Expr::IsNull(inner)
            | Expr::IsNotNull(inner)
            | Expr::IsFalse(inner)
            | Expr::IsNotFalse(inner)
            | Expr::IsTrue(inner)
            | Expr::IsNotTrue(inner)
            | Expr::IsUnknown(inner)
            | Expr::IsNotUnknown(inner)
            | Expr::Nested(inner)
            | Expr::Collate { expr: inner, .. }
            | Expr::Extract { expr: inner, .. }
            | Expr::Ceil { expr: inner, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) }
            | Expr::Floor { expr: inner, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) }
            | Expr::Convert { expr: inner, data_type: None, .. }
            | Expr::UnaryOp {
                op: UnaryOperator::Plus | UnaryOperator::Minus | UnaryOperator::Not | UnaryOperator::BitwiseNot,
                expr: inner,
            } => self.expression(inner),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::In { expr, target: InTarget::List(list), .. } => self.all(std::iter::once(&**expr).chain(list)),
            Expr::Between { expr, low, high, .. } => self.all([&**expr, low, high]),
            Expr::Position { expr, r#in } | Expr::RLike { expr, pattern: r#in, .. } => self.all([&**expr, r#in]),
            Expr::Like { expr, pattern, escape_char, any: false, .. } => {
                self.all([&**expr, pattern]);
                self.all(escape_char.as_deref());
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.all(operand.as_deref());
                self.all(conditions.iter().flat_map(|when| [&when.condition, &when.result]));
                self.all(else_result.as_deref());
            }
            Expr::Cast { kind: CastKind::Cast, expr, data_type, format: None }
            | Expr::Convert { expr, data_type: Some(data_type), charset: None, .. } => {
                self.data_type(data_type, expression);
                self.expression(expr);
            }
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                self.expression(expr);
                self.all(substring_from.as_deref());
                self.all(substring_for.as_deref());
            }
            Expr::Trim { trim_what, expr, trim_characters: None, .. } => {
                self.expression(expr);
                self.all(trim_what.as_deref());
            }
            Expr::Interval(interval) => self.expression(&interval.value),
            Expr::Tuple(values) => self.all(values),
            Expr::Prefixed { value, .. } => self.expression(value),
            Expr::Value(value) if is_constant(&value.value) => self.constant(&value.value, expression),
            Expr::TypedString(TypedString { value, .. }) if is_constant(&value.value) => {}
            Expr::Function(function) => self.function(function),
            Expr::Subquery(_) | Expr::Exists { .. } | Expr::In { .. } => self.refuse_all(
                expression,
                "this is a query: what it finds may change while the row stays as it is".to_owned(),
                "accepted is what the values of the row itself say",
            ),
            Expr::IsDistinctFrom(..) | Expr::IsNotDistinctFrom(..) => {
                let what = format!("{} has no IS DISTINCT FROM", self.server());
                self.refuse_all(expression, what, "write a <=> b where both may be NULL, and NOT (a <=> b)");
            }
            Expr::Cast { kind: CastKind::DoubleColon, .. } => {
                let what = format!("{} has no `::`", self.server());
                self.refuse_all(expression, what, "write CAST(... AS CHAR)");
            }
            _ => self.refuse_all(
                expression,
                format!("`{expression}` is an expression of a kind that is not supported for {}", self.server()),
                "accepted are columns, constants, comparisons, arithmetic, AND, OR, NOT, IS NULL, IN, LIKE, REGEXP, BETWEEN, CASE, \
                 casts and the functions that docs/mysql.md lists",
            ),
        }
    }

    /// In double quotes stands a column in other databases, and here a text that is always the same.
    fn constant(&mut self, value: &Value, expression: &Expr) {
        let Value::DoubleQuotedString(text) = value else { return };
        let named = |column: &Column| column.name.to_lowercase() == text.to_lowercase();
        if self.table.columns.iter().any(named) {
            let what = format!("\"{text}\" is a text here, and the table has a column of that name");
            self.refuse_all(expression, what, &format!("write {text} for the column, '{text}' for the text"));
        }
    }

    fn server(&self) -> &'static str {
        self.catalog.dialect.name()
    }

    fn refuse(&mut self, at: Range<usize>, message: String, help: &str) {
        self.findings.push(Finding { code: Code::Expression, at, message, help: vec![help.to_owned()] });
    }

    fn refuse_all(&mut self, expression: &Expr, message: String, help: &str) {
        self.refuse(self.places.range(expression.span()), message, help);
    }

    fn binary(&mut self, left: &Expr, op: &Op, right: &Expr) {
        let at = || self.places.range(left.span().union(&right.span()));
        match op {
            Op::Plus
            | Op::Minus
            | Op::Multiply
            | Op::Divide
            | Op::MyIntegerDivide
            | Op::Modulo
            | Op::Gt
            | Op::Lt
            | Op::GtEq
            | Op::LtEq
            | Op::Eq
            | Op::NotEq
            | Op::Spaceship
            | Op::And
            | Op::Or
            | Op::Xor
            | Op::BitwiseOr
            | Op::BitwiseAnd
            | Op::BitwiseXor
            | Op::PGBitwiseShiftLeft
            | Op::PGBitwiseShiftRight => {}
            Op::Arrow | Op::LongArrow if self.catalog.dialect == Dialect::Mysql => {}
            Op::Arrow | Op::LongArrow => {
                let what = format!("{} has no `{op}`", self.server());
                self.refuse(at(), what, "write JSON_EXTRACT(doc, '$.a'), and JSON_UNQUOTE around it for a text");
            }
            // Of several the last one holds them all.
            Op::StringConcat => {
                let what = "`||` is OR in a session without a sql_mode".to_owned();
                self.refuse(at(), what, "write CONCAT(a, b) for a text, OR for a condition");
                return;
            }
            other => {
                let what = format!("the operator `{other}` is not supported for {}", self.server());
                self.refuse(at(), what, "accepted are comparisons, arithmetic, AND, OR, XOR and operators of bits");
            }
        }
        self.all([left, right]);
    }

    fn column(&mut self, idents: &[Ident]) {
        let at = self.places.range(Ident::span_of(idents));
        let (of, name) = match idents {
            [column] => (None, column),
            [of, column] => (Some(of), column),
            _ => return self.refuse(at, "this names no column of this row".to_owned(), "write the column alone"),
        };
        if let Some(of) = of.filter(|of| !is(of, &self.table.name)) {
            let message = format!("`{of}` is not the table of this node, {}", self.catalog.short(self.table));
            let help = "an expression is about one row: write a condition on a child at that child";
            return self.refuse(at, message, help);
        }
        let written = unquoted(name);
        if let Some(found) = column(self.table, name) {
            self.columns.push((at, found.name.clone()));
        } else if name.quote_style.is_none()
            && (written.starts_with('@') || functions::changes(&written.to_lowercase()))
        {
            self.changing(at, &written);
        } else {
            let known = || self.table.columns.iter().map(|column| column.name.as_str());
            let help = match nearest(&written, known()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", listed(known())),
            };
            let message = format!("table {} has no column `{written}`", self.catalog.short(self.table));
            self.findings.push(Finding { code: Code::UnknownColumn, at, message, help: vec![help] });
        }
    }

    fn changing(&mut self, at: Range<usize>, called: &str) {
        self.refuse(
            at,
            format!("`{called}` gives something else each time, and nothing would tell the document"),
            "accepted is what stays true until the row changes; filter by time where you search",
        );
    }

    fn function(&mut self, function: &Function) {
        let at = self.places.range(function.name.span());
        let generated = "put what it gives into a generated column of the table";
        let Some(called) = function_name(&function.name) else {
            let message = format!("`{}` is not among the functions that may be called", function.name);
            return self.refuse(at, message, generated);
        };
        // Without an argument it is the present.
        let present = called == "unix_timestamp" && arguments(function).is_some_and(|all| all.is_empty());
        match functions::called(&called, self.catalog.dialect) {
            Called::Function(_) if !present => {}
            Called::Function(_) | Called::Changing => return self.changing(at, &called),
            Called::Aggregate => {
                let message = format!("`{called}` is about several rows");
                return self.refuse(at, message, "an expression is about one row of this table");
            }
            Called::OfOther(server) => {
                let message = format!("`{called}` is a function of {server}, and this is {}", self.server());
                return self.refuse(at, message, generated);
            }
            Called::Unknown => {
                let near = functions::like(&called).map(|near| format!("did you mean `{near}`?"));
                let help = near.unwrap_or_else(|| format!("docs/mysql.md lists them; else {generated}"));
                return self.refuse(at, format!("`{called}` is not among the functions that may be called"), &help);
            }
        }
        let plain = function.over.is_none()
            && function.filter.is_none()
            && function.within_group.is_empty()
            && function.null_treatment.is_none()
            && matches!(function.parameters, FunctionArguments::None);
        match arguments(function).filter(|_| plain) {
            // It begins with a unit, which is no column.
            Some(arguments) if called == "timestampdiff" => self.all(arguments.into_iter().skip(1)),
            Some(arguments) => self.all(arguments),
            None => {
                let message = format!("`{called}` is called in a way that is not supported");
                self.refuse(at, message, "accepted are plain arguments");
            }
        }
    }

    /// A type that is cast to.
    fn data_type(&mut self, data_type: &DataType, cast: &Expr) {
        let known = evident::to_type(data_type).is_some();
        if !known || (*data_type == DataType::JSON && self.catalog.dialect == Dialect::Mariadb) {
            self.refuse_all(
                cast,
                format!("a cast to `{data_type}` is not supported for {}", self.server()),
                "accepted are SIGNED, UNSIGNED, CHAR, BINARY, DATE, DATETIME, TIME, DECIMAL, DOUBLE, FLOAT, and JSON on MySQL",
            );
        }
    }
}

/// The column that is meant: names of columns are the same in small letters and large ones.
fn column<'t>(table: &'t Table, ident: &Ident) -> Option<&'t Column> {
    table.columns.iter().find(|found| is(ident, &found.name))
}

fn is(ident: &Ident, name: &str) -> bool {
    unquoted(ident).to_lowercase() == name.to_lowercase()
}

fn unquoted(ident: &Ident) -> String {
    match ident.quote_style {
        Some(quote) => ident.value.replace(&format!("{quote}{quote}"), &quote.to_string()),
        None => ident.value.clone(),
    }
}

/// The name of a built-in function, in small letters.
fn function_name(of: &ObjectName) -> Option<String> {
    match of.0.as_slice() {
        [part] => Some(unquoted(part.as_ident()?).to_lowercase()),
        _ => None,
    }
}

fn is_constant(value: &Value) -> bool {
    matches!(
        value,
        Value::Number(..)
            | Value::Boolean(_)
            | Value::Null
            | Value::SingleQuotedString(_)
            | Value::DoubleQuotedString(_)
            | Value::HexStringLiteral(_)
    )
}

#[cfg(test)]
mod tests;
