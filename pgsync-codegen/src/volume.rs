//! What the compiler takes for a large database. In: a catalogue of ten thousand tables of twenty columns. Out: a failure
//! where something grows faster than it. The bounds have room for a slow machine and a build without optimisation.

use crate::catalog::{Catalog, Column, Comparison, ForeignKey, Key, Kind, Table};
use crate::{Source, compile, parse, propose, resolve};
use pgsync_plan::ValueKind;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const TABLES: usize = 10_000;
/// Most children of a table.
const CHILDREN: usize = 20;

fn name(table: usize) -> String {
    format!("t{table:05}")
}

/// A tree of tables: each but the first refers to the one above it.
fn catalog() -> Catalog {
    let column = |name: String| Column {
        name,
        declared: "integer".to_owned(),
        cast: "integer".to_owned(),
        kind: ValueKind::Int4,
        array: false,
        comparison: Comparison::BuiltIn,
        textual: false,
        collation: None,
        enumeration: None,
        nullable: false,
        generated: false,
        comment: None,
    };
    let table = |position: usize| Table {
        schema: "public".to_owned(),
        name: name(position),
        kind: Kind::Ordinary,
        unlogged: false,
        comment: None,
        view: None,
        inherits: Vec::new(),
        columns: (0..20).map(|number| column(format!("c{number}"))).collect(),
        primary_key: Some(Key { columns: vec!["c0".to_owned()], immediate: true }),
        unique: Vec::new(),
        foreign_keys: (position > 0)
            .then(|| ForeignKey {
                name: "up".to_owned(),
                columns: vec!["c1".to_owned()],
                target_schema: "public".to_owned(),
                target: name((position - 1) / CHILDREN),
                target_columns: vec!["c0".to_owned()],
                validated: true,
                on_delete: None,
                on_update: None,
            })
            .into_iter()
            .collect(),
        indexes: vec![vec!["c0".to_owned()], vec!["c1".to_owned()]],
    };
    Catalog::postgres((0..TABLES).map(table).collect(), Vec::new())
}

/// The tree of the first so many tables, in the short form: every link is looked for.
fn node(position: usize, tables: usize) -> Value {
    let first = position * CHILDREN + 1;
    let children: Vec<Value> = (first..(first + CHILDREN).min(tables)).map(|child| node(child, tables)).collect();
    json!({ "table": name(position), "children": children })
}

fn within(limit: u64, what: &str, work: impl FnOnce()) {
    let start = Instant::now();
    work();
    assert!(start.elapsed() < Duration::from_secs(limit), "{what} took {:?}", start.elapsed());
}

#[test]
fn a_database_of_ten_thousand_tables_is_no_hindrance() {
    let text = catalog().to_json();
    let mut read = None;
    within(10, "reading the snapshot", || read = Some(Catalog::from_json(&text).unwrap()));
    let catalog = read.unwrap();
    for (tables, limit) in [(4, 10), (200, 10)] {
        let source = Source::new("schema.json", node(0, tables).to_string());
        within(limit, &format!("a schema of {tables} tables"), || {
            let (program, _) = compile(&source, &catalog).unwrap_or_else(|found| panic!("{found}"));
            assert_eq!(program.plan.tables.len(), tables);
        });
    }
    // As many documents as tables, each of them short.
    let documents: Vec<Value> =
        (0..200).map(|table| json!({ "index": name(table), "nodes": node(table, 0) })).collect();
    let source = Source::new("schema.json", Value::from(documents).to_string());
    within(10, "200 documents", || assert_eq!(compile(&source, &catalog).unwrap().0.plan.documents.len(), 200));
    // Names that stand for nothing are looked for among all.
    let wrong: Vec<Value> = (0..50).map(|table| json!({ "nodes": { "table": format!("u{table}") } })).collect();
    let source = Source::new("schema.json", Value::from(wrong).to_string());
    within(10, "50 wrong names", || {
        let found = resolve(&source, &parse(&source).unwrap(), &catalog).unwrap_err();
        assert_eq!(found.iter().count(), 50);
        found.plain();
    });
    within(10, "a proposal", || drop(propose(&catalog, 0, 2)));
}
