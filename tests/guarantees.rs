//! The page of guarantees and tests. In: the page, the sources. Out: a failure where it names a test that there is none of.

use std::path::Path;

/// Everything that is written in Rust below a directory.
fn sources(directory: &Path, text: &mut String) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn the_page_of_guarantees_names_tests_that_there_are() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut text = String::new();
    for directory in ["tests", "pgsync-runtime/src", "pgsync-codegen/src"] {
        sources(&workspace.join(directory), &mut text);
    }
    let page = std::fs::read_to_string(workspace.join("docs/guarantees-tests.md")).unwrap();
    let is_name = |name: &&str| name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    // Words of SQL and of the language stand in code too; tests have long names, but for the soak.
    let named = page.split('`').skip(1).step_by(2).filter(is_name).filter(|name| name.len() > 12 || *name == "soak");
    let named: Vec<&str> = named.collect();
    assert!(named.len() > 100, "{}", named.len());
    let missing: Vec<&str> = named.into_iter().filter(|name| !text.contains(&format!("fn {name}("))).collect();
    assert!(missing.is_empty(), "docs/guarantees-tests.md names what is no test: {missing:?}");
}
