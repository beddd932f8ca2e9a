//! `_meta`. In: a bound document that asks for it. Out: a finding where it cannot be had.

use super::Resolver;
use crate::bound::Node;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use pgsync_plan::Shape;

/// What the keys of the rows stand under.
const META: &str = "_meta";

impl Resolver<'_> {
    /// Whether the keys of all rows can be listed.
    pub(super) fn meta(&mut self, span: Span, root: &Node) -> bool {
        let mut without = None;
        root.each(&mut |node| {
            let through = node.link.as_ref().is_some_and(|link| link.through.is_some());
            let why = match (node.distinct, node.limit.is_some() && through) {
                (true, _) => "is `distinct`, so that one row stands for several",
                (false, true) => "has a `limit` behind a join table, whose rows are not told apart then",
                (false, false) => return,
            };
            without = without.or(Some((&node.label, why)));
        });
        if let Some((label, why)) = without {
            let found =
                Diagnostic::new(Code::Unsupported, span, format!("`_meta` cannot list keys of `{label}`: it {why}"));
            self.push(found.help("leave out one of the two"));
            return false;
        }
        if shows(root, META) {
            let what = "the document has a field `_meta` of its own";
            let found = Diagnostic::new(Code::Duplicate, span, what);
            self.push(found.help("give the field another name with `rename`, or leave out `_meta`"));
            return false;
        }
        true
    }
}

/// Whether a row of a node, or of what is flattened into it, has a field of this name.
fn shows(node: &Node, name: &str) -> bool {
    let columns = node.columns.iter().filter(|column| !column.hidden).map(|column| &column.field);
    let concats = node.concats.iter().filter(|concat| !concat.hidden).map(|concat| &concat.field);
    let children = node.children.iter().filter(|child| !child.hidden && child.shape != Shape::Flat);
    columns.chain(concats).chain(children.map(|child| &child.field)).any(|field| field == name)
        || node.children.iter().any(|child| child.shape == Shape::Flat && shows(child, name))
}
