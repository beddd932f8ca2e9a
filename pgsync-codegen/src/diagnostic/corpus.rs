//! Runs the corpus in `tests/diagnostics`. In: a schema per directory and one catalogue for all that have none of their own. Out: a failure where
//! what the compiler says is not what `expected.txt` holds, or where a code or a line that finds something has no case.
//! `PGSYNC_BLESS=1` rewrites what is expected.

use super::{Code, Diagnostics};
use crate::catalog::Catalog;
use crate::source::Source;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/diagnostics")
}

fn catalog() -> Catalog {
    Catalog::from_json(&fs::read_to_string(directory().join("catalog.json")).unwrap()).unwrap()
}

/// Each case's directory, and what the compiler finds in its schema.
fn cases() -> Vec<(PathBuf, Diagnostics)> {
    let catalog = catalog();
    let mut cases: Vec<_> = fs::read_dir(directory()).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.is_dir());
    assert!(!cases.is_empty(), "{} holds no case", directory().display());
    let of = |case: PathBuf| {
        let source = Source::new("schema.json", fs::read_to_string(case.join("schema.json")).unwrap());
        // Of another kind of database.
        let own = fs::read_to_string(case.join("catalog.json")).map(|text| Catalog::from_json(&text).unwrap());
        let found = found(&source, own.as_ref().unwrap_or(&catalog));
        (case, found)
    };
    cases.into_iter().map(of).collect()
}

/// What is found in a schema whose databases all have this catalogue, else what is said where one database is wanted.
fn found(source: &Source, catalog: &Catalog) -> Diagnostics {
    let each = crate::parse(source).and_then(|schema| crate::by_database(source, &schema));
    let each = each.map(|each| each.into_iter().map(|each| (each, catalog)).collect::<Vec<_>>());
    match each.and_then(|each| crate::compile_each(source, &each)) {
        Ok(_) => crate::compile(source, catalog).map_or_else(|found| found, |(_, warnings)| warnings),
        Err(found) => found,
    }
}

#[test]
fn every_case_says_what_is_expected() {
    let mut differing = Vec::new();
    for (case, found) in cases() {
        let said = found.plain();
        if std::env::var_os("PGSYNC_BLESS").is_some() {
            fs::write(case.join("expected.txt"), &said).unwrap();
        } else if fs::read_to_string(case.join("expected.txt")).ok().as_deref() != Some(said.as_str()) {
            differing.push(format!("{}:\n{said}", case.display()));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn every_code_has_a_case() {
    let found: BTreeSet<Code> =
        cases().iter().flat_map(|(_, found)| found.iter().map(|found| found.code).collect::<Vec<_>>()).collect();
    let missing: Vec<&Code> = Code::ALL.iter().filter(|code| !found.contains(code)).collect();
    assert!(missing.is_empty(), "no case in {} has {missing:?}", directory().display());
}

/// Not only each code: each line of the compiler that makes a finding is seen in a case.
#[test]
fn every_line_that_finds_something_has_a_case() {
    fn collect(folder: &Path, lines: &mut BTreeSet<(String, usize)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, lines);
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "rs") || path.ends_with("diagnostic/corpus.rs") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let path = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string();
            let finds =
                |(_, line): &(usize, &str)| line.contains("Diagnostic::new(") && !line.trim_start().starts_with("//");
            lines.extend(product.lines().enumerate().filter(finds).map(|(line, _)| (path.clone(), line + 1)));
        }
    }
    let mut lines = BTreeSet::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut lines);
    assert!(lines.len() > 30, "{lines:?}");
    for (_, found) in cases() {
        for found in found.iter() {
            lines.retain(|(path, line)| {
                !(found.said_at.file().ends_with(path.as_str()) && found.said_at.line() as usize == *line)
            });
        }
    }
    let lines: Vec<String> = lines.iter().map(|(path, line)| format!("{path}:{line}")).collect();
    assert!(lines.is_empty(), "no case in {} shows what is said at\n{}", directory().display(), lines.join("\n"));
}

/// A million entries that repeat one another, in a file and in a snapshot: what is done for each must not grow with their
/// number. Quadratic work takes hours here, so the bound has room for a slow machine.
#[test]
fn repetition_takes_no_time_that_grows_with_its_square() {
    let catalog = catalog();
    let columns = vec!["\"name\",\"id\""; 500_000].join(",");
    let source = Source::new(
        "schema.json",
        format!("[{{\"index\":\"a\",\"nodes\":{{\"table\":\"author\",\"columns\":[{columns}]}}}}]"),
    );
    let start = std::time::Instant::now();
    let (_, warnings) = crate::compile(&source, &catalog).unwrap();
    assert_eq!(warnings.iter().count(), 2);
    warnings.plain();
    assert!(start.elapsed() < std::time::Duration::from_secs(30), "{:?}", start.elapsed());
}
