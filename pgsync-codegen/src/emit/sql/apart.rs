//! Join tables that are read apart from the children they lead to. In: a node behind a join table. Out: the statement for
//! its join rows, where those alone decide which children a parent has and in which order. Each child is then read once,
//! however many parents share it, and a reader may keep it for the parents to come.

use super::Keyed;
use super::document::{ASKED, Writer};
use pgsync_plan::{ColumnId, Link, Node, Statement, Through, ValueKind};

impl Writer<'_> {
    /// The join rows of a node that is read apart from them.
    pub(super) fn join_rows(&self, node: &Node, link: &Link) -> Option<Statement> {
        let through = self.apart(node, link)?;
        let parent = self.document.node(node.parent?);
        let asked = self.asked(parent.table, &link.parent);
        let ordinal = format!("{ASKED}.ordinal");
        let on = self.equal(&self.columns("through", through.table, &through.parent), &asked.values(&link.parent));
        let order = std::iter::once(ordinal.clone()).chain(self.join_order(node, link, through)).collect();
        let columns = std::iter::once(ordinal).chain(self.names("through", through.table, &through.child)).collect();
        let joins = vec![self.join(through.table, "through", on)];
        let sql = self.dialect.level(&Keyed { arrays: asked.arrays, asked: asked.names, columns, joins, order });
        Some(Statement { sql, params: asked.params })
    }

    /// The order of a parent's join rows: by the child's key, as the join table holds it, then by their own.
    pub(super) fn join_order(&self, node: &Node, link: &Link, through: &Through) -> Vec<String> {
        let key = node.key.iter().filter_map(|column| link.child.iter().position(|linked| linked == column));
        let mut order: Vec<ColumnId> = key.map(|position| through.child[position]).collect();
        let rest: Vec<ColumnId> = through.key.iter().filter(|column| !order.contains(column)).copied().collect();
        order.extend(rest);
        self.names("through", through.table, &order)
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
            from.cast == to.cast && !from.array && ordered_alike(from.kind)
        });
        (keyed && alike).then_some(through)
    }
}

/// Whether two columns of this kind have their values in the same order, whatever is declared for them.
pub(super) fn ordered_alike(kind: ValueKind) -> bool {
    use ValueKind::{Bool, Date, Int2, Int4, Int8, Oid, Timestamp, TimestampTz, Uuid};
    matches!(kind, Bool | Int2 | Int4 | Int8 | Oid | Uuid | Date | Timestamp | TimestampTz)
}
