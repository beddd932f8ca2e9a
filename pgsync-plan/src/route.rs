//! The ways from a changed row to the documents that hold it.

use crate::{ColumnId, NodeId, TableId};
use serde::{Deserialize, Serialize};

/// "Given link values of a changed row of `table`, these root rows hold it."
///
/// A changed row contributes its old *and* its new link values. The statement that belongs to a route stands at the
/// same position in [`crate::DocumentStatements::routes`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The table whose rows change.
    pub table: TableId,
    /// What the table is at this place.
    pub kind: RouteKind,
    /// Columns of `table` whose old and new values go in, in the order of the statement's parameters.
    pub link: Vec<ColumnId>,
    /// Columns of `table` that matter at this place (shown, linking, ordering). An update that touches none of them,
    /// where the old row is known, is dropped.
    pub watch: Vec<ColumnId>,
    /// For [`RouteKind::Base`]: how the view's values are found from a changed row. Where there is none, nobody can tell
    /// which rows of the view a change concerns, and all documents are read again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<Way>,
}

impl Route {
    /// Whether every document may be concerned by a change.
    pub fn is_everything(&self) -> bool {
        matches!(self.kind, RouteKind::Base(_)) && self.way.is_none()
    }
}

/// From a row of a table that a view reads to values of the view: by tables that the view joins, along columns that are
/// equal in every row of it. Conditions of the view are left out, so that it leads to too many documents rather than too
/// few; each is then read as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// The tables in between, each joined with what stands before it.
    pub joins: Vec<WayJoin>,
    /// The values, in the order of the node's [`crate::Link::child`], or of the document's key where the view is the root.
    pub values: Vec<WayColumn>,
}

/// A table on a [`Way`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayJoin {
    /// The table.
    pub table: TableId,
    /// Its columns that are equal to the others, by position.
    pub own: Vec<ColumnId>,
    /// Columns that stand before it.
    pub equal: Vec<WayColumn>,
}

/// A column on a [`Way`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayColumn {
    /// 0 for the changed row, then the position of the join, counted from 1.
    pub of: usize,
    /// The column.
    pub column: ColumnId,
}

/// What a table is at the place a route starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RouteKind {
    /// The root itself: `link` is [`crate::Document::address`] and no statement is needed.
    Root,
    /// A node below the root.
    Node(NodeId),
    /// The join table above this node.
    Through(NodeId),
    /// A table that this node, a view, reads.
    Base(NodeId),
}
