//! Refused documents stand aside, and everything else goes on. In: documents on their way to one index. Out: each of them
//! accepted by the index or durable in the quarantine, before the call returns and hence before the position may move.
//!
//! An entry goes by itself when a later write or delete of its document is accepted. Too many entries, or hardly a
//! document accepted, is a wrong mapping and not a wrong document: that ends the process.

use super::Context;
use super::requests::Requests;
use super::under_way::{Begun, UnderWay};
use crate::Version;
use crate::failpoint::failpoint;
use crate::fetch::Documents;
use crate::health::Health;
use crate::sink::{
    Entry, MaxVersion, Patience, Place, Refused, Report, Sink, StoreRefused as _, Target, WriteDocuments as _, brief,
};
use crate::transform::{Outcome, Passage, REFUSED};
use crate::{Code, Error, Result};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::RwLock;

/// Refused documents that are named one by one in the log, of those that are refused together.
const NAMED: usize = 5;

/// The quarantine of the slot, as this process knows it.
pub(super) struct Quarantine<K: Sink> {
    store: K::Quarantine,
    limit: usize,
    health: Health,
    known: Mutex<Known>,
}

/// The entries, by generation and `_id`.
#[derive(Debug, Default)]
struct Known {
    generations: HashMap<String, HashMap<String, Standing>>,
}

/// What is known of an entry.
#[derive(Debug, Clone)]
struct Standing {
    version: u64,
    first_seen: String,
}

impl Known {
    fn of(entries: &[Entry]) -> Self {
        let mut known = Self::default();
        for entry in entries {
            let standing = Standing { version: entry.version, first_seen: entry.first_seen.clone() };
            known.generations.entry(entry.index_uuid.clone()).or_default().insert(entry.id.clone(), standing);
        }
        known
    }

    fn count(&self) -> usize {
        self.generations.values().map(HashMap::len).sum()
    }
}

impl<K: Sink> Quarantine<K> {
    /// Reads what stands in it.
    pub(super) async fn open(context: &Context, engine: &K) -> Result<Arc<Self>> {
        let store = engine.quarantine(context.program.capture.name(), patience(context));
        let known = Known::of(&store.list().await?);
        let health = context.health.clone();
        health.quarantined(known.count() as u64);
        let limit = context.settings.run.quarantine_limit;
        Ok(Arc::new(Self { store, limit, health, known: Mutex::new(known) }))
    }

    /// Whether nothing stands in it.
    pub(super) fn is_empty(&self) -> bool {
        self.known().count() == 0
    }

    /// Looks again: an operator may have tried entries again or dropped them.
    pub(super) async fn refresh(&self) -> Result<()> {
        let known = Known::of(&self.store.list().await?);
        self.health.quarantined(known.count() as u64);
        *self.known() = known;
        Ok(())
    }

