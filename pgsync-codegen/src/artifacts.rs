//! Files to be written. In: paths below a directory, and texts. Out: the same on disk, each in one step, or the list of
//! those that differ. An unchanged file is not touched, so that nothing is built again for it.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// A tree of text files in memory.
#[derive(Debug, Clone, Default)]
pub struct Artifacts {
    files: BTreeMap<PathBuf, String>,
}

impl Artifacts {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, by its path below the directory that will hold the tree.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }

    /// Writes every file that differs and gives the paths of those.
    ///
    /// # Errors
    /// The first file that cannot be written, named.
    pub fn write(&self, directory: &Path) -> io::Result<Vec<PathBuf>> {
        let changed = self.diff(directory)?;
        for path in &changed {
            let target = directory.join(path);
            replace(&target, &self.files[path]).map_err(|error| named(&target, &error))?;
        }
        Ok(changed)
    }

    /// The files that are missing or hold another text.
    ///
    /// # Errors
    /// The first file that is there and cannot be read, named.
    pub fn diff(&self, directory: &Path) -> io::Result<Vec<PathBuf>> {
        let mut changed = Vec::new();
        for (path, text) in &self.files {
            let target = directory.join(path);
            match std::fs::read(&target) {
                Ok(found) if found == text.as_bytes() => {}
                Ok(_) => changed.push(path.clone()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => changed.push(path.clone()),
                Err(error) => return Err(named(&target, &error)),
            }
        }
        Ok(changed)
    }
}

/// Nobody ever sees half a file: the text goes beside it first.
fn replace(target: &Path, text: &str) -> io::Result<()> {
    let directory = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory)?;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let beside = directory.join(format!(".{name}.{}", std::process::id()));
    std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, target)).inspect_err(|_| {
        // What failed is reported; a left-over is harmless.
        let _ = std::fs::remove_file(&beside);
    })
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
