//! One document: a tree of nodes, flattened in pre-order, and the routes that lead from a changed row to its roots.
//!
//! Node 0 is the root. A node's rows are read by one flat statement: in go link values of the parent's rows, out come
//! the ordinal of the link value and the columns named by [`Node::select`], in that order.

use crate::{ByteOrder, Codec, ColumnId, ColumnType, Concat, Expression, Rewrite, Table, TableId};
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

/// A table at one place of the tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Field name in the parent's object (after `rename`); on the root, its label.
    pub label: String,
    /// Parent, `None` on the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<NodeId>,
    /// The table.
    pub table: TableId,
    /// What a parent row shows of this node.
    pub shape: Shape,
    /// Whether its field may be null: for a to-one node, where there may be no row; for to-many, unless `empty_array`.
    pub optional: bool,
    /// For a to-many node: whether the field is `[]` where there is no row.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub empty_array: bool,
    /// For a view: whether its rows are looked up value by value. Its query is then one into which a condition on the columns
    /// that link, or on the key, can be moved.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub looked_up: bool,
    /// What the schema orders its rows by under one parent, before `order`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order_by: Vec<OrderBy>,
    /// How many rows a parent shows at most, the first by their order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Whether of rows whose first column of [`Node::order_by`] is equal the first alone is shown; `limit` counts what is left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub distinct: bool,
    /// Columns that its rows are ordered by under one parent. None on the root, whose documents have no order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<ColumnId>,
    /// What must be true of a row that is shown; all rows are without it. Whoever looks for the roots of a changed row must not
    /// ask for it: of a row that is shown no longer they have to be found too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Expression>,
    /// Which changes of its rows documents follow; the routes say it too, and need nothing of this.
    #[serde(default, skip_serializing_if = "OnChange::is_follow")]
    pub on_change: OnChange,
    /// What is read of each row, in the order of the statement's columns.
    pub select: Vec<Select>,
    /// What is shown, in order: own columns first, then children. Exactly one entry where `shape` is scalar.
    pub fields: Vec<Field>,
    /// What fields are indexed as that are not made here: plugins of the document add them.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub declared: serde_json::Map<String, serde_json::Value>,
    /// Texts that are put together of fields, in the order in which they are made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub concats: Vec<Concat>,
    /// How its rows hang on the parent's; `None` on the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

/// Which changes of a node's rows documents follow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnChange {
    /// All of them.
    #[default]
    Follow,
    /// Rows that come, go, or move to another parent.
    Link,
    /// None.
    Ignore,
}

impl OnChange {
    /// In the order in which they are listed.
    pub const ALL: [Self; 3] = [Self::Follow, Self::Link, Self::Ignore];

    /// Whether all changes are followed.
    pub fn is_follow(&self) -> bool {
        *self == Self::Follow
    }
}

/// A column that rows are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderBy {
    /// The column.
    pub column: ColumnId,
    /// Whether the largest value comes first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub descending: bool,
    /// Whether NULL comes first; otherwise it comes last, whatever the direction.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nulls_first: bool,
}

/// Cardinality and variant of a node under its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One object or null. The root has this shape.
    Object,
    /// An array of objects, or null when there is none.
    Objects,
    /// The first column's value, or null.
    Scalar,
    /// An array of first-column values, or null when there is no row.
    Scalars,
    /// One row, whose fields stand among the parent's; each is null when there is no row.
    Flat,
}

impl Shape {
    /// Whether a parent's row shows any number of rows.
    pub fn is_many(self) -> bool {
        matches!(self, Self::Objects | Self::Scalars)
    }

    /// Whether a row is shown as one value.
    pub fn is_scalar(self) -> bool {
        matches!(self, Self::Scalar | Self::Scalars)
    }
}

/// One thing read of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Select {
    /// The column; of a computed value, the first that it reads.
    pub column: ColumnId,
    /// What is computed of the row, in the place of a column's value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computed: Option<Computed>,
    /// A path into a json or jsonb column; empty for the column itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<PathStep>,
    /// Whether the path leads to a text: `->>` or `#>>` as its last step.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text: bool,
    /// In which form the statement asks for it.
    pub form: Form,
    /// In which bytes it comes then.
    pub codec: Codec,
}

impl Select {
    /// Whether it is a column as it stands.
    pub fn is_column(&self) -> bool {
        self.path.is_empty() && self.computed.is_none()
    }

    /// The columns that it reads, of which there is one at least.
    pub fn columns(&self) -> impl Iterator<Item = ColumnId> {
        let others = self.computed.iter().flat_map(|computed| computed.expression.columns());
        std::iter::once(self.column).chain(others.filter(|column| *column != self.column))
    }

    /// The type of its values, before a path leads into them.
    pub fn ty<'a>(&'a self, table: &'a Table) -> &'a ColumnType {
        self.computed.as_ref().map_or(&table.column(self.column).ty, |computed| &computed.ty)
    }
}

/// A value that the source computes of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Computed {
    /// The expression.
    pub expression: Expression,
    /// What it gives: statements cast it to this, so that nothing depends on how the source reads it.
    #[serde(rename = "type")]
    pub ty: ColumnType,
}

/// One step of a JSON path: `-> 'key'`, `-> 0`, `#> '{a,b}'`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PathStep {
    /// `-> 'key'`
    Key(String),
    /// `-> index`
    Index(i64),
    /// `#> '{...}'`: the text-array literal as written, braces included.
    Path(String),
}

/// In which form a statement asks for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// The column itself, in its type's binary form. Link values are read so wherever the type has one.
    Raw,
    /// `to_json(column)::text`: a JSON text to be spliced in. For arrays and every type without a native rendering.
    Json,
    /// The column's own text, as the type's output function gives it: for parts of an `_id` whose type has no native rendering.
    Text,
    /// The text of an array, as [`Form::Text`]: a part of an `_id` that is written as Python's list.
    List,
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name in the document (after `rename`).
    pub name: String,
    /// Where its value comes from.
    pub value: FieldValue,
    /// What is done to the value before it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rewrite: Option<Rewrite>,
    /// What the schema file says it is indexed as, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<serde_json::Value>,
    /// Whether it is not shown: another field is made of it and takes its place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

/// Source of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// Position in the node's `select`.
    Select(usize),
    /// A child node.
    Child(NodeId),
    /// A text that is put together: position in the node's `concats`.
    Concat(usize),
}

/// The columns that link a node's rows to its parent's rows: `parent[i] = child[i]`, or, where there is a join table,
/// `parent[i] = through.parent[i]` and `through.child[j] = child[j]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Columns of the parent node's table.
    pub parent: Vec<ColumnId>,
    /// Positions of those columns in the parent node's `select`, each of [`Form::Raw`], or of [`Form::Text`] where the
    /// type has no binary form.
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
    /// Columns that are read for ordering only, each as [`Form::Raw`], behind [`Node::select`].
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
    /// The values, in the order of the node's [`Link::child`], or of the document's key where the view is the root.
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
    /// The root itself: `link` is [`Document::address`] and no statement is needed.
    Root,
    /// A node below the root.
    Node(NodeId),
    /// The join table above this node.
    Through(NodeId),
    /// A table that this node, a view, reads.
    Base(NodeId),
}
