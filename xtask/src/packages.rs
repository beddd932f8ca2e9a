//! Debian packages. In: programs that are needed. Out: they are there, or an error that lists what to install; or the
//! files of a package, unpacked aside.

use crate::{Outcome, command, places};
use std::path::{Path, PathBuf};
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
    unpack_all(into, into, |_| true)
}

/// Unpacks a package of another suite aside, with those of the packages it needs whose names `keep` says. The mirror is the
/// one this system uses; nothing is installed, and the system's own lists stay as they are.
pub(crate) fn unpack_from(suite: &str, package: &str, keep: impl Fn(&str) -> bool, into: &Path) -> Outcome {
    let targets = ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"];
    let mirrors = command::output(Command::new("apt-get").args(targets))?;
    let mirror = mirrors.lines().next().ok_or("apt knows no mirror: see `apt-get indextargets`")?;
    let work = into.join("apt");
    for directory in ["lists/partial", "cache/archives/partial"] {
        places::create(&work.join(directory))?;
    }
    places::write(&work.join("status"), "")?;
    places::write(&work.join("sources.list"), &format!("deb {mirror} {suite} main\n"))?;
    let settings = work.join("apt.conf");
    let shown = work.display();
    places::write(
        &settings,
        &format!(
            "Dir::Etc::sourcelist \"{shown}/sources.list\";\nDir::Etc::sourceparts \"/dev/null\";\n\
             Dir::State::lists \"{shown}/lists\";\nDir::State::status \"{shown}/status\";\nDir::Cache \"{shown}/cache\";\n\
             APT::Install-Recommends \"false\";\nAPT::Sandbox::User \"root\";\nAcquire::Languages \"none\";\n\
             Debug::NoLocking \"true\";\nAcquire::IndexTargets::deb::DEP-11::DefaultEnabled \"false\";\n"
        ),
    )?;
    let apt = || {
        let mut apt = Command::new("apt-get");
        apt.env("APT_CONFIG", &settings).arg("-qq");
        apt
    };
    command::output(apt().arg("update"))?;
    command::output(apt().args(["install", "--yes", "--download-only", package]))?;
    unpack_all(&work.join("cache/archives"), into, keep)?;
    places::remove(&work)
}

/// Unpacks the packages that lie in a directory, and removes them.
fn unpack_all(from: &Path, into: &Path, wanted: impl Fn(&str) -> bool) -> Outcome {
    for entry in std::fs::read_dir(from).map_err(|error| format!("{}: {error}", from.display()))?.flatten() {
        if entry.path().extension().is_some_and(|ending| ending == "deb") {
            if wanted(&entry.file_name().to_string_lossy()) {
                command::output(Command::new("dpkg-deb").arg("-x").arg(entry.path()).arg(into))?;
            }
            let _ = std::fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// The directory of an unpacked home that holds this library.
pub(crate) fn libraries(home: &Path, library: &str) -> Outcome<PathBuf> {
    let (root, machine) = (home.join("usr/lib"), format!("{}-linux-gnu", std::env::consts::ARCH));
    let below = [home.join("lib").join(&machine), root.join(&machine), root];
    let found = below.into_iter().find(|directory| directory.join(library).exists());
    found.ok_or_else(|| format!("{} holds no {library}: remove it, and it is fetched again", home.display()))
}

/// The program that loads others with libraries of their own.
pub(crate) fn loader(home: &Path, libraries: &Path) -> Outcome<PathBuf> {
    let is_loader = |path: &PathBuf| {
        path.file_name().is_some_and(|name| {
            let name = name.to_string_lossy();
            name.starts_with("ld-linux-") && name.contains(".so.")
        })
    };
    [libraries.to_path_buf(), home.join("usr/lib64"), home.join("lib64")]
        .into_iter()
        .filter_map(|directory| std::fs::read_dir(directory).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path()))
        .find(is_loader)
        .ok_or_else(|| format!("{} holds no loader: remove it, and it is fetched again", home.display()))
}
