//! What the macro says when it cannot expand.

use std::path::Path;
use std::{env, fs};

#[test]
fn mistakes_are_shown_where_they_stand() {
    provide_schemas();
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

/// Cases are compiled in a crate that is made below the target directory, and the macro looks for schemas in its crate.
fn provide_schemas() {
    let test = env::current_exe().unwrap();
    let target = test.ancestors().nth(3).expect("tests are in target/PROFILE/deps");
    let into = target.join("tests/trybuild").join(env!("CARGO_PKG_NAME"));
    fs::create_dir_all(&into).unwrap();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), into.join(entry.file_name())).unwrap();
    }
}
