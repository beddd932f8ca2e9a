//! MariaDB, from the Debian packages, unpacked aside. In: a home and a port. Out: a server that logs rows, its users `root`
//! without a password and `repl` with the password `repl`, who may only read and replicate.

use super::binlog::{self, Kind, Purpose};
use crate::daemon::{Daemon, unprivileged};
use crate::{Outcome, command, packages, places};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The release of the system's own Debian.
pub(super) const VERSION: &str = "10.11";

/// The server, the scripts that fill a data directory, and libraries that a small system lacks.
const PACKAGES: [&str; 6] =
    ["mariadb-server-core", "mariadb-server", "mariadb-client-core", "liburing2", "libaio1", "libnuma1"];

pub(super) fn home() -> Outcome<PathBuf> {
    Ok(places::cache()?.join(format!("mariadb-{VERSION}")))
}

pub(super) fn fetch(home: &Path) -> Outcome {
    places::once(home, |part| {
        packages::need(&["dpkg-deb"])?;
        for package in PACKAGES {
            packages::unpack(package, part)?;
        }
        let said = command::output(with_libraries(&mut Command::new(server(part)), part)?.arg("--version"))?;
        // A Debian of another year has another release, which has another log.
        if said.contains(&format!("{VERSION}.")) {
            return Ok(());
        }
        Err(format!("this system's packages bring `{}` and not MariaDB {VERSION}", said.trim()))
    })
}

pub(super) fn start(daemon: &Daemon, home: &Path, port: u16, purpose: Purpose) -> Outcome {
    let data = daemon.data();
    let mut install = Command::new(home.join("usr/bin/mariadb-install-db"));
    with_libraries(&mut install, home)?
        .arg("--no-defaults")
        .arg(format!("--basedir={}", home.join("usr").display()))
        .arg(format!("--datadir={}", data.join("data").display()))
        .args(["--skip-test-db", "--auth-root-authentication-method=normal"]);
    command::output(unprivileged(&install).current_dir("/"))?;

    let mut mariadb = Command::new(server(home));
    with_libraries(&mut mariadb, home)?.args(["--no-defaults", "--binlog-format=ROW", "--gtid-strict-mode=1"]);
    binlog::start(daemon, mariadb, home, port, Kind::MariaDb, purpose)
}

fn server(home: &Path) -> PathBuf {
    home.join("usr/sbin/mariadbd")
}

/// Lets a program of the home find the libraries that were unpacked beside it.
fn with_libraries<'c>(program: &'c mut Command, home: &Path) -> Outcome<&'c mut Command> {
    Ok(program.env("LD_LIBRARY_PATH", packages::libraries(home, "libaio.so.1")?))
}
