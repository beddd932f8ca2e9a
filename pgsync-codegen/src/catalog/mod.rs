//! What the database is made of. In: a live server, or the snapshot that is committed beside the schema. Out: one value,
//! the same from both. It holds no data and no statistics.

mod difference;
#[cfg(feature = "live")]
pub mod live;
#[cfg(feature = "mysql")]
pub mod mysql;
mod pattern;
#[cfg(any(test, feature = "mysql"))]
mod reads;
mod release;
mod snapshot;
mod spelling;

pub use difference::{TableName, differences, used};
pub use pattern::fits;
pub use pgsync_plan::KeyAction as Action;
use pgsync_plan::{ActingKey, Dialect, EnumType, Operators, ValueKind};
pub use release::Release;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The tables of some schemas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// Version of this format.
    pub format: u32,
    /// The kind of database.
    #[serde(default = "postgres", skip_serializing_if = "is_postgres")]
    pub dialect: Dialect,
    /// The schema that is meant where none is named.
    #[serde(default = "public", skip_serializing_if = "is_public")]
    pub default_schema: String,
    /// The release of a MySQL or MariaDB. None is taken for the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// By schema and name.
    pub tables: Vec<Table>,
    /// Enum types that columns have, by schema and name.
    pub enums: Vec<EnumType>,
}

fn postgres() -> Dialect {
    Dialect::Postgres
}

fn is_postgres(dialect: &Dialect) -> bool {
    *dialect == postgres()
}

/// The schema that PostgreSQL's tables stand in where nothing else is said.
pub const PUBLIC: &str = "public";

fn public() -> String {
    PUBLIC.to_owned()
}

fn is_public(schema: &str) -> bool {
    schema == PUBLIC
}

/// A table, or what looks like one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Schema.
    pub schema: String,
    /// Name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Whether its changes are not in the log.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unlogged: bool,
    /// Comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What a view is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<ViewDefinition>,
    /// The tables that it inherits from directly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inherits: Vec<QualifiedName>,
    /// In their order.
    pub columns: Vec<Column>,
    /// The primary key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_key: Option<Key>,
    /// Columns of unique constraints and indexes that cover every row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unique: Vec<Vec<String>>,
    /// Foreign keys, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys: Vec<ForeignKey>,
    /// Columns of the indexes that a look-up can use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Vec<String>>,
}

/// Kinds of relations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An ordinary table.
    Ordinary,
    /// A partitioned table.
    Partitioned,
    /// A table that others inherit from: their rows are its rows too.
    Inherited,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A foreign table.
    Foreign,
    /// A table of an engine that has no transactions.
    WithoutTransactions,
}

impl Kind {
    /// Whether its rows are those of other tables.
    pub fn is_view(self) -> bool {
        matches!(self, Self::View | Self::MaterializedView)
    }
}

/// What a view, materialized or not, is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewDefinition {
    /// Its query, every name with its schema.
    pub query: String,
    /// The tables and views that it reads, by schema and name.
    pub reads: Vec<ReadTable>,
}

/// A table that a view reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadTable {
    /// Schema.
    pub schema: String,
    /// Name.
    pub name: String,
    /// The columns that the view names, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
}

/// A primary key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its columns, by name.
    pub columns: Vec<String>,
    /// Whether it is checked at once; a deferrable key is no replica identity.
    pub immediate: bool,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Name of the constraint.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// Schema of the table it refers to.
    pub target_schema: String,
    /// That table.
    pub target: String,
    /// The columns it refers to, in the order of `columns`.
    pub target_columns: Vec<String>,
    /// Whether every row was checked.
    pub validated: bool,
    /// What becomes of a row when the row it refers to is deleted, where the log may not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<Action>,
    /// The same when the values that it refers to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_update: Option<Action>,
}

