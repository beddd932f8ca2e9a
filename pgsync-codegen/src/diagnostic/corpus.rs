//! Runs the corpus in `tests/diagnostics`. In: a schema per directory and one catalogue for all. Out: a failure where
//! what the compiler says is not what `expected.txt` holds. `PGSYNC_BLESS=1` rewrites what is expected.

use crate::catalog::Catalog;
use crate::source::Source;
use std::{fs, path::Path};

#[test]
fn every_case_says_what_is_expected() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/diagnostics");
    let catalog = Catalog::from_json(&fs::read_to_string(corpus.join("catalog.json")).unwrap()).unwrap();
    let mut cases: Vec<_> = fs::read_dir(&corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.is_dir());
    assert!(!cases.is_empty(), "{} holds no case", corpus.display());
    let mut differing = Vec::new();
    for case in cases {
        let source = Source::new("schema.json", fs::read_to_string(case.join("schema.json")).unwrap());
        let said = match crate::compile(&source, &catalog) {
            Ok((_, warnings)) => warnings.plain(),
            Err(found) => found.plain(),
        };
        if std::env::var_os("PGSYNC_BLESS").is_some() {
            fs::write(case.join("expected.txt"), &said).unwrap();
        } else if fs::read_to_string(case.join("expected.txt")).ok().as_deref() != Some(said.as_str()) {
            differing.push(format!("{}:\n{said}", case.display()));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// A million entries that repeat one another, in a file and in a snapshot: what is done for each must not grow with their
/// number. Quadratic work takes hours here, so the bound has room for a slow machine.
#[test]
fn repetition_takes_no_time_that_grows_with_its_square() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/diagnostics");
    let catalog = Catalog::from_json(&fs::read_to_string(corpus.join("catalog.json")).unwrap()).unwrap();
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
