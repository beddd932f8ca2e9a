//! Row by row, without a server: which link values a change gives, when it is passed over, and when too little is known.

use super::{Announcement, Router};
use crate::Mark;
use crate::pipeline::batch::Batch;
use crate::source::{Before, Cell, Relation, RelationColumn, RelationId, RowChange};
use pgsync_plan::{Program, TableId};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

const BOOK: RelationId = RelationId(10);
const REVIEW: RelationId = RelationId(11);

/// Books, and their reviews linked by `book_id`; of a review `g` is shown.
fn program() -> Program {
    reviews_of(&["id", "book_id", "g"], 1)
}

/// Books, and their reviews with these columns, linked by one of them; all of them are shown.
fn reviews_of(columns: &[&str], link: usize) -> Program {
    let column = |name: &str| json!({ "name": name, "nullable": true, "type": { "declared": "integer", "cast": "integer", "kind": "int4" } });
    let table = |name: &str, columns: &[&str]| {
        json!({
            "schema": "public", "name": name, "kind": "ordinary", "key": [0], "old": [], "identity": "full",
            "columns": columns.iter().map(|name| column(name)).collect::<Vec<_>>(),
        })
    };
    let node = |table: usize, label: &str| {
        json!({
            "label": label, "table": table, "shape": "object", "optional": true, "order": [], "select": [], "fields": [],
        })
    };
    let program = json!({
        "format": Program::FORMAT, "statements": [], "indexes": [],
        "dialect": "postgres",
        "capture": { "logical_replication": { "publication": "p", "slot": "s" } },
        "plan": {
            "tables": [table("book", &["id"]), table("review", columns)], "enums": [],
            "documents": [{
                "index": "book", "key": [0], "id": [0], "nodes": [node(0, "book"), node(1, "reviews")],
                "routes": [
                    { "table": 0, "kind": "root", "link": [0], "watch": [0] },
                    { "table": 1, "kind": { "node": 1 }, "link": [link], "watch": (0..columns.len()).collect::<Vec<_>>() },
                ],
            }],
        },
    });
    Program::from_json(&program.to_string()).unwrap()
}

/// A router to which these columns of the reviews were announced, the first of them as key where `keyed` is set.
fn router(columns: &[&str], keyed: bool) -> (Router, Batch) {
    router_of(program(), columns, keyed)
}

fn router_of(program: Program, columns: &[&str], keyed: bool) -> (Router, Batch) {
    let program = Arc::new(program);
    let batch = Batch::new(&program, Mark::default());
    let tables = HashMap::from([(BOOK, TableId(0)), (REVIEW, TableId(1))]);
    let mut router = Router::new(program, tables);
    assert_eq!(router.announce(&relation(REVIEW, columns, keyed)), Announcement::First);
    (router, batch)
}

fn relation(id: RelationId, columns: &[&str], keyed: bool) -> Relation {
    let column =
        |(position, name): (usize, &&str)| RelationColumn { name: (*name).to_owned(), key: keyed && position == 0 };
    Relation { id, columns: columns.iter().enumerate().map(column).collect() }
}

/// A row: `-` is unchanged, `~` is NULL.
fn cells<'a>(row: &[&'a str]) -> Vec<Cell<'a>> {
    let cell = |text: &&'a str| match *text {
        "-" => Cell::Unchanged,
        "~" => Cell::Null,
        text => Cell::Value(text.as_bytes()),
    };
    row.iter().map(cell).collect()
}

/// What comes with an update of the row before it.
#[derive(Clone, Copy)]
enum Old {
    Whole(&'static [&'static str]),
    Key(&'static [&'static str]),
    Nothing,
}

fn update(router: &Router, batch: &mut Batch, old: Old, new: &[&str]) {
    let row = match old {
        Old::Whole(row) | Old::Key(row) => cells(row),
        Old::Nothing => Vec::new(),
    };
    let before = match old {
        Old::Whole(_) => Before::Whole(row.as_slice()),
        Old::Key(_) => Before::Key(row.as_slice()),
        Old::Nothing => Before::SameKey,
    };
    let new = cells(new);
    let change = RowChange { relation: REVIEW, before, after: Some(new.as_slice()) };
    router.change(&change, batch).unwrap();
}

