//! Redis, from the Debian packages, unpacked aside: installed, the package would start a server of its own. In: a home and
//! a port. Out: a server without persistence.

use crate::daemon::Daemon;
use crate::{Outcome, packages, places};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

pub(super) fn home() -> Outcome<PathBuf> {
    Ok(places::cache()?.join("redis"))
}

pub(super) fn fetch(home: &Path) -> Outcome {
    // The client's package brings the libraries, and no server.
    packages::need(&["redis-cli", "dpkg-deb"])?;
    places::once(home, |part| {
        packages::unpack("redis-tools", part)?;
        packages::unpack("redis-server", part)
    })
}

pub(super) fn start(daemon: &Daemon, home: &Path, port: u16) -> Outcome {
    let data = daemon.data();
    let mut redis = Command::new(home.join("usr/bin/redis-server"));
    redis.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir"]);
    daemon.start(redis.arg(&data), &data, port)?;
    daemon.wait(Duration::from_secs(20), || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok())
}
