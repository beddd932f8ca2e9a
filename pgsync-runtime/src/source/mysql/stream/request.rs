//! How a stream is asked for. In: the server's kind, after which transactions to begin. Out: the statements before, and the
//! request itself.

use super::StreamSettings;
use crate::source::mysql::binlog::{Flavour, GtidSet};
use crate::source::mysql::server::Server;
use crate::{Error, ErrorKind, Result};
use mysql_async::prelude::Queryable;
use mysql_async::{BinlogStreamRequest, Conn, Sid};

/// Where a stream begins.
#[derive(Debug, Clone)]
pub enum Start {
    /// With what is not in this set.
    After(GtidSet),
    /// At a place of a log. Its transactions have to have ids all the same, and the set says what came before.
    Place {
        /// The log.
        file: String,
        /// Where in it an event begins.
        offset: u64,
        /// What was read before.
        after: GtidSet,
    },
}

impl Start {
    /// What was read before; nothing, of the server's kind, where a set of another kind is given.
    pub(super) fn after(&self, flavour: Flavour) -> GtidSet {
        let (Self::After(set) | Self::Place { after: set, .. }) = self;
        if set.flavour() == flavour { set.clone() } else { GtidSet::empty(flavour) }
    }
}

/// A number for the replica of this name: the same one after a restart, so that the server ends what is left of the stream
/// before; in the upper half of all numbers, where people give none.
pub fn server_id(name: &str) -> u32 {
    crc32fast::hash(name.as_bytes()) | 1 << 31
}

/// What the session of the stream has to say first.
pub(super) async fn prepare(
    connection: &mut Conn,
    server: &Server,
    settings: &StreamSettings,
    after: &GtidSet,
) -> mysql_async::Result<()> {
    let period = settings.heartbeat.as_nanos();
    // Servers differ in the names they look for; a variable that nobody reads does no harm.
    let mut statements = vec![
        format!("SET @master_heartbeat_period = {period}, @source_heartbeat_period = {period}"),
        "SET @source_binlog_checksum = 'ALL'".to_owned(),
        // A reader that waits for the search engine is not gone.
        "SET SESSION net_write_timeout = 3600".to_owned(),
    ];
    if server.flavour == Flavour::MariaDb {
        // Four: it understands MariaDB's ids, and gets them instead of a form for old replicas.
        statements.push("SET @mariadb_slave_capability = 4, @slave_gtid_strict_mode = 1".to_owned());
        statements.push("SET @slave_gtid_ignore_duplicates = 0".to_owned());
        // Digits and hyphens only.
        statements.push(format!("SET @slave_connect_state = '{after}'"));
    }
    for statement in statements {
        connection.query_drop(statement).await?;
    }
    Ok(())
}

/// The request.
pub(super) fn of<'r>(server: &Server, settings: &StreamSettings, start: &'r Start) -> Result<BinlogStreamRequest<'r>> {
    let request = BinlogStreamRequest::new(settings.server_id).with_hostname(b"pgsync");
    if let Start::Place { file, offset, .. } = start {
        // The server counts them in 32 bits.
        if u32::try_from(*offset).is_err() {
            return Err(Error::new(ErrorKind::Usage, format!("{offset} is beyond what a place of a log can be")));
        }
        return Ok(request.with_filename(file.as_bytes()).with_pos(*offset));
    }
    match server.flavour {
        // What it is asked for stands in the session.
        Flavour::MariaDb => Ok(request.with_pos(4_u64)),
        Flavour::MySql => Ok(request.with_gtid().with_pos(4_u64).with_gtid_set(origins(start)?)),
    }
}

/// The set as the driver takes it: what was printed, one origin after the other.
fn origins(start: &Start) -> Result<Vec<Sid<'static>>> {
    let (Start::After(set) | Start::Place { after: set, .. }) = start;
    let text = set.to_string();
    let parts = text.split(',').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            part.parse().map_err(|error| {
                Error::new(ErrorKind::Fatal, format!("{part} cannot be sent to the server")).source(error)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_number_in_the_upper_half() {
        assert_eq!(server_id("orders"), server_id("orders"));
        assert_ne!(server_id("orders"), server_id("books"));
        assert!(server_id("orders") >= 1 << 31);
    }
}
