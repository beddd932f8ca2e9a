//! Paths of fields. In: a document. Out: an error where one field is a value and an object at once: an engine takes a dot in
//! a name for a path, so that `a` and `a.b` are the same field twice.

use super::Resolver;
use crate::ast;
use crate::bound;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use pgsync_plan::Shape;

/// A field that is a value: its path from the root, where it is written, and its name in its own node.
type Leaf = (Vec<String>, Span, String);

impl Resolver<'_> {
    /// Whether no two values of a document share a path, wholly or from its beginning.
    pub(super) fn paths(&mut self, node: &ast::Node, root: &bound::Node) {
        let mut leaves = Vec::new();
        if !add(node, root, &[], &mut leaves) {
            return;
        }
        // Whatever begins with a path stands right behind it.
        leaves.sort();
        for pair in leaves.windows(2) {
            let [(shorter, first, name), (longer, second, other)] = pair else { continue };
            // Two fields of one name in one node are reported there.
            if !longer.starts_with(shorter) || (shorter == longer && name == other) {
                continue;
            }
            let (shorter, longer) = (shorter.join("."), longer.join("."));
            let (line, column) = self.diagnostics.place(*first);
            self.push(
                Diagnostic::new(Code::FieldClash, *second, format!("the fields `{shorter}` and `{longer}` clash"))
                    .label(format!("`{longer}`"))
                    .help(format!("`{shorter}` stands in line {line}, column {column}: a dot is a path, and a field cannot be a value and an object"))
                    .help("give one of them another name with \"label\" or \"transform\": {\"rename\": {...}}"),
            );
        }
    }
}

/// Adds the values of a node; false where some of it could not be bound, which is reported.
fn add(node: &ast::Node, bound: &bound::Node, above: &[String], leaves: &mut Vec<Leaf>) -> bool {
    if node.children.len() != bound.children.len() {
        return false;
    }
    let under = |field: &str| above.iter().cloned().chain(field.split('.').map(str::to_owned)).collect::<Vec<_>>();
    for column in &bound.columns {
        let written = node.columns.iter().find(|written| written.value.text == column.text);
        let plain = column.computed.is_none() && column.aggregate.is_none();
        let made = node.made().find(|field| !plain && field.value == column.text);
        let span = match (made, written) {
            (Some(field), _) => field.span,
            (None, Some(written)) => written.span,
            (None, None) => node.table.span,
        };
        leaves.push((under(&column.field), span, column.field.clone()));
    }
    node.children.iter().zip(&bound.children).all(|(node, child)| match child.shape {
        Shape::Object | Shape::Objects => add(node, child, &under(&child.field), leaves),
        Shape::Flat => add(node, child, above, leaves),
        Shape::Scalar | Shape::Scalars => {
            let span = node.label.as_ref().map_or(node.table.span, |label| label.span);
            leaves.push((under(&child.field), span, child.field.clone()));
            true
        }
    })
}
