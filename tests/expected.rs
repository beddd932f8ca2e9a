//! Goldens of generated Rust, compiled. In: `schema.rs` of some cases, as it stands in the repository. Out: structs that read and
//! write documents, and names of fields with their whole paths.

#![allow(unreachable_pub, clippy::enum_variant_names, clippy::module_inception)]

use serde_json::{Value, json};

// As it was written.
#[rustfmt::skip]
#[path = "cases/deep/expected/schema.rs"]
mod deep;
#[rustfmt::skip]
#[path = "cases/domains/expected/schema.rs"]
mod domains;
#[rustfmt::skip]
#[path = "cases/extension-types/expected/schema.rs"]
mod extension_types;
#[rustfmt::skip]
#[path = "cases/hostile-names/expected/schema.rs"]
mod hostile_names;
#[rustfmt::skip]
#[path = "cases/meta/expected/schema.rs"]
mod meta;

#[test]
fn names_are_whole_paths() {
    use deep::deep::{INDEX, country, pet};
    assert_eq!((INDEX, country::NAME_KEYWORD), ("deep", "name.keyword"));
    assert_eq!(pet::TOYS_KEYWORD, "cities.streets.houses.owner.pets.toys.keyword");
    assert_eq!(meta::meta::book_publisher::NAME, "publisher.name");
}

#[test]
fn structs_and_labels_read_what_they_write() {
    let document = json!({ "day": "tue day", "title": null, "cost": 1.50, "number": null, "costs": null, "details": null,
        "tasks": [{ "code": "a", "days": ["sun"], "steps": ["b", null] }] });
    let plan: domains::domains::Plan = serde_json::from_value(document.clone()).unwrap();
    assert_eq!(plan.day, domains::enums::Day::TueDay);
    assert_eq!(serde_json::to_value(plan).unwrap(), document);
    let wrong: Result<domains::enums::Day, _> = serde_json::from_value(Value::from("tuesday"));
    assert!(wrong.is_err());
}

#[test]
fn hostile_names_keep_their_fields() {
    let fields = serde_json::to_value(hostile_names::hostile_names::ÜberTable {
        r#fn: None,
        id: Some("x".to_owned()),
        crate_: "y".to_owned(),
        joined: None,
    });
    assert_eq!(fields.unwrap(), json!({ "fn": null, "_id": "x", "crate": "y", "joined": null }));
    let _ = extension_types::app;
}
