//! What a binary embeds. In: the plan, the capture names, the kind of database and how its SQL is written. Out: the [`Program`].

use super::{mapping, sql};
use pgsync_plan::{Capture, Dialect, Plan, Program};

/// Puts the statements of a dialect and the index definitions beside the plan.
pub fn program(
    dialect: Dialect,
    written: &dyn sql::Dialect,
    database: Option<String>,
    plan: Plan,
    capture: Capture,
) -> Program {
    Program {
        format: Program::FORMAT,
        dialect,
        database,
        statements: sql::statements(&plan, written),
        indexes: plan.documents.iter().map(|document| mapping::index(&plan, document)).collect(),
        capture,
        plan,
    }
}
