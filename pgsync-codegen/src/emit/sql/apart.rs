//! Join tables that are read apart from the children they lead to. In: a node behind a join table. Out: the statement for
//! its join rows, where those alone decide which children a parent has and in which order. Each child is then read once,
//! however many parents share it, and a reader may keep it for the parents to come.

use super::Keyed;
use super::document::{ASKED, Writer};
use pgsync_plan::{ColumnId, Link, Node, Statement, Through};

impl Writer<'_> {
    /// The join rows of a node that is read apart from them.
    pub(super) fn join_rows(&self, node: &Node, link: &Link) -> Option<Statement> {
        let through = self.apart(node, link)?;
        let parent = self.document.node(node.parent?);
        let asked = self.asked(parent.table, &link.parent);
        let on = self.equal(&self.columns("through", through.table, &through.parent), &asked.values(&link.parent));
        let columns = self.names("through", through.table, &through.child);
        let columns = std::iter::once(format!("{ASKED}.ordinal")).chain(columns).collect();
        let joins = vec![self.join(through.table, "through", on)];
        let (arrays, names) = (asked.arrays, asked.names);
        let sql = self.dialect.level(&Keyed { arrays, asked: names, columns, joins, order: Vec::new() });
        Some(Statement { sql })
    }

    /// The join table of a node, where its rows say everything: it holds the child's primary key, in columns of the same
    /// types, and no collation has a say in their order.
    pub(super) fn apart<'l>(&self, node: &Node, link: &'l Link) -> Option<&'l Through> {
        let through = link.through.as_ref()?;
        let (child, join) = (self.plan.table(node.table), self.plan.table(through.table));
        let same = |a: &[ColumnId], b: &[ColumnId]| a.len() == b.len() && a.iter().all(|column| b.contains(column));
        let keyed = !child.key.is_empty() && same(&link.child, &child.key) && same(&node.key, &child.key);
        let alike = through.child.iter().zip(&link.child).all(|(from, to)| {
            let (from, to) = (&join.column(*from).ty, &child.column(*to).ty);
            from.cast == to.cast && !from.array && from.kind.has_binary_order()
        });
        (keyed && alike).then_some(through)
    }
}
