//! Row by row, without a server: which link values a change gives, when it is passed over, and when too little is known.

use super::{Announcement, Router};
use crate::pipeline::batch::Batch;
use crate::source::postgres::Lsn;
use crate::source::postgres::pgoutput::{Column, Message, Relation, decode};
use pgsync_plan::{Program, TableId};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

const BOOK: u32 = 10;
const REVIEW: u32 = 11;

/// Books, and their reviews linked by `book_id`; of a review `g` is shown.
fn program() -> Program {
    let column = |name: &str| json!({ "name": name, "nullable": true, "type": { "declared": "integer", "cast": "integer", "kind": "int4" } });
    let table = |name: &str, columns: &[&str]| {
        json!({
            "schema": "public", "name": name, "kind": "ordinary", "key": [0], "old": [], "identity": "full",
            "columns": columns.iter().map(|name| column(name)).collect::<Vec<_>>(),
        })
    };
    let node = |table: usize, label: &str| {
        json!({
            "label": label, "table": table, "shape": "object", "optional": true, "key": [0], "select": [], "fields": [],
        })
    };
    let program = json!({
        "format": Program::FORMAT, "statements": [], "indexes": [],
        "capture": { "name": "", "publication": "p", "slot": "s" },
        "plan": {
            "tables": [table("book", &["id"]), table("review", &["id", "book_id", "g"])], "enums": [],
            "documents": [{
                "index": "book", "id": [0], "nodes": [node(0, "book"), node(1, "reviews")],
                "routes": [
                    { "table": 0, "kind": "root", "link": [0], "watch": [0] },
                    { "table": 1, "kind": { "node": 1 }, "link": [1], "watch": [0, 1, 2] },
                ],
            }],
        },
    });
    Program::from_json(&program.to_string()).unwrap()
}

/// A router to which these columns of the reviews were announced, the first of them as key where `keyed` is set.
fn router(columns: &[&str], keyed: bool) -> (Router, Batch) {
    let program = Arc::new(program());
    let batch = Batch::new(&program, Lsn::ZERO);
    let tables = HashMap::from([(BOOK, TableId(0)), (REVIEW, TableId(1))]);
    let mut router = Router::over(program, tables);
    assert_eq!(router.announce(&relation(REVIEW, columns, keyed)), Announcement::First);
    (router, batch)
}

fn relation(oid: u32, columns: &[&str], keyed: bool) -> Relation {
    let column = |(position, name): (usize, &&str)| Column {
        key: keyed && position == 0,
        name: (*name).to_owned(),
        type_oid: 23,
        type_modifier: -1,
    };
    let columns = columns.iter().enumerate().map(column).collect();
    Relation { oid, schema: "public".to_owned(), name: "review".to_owned(), replica_identity: 'f', columns }
}

/// A row as the stream spells it: `-` is unchanged, `~` is NULL.
fn tuple(cells: &[&str]) -> Vec<u8> {
    let mut bytes = (cells.len() as u16).to_be_bytes().to_vec();
    for cell in cells {
        match *cell {
            "-" => bytes.push(b'u'),
            "~" => bytes.push(b'n'),
            text => {
                bytes.push(b't');
                bytes.extend((text.len() as u32).to_be_bytes());
                bytes.extend(text.as_bytes());
            }
        }
    }
    bytes
}

fn update(router: &Router, batch: &mut Batch, old: Option<(u8, &[&str])>, new: &[&str]) {
    let mut frame = [&[b'U'][..], &REVIEW.to_be_bytes()].concat();
    if let Some((kind, old)) = old {
        frame.push(kind);
        frame.extend(tuple(old));
    }
    frame.push(b'N');
    frame.extend(tuple(new));
    let Message::Update { relation, old, new } = decode(&frame).unwrap() else { panic!("not an update") };
    let old = old.as_ref().map(|(kind, row)| (*kind, row));
    router.update(relation, old, &new, batch).unwrap();
}

/// The link values of the reviews' route, and whether everything is to be read.
fn found(batch: &Batch) -> (Vec<String>, bool) {
    let concern = &batch.documents[0];
    let text = |value: &[u8]| String::from_utf8(value.to_vec()).unwrap();
    (concern.links[1].iter().flat_map(|tuple| tuple.map(text).collect::<Vec<_>>()).collect(), concern.everything)
}

fn after(columns: &[&str], old: Option<(u8, &[&str])>, new: &[&str]) -> (Vec<String>, bool) {
    let (router, mut batch) = router(columns, true);
    update(&router, &mut batch, old, new);
    found(&batch)
}

#[test]
fn old_and_new_values_count() {
    let all = ["id", "book_id", "g"];
    assert_eq!(after(&all, Some((b'O', &["1", "7", "3"])), &["1", "8", "3"]), (vec!["7".into(), "8".into()], false));
    assert_eq!(after(&all, Some((b'O', &["1", "7", "3"])), &["1", "~", "3"]), (vec!["7".into()], false));
}

#[test]
fn a_change_of_nothing_that_is_used_is_passed_over() {
    let all = ["id", "book_id", "g"];
    assert_eq!(after(&all, Some((b'O', &["1", "7", "3"])), &["1", "7", "3"]), (vec![], false));
    assert_eq!(
        after(&all, Some((b'O', &["1", "7", "3"])), &["1", "7", "-"]),
        (vec![], false),
        "out of line, unchanged"
    );
}

#[test]
fn an_absent_value_is_not_an_unchanged_one() {
    // `g` is generated and not sent, or the column has another name just now.
    assert_eq!(after(&["id", "book_id"], Some((b'O', &["1", "7"])), &["1", "7"]), (vec!["7".into()], false));
}

#[test]
fn without_the_values_of_its_route_a_change_makes_everything_be_read() {
    let all = ["id", "book_id", "g"];
    assert_eq!(after(&all, None, &["1", "7", "3"]), (vec![], true), "the key does not cover the link");
    assert_eq!(after(&all, Some((b'K', &["1", "~", "~"])), &["2", "7", "3"]), (vec![], true));
    assert_eq!(after(&["id", "g"], Some((b'O', &["1", "3"])), &["1", "4"]), (vec![], true), "the link is absent");
}

#[test]
fn what_is_described_again_may_have_changed() {
    let (mut router, mut batch) = router(&["id", "book_id", "g"], false);
    assert_eq!(router.announce(&relation(REVIEW, &["id", "g", "book_id"], false)), Announcement::Again);
    update(&router, &mut batch, Some((b'O', &["1", "3", "7"])), &["1", "3", "9"]);
    assert_eq!(found(&batch), (vec!["7".into(), "9".into()], false));
    let unknown = relation(99, &["id", "book_id", "g"], false);
    assert_eq!(router.announce(&unknown), Announcement::Unknown);
    router.adopt(&unknown, TableId(1));
    assert_eq!(router.announce(&unknown), Announcement::Again);
}
