//! Expressions that the schema writes, bound. In: a text of the file. Out: what `expression` reads in it, each finding at its
//! place in the file.

use super::Resolver;
use crate::ast::Node;
use crate::bound::{Column, Computed, Expression};
use crate::diagnostic::{Code, Diagnostic};
use crate::expression::{Evident, Read, read};
use crate::source::{Span, Spanned};
use pgsync_plan::{Dialect, ValueKind};
use std::ops::Range;

impl Resolver<'_> {
    /// Binds `where`: something that is true of a row or not.
    pub(super) fn filter(&mut self, written: &Spanned<String>, table: usize) -> Option<Expression> {
        let Read { expression, gives } = self.expression(written, table)?;
        if let Some(gives) = gives.filter(|gives| !self.is_truth(gives)) {
            self.push(
                Diagnostic::new(
                    Code::TypeClash,
                    written.span,
                    format!("`where` gives {}, not true or false", gives.cast),
                )
                .help("accepted is a condition, such as deleted_at IS NULL"),
            );
        }
        Some(expression)
    }

    /// Whether it says what is true: a number does too on MySQL and MariaDB, where columns of truth are such.
    fn is_truth(&self, Evident { kind, array, .. }: &Evident) -> bool {
        use ValueKind::{Bool, Float4, Float8, Int8, Numeric, UInt8};
        match self.catalog.dialect {
            Dialect::Postgres => *kind == Bool && !array,
            Dialect::Mysql | Dialect::Mariadb => matches!(kind, Bool | Int8 | UInt8 | Numeric | Float4 | Float8),
        }
    }

    /// Binds `computed`: fields whose values the database makes of a row. Statements cast each to the type that is evident, so
    /// that whatever follows from it is right.
    pub(super) fn computed(&mut self, node: &Node, table: usize) -> Vec<Column> {
        let mut found = Vec::new();
        for (field, written) in &node.computed {
            let Some(Read { expression, gives }) = self.expression(written, table) else { continue };
            let Some(column) = expression.columns().next().cloned() else {
                self.push(
                    Diagnostic::new(Code::Expression, written.span, format!("`{}` reads no column", field.value))
                        .help("what is the same in all documents is added by an ingest pipeline or a transform"),
                );
                continue;
            };
            let opaque = |kind| matches!(kind, ValueKind::Enum | ValueKind::Hstore | ValueKind::Other);
            let Some(Evident { cast, kind, array }) = gives.filter(|gives| !opaque(gives.kind)) else {
                let text = match self.catalog.dialect {
                    Dialect::Postgres => format!("({})::text", written.value),
                    Dialect::Mysql | Dialect::Mariadb => format!("CAST({} AS CHAR)", written.value),
                };
                self.push(
                    Diagnostic::new(
                        Code::TypeClash,
                        written.span,
                        format!("the words of `{}` do not say of which type it is", field.value),
                    )
                    .help(format!("cast the whole of it: {text}, or to another built-in type")),
                );
                continue;
            };
            let computed = Some(Computed { expression, cast, kind, array });
            found.push(Column { column, computed, ..Column::plain(&field.value) });
        }
        found
    }

    /// Reads an expression over the rows of a table.
    pub(super) fn expression(&mut self, written: &Spanned<String>, table: usize) -> Option<Read> {
        let found = read(&written.value, &self.catalog.tables[table], self.catalog);
        found
            .map_err(|findings| {
                for finding in findings {
                    let span = self.place_within(written.span, &finding.at);
                    self.push(Diagnostic::new(finding.code, span, finding.message).helps(finding.help));
                }
            })
            .ok()
    }

    /// The place of a part of a string, which the file may have written with escapes.
    pub(super) fn place_within(&self, string: Span, part: &Range<usize>) -> Span {
        let written = self.diagnostics.text(string.start..string.end).unwrap_or_default();
        let start = string.start + written_at(written, part.start);
        let end = string.start + written_at(written, part.end);
        if end > start { Span { start, end } } else { string }
    }
}

/// Where a byte of a string's value stands in its JSON, quotes included.
fn written_at(json: &str, byte: usize) -> usize {
    let (mut value, mut at) = (0, 1);
    while value < byte {
        let Some(rest) = json.get(at..) else { break };
        let mut characters = rest.chars();
        let (written, length) = match (characters.next(), characters.next()) {
            (Some('\\'), Some('u')) => {
                let unit = |from: usize| u16::from_str_radix(rest.get(from..from + 4)?, 16).ok();
                match unit(2) {
                    // Two of them are one character of four bytes.
                    Some(0xd800..=0xdbff) => (12, 4),
                    unit => (6, unit.and_then(|unit| char::from_u32(unit.into())).map_or(1, char::len_utf8)),
                }
            }
            (Some('\\'), _) => (2, 1),
            (Some(plain), _) => (plain.len_utf8(), plain.len_utf8()),
            (None, _) => break,
        };
        at += written;
        value += length;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::written_at;

    #[test]
    fn escapes_of_json_are_counted() {
        let json = r#""a\"é\u00e9\ud83d\ude00b""#;
        let value: String = serde_json::from_str(json).unwrap();
        assert_eq!(value, "a\"éé😀b");
        for (byte, character) in value.char_indices() {
            let rest = &json[written_at(json, byte)..];
            let written = serde_json::from_str::<String>(&format!("\"{rest}")).unwrap();
            assert!(written.starts_with(character), "{byte}: {rest}");
        }
        assert_eq!(written_at(json, value.len()), json.len() - 1);
    }
}
