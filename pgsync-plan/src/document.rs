//! One document: a tree of nodes, flattened in pre-order, and the routes that lead from a changed row to its roots.
//!
//! Node 0 is the root. A node's rows are read by one flat statement: in go link values of the parent's rows, out come
//! the ordinal of the link value and the columns named by [`Node::select`], in that order.

use crate::{Codec, ColumnId, IndexRoute, Node, Route};
use serde::{Deserialize, Serialize};

/// Position of a [`Node`] in [`Document::nodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub usize);

/// A kind of document: one index, one root table, one tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Name of the index, which is the alias that searches use. In it, and in `pipeline`, names of the environment may
    /// stand until the program starts ([`crate::substitute`]).
    pub index: String,
    /// The tree in pre-order; a parent stands before its children.
    pub nodes: Vec<Node>,
    /// Every way in which a changed row concerns this document.
    pub routes: Vec<Route>,
    /// Columns of the root's table that identify a document: the primary key, sorted by name, or the schema's
    /// `primary_key` as written.
    pub key: Vec<ColumnId>,
    /// `_id`: positions in the root's `select`, in the order they are joined with `|`.
    pub id: Vec<usize>,
    /// Position in the root's `select` of the value that decides in which part of the index a document is kept; `None` leaves
    /// that to the engine. Such a document is addressed by its `_id` and this value, which is then the last of the values
    /// that a root is asked with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<usize>,
    /// Keys of the rows that it shows, which stand in it as `_meta`; none unless the schema asks for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meta: Vec<MetaKey>,
    /// Foreign keys whose rows documents are searched by, when a key acts and the log does not say so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub index_routes: Vec<IndexRoute>,
    /// The engine's ingest pipeline that documents go through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<String>,
    /// `setting` of the schema file, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<serde_json::Value>,
    /// `mapping` of the schema file, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<serde_json::Value>,
    /// Transforms of the program that go over its documents, by name, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plugins: Vec<String>,
    /// `mappings` of the schema file, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mappings: Option<serde_json::Value>,
}

impl Document {
    /// The node behind an id.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    /// The column behind `routing`.
    pub fn routing_column(&self) -> Option<ColumnId> {
        self.routing.map(|position| self.root().select[position].column)
    }

    /// What a root is asked with: its key, then the routing, which alone may be NULL and is empty then.
    pub fn address(&self) -> Vec<ColumnId> {
        self.key.iter().copied().chain(self.routing_column()).collect()
    }

    /// The root of the tree.
    pub fn root(&self) -> &Node {
        &self.nodes[0]
    }
}

/// A column whose values `_meta` lists, as `{"TABLE": {"COLUMN": [...]}}`. Several places may give values of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetaKey {
    /// The node by whose rows the values come.
    pub node: NodeId,
    /// Name of the table, without its schema.
    pub table: String,
    /// Name of the column.
    pub column: String,
    /// Where the value stands in a row: its position behind the ordinal.
    pub position: usize,
    /// In which bytes it comes.
    pub codec: Codec,
}
