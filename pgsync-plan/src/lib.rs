//! The contract between the compiler and the runtime: a *plan* is data.
//!
//! In: nothing. Out: serde types that `pgsync-codegen` fills and `pgsync-runtime` executes. A [`Program`] is a [`Plan`]
//! (what to read, how it hangs together, which change concerns which document; no SQL dialect in it) with the SQL text
//! of one dialect and the index definitions beside it.
//!
//! Beside the types it holds what both sides must write alike: the parts that generated code is made of, and the identity
//! of an index. It must depend on no driver and no engine;
//! of engines it knows their names and how versions compare.

mod aggregate;
mod cascade;
mod codec;
mod document;
mod engine;
mod expression;
mod identity;
mod link;
mod look_up;
mod node;
mod parts;
mod program;
mod route;
mod statement;
mod table;
mod template;
mod transform;

pub use aggregate::{Aggregate, AggregateFunction};
pub use cascade::{ActingKey, Following, IndexPlace, IndexRoute, KeyAction, ROUTED, ROUTED_FIELD, Unfollowed};
pub use codec::{ByteOrder, Codec, ListElement};
pub use document::{Document, MetaKey, NodeId};
pub use engine::{EngineFamily, EngineNeed, EngineRange, EngineVersion, MappingWord};
pub use expression::{Expression, Piece};
pub use identity::identity;
pub use link::{Link, Order, OrderColumn, Reading, Through};
pub use node::{Computed, Field, FieldValue, Form, Node, OnChange, OrderBy, PathStep, Select, Shape};
pub use parts::Parts;
pub use program::{Binlog, Capture, CaptureError, Dialect, IndexDefinition, LogicalReplication, Program, ProgramError};
pub use route::{Route, RouteKind, Way, WayColumn, WayJoin};
pub use statement::{BoundedStatements, DocumentStatements, LevelStatements, RangeStatements, Statement};
pub use table::{Column, ColumnId, ColumnType, EnumType, Identity, Operators, Table, TableId, TableKind, ValueKind};
pub use template::substitute;
pub use transform::{Concat, MemberRewrite, Part, Rewrite};

use serde::{Deserialize, Serialize};

/// Every document of one schema file, bound to the tables they are made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Every table that a document reads or that decides which documents a change concerns. [`TableId`] indexes it.
    pub tables: Vec<Table>,
    /// The enum types that used columns have.
    pub enums: Vec<EnumType>,
    /// One entry per document of the schema file, in its order.
    pub documents: Vec<Document>,
}

impl Plan {
    /// The table behind an id.
    pub fn table(&self, id: TableId) -> &Table {
        &self.tables[id.0]
    }
}
