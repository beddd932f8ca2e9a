//! What a server is. In: an open connection. Out: whose kind it is, which transactions it has and no longer has the log of,
//! and every setting that stands in the way, with the statement that mends it.

use super::address::Address;
use super::binlog::{Flavour, GtidSet};
use super::failure;
use super::read::is_packed;
use super::release;
use crate::{Code, Error, ErrorKind, Result};
use mysql_async::Conn;
use mysql_async::prelude::Queryable;
use pgsync_plan::Program;

/// A server, as it was when it was asked.
#[derive(Debug, Clone)]
pub struct Server {
    /// Whose kind.
    pub flavour: Flavour,
    /// What it calls itself.
    pub version: String,
    /// Its own number among servers: a stream must have another.
    pub id: u32,
    /// Whether its events have checksums.
    pub checksums: bool,
    /// What was committed on it, and by replication.
    pub executed: GtidSet,
    /// What of that its logs no longer hold; MariaDB does not say.
    pub purged: Option<GtidSet>,
    /// Whether its log names the rows that a foreign key changes or deletes.
    pub logs_cascades: bool,
    /// Settings that stand in the way.
    pub wrong: Vec<WrongSetting>,
}

/// A setting that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongSetting {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub found: String,
    /// The statement, or the line in the server's file, that mends it.
    pub mend: &'static str,
}

/// Name, what will do, the cure. What a server does not know of is not asked of it.
const SETTINGS: [(&str, &[&str], &str); 7] = [
    ("log_bin", &["1", "ON"], "log_bin=binlog in the server's file, and a restart"),
    ("binlog_format", &["ROW"], "SET GLOBAL binlog_format = 'ROW'"),
    ("binlog_row_image", &["FULL", "NOBLOB"], "SET GLOBAL binlog_row_image = 'FULL'"),
    ("binlog_row_metadata", &["FULL"], "SET GLOBAL binlog_row_metadata = 'FULL'"),
    ("gtid_mode", &["ON"], "SET GLOBAL gtid_mode = 'ON' (by its steps: OFF_PERMISSIVE, ON_PERMISSIVE, ON)"),
    ("gtid_strict_mode", &["1", "ON"], "SET GLOBAL gtid_strict_mode = 1"),
    ("binlog_storage_engine", &["", "file"], "binlog_storage_engine= in the server's file, and a restart"),
];

impl Server {
    /// Asks.
    ///
    /// # Errors
    /// Where it does not answer, says what nobody understands, or is of a release that cannot be followed.
    pub async fn ask(connection: &mut Conn, address: &Address) -> Result<Self> {
        let version = variable(connection, address, "version").await?.unwrap_or_default();
        let flavour = Flavour::of(&version);
        release::followed(flavour, &version, &address.shown())?;
        let executed = executed(connection, address, flavour).await?;
        let purged = match flavour {
            Flavour::MySql => Some(set(connection, address, flavour, "gtid_purged").await?),
            Flavour::MariaDb => None,
        };
        let number = variable(connection, address, "server_id").await?;
        let checksum = variable(connection, address, "binlog_checksum").await?;
        let mut wrong = Vec::new();
        for (name, right, mend) in SETTINGS {
            // Strictness is MariaDB's; without it numbers of a domain may come twice.
            if let Some(found) = variable(connection, address, name).await?
                && !right.iter().any(|right| right.eq_ignore_ascii_case(&found))
            {
                wrong.push(WrongSetting { name, found, mend });
            }
        }
        // MySQL logs them from 9.6 on, unless it is told to go back.
        let native = variable(connection, address, "innodb_native_foreign_keys").await?;
        let native = native.is_some_and(|native| ["1", "ON"].iter().any(|on| on.eq_ignore_ascii_case(&native)));
        let logs_cascades = release::logs_cascades(flavour, &version, native);
        Ok(Self {
            flavour,
            logs_cascades,
            version,
            id: number.and_then(|number| number.parse().ok()).unwrap_or(0),
            checksums: checksum.is_some_and(|checksum| checksum.eq_ignore_ascii_case("CRC32")),
            executed,
            purged,
            wrong,
        })
    }

