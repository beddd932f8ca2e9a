//! Files that hold what is expected. In: a path and the text that was found. Out: the file holds that text; where it held
//! another, or none, the test fails and names it. So regenerating is running twice, and nothing changes unseen.

use std::path::{Path, PathBuf};

/// The files that held something else.
#[derive(Default)]
pub(super) struct Goldens(Vec<PathBuf>);

impl Goldens {
    /// Compares a file with what was found, and writes that into it.
    pub(super) fn check(&mut self, path: &Path, found: &str) {
        if std::fs::read_to_string(path).ok().as_deref() == Some(found) {
            return;
        }
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, found).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self.0.push(path.to_owned());
    }

    /// A file that must not be there.
    pub(super) fn absent(&mut self, path: &Path) {
        if std::fs::remove_file(path).is_ok() {
            self.0.push(path.to_owned());
        }
    }

    /// Fails where a file differed.
    pub(super) fn finish(self) {
        let names: Vec<String> = self.0.iter().map(|path| path.display().to_string()).collect();
        assert!(
            names.is_empty(),
            "{} files did not hold what was found, and hold it now; look at the difference and run again:\n{}",
            names.len(),
            names.join("\n")
        );
    }
}
