//! What a binary embeds. In: the plan, the capture names, a dialect. Out: the [`Program`].

use super::{mapping, sql};
use pgsync_plan::{Capture, Plan, Program};

/// Puts the statements of a dialect and the index definitions beside the plan.
pub fn program(plan: Plan, capture: Capture, dialect: &dyn sql::Dialect) -> Program {
    Program {
        format: Program::FORMAT,
        statements: sql::statements(&plan, dialect),
        indexes: plan.documents.iter().map(|document| mapping::index(&plan, document)).collect(),
        capture,
        plan,
    }
}
