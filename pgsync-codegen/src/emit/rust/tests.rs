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

/// The compiled cases of `tests/cases`.
fn cases() -> impl Iterator<Item = (String, pgsync_plan::Program)> {
    let home = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases");
    let directories = std::fs::read_dir(home).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    directories.map(|case| {
        let read = |name: &str| std::fs::read_to_string(case.join(name)).unwrap();
        let catalog = Catalog::from_json(&read("catalog.json")).unwrap();
        let (program, _) = compile(&Source::new("schema.json", read("schema.json")), &catalog).unwrap();
        (case.file_name().unwrap().to_string_lossy().into_owned(), program)
    })
}

/// What is beside the program, which is data: six lines for each field of a struct, be it a column or a child, and for each
/// label of an enum, and forty for an index.
#[test]
fn the_module_stays_small() {
    let mut count = 0;
    for (case, program) in cases() {
        let module = super::file(&program, "schema.json");
        let data = module.find("pub static PROGRAM").unwrap();
        let end = data + module[data..].find("\n};\n").unwrap();
        let lines = module[..data].lines().count() + module[end..].lines().count();
        let nodes = program.plan.documents.iter().flat_map(|document| &document.nodes);
        let fields: usize = nodes.map(|node| node.fields.iter().filter(|field| !field.hidden).count()).sum();
        let labels: usize = program.plan.enums.iter().map(|each| each.labels.len()).sum();
        let most = 6 * (fields + labels) + 40 * program.plan.documents.len();
        assert!(lines <= most, "{case}: {lines} lines, {most} for {fields} fields and {labels} labels");
        count += 1;
    }
    assert!(count > 30, "{count} cases");
}

#[test]
fn every_field_has_its_name_for_searches() {
    let mapping =
        r#""mapping": { "slug": { "type": "keyword" }, "pages": { "properties": { "a": { "type": "long" } } } },"#;
    let module = module(|text| text.replace("\"setting\": {", &format!("{mapping} \"setting\": {{")), |text| text);
    let constants: Vec<&str> = module.lines().filter_map(|line| line.trim().strip_prefix("pub const ")).collect();
    for expected in [
        r#"TITLE: &str = "title";"#,
        r#"TITLE_KEYWORD: &str = "title.keyword";"#,
        r#"PUBLISHER: &str = "publisher";"#,
        r#"NAME_KEYWORD: &str = "publisher.name.keyword";"#,
        r#"BODY: &str = "reviews.body";"#,
        r#"AUTHORS_KEYWORD: &str = "authors.keyword";"#,
        r#"SLUG: &str = "slug";"#,
        r#"PAGES_A: &str = "pages.a";"#,
    ] {
        assert!(constants.contains(&expected), "{expected} of {constants:?}");
    }
}

/// The user's own templates take the place of properties.
#[test]
fn sub_fields_are_found_in_templates_too() {
    let mapping =
        r#""mapping": { "dynamic_templates": [{ "own": { "match": "x*", "mapping": { "type": "keyword" } } }] },"#;
    let module = module(|text| text.replace("\"setting\": {", &format!("{mapping} \"setting\": {{")), |text| text);
    assert!(module.contains(r#"pub const TITLE_KEYWORD: &str = "title.keyword";"#));
}
