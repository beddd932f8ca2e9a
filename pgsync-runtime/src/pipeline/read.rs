//! The reading stage. In: batches. Out: documents, in slices of bounded size, each a piece of its batch. Nothing of a
//! batch is read before all its transactions are visible.
//!
//! A change that touches very many roots, such as a row that a hundred thousand documents share, is put off: its slices
//! take turns with the batches that come after it, and the position waits for the last. There is one reader and one
//! writer, so what was read later is never overtaken by what was read before.

use super::Context;
use super::batch::Batch;
use super::batch_sizer::BatchSizer;
use super::drift::Leaf;
use super::outstanding::{Outstanding, Piece};
use crate::fetch::{Documents, KeySet, Read, RowCache};
use crate::source::{Source, Visibility as _, Waiting};
use crate::{Error, ErrorKind, Result, Version};
use futures_util::future::try_join_all;
use pgsync_plan::RouteKind;
use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;
use std::time::{Duration, SystemTime};
use tokio::sync::{mpsc, oneshot};

/// A route that leads to more roots than a slice may have, and to this many times as many as there are changed values, is
/// a wide change.
const WIDE: usize = 4;

/// Something to write, in the order in which it was read.
pub(super) struct WriteBatch {
    pub work: Work,
    pub version: Version,
    /// What of its batch it is.
    pub piece: Piece,
}

/// What is to be written.
pub(super) enum Work {
    /// Documents of the program's document at a position.
    Documents(usize, Documents),
    /// The end of a batch.
    End(End),
    /// Leaves whose rows are written by now.
    Leaves(Vec<Leaf>),
}

/// The end of a batch, whose documents are on their way, but for those that are put off.
#[derive(Default)]
pub(super) struct End {
    /// Documents of the program to read anew as a whole, once everything before is written.
    pub everything: Vec<usize>,
    /// Documents of the program with the words by which the index finds those that have to be read anew, in the same way.
    pub searches: Vec<(usize, BTreeSet<String>)>,
    /// Tables truncated by it.
    pub truncated: Vec<usize>,
    /// Leaves whose rows are read with it.
    pub leaves: Vec<Leaf>,
    /// Commit time of the oldest transaction in it.
    pub oldest: Option<SystemTime>,
    /// Dropped with it, once everything is read anew.
    pub read_anew: Option<oneshot::Sender<()>>,
}

/// A wide change, as far as it is still to be read.
struct Wide {
    document: usize,
    roots: KeySet,
    next: usize,
    version: Version,
    /// Keeps the position before its batch.
    piece: Piece,
    /// Leaves that are read once it is written.
    leaves: Vec<Leaf>,
}

/// Reads for the stream.
pub(super) struct Reading<S: Source> {
    pub context: Context,
    pub visibility: S::Visibility,
    /// Read slices side by side; the first also finds the roots.
    pub sessions: Vec<S::Session>,
    /// Per document of the program.
    pub slices: Vec<BatchSizer>,
    pub outstanding: Outstanding,
    pub to_write: mpsc::Sender<WriteBatch>,
}

impl<S: Source> Reading<S> {
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
            self.visibility.establish(&batch.transactions, patience(&self.context)).await?;
        }
        for leaf in std::mem::take(&mut batch.leaves) {
            self.leaf(&leaf, &mut batch).await?;
            batch.leaves.push(leaf);
        }
        let piece = self.outstanding.open(batch.end.position);
        let (mut everything, mut searches) = (Vec::new(), Vec::new());
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
                        piece: piece.another(),
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
            if !concern.words.is_empty() {
                searches.push((document, concern.words));
            }
            let mut next = 0;
            while next < roots.len() {
                self.slices(document, &roots, &mut next, (batch.version, &piece)).await?;
            }
        }
        if wide.len() > put_off {
            let roots: usize = wide.range(put_off..).map(|wide| wide.roots.len()).sum();
            tracing::info!(documents = roots, "a wide change: it is read in slices, between later changes");
        }
        let Batch { truncated, mut leaves, version, oldest, .. } = batch;
        if let Some(last) = wide.back_mut() {
            last.leaves.append(&mut leaves);
        }
        self.end(End { everything, searches, truncated, leaves, oldest, read_anew: None }, version, piece).await
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
                if route.is_everything() {
                    changes.everything = true;
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
        self.slices(first.document, &first.roots, &mut first.next, (first.version, &first.piece)).await?;
        if first.next < first.roots.len() {
            return Ok(());
        }
        let Some(Wide { leaves, version, piece, .. }) = wide.pop_front() else { return Ok(()) };
        self.hand_on(WriteBatch { work: Work::Leaves(leaves), version, piece }).await
    }

    /// Reads the roots from `next` on, one slice per session.
    ///
    /// The slices may be read in any order: they have no document in common, or, where two spellings of a key have, the
    /// same version.
    async fn slices(
        &mut self,
        document: usize,
        roots: &KeySet,
        next: &mut usize,
        (version, piece): (Version, &Piece),
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
                let read = reader.read_keys(session, (roots, range.clone()), &RowCache::new(), &mut documents).await?;
                // What did not fit holds nothing any more.
                Ok::<_, Error>((range, if read == Read::Complete { Ok(documents) } else { Err(read) }))
            });
        }
        // Roots whose documents do not fit one by one.
        let mut large: Vec<Range<usize>> = Vec::new();
        for (range, read) in try_join_all(reads).await? {
            match read {
                Ok(documents) if large.is_empty() => {
                    self.learn_and_hand_on(document, range.len(), documents, piece.another()).await?;
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
            let mut documents = Documents::within(version, self.context.budget.whole().await);
            let reader = &self.context.readers[document];
            reader.read_keys(&mut self.sessions[0], (roots, range), &RowCache::new(), &mut documents).await?;
            self.learn_and_hand_on(document, 1, documents, piece.another()).await?;
        }
        Ok(())
    }

    async fn learn_and_hand_on(
        &mut self,
        document: usize,
        count: usize,
        documents: Documents,
        piece: Piece,
    ) -> Result<()> {
        self.slices[document].learn(count, documents.bytes(), documents.cost());
        let version = documents.version();
        self.hand_on(WriteBatch { work: Work::Documents(document, documents), version, piece }).await
    }

    /// Hands the end of a batch on. Reading everything anew needs the memory that reading ahead would hold.
    async fn end(&mut self, mut end: End, version: Version, piece: Piece) -> Result<()> {
        let read_anew = (!end.everything.is_empty() || !end.searches.is_empty()).then(|| {
            let (read_anew, done) = oneshot::channel();
            end.read_anew = Some(read_anew);
            done
        });
        self.hand_on(WriteBatch { work: Work::End(end), version, piece }).await?;
        if let Some(done) = read_anew {
            // It ends without a word.
            let _ = done.await;
        }
        Ok(())
    }

    async fn hand_on(&mut self, batch: WriteBatch) -> Result<()> {
        let ended = |_| Error::new(ErrorKind::Unavailable, "the writing stage has ended");
        self.to_write.send(batch).await.map_err(ended)
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
