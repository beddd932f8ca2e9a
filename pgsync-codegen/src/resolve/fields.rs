//! Names of fields: `rename`, that no two fields of an object share a name, and that engines take the names.

use super::Resolver;
use crate::ast::{Node, Rules};
use crate::bound;
use crate::diagnostic::{Code, Diagnostic};
use pgsync_plan::Shape;
use std::collections::HashSet;

/// Fields of the engines' own, which no document may have at its top.
const METADATA: [&str; 15] = [
    "_data_stream_timestamp",
    "_doc_count",
    "_feature",
    "_field_names",
    "_id",
    "_ignored",
    "_index",
    "_inference_fields",
    "_nested_path",
    "_primary_term",
    "_routing",
    "_seq_no",
    "_source",
    "_tier",
    "_version",
];

impl Resolver<'_> {
    /// Applies a node's `rename` to its own fields and to the labels of its children.
    pub(super) fn rename(&mut self, node: &Node, columns: &mut [bound::Column], children: &mut [bound::Node]) {
        // A renamed field frees its name: `{"a": "b", "b": "a"}` swaps.
        let fields: Vec<String> = columns.iter().map(|column| column.field.clone()).collect();
        for (old, rules) in &node.transform.rename {
            let Rules::Text(new) = rules else { continue };
            let mut found = false;
            for (column, _) in columns.iter_mut().zip(&fields).filter(|(_, field)| **field == old.value) {
                column.field.clone_from(&new.value);
                found = true;
            }
            for child in children.iter_mut().filter(|child| child.label == old.value) {
                child.field.clone_from(&new.value);
                found = true;
            }
            // A child that could not be bound is reported already; its label is no news.
            let unbound = node.children.len() != children.len();
            if !found && !unbound {
                self.nothing(node, old, columns);
            }
        }
    }

    /// That no two fields of an object share a name.
    pub(super) fn distinct(
        &mut self,
        node: &Node,
        columns: &[bound::Column],
        children: &[bound::Node],
        concats: &[bound::Concat],
    ) {
        let mut seen: HashSet<&str> = HashSet::new();
        for field in shown(columns, children, concats) {
            if !seen.insert(field) {
                let mut made = node.made();
                let made = made.find(|name| name.value == field);
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::FieldClash,
                        made.map_or(node.table.span, |name| name.span),
                        format!("two fields of this node are named `{field}`"),
                    )
                    .help("give one of them another name with \"label\" or \"transform\": {\"rename\": {...}}"),
                );
            }
        }
    }

    /// Refuses names that an engine would refuse with every document. A dot in a name is a path to it.
    pub(super) fn indexable(
        &mut self,
        node: &Node,
        columns: &[bound::Column],
        children: &[bound::Node],
        concats: &[bound::Concat],
        root: bool,
    ) {
        for field in shown(columns, children, concats) {
            let why = if root && METADATA.contains(&field) {
                "engines keep that name for a field of their own"
            } else if field.split('.').any(|part| part.trim().is_empty()) {
                "engines take no name that is blank, or blank before, between or behind its dots"
            } else {
                continue;
            };
            self.push(
                Diagnostic::new(Code::WrongValue, node.table.span, format!("a field is named `{field}`: {why}"))
                    .help(format!("give it another name: \"transform\": {{\"rename\": {{\"{field}\": \"...\"}}}}")),
            );
        }
    }
}

/// Names of the fields of an object, those of flattened children among them.
pub(super) fn shown<'a>(
    columns: &'a [bound::Column],
    children: &'a [bound::Node],
    concats: &'a [bound::Concat],
) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    names.extend(columns.iter().filter(|column| !column.hidden).map(|column| column.field.as_str()));
    for child in children.iter().filter(|child| !child.hidden) {
        match child.shape {
            Shape::Flat => names.extend(shown(&child.columns, &child.children, &child.concats)),
            _ => names.push(&child.field),
        }
    }
    names.extend(concats.iter().filter(|concat| !concat.hidden).map(|concat| concat.field.as_str()));
    names
}
