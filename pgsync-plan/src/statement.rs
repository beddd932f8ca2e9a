//! SQL text of one dialect, laid out beside the plan. Every parameter is an array with one element per asked key, so a
//! statement's text never depends on how many keys are asked.

use serde::{Deserialize, Serialize};

/// One statement, complete before the program starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The text, with `$1`, `$2`, ... as parameters.
    pub sql: String,
    /// The type each parameter is cast to in the text (`integer[]`, `public.citext[]`, `bigint`).
    pub params: Vec<String>,
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
    /// One per node, by [`crate::NodeId`]; `None` for the root. Parameters: one array per column of
    /// [`crate::Link::parent`], in the binary form of the parent's column. Columns: ordinal (`bigint`, 1-based), then
    /// the node's `select`. Rows come ordered by ordinal, then the node's key, then the join row's key.
    pub levels: Vec<Option<Statement>>,
    /// One per node; `Some` where the join table alone decides which children a parent has and in which order, so that it
    /// is read apart and each child once, however many parents share it. Parameters: as of a level. Columns: ordinal,
    /// then [`crate::Through::child`]. Rows come ordered by ordinal, then as the node's key, then the join row's key.
    /// The node's own level is then asked for values of [`crate::Through::child`], in the binary form of the join
    /// table's columns.
    #[serde(default)]
    pub joins: Vec<Option<Statement>>,
    /// One per node; `Some` where a load reads the node's rows, or its join rows where those are read apart, by the very
    /// range of the root's key that it reads: the link is that key, of one column, and both sides have the same order and
    /// the same bytes. Columns: the link's value in place of the ordinal, then as of the level or the join rows. Rows
    /// come ordered by the link's value, then as those of the level or the join rows do.
    #[serde(default)]
    pub ranges: Vec<Option<BoundedStatements>>,
    /// One per route, in the order of [`crate::Document::routes`]; `None` for [`crate::RouteKind::Root`]. Parameters:
    /// one array per column of the route's `link`, in text form. Columns: the root's `key`, each as text (distinct).
    pub routes: Vec<Option<Statement>>,
}

/// Reading rows by a range of one column, half-open: `(after, until]`, bounds in binary form.
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

/// Reading the root table in key order, in half-open ranges `(after, until]`. Bounds are values of the root's `key`, in
/// the binary form they were read in; the order is the database's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeStatements {
    /// The key `$1` (`bigint`) rows further on from the table's start. Columns: the key, raw. No row: fewer are left.
    pub cut_first: Statement,
    /// The same from after a key: the key's columns are the first parameters, the number of rows the last.
    pub cut_next: Statement,
    /// All rows: no bounds. Columns: the root's `select`, as in every range statement.
    pub all: Statement,
    /// Rows up to and including a key. Parameters: the key.
    pub until: Statement,
    /// Rows after a key. Parameters: the key.
    pub after: Statement,
    /// Rows after one key up to and including another. Parameters: both keys.
    pub between: Statement,
    /// The planner's estimate of the number of rows (`bigint`), for progress only.
    pub estimate: Statement,
}
