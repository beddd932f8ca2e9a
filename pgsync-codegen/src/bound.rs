//! The bound tree: everything the schema names is found in the catalogue, and everything it leaves out is decided.
//! Tables are positions in [`crate::catalog::Catalog::tables`], columns are names that exist there.

use pgsync_plan::{AggregateFunction, OnChange, PathStep, Rewrite, Shape, ValueKind};
use serde::Serialize;
use serde_json::{Map, Value};

/// A schema file, bound.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Schema {
    /// Its documents.
    pub documents: Vec<Document>,
}

/// A document, bound.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// Its position among those that are written: one of `schemas` for each is made of it.
    pub written: usize,
    /// The index.
    pub index: String,
    /// The database, where one is named.
    pub database: Option<String>,
    /// The root's column whose value is the routing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing: Option<String>,
    /// `pipeline`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<String>,
    /// `setting`.
    pub setting: Option<Value>,
    /// `mapping`.
    pub mapping: Option<Value>,
    /// `plugins`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plugins: Vec<String>,
    /// `mappings`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mappings: Option<Value>,
    /// Whether it lists the keys of the rows that it shows.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub meta: bool,
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
    /// Which changes of its rows documents follow.
    pub on_change: OnChange,
    /// What a parent's row shows of it.
    pub shape: Shape,
    /// Whether its field may be null.
    pub optional: bool,
    /// What its rows are ordered by, before their key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order_by: Vec<OrderBy>,
    /// How many rows a parent shows at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Whether equal values of one parent are shown once. Then rows are ordered by the value first.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub distinct: bool,
    /// Whether a to-many field without rows is `[]`.
    pub empty_array: bool,
    /// How it hangs on its parent.
    pub link: Option<Link>,
    /// Texts that are put together of its fields, in the order in which they are made.
    pub concats: Vec<Concat>,
    /// What it is indexed as, where the schema says.
    pub mapping: Option<Value>,
    /// What fields are indexed as that plugins of the document add.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub declared: Map<String, Value>,
    /// Whether a text that is put together takes the place of its field.
    pub hidden: bool,
    /// What it is made of, where it is a view.
    pub view: Option<View>,
    /// Its children.
    pub children: Vec<Node>,
}

impl Node {
    /// Whether its rows are shown by aggregates.
    pub fn is_aggregate(&self) -> bool {
        self.columns.iter().any(|column| column.aggregate.is_some())
    }

    /// The tables that it reads: its own, its join table, and those that a view is made of. A table may come twice.
    pub fn tables(&self) -> impl Iterator<Item = usize> {
        let through = self.link.iter().filter_map(|link| link.through.as_ref()).map(|through| through.table);
        let bases = self.view.iter().flat_map(|view| &view.bases).map(|base| base.table);
        std::iter::once(self.table).chain(through).chain(bases)
    }

    /// Itself and every node below, parents first.
    pub fn each<'n>(&'n self, visit: &mut impl FnMut(&'n Self)) {
        visit(self);
        self.children.iter().for_each(|child| child.each(visit));
    }
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

/// A column that rows are ordered by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderBy {
    /// The column.
    pub column: String,
    /// Whether the largest value comes first.
    pub descending: bool,
    /// Whether NULL comes first.
    pub nulls_first: bool,
}

/// What a view is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct View {
    /// Whether a look-up by the columns that link, or by the key of a root, can be moved into its query.
    pub looked_up: bool,
    /// Every place at which a change of a table concerns it.
    pub bases: Vec<Base>,
}

/// A table that a view reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Base {
    /// The table.
    pub table: usize,
    /// Columns whose changes matter.
    pub columns: Vec<String>,
    /// How the values that link are found from its rows; `None` where nobody can tell.
    pub way: Option<Way>,
}

/// From a row of a table to values of a view, by tables that the view joins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// Columns of the changed row that are used.
    pub link: Vec<String>,
    /// The tables in between, each joined with what stands before it: columns of its own, and those that they equal.
    pub joins: Vec<(usize, Vec<(String, WayColumn)>)>,
    /// The values.
    pub values: Vec<WayColumn>,
}

/// A column on a way: 0 for the changed row, then the number of the join from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WayColumn {
    /// Whose it is.
    pub of: usize,
    /// Its name.
    pub column: String,
}

/// A shown column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// As the schema writes it.
    pub text: String,
    /// The column; of a computed field, the first that it reads; of an aggregate of rows, whatever they are, one that links.
    pub column: String,
    /// What is computed in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub computed: Option<Computed>,
    /// What is made of its values in all rows of a parent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregate: Option<AggregateFunction>,
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

impl Column {
    /// A column as it stands, in a field of its name.
    pub(crate) fn plain(name: &str) -> Self {
        Self {
            text: name.to_owned(),
            column: name.to_owned(),
            computed: None,
            aggregate: None,
            path: Vec::new(),
            as_text: false,
            field: name.to_owned(),
            rewrite: Rewrite::default(),
            mapping: None,
            hidden: false,
        }
    }
}

/// What a field shows that is no column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Computed {
    /// The expression.
    pub expression: Expression,
    /// The type that it gives, as it is spelled in a cast.
    pub cast: String,
    /// The family of that type.
    pub kind: ValueKind,
    /// Whether it is an array.
    pub array: bool,
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
