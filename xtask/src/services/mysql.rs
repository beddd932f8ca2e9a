//! MySQL, from Debian's unstable suite, unpacked aside with the C library that it was built for. In: a home and a port.
//! Out: a server that logs rows under GTIDs, its users `root` without a password and `repl` with the password `repl`.

use super::binlog::{self, Kind, Purpose};
use crate::daemon::{Daemon, unprivileged};
use crate::{Outcome, command, packages, places};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The major version that the suite holds.
pub(super) const MAJOR: u32 = 9;

/// Where it is found: no released Debian has it.
const SUITE: &str = "sid";

pub(super) fn home() -> Outcome<PathBuf> {
    Ok(places::cache()?.join(format!("mysql-{MAJOR}")))
}

pub(super) fn fetch(home: &Path) -> Outcome {
    places::once(home, |part| {
        packages::need(&["dpkg-deb"])?;
        let kept = |name: &str| ["lib", "mysql", "zlib"].iter().any(|begin| name.starts_with(begin));
        packages::unpack_from(SUITE, "mysql-server-core", kept, part)?;
        let said = command::output(server(part)?.arg("--version"))?;
        if said.contains(&format!("Ver {MAJOR}.")) {
            return Ok(());
        }
        Err(format!("Debian {SUITE} brings `{}` and not MySQL {MAJOR}", said.trim()))
    })
}

pub(super) fn start(daemon: &Daemon, home: &Path, port: u16, purpose: Purpose) -> Outcome {
    let mut first = server(home)?;
    first.arg(format!("--datadir={}", daemon.data().join("data").display())).arg("--initialize-insecure");
    command::output(unprivileged(&first).current_dir("/"))?;

    let mut mysql = server(home)?;
    mysql.args(["--mysqlx=OFF", "--gtid-mode=ON", "--enforce-gtid-consistency=ON", "--performance-schema=OFF"]);
    binlog::start(daemon, mysql, home, port, Kind::MySql, purpose)
}

/// The server, run by the loader and the libraries of its own suite: those of this system are older.
fn server(home: &Path) -> Outcome<Command> {
    let libraries = packages::libraries(home, "libc.so.6")?;
    let mut server = Command::new(packages::loader(home, &libraries)?);
    server
        .arg("--library-path")
        .arg(&libraries)
        .arg(home.join("usr/sbin/mysqld"))
        .arg("--no-defaults")
        .arg(format!("--basedir={}", home.join("usr").display()))
        .arg(format!("--lc-messages-dir={}", home.join("usr/share/mysql").display()))
        .arg(format!("--plugin-dir={}", home.join("usr/lib/mysql/plugin").display()))
        .arg("--secure-file-priv=");
    Ok(server)
}
