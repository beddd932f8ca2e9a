//! What survives the process: written, read again, and never written by two.

use super::{Bench, on_every_engine, owner};
use pgsync_runtime::internals::sink::Owner;
use pgsync_runtime::internals::state::{IndexState, Part, State, StateStore};
use pgsync_runtime::internals::{Code, Position, Version};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

on_every_engine!(
    a_state_is_read_as_it_was_written,
    a_second_writer_is_noticed,
    a_deleted_state_is_noticed,
    a_lost_state_index_is_made_anew,
    a_lost_name_is_put_back,
    an_answer_that_was_lost_is_no_second_writer,
    parts_are_written_alone,
    a_state_that_another_writes_moves,
    a_prepared_state_index_is_used,
    a_state_of_the_first_format_is_converted,
    a_state_of_another_format_is_refused
);

fn state(position: u64) -> State {
    state_of("slot", position)
}

fn state_of(slot: &str, position: u64) -> State {
    let mut state = State::new(Owner { slot: slot.to_owned(), ..owner() }, Some(16384), 1);
    state.position = Position::at(position);
    let index = IndexState {
        physical: "books-01234567-1".to_owned(),
        uuid: "u".to_owned(),
        generation: 1,
        fingerprint: "0123".to_owned(),
        low_mark: Position::at(u64::MAX >> 1),
        version: None,
        reached: None,
        settings: serde_json::Value::Null,
        loaded: false,
        swept: Some(Version(7)),
    };
    state.indexes.insert("books".to_owned(), index);
    state
}

async fn a_state_is_read_as_it_was_written(bench: Bench) {
    let (mut store, none) = StateStore::open(&bench.engine, "slot").await.unwrap();
    assert!(none.is_none());
    for position in [1, 2, 3] {
        store.write(&state(position), &Part::ALL).await.unwrap();
    }
    let (mut store, found) = StateStore::open(&bench.engine, "slot").await.unwrap();
    assert_eq!(found, Some(state(3)));
    store.write(&state(4), &Part::ALL).await.unwrap();
    let (mut other, none) = StateStore::open(&bench.engine, "other_slot").await.unwrap();
    assert!(none.is_none(), "each slot has a state of its own");
    other.write(&state_of("other_slot", 9), &Part::ALL).await.unwrap();
    store.remove().await.unwrap();
    store.remove().await.unwrap();
    assert!(StateStore::open(&bench.engine, "slot").await.unwrap().1.is_none());
    assert_eq!(StateStore::open(&bench.engine, "other_slot").await.unwrap().1, Some(state_of("other_slot", 9)));
}

