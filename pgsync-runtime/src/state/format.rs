//! How a state is spelled. In: a [`State`], or documents of the state index. Out: the other. Format 1 was one document
//! with everything in it; it is read, and what is written next is format 2.

use super::{IndexState, State};
use crate::Position;
use crate::sink::Owner;
use crate::source::Fingerprints;
use crate::{Code, Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is written.
const FORMAT: u64 = 2;

/// The document with the position.
#[derive(Deserialize)]
struct Head {
    system_identifier: String,
    timeline: u32,
    database: String,
    #[serde(default)]
    database_oid: Option<u32>,
    #[serde(default)]
    host: String,
    position: Position,
    #[serde(default)]
    continuation: Option<String>,
    /// Format 1 only.
    #[serde(default)]
    indexes: Value,
    #[serde(default)]
    tables: Value,
}

/// Spells the document with the position.
pub(super) fn position(state: &State, writer: &str) -> Value {
    let mut document = json!({
        "format": FORMAT, "writer": writer, "system_identifier": state.owner.system_identifier,
        "timeline": state.timeline, "database": state.owner.database, "database_oid": state.database_oid,
        "host": state.owner.host, "position": state.position,
    });
    if let Some(continuation) = &state.continuation {
        document["continuation"] = continuation.as_str().into();
    }
    document
}

/// Spells the document with the generations, and with what the set-up has replaced in the database.
pub(super) fn indexes(state: &State, writer: &str) -> Value {
    json!({ "writer": writer, "indexes": state.indexes, "numbers": state.numbers, "replaced": state.replaced })
}

/// Spells the document with what the documents were made from.
pub(super) fn tables(state: &State, writer: &str) -> Value {
    json!({ "writer": writer, "tables": *state.tables })
}

/// Reads the three documents.
///
/// # Errors
/// [`Code::StateUnreadable`] for a position of another format.
pub(super) fn read(slot: &str, position: &Value, indexes: Option<&Value>, tables: Option<&Value>) -> Result<State> {
    let unreadable = |text: String| {
        Error::coded(Code::StateUnreadable, text)
            .help("run the version that wrote it, or delete the state and let everything be loaded again")
    };
    let format = position["format"].as_u64().unwrap_or(0);
    if !(1..=FORMAT).contains(&format) {
        return Err(unreadable(format!(
            "the state of slot `{slot}` has format {format}, this version reads 1 to {FORMAT}"
        )));
    }
    let found: Head = serde_json::from_value(position.clone())
        .map_err(|error| unreadable(format!("the state of slot `{slot}` cannot be read")).source(error))?;
    let replaced = indexes.map_or(Value::Null, |indexes| indexes["replaced"].clone());
    // States from before they were kept say nothing of generations that are gone.
    let numbers = indexes.map_or(Value::Null, |indexes| indexes["numbers"].clone());
    let numbers = serde_json::from_value(numbers).unwrap_or_default();
    let (indexes, tables) = if format == 1 {
        (found.indexes, found.tables)
    } else {
        let part = |value: Option<&Value>, name: &str| value.map_or(Value::Null, |value| value[name].clone());
        (part(indexes, "indexes"), part(tables, "tables"))
    };
    let owner = Owner {
        system_identifier: found.system_identifier,
        database: found.database,
        slot: slot.to_owned(),
        host: found.host,
        lineage: Vec::new(),
    };
    let mut state = State::new(owner, found.database_oid, found.timeline);
    state.position = found.position;
    state.continuation = found.continuation;
    let indexes = serde_json::from_value::<BTreeMap<String, IndexState>>(indexes);
    let tables = serde_json::from_value::<Fingerprints>(tables);
    state.replaced = replaced;
    state.numbers = numbers;
    // Without one of them nothing is known of what is filled: everything is loaded again, which is always right.
    match (indexes, tables) {
        (Ok(indexes), Ok(tables)) => {
            state.indexes = indexes;
            state.tables = Arc::new(tables);
        }
        _ => tracing::warn!(%slot, "a part of the state is missing or cannot be read: nothing of it is relied on"),
    }
    Ok(state)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = r#"{"format":1,"system_identifier":"73","timeline":4,"database":"shop","position":"0/AB",
        "indexes":{"books":{"physical":"books-0123-7","uuid":"u","generation":7,"fingerprint":"0123","low_mark":"0/A","loaded":true}},
        "tables":{}}"#;

    #[test]
    fn the_first_format_is_read_whole() {
        let state = read("s", &serde_json::from_str(FIRST).unwrap(), None, None).unwrap();
        assert_eq!((state.owner.system_identifier.as_str(), state.owner.database.as_str()), ("73", "shop"));
        assert_eq!((state.timeline, state.position, state.database_oid), (4, Position::at(0xab), None));
        assert!(state.indexes["books"].loaded);
        let again = read("s", &position(&state, "w"), Some(&indexes(&state, "w")), Some(&tables(&state, "w"))).unwrap();
        assert_eq!(again, state);
    }

    #[test]
    fn with_a_part_missing_nothing_counts_as_loaded() {
        let state = read("s", &serde_json::from_str(FIRST).unwrap(), None, None).unwrap();
        let (position, indexes) = (position(&state, "w"), indexes(&state, "w"));
        assert!(read("s", &position, Some(&indexes), None).unwrap().indexes.is_empty());
        assert!(read("s", &position, None, Some(&tables(&state, "w"))).unwrap().indexes.is_empty());
        let strange = json!({ "tables": { "public.book": 5 } });
        assert!(read("s", &position, Some(&indexes), Some(&strange)).unwrap().indexes.is_empty());
    }

    #[test]
    fn a_later_format_is_refused() {
        let error = read("s", &json!({ "format": 99 }), None, None).unwrap_err();
        assert_eq!(error.code(), Some(Code::StateUnreadable));
        assert!(error.to_string().contains("format 99"), "{error}");
    }
}
