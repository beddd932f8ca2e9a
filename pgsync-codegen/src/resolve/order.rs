//! `order_by`, `limit` and `distinct`. In: entries as they are written. Out: columns with their direction, or why a node's rows
//! cannot be ordered by them. Ties are broken by the key, here as everywhere, so that a document is determined.

use super::Resolver;
use crate::ast::Node;
use crate::bound::{Column, OrderBy};
use crate::diagnostic::{Code, Diagnostic};
use pgsync_plan::Shape;

/// An entry in its parts: the column, whether it is descending, whether NULL comes first.
fn read(entry: &str) -> (&str, bool, bool) {
    let (mut rest, mut nulls_first) = (entry.trim(), false);
    for (words, first) in [("nulls first", true), ("nulls last", false)] {
        if let Some(before) = ends(rest, words) {
            (rest, nulls_first) = (before, first);
        }
    }
    match (ends(rest, "desc"), ends(rest, "asc")) {
        (Some(before), _) => (before, true, nulls_first),
        (None, Some(before)) => (before, false, nulls_first),
        (None, None) => (rest, false, nulls_first),
    }
}

/// What stands before these words, in small letters or large ones.
fn ends<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(words.len())?;
    let (before, last) = (text.get(..at)?, text.get(at..)?);
    (last.eq_ignore_ascii_case(words) && before.ends_with(' ')).then(|| before.trim_end())
}

impl Resolver<'_> {
    /// What the rows of a node are ordered by.
    pub(super) fn order_by(&mut self, node: &Node, position: usize, root: bool) -> Vec<OrderBy> {
        let table = &self.catalog.tables[position];
        let mut found: Vec<OrderBy> = Vec::new();
        if let Some(first) = node.order_by.first().filter(|_| root) {
            self.push(
                Diagnostic::new(Code::WrongValue, first.span, "the documents of an index have no order")
                    .help("`order_by` is for children: searches order documents"),
            );
            return found;
        }
        for entry in &node.order_by {
            let (name, descending, nulls_first) = read(&entry.value);
            let Some(column) = self.column(table, name, entry.span) else { continue };
            if !column.has_equality() {
                self.push(Diagnostic::new(
                    Code::TypeClash,
                    entry.span,
                    format!("`{name}` is {}, whose values have no order", column.declared),
                ));
            }
            if found.iter().any(|known| known.column == name) {
                self.push(
                    Diagnostic::new(Code::Duplicate, entry.span, format!("`order_by` names `{name}` twice"))
                        .help("the first decides"),
                );
            }
            found.push(OrderBy { column: name.to_owned(), descending, nulls_first });
        }
        found
    }

    /// How many rows a parent shows at most.
    pub(super) fn limit(&mut self, node: &Node, many: bool) -> Option<u32> {
        let limit = node.limit.as_ref()?;
        if !many {
            self.push(
                Diagnostic::new(Code::WrongValue, limit.span, "`limit` is for to-many children")
                    .help("a to-one field shows the first row by `order_by`"),
            );
        }
        Some(limit.value)
    }

    /// Whether each value is shown once. Equal values are found side by side, so the rows are ordered by the value.
    pub(super) fn distinct_values(
        &mut self,
        node: &Node,
        (position, shape): (usize, Shape),
        columns: &[Column],
        order_by: &mut Vec<OrderBy>,
    ) -> bool {
        let Some(distinct) = node.distinct.as_ref().filter(|distinct| distinct.value) else { return false };
        if shape != Shape::Scalars {
            self.push(
                Diagnostic::new(Code::WrongValue, distinct.span, "`distinct` is for to-many scalar children")
                    .help("write \"relationship\": {\"variant\": \"scalar\", \"type\": \"one_to_many\"}"),
            );
            return false;
        }
        let Some(shown) = columns.first() else { return false };
        if !shown.path.is_empty() || shown.computed.is_some() {
            self.push(
                Diagnostic::new(
                    Code::WrongValue,
                    distinct.span,
                    format!("`distinct` compares values of columns, and `{}` is made of one", shown.text),
                )
                .help("make a generated column of it and show that"),
            );
            return false;
        }
        let table = &self.catalog.tables[position];
        if let Some(column) = table.column(&shown.column).filter(|column| !column.has_equality()) {
            self.push(Diagnostic::new(
                Code::TypeClash,
                distinct.span,
                format!("`{}` is {}, whose values cannot be compared", shown.column, column.declared),
            ));
            return false;
        }
        if order_by.is_empty() {
            order_by.push(OrderBy { column: shown.column.clone(), descending: false, nulls_first: false });
        }
        let other = order_by.iter().position(|by| by.column != shown.column);
        if let Some(entry) = other.and_then(|other| node.order_by.get(other)) {
            self.push(
                Diagnostic::new(
                    Code::WrongValue,
                    entry.span,
                    format!("distinct values are ordered by themselves: accepted is `{}`", shown.column),
                )
                .help("several rows may have one value, and differ in the other columns"),
            );
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn an_entry_is_a_column_and_its_direction() {
        for (entry, read_as) in [
            ("a", ("a", false, false)),
            ("a DESC", ("a", true, false)),
            ("a asc nulls first", ("a", false, true)),
            ("a desc NULLS LAST", ("a", true, false)),
            ("two words desc", ("two words", true, false)),
            ("desc", ("desc", false, false)),
            ("nulls first", ("nulls first", false, false)),
        ] {
            assert_eq!(read(entry), read_as, "{entry}");
        }
    }
}
