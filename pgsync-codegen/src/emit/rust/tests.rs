//! What a reviewer sees of the generated module.

use crate::catalog::Catalog;
use crate::{Source, compile};
use pgsync_plan::FieldValue;

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

/// What is beside the program, which is data: six lines for each column that a document shows, and forty for an index. What
/// children, labels and sub-fields take has to fit in there.
#[test]
fn the_module_stays_small() {
    let (mut count, mut larger) = (0, Vec::new());
    for (case, program) in cases() {
        let module = super::file(&program, "schema.json");
        let data = module.find("pub static PROGRAM").unwrap();
        let end = data + module[data..].find("\n};\n").unwrap();
        let lines = module[..data].lines().count() + module[end..].lines().count();
        let nodes = program.plan.documents.iter().flat_map(|document| &document.nodes);
        let fields = nodes.flat_map(|node| &node.fields).filter(|field| !field.hidden);
        let columns = fields.filter(|field| !matches!(field.value, FieldValue::Child(_))).count();
        let most = 6 * columns + 40 * program.plan.documents.len();
        if lines > most {
            larger.push(format!("{case}: {lines} lines, {most} for {columns} columns"));
        }
        count += 1;
    }
    assert!(larger.is_empty(), "{}", larger.join("\n"));
    assert!(count > 30, "{count} cases");
}

/// What the goldens hold is Rust.
#[test]
fn the_module_of_every_case_parses() {
    for (case, program) in cases() {
        let module = super::file(&program, "schema.json");
        for placeholder in [super::ROWS, super::fields::CALL] {
            assert!(!module.contains(placeholder), "{case}: {placeholder}");
        }
        let file = syn::parse_file(&module).unwrap_or_else(|error| panic!("{case}: {error}"));
        let modules = file.items.iter().filter(|item| matches!(item, syn::Item::Mod(_))).count();
        let enums = usize::from(!program.plan.enums.is_empty());
        assert_eq!(modules, program.plan.documents.len() + enums, "{case}");
    }
}

/// The names of fields, each with its module and the whole path.
fn names(module: &str) -> Vec<String> {
    let calls = module.split("rt::names! {").skip(1).map(|rest| rest.split_once("}\n").unwrap().0);
    let modules = calls.flat_map(|call| call.split(';')).filter_map(|line| line.split_once(':'));
    let each = modules.flat_map(|(head, constants)| {
        let (of, above) = head.trim().split_once(' ').unwrap();
        let named = constants.split(',').map(|constant| constant.trim().split_once("(\"").unwrap());
        let path = move |path: &str| format!("{}{}", above.trim_matches('"'), path.trim_end_matches("\")"));
        named.map(move |(name, below)| format!("{of}::{name} = {}", path(below))).collect::<Vec<_>>()
    });
    each.collect()
}

#[test]
fn every_field_has_its_name_for_searches() {
    let mapping =
        r#""mapping": { "slug": { "type": "keyword" }, "pages": { "properties": { "a": { "type": "long" } } } },"#;
    let module = module(|text| text.replace("\"setting\": {", &format!("{mapping} \"setting\": {{")), |text| text);
    let names = names(&module);
    for expected in [
        "book::TITLE = title",
        "book::TITLE_KEYWORD = title.keyword",
        "book::PUBLISHER = publisher",
        "publisher::NAME_KEYWORD = publisher.name.keyword",
        "review::BODY = reviews.body",
        "book::AUTHORS_KEYWORD = authors.keyword",
        "book::SLUG = slug",
        "book::PAGES_A = pages.a",
    ] {
        assert!(names.iter().any(|name| name == expected), "{expected} of {names:?}");
    }
}

/// The user's own templates take the place of properties.
#[test]
fn sub_fields_are_found_in_templates_too() {
    let mapping =
        r#""mapping": { "dynamic_templates": [{ "own": { "match": "x*", "mapping": { "type": "keyword" } } }] },"#;
    let module = module(|text| text.replace("\"setting\": {", &format!("{mapping} \"setting\": {{")), |text| text);
    assert!(names(&module).contains(&"book::TITLE_KEYWORD = title.keyword".to_owned()));
}

#[test]
fn each_database_has_a_program_beside_the_documents_of_all() {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/diagnostics/catalog.json")).unwrap();
    let catalog = Catalog::from_json(&text).unwrap();
    let text = r#"[{"database": "shop", "index": "book's", "nodes": {"table": "book"}},
                   {"database": "old shop", "index": "book_s", "nodes": {"table": "author"}}]"#;
    let source = Source::new("schema.json", text);
    let each = crate::by_database(&source, &crate::parse(&source).unwrap()).unwrap();
    let each: Vec<_> = each.into_iter().map(|each| (each, &catalog)).collect();
    let (programs, _) = crate::compile_each(&source, &each).unwrap();
    let module = super::file_with(&programs, "schema.json", super::Values::default());
    for wanted in ["static PROGRAM_SHOP:", "static PROGRAM_OLD_SHOP:", "pub mod book_s {", "pub mod book_s2 {"] {
        assert_eq!(module.matches(wanted).count(), 1, "{wanted}: {module}");
    }
    assert!(module.contains("v2::App::several(&[PROGRAM_SHOP, PROGRAM_OLD_SHOP])"), "{module}");
    assert!(!module.contains("static PROGRAM:"), "{module}");
}