impl ForeignKey {
    /// The key, where it acts without a word in the log.
    pub fn acting(&self) -> Option<ActingKey> {
        (self.on_delete.is_some() || self.on_update.is_some()).then(|| ActingKey {
            name: self.name.clone(),
            columns: self.columns.clone(),
            onto_schema: self.target_schema.clone(),
            onto: self.target.clone(),
            onto_columns: self.target_columns.clone(),
            on_delete: self.on_delete,
            on_update: self.on_update,
        })
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Type as declared.
    pub declared: String,
    /// Base type as it stands in a cast.
    pub cast: String,
    /// Family of values; of the elements, for an array.
    pub kind: ValueKind,
    /// Whether it is an array.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub array: bool,
    /// How its values are compared.
    #[serde(default, skip_serializing_if = "Comparison::is_built_in")]
    pub comparison: Comparison,
    /// Whether the type has no binary form.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub textual: bool,
    /// Its collation, where that is not the database's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<QualifiedName>,
    /// The enum type of its values, where `kind` says they are of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enumeration: Option<QualifiedName>,
    /// Whether it may be NULL.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nullable: bool,
    /// Whether it is computed from other columns.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub generated: bool,
    /// Comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// How values of a column are compared: by the operators of the type's default `btree` operator class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// By operators of `pg_catalog` with the usual names.
    #[default]
    BuiltIn,
    /// Not at all, so no row can be found by such a value.
    None,
    /// By these.
    By(Operators),
}

impl Comparison {
    fn is_built_in(&self) -> bool {
        *self == Self::BuiltIn
    }
}

/// What is called by a schema and a name, both unquoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualifiedName {
    /// Schema.
    pub schema: String,
    /// Name.
    pub name: String,
}

impl Catalog {
    /// The format this version reads and writes.
    pub const FORMAT: u32 = 2;

    /// That of a server of PostgreSQL.
    pub fn postgres(tables: Vec<Table>, enums: Vec<EnumType>) -> Self {
        Self { format: Self::FORMAT, dialect: postgres(), default_schema: public(), release: None, tables, enums }
    }

    /// Where the snapshot of a schema file is: `schema.json` -> `schema.catalog.json`.
    pub fn path_beside(schema: &Path) -> PathBuf {
        schema.with_extension("catalog.json")
    }

    /// The name of a table in messages: `schema.name`, without the default schema.
    pub fn short(&self, table: &Table) -> String {
        if table.schema == self.default_schema {
            table.name.clone()
        } else {
            format!("{}.{}", table.schema, table.name)
        }
    }

    /// Whether the log names the rows that a foreign key changes or deletes by itself: MySQL's does from 9.6 on.
    pub fn logs_cascades(&self) -> bool {
        match self.dialect {
            Dialect::Postgres => true,
            Dialect::Mysql => self.release.is_some_and(|release| release >= Release { major: 9, minor: 6 }),
            Dialect::Mariadb => false,
        }
    }

    /// Finds a table.
    pub fn table(&self, schema: &str, name: &str) -> Option<usize> {
        self.tables.binary_search_by(|table| (table.schema.as_str(), table.name.as_str()).cmp(&(schema, name))).ok()
    }
}

impl Table {
    /// Finds a column, one of the system's too.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name).or_else(|| self.system_column(name))
    }

    /// Columns that every table of PostgreSQL has beside its own (manual, section 5.6).
    fn system_column(&self, name: &str) -> Option<&'static Column> {
        SYSTEM.iter().find(|column| column.name == name && !self.kind.is_view())
    }

    /// Names of those.
    pub(crate) fn system_columns(&self) -> Vec<&'static str> {
        SYSTEM.iter().filter(|_| !self.kind.is_view()).map(|column| column.name.as_str()).collect()
    }

    /// Its columns, for a message that lists them.
    pub(crate) fn column_names(&self) -> String {
        crate::diagnostic::listed(self.columns.iter().map(|column| column.name.as_str()))
    }

    /// Whether at most one row has given values of these columns.
    pub fn is_unique(&self, columns: &[String]) -> bool {
        let within = |key: &[String]| !key.is_empty() && key.iter().all(|column| columns.contains(column));
        self.primary_key.as_ref().is_some_and(|key| within(&key.columns)) || self.unique.iter().any(|key| within(key))
    }
}

static SYSTEM: LazyLock<[Column; 2]> = LazyLock::new(|| [system("xmin", "xid"), system("ctid", "tid")]);

/// A column that is no part of a table's definition. It has a new value with every change of its row, and the log does not
/// carry it.
fn system(name: &str, ty: &str) -> Column {
    Column {
        name: name.to_owned(),
        declared: ty.to_owned(),
        cast: ty.to_owned(),
        kind: ValueKind::Other,
        array: false,
        comparison: Comparison::None,
        textual: false,
        collation: None,
        enumeration: None,
        nullable: false,
        generated: true,
        comment: None,
    }
}

impl Column {
    /// Whether rows can be found by its values, which keys and links need.
    pub(crate) fn has_equality(&self) -> bool {
        self.comparison != Comparison::None
    }
}
