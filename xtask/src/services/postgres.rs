//! PostgreSQL, from binaries that are published on Maven Central. In: a home and a port. Out: a server set up for logical
//! replication, superuser `postgres` without a password. There are no client programs inside.

use crate::daemon::{Daemon, unprivileged};
use crate::{Outcome, command, maven, packages, places};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Major version and the newest release of it that is published.
const VERSIONS: [(u32, &str); 10] = [
    (9, "9.6.24"),
    (10, "10.23.0"),
    (11, "11.22.1"),
    (12, "12.22.0"),
    (13, "13.23.0"),
    (14, "14.24.0"),
    (15, "15.19.0"),
    (16, "16.15.0"),
    (17, "17.11.0"),
    (18, "18.6.0"),
];

/// Durability is given up: a server of tests loses nothing that matters, and starts and commits quicker.
const CONFIGURATION: &str = "listen_addresses = '127.0.0.1'
unix_socket_directories = ''
wal_level = logical
max_replication_slots = 300
max_wal_senders = 100
max_connections = 400
fsync = off
timezone = 'UTC'
";

/// The version that is measured.
pub(super) const NEWEST: u32 = 18;

/// Settings of a server that is in use: commits are durable, and checkpoints are as rare as somebody who loads much
/// makes them.
pub(super) const MEASURED: &str = "fsync = on
synchronous_commit = on
shared_buffers = 512MB
max_wal_size = 8GB
checkpoint_timeout = 30min
";

pub(super) fn home(major: u32) -> Outcome<PathBuf> {
    let (_, version) = VERSIONS
        .iter()
        .find(|(known, _)| *known == major)
        .ok_or_else(|| format!("PostgreSQL {major} cannot be fetched: 9.6 and 10 to 18 can"))?;
    Ok(places::cache()?.join(format!("postgres-{version}")))
}

pub(super) fn fetch(home: &Path) -> Outcome {
    let version = home.file_name().unwrap_or_default().to_string_lossy().replace("postgres-", "");
    let machine = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64v8",
        other => return Err(format!("no PostgreSQL is published for {other}: x86_64 and aarch64 are known")),
    };
    places::once(home, |part| {
        packages::need(&["mvn", "unzip", "xz", "tar"])?;
        let artifact = format!("embedded-postgres-binaries-linux-{machine}");
        maven::copy(&format!("io.zonky.test.postgres:{artifact}:{version}"), part)?;
        let jar = part.join(format!("{artifact}-{version}.jar"));
        command::output(Command::new("unzip").arg("-q").arg("-j").arg(&jar).arg("*.txz").arg("-d").arg(part))?;
        let _ = std::fs::remove_file(&jar);
        for entry in std::fs::read_dir(part).map_err(|error| error.to_string())?.flatten() {
            if entry.path().extension().is_some_and(|ending| ending == "txz") {
                command::output(
                    Command::new("tar").args(["-xJf"]).arg(entry.path()).arg("--no-same-owner").arg("-C").arg(part),
                )?;
                let _ = std::fs::remove_file(entry.path());
            }
        }
        command::output(Command::new("chmod").args(["-R", "a+rX"]).arg(part)).map(drop)
    })
}

/// Starts the programs of a directory, with `settings` over those of tests; `libraries` are looked for before the system's.
pub(super) fn start(daemon: &Daemon, binaries: &Path, libraries: &OsStr, port: u16, settings: &str) -> Outcome {
    let data = daemon.data();
    let program = |name: &str| {
        let mut program = Command::new(binaries.join(name));
        if !libraries.is_empty() {
            program.env("LD_LIBRARY_PATH", libraries);
        }
        program
    };
    let mut initdb = program("initdb");
    initdb.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]);
    command::output(unprivileged(&initdb).current_dir("/"))?;
    let file = data.join("postgresql.conf");
    let before = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    places::write(&file, &format!("{before}\n{CONFIGURATION}{settings}"))?;
    places::write(
        &data.join("pg_hba.conf"),
        "host all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n",
    )?;
    let mut postgres = program("postgres");
    postgres.arg("-D").arg(&data).args(["-p", &port.to_string()]);
    daemon.start(&postgres, &data, port)?;
    daemon.wait(Duration::from_secs(60), || {
        std::fs::read_to_string(daemon.log()).is_ok_and(|log| log.contains("database system is ready to accept"))
    })
}
