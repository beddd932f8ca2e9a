//! `quarantine`: the documents that the engine has refused. In: settings and a program. Out: a list, one entry, what
//! became of entries that were tried again, or were dropped.
//!
//! Trying again never sends a stored body: the row is read by its key. This may run beside the process that follows the
//! stream, because the position in the state is one that process has established: every transaction before it is visible
//! to any snapshot from then on. So what is read after the state holds everything before that position, and is written
//! at it: whatever the process writes of a later change has a higher version and wins, before or after. A document that
//! was accepted at a later version already is newer, and stays. One thing has no version in the index that could win: a
//! document that is deleted by a TRUNCATE while it is not there. So what was written is looked at once more, and what has
//! lost its row meanwhile is deleted; a TRUNCATE after that look finds the document.

use super::Log;
use super::operate::{reach, reread};
use super::ready::{Access, Ready};
use crate::error::printable;
use crate::fetch::{DocumentReader, Documents, RowCache};
use crate::sink::{Engine, Entry, MaxVersion, Patience, Place, QuarantineStore, Target, Writer};
use crate::source::ReadSession;
use crate::state::{State, StateStore};
use crate::transform::{Passage, Transforms};
use crate::{Code, Error, Position, Result, Version};
use clap::{Args, Subcommand};
use pgsync_plan::Program;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What to do with refused documents.
#[derive(Debug, Clone, Subcommand)]
pub enum Quarantine {
    /// List the documents that are refused
    List,
    /// Show one entry
    Show {
        /// The entry, as `list` names it, or the document's `_id`
        entry: String,
    },
    /// Read the rows of entries again and write their documents
    Retry {
        /// Which entries
        #[command(flatten)]
        which: Which,
    },
    /// Forget entries; their documents stay out of the index until their rows change
    Drop {
        /// Which entries
        #[command(flatten)]
        which: Which,
    },
}

/// Which entries.
#[derive(Debug, Clone, Args)]
#[group(required = true)]
pub struct Which {
    /// Entries, as `list` names them, or `_id`s of documents
    #[arg(value_name = "ENTRY")]
    entries: Vec<String>,
    /// All entries
    #[arg(long, conflicts_with = "entries")]
    all: bool,
}

/// The database that the index was filled from.
pub(super) struct Rereading<R> {
    /// Reads rows.
    pub(super) session: R,
    /// The highest version that can be.
    pub(super) ceiling: MaxVersion,
    /// The version of a state that holds everything before a position.
    pub(super) version_at: fn(Position) -> Version,
}

/// Carries one out, on the entries of all databases.
pub(super) async fn quarantine(log: Log, command: &Quarantine, all: Vec<Ready>) -> Result<()> {
    let (mut stores, mut entries) = (Vec::new(), Vec::new());
    for ready in all {
        let engine = reach(&ready.settings, || Engine::connect(&ready.settings.engine)).await?;
        let store = QuarantineStore::new(&engine, ready.program.capture.name(), Patience::default());
        entries.extend(store.list().await?);
        stores.push((ready, engine, store));
    }
    match command {
        Quarantine::List => {
            list(log, &entries);
            Ok(())
        }
        Quarantine::Show { entry } => {
            let named = std::slice::from_ref(entry);
            select(entries, named)?.iter().for_each(|entry| show(log, entry));
            Ok(())
        }
        Quarantine::Drop { which } => {
            let mut chosen = which.of(entries)?;
            for (ready, _, store) in &stores {
                let own = own(&mut chosen, ready);
                store.remove(&own.iter().map(|entry| (entry.name(), entry.version)).collect::<Vec<_>>()).await?;
                own.iter().for_each(|entry| say(log, entry, "dropped", None));
            }
            Ok(())
        }
        Quarantine::Retry { which } => {
            let mut chosen = which.of(entries)?;
            let (count, mut left) = (chosen.len(), 0);
            for (ready, engine, store) in stores {
                let own = own(&mut chosen, &ready);
                if !own.is_empty() {
                    let label = ready.label().map(str::to_owned);
                    left += retry(log, (ready, engine, store), &own).await.map_err(|error| match &label {
                        Some(database) => error.of_database(database),
                        None => error,
                    })?;
                }
            }
            if left == 0 {
                return Ok(());
            }
            Err(Error::coded(Code::StillRefused, format!("{left} of {count} entries stay in the quarantine"))
                .help("correct the rows or the mapping, or forget the entries with `quarantine drop`"))
        }
    }
}

