//! The bound tree: everything the schema names is found in the catalogue, and everything it leaves out is decided.
//! Tables are positions in [`crate::catalog::Catalog::tables`], columns are names that exist there.

use pgsync_plan::{PathStep, Rewrite, Shape};
use serde::Serialize;
use serde_json::Value;

/// A schema file, bound.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Schema {
    /// Its documents.
    pub documents: Vec<Document>,
}

/// A document, bound.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// The index.
    pub index: String,
    /// The database, where one is named.
    pub database: Option<String>,
    /// `setting`.
    pub setting: Option<Value>,
    /// `mapping`.
    pub mapping: Option<Value>,
    /// The tree.
    pub root: Node,
}

/// A node, bound.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Node {
    /// Its table.
    pub table: usize,
    /// Its label before the parent's `rename`.
    pub label: String,
    /// Its field in the parent's object.
    pub field: String,
    /// What is shown of its rows.
    pub columns: Vec<Column>,
    /// Columns that identify its rows; empty where there are none.
    pub key: Vec<String>,
    /// What must be true of its rows.
    pub filter: Option<Expression>,
    /// What a parent's row shows of it.
    pub shape: Shape,
    /// Whether a to-one field may be null.
    pub optional: bool,
    /// How it hangs on its parent.
    pub link: Option<Link>,
    /// Texts that are put together of its fields, in the order in which they are made.
    pub concats: Vec<Concat>,
    /// What it is indexed as, where the schema says.
    pub mapping: Option<Value>,
    /// Whether a text that is put together takes the place of its field.
    pub hidden: bool,
    /// Its children.
    pub children: Vec<Node>,
}

/// An expression over the columns of a node's table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expression {
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
}

/// A piece of an expression.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// SQL as it stands.
    Text(String),
    /// A column.
    Column(String),
}

impl Expression {
    /// The columns that it reads.
    pub fn columns(&self) -> impl Iterator<Item = &String> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Column(column) => Some(column),
            Piece::Text(_) => None,
        })
    }
}

/// A shown column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// As the schema writes it.
    pub text: String,
    /// The column.
    pub column: String,
    /// A path into it.
    pub path: Vec<PathStep>,
    /// Whether the path leads to a text.
    pub as_text: bool,
    /// Its field.
    pub field: String,
    /// What is done to its values.
    pub rewrite: Rewrite,
    /// What it is indexed as, where the schema says.
    pub mapping: Option<Value>,
    /// Whether a text that is put together takes its place.
    pub hidden: bool,
}

/// A text that is put together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Concat {
    /// Its field.
    pub field: String,
    /// What it is made of.
    pub parts: Vec<Part>,
    /// What stands between two parts.
    pub delimiter: String,
    /// What it is indexed as, where the schema says.
    pub mapping: Option<Value>,
    /// Whether a later one takes its place.
    pub hidden: bool,
}

/// One part of a text that is put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Part {
    /// A text.
    Literal(String),
    /// A column, by its position.
    Column(usize),
    /// A child, by its position.
    Child(usize),
    /// An earlier text, by its position.
    Concat(usize),
}

/// Columns that link a node to its parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Columns of the parent's table.
    pub parent: Vec<String>,
    /// Columns of the node's table.
    pub child: Vec<String>,
    /// The join table.
    pub through: Option<Through>,
}

/// A join table, and its columns on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Through {
    /// The table.
    pub table: usize,
    /// Columns that equal the parent's.
    pub parent: Vec<String>,
    /// Columns that equal the node's.
    pub child: Vec<String>,
}
