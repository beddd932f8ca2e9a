//! PostgreSQL with PostGIS, from Debian's packages. In: a home and a port. Out: a server as the others of tests, on which the
//! extension can be made. Nothing is installed: the packages are unpacked aside, with the libraries that they need.

use crate::{Outcome, packages, places};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The suite whose packages are taken, and the version of PostgreSQL that it has.
const SUITE: &str = "bookworm";
pub(super) const MAJOR: u32 = 15;

pub(super) fn home() -> Outcome<PathBuf> {
    Ok(places::cache()?.join(format!("postgis-{MAJOR}")))
}

pub(super) fn fetch(home: &Path) -> Outcome {
    places::once(home, |part| {
        packages::need(&["dpkg-deb"])?;
        let package = format!("postgresql-{MAJOR}-postgis-3");
        // The C library is the system's: its own loader has to find it.
        let kept = |name: &str| !name.starts_with("libc6_") && !name.starts_with("libc-bin_");
        packages::unpack_from(SUITE, &package, kept, part)?;
        // An installation would choose among the versions of the extension.
        let extensions = part.join(format!("usr/share/postgresql/{MAJOR}/extension"));
        let copied = std::fs::copy(extensions.join("postgis-3.control"), extensions.join("postgis.control"));
        copied.map(drop).map_err(|error| format!("{}: {error}", extensions.display()))
    })
}

/// Where its programs are.
pub(super) fn binaries(home: &Path) -> PathBuf {
    home.join(format!("usr/lib/postgresql/{MAJOR}/bin"))
}

/// Where its libraries are: some stand apart until a system chooses among them.
pub(super) fn libraries(home: &Path) -> OsString {
    let root = home.join("usr/lib").join(format!("{}-linux-gnu", std::env::consts::ARCH));
    let paths = [root.clone(), root.join("blas"), root.join("lapack")];
    std::env::join_paths(paths).unwrap_or_default()
}
