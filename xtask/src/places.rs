//! Directories. Out: where downloads are kept, where servers run, where the workspace is.

use crate::Outcome;
use std::path::{Path, PathBuf};

/// The workspace's root.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// The directory cargo builds into.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), |given| workspace().join(given))
}

/// Downloads and unpacked servers, kept between runs: `$PGSYNC_SERVICES`, else `~/.cache/pgsync-services`.
pub(crate) fn cache() -> Outcome<PathBuf> {
    let directory = match (std::env::var_os("PGSYNC_SERVICES"), std::env::var_os("HOME")) {
        (Some(given), _) => PathBuf::from(given),
        (None, Some(home)) => Path::new(&home).join(".cache/pgsync-services"),
        (None, None) => {
            return Err("neither PGSYNC_SERVICES nor HOME is set: set one to say where servers are kept".into());
        }
    };
    create(&directory)?;
    directory.canonicalize().map_err(|error| format!("{}: {error}", directory.display()))
}

/// Data, log and pid of the servers that run now.
pub(crate) fn running() -> Outcome<PathBuf> {
    let directory = target().join("services");
    create(&directory)?;
    directory.canonicalize().map_err(|error| format!("{}: {error}", directory.display()))
}

/// Makes a directory and those above it.
pub(crate) fn create(directory: &Path) -> Outcome {
    std::fs::create_dir_all(directory).map_err(|error| format!("cannot make {}: {error}", directory.display()))
}

/// Writes a file.
pub(crate) fn write(path: &Path, text: &str) -> Outcome {
    std::fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Removes a directory that may not be there.
pub(crate) fn remove(directory: &Path) -> Outcome {
    match std::fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("cannot remove {}: {error}", directory.display()))
        }
        _ => Ok(()),
    }
}

/// Fills `home` by `fill`, which is given an empty directory beside it; a directory that is there is complete, because
/// it gets its name last.
pub(crate) fn once(home: &Path, fill: impl FnOnce(&Path) -> Outcome) -> Outcome {
    if home.is_dir() {
        return Ok(());
    }
    let part = home.with_file_name(format!(
        "{}.part-{}",
        home.file_name().unwrap_or_default().to_string_lossy(),
        std::process::id()
    ));
    remove(&part)?;
    create(&part)?;
    let filled = fill(&part).and_then(|()| {
        match std::fs::rename(&part, home) {
            // Somebody else was quicker: theirs is as good.
            Err(_) if home.is_dir() => Ok(()),
            other => other.map_err(|error| format!("cannot make {}: {error}", home.display())),
        }
    });
    remove(&part)?;
    filled
}
