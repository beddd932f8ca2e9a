//! `_meta`: keys of the rows that a document shows. In: the nodes of a document. Out: what is read for it, and where each
//! value stands. Which columns count is PGSync's choice: of the root the first of its key, of a child its key, of one behind
//! a join table the columns that table refers to, and of the join table its key.

use super::node::read;
use super::table::Tables;
use crate::bound;
use pgsync_plan::{ColumnId, MetaKey, Node, NodeId, Select, TableId};

/// Adds what has to be read to the nodes, before it is decided how that is done.
pub(super) fn read_keys(tables: &Tables<'_>, root: &bound::Node, nodes: &mut [Node]) {
    for (number, bound) in in_order(root).into_iter().enumerate().skip(1) {
        let node = &mut nodes[number];
        if node.is_aggregate() {
            continue;
        }
        for column in columns(tables, bound, node) {
            let wanted = select(tables, node.table, column);
            read(&mut node.select, wanted);
        }
        if let Some(link) = &mut node.link
            && let Some(through) = &link.through
        {
            link.reading.join_select = through.key.iter().map(|key| select(tables, through.table, *key)).collect();
        }
    }
}

/// Where the values stand, once it is decided.
pub(super) fn keys(tables: &Tables<'_>, root: &bound::Node, nodes: &[Node], id: &[usize]) -> Vec<MetaKey> {
    let mut found = Vec::new();
    let mut add = |number: usize, table: TableId, select: &Select, position: usize| {
        let table = tables.table(table);
        found.push(MetaKey {
            node: NodeId(number),
            table: table.name.clone(),
            column: table.column(select.column).name.clone(),
            position,
            codec: select.codec,
        });
    };
    for (number, bound) in in_order(root).into_iter().enumerate() {
        let node = &nodes[number];
        let Some(link) = &node.link else {
            if let Some(first) = id.first() {
                add(number, node.table, &node.select[*first], *first);
            }
            continue;
        };
        // Its rows are not shown.
        if node.is_aggregate() {
            continue;
        }
        for column in columns(tables, bound, node) {
            let wanted = select(tables, node.table, column);
            if let Some(position) = node.select.iter().position(|known| *known == wanted) {
                add(number, node.table, &wanted, position);
            }
        }
        let Some(through) = &link.through else { continue };
        let behind = node.select.len() + link.reading.order_columns.len();
        for (position, select) in link.reading.join_select.iter().enumerate() {
            add(number, through.table, select, behind + position);
        }
    }
    found
}

/// The columns of a child that count.
fn columns(tables: &Tables<'_>, bound: &bound::Node, node: &Node) -> Vec<ColumnId> {
    match &node.link {
        Some(link) if link.through.is_some() => link.child.clone(),
        _ => tables.columns(node.table, &bound.key),
    }
}

/// A column as it is shown.
fn select(tables: &Tables<'_>, table: TableId, column: ColumnId) -> Select {
    tables.read(table, column, |types, ty| types.shown(ty))
}

/// The nodes in the order of the plan's.
fn in_order(root: &bound::Node) -> Vec<&bound::Node> {
    let mut nodes = Vec::new();
    root.each(&mut |node| nodes.push(node));
    nodes
}
