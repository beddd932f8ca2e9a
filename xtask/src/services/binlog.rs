//! What MySQL and MariaDB share as servers. In: a command that starts one, its port, what it is for. Out: the server, which logs
//! whole rows with full metadata, and has the two users that tests connect as.

use crate::daemon::Daemon;
use crate::{Outcome, places};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    MySql,
    MariaDb,
}

impl Kind {
    /// What a user needs who reads and replicates, and does nothing else.
    fn grants(self) -> &'static str {
        match self {
            Self::MySql => "REPLICATION SLAVE, REPLICATION CLIENT, SELECT, SHOW DATABASES",
            Self::MariaDb => "REPLICATION SLAVE, REPLICA MONITOR, BINLOG MONITOR, SELECT, SHOW DATABASES",
        }
    }
}

/// What a server is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Durability is given up: a server of tests loses nothing that matters, and starts and commits quicker.
    Tests,
    /// Settings of a server that is in use: commits are durable, on disk and in the log, and pages are written down as rarely
    /// as somebody who loads much makes them.
    Measurement,
}

impl Purpose {
    fn settings(self, kind: Kind) -> &'static [&'static str] {
        match (self, kind) {
            (Self::Tests, _) => {
                &["--innodb-buffer-pool-size=128M", "--innodb-flush-log-at-trx-commit=0", "--sync-binlog=0"]
            }
            (Self::Measurement, Kind::MySql) => &[
                "--innodb-buffer-pool-size=512M",
                "--innodb-flush-log-at-trx-commit=1",
                "--sync-binlog=1",
                "--innodb-redo-log-capacity=4G",
                // The program that is compared with takes minutes over one answer.
                "--net-write-timeout=3600",
            ],
            (Self::Measurement, Kind::MariaDb) => &[
                "--innodb-buffer-pool-size=512M",
                "--innodb-flush-log-at-trx-commit=1",
                "--sync-binlog=1",
                "--innodb-log-file-size=4G",
                "--net-write-timeout=3600",
            ],
        }
    }
}

/// Adds the settings that both understand, and those of the purpose, starts the server and waits for it.
pub(super) fn start(
    daemon: &Daemon,
    mut server: Command,
    home: &Path,
    port: u16,
    kind: Kind,
    purpose: Purpose,
) -> Outcome {
    let data = daemon.data();
    let users = data.join("users.sql");
    places::write(
        &users,
        &format!(
            "SET sql_log_bin = 0;\n\
             CREATE USER IF NOT EXISTS 'root'@'%';\n\
             GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;\n\
             CREATE USER IF NOT EXISTS 'repl'@'%' IDENTIFIED BY 'repl';\n\
             GRANT {} ON *.* TO 'repl'@'%';\n",
            kind.grants()
        ),
    )?;
    server
        .arg(format!("--datadir={}", data.join("data").display()))
        .arg(format!("--socket={}", data.join("server.sock").display()))
        .arg(format!("--pid-file={}", data.join("server.pid").display()))
        .arg(format!("--init-file={}", users.display()))
        .arg(format!("--port={port}"))
        .arg(format!("--server-id={port}"))
        .args(["--bind-address=127.0.0.1", "--character-set-server=utf8mb4", "--default-time-zone=+00:00"])
        .args(["--log-bin=binlog", "--binlog-row-image=FULL", "--binlog-row-metadata=FULL"])
        .args(purpose.settings(kind));
    daemon.start(&server, home, port)?;
    daemon.wait(Duration::from_secs(120), || {
        // A port is open before the users are there.
        std::fs::read_to_string(daemon.log()).is_ok_and(|log| log.contains("ready for connections"))
            && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
    })
}
