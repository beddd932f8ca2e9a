//! Which server this is. In: a connection. Out: what tells it apart from every other, and the same of each server whose
//! transactions it has executed: after a failover it stands in for them.

use super::address::Address;
use super::binlog::Flavour;
use super::connection::ask;
use crate::{Code, Error, Result};
use mysql_async::Conn;

/// A server, and whose history it has.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) server: String,
    pub(super) lineage: Vec<String>,
}

impl Identity {
    /// Asks.
    pub(super) async fn ask(connection: &mut Conn, address: &Address, flavour: Flavour) -> Result<Self> {
        let question = match flavour {
            Flavour::MySql => "SELECT @@GLOBAL.server_uuid, @@GLOBAL.gtid_executed",
            // It has no number of its own that a file of settings does not give it. `gtid_binlog_pos` names the last writer of a
            // domain only, the state every one that the log knows of.
            Flavour::MariaDb => {
                "SELECT CONCAT(@@GLOBAL.gtid_domain_id, '-', @@GLOBAL.server_id), @@GLOBAL.gtid_binlog_state"
            }
        };
        let what = "asking which server this is";
        let found: Vec<(String, String)> = ask(connection, address, what, question).await?;
        let (server, executed) = found
            .into_iter()
            .next()
            .ok_or_else(|| Error::coded(Code::Answer, format!("{what} at {}: no answer", address.shown())))?;
        Ok(Self::of(flavour, &server, &executed))
    }

    fn of(flavour: Flavour, server: &str, executed: &str) -> Self {
        let parts = executed.split(',').map(str::trim).filter(|part| !part.is_empty());
        let mut lineage: Vec<String> = match flavour {
            Flavour::MySql => parts.filter_map(|part| part.split(':').next()).map(str::to_ascii_lowercase).collect(),
            Flavour::MariaDb => {
                parts.filter_map(|part| part.rsplit_once('-')).map(|(writer, _)| named(writer)).collect()
            }
        };
        lineage.sort_unstable();
        lineage.dedup();
        let server = match flavour {
            Flavour::MySql => server.to_owned(),
            Flavour::MariaDb => named(server),
        };
        Self { server, lineage }
    }
}

fn named(writer: &str) -> String {
    format!("mariadb-{writer}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_server_that_wrote_is_in_the_lineage() {
        let mysql = Identity::of(
            Flavour::MySql,
            "bbbbbbbb-0000-0000-0000-000000000001",
            "AAAAAAAA-0000-0000-0000-000000000001:1-5:7,\nbbbbbbbb-0000-0000-0000-000000000001:1-2:tag:1",
        );
        assert_eq!(mysql.lineage, ["aaaaaaaa-0000-0000-0000-000000000001", "bbbbbbbb-0000-0000-0000-000000000001"]);
        let mariadb = Identity::of(Flavour::MariaDb, "0-8", "0-7-11,0-8-13,1-7-4");
        assert_eq!(mariadb.server, "mariadb-0-8");
        assert_eq!(mariadb.lineage, ["mariadb-0-7", "mariadb-0-8", "mariadb-1-7"]);
        assert_eq!(Identity::of(Flavour::MariaDb, "0-1", "").lineage, Vec::<String>::new());
    }
}
