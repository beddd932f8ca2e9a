//! Reading every document of an index, in ranges of the root's key, by several sessions, each range in a short snapshot. In: a
//! document, a version, where to begin. Out: the same in the index or in the quarantine, and in the ledger.
//!
//! For loads, and for reading an index again in place. Must not: hold anything between a range's beginning and its end
//! that another one waits for.

use super::Context;
use super::batch_sizer::BatchSizer;
use super::ledger::Ledger;
use super::progress::Progress;
use super::quarantine::Destination;
use crate::fetch::{Bound, Documents, Read, RowCache};
use crate::sink::Sink;
use crate::source::Source;
use crate::{Error, ErrorKind, Result, Version};
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

/// What is read next.
enum Task {
    /// The whole table of a level, whose rows several documents show, where it is small.
    Table(usize),
    /// Roots.
    Range(KeyRange),
}

/// A range of the roots' key, `(after, until]`; open where there is no bound.
struct KeyRange {
    number: u64,
    after: Option<Bound>,
    until: Option<Bound>,
    /// How many roots it had when it was cut; in the last one there are fewer.
    rows: usize,
}

/// Reads every root row of a document from where the ledger stands, and writes its documents at one version. Returns false
/// where it was stopped before the end; what was begun is written then.
///
/// # Errors
/// Those of both sides.
pub(super) async fn read_all<S: Source, K: Sink>(
    context: &Context,
    source: &S,
    (document, to): (usize, &Destination<K>),
    version: Version,
    ledger: &Arc<Ledger>,
    stop: &CancellationToken,
) -> Result<bool> {
    let settings = &context.settings;
    let reader = &context.readers[document];
    let mut cutter = source.session().await?;
    let progress = Arc::new(Progress::new(
        &context.program.plan.documents[document].index,
        u64::try_from(reader.estimate(&mut cutter).await?).unwrap_or(0),
    ));
    let from = ledger.reached();
    if let Some((_, documents)) = &from {
        progress.advance(*documents);
    }
    let slice = Arc::new(BatchSizer::new(settings.run.range_rows, context.budget.part_bytes()));
    let shared = RowCache::new();
    // No further ahead than the readers: later ranges are cut by what the earlier ones taught.
    let (send, receive) = mpsc::channel::<Task>(1);
    let queue = Arc::new(Mutex::new(receive));
    // Tasks of their own: rendering takes the processor.
    let mut workers = JoinSet::new();
    for _ in 0..settings.run.readers.max(1) {
        let worker = Worker {
            context: context.clone(),
            source: source.clone(),
            document,
            to: to.clone(),
            version,
            slice: Arc::clone(&slice),
            shared: shared.clone(),
            progress: Arc::clone(&progress),
            ledger: Arc::clone(ledger),
        };
        workers.spawn(worker.run(Arc::clone(&queue)).in_current_span());
    }
    drop(queue);
    let cut = async {
        // Nobody takes any more when a reader has failed, which says so itself.
        for table in reader.prefetched() {
            let _ = send.send(Task::Table(table)).await;
        }
        let mut after = from.map(|(until, _)| until);
        for number in 0.. {
            if stop.is_cancelled() {
                break;
            }
            let rows = slice.roots();
            let until = reader.cut(&mut cutter, after.as_ref(), rows as i64).await?;
            let last = until.is_none();
            let range = KeyRange { number, after, until: until.clone(), rows };
            if send.send(Task::Range(range)).await.is_err() || last {
                drop(send);
                return Ok(true);
            }
            after = until;
        }
        drop(send);
        Ok::<bool, Error>(false)
    };
    let read = async {
        while let Some(ended) = workers.join_next().await {
            ended.map_err(|error| Error::new(ErrorKind::Fatal, "a reader of the load broke down").source(error))??;
        }
        Ok(())
    };
    let (whole, ()) = tokio::try_join!(cut, read)?;
    if let Some(progress) = Arc::into_inner(progress) {
        progress.finish(whole);
    }
    Ok(whole)
}

/// One session that reads ranges. While what it has read is written, it reads the next.
struct Worker<S, K: Sink> {
    context: Context,
    source: S,
    document: usize,
    to: Destination<K>,
    version: Version,
    slice: Arc<BatchSizer>,
    shared: RowCache,
    progress: Arc<Progress>,
    ledger: Arc<Ledger>,
}

impl<S: Source, K: Sink> Worker<S, K> {
    async fn run(self, queue: Arc<Mutex<mpsc::Receiver<Task>>>) -> Result<()> {
        let reader = &self.context.readers[self.document];
        let mut session = self.source.session().await?;
        let mut writes = JoinSet::new();
        loop {
            let task = queue.lock().await.recv().await;
            match task {
                None => break,
                Some(Task::Table(level)) => {
                    let share = self.context.budget.half().await;
                    reader.prefetch(&mut session, level, &self.shared, share).await?;
                }
                Some(Task::Range(span)) => self.range(&mut session, span, &mut writes).await?,
            }
        }
        self.written(&mut writes).await
    }

    /// Reads a range and has it written: at once where its documents fit into what one read may take, else in pieces, and
    /// a document that does not fit alone while nobody else has any.
    async fn range(&self, session: &mut S::Session, span: KeyRange, writes: &mut JoinSet<Result<u64>>) -> Result<()> {
        let reader = &self.context.readers[self.document];
        let budget = &self.context.budget;
        let KeyRange { number, mut after, until, rows: mut left } = span;
        let (mut size, mut count) = (left, 0);
        let mut alone = false;
        loop {
            // A piece ends where the range does, or after as many rows as it may have.
            let cut = if alone || size < left { reader.cut(session, after.as_ref(), size as i64).await? } else { None };
            let last = cut.is_none();
            let end = if last { &until } else { &cut };
            let share = if alone { budget.whole().await } else { budget.part().await };
            let begun = self.to.begin();
            let mut documents = Documents::within(self.version, share);
            match reader.read_range(session, after.as_ref(), end.as_ref(), &self.shared, &mut documents).await? {
                Read::TooMuch { fitting } => {
                    alone = size == 1;
                    size = fitting.min(size / 2).max(1);
                    self.slice.shrink(size);
                    continue;
                }
                Read::Complete => {}
            }
            self.slice.learn(documents.len(), documents.bytes(), documents.cost());
            self.written(writes).await?;
            count += documents.len() as u64;
            let (to, ledger) = (self.to.clone(), Arc::clone(&self.ledger));
            // The pieces before this one are written.
            let written = last.then(|| until.clone().map(|until| (until, count))).flatten();
            let write = async move {
                let count = to.fill(documents).await?;
                drop(begun);
                if let Some((until, documents)) = written {
                    ledger.written(number, until, documents);
                }
                Ok(count)
            };
            writes.spawn(write.in_current_span());
            if last {
                return Ok(());
            }
            after = cut;
            left = left.saturating_sub(size);
            (size, alone) = (self.slice.roots(), false);
        }
    }

    /// Waits for what is being written.
    async fn written(&self, writes: &mut JoinSet<Result<u64>>) -> Result<()> {
        while let Some(ended) = writes.join_next().await {
            let count = ended
                .map_err(|error| Error::new(ErrorKind::Fatal, "a writer of the load broke down").source(error))??;
            self.context.health.wrote(count);
            self.progress.advance(count);
        }
        Ok(())
    }
}
