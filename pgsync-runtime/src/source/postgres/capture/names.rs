//! Names of slot and publication. In: the name of the schema file and of the database. Out: names that are the same at
//! every start, whatever documents the file has, and other ones for another file or another database of the server.

use super::saved_setup::SavedSetup;
use crate::settings::Settings;
use crate::{Code, Error, Result};
use pgsync_plan::{Capture, Program};
use sha2::{Digest, Sha256};

/// Longest part of a name that a person reads; names have 63 bytes at most.
const READ: usize = 22;

/// Names what is captured with, as the settings say, else after file and database.
pub(crate) fn name(capture: &mut Capture, settings: &Settings) {
    let (file, name) = match capture {
        Capture::LogicalReplication(names) => (&names.file, &mut names.slot),
        Capture::Binlog(names) => (&names.file, &mut names.name),
    };
    let derived = (!file.is_empty()).then(|| derived(file, &settings.database.database));
    if let Some(chosen) = settings.run.slot.as_ref().or(derived.as_ref()) {
        name.clone_from(chosen);
    }
    if let Capture::LogicalReplication(names) = capture
        && let Some(chosen) = settings.run.publication.as_ref().or(derived.as_ref())
    {
        names.publication.clone_from(chosen);
    }
}

fn derived(file: &str, database: &str) -> String {
    let readable = |name: &str| -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        name.chars().map(plain).take(READ).collect()
    };
    // What is readable may have been cut, or be that of two names.
    let digest = Sha256::digest(format!("{file}\n{database}"));
    let hex: String = digest.iter().take(3).map(|byte| format!("{byte:02x}")).collect();
    format!("pgsync_{}_{}_{hex}", readable(file), readable(database))
}

/// A publication of ours that feeds indexes, none of which is this program's, is another schema file's.
///
/// # Errors
/// [`Code::AnotherFile`], with both ways out.
pub(super) fn not_of_another_file(memory: &SavedSetup, program: &Program) -> Result<()> {
    let fed = |index: &String| program.plan.documents.iter().any(|document| document.index == *index);
    if memory.indexes.is_empty() || memory.indexes.iter().any(fed) {
        return Ok(());
    }
    let publication = &program.capture.logical_replication()?.publication;
    let error = Error::coded(
        Code::AnotherFile,
        format!(
            "publication `{publication}` feeds {}, and this schema file has none of them",
            memory.indexes.join(", ")
        ),
    );
    Err(error.help(
        "two schema files on one database need two names: write {\"name\": \"...\", \"documents\": [...]}, or set PGSYNC_SLOT \
         and PGSYNC_PUBLICATION; where the documents of this file were all replaced, run `teardown` with the old file first",
    ))
}

#[cfg(test)]
mod tests {
    use super::derived;

    #[test]
    fn names_are_readable_fit_and_differ() {
        assert!(derived("orders", "shop").starts_with("pgsync_orders_shop_"));
        let long = derived(&"n".repeat(300), &"d".repeat(63));
        assert!(long.len() <= 63 && long.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), "{long}");
        assert_ne!(derived("Orders", "shop"), derived("orders", "shop"));
        assert_ne!(derived("größe", "shop"), derived("gräße", "shop"));
        assert_eq!(derived("orders", "shop"), derived("orders", "shop"));
    }
}
