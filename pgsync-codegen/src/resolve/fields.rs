//! Names of fields: `rename`, and that no two fields of an object share a name.

use super::Resolver;
use crate::ast::Node;
use crate::bound;
use crate::diagnostic::{Code, Diagnostic};

impl Resolver<'_> {
    /// Applies a node's `rename` to its own fields and to the labels of its children.
    pub(super) fn rename(&mut self, node: &Node, columns: &mut [bound::Column], children: &mut [bound::Node]) {
        for (old, new) in &node.rename {
            let mut found = false;
            for column in columns.iter_mut() {
                let original = original(column);
                if original == old.value {
                    column.field.clone_from(&new.value);
                    found = true;
                }
            }
            for child in children.iter_mut().filter(|child| child.label == old.value) {
                child.field.clone_from(&new.value);
                found = true;
            }
            // A child that could not be bound is reported already; its label is no news.
            let unbound = node.children.len() != children.len();
            if !found && !unbound {
                let names: Vec<String> =
                    columns.iter().map(original).chain(children.iter().map(|child| child.label.clone())).collect();
                self.push(
                    Diagnostic::new(Code::UnknownColumn, old.span, format!("this node has no field `{}`", old.value))
                        .help(format!("its fields are {}", names.join(", ")))
                        .suggest(&old.value, names.iter().map(String::as_str)),
                );
            }
        }
        let mut seen: Vec<&str> = Vec::new();
        let fields = columns.iter().map(|column| column.field.as_str());
        for field in fields.chain(children.iter().map(|child| child.field.as_str())) {
            if seen.contains(&field) {
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::FieldClash,
                        node.table.span,
                        format!("two fields of this node are named `{field}`"),
                    )
                    .help("give one of them another name with \"label\" or \"transform\": {\"rename\": {...}}"),
                );
            }
            seen.push(field);
        }
    }
}

/// The field a column makes before `rename`.
fn original(column: &bound::Column) -> String {
    if column.path.is_empty() { column.column.clone() } else { path_field(column) }
}

fn path_field(column: &bound::Column) -> String {
    use pgsync_plan::PathStep;
    let mut field = column.column.clone();
    for step in &column.path {
        field.push('_');
        match step {
            PathStep::Key(key) => field.push_str(&key.replace(['{', '}'], "")),
            PathStep::Index(index) => field.push_str(&index.to_string()),
            PathStep::Path(path) => field.push_str(&path.replace(['{', '}'], "")),
        }
    }
    field
}
