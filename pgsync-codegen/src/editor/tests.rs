//! What editors are told is what the compiler does. In: the schema files of the repository, and values of every JSON type
//! behind every key. Out: a failure where a file that compiles does not validate, or the other way round.

use super::{VERSION, json_schema};
use crate::catalog::Catalog;
use crate::{Source, compile, parse};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::{fs, path::Path, path::PathBuf};

fn validator(catalog: Option<&Catalog>) -> Validator {
    let schema: Value = serde_json::from_str(&json_schema(catalog)).unwrap();
    assert!(jsonschema::draft7::meta::is_valid(&schema));
    jsonschema::draft7::new(&schema).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn catalog(path: &Path) -> Catalog {
    Catalog::from_json(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The tables of `tests/diagnostics`.
fn library() -> Catalog {
    catalog(&root().join("tests/diagnostics/catalog.json"))
}

/// Every file called `schema.json` under `examples` and `tests`, with its catalogue where there is a snapshot for it.
fn schemas() -> Vec<(PathBuf, String, Option<Catalog>)> {
    fn collect(directory: &Path, shared: Option<&Path>, found: &mut Vec<(PathBuf, String, Option<Catalog>)>) {
        let own = directory.join("catalog.json");
        let shared = if own.is_file() { Some(own.as_path()) } else { shared };
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, shared, found);
            } else if path.ends_with("schema.json") {
                let beside = Catalog::path_beside(&path);
                let snapshot = if beside.is_file() { Some(beside.as_path()) } else { shared };
                found.push((path.clone(), fs::read_to_string(&path).unwrap(), snapshot.map(catalog)));
            }
        }
    }
    let mut found = Vec::new();
    for directory in ["examples", "tests"] {
        collect(&root().join(directory), None, &mut found);
    }
    found
}

#[test]
fn every_schema_that_compiles_validates() {
    let general = validator(None);
    let (mut parsed, mut compiled) = (0, 0);
    for (path, text, catalog) in schemas() {
        let source = Source::new("schema.json", &text);
        if parse(&source).is_err() {
            continue;
        }
        parsed += 1;
        let value: Value = serde_json::from_str(&text).unwrap();
        let said =
            |validator: &Validator| validator.iter_errors(&value).map(|error| error.to_string()).collect::<Vec<_>>();
        // What is wrong with the names of fields and indexes is found after parsing.
        let Some(catalog) = catalog else {
            assert_eq!(said(&general), [""; 0], "{}", path.display());
            continue;
        };
        if compile(&source, &catalog).is_ok() {
            compiled += 1;
            assert_eq!(said(&general), [""; 0], "{}", path.display());
            assert_eq!(said(&validator(Some(&catalog))), [""; 0], "{}", path.display());
        }
    }
    assert!(parsed > 40 && compiled > 7, "{parsed} parse, {compiled} compile");
}

/// A file with this value behind this key of an object, where all else is right.
fn with(object: &str, key: &str, value: &Value) -> Value {
    let mut file = json!({ "documents": [{ "index": "a", "nodes": {
        "table": "book",
        "children": [{
            "table": "author",
            "relationship": { "foreign_key": { "parent": ["isbn"], "child": ["id"] } },
            "transform": {},
        }],
    }}]});
    *file.pointer_mut(object).unwrap().as_object_mut().unwrap().entry(key).or_insert(Value::Null) = value.clone();
    file
}

const OBJECTS: [&str; 6] = [
    "",
    "/documents/0",
    "/documents/0/nodes",
    "/documents/0/nodes/children/0/relationship",
    "/documents/0/nodes/children/0/relationship/foreign_key",
    "/documents/0/nodes/children/0/transform",
];

