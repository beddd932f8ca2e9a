//! How the rows below the root are read. In: the nodes of a document. Out: the [`Reading`] of each link. Only facts of the
//! catalogue count here; how a statement spells what is decided is the dialect's business.

use crate::types::Types;
use pgsync_plan::{
    ByteOrder, ColumnId, ColumnType, Form, Link, Node, Order, OrderColumn, Reading, Select, Table, TableId, TableKind,
    Through,
};

/// Columns of a table.
pub(crate) type Columns<'a> = (TableId, &'a [ColumnId]);

/// What counts.
pub(crate) struct Facts<'a> {
    pub(crate) tables: &'a [Table],
    pub(crate) types: Types,
    /// Whether the key of every row is shown, and of the join row that led to it: then a row that was rendered before, or
    /// apart from its join row, is of no use.
    pub(crate) meta: bool,
    /// Rows whose values are gathered for index routes.
    pub(crate) gathered: Gathered,
    /// Whether a foreign key that was checked for every row leads from the one to the other.
    pub(crate) refers: Box<dyn Fn(Columns<'_>, Columns<'_>) -> bool + 'a>,
}

/// Which rows of a document give values that it is found by, per node: what was rendered before has lost them.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Its rows, or those of a node below it.
    pub(crate) rows: Vec<bool>,
    /// Rows of its join table.
    pub(crate) joined: Vec<bool>,
    /// Those, and more of them than what leads to a child.
    pub(crate) join: Vec<bool>,
}

impl Gathered {
    /// Whatever is below a row is gathered with it.
    pub(crate) fn close(&mut self, nodes: &[Node]) {
        for (position, node) in nodes.iter().enumerate().rev() {
            if let Some(parent) = node.parent.filter(|_| self.rows[position] || self.joined[position]) {
                self.rows[parent.0] = true;
            }
        }
    }

    fn has(of: &[bool], position: usize) -> bool {
        of.get(position).copied().unwrap_or(false)
    }
}

/// Decides it for every node. Everything that is read of the nodes must be known.
pub(crate) fn decide(facts: &Facts<'_>, nodes: &mut [Node], key: &[ColumnId]) {
    for position in 1..nodes.len() {
        let node = &nodes[position];
        let (Some(link), Some(parent)) = (&node.link, node.parent) else { continue };
        let upper = &nodes[parent.0];
        let of = Of { facts, position, node, link, parent: upper.table };
        let split = of.split_join();
        let (order, order_columns) = of.order(split.is_some());
        let reading = Reading {
            split_join: split.is_some(),
            by_range: parent.0 == 0 && link.parent == key && of.by_range(split.is_some()),
            prefetch: of.prefetch(split.is_some()),
            shared: of.shared(),
            order,
            order_columns,
            join_select: link.reading.join_select.clone(),
        };
        if let Some(link) = &mut nodes[position].link {
            link.reading = reading;
        }
    }
}

/// A node below the root.
struct Of<'a> {
    facts: &'a Facts<'a>,
    position: usize,
    node: &'a Node,
    link: &'a Link,
    /// The parent's table.
    parent: TableId,
}

