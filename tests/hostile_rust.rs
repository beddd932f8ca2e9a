//! Generated Rust compiles whatever is in the catalogue: keywords, names that are no identifiers, characters that turn the
//! direction of text, comments that look like code. Without a warning, also where only the structs are used.

use crate::support::process::cargo_pgsync;
use pgsync_codegen::catalog::Catalog;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const NAMES: [&str; 60] = [
    "gen",
    "Gen",
    "GEN",
    "self",
    "Self",
    "super",
    "crate",
    "_",
    "__",
    "try",
    "async",
    "await",
    "dyn",
    "union",
    "static",
    "raw",
    "macro_rules",
    "abstract",
    "become",
    "box",
    "do",
    "final",
    "macro",
    "override",
    "priv",
    "typeof",
    "unsized",
    "virtual",
    "yield",
    "auto",
    "safe",
    "where",
    "type",
    "ⓐ",
    "1st",
    "2",
    "٣",
    "a\u{202e}b",
    "a\u{2066}b",
    "\u{200f}",
    "e\u{301}",
    "é",
    "\u{212b}",
    "Å",
    "\u{1100}\u{1161}",
    "가",
    "книга",
    "с",
    "İ",
    "ſ",
    "ǅ",
    "ß",
    "SS",
    "a b",
    "a-b",
    "a_b",
    "r#type",
    "☃",
    "\u{61c}x",
    "lone\rcr",
];

#[test]
fn a_catalogue_of_hostile_names_compiles_without_a_warning() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let column = |name: &str, comment: &str| json!({ "name": name, "declared": "text", "cast": "text", "kind": "text", "nullable": true, "comment": comment });
    let comments = [
        "    fn main() { panic!() }",
        "```\npanic!()\n```",
        "a\rb",
        "\u{202e}turned\u{2066}",
        "*/ /* \" \\ #\"#",
        "text\n\n\tpanic!(\"a tab\")\n\n- ```\n  panic!()",
        "<b>[x]",
    ];
    let mut columns: Vec<Value> =
        NAMES.iter().enumerate().map(|(at, name)| column(name, comments[at % comments.len()])).collect();
    columns.push(json!({ "name": "mood", "declared": "public.gen", "cast": "public.gen", "kind": "enum",
        "enumeration": { "schema": "public", "name": "gen" } }));
    columns.push(json!({ "name": "id", "declared": "integer", "cast": "integer", "kind": "int4" }));
    let tables: Vec<Value> = ["gen", "self", "ⓐ", "2", "a\u{202e}b", "option", "rt"]
        .iter()
        .map(|name| {
            json!({ "schema": "public", "name": name, "kind": "ordinary", "comment": "    panic!()", "columns": columns,
            "primary_key": { "columns": ["id"], "immediate": true } })
        })
        .collect();
    let labels: Vec<&str> = NAMES.iter().copied().chain(["", "two\nlines"]).collect();
    let catalog = json!({ "format": Catalog::FORMAT, "tables": tables,
        "enums": [{ "schema": "public", "name": "gen", "labels": labels }] });
    // Names that an engine takes, so without blanks around dots; indexes are lower case.
    let document = |index: &str, table: &str| {
        json!({ "index": index, "nodes": { "table": table, "children": [{ "table": "gen", "label": "a\u{202d}child",
            "relationship": { "variant": "object", "type": "one_to_many", "foreign_key": { "parent": ["id"], "child": ["id"] } } }] } })
    };
    let schema = json!([
        document("gen", "gen"),
        document("ⓐ", "ⓐ"),
        document("self", "self"),
        document("main", "2"),
        document("a\u{202e}b", "a\u{202e}b"),
        // What a module names beside its structs.
        document("string", "option"),
        document("rt", "rt"),
    ]);
    std::fs::write(here.join("schema.json"), schema.to_string()).unwrap();
    std::fs::write(here.join("schema.catalog.json"), catalog.to_string()).unwrap();
    let runtime = workspace.join("pgsync-runtime");
    let output = Command::new(cargo_pgsync())
        .args(["pgsync", "generate", "--crate", "hostile", "--runtime-path", runtime.to_str().unwrap()])
        .current_dir(here)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let made = here.join("hostile");
    std::fs::copy(workspace.join("Cargo.lock"), made.join("Cargo.lock")).unwrap();
    let main = std::fs::read_to_string(made.join("src/main.rs")).unwrap();
    std::fs::write(made.join("src/main.rs"), format!("#![deny(warnings)]\n{main}")).unwrap();
    // In a library the doc comments are documentation that could hold tests, and nothing but structs is used.
    std::fs::write(made.join("src/lib.rs"), "#![deny(warnings)]\nmod schema;\n").unwrap();
    let cargo = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .current_dir(&made)
            .args(arguments)
            .args(["--config", "profile.dev.package.'*'.opt-level=1"])
            .args(["--config", "profile.dev.package.'*'.debug=false"])
            .env("CARGO_TARGET_DIR", workspace.join("target"))
            .output()
            .unwrap();
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr),
        )
    };
    let (well, said) = cargo(&["check", "--all-targets"]);
    assert!(well && !said.contains("warning"), "{said}");
    std::fs::write(made.join("src/lib.rs"), "pub mod schema;\n").unwrap();
    let (well, said) = cargo(&["test", "--doc"]);
    assert!(well && said.contains("running 0 tests"), "{said}");
}
