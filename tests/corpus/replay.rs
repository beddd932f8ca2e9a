//! Every case compiled from its snapshot, without a server: plan, statements, generated Rust, index definitions and
//! warnings are those of the folder. In: the folders. Out: a failure that names each file that differed.

use super::case::{self, Case};
use super::golden::Goldens;
use pgsync_codegen::catalog::Catalog;
use pgsync_codegen::emit::rust;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_case_compiles_to_what_is_expected() {
    let mut goldens = Goldens::default();
    let mut broken = Vec::new();
    for case in case::all() {
        if let Err(said) = replay(&case, &mut goldens) {
            broken.push(format!("{}: {said}", case.name));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    goldens.finish();
}

fn replay(case: &Case, goldens: &mut Goldens) -> Result<(), String> {
    let snapshot = std::fs::read_to_string(case.directory.join("catalog.json"))
        .map_err(|error| format!("catalog.json: {error}; a run on the newest server writes it"))?;
    let catalog = Catalog::from_json(&snapshot)?;
    let (program, warnings) = pgsync_codegen::compile(&case.source(), &catalog).map_err(|found| found.plain())?;
    let expected = case.directory.join("expected");
    goldens.check(&expected.join("plan.json"), &pretty(&program.plan));
    goldens.check(&expected.join("statements.sql"), &statements(&program.statements));
    goldens.check(&expected.join("schema.rs"), &rust::file(&program, "schema.json"));
    goldens.check(&expected.join("mapping.json"), &pretty(&program.indexes));
    let said = expected.join("warnings.txt");
    if warnings.is_empty() {
        goldens.absent(&said);
    } else {
        goldens.check(&said, &warnings.plain());
    }
    Ok(())
}

fn pretty(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}

/// Whatever is a statement as SQL, under the path that leads to it; everything else in comments.
fn statements(of: &impl serde::Serialize) -> String {
    let mut out = String::new();
    lay_out(&serde_json::to_value(of).unwrap(), "", &mut out);
    out
}

fn lay_out(value: &Value, path: &str, out: &mut String) {
    if let Some(sql) = value["sql"].as_str() {
        out.push_str(&format!("-- {path}\n{}\n\n", sql.trim_end()));
        return;
    }
    match value {
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, value)| lay_out(value, &format!("{path}/{at}"), out));
        }
        Value::Object(members) => {
            // Whether members keep their order depends on how the reader was built.
            let members: BTreeMap<_, _> = members.iter().collect();
            members.iter().for_each(|(name, value)| lay_out(value, &format!("{path}/{name}"), out));
        }
        Value::Null => {}
        plain => out.push_str(&format!("-- {path} = {plain}\n\n")),
    }
}

/// The table of the README: number of a feature -> the cases it names.
fn listed() -> BTreeMap<u32, BTreeSet<String>> {
    let text = std::fs::read_to_string(case::home().join("README.md")).unwrap();
    let mut found = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, number, _, cases, _] = cells[..] else { continue };
        let Ok(number) = number.parse() else { continue };
        let names = cases.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        assert!(found.insert(number, names).is_none(), "feature {number} stands twice in the README");
    }
    found
}

#[test]
fn the_table_of_features_and_the_cases_say_the_same() {
    let mut said: BTreeMap<u32, BTreeSet<String>> = listed().keys().map(|number| (*number, BTreeSet::new())).collect();
    assert!(!said.is_empty(), "the README lists no feature");
    for case in case::all() {
        assert!(case.purpose.ends_with('.'), "{}: what it is for is a sentence", case.name);
        for number in &case.features {
            let cases = said.get_mut(number);
            cases
                .unwrap_or_else(|| panic!("{}: the README has no feature {number}", case.name))
                .insert(case.name.clone());
        }
    }
    if std::env::var_os("PGSYNC_TEST_CASE").is_none() {
        assert_eq!(said, listed(), "left: what the cases say, right: what the README says");
    }
}
