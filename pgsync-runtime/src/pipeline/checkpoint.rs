//! How far everything is written, and from what. In: positions, fingerprints, the begin and the end of loads. Out: the same in
//! the state index, in this order: which generations are filled and what they were made from, then the position.
//!
//! A state index that is busy, blocked or away is waited for here: nothing is acknowledged meanwhile, and nothing else
//! stops. What is in memory is never behind what was acknowledged. Every ten seconds the position is written although
//! it has not moved: a state that was lost or taken is noticed, and others see that this process is at work.

use super::Context;
use super::attempts::Attempts;
use crate::source::{Continuations, Fingerprints};
use crate::state::{IndexState, LoadProgress, Part, State, StoreState};
use crate::{Position, Result, Version};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The state in memory, and the way to the state index.
pub(super) struct Checkpoint<T> {
    memory: Mutex<Memory>,
    continuations: Continuations,
    alone_from: Instant,
    /// Held for a write as a whole, so that writes follow each other.
    writing: tokio::sync::Mutex<Writing<T>>,
}

struct Memory {
    state: State,
    /// Tables of which documents are being read that their fingerprint does not cover, each as often as that is so.
    doubted: BTreeMap<String, usize>,
    /// Per part: how often it has changed.
    changes: [u64; 3],
}

struct Writing<T> {
    store: T,
    attempts: Attempts,
    /// Per part: how many of its changes are written.
    written: [u64; 3],
}

/// How often the position is written at least.
pub(super) const BEAT_EVERY: Duration = Duration::from_secs(10);

