//! Names of what is set up in the database. They follow from the schema, so that every start finds the same.

use pgsync_plan::{Capture, Plan};
use sha2::{Digest, Sha256};

/// The names for a plan.
pub fn capture(plan: &Plan) -> Capture {
    let mut indexes: Vec<&str> = plan.documents.iter().map(|document| document.index.as_str()).collect();
    let first: String =
        indexes.first().copied().unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    indexes.sort_unstable();
    let database = plan.documents.iter().find_map(|document| document.database.as_deref()).unwrap_or_default();
    let digest = Sha256::digest(format!("{database}\n{}", indexes.join("\n")));
    let hex: String = digest.iter().take(3).map(|byte| format!("{byte:02x}")).collect();
    let name = format!("pgsync_{}_{hex}", first.to_ascii_lowercase());
    Capture { publication: name.clone(), slot: name }
}
