//! Names of what is set up in the database, as far as they follow from the schema file: documents come and go, and the
//! position in the log must not depend on them.

use crate::source::Source;
use pgsync_plan::{Binlog, Capture, Dialect, LogicalReplication};

/// The names for a file: what it calls itself, else what it is called. The runtime adds the database's.
pub fn capture(dialect: Dialect, source: &Source, name: Option<&str>) -> Capture {
    let name = name.map_or_else(|| source.name(), str::to_owned);
    if dialect != Dialect::Postgres {
        return Capture::Binlog(Binlog { name: format!("pgsync_{name}"), file: name });
    }
    let (publication, slot) = (format!("pgsync_{name}"), format!("pgsync_{name}"));
    Capture::LogicalReplication(LogicalReplication { file: name, publication, slot })
}
