//! `docs/types.md` and `docs/mysql.md` say what the compiler does: each row of their tables is compiled.

use crate::catalog::{Catalog, Column, Comparison, Key, Kind, QualifiedName, Table};
use crate::types::Types;
use crate::{Source, compile, emit};
use pgsync_plan::{Dialect, EnumType, ValueKind};

/// How the catalogue spells a type of the page, and its kind.
fn kind(name: &str) -> (&str, ValueKind) {
    let cast = match name {
        "citext" => "public.citext",
        "character" => "bpchar",
        "hstore" => "public.hstore",
        name => name,
    };
    (cast, Types::of(Dialect::Postgres).spelled(name))
}

/// Index type and Rust type of a column, as the page words them.
fn compiled(dialect: Dialect, cast: &str, kind: ValueKind) -> (String, String) {
    let column = |name: &str, cast: &str, kind| Column {
        name: name.to_owned(),
        declared: cast.to_owned(),
        cast: cast.to_owned(),
        kind,
        array: cast.ends_with("[]"),
        comparison: Comparison::BuiltIn,
        textual: false,
        collation: None,
        enumeration: (kind == ValueKind::Enum)
            .then(|| QualifiedName { schema: "public".to_owned(), name: "mood".to_owned() }),
        nullable: false,
        generated: false,
        comment: None,
    };
    let table = Table {
        schema: "public".to_owned(),
        name: "t".to_owned(),
        kind: Kind::Ordinary,
        unlogged: false,
        comment: None,
        view: None,
        inherits: Vec::new(),
        columns: vec![column("id", "integer", ValueKind::Int4), column("value", cast, kind)],
        primary_key: Some(Key { columns: vec!["id".to_owned()], immediate: true }),
        unique: Vec::new(),
        foreign_keys: Vec::new(),
        indexes: Vec::new(),
    };
    let mood = EnumType { schema: "public".to_owned(), name: "mood".to_owned(), labels: vec!["so so".to_owned()] };
    let catalog = Catalog { dialect, ..Catalog::postgres(vec![table], vec![mood]) };
    let source = Source::new("schema.json", r#"{"table": "t"}"#);
    let (program, _) = compile(&source, &catalog).unwrap();
    let mapping = &program.indexes[0].mappings;
    let mut index =
        mapping["properties"]["value"]["type"].as_str().map_or("dynamic".to_owned(), |ty| format!("`{ty}`"));
    if mapping["properties"]["value"]["enabled"] == false {
        index = "kept, not indexed".to_owned();
    }
    if !mapping["properties"]["value"]["fields"]["keyword"].is_null() {
        index.push_str(" with `.keyword`");
    }
    if !mapping["dynamic_templates"].is_null() {
        index.push_str(", its values `keyword`");
    }
    let text = emit::rust::file(&program, "schema.json");
    let (_, field) = text.split_once("pub value: ").expect("the field is emitted");
    let (field, _) = field.split_once('}').expect("a struct ends");
    // Long types are broken into lines.
    let field: String = field.split_whitespace().collect();
    let rust = ["::std::string::", "::std::collections::", "::std::option::", "::pgsync_runtime::types::"]
        .iter()
        .fold(field.replace(",>", ">").replace(',', ", "), |name, path| name.replace(path, ""));
    let rust = rust.trim_end_matches(", ");
    (index, if rust == "super::enums::Mood" { "an enum".to_owned() } else { format!("`{rust}`") })
}

#[test]
fn the_page_says_what_is_compiled() {
    let page = include_str!("../../../docs/types.md");
    let rows = page.lines().filter(|line| line.starts_with('|')).skip(2).take_while(|line| !line.contains("UTF8"));
    let mut types = 0;
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [names, _, index, rust] = cells.as_slice() else { continue };
        let names: Vec<&str> = match *names {
            "an enum" => vec!["an enum"],
            quoted if quoted.starts_with('`') => quoted.split(", ").map(|name| name.trim_matches('`')).collect(),
            _ => continue,
        };
        for name in names {
            let (cast, kind) = if name == "an enum" { ("public.mood", ValueKind::Enum) } else { kind(name) };
            let compiled = |cast: &str| compiled(Dialect::Postgres, cast, kind);
            assert_eq!(compiled(cast), ((*index).to_owned(), (*rust).to_owned()), "{name}");
            // An array is indexed as its elements.
            if kind != ValueKind::Hstore {
                assert_eq!(compiled(&format!("{cast}[]")).0, *index, "{name}[]");
            }
            types += 1;
        }
    }
    assert!(types > 45, "{types} types are in the table");
}

#[test]
fn so_does_the_page_of_mysql() {
    let page = include_str!("../../../docs/mysql.md");
    // A second table says what the server makes of values.
    let page = page.split("JSON_OBJECT").next().unwrap_or_default();
    let mut types = 0;
    for row in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [names, _, index, rust] = cells.as_slice() else { continue };
        for name in names.split(", ").map(|name| name.trim_matches('`')) {
            let kind = Types::of(Dialect::Mysql).spelled(name);
            let cast = if kind == ValueKind::Enum { "public.mood" } else { name };
            let found = compiled(Dialect::Mysql, cast, kind);
            assert_eq!(found, ((*index).to_owned(), (*rust).to_owned()), "{name}");
            types += 1;
        }
    }
    assert!(types > 35, "{types} types are in the table");
}
