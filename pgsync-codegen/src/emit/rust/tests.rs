//! What a reviewer sees of the generated module.

use crate::catalog::Catalog;
use crate::{Source, compile};

/// The module of the library example; `schema` and `catalog` change its texts.
fn module(schema: impl Fn(String) -> String, catalog: impl Fn(String) -> String) -> String {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/library/");
    let read = |name: &str| std::fs::read_to_string(format!("{directory}{name}")).unwrap();
    let catalog = Catalog::from_json(&catalog(read("schema.catalog.json"))).unwrap();
    let (program, _) = compile(&Source::new("schema.json", schema(read("schema.json"))), &catalog).unwrap();
    super::file(&program, "schema.json")
}

/// How many lines were added and removed.
fn changed(before: &str, after: &str) -> usize {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    // The longest common subsequence.
    let mut common = vec![vec![0_usize; after.len() + 1]; before.len() + 1];
    for (i, a) in before.iter().enumerate().rev() {
        for (j, b) in after.iter().enumerate().rev() {
            common[i][j] = if a == b { 1 + common[i + 1][j + 1] } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    before.len() + after.len() - 2 * common[0][0]
}

#[test]
fn one_more_column_is_a_small_change() {
    let column = r#"{ "name": "subtitle", "declared": "text", "cast": "text", "kind": "text", "nullable": true },"#;
    let catalog = |text: String| {
        let title = text.find(r#""name": "title""#).unwrap();
        let object = text[..title].rfind('{').unwrap();
        format!("{}{column}{}", &text[..object], &text[object..])
    };
    let before = module(|text| text, catalog);
    for place in [r#""title", "#, r#""added", "#] {
        let after = module(|text| text.replace(place, &format!(r#"{place}"subtitle", "#)), catalog);
        assert!(before != after);
        assert!(changed(&before, &after) <= 20, "{} lines", changed(&before, &after));
    }
}

#[test]
fn every_line_can_be_read() {
    let module = module(|text| text, |text| text);
    let longest = module.lines().map(|line| line.chars().count()).max();
    assert!(longest <= Some(160), "{longest:?}");
    assert!(module.contains("\nFROM \"public\".\"book\" AS root"), "statements are laid out");
    assert!(!module.contains("\\\""), "nothing is escaped");
}

#[test]
fn the_parts_are_the_program() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/");
    for example in ["library", "no-foreign-keys", "readme-renamed", "readme-short", "two-schemas"] {
        let read = |name: &str| std::fs::read_to_string(format!("{directory}{example}/{name}")).unwrap();
        let catalog = Catalog::from_json(&read("schema.catalog.json")).unwrap();
        let (program, _) = compile(&Source::new("schema.json", read("schema.json")), &catalog).unwrap();
        let parts = pgsync_plan::Parts::of(&program);
        let statements: Vec<(&str, &str)> =
            parts.statements.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let indexes: Vec<(String, String)> =
            parts.indexes.iter().map(|(name, index)| (name.clone(), index.to_string())).collect();
        let indexes: Vec<(&str, &str)> = indexes.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let again = pgsync_plan::Parts::program(&parts.plan.to_string(), &statements, &indexes).unwrap();
        assert_eq!(again, program, "{example}");
    }
}
