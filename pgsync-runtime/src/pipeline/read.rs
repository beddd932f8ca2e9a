//! The reading stage. In: batches. Out: documents, in slices of bounded size, and with the last of them how far the
//! position may move. Nothing of a batch is read before all its transactions are visible.
//!
//! A change that touches very many roots, such as a row that a hundred thousand documents share, is put off: its slices
//! take turns with the batches that come after it, and the position waits for the last. There is one reader and one
//! writer, so what was read later is never overtaken by what was read before.

use super::Context;
use super::batch::Batch;
use super::drift::Leaf;
use super::slice::Slice;
use crate::fetch::{Documents, KeySet, Read, Shared};
use crate::source::{Source, Visibility as _, Waiting};
use crate::{Error, ErrorKind, Position, Result, Version};
use futures_util::future::try_join_all;
use pgsync_plan::RouteKind;
use std::collections::VecDeque;
use std::ops::Range;
use std::time::{Duration, SystemTime};
use tokio::sync::{mpsc, oneshot};

/// A route that leads to more roots than a slice may have, and to this many times as many as there are changed values, is
/// a wide change.
const WIDE: usize = 4;

/// Documents on their way to the engine.
pub(super) struct WriteBatch {
    /// What to write, and to which document of the program it belongs.
    pub documents: Option<(usize, Documents)>,
    /// Documents of the program to read anew as a whole, once everything before is written.
    pub everything: Vec<usize>,
    /// Tables truncated by it.
    pub truncated: Vec<usize>,
    /// Leaves whose rows are read with it.
    pub leaves: Vec<Leaf>,
    pub version: Version,
    /// What may be acknowledged once it is written.
    pub end: Option<Position>,
    pub oldest: Option<SystemTime>,
    /// Dropped with it, once it is written.
    pub written: Option<oneshot::Sender<()>>,
}

impl WriteBatch {
    /// Nothing to write: leaves whose rows are written by now.
    fn of_leaves(leaves: Vec<Leaf>, version: Version) -> Self {
        let (everything, truncated) = (Vec::new(), Vec::new());
        Self { documents: None, everything, truncated, leaves, version, end: None, oldest: None, written: None }
    }
}

/// A wide change, as far as it is still to be read.
struct Wide {
    document: usize,
    roots: KeySet,
    next: usize,
    version: Version,
    /// How far the position may move once it is written: everything up to there was read before it or is part of it.
    end: Option<Position>,
    /// Leaves that are read once it is written.
    leaves: Vec<Leaf>,
}

/// Reads for the stream.
pub(super) struct Reading<'a, S: Source> {
    pub context: &'a Context,
    pub visibility: S::Visibility,
    /// Read slices side by side; the first also finds the roots.
    pub sessions: Vec<S::Session>,
    /// Per document of the program.
    pub slices: Vec<Slice>,
    pub to_write: mpsc::Sender<WriteBatch>,
}

