//! `PgBouncer`, from Debian's unstable suite, unpacked aside with the C library that it was built for: a released Debian has one
//! that passes neither replication nor prepared statements on. In: a home. Out: its programs there; tests start their own.

use crate::{Outcome, packages, places};
use std::path::{Path, PathBuf};

/// Where it is found.
const SUITE: &str = "sid";

pub(super) fn home() -> Outcome<PathBuf> {
    Ok(places::cache()?.join("pgbouncer"))
}

pub(super) fn fetch(home: &Path) -> Outcome {
    places::once(home, |part| {
        packages::need(&["dpkg-deb"])?;
        // Of what it depends on, the libraries: no Perl, and nothing that would be run at an installation.
        let kept = |name: &str| {
            ["lib", "pgbouncer", "zlib"].iter().any(|begin| name.starts_with(begin)) && !name.starts_with("libperl")
        };
        packages::unpack_from(SUITE, "pgbouncer", kept, part)
    })
}
