//! SQL text of one dialect, laid out beside the plan. A statement's text never depends on how many keys are asked: how they
//! all reach it is the dialect's affair, and the source's that fills the parameters.

use serde::{Deserialize, Serialize};

/// One statement, complete before the program starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The text, with the dialect's own placeholders.
    pub sql: String,
}

/// The statements of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentStatements {
    /// Roots by key. Asked: addresses, each of the columns of [`crate::Document::address`], in text form; only the key
    /// decides which rows are found.
    /// Columns: ordinal (8 bytes, from 1); then the asked key, one column per part of [`crate::Document::id`] in the
    /// same form as that part's select; then, where there is one, the asked routing in the form of its select; then whether the row exists ([`crate::Codec::Bool`]); then the root's `select`.
    /// Rows come ordered by ordinal; a key without a row still gives one row. Equality is the source's, so one key
    /// may find several rows and a row may be found by several keys.
    pub roots_by_key: Statement,
    /// Roots by ranges of the key, for loads.
    pub roots_by_range: RangeStatements,
    /// One per node, by [`crate::NodeId`]; `None` for the root.
    pub levels: Vec<Option<LevelStatements>>,
    /// One per route, in the order of [`crate::Document::routes`]; `None` for [`crate::RouteKind::Root`]. Asked: values of
    /// the route's `link`, in text form. Columns: the document's
    /// [`crate::Document::address`], each as text (distinct).
    pub routes: Vec<Option<Statement>>,
}

/// The statements of one node below the root. In all of them column 0 says which link value a row belongs to: by its
/// ordinal (8 bytes, from 1) among what is asked, or, where nothing is asked, by the value itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelStatements {
    /// Rows by link values. Asked: values of [`crate::Link::parent`], as they were read of the parent; where there is
    /// `join`, of [`crate::Through::child`], as they were read of the join table.
    /// Columns: ordinal, the node's `select`, then [`crate::Reading::order_columns`]. Of a node that is shown by aggregates
    /// each link value that has rows gives one.
    pub rows: Statement,
    /// The join rows, where [`crate::Reading::split_join`] says that they are read apart. Parameters: as of a level without
    /// join table. Columns: ordinal, then [`crate::Through::child`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join: Option<Statement>,
    /// These rows, or the join rows, by a range of the document's key, for [`crate::Reading::by_range`].
    /// Columns: the link's value in place of the ordinal, then as of `rows` or `join`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<BoundedStatements>,
    /// The whole table, for [`crate::Reading::prefetch`]. Gives nothing where the table takes more bytes on disk than its
    /// parameter, a number of 8 bytes, or is not all there is of it. Columns: the link's value, then as of `rows`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefetch: Option<Statement>,
}

/// Reading rows by a range of a key, half-open: `(after, until]`. Parameters: the bounds, as they were read.
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

/// Reading the root table in ranges of the document's key. Bounds are values of that key, as they were read; their order
/// is the source's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeStatements {
    /// The key of the row that comes after a number of rows (8 bytes) from the table's start. Columns: the key, raw. No row: no
    /// more are left.
    pub cut_first: Statement,
    /// The same from after a key: the key's columns are the first parameters, the number of rows the last.
    pub cut_next: Statement,
    /// The rows of a range, in no particular order. Columns: the root's `select`.
    pub rows: BoundedStatements,
    /// The planner's estimate of the number of rows (8 bytes), for progress only.
    pub estimate: Statement,
}
