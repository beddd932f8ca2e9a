//! What the user wrote, every leaf with its place. Nothing here is looked up yet.

use crate::source::{Span, Spanned};
use pgsync_plan::{AggregateFunction, OnChange, PathStep};
use serde::Serialize;
use serde_json::Value;

/// A schema file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Schema {
    /// `$schema`, at the top: what an editor checks the file with.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub json_schema: Option<Spanned<String>>,
    /// `name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Spanned<String>>,
    /// Its documents.
    pub documents: Vec<Document>,
}

/// A document of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// `database`.
    pub database: Option<Spanned<String>>,
    /// `schemas`.
    pub schemas: Vec<Spanned<String>>,
    /// `index`.
    pub index: Option<Spanned<String>>,
    /// `routing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing: Option<Spanned<String>>,
    /// `pipeline`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<Spanned<String>>,
    /// `setting`.
    pub setting: Option<Spanned<Value>>,
    /// `mapping`.
    pub mapping: Option<Spanned<Value>>,
    /// `plugins`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plugins: Vec<Spanned<String>>,
    /// `mappings`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mappings: Option<Spanned<Value>>,
    /// `_meta`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meta: Option<Spanned<bool>>,
    /// `nodes`, or the bare node.
    pub root: Node,
    /// The whole.
    #[serde(skip)]
    pub span: Span,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Node {
    /// `table`.
    pub table: Spanned<String>,
    /// `schema`.
    pub schema: Option<Spanned<String>>,
    /// `label`.
    pub label: Option<Spanned<String>>,
    /// `columns`; empty for all.
    pub columns: Vec<Spanned<ColumnPath>>,
    /// `computed`: fields and their expressions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub computed: Vec<(Spanned<String>, Spanned<String>)>,
    /// `aggregate`: fields, and what each is made of all rows of a parent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aggregate: Vec<(Spanned<String>, Spanned<Aggregate>)>,
    /// `primary_key`.
    pub primary_key: Vec<Spanned<String>>,
    /// `where`.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<Spanned<String>>,
    /// `base_tables`.
    pub base_tables: Vec<Spanned<String>>,
    /// `order_by`: entries as they are written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order_by: Vec<Spanned<String>>,
    /// `limit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Spanned<u32>>,
    /// `distinct`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distinct: Option<Spanned<bool>>,
    /// `on_change`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_change: Option<Spanned<OnChange>>,
    /// `relationship`.
    pub relationship: Option<Relationship>,
    /// `empty`: whether a to-many field without rows is `[]`.
    pub empty: Option<Spanned<bool>>,
    /// `transform`.
    pub transform: Transform,
    /// `children`.
    pub children: Vec<Node>,
    /// The whole.
    #[serde(skip)]
    pub span: Span,
}

impl Node {
    /// The fields of it that are no columns.
    pub(crate) fn made(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.computed.iter().map(|(field, _)| field).chain(self.aggregate.iter().map(|(field, _)| field))
    }
}

/// An entry of `aggregate`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Aggregate {
    /// As written.
    pub text: String,
    /// How it is made.
    pub function: AggregateFunction,
    /// The column that it is of, and the byte of `text` at which it stands; none where rows are counted.
    pub column: Option<(String, usize)>,
}

/// What is done to the fields of a node, by their names.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Transform {
    /// `replace`: parts of texts.
    pub replace: Vec<(Spanned<String>, Rules)>,
    /// `rename`.
    pub rename: Vec<(Spanned<String>, Rules)>,
    /// `concat`, in the order in which they are written.
    pub concat: Vec<Concat>,
    /// `mapping`: what fields are indexed as.
    pub mapping: Vec<(Spanned<String>, Spanned<Value>)>,
    /// Where `move` stands, which does nothing.
    #[serde(skip)]
    pub moved: Option<Span>,
}

/// What a name has in `rename` or `replace`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Rules {
    /// The new name, or what takes the place of the text that the name is.
    Text(Spanned<String>),
    /// Rules for what is within.
    Within(Vec<(Spanned<String>, Rules)>),
}

/// A text that is put together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Concat {
    /// Fields, or texts where no field is called so.
    pub columns: Vec<Spanned<String>>,
    /// The field that it makes.
    pub destination: Spanned<String>,
    /// What stands between two parts.
    pub delimiter: String,
}

/// A column, or a path into one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnPath {
    /// As written.
    pub text: String,
    /// The column.
    pub column: String,
    /// The path; empty for the column itself.
    pub path: Vec<PathStep>,
    /// Whether the path leads to a text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub as_text: bool,
    /// The field it makes.
    pub field: String,
}

/// How a node hangs on its parent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Relationship {
    /// `type`: whether it is to-many.
    pub many: Option<Spanned<bool>>,
    /// `variant`.
    pub variant: Option<Spanned<Variant>>,
    /// `through_tables`: schema, where written, and table.
    pub through: Option<Spanned<(Option<String>, String)>>,
    /// `foreign_key`.
    pub foreign_key: Option<ForeignKey>,
    /// The whole.
    #[serde(skip)]
    pub span: Span,
}

/// What a row is shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Variant {
    /// An object.
    Object,
    /// The value of its first column.
    Scalar,
    /// Fields of its parent.
    Flatten,
}

/// Columns that link, pairwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ForeignKey {
    /// Columns of the parent's table.
    pub parent: Vec<Spanned<String>>,
    /// Columns of the child's table.
    pub child: Vec<Spanned<String>>,
    /// The whole.
    #[serde(skip)]
    pub span: Span,
}