    /// Whether a stream can be read from it, and from there.
    ///
    /// # Errors
    /// Where a setting stands in the way, or the log no longer holds what follows.
    pub fn check(&self, address: &Address, after: &GtidSet) -> Result<()> {
        self.suits(address)?;
        // Continuity is what tells a server from another one that has its name.
        let gone = |what: String| {
            Err(Error::coded(Code::LogGone, format!("{}: {what}", address.shown()))
                .help("everything is loaded again; keep logs longer to avoid it"))
        };
        self.lost(after).map_or(Ok(()), gone)
    }

    /// Whether it takes the statements of a program.
    ///
    /// # Errors
    /// [`Code::OtherCapture`] where they are written for a newer release.
    pub(super) fn runs(&self, program: &Program, address: &Address) -> Result<()> {
        let is_written_so = program.statements.iter().all(|of| is_packed(&of.roots_by_key.sql));
        if is_written_so || release::has_json_table(self.flavour, &self.version) {
            return Ok(());
        }
        let message =
            format!("the schema was compiled for MariaDB 10.6 or later, and {} is {}", address.shown(), self.version);
        Err(Error::coded(Code::OtherCapture, message)
            .help("take a new snapshot of its catalogue (cargo pgsync catalog), generate and build"))
    }

    /// Whether its settings will do.
    ///
    /// # Errors
    /// [`Code::ServerSetting`] with each that stands in the way, and what mends it.
    pub fn suits(&self, address: &Address) -> Result<()> {
        if self.wrong.is_empty() {
            return Ok(());
        }
        let all: Vec<String> = self.wrong.iter().map(|wrong| format!("{} is `{}`", wrong.name, wrong.found)).collect();
        let cure: Vec<&str> = self.wrong.iter().map(|wrong| wrong.mend).collect();
        let message = format!("{}: {} cannot be followed like this", all.join(", "), address.shown());
        Err(Error::coded(Code::ServerSetting, message).help(cure.join("; ")))
    }

    /// Why what was read up to a set cannot be continued from this server's log, if so.
    pub fn lost(&self, after: &GtidSet) -> Option<String> {
        if !self.executed.contains_all(after) {
            return Some(format!(
                "it has not executed all of {after}, which were read: it is another server, or was reset"
            ));
        }
        let purged = self.purged.as_ref().filter(|purged| !after.contains_all(purged))?;
        Some(format!("its logs begin after {purged}, of which not all were read ({after})"))
    }
}

async fn variable(connection: &mut Conn, address: &Address, name: &'static str) -> Result<Option<String>> {
    let row: Option<(String, String)> = connection
        .query_first(format!("SHOW GLOBAL VARIABLES LIKE '{name}'"))
        .await
        .map_err(|error| failure::of_server(&format!("reading {name}"), &address.shown(), error))?;
    Ok(row.map(|(_, value)| value))
}

/// What was committed on a server of this kind, asked alone.
pub(super) async fn executed(connection: &mut Conn, address: &Address, flavour: Flavour) -> Result<GtidSet> {
    set(connection, address, flavour, executed_name(flavour)).await
}

fn executed_name(flavour: Flavour) -> &'static str {
    match flavour {
        Flavour::MySql => "gtid_executed",
        Flavour::MariaDb => "gtid_binlog_pos",
    }
}

async fn set(connection: &mut Conn, address: &Address, flavour: Flavour, name: &'static str) -> Result<GtidSet> {
    let text = variable(connection, address, name).await?.unwrap_or_default();
    GtidSet::parse(flavour, &text).map_err(|_| {
        Error::new(ErrorKind::Refused, format!("{name} of {} is `{text}`, which is no set of ids", address.shown()))
            .help("report it, with the version of the server")
    })
}
