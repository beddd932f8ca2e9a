//! Aggregates: what a parent shows of all rows of a child together. In: nothing. Out: the functions, and what each gives where
//! there is no row. How a source spells them is not known here.

use crate::ColumnType;
use serde::{Deserialize, Serialize};

/// A value that the source makes of all rows that belong to one parent.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Aggregate {
    /// How it is made.
    pub function: AggregateFunction,
    /// What it gives.
    #[serde(rename = "type")]
    pub ty: ColumnType,
}

/// How one value is made of many. All but the first two leave NULL out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AggregateFunction {
    /// Whether there is a row.
    Exists,
    /// The number of rows.
    CountRows,
    /// The number of values.
    Count,
    /// The number of values that differ.
    CountDistinct,
    /// The sum of the values.
    Sum,
    /// The least value.
    Min,
    /// The greatest value.
    Max,
    /// The mean of the values.
    Avg,
}

impl AggregateFunction {
    /// What it gives where there is no row, as JSON.
    pub fn without_rows(self) -> &'static str {
        match self {
            Self::Exists => "false",
            Self::CountRows | Self::Count | Self::CountDistinct => "0",
            Self::Sum | Self::Min | Self::Max | Self::Avg => "null",
        }
    }

    /// Whether it may give null: without a row, or where no row has a value.
    pub fn is_nullable(self) -> bool {
        self.without_rows() == "null"
    }

    /// Whether rows alone count, whatever their values are.
    pub fn is_of_rows(self) -> bool {
        matches!(self, Self::Exists | Self::CountRows)
    }

    /// As a schema file writes it.
    pub fn written(self, column: &str) -> String {
        match self {
            Self::Exists => "exists".to_owned(),
            Self::CountRows => "count(*)".to_owned(),
            Self::Count => format!("count({column})"),
            Self::CountDistinct => format!("count(distinct {column})"),
            Self::Sum => format!("sum({column})"),
            Self::Min => format!("min({column})"),
            Self::Max => format!("max({column})"),
            Self::Avg => format!("avg({column})"),
        }
    }
}