/// Every key of the language, a slip, behind each of them a value of every kind, in every object:
/// the parser and the JSON Schema take the same ones.
#[test]
fn the_parser_and_the_editor_take_the_same_keys_and_values() {
    use crate::keys::Place;
    let general = validator(None);
    let places =
        [Place::File, Place::Document, Place::BareNode, Place::Relationship, Place::ForeignKey, Place::Transform];
    let mut keys: Vec<&str> = places.iter().flat_map(|place| place.keys().map(|key| key.name)).collect();
    keys.push("tabel");
    let values = [
        json!(null),
        json!(true),
        json!(1),
        json!(""),
        json!("book"),
        json!("$NAME"),
        json!("one_to_many"),
        json!("scalar"),
        json!("object"),
        json!("doc->a->0"),
        json!("doc->>a"),
        json!([]),
        json!(["isbn"]),
        json!(["isbn", "title"]),
        json!([1]),
        json!({}),
        json!({ "a": "b" }),
        json!({ "a": 1 }),
        json!({ "table": "book" }),
        json!([{ "table": "book" }]),
        json!([{ "nodes": { "table": "book" } }]),
        json!([{ "index": "b" }]),
        json!({ "parent": "a", "child": "b" }),
        json!({ "parent": [], "child": [] }),
        json!({ "parent": "a" }),
        json!({ "rename": { "a": "b" } }),
    ];
    let (mut taken, mut refused) = (0, 0);
    for object in OBJECTS {
        for key in &keys {
            for value in &values {
                let file = with(object, key, value);
                let found = parse(&Source::new("schema.json", file.to_string()));
                // JSON Schema cannot say that there are as many columns on both sides.
                if found.as_ref().is_err_and(|found| found.to_string().contains("parent and"))
                    && object.ends_with("key")
                {
                    continue;
                }
                // The editor knows what an index may be called; the parser leaves that to the next phase.
                if *key == "index" && value.as_str().is_some_and(|name| name.contains('>')) {
                    continue;
                }
                let said: Vec<String> = general.iter_errors(&file).map(|error| error.to_string()).collect();
                assert_eq!(
                    found.is_ok(),
                    said.is_empty(),
                    "{file}\nparser: {:?}\neditor: {said:?}",
                    found.err().map(|found| found.to_string())
                );
                if said.is_empty() { taken += 1 } else { refused += 1 }
            }
        }
    }
    assert!(taken > 100 && refused > 1000, "{taken} taken, {refused} refused");
}

#[test]
fn every_form_of_a_file_is_known() {
    let general = validator(None);
    let address = "pgsync.schema.json";
    for (right, file) in [
        (true, json!({ "table": "book" })),
        (true, json!({ "$schema": address, "table": "book" })),
        (true, json!({ "$schema": address, "nodes": { "table": "book" } })),
        (true, json!({ "$schema": address, "name": "a", "documents": [{ "table": "book" }] })),
        (true, json!([{ "nodes": { "table": "book" } }, { "table": "author" }])),
        (false, json!({ "$schema": 1, "table": "book" })),
        (false, json!({ "$schema": address })),
        (false, json!({ "table": "book", "children": [{ "$schema": address, "table": "author" }] })),
        (false, json!({ "table": "book", "nodes": { "table": "book" } })),
        (false, json!({ "name": "a", "table": "book" })),
        (false, json!({ "documents": [] })),
        (false, json!([])),
        (false, json!({})),
        (false, json!("book")),
        (false, json!(null)),
    ] {
        assert_eq!(parse(&Source::new("schema.json", file.to_string())).is_ok(), right, "parser: {file}");
        assert_eq!(general.is_valid(&file), right, "editor: {file}");
    }
}

#[test]
fn entries_of_columns_are_those_that_the_parser_reads() {
    let general = validator(None);
    for entry in [
        "isbn",
        "",
        " ",
        "a-b",
        "a#b",
        "a>b",
        "doc->a",
        "doc->0",
        "doc->a->0->b",
        "doc#>{a,b}",
        "doc#>{a,b}->4",
        "doc->a#>{b}",
        "doc->->a",
        "doc->",
        "doc#>",
        "doc#>a",
        "doc#>{}",
        "doc#>{a}x",
        "doc#>{a}->",
        "doc->>a",
        "doc#>>{a}",
        "doc->a->>b",
        "doc->a\nb",
        "doc#>{a->b}",
        "doc->-1",
        "doc->#>{a}",
        "doc-> >a",
        "->a",
        "doc->{",
    ] {
        let file = json!({ "table": "book", "columns": [entry] });
        let found = parse(&Source::new("schema.json", file.to_string()));
        assert_eq!(
            found.is_ok(),
            general.is_valid(&file),
            "{entry:?}: {:?}",
            found.err().map(|found| found.to_string())
        );
    }
}

#[test]
fn aggregates_are_those_that_the_parser_reads() {
    let general = validator(None);
    for entry in [
        "",
        "exists",
        " Exists ",
        "exists()",
        "exists(stars)",
        "exist",
        "count",
        "count(",
        "count()",
        "count( )",
        "count(*)",
        "COUNT ( * ) ",
        "count(**)",
        "count(stars)",
        "count(distinct)",
        "count(distinct )",
        "count(distinct stars)",
        "count(DISTINCT  two words )",
        "count(distinct *)",
        "count(distinct\nstars)",
        "count(distinctstars)",
        "sum(stars)",
        "sum(*)",
        "sum(* )",
        "sum()",
        "Min( stars )",
        "max(distinct stars)",
        "max(distinct)",
        "max(stars) + 1",
        "max(stars)) ",
        "avg(a(b))",
        "avg(é)",
        "median(stars)",
    ] {
        let file = json!({ "table": "book", "children": [{ "table": "review", "aggregate": { "a": entry } }] });
        let found = parse(&Source::new("schema.json", file.to_string()));
        assert_eq!(
            found.is_ok(),
            general.is_valid(&file),
            "{entry:?}: {:?}",
            found.err().map(|found| found.to_string())
        );
    }
}

