//! `routing`: which value decides where a document is kept. In: the name of a field of the finished document. Out: the root's
//! column that it shows, or why its value cannot be followed: the copy under the old value has to be found again whenever
//! the value changes, and only the row itself tells it.

use super::Resolver;
use crate::bound;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Spanned;
use pgsync_plan::ValueKind;

impl Resolver<'_> {
    /// The column behind the field that `routing` names.
    pub(super) fn routing(&mut self, field: &Spanned<String>, root: &bound::Node) -> Option<String> {
        let table = &self.catalog.tables[root.table];
        let name = &field.value;
        if table.kind.is_view() {
            let what = format!("{} is a view, whose documents cannot be routed", self.catalog.short(table));
            self.push(Diagnostic::new(Code::WrongValue, field.span, what).help(
                "no change carries the value that a row of a view had: make the root the table that it is a column of",
            ));
            return None;
        }
        let Some(column) = root.columns.iter().find(|column| !column.hidden && column.field == *name) else {
            let fields = root.columns.iter().filter(|column| !column.hidden).map(|column| column.field.as_str());
            let other = root.children.iter().any(|child| child.field == *name)
                || root.concats.iter().any(|concat| concat.field == *name);
            let found = if other {
                Diagnostic::new(Code::WrongValue, field.span, format!("the routing `{name}` is no column of the root"))
                    .help(
                        "a document is kept by the value of one of its root's own columns: name a field that shows one",
                    )
            } else {
                Diagnostic::new(
                    Code::WrongValue,
                    field.span,
                    format!("the documents have no field `{name}` to be routed by"),
                )
                .help("`routing` names a field of the finished document, after `rename`")
                .suggest(name, fields)
            };
            self.push(found);
            return None;
        };
        let ty = table.column(&column.column);
        let one = ty.is_some_and(|ty| !ty.array && is_one_value(ty.kind));
        if !column.path.is_empty() || column.computed.is_some() || !one {
            self.push(
                Diagnostic::new(
                    Code::WrongValue,
                    field.span,
                    format!("the routing `{name}` is not the plain value of a column"),
                )
                .help("it is a column: a text, number, boolean, uuid, enum, date or timestamp, without a path"),
            );
            return None;
        }
        if ty.is_some_and(|ty| ty.generated) {
            let what = format!("the routing `{name}` is a generated column, whose old values no change carries");
            self.push(
                Diagnostic::new(Code::NotCapturable, field.span, what)
                    .help("name a column that it is generated from, or one that is not generated"),
            );
            return None;
        }
        Some(column.column.clone())
    }
}

/// Whether a value is one JSON text, number or boolean.
fn is_one_value(kind: ValueKind) -> bool {
    use ValueKind::{Bool, Char, Date, Enum, Int2, Int4, Int8, Numeric, Oid, Text, Timestamp, TimestampTz, Uuid};
    matches!(
        kind,
        Bool | Int2 | Int4 | Int8 | Oid | Numeric | Text | Char | Enum | Uuid | Date | Timestamp | TimestampTz
    )
}
