//! Statements. In: the plan and a [`Dialect`]. Out: [`DocumentStatements`] beside each document, complete texts whose
//! number of parameters never depends on how many keys are asked. What equals what is left to the database: every
//! comparison is between columns or between a column and a parameter of the type the value came from.

mod apart;
mod dialect;
mod document;
mod order;
mod postgres;
mod range;
mod whole;

pub use dialect::{Comparison, Dialect, Join, Keyed, Ranged, RootsByKeyParts, Whole};
pub use postgres::Postgres;

use pgsync_plan::{DocumentStatements, Plan};

/// The statements of every document, in the order of [`Plan::documents`].
pub fn statements(plan: &Plan, dialect: &dyn Dialect) -> Vec<DocumentStatements> {
    plan.documents.iter().map(|document| document::statements(plan, document, dialect)).collect()
}

#[cfg(test)]
mod tests;
