//! Who orders the rows of a level. In: a node and its link. Out: the columns the reader orders by, wherever the bytes of values
//! say their order; the others are left to the statement. A server sorts rows by copying each of them, and the
//! reader holds them anyway.

use super::document::Writer;
use pgsync_plan::{ColumnType, Form, Link, Node, Order, OrderColumn, Select};

/// How a level comes in order.
pub(super) struct Ordering {
    pub(super) by: Order,
    /// Columns that are read for nothing else.
    pub(super) besides: Vec<String>,
}

impl Writer<'_> {
    pub(super) fn ordering(&self, node: &Node, link: &Link) -> Ordering {
        let (besides, by) = match (self.apart(node, link), &link.through) {
            // The join rows: the child's key as they hold it. Those that are alike lead to the same child.
            (Some(through), _) => {
                let table = self.plan.table(through.table);
                let of_key = node.key.iter().filter_map(|key| link.child.iter().position(|linked| linked == key));
                let columns = of_key.map(|position| (position, &table.column(through.child[position]).ty));
                (Vec::new(), readable(columns))
            }
            // Which row of the join table stands behind which child is not in the rows.
            (None, Some(_)) => (Vec::new(), None),
            (None, None) if self.finds_one(node, link) => (Vec::new(), Some(Vec::new())),
            (None, None) => self.by_key(node),
        };
        match by {
            Some(columns) => Ordering { by: Order::Reader(columns), besides },
            None => Ordering { by: Order::Statement, besides: Vec::new() },
        }
    }

    /// Whether a link value has one row at most.
    pub(super) fn finds_one(&self, node: &Node, link: &Link) -> bool {
        let key = &self.plan.table(node.table).key;
        !key.is_empty() && key.iter().all(|column| link.child.contains(column))
    }

    fn by_key(&self, node: &Node) -> (Vec<String>, Option<Vec<OrderColumn>>) {
        let table = self.plan.table(node.table);
        let mut besides = Vec::new();
        let columns = node.key.iter().map(|column| {
            let raw = Select { column: *column, path: Vec::new(), form: Form::Raw };
            let position = node.select.iter().position(|select| *select == raw).unwrap_or_else(|| {
                besides.push(self.dialect.select("child", table, &raw));
                node.select.len() + besides.len() - 1
            });
            (position, &table.column(*column).ty)
        });
        let columns: Vec<_> = columns.collect();
        let by = if columns.is_empty() { None } else { readable(columns.into_iter()) };
        (besides, by)
    }
}

/// The columns, where the reader can order by all of them.
fn readable<'a>(columns: impl Iterator<Item = (usize, &'a ColumnType)>) -> Option<Vec<OrderColumn>> {
    let readable = |(position, ty): (usize, &ColumnType)| {
        (ty.kind.has_binary_order() && !ty.array).then_some(OrderColumn { position, kind: ty.kind })
    };
    columns.map(readable).collect()
}
