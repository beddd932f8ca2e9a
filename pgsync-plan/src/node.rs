//! A table at one place of a document's tree: what of a row is read, and which fields it becomes.

use crate::{Aggregate, Codec, ColumnId, ColumnType, Concat, Expression, Link, NodeId, Rewrite, Table, TableId};
use serde::{Deserialize, Serialize};

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

impl Node {
    /// Whether its rows are shown by aggregates: a parent shows one object, or value, whether rows belong to it or not.
    pub fn is_aggregate(&self) -> bool {
        self.select.iter().any(|select| select.aggregate.is_some())
    }
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
    /// The column; of a computed value, the first that it reads; of an aggregate of rows, whatever they are, one that links.
    pub column: ColumnId,
    /// What is computed of the row, in the place of a column's value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computed: Option<Computed>,
    /// What is made of the column's values in all rows of one link value, in their place. Then all that is read of the node is
    /// of this kind, and a link value has one row, or none where no row belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregate: Option<Aggregate>,
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
        self.path.is_empty() && self.computed.is_none() && self.aggregate.is_none()
    }

    /// The columns that it reads, of which there is one at least.
    pub fn columns(&self) -> impl Iterator<Item = ColumnId> {
        let others = self.computed.iter().flat_map(|computed| computed.expression.columns());
        std::iter::once(self.column).chain(others.filter(|column| *column != self.column))
    }

    /// The type of the column, whatever is made of its values.
    pub fn column_type<'a>(&self, table: &'a Table) -> &'a ColumnType {
        &table.column(self.column).ty
    }

    /// The type of its values, before a path leads into them.
    pub fn ty<'a>(&'a self, table: &'a Table) -> &'a ColumnType {
        let made = self.computed.as_ref().map(|computed| &computed.ty);
        made.or(self.aggregate.as_ref().map(|aggregate| &aggregate.ty)).unwrap_or(self.column_type(table))
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
