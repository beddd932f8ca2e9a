//! Names of what is set up in the database, as far as they follow from the schema file: documents come and go, and the
//! position in the log must not depend on them.

use crate::source::Source;
use pgsync_plan::{Capture, LogicalReplication};

/// The names for a file: what it calls itself, else what it is called. The runtime adds the database's.
pub fn capture(source: &Source, name: Option<&str>) -> Capture {
    let name = name.map_or_else(|| source.name(), str::to_owned);
    let (publication, slot) = (format!("pgsync_{name}"), format!("pgsync_{name}"));
    Capture::LogicalReplication(LogicalReplication { file: name, publication, slot })
}
