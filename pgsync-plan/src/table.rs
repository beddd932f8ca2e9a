//! Tables as far as documents use them. In: facts of the catalogue. Out: what the runtime compares with the live
//! catalogue before it trusts the plan. Columns that no document uses do not appear.

use serde::{Deserialize, Serialize};

/// Position of a [`Table`] in [`crate::Plan::tables`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TableId(pub usize);

/// Position of a [`Column`] in [`Table::columns`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ColumnId(pub usize);

/// A table and the columns of it that are used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Schema (namespace), unquoted.
    pub schema: String,
    /// Name, unquoted.
    pub name: String,
    /// What kind of relation it is.
    pub kind: TableKind,
    /// The used columns, by name.
    pub columns: Vec<Column>,
    /// The declared primary key, columns sorted by name; empty where there is none. All of them are in `columns`.
    pub key: Vec<ColumnId>,
    /// Columns whose *old* values must come with an update or a delete, because a route or an `_id` needs them.
    pub old: Vec<ColumnId>,
    /// The least replica identity under which the stream carries every column in `old`.
    pub identity: Identity,
    /// The comment in the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The query that is read in the place of what is stored: that of a materialized view, which shows what its tables held
    /// when it was last refreshed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
}

impl Table {
    /// The column behind an id.
    pub fn column(&self, id: ColumnId) -> &Column {
        &self.columns[id.0]
    }

    /// `schema.name`, unquoted, for messages.
    pub fn qualified(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }
}

/// Kind of relation (`pg_class.relkind`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// An ordinary table.
    Ordinary,
    /// A partitioned table; its rows live in leaves.
    Partitioned,
    /// A view. Its changes are those of the tables that it reads.
    View,
    /// A materialized view. Its query is read, not what is stored.
    MaterializedView,
}

impl TableKind {
    /// Whether its rows are those of other tables, so that the log has none of them.
    pub fn is_view(self) -> bool {
        matches!(self, Self::View | Self::MaterializedView)
    }
}

/// Replica identity that capture needs (PostgreSQL manual, `ALTER TABLE ... REPLICA IDENTITY`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// The primary key covers the old columns and is immediate: nothing to set.
    Default,
    /// The whole old row is needed, or the table has no usable key.
    Full,
}

/// One used column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Name, unquoted.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: ColumnType,
    /// Whether the catalogue lets it be NULL.
    pub nullable: bool,
    /// The comment in the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A column's type, with domains resolved to their base type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ColumnType {
    /// As declared, modifiers included: `numeric(10,2)`, `character(5)`; the domain's own name for a domain.
    pub declared: String,
    /// The base type without modifiers, spelled so that it can stand in a cast whatever the search path is:
    /// `integer`, `bpchar`, `public.citext`, `"My Schema"."my enum"`. For an array: the array type (`integer[]`).
    pub cast: String,
    /// What its values look like. For an array: the kind of its elements.
    pub kind: ValueKind,
    /// Whether it is an array (of any number of dimensions).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub array: bool,
    /// The operators that compare its values, where they are not the usual ones of `pg_catalog`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operators: Option<Operators>,
    /// Whether the type has no binary form: its values cross the wire as text wherever another would as [`crate::Form::Raw`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub textual: bool,
    /// Position in [`crate::Plan::enums`] where `kind` is [`ValueKind::Enum`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enumeration: Option<usize>,
}

/// The operators of a type's default order (its default `btree` operator class).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Operators {
    /// Schema they stand in, unquoted.
    pub schema: String,
    /// Names of what is `<`, `<=`, `=`, `>=` and `>` for this type, in this order.
    pub names: [String; 5],
}

/// An enum type of the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumType {
    /// Schema (namespace).
    pub schema: String,
    /// Name.
    pub name: String,
    /// Labels in their declared order.
    pub labels: Vec<String>,
}

/// The families of values that the index mapping and the structs tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// `boolean`
    Bool,
    /// `smallint`
    Int2,
    /// `integer`
    Int4,
    /// `bigint`
    Int8,
    /// Whole numbers of 64 bits without a sign
    #[serde(rename = "uint8")]
    UInt8,
    /// `oid`
    Oid,
    /// `real`
    Float4,
    /// `double precision`
    Float8,
    /// `numeric`
    Numeric,
    /// `text`, `character varying`, `name`, `citext`
    Text,
    /// `character(n)`: equality ignores trailing blanks
    Char,
    /// an enum type
    Enum,
    /// `uuid`
    Uuid,
    /// `date`
    Date,
    /// `time without time zone`
    Time,
    /// `time with time zone`
    TimeTz,
    /// `timestamp without time zone`
    Timestamp,
    /// `timestamp with time zone`
    TimestampTz,
    /// `interval`
    Interval,
    /// `bytea`
    Bytea,
    /// `json`
    Json,
    /// `jsonb`
    Jsonb,
    /// `inet` and `cidr`
    Inet,
    /// `hstore`
    Hstore,
    /// Anything else: ranges, geometry, bit strings, composite types, money, ...: rendered by the database
    Other,
}