/// Tries entries of one database again, and says how many stay.
async fn retry(log: Log, (ready, engine, store): (Ready, Engine, QuarantineStore), own: &[Entry]) -> Result<usize> {
    let settings = ready.settings.clone();
    match ready.access()? {
        Access::SetUp => {
            let open = async |state: &State| reread(&settings, state).await;
            Retry::prepare(ready, engine, store, open).await?.run(log, own).await
        }
        Access::Triggers(source) => {
            let open = async |state: &State| super::by_triggers::reread(&settings, &source, state).await;
            Retry::prepare(ready, engine, store, open).await?.run(log, own).await
        }
        #[cfg(feature = "mysql")]
        Access::Log(source) => {
            let open = async |state: &State| super::no_setup::reread(&settings, &source, state).await;
            Retry::prepare(ready, engine, store, open).await?.run(log, own).await
        }
    }
}

/// Takes those out that are of this program.
fn own(entries: &mut Vec<Entry>, ready: &Ready) -> Vec<Entry> {
    let (own, others) =
        std::mem::take(entries).into_iter().partition(|entry| entry.slot == ready.program.capture.name());
    *entries = others;
    own
}

impl Which {
    fn of(&self, entries: Vec<Entry>) -> Result<Vec<Entry>> {
        if self.all { Ok(entries) } else { select(entries, &self.entries) }
    }
}

/// The entries of these names or `_id`s; one that is unknown is an error.
fn select(entries: Vec<Entry>, named: &[String]) -> Result<Vec<Entry>> {
    let is = |entry: &Entry, name: &String| entry.id == *name || entry.name() == *name;
    if let Some(unknown) = named.iter().find(|name| !entries.iter().any(|entry| is(entry, name))) {
        return Err(Error::coded(Code::EntryUnknown, format!("the quarantine has no entry `{}`", printable(unknown)))
            .help("see `quarantine list`"));
    }
    Ok(entries.into_iter().filter(|entry| named.iter().any(|name| is(entry, name))).collect())
}

fn list(log: Log, entries: &[Entry]) {
    if log.json {
        return entries.iter().for_each(|entry| show(log, entry));
    }
    if entries.is_empty() {
        line("no document is refused");
    }
    for entry in entries {
        let reason: String = printable(&entry.reason).chars().take(100).collect();
        let id: String = printable(&entry.id).chars().take(60).collect();
        line(&format!("{}  {}  {id}  {}: {reason}", entry.name(), entry.index, entry.reason_type));
    }
}

fn show(log: Log, entry: &Entry) {
    if log.json {
        return line(&with_name(entry).to_string());
    }
    line(&format!("entry       {}", entry.name()));
    line(&format!("index       {} ({})", entry.index, entry.generation));
    line(&format!("id          {}", printable(&entry.id)));
    line(&format!("table       {}", printable(&entry.table)));
    line(&format!("reason      {}: {}", printable(&entry.reason_type), printable(&entry.reason)));
    line(&format!("version     {} ({})", Position::at(entry.version), entry.version));
    line(&format!("size        {} bytes", entry.bytes));
    line(&format!("first seen  {}", printable(&entry.first_seen)));
    line(&format!("last seen   {}", printable(&entry.last_seen)));
}

/// Who reads no further, such as `head`, has seen enough.
fn line(text: &str) {
    let _ = super::print(&format!("{text}\n"));
}

fn with_name(entry: &Entry) -> serde_json::Value {
    let mut object = json!(entry);
    object["entry"] = entry.name().into();
    object
}

fn say(log: Log, entry: &Entry, outcome: &str, reason: Option<&str>) {
    if log.json {
        let mut object = with_name(entry);
        object["outcome"] = outcome.into();
        object["outcome_reason"] = reason.into();
        return line(&object.to_string());
    }
    let reason = reason.map(|reason| format!(": {}", printable(reason))).unwrap_or_default();
    let id: String = printable(&entry.id).chars().take(60).collect();
    line(&format!("{}  {}  {id}  {outcome}{reason}", entry.name(), entry.index));
}

/// What is needed to try entries again.
struct Retry<R> {
    program: Arc<Program>,
    transforms: Transforms,
    state: State,
    engine: Engine,
    store: QuarantineStore,
    database: Rereading<R>,
    /// By position of the document in the program.
    ready: BTreeMap<usize, (DocumentReader, Writer)>,
}

/// What became of an entry.
enum Outcome {
    Accepted,
    Refused(String),
    NotNow(&'static str),
}

impl<R: ReadSession> Retry<R> {
    /// `open` opens the database, where it is the one that a state is of.
    async fn prepare(
        ready: Ready,
        engine: Engine,
        store: QuarantineStore,
        open: impl AsyncFnOnce(&State) -> Result<Option<Rereading<R>>>,
    ) -> Result<Self> {
        let Ready { mut program, ref settings, registered, .. } = ready;
        let transforms = Transforms::bind(&mut program, &registered)?;
        let (_, state) = reach(settings, || StateStore::open(&engine, program.capture.name())).await?;
        let state = state.ok_or_else(|| {
            Error::coded(Code::EntryNotRead, "nothing is indexed through this slot").help("start `run` or `sync` first")
        })?;
        // A position of another server's log means nothing here.
        let database = open(&state).await?.ok_or_else(|| {
            Error::coded(Code::EntryNotRead, "this database is not the one that the index was filled from")
                .help("start `run`, which loads what is missing, then try again")
        })?;
        let (program, ready) = (Arc::new(program), BTreeMap::new());
        Ok(Self { program, transforms, state, engine, store, database, ready })
    }

