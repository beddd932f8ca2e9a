//! Going through both sides. In: an index and its rows. Out: every place that may be wrong, settled and told as it comes. The
//! table is read in ranges of its key by several sessions, as a load reads it, and each range is held against the index; then
//! the index is listed page by page, and each document is looked for among the rows. Nothing grows with the table: documents
//! share the budget of a load, and suspects are settled by the thousand.

use super::expected::Expected;
use super::finding::Finding;
use super::sides::Sides;
use crate::fetch::{Bound, Documents, Read, RowCache};
use crate::pipeline::batch_sizer::BatchSizer;
use crate::pipeline::progress::{Progress, Words};
use crate::sink::{ListIds as _, Listed, ReadStored as _, Sink};
use crate::source::Source;
use crate::{Error, ErrorKind, Result, Version};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tracing::Instrument as _;

/// Suspects that are settled together.
const TOGETHER: usize = 1000;

/// Told of each document that is wrong.
pub(crate) type Tell = Arc<dyn Fn(&Finding) + Send + Sync>;

/// What was seen so far. A clone counts on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    documents: AtomicU64,
    listed: AtomicU64,
    wrong: AtomicU64,
    mended: AtomicU64,
    quarantined: AtomicU64,
    moving: AtomicU64,
}

/// The same at one moment.
#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub(crate) struct Counted {
    /// Documents read from the database and held against the index.
    pub(crate) documents: u64,
    /// Documents of the index that were looked for in the database.
    pub(crate) listed: u64,
    /// Documents that are wrong.
    pub(crate) wrong: u64,
    /// Those of them that are right now.
    pub(crate) mended: u64,
    /// Documents that are refused, and are not what their rows say.
    pub(crate) quarantined: u64,
    /// Documents that changed whenever they were looked at.
    pub(crate) moving: u64,
}

impl Counts {
    /// How many now.
    pub(crate) fn now(&self) -> Counted {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let of = &*self.0;
        Counted {
            documents: count(&of.documents),
            listed: count(&of.listed),
            wrong: count(&of.wrong),
            mended: count(&of.mended),
            quarantined: count(&of.quarantined),
            moving: count(&of.moving),
        }
    }
}

/// What is done with what is found.
#[derive(Clone)]
pub(crate) struct Judging {
    /// Whether it is put right.
    pub(crate) repair: bool,
    /// Who is told.
    pub(crate) tell: Tell,
    /// What was seen.
    pub(crate) counts: Counts,
}

/// How much is gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Everything,
    /// The first rows and documents, about so many of each.
    First(u64),
    /// As many, from anywhere.
    Sample(u64),
}

/// A range of the roots' key, `(after, until]`, and how many it had when it was cut.
struct Range {
    after: Option<Bound>,
    until: Option<Bound>,
    rows: usize,
}

/// An index on its way.
pub(crate) struct Walk<S: Source, K: Sink> {
    pub(crate) sides: Arc<Sides<S, K>>,
    judging: Judging,
    suspects: Mutex<Vec<Listed>>,
    session: tokio::sync::Mutex<S::Session>,
    sizer: BatchSizer,
    /// Rows that documents share, as they were when this began: for a walk that ends soon.
    shared: Option<RowCache>,
}

