//! What a binary embeds. In: the plan, the capture names, the kind of database. Out: the [`Program`].

use super::{mapping, sql};
use pgsync_plan::{Capture, Dialect, Plan, Program};

/// Puts the statements of a dialect and the index definitions beside the plan.
pub fn program(dialect: Dialect, database: Option<String>, plan: Plan, capture: Capture) -> Program {
    Program {
        format: Program::FORMAT,
        dialect,
        database,
        statements: sql::statements(&plan, sql::dialect(dialect)),
        indexes: plan.documents.iter().map(|document| mapping::index(&plan, document)).collect(),
        capture,
        plan,
    }
}