    /// Drops what other generations of an index have refused, once one is filled and followed.
    pub(super) async fn settle(&self, destination: &Destination<K>) -> Result<()> {
        let (index, uuid) = (&destination.place.index, &destination.place.index_uuid);
        let entries = self.store.list().await?;
        let old: Vec<_> = entries.iter().filter(|entry| entry.index == *index && entry.index_uuid != *uuid).collect();
        let named: Vec<_> = old.iter().map(|entry| (entry.name(), entry.version)).collect();
        failpoint("before-it-leaves-the-quarantine");
        self.store.remove(&named).await?;
        let mut known = self.known();
        for entry in old {
            known.generations.remove(&entry.index_uuid);
        }
        self.health.quarantined(known.count() as u64);
        Ok(())
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which of these documents stand in it, with their versions.
    fn among(&self, uuid: &str, documents: &Documents) -> Vec<(String, u64)> {
        let known = self.known();
        let Some(entries) = known.generations.get(uuid).filter(|entries| !entries.is_empty()) else {
            return Vec::new();
        };
        let found = documents.iter().filter_map(|document| {
            let standing = entries.get(document.id.as_ref())?;
            Some((document.id.into_owned(), standing.version))
        });
        found.collect()
    }

    /// Puts refused documents in, durably. What is known of a later version says more than a load does.
    async fn put(&self, place: &Place, refused: &[Refused]) -> Result<()> {
        let (entries, new) = {
            let known = self.known();
            let of = known.generations.get(&place.index_uuid);
            let first = |id: &str| Some(of?.get(id)?.first_seen.clone());
            let is_newer = |refused: &&Refused| {
                of.and_then(|of| of.get(&refused.id)).is_none_or(|stands| stands.version <= refused.version.0)
            };
            let refused: Vec<&Refused> = refused.iter().filter(is_newer).collect();
            let Some(last) = refused.last() else { return Ok(()) };
            let entries: Vec<_> = refused.iter().map(|refused| Entry::of(refused, place, first(&refused.id))).collect();
            let new = refused.iter().filter(|refused| first(&refused.id).is_none()).count();
            let count = known.count() + new;
            if new > 0 && count > self.limit {
                return Err(Error::coded(
                    Code::QuarantineFull,
                    format!(
                        "{count} documents are refused, at most {} may stand in the quarantine; the last is `{}` of index \
                         `{}`: {}: {}",
                        self.limit,
                        brief(&last.id),
                        place.index,
                        entries[entries.len() - 1].reason_type,
                        entries[entries.len() - 1].reason,
                    ),
                )
                .help(
                    "see `quarantine list`; correct the rows or the mapping, then `quarantine retry --all`, or raise \
                     PGSYNC_QUARANTINE_LIMIT",
                ));
            }
            (entries, new)
        };
        failpoint("before-the-quarantine");
        self.store.put(&entries).await?;
        failpoint("in-the-quarantine");
        for entry in entries.iter().take(NAMED) {
            tracing::warn!(
                index = %entry.index, id = %brief(&entry.id), reason = %format!("{}: {}", entry.reason_type, entry.reason),
                "a document is refused and stands in the quarantine"
            );
        }
        if entries.len() > NAMED {
            tracing::warn!(index = %place.index, documents = entries.len(), "that many documents are refused together");
        }
        let mut known = self.known();
        let standing = known.generations.entry(place.index_uuid.clone()).or_default();
        for entry in entries {
            standing.insert(entry.id, Standing { version: entry.version, first_seen: entry.first_seen });
        }
        if new > 0 {
            self.health.quarantined(known.count() as u64);
        }
        Ok(())
    }

    /// Takes documents out that were accepted at a version.
    async fn remove(&self, place: &Place, ids: Vec<String>, version: Version) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let named: Vec<_> = ids.iter().map(|id| (place.entry(id), version.0)).collect();
        self.store.remove(&named).await?;
        let mut known = self.known();
        if let Some(standing) = known.generations.get_mut(&place.index_uuid) {
            ids.iter().for_each(|id| _ = standing.remove(id));
        }
        self.health.quarantined(known.count() as u64);
        tracing::info!(index = %place.index, documents = ids.len(), "documents that were refused are accepted or gone now");
        Ok(())
    }
}

/// Where the documents of one index go: to the index, or into the quarantine.
pub(super) struct Destination<K: Sink> {
    writer: K::Writer,
    requests: Requests,
    /// What goes over documents before they are written.
    passage: Option<Passage>,
    quarantine: Arc<Quarantine<K>>,
    place: Arc<Place>,
    breaker: Arc<Mutex<Breaker>>,
    /// Whether something behind this may leave documents out: then any of them may be a delete.
    leaves_out: bool,
    /// Whether no other process has ever written to it.
    ours: bool,
    /// What a load has read for it and not written.
    under_way: UnderWay,
    /// Shared by whoever follows the stream, taken alone by a load that puts entries in.
    entries: Arc<RwLock<()>>,
}

impl<K: Sink> Clone for Destination<K> {
    fn clone(&self) -> Self {
        Self {
            writer: self.writer.clone(),
            requests: self.requests.clone(),
            passage: self.passage.clone(),
            quarantine: Arc::clone(&self.quarantine),
            place: Arc::clone(&self.place),
            breaker: Arc::clone(&self.breaker),
            leaves_out: self.leaves_out,
            ours: self.ours,
            under_way: self.under_way.clone(),
            entries: Arc::clone(&self.entries),
        }
    }
}

impl<K: Sink> Destination<K> {
    /// For a document of the program and the generation it goes to.
    pub(super) async fn open(
        context: &Context,
        engine: &K,
        ceiling: MaxVersion,
        quarantine: &Arc<Quarantine<K>>,
        (document, target, ours): (usize, &Target, bool),
    ) -> Result<Self> {
        let writer = engine.writer(target, ceiling, patience(context));
        let plan = &context.program.plan;
        let definition = &plan.documents[document];
        let place = Place {
            slot: context.program.capture.name().to_owned(),
            index: definition.index.clone(),
            generation: target.physical.clone(),
            index_uuid: quarantine.store.uuid(&target.physical).await?,
            table: plan.table(definition.root().table).qualified(),
        };
        let passage = context.transforms.of(document).map(|chain| Passage::new(chain, patience(context)));
        Ok(Self {
            writer,
            requests: context.requests.clone(),
            leaves_out: passage.is_some() || target.pipeline.is_some(),
            passage,
            quarantine: Arc::clone(quarantine),
            place: Arc::new(place),
            breaker: Arc::default(),
            ours,
            under_way: UnderWay::default(),
            entries: Arc::default(),
        })
    }

