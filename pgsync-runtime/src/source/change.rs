//! What a stream of changes says, whatever database it comes from. In: nothing. Out: the types that a source fills and the
//! router reads.
//!
//! Values are borrowed from the message they arrived in. Their bytes are compared for equality and handed back to the
//! source in statements; nothing else is done with them.

use crate::position::{Mark, Version};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::time::SystemTime;

/// A relation that holds rows, as the stream names it: stable while it exists, of no meaning to anybody but the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RelationId(pub u32);

/// A transaction as the stream names it, for [`Visibility`](super::Visibility).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionId(pub u32);

/// One step of the stream.
#[derive(Debug)]
pub enum Event<T> {
    /// A committed transaction begins. Transactions follow each other in the order of their commits.
    Begin(Transaction),
    /// A row was inserted, updated or deleted.
    Row(RowChange<T>),
    /// Tables were emptied.
    Truncate(Vec<RelationId>),
    /// Rows were changed of which the stream says nothing more.
    Unlogged(Unlogged),
    /// The columns of the rows that follow.
    Relation(Relation),
    /// The transaction is complete. Everything before the mark was sent.
    Commit(Mark),
    /// Nothing of concern happened before this mark but what was sent.
    Idle(Mark),
    /// Of no concern.
    Nothing,
}

/// Changes of rows that a stream does not name, by the documents that may show them. Documents are positions in the program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unlogged {
    /// Of these any document may.
    pub everything: BTreeSet<usize>,
    /// Of these the documents that hold a word in the field of index routes.
    pub words: BTreeSet<(usize, String)>,
}

impl Unlogged {
    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.everything.is_empty() && self.words.is_empty()
    }
}

/// A transaction as its beginning announces it.
#[derive(Debug, Clone, Copy)]
pub struct Transaction {
    /// Its id.
    pub id: TransactionId,
    /// When it was committed.
    pub committed_at: SystemTime,
    /// The version that its own writes carry.
    pub version: Version,
}

/// A change of one row.
#[derive(Debug)]
pub struct RowChange<T> {
    /// The table.
    pub relation: RelationId,
    /// What is said of the row before the change.
    pub before: Before<T>,
    /// The row after it; none for a delete.
    pub after: Option<T>,
}

/// What a change says of the row before it.
#[derive(Debug, Clone, Copy)]
pub enum Before<T> {
    /// There was none: an insert.
    Nothing,
    /// The columns of its identity; the others read as NULL.
    Key(T),
    /// All of it.
    Whole(T),
    /// Nothing was sent: the columns of the identity are as they were.
    SameKey,
}

/// A row as it was sent.
pub trait Tuple<'a>: Copy + Send {
    /// Its cells, in the order of the columns of its [`Relation`].
    fn cells(self) -> impl Iterator<Item = Cell<'a>>;
}

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// In the form in which the source takes it back in statements.
    Value(&'a [u8]),
    /// NULL, or a column that an identity does not hold.
    Null,
    /// Not sent, because the change did not touch it.
    Unchanged,
    /// Not sent, and nothing is known of it: a generated column, one outside of a column list, one that was renamed.
    Absent,
}

/// The columns of a table's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The table.
    pub id: RelationId,
    /// In the order of a tuple's cells.
    pub columns: Vec<RelationColumn>,
}

/// A column of a [`Relation`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationColumn {
    /// Name.
    pub name: String,
    /// Whether it is part of the identity that comes with changed and deleted rows.
    pub key: bool,
}

/// A row made by hand.
impl<'a> Tuple<'a> for &'a [Cell<'a>] {
    #[inline]
    fn cells(self) -> impl Iterator<Item = Cell<'a>> {
        self.iter().copied()
    }
}