#[test]
fn with_a_catalogue_a_wrong_table_or_column_is_seen_and_a_right_one_taken() {
    let catalog = library();
    let knows = validator(Some(&catalog));
    let general = validator(None);
    let link = |key: Value| json!({ "table": "book", "children": [{ "table": "review", "relationship": { "foreign_key": key } }] });
    let through = |table: Value, key: Value| {
        json!({ "table": "book", "children": [{ "table": "author",
            "relationship": { "through_tables": table, "foreign_key": key } }] })
    };
    for (right, file) in [
        (true, json!({ "table": "book" })),
        (true, json!({ "table": "book", "schema": "public", "columns": ["isbn", "title"] })),
        (true, json!([{ "index": "b", "nodes": { "table": "book", "columns": "isbn" } }])),
        (true, json!({ "table": "book", "columns": ["data->a->0", "data#>{a,b}"] })),
        (true, json!({ "table": "stock", "schema": "warehouse" })),
        (true, json!({ "table": "note", "primary_key": ["book_isbn"] })),
        (true, link(json!({ "parent": ["isbn"], "child": ["book_isbn"] }))),
        (true, link(json!({}))),
        (true, through(json!(["book_author"]), json!({ "parent": "book_isbn", "child": ["author_id"] }))),
        (true, through(json!("public.book_author"), json!({ "parent": "book_isbn", "child": "author_id" }))),
        (true, through(json!([]), json!({ "parent": ["title"], "child": ["name"] }))),
        (false, json!({ "table": "bok" })),
        (false, json!({ "table": "stock" })),
        (false, json!({ "table": "book", "schema": "warehouse" })),
        (false, json!({ "table": "book", "schema": "warehose" })),
        (false, json!({ "table": "book", "columns": ["isbn", "titel"] })),
        (false, json!({ "table": "book", "columns": "titel" })),
        (false, json!({ "table": "book", "columns": ["title->a"] })),
        (false, json!({ "table": "book", "columns": ["dta->a"] })),
        (false, json!({ "table": "book", "children": [{ "table": "author", "columns": ["isbn"] }] })),
        (false, json!([{ "index": "b", "nodes": { "table": "book", "columns": ["titel"] } }])),
        (false, json!({ "table": "note", "primary_key": ["nr"] })),
        (true, json!({ "table": "titles", "primary_key": ["title"] })),
        (false, through(json!(["titles"]), json!({}))),
        (false, json!({ "table": "visit" })),
        (false, link(json!({ "parent": ["isnb"], "child": ["book_isbn"] }))),
        (false, link(json!({ "parent": ["isbn"], "child": ["isbn"] }))),
        (false, through(json!(["book_athor"]), json!({}))),
        (false, through(json!(["warehouse.book_author"]), json!({}))),
        (false, through(json!(["book_author"]), json!({ "parent": "isbn", "child": "author_id" }))),
        (false, through(json!("public.book_author"), json!({ "parent": "book_isbn", "child": "name" }))),
    ] {
        assert!(general.is_valid(&file), "without a catalogue: {file}");
        let said: Vec<String> = knows.iter_errors(&file).map(|error| error.to_string()).collect();
        assert_eq!(said.is_empty(), right, "{file}: {said:?}");
        let code = |code: &str| {
            let found = compile(&Source::new("schema.json", file.to_string()), &catalog);
            found.is_err_and(|found| found.iter().any(|found| found.code.id() == code))
        };
        let names = ["E0101", "E0102", "E0105", "E0107", "E0005"];
        assert_eq!(names.iter().any(|name| code(name)), !right, "compiler: {file}");
    }
}

#[test]
fn names_that_mean_something_in_a_pattern_are_taken_as_they_are() {
    let mut catalog = library();
    let table = catalog.tables.iter_mut().find(|table| table.name == "book").unwrap();
    table.name = "a.b/c~d%\"\u{e9}".to_owned();
    table.columns.iter_mut().find(|column| column.name == "data").unwrap().name = "d.t(a|b)$[x]\\".to_owned();
    let name = table.name.clone();
    let knows = validator(Some(&catalog));
    let columns = |entry: &str| json!({ "table": name, "columns": [entry] });
    assert!(knows.is_valid(&columns("isbn")));
    assert!(knows.is_valid(&columns("d.t(a|b)$[x]\\->a")));
    assert!(!knows.is_valid(&columns("dxt(a|b)$[x]\\->a")));
    assert!(!knows.is_valid(&columns("titel")));
}

/// The committed file is what is generated, so a change of the language is seen by whoever reviews it.
#[test]
fn the_committed_json_schema_is_the_generated_one() {
    let path = root().join(format!("docs/pgsync-{VERSION}.schema.json"));
    let text = json_schema(None);
    if fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
        fs::write(&path, text).unwrap();
        panic!(
            "{} was not up to date and is written anew: commit it, and raise VERSION where a key came or went",
            path.display()
        );
    }
}
