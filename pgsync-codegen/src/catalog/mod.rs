//! What the database is made of. In: a live server, or the snapshot that is committed beside the schema. Out: one value,
//! the same from both. It holds no data and no statistics.

#[cfg(feature = "live")]
pub mod live;

use pgsync_plan::{EnumType, ValueKind};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The tables of some schemas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// Version of this format.
    pub format: u32,
    /// By schema and name.
    pub tables: Vec<Table>,
    /// Enum types that columns have, by schema and name.
    pub enums: Vec<EnumType>,
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
    /// A table of an inheritance tree.
    Inherited,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A foreign table.
    Foreign,
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
    /// Whether it is of a composite type: an array of those would be taken apart into their parts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub composite: bool,
    /// Whether equality is equality of bytes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bytewise: bool,
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

impl Catalog {
    /// The format this version reads and writes.
    pub const FORMAT: u32 = 1;

    /// Where the snapshot of a schema file is: `schema.json` -> `schema.catalog.json`.
    pub fn path_beside(schema: &Path) -> PathBuf {
        schema.with_extension("catalog.json")
    }

    /// Reads a snapshot.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let catalog: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if catalog.format == Self::FORMAT {
            return Ok(catalog);
        }
        Err(format!("the snapshot has format {}, this version reads {}", catalog.format, Self::FORMAT))
    }

    /// Writes a snapshot: the same catalogue gives the same bytes.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a catalogue has string keys");
        text.push('\n');
        text
    }

    /// Finds a table.
    pub fn table(&self, schema: &str, name: &str) -> Option<usize> {
        self.tables.iter().position(|table| table.schema == schema && table.name == name)
    }
}

impl Table {
    /// Finds a column.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// `schema.name`, without `public`.
    pub fn short(&self) -> String {
        if self.schema == "public" { self.name.clone() } else { format!("{}.{}", self.schema, self.name) }
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

impl Column {
    /// Types that PostgreSQL has no `=` for, or none that a key could be built on (manual, section 8 and `pg_opclass`).
    const WITHOUT_EQUALITY: [&'static str; 9] =
        ["json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle"];

    /// Whether rows can be found by its values, which keys and links need.
    pub(crate) fn has_equality(&self) -> bool {
        !self.composite && !Self::WITHOUT_EQUALITY.contains(&self.cast.trim_end_matches("[]"))
    }
}
