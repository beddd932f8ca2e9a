//! Reads and writes the state of one slot. In: a [`State`] and which parts of it have changed. Out: documents, each
//! written on top of the one that was read or written before it.
//!
//! A write whose answer was lost is known again by the name of its writer: a pipeline keeps one name over all its
//! attempts. A state index that was lost is made anew
//! with all parts: the process holds the lock on its slot, so nobody else can have written a newer one. A document that
//! alone is gone, or that somebody else has written, is an error: another process is at work, or a person.

use super::place::{Put, SequenceNumber, StatePlace};
use super::{Part, State, StoreState, format};
use crate::sink::Engine;
use crate::{Code, Error, ErrorKind, Result};
use serde_json::Value;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant, SystemTime};

/// Reads and writes the state of one slot.
#[derive(Debug)]
pub struct StateStore {
    place: StatePlace,
    /// What it is called.
    place_name: String,
    slot: String,
    /// Who writes.
    writer: String,
    /// The last write of each part; `None` before the first.
    last: [Option<SequenceNumber>; 3],
}

/// Attempts of one write that end in finding the state index, or our own earlier write.
const TURNS: usize = 8;

/// A name for a writer that no other has.
pub(crate) fn writer() -> String {
    format!("{:016x}", RandomState::new().hash_one((std::process::id(), SystemTime::now())))
}

impl StateStore {
    /// Opens the store and reads what it holds; `None` where nothing was written yet.
    ///
    /// # Errors
    /// Those of the engine; [`Code::StateUnreadable`] for a state of a newer format.
    pub async fn open(engine: &Engine, slot: &str) -> Result<(Self, Option<State>)> {
        Self::open_as(engine, slot, writer()).await
    }

    /// As [`Self::open`], under the name of a writer whose earlier writes are taken for this store's own.
    ///
    /// # Errors
    /// Those of [`Self::open`].
    pub async fn open_as(engine: &Engine, slot: &str, writer: String) -> Result<(Self, Option<State>)> {
        let mut store = Self {
            place: StatePlace::of(engine)?,
            place_name: engine.state_place(),
            slot: slot.to_owned(),
            writer,
            last: [None; 3],
        };
        if !store.place.open().await? {
            return Ok((store, None));
        }
        let mut found = [None, None, None];
        for part in Part::ALL {
            if let Some((source, last)) = store.place.get(&store.id(part)).await? {
                store.last[part as usize] = Some(last);
                found[part as usize] = Some(source);
            }
        }
        let [indexes, tables, position] = found;
        let Some(position) = position else { return Ok((store, None)) };
        let state = format::read(slot, &position, indexes.as_ref(), tables.as_ref())?;
        Ok((store, Some(state)))
    }

    /// Writes these parts durably, the position last.
    ///
    /// # Errors
    /// [`Code::StateContested`] when another process has written one of them since; those of the engine.
    pub async fn write(&mut self, state: &State, parts: &[Part]) -> Result<()> {
        let mut due: Vec<Part> = Part::ALL.into_iter().filter(|part| parts.contains(part)).collect();
        due.reverse();
        for _ in 0..TURNS {
            let Some(&part) = due.last() else { return Ok(()) };
            let body = self.body(part, state);
            match self.place.put(&self.id(part), &body, self.last[part as usize]).await? {
                Put::Done(last) => {
                    self.last[part as usize] = Some(last);
                    due.pop();
                }
                Put::Conflict => self.own(part).await?,
                Put::NoIndex => {
                    if self.place.mend(self.last.iter().any(Option::is_some)).await? {
                        self.last = [None; 3];
                        due = Part::ALL.into_iter().rev().collect();
                    }
                }
            }
        }
        if due.is_empty() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Unavailable, format!("the state in {} comes and goes", self.place_name)))
    }

    /// Whether another process writes the state now: looks for as long as `patience`.
    ///
    /// # Errors
    /// Those of the engine.
    pub async fn moves(&self, patience: Duration) -> Result<bool> {
        let end = Instant::now() + patience;
        loop {
            let found = self.place.get(&self.id(Part::Position)).await?;
            match found {
                Some((source, _)) if source["writer"] == *self.writer => return Ok(false),
                Some((_, last)) if self.last[Part::Position as usize] == Some(last) => {}
                _ => return Ok(true),
            }
            if Instant::now() >= end {
                return Ok(false);
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// Removes the state, at teardown.
    ///
    /// # Errors
    /// Those of the engine.
    pub async fn remove(&mut self) -> Result<()> {
        self.last = [None; 3];
        for part in Part::ALL.into_iter().rev() {
            self.place.delete(&self.id(part)).await?;
        }
        Ok(())
    }

    /// Takes what is there for our own write whose answer was lost, if it is.
    async fn own(&mut self, part: Part) -> Result<()> {
        match self.place.get(&self.id(part)).await? {
            Some((source, last)) if source["writer"] == *self.writer => {
                self.last[part as usize] = Some(last);
                Ok(())
            }
            _ => Err(Error::coded(
                Code::StateContested,
                format!("another process has written the state of slot `{}`, or the state was deleted", self.slot),
            )
            .help("run one process per slot; then start this one again")),
        }
    }

    fn id(&self, part: Part) -> String {
        match part {
            // Names of slots have no dots.
            Part::Indexes => format!("{}.indexes", self.slot),
            Part::Tables => format!("{}.tables", self.slot),
            Part::Position => self.slot.clone(),
        }
    }

    fn body(&self, part: Part, state: &State) -> Value {
        match part {
            Part::Indexes => format::indexes(state, &self.writer),
            Part::Tables => format::tables(state, &self.writer),
            Part::Position => format::position(state, &self.writer),
        }
    }
}

impl StoreState for StateStore {
    async fn write(&mut self, state: &State, parts: &[Part]) -> Result<()> {
        Self::write(self, state, parts).await
    }

    async fn moves(&self, patience: Duration) -> Result<bool> {
        Self::moves(self, patience).await
    }
}
