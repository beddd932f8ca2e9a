//! How the rows of a node hang on those of its parent, and how they are read.

use crate::{ByteOrder, ColumnId, Select, TableId};
use serde::{Deserialize, Serialize};

/// The columns that link a node's rows to its parent's rows: `parent[i] = child[i]`, or, where there is a join table,
/// `parent[i] = through.parent[i]` and `through.child[j] = child[j]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Columns of the parent node's table.
    pub parent: Vec<ColumnId>,
    /// Positions of those columns in the parent node's `select`, each of [`crate::Form::Raw`], or of [`crate::Form::Text`]
    /// where the type has no binary form.
    pub parent_select: Vec<usize>,
    /// Columns of this node's table.
    pub child: Vec<ColumnId>,
    /// The join table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<Through>,
    /// How the rows behind the link are read.
    pub reading: Reading,
}

/// How a node's rows are read. Whatever is said here, a document shows the same: it only costs less. The default is what is
/// right of every node: the rows of each link value, as the statement orders them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The join table alone decides which children a parent has, and in which order: its rows are read apart, and each child
    /// is read once, however many parents share it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub split_join: bool,
    /// A load reads these rows, or the join rows, by the same range of the document's key as the roots: one walk along an
    /// index instead of a look-up for each key.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_range: bool,
    /// A load reads the whole table first, where it is small: several parents show the same row.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prefetch: bool,
    /// Several parents may have the same link value: what its rows show is kept for the next.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// Who puts the rows of a link value in order, or its join rows where those are read apart.
    pub order: Order,
    /// Columns that are read for ordering only, each as [`crate::Form::Raw`], behind [`crate::Node::select`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order_columns: Vec<ColumnId>,
    /// What is read of the join row, behind those.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub join_select: Vec<Select>,
}

/// Who puts the rows of one link value in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The statement does, and orders by ordinal, or value, before that: the source alone knows the order.
    #[default]
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
    /// How its values compare.
    pub bytes: ByteOrder,
}

/// A join table between a node and its parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Through {
    /// The table.
    pub table: TableId,
    /// Its columns that equal [`Link::parent`].
    pub parent: Vec<ColumnId>,
    /// Its columns that equal [`Link::child`].
    pub child: Vec<ColumnId>,
    /// Its primary key, which breaks ties when rows are ordered; empty where it has none.
    pub key: Vec<ColumnId>,
}
