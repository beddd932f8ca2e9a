//! Java. In: the range of versions a server takes. Out: the home of a JDK in that range, installed when there is none.

use crate::{Outcome, packages, places};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What to install, in this order, until one fits: the system's own choice comes first.
const PACKAGES: [&str; 4] =
    ["default-jre-headless", "openjdk-21-jre-headless", "openjdk-17-jre-headless", "openjdk-25-jre-headless"];

/// A Java home whose version is in the range.
pub(crate) fn home(range: &RangeInclusive<u32>) -> Outcome<PathBuf> {
    if let Some(home) = find(range) {
        return Ok(home);
    }
    let mut said = String::new();
    for package in PACKAGES {
        match packages::install(&[package]) {
            Ok(()) => {
                if let Some(home) = find(range) {
                    return Ok(home);
                }
            }
            Err(error) => said = error,
        }
    }
    Err(format!(
        "no Java from {} to {} in JAVA_HOME, on the PATH or in /usr/lib/jvm, and apt has none: unpack one, set JAVA_HOME to \
         it and start the command again\n{said}",
        range.start(),
        range.end()
    ))
}

fn find(range: &RangeInclusive<u32>) -> Option<PathBuf> {
    candidates().into_iter().find(|home| version(home).is_some_and(|found| range.contains(&found)))
}

fn candidates() -> Vec<PathBuf> {
    let mut homes: Vec<PathBuf> = std::env::var_os("JAVA_HOME").map(PathBuf::from).into_iter().collect();
    if let Some(path) = std::env::var_os("PATH") {
        homes.extend(
            std::env::split_paths(&path)
                .filter_map(|at| at.join("java").canonicalize().ok())
                .filter_map(|java| java.parent().and_then(Path::parent).map(Path::to_path_buf)),
        );
    }
    for directory in [Some(PathBuf::from("/usr/lib/jvm")), places::cache().ok().map(|cache| cache.join("jvm"))] {
        let mut found: Vec<PathBuf> = directory
            .and_then(|directory| std::fs::read_dir(directory).ok())
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        found.sort();
        homes.extend(found);
    }
    homes
}

/// The version a Java home has; nothing where there is no Java that runs (an entry may hold only documentation).
fn version(home: &Path) -> Option<u32> {
    let java = home.join("bin/java");
    if !java.is_file() {
        return None;
    }
    let output = Command::new(java).args(["-XshowSettings:properties", "-version"]).output().ok()?;
    specification(&String::from_utf8_lossy(&output.stderr))
}

/// Reads `java.specification.version = 17` (or `1.8`) out of the properties.
fn specification(properties: &str) -> Option<u32> {
    let (_, value) = properties
        .lines()
        .filter_map(|line| line.split_once('='))
        .find(|(key, _)| key.trim() == "java.specification.version")?;
    let value = value.trim();
    value.strip_prefix("1.").unwrap_or(value).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::specification;

    #[test]
    fn versions_are_read_from_the_properties() {
        assert_eq!(specification("    java.specification.name = x\n    java.specification.version = 17\n"), Some(17));
        assert_eq!(specification("    java.specification.version = 1.8\n"), Some(8));
        assert_eq!(specification("Error: could not find libjava.so\n"), None);
    }
}
