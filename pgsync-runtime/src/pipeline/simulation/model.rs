//! What the index ought to hold. In: tables. Out: documents, made without any code of the product; and what of an index
//! differs from them.

use super::transform;
use super::workload::History;
use crate::sink::memory::{DROPPED, MemoryEngine, POISON, Stored};
use crate::source::memory::{Database, Row, Tables, Value};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// Documents by index and `_id`.
pub(super) type Expected = BTreeMap<(&'static str, String), Document>;

/// The text that the schema shows no row by.
pub(super) const HIDDEN: &str = "hidden 0";

/// A document, the values that link the rows it is made of, and what is to become of it.
#[derive(Clone, PartialEq)]
pub(super) struct Document {
    shown: Json,
    links: Json,
    fate: Fate,
}

/// What is to become of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Written,
    LeftOut,
    Refused,
}

impl Document {
    /// By the engine, where a transform has not refused it or left it out.
    fn new(shown: Json, links: Json, fate: Fate) -> Self {
        let poisoned = fate == Fate::Written && shown.to_string().contains(POISON);
        Self { shown, links, fate: if poisoned { Fate::Refused } else { fate } }
    }
}

fn text(value: &Value) -> Json {
    match value {
        Value::Int(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::Null => Json::Null,
    }
}

fn id(value: &Value) -> String {
    text(value).to_string()
}

/// Every document that there ought to be, and those that are left out.
pub(super) fn expected(tables: &Tables, transformed: bool) -> Expected {
    let rows = |table: &str| tables[table].values().collect::<Vec<&Row>>();
    let list = |values: Vec<Json>| if values.is_empty() { Json::Null } else { Json::Array(values) };
    // Columns stand in the order of their names: book is (author_id, id, title).
    let tags = |book: &Value| {
        let mut of: Vec<&Row> = rows("book_tag").into_iter().filter(|row| row[0] == *book).collect();
        of.sort_by_key(|row| row[1].clone());
        let names = of.into_iter().filter_map(|row| rows("tag").into_iter().find(|tag| tag[0] == row[1]));
        list(names.map(|tag| text(&tag[1])).collect())
    };
    // What `where` of the schema says: documents and children come and go with a value of their own.
    let is_shown = |value: &Value| *value != Value::Text(HIDDEN.to_owned());
    let mut found = Expected::new();
    for author in rows("author").into_iter().filter(|author| is_shown(&author[1])) {
        let shown = |book: &&Row| book[0] == author[0] && is_shown(&book[2]);
        let mut books: Vec<&Row> = rows("book").into_iter().filter(shown).collect();
        books.sort_by_key(|book| book[1].clone());
        let of = |book: &Value| -> Vec<Json> {
            rows("book_tag").into_iter().filter(|row| row[0] == *book).map(|row| text(&row[1])).collect()
        };
        let links = books.iter().map(|book| json!([text(&book[1]), of(&book[1])])).collect();
        let books = books
            .iter()
            .map(|book| json!({ "id": text(&book[1]), "title": text(&book[2]), "tags": tags(&book[1]) }))
            .collect();
        let shown = json!({ "id": text(&author[0]), "name": text(&author[1]), "books": list(books) });
        found.insert(("author", id(&author[0])), Document::new(shown, links, Fate::Written));
    }
    for book in rows("book") {
        let author = rows("author").into_iter().find(|author| author[0] == book[0] && is_shown(&author[1]));
        let author = author.map_or(Json::Null, |author| json!({ "name": text(&author[1]) }));
        let by = text(&book[0]);
        let mut shown = json!({ "id": text(&book[1]), "title": text(&book[2]), "author_id": by, "author": author });
        let mut fate = Fate::Written;
        if let (true, Value::Text(title)) = (transformed, &book[2]) {
            let number = transform::number(title);
            shown["title"] = format!("{title} transformed").into();
            shown["marked"] = number.into();
            fate = transform::fate(number);
        }
        // The pipeline takes it, if nothing refuses it before.
        if fate == Fate::Written && shown.to_string().contains(DROPPED) {
            fate = Fate::LeftOut;
        }
        found.insert(("book", id(&book[1])), Document::new(shown, text(&book[0]), fate));
    }
    found
}

fn differs(stored: Option<&Stored>, expected: Option<&Document>) -> Option<String> {
    let expected = expected.filter(|document| document.fate != Fate::LeftOut).map(|document| &document.shown);
    let body = stored.and_then(|(_, body)| body.as_ref());
    let shown = |body: &String| {
        let mut body: Json = serde_json::from_str(body).unwrap();
        // The engine keeps it apart.
        body.as_object_mut().unwrap().remove(pgsync_plan::ROUTED_FIELD);
        body
    };
    let body = body.map(shown);
    (body.as_ref() != expected).then(|| {
        let version = stored.map(|(version, _)| *version);
        format!("is {body:?} at version {version:?}, should be {expected:?}")
    })
}

/// What is wrong once everything has come to rest.
pub(super) fn at_rest(database: &Database, engine: &MemoryEngine, transformed: bool) -> Vec<String> {
    let expected = expected(&database.newest(), transformed);
    let quarantined = engine.quarantined();
    let mut wrong = Vec::new();
    for index in ["author", "book"] {
        let Some(found) = engine.found(index) else {
            wrong.push(format!("searches of {index} find nothing"));
            continue;
        };
        let ids: BTreeSet<&String> =
            found.keys().chain(expected.keys().filter(|(of, _)| *of == index).map(|(_, id)| id)).collect();
        for id in ids {
            let should = expected.get(&(index, id.clone()));
            let stands = quarantined.iter().any(|(of, entry, _)| of == index && entry == id);
            match should.filter(|document| document.fate == Fate::Refused) {
                Some(_) if stands => {}
                Some(_) => wrong.push(format!("{index} {id} is refused and not in the quarantine")),
                None if stands => wrong.push(format!("{index} {id} stands in the quarantine for nothing")),
                None => wrong.extend(differs(found.get(id), should).map(|how| format!("{index} {id} {how}"))),
            }
        }
    }
    let (confirmed, end) = (database.confirmed(), database.end());
    if confirmed < end {
        wrong.push(format!("acknowledged is {confirmed}, the log ends at {end}"));
    }
    wrong
}

/// What is wrong with an acknowledgement.
pub(super) fn acknowledged(
    database: &Database,
    engine: &MemoryEngine,
    history: &History,
    position: u64,
) -> Vec<String> {
    let mut wrong = Vec::new();
    if engine.position() < position {
        wrong.push(format!("{position} is acknowledged, recorded is {}", engine.position()));
    }
    let past = history.lock().unwrap();
    if past.silently_changed {
        return wrong;
    }
    let history = &past.states;
    let Some(covered) = history.iter().rposition(|(end, _)| *end <= position) else { return wrong };
    let (_, then) = &history[covered];
    // A document that a later commit changes may be written in between, or be left to that commit where it links the rows
    // in another way: nothing can be said of it here.
    let changed_later =
        |key: &(&'static str, String)| history[covered + 1..].iter().any(|(_, later)| later.get(key) != then.get(key));
    let quarantined = engine.quarantined();
    for index in ["author", "book"] {
        let Some((found, true)) = engine.recorded(index) else { continue };
        let ids = found.keys().chain(then.keys().filter(|(of, _)| *of == index).map(|(_, id)| id));
        for id in ids.cloned().collect::<BTreeSet<String>>() {
            let key = (index, id);
            if changed_later(&key) {
                continue;
            }
            let should = then.get(&key);
            let how = match should.filter(|document| document.fate == Fate::Refused) {
                Some(_) if quarantined.iter().any(|(of, entry, _)| *of == index && *entry == key.1) => None,
                Some(_) => Some("is refused and not in the quarantine".to_owned()),
                None => differs(found.get(&key.1), should),
            };
            wrong.extend(how.map(|how| {
                format!("at acknowledgement {position} (log ends at {}): {index} {} {how}", database.end(), key.1)
            }));
        }
    }
    wrong
}
