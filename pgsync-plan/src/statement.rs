//! SQL text of one dialect, laid out beside the plan. Every parameter is an array with one element per asked key, so a
//! statement's text never depends on how many keys are asked.

use crate::ValueKind;
use serde::{Deserialize, Serialize};

/// One statement, complete before the program starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The text, with `$1`, `$2`, ... as parameters.
    pub sql: String,
}

/// The statements of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentStatements {
    /// Roots by key. Parameters: one array per column of the root's `key`, in text form, equal lengths.
    /// Columns: ordinal (`bigint`, 1-based); then the asked key, one column per part of [`crate::Document::id`] in the
    /// same form as that part's select; then `boolean`: whether the row exists; then the root's `select`.
    /// Rows come ordered by ordinal; a key without a row still gives one row. Equality is the database's, so one key
    /// may find several rows and a row may be found by several keys.
    pub roots_by_key: Statement,
    /// Roots by ranges of the key, for loads.
    pub roots_by_range: RangeStatements,
    /// One per node, by [`crate::NodeId`]; `None` for the root.
    pub levels: Vec<Option<LevelStatements>>,
    /// One per route, in the order of [`crate::Document::routes`]; `None` for [`crate::RouteKind::Root`]. Parameters:
    /// one array per column of the route's `link`, in text form. Columns: the root's `key`, each as text (distinct).
    pub routes: Vec<Option<Statement>>,
}

/// The statements of one node below the root. In all of them column 0 says which link value a row belongs to: by its
/// ordinal (`bigint`, 1-based) within the parameters, or, where there is no such parameter, by the value itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelStatements {
    /// Rows by link values. Parameters: one array per column of [`crate::Link::parent`], in the binary form of the
    /// parent's column; where there is `join`, per column of [`crate::Through::child`] in that of the join table's.
    /// Columns: ordinal, the node's `select`, then what `order` needs besides.
    pub rows: Statement,
    /// Set when the join table alone decides which children a parent has, and in which order. `join` then reads the join
    /// rows, and `rows` reads each child once, however many parents share it. Parameters: as of a level without join table. Columns:
    /// ordinal, then [`crate::Through::child`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join: Option<Statement>,
    /// Set when a load can read these rows, or the join rows, by the same range of the root's key as the roots: the link
    /// is that key, has one column, and both sides have the same order and the same bytes.
    /// Columns: the link's value in place of the ordinal, then as of `rows` or `join`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<BoundedStatements>,
    /// Set when a load may read the whole table first: several parents show the same row, each link value has at most one
    /// row, and equal values have the same bytes. Gives nothing where the table takes more bytes on disk than `$1`
    /// (`bigint`), or is not all there is of it. Columns: the link's value, then as of `rows`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<Statement>,
    /// Who puts the rows of a link value in order, or its join rows where those are read apart.
    pub order: Order,
}

/// Who puts the rows of one link value in the order of the node's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The statement does, and orders by ordinal, or value, before that: the database alone knows the order.
    Statement,
    /// The reader does, by these columns: a server sorts rows by copying them. No column where a link value has one row
    /// at most.
    Reader(Vec<OrderColumn>),
}

/// A column that the reader orders by, NULL last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderColumn {
    /// Its position in the statement's columns behind the ordinal or value.
    pub position: usize,
    /// What its values look like; [`ValueKind::has_binary_order`].
    pub kind: ValueKind,
}

/// Reading rows by a range of a key, half-open: `(after, until]`. Parameters: the bounds, in binary form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundedStatements {
    /// All rows: no bounds.
    pub all: Statement,
    /// Rows up to and including a value.
    pub until: Statement,
    /// Rows after a value.
    pub after: Statement,
    /// Rows after one value up to and including another.
    pub between: Statement,
}

/// Reading the root table in ranges of its key. Bounds are values of the root's `key`, in the binary form they were read
/// in; their order is the database's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeStatements {
    /// The key `$1` (`bigint`) rows further on from the table's start. Columns: the key, raw. No row: fewer are left.
    pub cut_first: Statement,
    /// The same from after a key: the key's columns are the first parameters, the number of rows the last.
    pub cut_next: Statement,
    /// The rows of a range, in no particular order. Columns: the root's `select`.
    pub rows: BoundedStatements,
    /// The planner's estimate of the number of rows (`bigint`), for progress only.
    pub estimate: Statement,
}
