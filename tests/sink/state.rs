//! What survives the process: written, read again, and never written by two.

use super::{Bench, on_every_engine};
use pgsync_runtime::state::{IndexState, State, StateStore};
use pgsync_runtime::{ErrorKind, Lsn};
use reqwest::Method;
use serde_json::json;

on_every_engine!(
    a_state_is_read_as_it_was_written,
    a_second_writer_is_noticed,
    a_deleted_state_is_noticed,
    a_lost_state_index_is_noticed,
    a_prepared_state_index_is_used,
    a_state_of_another_format_is_refused
);

fn state(position: u64) -> State {
    let mut state = State::new("7312345678901234567".to_owned(), 1, "shop".to_owned());
    state.position = Lsn(position);
    let index = IndexState {
        physical: "books-01234567-1".to_owned(),
        uuid: "u".to_owned(),
        generation: 1,
        fingerprint: "0123".to_owned(),
        low_mark: Lsn(u64::MAX >> 1),
        loaded: false,
    };
    state.indexes.insert("books".to_owned(), index);
    state
}

async fn a_state_is_read_as_it_was_written(bench: Bench) {
    let (mut store, none) = StateStore::open(&bench.engine, "slot").await.unwrap();
    assert!(none.is_none());
    for position in [1, 2, 3] {
        store.write(&state(position)).await.unwrap();
    }
    let (mut store, found) = StateStore::open(&bench.engine, "slot").await.unwrap();
    assert_eq!(found, Some(state(3)));
    store.write(&state(4)).await.unwrap();
    let (mut other, none) = StateStore::open(&bench.engine, "other_slot").await.unwrap();
    assert!(none.is_none(), "each slot has a state of its own");
    other.write(&state(9)).await.unwrap();
    store.remove().await.unwrap();
    store.remove().await.unwrap();
    assert!(StateStore::open(&bench.engine, "slot").await.unwrap().1.is_none());
    assert_eq!(StateStore::open(&bench.engine, "other_slot").await.unwrap().1, Some(state(9)));
}

async fn a_second_writer_is_noticed(bench: Bench) {
    // Both find nothing: one of them is the first.
    let (mut one, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    let (mut two, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    one.write(&state(1)).await.unwrap();
    let error = two.write(&state(2)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Fatal);
    assert!(error.to_string().contains("`slot`"), "{error}");
    // Both find the same one: the second to write does not follow it any more.
    let (mut three, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    one.write(&state(3)).await.unwrap();
    assert_eq!(three.write(&state(4)).await.unwrap_err().kind(), ErrorKind::Fatal);
    assert_eq!(StateStore::open(&bench.engine, "slot").await.unwrap().1, Some(state(3)));
}

async fn a_deleted_state_is_noticed(bench: Bench) {
    let (mut store, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    store.write(&state(1)).await.unwrap();
    bench.ask(Method::DELETE, &format!("/{}-state/_doc/slot", bench.name), None).await;
    assert_eq!(store.write(&state(2)).await.unwrap_err().kind(), ErrorKind::Fatal);
}

async fn a_lost_state_index_is_noticed(bench: Bench) {
    let (mut store, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    store.write(&state(1)).await.unwrap();
    let path = format!("/{}-state", bench.name);
    let listed = bench.ask(Method::GET, &path, None).await;
    for physical in listed.as_object().unwrap().keys() {
        bench.ask(Method::DELETE, &format!("/{physical}"), None).await;
    }
    assert_eq!(store.write(&state(2)).await.unwrap_err().kind(), ErrorKind::Fatal);
    assert!(!bench.has(&path).await, "a write to a lost state index makes it again");
}

async fn a_prepared_state_index_is_used(bench: Bench) {
    bench.ask(Method::PUT, &format!("/{}-state", bench.name), None).await;
    let (mut store, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    let (mut other, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    store.write(&state(1)).await.unwrap();
    store.write(&state(2)).await.unwrap();
    assert_eq!(other.write(&state(9)).await.unwrap_err().kind(), ErrorKind::Fatal);
    let (mut store, found) = StateStore::open(&bench.engine, "slot").await.unwrap();
    assert_eq!(found, Some(state(2)));
    store.write(&state(3)).await.unwrap();
    assert!(!bench.has(&format!("/{}-state-1", bench.name)).await, "nothing was made beside it");
}

async fn a_state_of_another_format_is_refused(bench: Bench) {
    let (mut store, _) = StateStore::open(&bench.engine, "slot").await.unwrap();
    store.write(&state(1)).await.unwrap();
    bench.ask(Method::PUT, &format!("/{}-state/_doc/slot", bench.name), Some(&json!({ "format": 99 }))).await;
    let error = StateStore::open(&bench.engine, "slot").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.to_string().contains("format 99"), "{error}");
}