impl<S: Source> Reading<'_, S> {
    /// Establishes visibility, finds the roots, reads and renders them, until no batch comes any more.
    pub(super) async fn run(mut self, mut batches: mpsc::Receiver<Batch>) -> Result<()> {
        let mut wide: VecDeque<Wide> = VecDeque::new();
        loop {
            if wide.is_empty() {
                let Some(batch) = batches.recv().await else { return Ok(()) };
                self.batch(batch, &mut wide).await?;
                continue;
            }
            if self.context.stop.is_cancelled() && batches.is_closed() && batches.is_empty() {
                let left: usize = wide.iter().map(|wide| wide.roots.len() - wide.next).sum();
                tracing::info!(documents = left, "stopping within a wide change: the next start goes on with it");
                return Ok(());
            }
            // What is put off takes memory: beyond this nothing more is taken in until some of it is done.
            if wide.iter().map(|wide| wide.roots.bytes()).sum::<usize>() < self.context.limits.keys_bytes
                && let Ok(batch) = batches.try_recv()
            {
                self.batch(batch, &mut wide).await?;
            }
            self.turn(&mut wide).await?;
        }
    }

    /// One batch, except for what is put off.
    async fn batch(&mut self, mut batch: Batch, wide: &mut VecDeque<Wide>) -> Result<()> {
        if !batch.transactions.is_empty() {
            self.visibility.establish(&batch.transactions, patience(self.context)).await?;
        }
        for leaf in std::mem::take(&mut batch.leaves) {
            self.leaf(&leaf, &mut batch).await?;
            batch.leaves.push(leaf);
        }
        let mut everything = Vec::new();
        let put_off = wide.len();
        for (document, concern) in std::mem::take(&mut batch.documents).into_iter().enumerate() {
            if concern.everything {
                everything.push(document);
                continue;
            }
            if concern.is_idle() {
                continue;
            }
            let reader = &self.context.readers[document];
            let mut roots = concern.roots;
            for (route, links) in concern.links.iter().enumerate().filter(|(_, links)| !links.is_empty()) {
                let mut found = KeySet::new(roots.arity());
                let listed = roots.bytes() + wide.iter().map(|wide| wide.roots.bytes()).sum::<usize>();
                let most = (2 * self.context.limits.keys_bytes).saturating_sub(listed);
                let complete = reader.roots(&mut self.sessions[0], route, links, most, &mut found).await?;
                if !complete {
                    everything.push(document);
                    break;
                }
                if found.len() > self.slices[document].most() && found.len() > WIDE * links.len() {
                    wide.push_back(Wide {
                        document,
                        roots: found,
                        next: 0,
                        version: batch.version,
                        end: None,
                        leaves: Vec::new(),
                    });
                } else if roots.is_empty() {
                    roots = found;
                } else {
                    roots.extend(&found);
                }
            }
            if everything.last() == Some(&document) {
                continue;
            }
            let mut next = 0;
            while next < roots.len() {
                self.slices(document, &roots, &mut next, batch.version, None).await?;
            }
        }
        if wide.len() > put_off {
            let roots: usize = wide.range(put_off..).map(|wide| wide.roots.len()).sum();
            tracing::info!(documents = roots, "a wide change: it is read in slices, between later changes");
        }
        // Whatever is put off keeps the position before it.
        let Batch { truncated, mut leaves, version, oldest, .. } = batch;
        let end = match wide.back_mut() {
            Some(last) => {
                last.end = Some(batch.end.position);
                last.leaves.append(&mut leaves);
                None
            }
            None => Some(batch.end.position),
        };
        self.hand_on(WriteBatch { documents: None, everything, truncated, leaves, version, end, oldest, written: None })
            .await
    }

    /// Adds the link values of all rows of a leaf that joined a table, as if each of them had just changed.
    async fn leaf(&mut self, leaf: &Leaf, batch: &mut Batch) -> Result<()> {
        tracing::info!(table = %leaf.table, relation = leaf.relation.0, "reading the rows of a new partition");
        let plan = &self.context.program.plan;
        for ((of, changes), reader) in plan.documents.iter().zip(&mut batch.documents).zip(&*self.context.readers) {
            for (position, route) in of.routes.iter().enumerate() {
                if changes.everything || plan.table(route.table).qualified() != leaf.table {
                    continue;
                }
                let links =
                    if route.kind == RouteKind::Root { &mut changes.roots } else { &mut changes.links[position] };
                if !reader
                    .links_of(&self.sessions[0], leaf.relation, position, self.context.limits.keys_bytes, links)
                    .await?
                {
                    changes.everything = true;
                }
            }
        }
        Ok(())
    }

    /// Some slices of what is put off.
    async fn turn(&mut self, wide: &mut VecDeque<Wide>) -> Result<()> {
        let Some(first) = wide.front_mut() else { return Ok(()) };
        self.slices(first.document, &first.roots, &mut first.next, first.version, first.end).await?;
        if first.next < first.roots.len() {
            return Ok(());
        }
        match wide.pop_front() {
            Some(Wide { leaves, version, .. }) if !leaves.is_empty() => {
                self.hand_on(WriteBatch::of_leaves(leaves, version)).await
            }
            _ => Ok(()),
        }
    }

    /// Reads the roots from `next` on, one slice per session. `end` goes with the last of them.
    ///
    /// The slices may be read in any order: they have no document in common, or, where two spellings of a key have, the
    /// same version.
    async fn slices(
        &mut self,
        document: usize,
        roots: &KeySet,
        next: &mut usize,
        version: Version,
        end: Option<Position>,
    ) -> Result<()> {
        let (reader, budget) = (&self.context.readers[document], &self.context.budget);
        let size = self.slices[document].roots();
        let mut reads = Vec::new();
        for session in &mut self.sessions {
            let range = *next..roots.len().min(*next + size);
            if range.is_empty() {
                break;
            }
            *next = range.end;
            reads.push(async move {
                let mut documents = Documents::within(version, budget.part().await);
                let read = reader.read_keys(session, (roots, range.clone()), &Shared::new(), &mut documents).await?;
                // What did not fit holds nothing any more.
                Ok::<_, Error>((range, if read == Read::Complete { Ok(documents) } else { Err(read) }))
            });
        }
        // Roots whose documents do not fit one by one.
        let mut large: Vec<Range<usize>> = Vec::new();
        for (range, read) in try_join_all(reads).await? {
            match read {
                Ok(documents) if large.is_empty() => {
                    let end = end.filter(|_| range.end == roots.len());
                    self.learn_and_hand_on(document, range.len(), documents, end).await?;
                }
                Err(Read::TooMuch { .. }) if range.len() == 1 => large.push(range),
                // From here on it is read again: in smaller slices, or once the large ones before it are done.
                other => {
                    if let Err(Read::TooMuch { fitting }) = other {
                        self.slices[document].shrink(fitting.min(range.len() / 2));
                    }
                    *next = range.start;
                    break;
                }
            }
        }
        for range in large {
            let end = end.filter(|_| range.end == roots.len());
            let mut documents = Documents::within(version, self.context.budget.whole().await);
            let reader = &self.context.readers[document];
            reader.read_keys(&mut self.sessions[0], (roots, range), &Shared::new(), &mut documents).await?;
            self.learn_and_hand_on(document, 1, documents, end).await?;
        }
        Ok(())
    }

    async fn learn_and_hand_on(
        &mut self,
        document: usize,
        count: usize,
        documents: Documents,
        end: Option<Position>,
    ) -> Result<()> {
        self.slices[document].learn(count, documents.bytes(), documents.cost());
        let version = documents.version();
        let (everything, truncated, leaves) = (Vec::new(), Vec::new(), Vec::new());
        let documents = Some((document, documents));
        self.hand_on(WriteBatch { documents, everything, truncated, leaves, version, end, oldest: None, written: None })
            .await
    }

    async fn hand_on(&mut self, mut work: WriteBatch) -> Result<()> {
        let ended = |_| Error::new(ErrorKind::Unavailable, "the writing stage has ended");
        // Reading everything anew needs the memory that reading ahead would hold.
        let written = (!work.everything.is_empty()).then(|| {
            let (written, done) = oneshot::channel();
            work.written = Some(written);
            done
        });
        self.to_write.send(work).await.map_err(ended)?;
        if let Some(done) = written {
            // It ends without a word.
            let _ = done.await;
        }
        Ok(())
    }
}

/// Reports a wait to `/healthz` at once, and to the log after a second and every half minute from then on.
pub(super) fn patience(context: &Context) -> impl FnMut(Waiting) + '_ {
    let mut said: Option<Duration> = None;
    move |waiting: Waiting| {
        let text = waiting.to_string();
        context.health.waiting(&text);
        let due = said.map_or(Duration::from_secs(1), |last| last + Duration::from_secs(30));
        if waiting.since >= due {
            tracing::warn!(seconds = waiting.since.as_secs(), "waiting for {text}");
            said = Some(waiting.since);
        }
    }
}