impl<'a> Of<'a> {
    fn table(&self, TableId(table): TableId) -> &'a Table {
        &self.facts.tables[table]
    }

    fn ty(&self, table: TableId, column: ColumnId) -> &'a ColumnType {
        &self.table(table).column(column).ty
    }

    fn byte_order(&self, table: TableId, column: ColumnId) -> Option<ByteOrder> {
        self.facts.types.order(self.ty(table, column))
    }

    /// Whether equal values of two columns have equal bytes.
    fn alike(&self, (table, column): (TableId, ColumnId), (other, its): (TableId, ColumnId)) -> bool {
        self.ty(table, column).cast == self.ty(other, its).cast && self.byte_order(table, column).is_some()
    }

    /// The join table, where its rows say everything: it holds the child's primary key, in columns of the same types, and no
    /// collation has a say in their order.
    fn split_join(&self) -> Option<&'a Through> {
        let through = self.link.through.as_ref()?;
        let key = &self.table(self.node.table).key;
        let same = |a: &[ColumnId], b: &[ColumnId]| a.len() == b.len() && a.iter().all(|column| b.contains(column));
        let keyed = !key.is_empty() && same(&self.link.child, key) && same(&self.node.order, key);
        let mut pairs = through.child.iter().zip(&self.link.child);
        let alike = pairs.all(|(from, to)| self.alike((through.table, *from), (self.node.table, *to)));
        (keyed
            && alike
            && !self.facts.meta
            && !Gathered::has(&self.facts.gathered.join, self.position)
            && !self.node.is_aggregate()
            && self.node.order_by.is_empty()
            && self.node.limit.is_none())
        .then_some(through)
    }

    /// Only where nothing else can be in the range: rows that hang on roots long gone would be read with it, however many
    /// they are. Where the join rows are not read apart, the child's key decides the order, and it stands in the other
    /// table.
    fn by_range(&self, split: bool) -> bool {
        let above: Columns<'_> = (self.parent, &self.link.parent);
        let below: Columns<'_> = match &self.link.through {
            Some(through) => (through.table, &through.parent),
            None => (self.node.table, &self.link.child),
        };
        let ([parent], [child]) = (above.1, below.1) else { return false };
        self.node.limit.is_none()
            && !self.node.distinct
            && (split || self.link.through.is_none())
            && (self.facts.refers)(below, above)
            && self.alike((below.0, *child), (above.0, *parent))
    }

    fn prefetch(&self, split: bool) -> bool {
        let (above, by) = match &self.link.through {
            None => (self.parent, &self.link.parent),
            Some(through) if split => (through.table, &through.child),
            Some(_) => return false,
        };
        let ([linked], [by]) = (self.link.child.as_slice(), by.as_slice()) else { return false };
        // A row that hangs on the key of its parent is shown once.
        let once = self.link.through.is_none() && self.table(above).key.as_slice() == [*by];
        self.alike((self.node.table, *linked), (above, *by))
            && !self.is_gathered()
            && !self.node.is_aggregate()
            && !once
            && self.finds_one()
            && self.table(self.node.table).kind == TableKind::Ordinary
    }

    /// Whether every row has to be read for the values it gives.
    fn is_gathered(&self) -> bool {
        self.facts.meta
            || Gathered::has(&self.facts.gathered.rows, self.position)
            || (self.split_join().is_none() && Gathered::has(&self.facts.gathered.joined, self.position))
    }

    /// Not where the link holds the parent's key. Behind a join table it is the join rows that link, unless all of them are
    /// shown together.
    fn shared(&self) -> bool {
        if self.is_gathered() {
            return false;
        }
        let key = &self.table(self.parent).key;
        (self.link.through.is_some() && !self.node.is_aggregate())
            || key.is_empty()
            || !key.iter().all(|column| self.link.parent.contains(column))
    }

    /// Whether a link value has one row at most.
    fn finds_one(&self) -> bool {
        let key = &self.table(self.node.table).key;
        !key.is_empty() && key.iter().all(|column| self.link.child.contains(column))
    }

    /// The reader orders wherever the bytes of values say their order; the other rows are left to the statement. A server
    /// sorts rows by copying each of them, and the reader holds them anyway.
    fn order(&self, split: bool) -> (Order, Vec<ColumnId>) {
        let mut besides = Vec::new();
        let by = match &self.link.through {
            // The join rows: the child's key as they hold it. Those that are alike lead to the same child.
            Some(through) if split => {
                let of_key = self.node.order.iter().filter_map(|key| self.link.child.iter().position(|of| of == key));
                let columns = of_key.map(|position| self.ordered(position, through.table, through.child[position]));
                columns.collect()
            }
            _ if self.node.is_aggregate() => Some(Vec::new()),
            // Which row of the join table stands behind which child is not in the rows.
            Some(_) => None,
            None if !self.node.order_by.is_empty() => None,
            None if self.finds_one() => Some(Vec::new()),
            None if self.node.order.is_empty() => None,
            None => {
                let columns = self.node.order.iter().map(|column| {
                    let is_read =
                        |select: &Select| select.column == *column && select.is_column() && select.form == Form::Raw;
                    let position = self.node.select.iter().position(is_read).unwrap_or_else(|| {
                        besides.push(*column);
                        self.node.select.len() + besides.len() - 1
                    });
                    self.ordered(position, self.node.table, *column)
                });
                columns.collect()
            }
        };
        match by {
            Some(columns) => (Order::Reader(columns), besides),
            None => (Order::Statement, Vec::new()),
        }
    }

    fn ordered(&self, position: usize, table: TableId, column: ColumnId) -> Option<OrderColumn> {
        self.byte_order(table, column).map(|bytes| OrderColumn { position, bytes })
    }
}

#[cfg(test)]
mod tests;