    /// Tries entries again, and says how many stay.
    async fn run(mut self, log: Log, entries: &[Entry]) -> Result<usize> {
        let mut left = 0;
        for entry in entries {
            match self.one(entry).await? {
                Outcome::Accepted => say(log, entry, "accepted", None),
                Outcome::Refused(reason) => {
                    left += 1;
                    say(log, entry, "refused", Some(&reason));
                }
                Outcome::NotNow(reason) => {
                    left += 1;
                    say(log, entry, "not tried", Some(reason));
                }
            }
        }
        Ok(left)
    }

    /// The position in the state, which may have to move a little: an entry is written before its position is.
    async fn position_behind(&mut self, version: u64) -> Result<Option<Version>> {
        for attempt in 0..10 {
            let reached = (self.database.version_at)(self.state.position);
            if reached.0 >= version {
                return Ok(Some(reached));
            }
            if attempt > 0 {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            let (_, state) = StateStore::open(&self.engine, self.program.capture.name()).await?;
            if let Some(state) = state.filter(|state| state.indexes == self.state.indexes) {
                self.state = state;
            }
        }
        Ok(None)
    }

    async fn one(&mut self, entry: &Entry) -> Result<Outcome> {
        let Some(document) = self.program.plan.documents.iter().position(|document| document.index == entry.index)
        else {
            return Ok(Outcome::NotNow("the schema has no such index any more: drop it"));
        };
        let known = self.state.indexes.get(&entry.index).filter(|known| known.loaded);
        if known.is_none_or(|known| known.uuid != entry.index_uuid) {
            return Ok(Outcome::NotNow("it is of an index that is being replaced: it is tried when that is loaded"));
        }
        let Some(version) = self.position_behind(entry.version).await? else {
            return Ok(Outcome::NotNow("its change is not acknowledged yet: try again when `run` has caught up"));
        };
        let (program, engine) = (Arc::clone(&self.program), self.engine.clone());
        if let std::collections::btree_map::Entry::Vacant(place) = self.ready.entry(document) {
            let target = Target {
                physical: entry.generation.clone(),
                pipeline: program.plan.documents[document].pipeline.clone(),
            };
            let writer = engine.writer(&target, self.database.ceiling.clone());
            place.insert((DocumentReader::new(program, document, 1000)?, writer));
        }
        let Some((reader, writer)) = self.ready.get(&document) else { return Ok(Outcome::NotNow("")) };
        let Some(key) = reader.key_of(&entry.id) else {
            return Ok(Outcome::NotNow("its key cannot be told from its _id: change the row, or drop it"));
        };
        let (documents, found) = read(reader, &mut self.database.session, &key, version).await?;
        let mut gone = Documents::repairing(version);
        documents.iter().for_each(|document| gone.delete_at(document.id.as_bytes(), document.routing));
        let report = match self.transforms.of(document) {
            None => writer.write(documents).await?,
            Some(chain) => {
                let passage = Passage::new(chain, Patience::default());
                let made = passage.through(&documents, 0..documents.len()).await?;
                let mut report = writer.write(made.documents).await?;
                report.refused.extend(made.refused);
                report
            }
        };
        if let Some(refused) = report.refused.first() {
            let place = Place {
                slot: entry.slot.clone(),
                index: entry.index.clone(),
                generation: entry.generation.clone(),
                index_uuid: entry.index_uuid.clone(),
                table: entry.table.clone(),
            };
            self.store.put(&[Entry::of(refused, &place, Some(entry.first_seen.clone()))]).await?;
            return Ok(Outcome::Refused(format!("{}: {}", refused.kind, refused.reason)));
        }
        if found {
            let (_, found) = read(reader, &mut self.database.session, &key, version).await?;
            if !found {
                // There where it was written: without its row nothing else tells its routing.
                writer.write(gone).await?;
            }
        }
        self.store.remove(&[(entry.name(), version.0)]).await?;
        Ok(Outcome::Accepted)
    }
}

/// Reads the document of a key, and tells whether there is one.
async fn read(
    reader: &DocumentReader,
    session: &mut impl ReadSession,
    key: &crate::fetch::KeySet,
    version: Version,
) -> Result<(Documents, bool)> {
    let mut documents = Documents::repairing(version);
    reader.read_keys(session, (key, 0..1), &RowCache::new(), &mut documents).await?;
    let found = documents.iter().any(|document| document.body.is_some());
    Ok((documents, found))
}
