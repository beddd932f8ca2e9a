//! What people write and what files hold: schema files, snapshots of a catalogue, and the two together in the compiler.

use super::withstands;
use pgsync_codegen::catalog::Catalog;
use pgsync_codegen::{Source, compile};
use std::path::{Path, PathBuf};

/// The folders of the corpus.
fn cases() -> Vec<PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut found: Vec<PathBuf> = std::fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.join("catalog.json").is_file());
    found.sort();
    found
}

fn files(name: &str) -> Vec<Vec<u8>> {
    cases().iter().map(|case| std::fs::read(case.join(name)).unwrap()).collect()
}

/// Whether it is taken; what is refused is refused in words, with a place in the text.
fn compiles(text: &str, catalog: &Catalog) -> bool {
    match compile(&Source::new("schema.json", text), catalog) {
        Ok(_) => true,
        Err(found) => {
            let said = found.plain();
            assert!(!said.trim().is_empty(), "it is refused without a word");
            false
        }
    }
}

#[test]
fn a_damaged_schema_is_refused_in_words() {
    let catalogs: Vec<Catalog> =
        files("catalog.json").iter().map(|text| Catalog::from_json(&String::from_utf8_lossy(text)).unwrap()).collect();
    let mut next = 0;
    withstands("schema files", &files("schema.json"), |input| {
        // Another catalogue than its own is a mistake that people make.
        next = (next + 1) % catalogs.len();
        compiles(&String::from_utf8_lossy(input), &catalogs[next])
    });
}

#[test]
fn a_damaged_schema_of_one_catalogue_is_refused_in_words() {
    let all = cases();
    let case = all.iter().find(|case| case.ends_with("aggregate")).unwrap();
    let catalog = Catalog::from_json(&std::fs::read_to_string(case.join("catalog.json")).unwrap()).unwrap();
    let schemas = vec![std::fs::read(case.join("schema.json")).unwrap()];
    withstands("schema files of one catalogue", &schemas, |input| compiles(&String::from_utf8_lossy(input), &catalog));
}

#[test]
fn a_damaged_snapshot_is_refused_in_words() {
    let schemas: Vec<String> = files("schema.json").into_iter().map(|text| String::from_utf8(text).unwrap()).collect();
    withstands("snapshots of a catalogue", &files("catalog.json"), |input| {
        let text = String::from_utf8_lossy(input);
        match Catalog::from_json(&text) {
            Ok(catalog) => {
                // What is read is used: the schemas that speak of a table of it.
                let name = catalog.tables.first().map(|table| format!("\"{}\"", table.name));
                let of = schemas.iter().filter(|schema| name.as_ref().is_some_and(|name| schema.contains(name)));
                for schema in of.take(2) {
                    compiles(schema, &catalog);
                }
                true
            }
            Err(said) => {
                assert!(!said.trim().is_empty(), "it is refused without a word");
                false
            }
        }
    });
}
