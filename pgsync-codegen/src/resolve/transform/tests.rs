use crate::catalog::Catalog;
use crate::{Source, compile};
use pgsync_plan::{FieldValue, Part, Program};
use serde_json::{Value, json};

/// Compiles a node over the tables of the diagnostics. Gives the program and what is said of it.
fn compiled(node: &Value) -> Result<(Program, String), String> {
    let catalog = Catalog::from_json(include_str!("../../../../tests/diagnostics/catalog.json")).unwrap();
    let text = json!([{ "index": "i", "nodes": node }]).to_string();
    match compile(&Source::new("schema.json", &text), &catalog) {
        Ok((program, warnings)) => Ok((program, warnings.to_string())),
        Err(errors) => Err(errors.to_string()),
    }
}

fn author(transform: Value, more: Value) -> Value {
    let mut node = json!({ "table": "author", "columns": ["id", "name"], "transform": transform });
    for (name, value) in more.as_object().unwrap() {
        node[name] = value.clone();
    }
    node
}

#[test]
fn concat_takes_new_names_earlier_texts_and_what_is_no_field_as_text() {
    let node = author(
        json!({
            "rename": { "name": "called" },
            "concat": [
                { "columns": ["called", "x", "id"], "destination": "both", "delimiter": "-" },
                { "columns": ["both", "name"], "destination": "called" },
            ],
        }),
        json!({}),
    );
    let (program, warnings) = compiled(&node).unwrap();
    let root = program.plan.documents[0].root();
    let fields: Vec<_> = root.fields.iter().map(|field| (field.name.as_str(), field.hidden)).collect();
    assert_eq!(fields, [("id", false), ("called", true), ("both", false), ("called", false)]);
    assert_eq!(root.concats[0].parts, [Part::Field(1), Part::Literal("x".into()), Part::Field(0)]);
    assert_eq!(root.concats[1].parts, [Part::Field(2), Part::Literal("name".into())]);
    assert_eq!(root.fields[3].value, FieldValue::Concat(1));
    assert!(warnings.contains("`name` is called `called` here"), "{warnings}");
    let mapped = &program.indexes[0].mappings["properties"];
    assert_eq!(mapped["called"]["type"], "text");
    // What is made of it is another document.
    let plain = compiled(&author(json!({ "rename": { "name": "called" } }), json!({}))).unwrap().0;
    assert_ne!(plain.indexes[0].fingerprint, program.indexes[0].fingerprint);
}

#[test]
fn rules_of_a_parent_reach_its_children_and_members_of_json() {
    let child = json!({ "table": "book_author", "label": "books", "columns": ["book_isbn"],
        "relationship": { "variant": "scalar", "type": "one_to_many" } });
    let node =
        author(json!({ "replace": { "books": { "a": "b" }, "name": { "c": "d" } } }), json!({ "children": [child] }));
    let (program, warnings) = compiled(&node).unwrap();
    assert_eq!(warnings.trim(), "");
    let nodes = &program.plan.documents[0].nodes;
    let replace = |node: usize, field: usize| nodes[node].fields[field].rewrite.as_ref().unwrap().replace.clone();
    assert_eq!(replace(0, 1), [("c".to_owned(), "d".to_owned())]);
    assert_eq!(replace(1, 0), [("a".to_owned(), "b".to_owned())]);
    let child = json!({ "table": "book_author", "label": "books", "columns": ["book_isbn", "author_id"],
        "transform": { "rename": { "author_id": "own" } },
        "relationship": { "variant": "object", "type": "one_to_many" } });
    let rename = json!({ "rename": { "books": { "book_isbn": "isbn", "author_id": "other" } } });
    let (program, _) = compiled(&author(rename, json!({ "children": [child] }))).unwrap();
    let names: Vec<_> = program.plan.documents[0].nodes[1].fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["isbn", "own"], "what a child says itself counts more");
}

#[test]
fn a_mapping_is_of_a_field_that_is_there_and_of_a_type_that_is_known() {
    let mapped =
        |mapping: Value| compiled(&author(json!({ "rename": { "name": "n" }, "mapping": mapping }), json!({})));
    let (program, _) = mapped(json!({ "n": { "type": "keyword", "ignore_above": 10 } })).unwrap();
    let field = &program.indexes[0].mappings["properties"]["n"];
    assert_eq!(field, &json!({ "type": "keyword", "ignore_above": 10 }));
    for (mapping, said) in [
        (json!({ "name": { "type": "text" } }), "`mapping` names `name`, which is no field"),
        (json!({ "n": { "type": "keywrod" } }), "did you mean `keyword`"),
        (json!({ "n": { "type": "text", "analyser": "x" } }), "`analyzer`"),
        (json!({ "n": { "store": true } }), "has no `type`"),
    ] {
        let errors = mapped(mapping).unwrap_err();
        assert!(errors.contains(said), "{said}: {errors}");
    }
}

#[test]
fn what_does_nothing_is_said() {
    let (_, warnings) = compiled(&author(
        json!({ "replace": { "nmae": { "a": "b" } }, "rename": { "nmae": "x" }, "move": {} }),
        json!({}),
    ))
    .unwrap();
    assert_eq!(warnings.matches("the rule does nothing").count(), 2, "{warnings}");
    assert!(warnings.contains("`move` does nothing"), "{warnings}");
    let errors = compiled(&author(json!({ "replace": { "name": "x" } }), json!({}))).unwrap_err();
    assert!(errors.contains("`replace` has a text for `name`"), "{errors}");
    let errors = compiled(&author(json!({ "concat": { "columns": ["name"] } }), json!({}))).unwrap_err();
    assert!(errors.contains("without `destination`"), "{errors}");
}

/// PGSync's example of geometries maps the fields that its plugin makes.
#[test]
fn a_mapping_may_speak_of_fields_that_plugins_add() {
    let node = author(json!({ "mapping": { "shape": { "type": "geo_shape" } } }), json!({}));
    assert!(compiled(&node).unwrap_err().contains("`mapping` names `shape`"));
    let catalog = Catalog::from_json(include_str!("../../../../tests/diagnostics/catalog.json")).unwrap();
    let text = json!([{ "index": "i", "plugins": ["Geometry"], "nodes": node }]).to_string();
    let (program, _) = compile(&Source::new("schema.json", &text), &catalog).unwrap();
    assert_eq!(program.indexes[0].mappings["properties"]["shape"], json!({ "type": "geo_shape" }));
}
