//! What MySQL and MariaDB share as servers of tests. In: a command that starts one, and its port. Out: the server, which logs
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

/// Adds the settings that both understand, starts the server and waits for it. Durability is given up: a server of tests
/// loses nothing that matters.
pub(super) fn start(daemon: &Daemon, mut server: Command, home: &Path, port: u16, kind: Kind) -> Outcome {
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
        .args(["--innodb-buffer-pool-size=128M", "--innodb-flush-log-at-trx-commit=0", "--sync-binlog=0"]);
    daemon.start(&server, home, port)?;
    daemon.wait(Duration::from_secs(120), || {
        // A port is open before the users are there.
        std::fs::read_to_string(daemon.log()).is_ok_and(|log| log.contains("ready for connections"))
            && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
    })
}