    /// A load begins to read a range. Whoever deletes from now on waits for its end.
    pub(super) fn begin(&self) -> Begun {
        self.under_way.begin()
    }

    /// Writes documents of the stream, and puts aside what is refused. How many there were.
    ///
    /// # Errors
    /// Those of [`WriteDocuments::write`](crate::sink::WriteDocuments::write); [`Code::QuarantineFull`] and [`Code::NearlyAllRefused`].
    pub(super) async fn write(&self, documents: Documents) -> Result<u64> {
        if self.leaves_out || documents.deletes() {
            self.under_way.ended().await;
        }
        let _shared = self.entries.read().await;
        let count = documents.len() as u64;
        let (report, standing, version) = self.send(documents).await?;
        self.note(report, standing, version, count).await?;
        Ok(count)
    }

    /// Writes documents of a load, beside what the stream writes. What is refused is put aside, where the stream has not
    /// written something newer meanwhile.
    ///
    /// # Errors
    /// Those of [`Self::write`].
    pub(super) async fn fill(&self, documents: Documents) -> Result<u64> {
        let count = documents.len() as u64;
        let (mut report, standing, version) = self.send(documents).await?;
        let _alone = if report.refused.is_empty() { None } else { Some(self.entries.write().await) };
        let mut kept = Vec::with_capacity(report.refused.len());
        for refused in report.refused {
            if !self.stands_newer(&refused, version).await? {
                kept.push(refused);
            }
        }
        report.refused = kept;
        self.note(report, standing, version, count).await?;
        Ok(count)
    }

    /// Whether the index holds something newer than a document that was refused: engines look at a document before they
    /// compare versions. Asked by deleting it at its version: that leaves what is newer alone, and takes what an older state
    /// of the row has left.
    async fn stands_newer(&self, refused: &Refused, version: Version) -> Result<bool> {
        let mut probe = Documents::repairing(version);
        probe.delete_at(refused.id.as_bytes(), refused.routing.as_bytes());
        Ok(self.requests.write(&self.writer, probe).await?.conflicts > 0)
    }

    /// Sends documents. What became of them, and the entries that stood for some of them before.
    async fn send(&self, documents: Documents) -> Result<(Report, Vec<(String, u64)>, Version)> {
        let version = documents.version();
        let standing = self.quarantine.among(&self.place.index_uuid, &documents);
        let copies = documents.copies();
        let report = match &self.passage {
            None => self.requests.write(&self.writer, documents).await?,
            Some(passage) => self.transformed(passage, &documents).await?,
        };
        if let Some(copies) = copies {
            self.requests.write(&self.writer, copies).await?;
        }
        Ok((report, standing, version))
    }

    /// Keeps the quarantine in step with what became of documents.
    async fn note(&self, report: Report, standing: Vec<(String, u64)>, version: Version, count: u64) -> Result<()> {
        if report.refused.is_empty() && standing.is_empty() {
            self.breaker().accepted(count);
            return Ok(());
        }
        self.set_aside(&report.refused, standing, version, report.accepted()).await
    }

    /// Writes what the transforms make of documents, in parts: while one is written the next is transformed. Each document is
    /// in one part; a copy of it that is deleted may be in another, and may be deleted before or after.
    async fn transformed(&self, passage: &Passage, documents: &Documents) -> Result<Report> {
        let mut parts = passage.parts(documents).into_iter();
        let (mut report, mut made) = (Report::default(), None);
        loop {
            let (part, before) = (parts.next(), made.take());
            let transform = async {
                match part {
                    Some(part) => passage.through(documents, part).await.map(Some),
                    None => Ok(None),
                }
            };
            let write = async {
                let Some(Outcome { documents, refused }) = before else { return Ok(Report::default()) };
                let mut report = self.requests.write(&self.writer, documents).await?;
                report.refused.extend(refused);
                Ok(report)
            };
            let (next, written) = tokio::try_join!(transform, write)?;
            report = report.and(written);
            if next.is_none() {
                return Ok(report);
            }
            made = next;
        }
    }

    /// The documents of the index whose version is below this one, once nothing is on its way that was read before.
    pub(super) async fn older_than(&self, version: Version) -> Result<<K::Writer as crate::sink::WriteDocuments>::Ids> {
        self.under_way.ended().await;
        self.writer.older_than(version).await
    }

    /// The documents of the index that hold one of these words, or none, once nothing is on its way that was read before.
    pub(super) async fn holding(&self, words: &[String]) -> Result<<K::Writer as crate::sink::WriteDocuments>::Ids> {
        self.under_way.ended().await;
        self.writer.holding(words).await
    }

