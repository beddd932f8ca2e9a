//! Statements. In: the plan and a [`Dialect`]. Out: [`DocumentStatements`] beside each document, complete texts that
//! do not depend on how many keys are asked. What equals what is left to the database: every
//! comparison is between columns or between a column and a parameter of the type the value came from.

mod dialect;
mod document;
mod mysql;
mod postgres;
mod prefetch;
mod range;

pub use dialect::{Asked, Chosen, Comparison, Dialect, Join, Keyed, Prefetch, Ranged, RootsByKeyParts};
pub use mysql::{MYSQL, Mysql};
pub use postgres::Postgres;

use crate::catalog::Release;
use askama::Template;
use pgsync_plan::{DocumentStatements, Plan};

/// The dialect of a kind of database, in a release of it.
pub fn dialect(of: pgsync_plan::Dialect, release: Option<Release>) -> &'static dyn Dialect {
    match of {
        pgsync_plan::Dialect::Postgres => &Postgres,
        pgsync_plan::Dialect::Mysql => &MYSQL,
        pgsync_plan::Dialect::Mariadb => Mysql::mariadb(release),
    }
}

/// The statements of every document, in the order of [`Plan::documents`].
pub fn statements(plan: &Plan, dialect: &dyn Dialect) -> Vec<DocumentStatements> {
    plan.documents.iter().map(|document| document::statements(plan, document, dialect)).collect()
}

/// The text of a template.
fn render(template: &impl Template) -> String {
    template.render().expect("rendering into a string does not fail")
}

#[cfg(test)]
mod tests;
