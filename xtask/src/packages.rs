//! Debian packages. In: programs that are needed. Out: they are there, or an error that lists what to install; or the
//! files of a package, unpacked aside.

use crate::{Outcome, command};
use std::path::Path;
use std::process::Command;

/// Program on the PATH and the Debian package that brings it.
const PROGRAMS: [(&str, &str); 9] = [
    ("mvn", "maven"),
    ("unzip", "unzip"),
    ("xz", "xz-utils"),
    ("tar", "tar"),
    ("setpriv", "util-linux"),
    ("dpkg-deb", "dpkg"),
    ("python3", "python3-venv"),
    ("redis-cli", "redis-tools"),
    ("valgrind", "valgrind"),
];

/// Installs what the given programs need.
pub(crate) fn need(programs: &[&str]) -> Outcome {
    let missing: Vec<&str> = PROGRAMS
        .iter()
        .filter(|(program, _)| programs.contains(program) && !command::found(program))
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() { Ok(()) } else { install(&missing) }
}

/// Installs packages with apt, by sudo when this is not root.
pub(crate) fn install(packages: &[&str]) -> Outcome {
    let list = packages.join(" ");
    if !command::found("apt-get") || (!command::is_root() && !command::found("sudo")) {
        return Err(format!(
            "needed and not found: {list} (names of Debian packages). Install them with this system's package manager and \
             start the command again"
        ));
    }
    eprintln!("installing with apt: {list}");
    apt(&["update", "-qq"])?;
    let mut arguments = vec!["install", "-qq", "--yes", "--no-install-recommends"];
    arguments.extend(packages);
    apt(&arguments)
}

fn apt(arguments: &[&str]) -> Outcome {
    let mut command = if command::is_root() {
        Command::new("env")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.arg("env");
        sudo
    };
    command::output(command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments)).map(drop)
}

/// Unpacks a package aside: installing a server's package would start a server.
pub(crate) fn unpack(package: &str, into: &Path) -> Outcome {
    command::output(Command::new("apt-get").current_dir(into).args(["-qq", "download", package]))?;
    for entry in std::fs::read_dir(into).map_err(|error| error.to_string())?.flatten() {
        if entry.path().extension().is_some_and(|ending| ending == "deb") {
            command::output(Command::new("dpkg-deb").arg("-x").arg(entry.path()).arg(into))?;
            let _ = std::fs::remove_file(entry.path());
        }
    }
    Ok(())
}
