//! Words of a database and of an engine stay in the folders that know them. In: the sources of the runtime. Out: nothing,
//! or each line that holds such a word elsewhere. Code and comments count alike; tests do not.

use crate::{Outcome, places};
use std::fs;
use std::path::Path;

const SOURCES: &str = "pgsync-runtime/src";

/// Words, and the folders under [`SOURCES`] that may hold them. A word that ends with `_` stands for all that begin so.
struct Rule {
    words: &'static [&'static str],
    folders: &'static [&'static str],
}

const RULES: [Rule; 3] = [
    Rule {
        words: &["Lsn", "pgoutput", "tokio_postgres", "postgres_protocol", "pg_", "xid", "replication slot"],
        folders: &["source/postgres/"],
    },
    Rule {
        words: &["MySQL", "MariaDB", "mysql_async", "binlog", "gtid", "Gtid", "GtidSet"],
        // Settings say how either kind of database is reached, the table of codes what can be wrong with it.
        folders: &["source/mysql/", "settings/", "error/"],
    },
    Rule { words: &["reqwest", "_bulk", "Elasticsearch", "OpenSearch"], folders: &["sink/elastic/"] },
];

/// A file that may hold a word although it is in no folder of the word.
struct Exception {
    file: &'static str,
    word: &'static str,
    /// Said to readers of this table only.
    #[expect(dead_code, reason = "it is documentation that cannot be left out")]
    reason: &'static str,
}

const EXCEPTIONS: [Exception; 6] = [
    Exception { file: "internals.rs", word: "Lsn", reason: "tests and benches name it through the crate" },
    Exception {
        file: "pipeline/measure.rs",
        word: "Lsn",
        reason: "feeds the decoder of the stream, to count instructions",
    },
    Exception { file: "command/operate.rs", word: "tokio_postgres", reason: "hands the session of a command around" },
    Exception { file: "settings/table.rs", word: "replication slot", reason: "explains a setting to the operator" },
    Exception {
        file: "download.rs",
        word: "reqwest",
        reason: "reads the schema file from its address, by the same client",
    },
    Exception { file: "settings/table.rs", word: "OpenSearch", reason: "explains a setting to the operator" },
];

/// Checks the sources of the runtime.
pub(crate) fn check() -> Outcome {
    let root = places::workspace().join(SOURCES);
    let mut files = Vec::new();
    collect(&root, "", &mut files)?;
    let mut wrong = Vec::new();
    let mut used = [false; EXCEPTIONS.len()];
    for (file, text) in &files {
        for (line, word) in found(file, text) {
            match EXCEPTIONS.iter().position(|exception| exception.file == file && exception.word == word) {
                Some(exception) => used[exception] = true,
                None => wrong.push(format!("{SOURCES}/{file}:{line} says `{word}`")),
            }
        }
    }
    for (exception, _) in EXCEPTIONS.iter().zip(used).filter(|(_, used)| !used) {
        wrong.push(format!("{SOURCES}/{} no longer says `{}`", exception.file, exception.word));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}\n{} lines: move what they do into the folder that knows the word, or change the tables in xtask/src/words.rs",
        wrong.join("\n"),
        wrong.len()
    ))
}

/// Every Rust file below a folder, by its path from the root.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) -> Outcome {
    let unreadable = |error| format!("cannot read {}: {error}", folder.display());
    let mut entries: Vec<_> =
        fs::read_dir(folder).map_err(unreadable)?.collect::<Result<_, _>>().map_err(unreadable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), format!("{prefix}{}", entry.file_name().to_string_lossy()));
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files)?;
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            files.push((name, text));
        }
    }
    Ok(())
}

/// The words a file must not hold, with their lines.
fn found<'t>(file: &str, text: &'t str) -> Vec<(usize, &'static str)> {
    if file == "tests.rs" || file.ends_with("/tests.rs") {
        return Vec::new();
    }
    let outside = |rule: &&Rule| !rule.folders.iter().any(|folder| file.starts_with(folder));
    let words: Vec<&str> = RULES.iter().filter(outside).flat_map(|rule| rule.words).copied().collect();
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        let next: Option<&&'t str> = lines.peek().map(|(_, next)| next);
        // Tests stand at the end of a file.
        if line == "#[cfg(test)]" && next.is_some_and(|next| next.starts_with("mod tests {")) {
            break;
        }
        found.extend(words.iter().filter(|word| holds(line, word)).map(|word| (number + 1, *word)));
    }
    found
}

/// Whether a line holds a word between other words.
fn holds(line: &str, word: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let begins = !line[..at].ends_with(inner);
        let ends = word.ends_with('_') || !line[at + word.len()..].starts_with(inner);
        begins && ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole() {
        for (line, word) in [
            ("use crate::Lsn;", "Lsn"),
            ("// from pg_class", "pg_"),
            ("\"/_bulk\"", "_bulk"),
            ("the replication slot is", "replication slot"),
        ] {
            assert!(holds(line, word), "{line}");
        }
        for (line, word) in [("LsnLike", "Lsn"), ("my_pg_class", "pg_"), ("to_bulk", "_bulk"), ("xids", "xid")] {
            assert!(!holds(line, word), "{line}");
        }
    }

    #[test]
    fn words_are_refused_outside_their_folders_and_outside_tests() {
        let text = "//! An Lsn.\nuse reqwest::Client;\n#[cfg(test)]\nmod tests {\n    use crate::Lsn;\n}\n";
        assert_eq!(found("pipeline/read.rs", text), [(1, "Lsn"), (2, "reqwest")]);
        assert_eq!(found("source/postgres/lsn.rs", text), [(2, "reqwest")]);
        assert_eq!(found("sink/elastic/http.rs", text), [(1, "Lsn")]);
        let text = "use mysql_async::Conn;\n// a Gtid\n";
        assert_eq!(found("source/postgres/lsn.rs", text), [(1, "mysql_async"), (2, "Gtid")]);
        assert_eq!(found("source/mysql/stream/mod.rs", text), []);
        assert_eq!(found("settings/tests.rs", text), []);
    }
}
