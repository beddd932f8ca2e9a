//! Rows that go without a word in the log, at the moments at which a search in the index would miss the documents that show them.
//! In: a seed. Out: whether one is missed.

use super::{LATE, life, model, paused};
use crate::sink::memory::{MemoryEngine, POISON};
use crate::source::memory::{Change, Database, Faults, Value};
use std::time::Duration;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn added(table: &'static str, row: Vec<Value>) -> Change {
    Change::Row { table, before: None, after: Some(row) }
}

fn book(id: i32, author: i32, title: &str) -> Vec<Value> {
    vec![Value::Int(author), Value::Int(id), text(title)]
}

/// An author goes, and its books with it.
fn author_gone(database: &Database, id: i32) -> Vec<Change> {
    let before = Some(vec![Value::Int(id), text("text 1")]);
    let books = database.newest()["book"].values().filter(|row| row[0] == Value::Int(id)).cloned().collect::<Vec<_>>();
    let words = super::words("book", id);
    let cascaded = books.into_iter().map(|row| Change::Cascaded { table: "book", row, words: words.clone() });
    std::iter::once(Change::Row { table: "author", before, after: None }).chain(cascaded).collect()
}

/// A database and an engine where everything takes a while and nothing breaks, with so many authors of three books.
fn library(random: &mut fastrand::Rng, authors: i32) -> (Database, MemoryEngine) {
    let faults = Faults::new(random.u64(..));
    faults.calm();
    let (database, engine) = (Database::new(faults.clone()), MemoryEngine::new(faults));
    let mut rows: Vec<Change> = (0..authors).map(|id| added("author", vec![Value::Int(id), text("text 1")])).collect();
    rows.extend((0..3 * authors).map(|id| added("book", book(id, id % authors, "text 1"))));
    database.commit(rows, Duration::ZERO);
    (database, engine)
}

/// Authors go while their books are loaded: a range that was read before may be written after the search.
async fn while_loading(seed: u64) -> Vec<String> {
    let mut random = fastrand::Rng::with_seed(seed);
    let (database, engine) = library(&mut random, 5);
    let life = life(&database, &engine, &mut random, None);
    let stop = life.context.stop.clone();
    let run = tokio::spawn(async move { life.run().await });
    for author in 0..4 {
        tokio::time::sleep(Duration::from_millis(random.u64(0..60))).await;
        database.commit(author_gone(&database, author), Duration::ZERO);
    }
    tokio::time::sleep(Duration::from_secs(20)).await;
    stop.cancel();
    let mut wrong: Vec<String> = run.await.unwrap().err().map(|error| error.to_string()).into_iter().collect();
    wrong.extend(model::at_rest(&database, &engine, false));
    wrong
}

/// A process is killed while it writes what several transactions have changed. Then rows go, and what it has sent arrives after
/// the next process has searched for them. None where the kill left nothing on the way.
async fn after_a_kill(seed: u64) -> Option<Vec<String>> {
    let mut random = fastrand::Rng::with_seed(seed);
    let (database, engine) = library(&mut random, 3);
    let mut first = life(&database, &engine, &mut random, None);
    first.context.limits.batch_bytes = 1 << 20;
    let run = tokio::spawn(async move { first.run().await });
    tokio::time::sleep(Duration::from_secs(10)).await;
    // The one writes both at the version of the later; the other, each at its own.
    for id in [0, 1] {
        let before = database.newest()["book"].get(&vec![Value::Int(id)]).cloned();
        let after = Some(book(id, id % 3, "text 2"));
        database.commit(vec![Change::Row { table: "book", before, after }], Duration::ZERO);
    }
    let mut waited = 0;
    while !engine.is_on_the_way("book") && waited < 200 {
        waited += 1;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    run.abort();
    let _ = run.await;
    if !engine.is_on_the_way("book") {
        return None;
    }
    database.commit(author_gone(&database, 0), Duration::ZERO);
    let mut second = life(&database, &engine, &mut random, None);
    second.context.limits.batch_bytes = 1;
    let stop = second.context.stop.clone();
    let run = tokio::spawn(async move { second.run().await });
    tokio::time::sleep(Duration::from_secs(5)).await;
    engine.carry_out();
    tokio::time::sleep(LATE * 3).await;
    stop.cancel();
    let mut wrong: Vec<String> = run.await.unwrap().err().map(|error| error.to_string()).into_iter().collect();
    wrong.extend(model::at_rest(&database, &engine, false));
    Some(wrong)
}

#[test]
fn rows_that_go_unheard_during_a_load_are_in_no_document() {
    let failed = (0..400).map(|seed| (seed, paused(seed).block_on(while_loading(seed))));
    let failed: Vec<_> = failed.filter(|(_, wrong)| !wrong.is_empty()).collect();
    assert!(failed.is_empty(), "{} of 400: {:#?}", failed.len(), failed.first());
}

#[test]
fn rows_that_go_unheard_after_a_kill_are_in_no_document() {
    let (mut met, mut failed) = (0, Vec::new());
    for seed in 0..400 {
        if let Some(wrong) = paused(seed).block_on(after_a_kill(seed)) {
            met += 1;
            failed.extend((!wrong.is_empty()).then(|| format!("seed {seed}: {}", wrong.join(", "))));
        }
    }
    assert!(met >= 10, "only {met} kills left something on the way");
    assert!(failed.is_empty(), "{} of {met}: {:?}", failed.len(), failed.first());
}

/// A document is refused for a row that goes then: the index has never had the document with it.
#[test]
fn a_refused_document_that_a_key_has_changed_is_tried_again() {
    let wrong = paused(1).block_on(async {
        let mut random = fastrand::Rng::with_seed(1);
        let (database, engine) = library(&mut random, 1);
        let life = life(&database, &engine, &mut random, None);
        let stop = life.context.stop.clone();
        let run = tokio::spawn(async move { life.run().await });
        tokio::time::sleep(Duration::from_secs(10)).await;
        let tag = vec![Value::Int(9), text(&format!("{POISON} 1"))];
        let (leads, words) = (vec![Value::Int(0), Value::Int(9)], super::words("book_tag", 9));
        let rows = vec![added("tag", tag.clone()), added("book_tag", leads.clone())];
        database.commit(rows, Duration::ZERO);
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert!(!engine.quarantined().is_empty());
        let gone = Change::Row { table: "tag", before: Some(tag), after: None };
        database.commit(vec![gone, Change::Cascaded { table: "book_tag", row: leads, words }], Duration::ZERO);
        tokio::time::sleep(Duration::from_secs(10)).await;
        stop.cancel();
        run.await.unwrap().unwrap();
        model::at_rest(&database, &engine, false)
    });
    assert!(wrong.is_empty(), "{wrong:?}");
}