/// The link values of the reviews' route, and whether everything is to be read.
fn found(batch: &Batch) -> (Vec<String>, bool) {
    let concern = &batch.documents[0];
    let text = |value: &[u8]| String::from_utf8(value.to_vec()).unwrap();
    (concern.links[1].iter().flat_map(|tuple| tuple.map(text).collect::<Vec<_>>()).collect(), concern.everything)
}

fn after(columns: &[&str], old: Old, new: &[&str]) -> (Vec<String>, bool) {
    let (router, mut batch) = router(columns, true);
    update(&router, &mut batch, old, new);
    found(&batch)
}

#[test]
fn old_and_new_values_count() {
    let all = ["id", "book_id", "g"];
    assert_eq!(after(&all, Old::Whole(&["1", "7", "3"]), &["1", "8", "3"]), (vec!["7".into(), "8".into()], false));
    assert_eq!(after(&all, Old::Whole(&["1", "7", "3"]), &["1", "~", "3"]), (vec!["7".into()], false));
}

#[test]
fn a_change_of_nothing_that_is_used_is_passed_over() {
    let all = ["id", "book_id", "g"];
    assert_eq!(after(&all, Old::Whole(&["1", "7", "3"]), &["1", "7", "3"]), (vec![], false));
    assert_eq!(after(&all, Old::Whole(&["1", "7", "3"]), &["1", "7", "-"]), (vec![], false), "out of line, unchanged");
}

#[test]
fn an_absent_value_is_not_an_unchanged_one() {
    // `g` is generated and not sent, or the column has another name just now.
    assert_eq!(after(&["id", "book_id"], Old::Whole(&["1", "7"]), &["1", "7"]), (vec!["7".into()], false));
}

#[test]
fn without_the_values_of_its_route_a_change_makes_everything_be_read() {
    let all = ["id", "book_id", "g"];
    assert_eq!(after(&all, Old::Nothing, &["1", "7", "3"]), (vec![], true), "the key does not cover the link");
    assert_eq!(after(&all, Old::Key(&["1", "~", "~"]), &["2", "7", "3"]), (vec![], true));
    assert_eq!(after(&["id", "g"], Old::Whole(&["1", "3"]), &["1", "4"]), (vec![], true), "the link is absent");
}

#[test]
fn what_is_described_again_may_have_changed() {
    let (mut router, mut batch) = router(&["id", "book_id", "g"], false);
    assert_eq!(router.announce(&relation(REVIEW, &["id", "g", "book_id"], false)), Announcement::Again);
    update(&router, &mut batch, Old::Whole(&["1", "3", "7"]), &["1", "3", "9"]);
    assert_eq!(found(&batch), (vec!["7".into(), "9".into()], false));
    let unknown = relation(RelationId(99), &["id", "book_id", "g"], false);
    assert_eq!(router.announce(&unknown), Announcement::Unknown);
    router.adopt(&unknown, TableId(1));
    assert_eq!(router.announce(&unknown), Announcement::Again);
}

#[test]
fn a_row_may_have_any_number_of_columns() {
    for count in [2, 23, 24, 25, 60] {
        let names: Vec<String> = (0..count).map(|number| format!("c{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let last = count - 1;
        let (router, mut batch) = router_of(reviews_of(&names, last), &names, true);
        let values: Vec<String> = (0..count).map(|number| number.to_string()).collect();
        let old: Vec<&str> = values.iter().map(String::as_str).collect();
        let mut new = old.clone();
        new[last] = "moved";
        let (old, new) = (cells(&old), cells(&new));
        let change = |after| RowChange { relation: REVIEW, before: Before::Whole(old.as_slice()), after: Some(after) };
        router.change(&change(old.as_slice()), &mut batch).unwrap();
        assert_eq!(found(&batch), (vec![], false), "{count} columns, nothing changed");
        router.change(&change(new.as_slice()), &mut batch).unwrap();
        assert_eq!(found(&batch), (vec![last.to_string(), "moved".into()], false), "{count} columns");
    }
}