impl<T: StoreState> Checkpoint<T> {
    /// Goes on from what was read, or decided. All of it is written the first time.
    pub(super) fn new(context: &Context, (store, state): (T, State), continuations: Continuations) -> Self {
        let attempts = Attempts::new(context, format!("the state of slot `{}` to be written", state.owner.slot));
        Self {
            memory: Mutex::new(Memory { state, doubted: BTreeMap::new(), changes: [1; 3] }),
            continuations,
            alone_from: Instant::now() + context.limits.late_requests,
            writing: tokio::sync::Mutex::new(Writing { store, attempts, written: [0; 3] }),
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything before it is written.
    pub(super) fn position(&self) -> Position {
        self.memory().state.position
    }

    /// What the documents were made from.
    pub(super) fn fingerprints(&self) -> Fingerprints {
        (*self.memory().state.tables).clone()
    }

    /// What is known of an index.
    pub(super) fn index(&self, name: &str) -> Option<IndexState> {
        self.memory().state.indexes.get(name).cloned()
    }

    /// Records that everything before a position is written.
    pub(super) async fn advance(&self, position: Position) -> Result<()> {
        {
            let mut memory = self.memory();
            memory.state.position = memory.state.position.max(position);
            memory.changed(Part::Position);
        }
        self.write().await
    }

    /// What the documents are made from now; recorded before the next position.
    pub(super) fn renew(&self, known: Fingerprints) {
        let mut memory = self.memory();
        memory.state.tables = Arc::new(known);
        memory.changed(Part::Tables);
    }

    /// Documents are about to be read from more of a table than its fingerprint says, such as a new partition. Until they
    /// are, the state says nothing of the table: whoever starts from it reads its documents again, also when the table is
    /// by then what it was before.
    pub(super) async fn doubt(&self, table: &str) -> Result<()> {
        {
            let mut memory = self.memory();
            *memory.doubted.entry(table.to_owned()).or_default() += 1;
            memory.changed(Part::Tables);
        }
        self.write().await
    }

    /// What was doubted is read and written; the fingerprint that covers it follows with [`Self::renew`].
    pub(super) fn trust(&self, table: &str) {
        let mut memory = self.memory();
        if let Some(times) = memory.doubted.get_mut(table) {
            *times -= 1;
            if *times == 0 {
                memory.doubted.remove(table);
            }
        }
        memory.changed(Part::Tables);
    }

    /// The highest number that a generation of an index ever had.
    pub(super) fn number(&self, name: &str) -> u64 {
        self.memory().state.numbers.get(name).copied().unwrap_or(0)
    }

    /// A generation of an index has, or had, this number.
    pub(super) fn numbered(&self, name: &str, number: u64) {
        let mut memory = self.memory();
        let known = memory.state.numbers.entry(name.to_owned()).or_default();
        if number > *known {
            *known = number;
            memory.changed(Part::Indexes);
        }
    }

    /// An index cannot be continued: it has to be loaded. Recorded before the next position.
    pub(super) fn invalidate(&self, name: &str) {
        let mut memory = self.memory();
        if memory.state.indexes.remove(name).is_some() {
            memory.changed(Part::Indexes);
        }
    }

    /// Whether nothing is loaded, nor being loaded.
    pub(super) fn is_empty(&self) -> bool {
        self.memory().state.indexes.is_empty()
    }

    /// Begins at a position, with these fingerprints, where nothing is loaded.
    pub(super) fn restart(&self, position: Position, seen: Fingerprints) {
        self.renew(seen);
        let mut memory = self.memory();
        memory.state.position = position;
        memory.changed(Part::Position);
    }

    /// Records that a generation is being filled from what was `seen`, before its first document. Of tables that another
    /// loaded document was made from, `shared`, the older fingerprint stays, but for columns that it does not know.
    pub(super) async fn begin(
        &self,
        name: &str,
        index: IndexState,
        seen: Fingerprints,
        shared: &[String],
    ) -> Result<()> {
        {
            let mut memory = self.memory();
            memory.state.indexes.insert(name.to_owned(), index);
            let known = Arc::make_mut(&mut memory.state.tables);
            for (table, seen) in seen {
                match known.get_mut(&table) {
                    Some(known) if shared.contains(&table) => known.add_columns(&seen),
                    _ => drop(known.insert(table, seen)),
                }
            }
            memory.changed(Part::Tables);
            memory.changed(Part::Indexes);
        }
        self.write().await
    }

    /// Records how far a load has come: there the next start goes on.
    pub(super) async fn reached(&self, name: &str, reached: LoadProgress) -> Result<()> {
        self.memory().change_index(name, |index| index.reached = Some(reached));
        self.write().await
    }

    /// From here on nothing is on its way that another process has sent: the lock was taken before this was made.
    pub(super) fn alone_from(&self) -> Instant {
        self.alone_from
    }

    /// An index was swept at a version. Recorded with the next position where a request of a process before this one may still
    /// arrive: whoever is there later sweeps again.
    pub(super) fn swept(&self, name: &str, version: Version) {
        if Instant::now() < self.alone_from {
            self.memory().change_index(name, |index| index.swept = Some(version));
        }
    }

    /// It was swept again.
    pub(super) fn swept_again(&self, name: &str, version: Version) {
        self.memory().change_index(name, |index| index.swept = index.swept.filter(|swept| *swept != version));
    }

    /// Records that a generation is filled: from here on it is never loaded again for the sake of its alias.
    pub(super) async fn filled(&self, name: &str) -> Result<()> {
        self.memory().change_index(name, |index| {
            index.loaded = true;
            index.reached = None;
        });
        self.write().await
    }

    /// Writes the position every ten seconds until `ended`. A state index that was lost is written anew from memory: this
    /// process holds the lock on the slot, so nobody else has moved on from what it knows. Until then a crash would
    /// mean a load.
    ///
    /// # Errors
    /// [`crate::Code::StateContested`] when somebody else has written the state.
    pub(super) async fn beat(&self, ended: &CancellationToken) -> Result<()> {
        let beats = async {
            loop {
                tokio::time::sleep(BEAT_EVERY).await;
                self.memory().changed(Part::Position);
                self.write().await?;
            }
        };
        tokio::select! {
            biased;
            () = ended.cancelled() => Ok(()),
            result = beats => result,
        }
    }

    /// Records how far everything is written although that has not changed: what stands beside it may have.
    pub(super) async fn rest(&self) -> Result<()> {
        self.memory().changed(Part::Position);
        self.write().await
    }

    /// Records what has changed since the last time.
    pub(super) async fn save(&self) -> Result<()> {
        self.write().await
    }

    /// Writes what has changed, however long it takes.
    async fn write(&self) -> Result<()> {
        let mut writing = self.writing.lock().await;
        let Writing { store, attempts, written } = &mut *writing;
        let (state, changes) = {
            let memory = self.memory();
            let mut state = memory.state.clone();
            state.continuation = self.continuations.at(state.position);
            if !memory.doubted.is_empty() {
                Arc::make_mut(&mut state.tables).retain(|table, _| !memory.doubted.contains_key(table));
            }
            (state, memory.changes)
        };
        let parts: Vec<Part> =
            Part::ALL.into_iter().filter(|part| changes[*part as usize] > written[*part as usize]).collect();
        while let Err(error) = store.write(&state, &parts).await {
            attempts.pause(error).await?;
        }
        *written = changes;
        attempts.over();
        Ok(())
    }
}

impl Memory {
    fn changed(&mut self, part: Part) {
        self.changes[part as usize] += 1;
    }

    fn change_index(&mut self, name: &str, change: impl FnOnce(&mut IndexState)) {
        if let Some(index) = self.state.indexes.get_mut(name) {
            change(index);
            self.changed(Part::Indexes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Overrides, Settings};
    use crate::sink::Owner;
    use crate::source::TableFingerprint;
    use crate::source::memory;
    use crate::{Code, Error};

    /// Keeps what is written, and refuses as often as it is told to.
    #[derive(Clone, Default)]
    struct Store(Arc<Mutex<Kept>>);

    /// What was written, and what the next writes are refused with.
    type Kept = (Vec<(Vec<Part>, State)>, Vec<Error>);

    impl StoreState for Store {
        async fn write(&mut self, state: &State, parts: &[Part]) -> Result<()> {
            let mut inner = self.0.lock().unwrap();
            match inner.1.pop() {
                Some(error) => Err(error),
                None => {
                    inner.0.push((parts.to_vec(), state.clone()));
                    Ok(())
                }
            }
        }

        async fn moves(&self, _: Duration) -> Result<bool> {
            Ok(false)
        }
    }

    fn checkpoint(store: &Store) -> Checkpoint<Store> {
        let variables = BTreeMap::from([("PG_USER".to_owned(), "u".to_owned())]);
        let (settings, _) = Settings::from_variables(variables, &Overrides::default()).unwrap();
        let context = Context::new(memory::program().clone(), settings, Default::default()).unwrap();
        Checkpoint::new(&context, (store.clone(), State::new(Owner::default(), None, 1)), Continuations::default())
    }

    fn last(store: &Store) -> (Vec<Part>, State) {
        store.0.lock().unwrap().0.last().unwrap().clone()
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_has_changed_is_written_and_the_position_never_goes_back() {
        let store = Store::default();
        let checkpoint = checkpoint(&store);
        checkpoint.save().await.unwrap();
        assert_eq!(last(&store).0, Part::ALL, "all of it the first time");
        checkpoint.advance(Position::at(20)).await.unwrap();
        assert_eq!(last(&store).0, [Part::Position]);
        checkpoint.advance(Position::at(10)).await.unwrap();
        assert_eq!(last(&store).1.position, Position::at(20));
        checkpoint.numbered("book", 3);
        checkpoint.save().await.unwrap();
        assert_eq!(last(&store).0, [Part::Indexes]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_store_is_waited_for_and_a_contested_one_is_not() {
        let store = Store::default();
        let checkpoint = checkpoint(&store);
        let busy = || Error::coded(Code::EngineUnavailable, "busy");
        store.0.lock().unwrap().1 = vec![busy(), busy()];
        checkpoint.advance(Position::at(20)).await.unwrap();
        assert_eq!(last(&store).1.position, Position::at(20));
        store.0.lock().unwrap().1 = vec![Error::coded(Code::StateContested, "somebody else")];
        let error = checkpoint.advance(Position::at(30)).await.unwrap_err();
        assert_eq!(error.code(), Some(Code::StateContested));
    }

    #[tokio::test(start_paused = true)]
    async fn a_table_in_doubt_is_not_recorded_until_it_is_trusted_as_often() {
        let store = Store::default();
        let checkpoint = checkpoint(&store);
        checkpoint.renew(Fingerprints::from([("public.book".to_owned(), TableFingerprint::of_relations(1, &[1]))]));
        checkpoint.doubt("public.book").await.unwrap();
        checkpoint.doubt("public.book").await.unwrap();
        checkpoint.trust("public.book");
        checkpoint.save().await.unwrap();
        assert!(last(&store).1.tables.is_empty());
        checkpoint.trust("public.book");
        checkpoint.save().await.unwrap();
        assert!(last(&store).1.tables.contains_key("public.book"));
        assert!(checkpoint.fingerprints().contains_key("public.book"), "it is known all the time");
    }
}