impl<S: Source, K: Sink> Walk<S, K> {
    /// Begins nowhere yet.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn new(sides: Arc<Sides<S, K>>, judging: Judging) -> Result<Self> {
        let session = tokio::sync::Mutex::new(sides.access.source.session().await?);
        let (run, budget) = (&sides.access.settings.run, &sides.access.budget);
        let sizer = BatchSizer::new(run.range_rows, budget.part_bytes());
        Ok(Self { judging, suspects: Mutex::default(), session, sizer, shared: Some(RowCache::new()), sides })
    }

    /// Keeps nothing of what it reads: for one that lasts.
    pub(crate) fn forgetful(self) -> Self {
        Self { shared: None, ..self }
    }

    /// A key not far from the first one, or none.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn anywhere(&self, session: &mut S::Session) -> Result<Option<Bound>> {
        /// Rows are counted off, which takes long where there are many.
        const FAR: i64 = 100_000;
        let reader = &self.sides.reader;
        let skipped = fastrand::i64(0..=reader.estimate(session).await?.clamp(0, FAR));
        if skipped == 0 { Ok(None) } else { reader.cut(session, None, skipped).await }
    }

    /// Goes through rows and documents.
    ///
    /// # Errors
    /// Those of both sides.
    pub(crate) async fn run(self: &Arc<Self>, extent: Extent) -> Result<()> {
        self.sides.stored.remember().await?;
        self.rows(extent).await?;
        self.flush().await?;
        self.listed(extent).await?;
        self.flush().await
    }

    /// Looks at these documents alone, by their `_id`s.
    ///
    /// # Errors
    /// Those of both sides.
    pub(crate) async fn ids(&self, ids: &[String]) -> Result<()> {
        self.sides.stored.remember().await?;
        let mut session = self.session.lock().await;
        let mut places: Vec<Listed> = Vec::new();
        for id in ids {
            let place = Listed::at(id, b"");
            let (expected, _) =
                self.sides.rows(&mut session, std::slice::from_ref(&place), super::sides::Purpose::Compare).await?;
            let routing = expected.routing_of(id).map(str::to_owned);
            places.push(Listed { routing: routing.unwrap_or_default(), ..place });
        }
        drop(session);
        self.judging.counts.0.documents.fetch_add(places.len() as u64, Ordering::Relaxed);
        self.suspect(places);
        self.flush().await
    }

    /// Every row.
    async fn rows(self: &Arc<Self>, extent: Extent) -> Result<()> {
        let sides = &self.sides;
        let mut cutter = sides.access.source.session().await?;
        let estimate = u64::try_from(sides.reader.estimate(&mut cutter).await?).unwrap_or(0);
        let (most, mut after) = match extent {
            Extent::Everything => (u64::MAX, None),
            Extent::First(most) => (most, None),
            Extent::Sample(most) => {
                let skipped = fastrand::u64(0..=estimate.saturating_sub(most));
                let after =
                    if skipped == 0 { None } else { sides.reader.cut(&mut cutter, None, skipped as i64).await? };
                (most, after)
            }
        };
        let words = Words { lasting: "comparing", done: "compared" };
        let progress = Arc::new(Progress::of(words, &sides.index, estimate.min(most)));
        let (send, receive) = mpsc::channel::<Range>(1);
        let queue = Arc::new(tokio::sync::Mutex::new(receive));
        let mut workers = JoinSet::new();
        for _ in 0..sides.access.settings.run.readers.max(1) {
            let (walk, queue, progress) = (Arc::clone(self), Arc::clone(&queue), Arc::clone(&progress));
            let worker = async move {
                let mut session = walk.sides.access.source.session().await?;
                loop {
                    let Some(range) = queue.lock().await.recv().await else { return Ok::<(), Error>(()) };
                    walk.range(&mut session, range, &progress).await?;
                }
            };
            workers.spawn(worker.in_current_span());
        }
        drop(queue);
        let cut = async {
            let mut left = most;
            loop {
                let rows = self.sizer.roots().min(usize::try_from(left).unwrap_or(usize::MAX)).max(1);
                let until = sides.reader.cut(&mut cutter, after.as_ref(), rows as i64).await?;
                left = left.saturating_sub(rows as u64);
                let last = until.is_none() || left == 0;
                if send.send(Range { after, until: until.clone(), rows }).await.is_err() || last {
                    drop(send);
                    return Ok::<(), Error>(());
                }
                after = until;
            }
        };
        let read = async {
            while let Some(ended) = workers.join_next().await {
                ended.map_err(|error| Error::new(ErrorKind::Fatal, "a reader broke down").source(error))??;
            }
            Ok(())
        };
        tokio::try_join!(cut, read)?;
        if let Some(progress) = Arc::into_inner(progress) {
            progress.finish(true);
        }
        Ok(())
    }

    /// A range, in pieces where it does not fit.
    async fn range(&self, session: &mut S::Session, range: Range, progress: &Progress) -> Result<()> {
        let Range { mut after, until, rows: mut left } = range;
        let (mut size, mut alone) = (left, false);
        loop {
            let reader = &self.sides.reader;
            let cut = if alone || size < left { reader.cut(session, after.as_ref(), size as i64).await? } else { None };
            let last = cut.is_none();
            let end = if last { &until } else { &cut };
            match self.piece(session, (after.as_ref(), end.as_ref()), alone, progress).await? {
                Read::TooMuch { fitting } => {
                    alone = size == 1;
                    size = fitting.min(size / 2).max(1);
                    self.sizer.shrink(size);
                    continue;
                }
                Read::Complete => {}
            }
            // Whatever was read is given back by now: settling needs its own share.
            self.settle_many().await?;
            if last {
                return Ok(());
            }
            after = cut;
            left = left.saturating_sub(size);
            (size, alone) = (self.sizer.roots(), false);
        }
    }

    async fn piece(
        &self,
        session: &mut S::Session,
        (after, until): (Option<&Bound>, Option<&Bound>),
        alone: bool,
        progress: &Progress,
    ) -> Result<Read> {
        let sides = &self.sides;
        let budget = &sides.access.budget;
        let share = if alone { budget.whole().await } else { budget.part().await };
        let mut documents = Documents::within(Version(0), share);
        let shared = self.shared.clone().unwrap_or_default();
        let read = sides.shown.read_range(session, after, until, &shared, &mut documents).await?;
        if read != Read::Complete {
            return Ok(read);
        }
        let count = documents.len() as u64;
        let expected = Expected::of(documents, sides.passage.as_ref(), &sides.stored).await?;
        let (roots, bytes, cost) = expected.size();
        self.sizer.learn(roots, bytes, cost);
        let suspects = sides.suspects(&expected).await?;
        drop(expected);
        self.suspect(suspects);
        self.judging.counts.0.documents.fetch_add(count, Ordering::Relaxed);
        progress.advance(count);
        Ok(Read::Complete)
    }

    /// Every document of the index.
    async fn listed(&self, extent: Extent) -> Result<()> {
        let (most, anywhere) = match extent {
            Extent::Everything => (u64::MAX, false),
            Extent::First(most) => (most, false),
            Extent::Sample(most) => (most, true),
        };
        let mut pages = self.sides.stored.list(anywhere).await?;
        let words = Words { lasting: "looking for rows", done: "looked for rows" };
        let progress = Progress::of(words, &self.sides.index, self.judging.counts.now().documents.min(most));
        let mut seen = 0;
        while seen < most {
            let Some(page) = pages.next().await? else { break };
            let count = page.len() as u64;
            self.page(page).await?;
            seen += count;
            progress.advance(count);
        }
        progress.finish(true);
        Ok(())
    }

    /// One page of the index.
    ///
    /// # Errors
    /// Those of both sides.
    pub(crate) async fn page(&self, page: Vec<Listed>) -> Result<()> {
        self.judging.counts.0.listed.fetch_add(page.len() as u64, Ordering::Relaxed);
        if page.is_empty() {
            return Ok(());
        }
        let rowless = self.sides.rowless(&mut *self.session.lock().await, page).await?;
        self.suspect(rowless);
        self.settle_many().await
    }

    /// The rows after a key, as many as one read takes; where they end.
    ///
    /// # Errors
    /// Those of both sides.
    pub(crate) async fn next_rows(&self, session: &mut S::Session, after: Option<Bound>) -> Result<Option<Bound>> {
        let rows = self.sizer.roots();
        let until = self.sides.reader.cut(session, after.as_ref(), rows as i64).await?;
        let progress = Progress::silent();
        self.range(session, Range { after, until: until.clone(), rows }, &progress).await?;
        self.flush().await?;
        Ok(until)
    }

    fn suspect(&self, mut places: Vec<Listed>) {
        self.suspects.lock().unwrap_or_else(PoisonError::into_inner).append(&mut places);
    }

    fn taken(&self, least: usize) -> Vec<Listed> {
        let mut suspects = self.suspects.lock().unwrap_or_else(PoisonError::into_inner);
        if suspects.len() < least { Vec::new() } else { std::mem::take(&mut *suspects) }
    }

    /// Settles what is suspected, where there are many.
    async fn settle_many(&self) -> Result<()> {
        let suspects = self.taken(TOGETHER);
        self.settle(&suspects).await
    }

    /// Settles whatever is suspected.
    ///
    /// # Errors
    /// Those of both sides.
    pub(crate) async fn flush(&self) -> Result<()> {
        let suspects = self.taken(1);
        self.settle(&suspects).await
    }

    async fn settle(&self, suspects: &[Listed]) -> Result<()> {
        if suspects.is_empty() {
            return Ok(());
        }
        let mut session = self.session.lock().await;
        for some in suspects.chunks(TOGETHER) {
            let settled = self.sides.settle(&mut session, some).await?;
            let counts = &self.judging.counts.0;
            counts.quarantined.fetch_add(settled.quarantined, Ordering::Relaxed);
            counts.moving.fetch_add(settled.moving, Ordering::Relaxed);
            let established = self.sides.established().await?;
            let mut findings = Vec::with_capacity(settled.wrong.len());
            for seen in settled.wrong {
                findings.push(self.sides.finding(seen, established).await?);
            }
            if self.judging.repair && !findings.is_empty() {
                self.sides.mend(&mut session, &mut findings).await?;
            }
            for finding in &findings {
                counts.wrong.fetch_add(1, Ordering::Relaxed);
                counts.mended.fetch_add(u64::from(finding.is_mended()), Ordering::Relaxed);
                (self.judging.tell)(finding);
            }
        }
        Ok(())
    }
}
