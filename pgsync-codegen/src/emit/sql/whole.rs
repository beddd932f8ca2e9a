//! Tables that a load reads whole before anything else. In: a node. Out: the statement, where several parents show the same
//! row and the reader can tell which: one walk through a small table costs a hundredth of looking up each of its rows.

use super::Whole;
use super::document::Writer;
use pgsync_plan::{Link, Node, Statement, TableKind};

impl Writer<'_> {
    pub(super) fn whole(&self, node: &Node, link: &Link, besides: &[String]) -> Option<Statement> {
        let (table, parent) = (self.plan.table(node.table), self.document.node(node.parent?));
        let (above, by) = match &link.through {
            None => (self.plan.table(parent.table), &link.parent),
            Some(through) if self.apart(node, link).is_some() => (self.plan.table(through.table), &through.child),
            Some(_) => return None,
        };
        let ([linked], [by]) = (link.child.as_slice(), by.as_slice()) else { return None };
        let (own, asked) = (&table.column(*linked).ty, &above.column(*by).ty);
        let alike = own.cast == asked.cast && !own.array && own.kind.has_binary_order();
        // A row that hangs on the key of its parent is shown once.
        let once = link.through.is_none() && above.key.as_slice() == [*by];
        if !alike || once || !self.finds_one(node, link) || table.kind != TableKind::Ordinary {
            return None;
        }
        let key = self.names("child", node.table, &link.child);
        let columns = key.into_iter().chain(self.select("child", node)).chain(besides.iter().cloned()).collect();
        let whole = Whole { columns, table: self.dialect.table(table), alias: "child".to_owned() };
        Some(Statement { sql: self.dialect.whole(&whole) })
    }
}
