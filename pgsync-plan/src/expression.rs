//! Expressions that the schema file holds. In: nothing. Out: serde types. An expression is written in the language of the
//! source; what is known of it here is which columns of its row it reads.

use crate::ColumnId;
use serde::{Deserialize, Serialize};

/// An expression over the values of one row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Expression {
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
}

/// A piece of an [`Expression`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// Text of the source's language.
    Text(String),
    /// A column of the row.
    Column(ColumnId),
}

impl Expression {
    /// The columns that it reads.
    pub fn columns(&self) -> impl Iterator<Item = ColumnId> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Column(column) => Some(*column),
            Piece::Text(_) => None,
        })
    }
}