async fn a_second_writer_is_noticed(bench: Bench) {
    // Both find nothing: one of them is the first.
    let (mut one, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    let (mut two, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    one.write(&state(1), &Part::ALL).await.unwrap();
    let error = two.write(&state(2), &Part::ALL).await.unwrap_err();
    assert_eq!(error.code(), Some(Code::StateContested));
    assert!(error.to_string().contains("`slot`"), "{error}");
    // Both find the same one: the second to write does not follow it any more.
    let (mut three, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    one.write(&state(3), &Part::ALL).await.unwrap();
    assert_eq!(three.write(&state(4), &Part::ALL).await.unwrap_err().code(), Some(Code::StateContested));
    assert_eq!(StateStore::open(&bench.engine, "slot").await.unwrap().1, Some(state(3)));
}

async fn a_deleted_state_is_noticed(bench: Bench) {
    let (mut store, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    store.write(&state(1), &Part::ALL).await.unwrap();
    bench.ask(Method::DELETE, &format!("/{}-state/_doc/slot", bench.name), None).await;
    assert_eq!(store.write(&state(2), &Part::ALL).await.unwrap_err().code(), Some(Code::StateContested));
}

async fn a_lost_state_index_is_made_anew(bench: Bench) {
    let (mut store, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    store.write(&state(1), &Part::ALL).await.unwrap();
    bench.ask(Method::DELETE, &format!("/{}-state-1", bench.name), None).await;
    store.write(&state(2), &[Part::Position]).await.unwrap();
    assert_eq!(StateStore::open(&bench.engine, "slot").await.unwrap().1, Some(state(2)), "all of it is there again");
    // Somebody else has begun in a new one: that is not ours to write over.
    bench.ask(Method::DELETE, &format!("/{}-state-1", bench.name), None).await;
    let (mut other, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    other.write(&state(6), &Part::ALL).await.unwrap();
    other.write(&state(7), &Part::ALL).await.unwrap();
    let error = store.write(&state(3), &[Part::Position]).await.unwrap_err();
    assert_eq!(error.code(), Some(Code::StateContested));
    assert_eq!(StateStore::open(&bench.engine, "slot").await.unwrap().1, Some(state(7)));
}

async fn a_lost_name_is_put_back(bench: Bench) {
    let (mut store, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    store.write(&state(1), &Part::ALL).await.unwrap();
    let path = format!("/{0}-state-1/_alias/{0}-state", bench.name);
    bench.ask(Method::DELETE, &path, None).await;
    assert_eq!(StateStore::open(&bench.engine, "slot").await.unwrap().1, Some(state(1)));
    bench.ask(Method::DELETE, &path, None).await;
    store.write(&state(2), &[Part::Position]).await.unwrap();
    assert_eq!(StateStore::open(&bench.engine, "slot").await.unwrap().1, Some(state(2)));
}

/// The engine has carried a write out and its answer never came: what stands there is our own.
async fn an_answer_that_was_lost_is_no_second_writer(bench: Bench) {
    let writer = || "one and the same".to_owned();
    let (mut first, _) = StateStore::open_as(&bench.engine, "slot", writer()).await.unwrap();
    let (mut again, _) = StateStore::open_as(&bench.engine, "slot", writer()).await.unwrap();
    first.write(&state(1), &Part::ALL).await.unwrap();
    again.write(&state(2), &Part::ALL).await.unwrap();
    assert_eq!(StateStore::open(&bench.engine, "slot").await.unwrap().1, Some(state(2)));
}

async fn parts_are_written_alone(bench: Bench) {
    let (mut store, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    store.write(&state(1), &Part::ALL).await.unwrap();
    let mut loaded = state(5);
    loaded.indexes.get_mut("books").unwrap().loaded = true;
    store.write(&loaded, &[Part::Position]).await.unwrap();
    assert_eq!(StateStore::open(&bench.engine, "slot").await.unwrap().1, Some(state(5)));
    bench.ask(Method::DELETE, &format!("/{}-state/_doc/slot", bench.name), None).await;
    assert!(StateStore::open(&bench.engine, "slot").await.unwrap().1.is_none(), "without a position nothing is known");
}

async fn a_prepared_state_index_is_used(bench: Bench) {
    bench.ask(Method::PUT, &format!("/{}-state", bench.name), None).await;
    let (mut store, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    let (mut other, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    store.write(&state(1), &Part::ALL).await.unwrap();
    store.write(&state(2), &Part::ALL).await.unwrap();
    assert_eq!(
        other.write(&state_of("other_slot", 9), &Part::ALL).await.unwrap_err().code(),
        Some(Code::StateContested)
    );
    let (mut store, found) = StateStore::open(&bench.engine, "slot").await.unwrap();
    assert_eq!(found, Some(state(2)));
    store.write(&state(3), &Part::ALL).await.unwrap();
    assert!(!bench.has(&format!("/{}-state-1", bench.name)).await, "nothing was made beside it");
}

async fn a_state_of_another_format_is_refused(bench: Bench) {
    let (mut store, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    store.write(&state(1), &Part::ALL).await.unwrap();
    bench.ask(Method::PUT, &format!("/{}-state/_doc/slot", bench.name), Some(&json!({ "format": 99 }))).await;
    let error = StateStore::open(&bench.engine, "slot").await.unwrap_err();
    assert_eq!(error.code(), Some(Code::StateUnreadable));
    assert!(error.to_string().contains("format 99"), "{error}");
}

async fn a_state_that_another_writes_moves(bench: Bench) {
    let (mut writes, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    writes.write(&state(1), &Part::ALL).await.unwrap();
    let (looks, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    assert!(!looks.moves(Duration::from_millis(100)).await.unwrap());
    writes.write(&state(1), &[Part::Position]).await.unwrap();
    assert!(looks.moves(Duration::from_millis(100)).await.unwrap());
    assert!(!writes.moves(Duration::from_millis(100)).await.unwrap(), "its own writes do not count");
}

/// One document with everything in it, as the first version wrote it.
async fn a_state_of_the_first_format_is_converted(bench: Bench) {
    let state = state(7);
    let first = json!({
        "format": 1, "system_identifier": state.owner.system_identifier, "timeline": 1, "database": state.owner.database,
        "position": state.position, "indexes": state.indexes, "tables": {},
    });
    bench.ask(Method::PUT, &format!("/{}-state", bench.name), None).await;
    bench.ask(Method::PUT, &format!("/{}-state/_doc/slot", bench.name), Some(&first)).await;
    let (mut store, found) = StateStore::open(&bench.engine, "slot").await.unwrap();
    let found = found.unwrap();
    assert_eq!((&found.indexes, found.position), (&state.indexes, state.position));
    assert!(found.owner.same_database(&state.owner));
    store.write(&found, &Part::ALL).await.unwrap();
    assert_eq!(StateStore::open(&bench.engine, "slot").await.unwrap().1, Some(found));
    let now = bench.ask(Method::GET, &format!("/{}-state/_doc/slot", bench.name), None).await;
    assert_eq!((&now["_source"]["format"], &now["_source"]["indexes"]), (&json!(2), &json!(null)));
}