    /// Whether this process has made the index.
    pub(super) fn is_ours(&self) -> bool {
        self.ours
    }

    /// The `_id`s of its documents that stand in the quarantine.
    pub(super) fn refused(&self) -> Vec<String> {
        let known = self.quarantine.known();
        known.generations.get(&self.place.index_uuid).into_iter().flatten().map(|(id, _)| id.clone()).collect()
    }

    /// Deletes what stands in the index without a row, or with one that was refused at this version: its entry stays.
    pub(super) async fn sweep(&self, surplus: Documents) -> Result<()> {
        self.requests.write(&self.writer, surplus).await.map(drop)
    }

    /// Every row was read and written at a version: an entry below it is of a row that is gone.
    pub(super) async fn complete(&self, version: Version) -> Result<()> {
        let gone = {
            let known = self.quarantine.known();
            let standing = known.generations.get(&self.place.index_uuid).into_iter().flatten();
            standing.filter(|(_, standing)| standing.version < version.0).map(|(id, _)| id.clone()).collect()
        };
        self.quarantine.remove(&self.place, gone, version).await
    }

    async fn set_aside(
        &self,
        refused: &[Refused],
        standing: Vec<(String, u64)>,
        version: Version,
        accepted: u64,
    ) -> Result<()> {
        let verdict = {
            let mut breaker = self.breaker();
            breaker.accepted(accepted);
            breaker.refused(refused.len() as u64)
        };
        if let (Err((refused_so_far, of)), Some(last)) = (verdict, refused.last()) {
            return Err(Error::coded(
                Code::NearlyAllRefused,
                format!(
                    "index `{}` refuses {refused_so_far} of {of} documents, which is not the fault of single rows; the \
                     last is `{}`: {}: {}",
                    self.place.index,
                    brief(&last.id),
                    last.kind,
                    last.reason
                ),
            )
            .help(if last.kind == REFUSED {
                "correct the transform that the message names, raise its version, then run again with --rebuild"
            } else {
                "correct `mapping` in the schema file, then run again with --rebuild"
            }));
        }
        if !refused.is_empty() {
            self.quarantine.put(&self.place, refused).await?;
        }
        // What was written before the entry's version says nothing of the state that was refused.
        let again = |id: &str| refused.iter().any(|refused| refused.id == id);
        let done = standing.into_iter().filter(|(id, stands)| version.0 >= *stands && !again(id)).map(|(id, _)| id);
        self.quarantine.remove(&self.place, done.collect(), version).await
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells a wrong mapping from wrong documents: of the last documents, nearly all refused.
#[derive(Debug, Default)]
struct Breaker {
    accepted: u64,
    refused: u64,
}

impl Breaker {
    /// So many refused documents say something.
    const ENOUGH: u64 = 100;
    /// What is remembered.
    const WINDOW: u64 = 2000;

    fn accepted(&mut self, count: u64) {
        self.accepted += count;
        self.fade();
    }

    /// # Errors
    /// How many of how many are refused, where that is more than nine in ten.
    fn refused(&mut self, count: u64) -> Result<(), (u64, u64)> {
        self.refused += count;
        let verdict = if self.refused >= Self::ENOUGH && self.refused > 9 * self.accepted {
            Err((self.refused, self.refused + self.accepted))
        } else {
            Ok(())
        };
        self.fade();
        verdict
    }

    /// What was long ago counts less.
    fn fade(&mut self) {
        while self.accepted + self.refused > Self::WINDOW {
            self.accepted /= 2;
            self.refused /= 2;
        }
    }
}

/// Waits of the engine's writers show in `/healthz`, and end when the process is asked to stop.
fn patience(context: &Context) -> Patience {
    let health = context.health.clone();
    let tell = move |reason: Option<&str>| match reason {
        Some(reason) => health.waiting(reason),
        None => health.resumed(),
    };
    Patience::new(tell, context.stop.clone())
}

#[cfg(test)]
mod tests {
    use super::Breaker;

    #[test]
    fn nearly_all_refused_is_a_wrong_mapping() {
        let mut breaker = Breaker::default();
        assert_eq!(breaker.refused(99), Ok(()));
        assert_eq!(breaker.refused(1), Err((100, 100)));
        let mut breaker = Breaker::default();
        for _ in 0..50 {
            breaker.accepted(1);
            assert_eq!(breaker.refused(9), Ok(()), "one of ten passes");
        }
        let mut breaker = Breaker::default();
        breaker.accepted(1_000_000);
        let tripped = (0..200).any(|_| breaker.refused(100).is_err());
        assert!(tripped, "what was long ago counts less");
    }
}
