//! `_meta`. In: a bound document that asks for it. Out: a finding where it cannot be had.

use super::Resolver;
use super::fields::shown;
use crate::bound::Node;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

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
        if shown(&root.columns, &root.children, &root.concats).contains(&META) {
            let what = "the document has a field `_meta` of its own";
            let found = Diagnostic::new(Code::Duplicate, span, what);
            self.push(found.help("give the field another name with `rename`, or leave out `_meta`"));
            return false;
        }
        true
    }
}
