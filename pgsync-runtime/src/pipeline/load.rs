//! The first load, and every later one. In: the documents that need it and the low mark. Out: filled indexes behind
//! their aliases, recorded as loaded.
//!
//! The slot is older than the first read, so whatever changes meanwhile is in the stream. The root table is read in
//! ranges of its key by several sessions, each range in a short snapshot; every document is written at the low mark,
//! below any version the stream will use. The alias is moved when the load is complete; what a killed load has left is
//! dropped by the next start, which begins anew.

use super::Context;
use super::batch_sizer::BatchSizer;
use super::generations::filling;
use super::progress::Progress;
use super::quarantine::{Destination, Quarantine};
use super::start::Start;
use crate::fetch::{Bound, Documents, Read, RowCache};
use crate::health::Phase;
use crate::position::Mark;
use crate::sink::{Sink, Target};
use crate::source::{Lease, Source};
use crate::{Error, ErrorKind, Result, Version};
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

/// What is read next.
enum Task {
    /// The whole table of a level, whose rows several documents show, where it is small.
    Table(usize),
    /// Roots.
    Range(KeyRange),
}

/// A range of the roots' key, `(after, until]`; open where there is no bound.
struct KeyRange {
    after: Option<Bound>,
    until: Option<Bound>,
    /// How many roots it had when it was cut; in the last one there are fewer.
    rows: usize,
}

/// Loads whatever is missing.
///
/// # Errors
/// Those of both sides. What was loaded so far is dropped by the next attempt.
pub(super) async fn load<S: Source, K: Sink>(
    context: &Context,
    source: &S,
    engine: &K,
    start: &mut Start<S, K>,
) -> Result<()> {
    let missing = start.generations.unloaded();
    if missing.is_empty() {
        return Ok(());
    }
    context.health.phase(Phase::Loading);
    let low_mark = start.lease.low_mark(super::read::patience(context)).await?;
    context.health.resumed();
    let quarantine = Quarantine::open(context, engine).await?;
    for document in missing {
        let definition = &context.program.plan.documents[document];
        let target = begin(context, engine, start, document, low_mark).await?;
        let ceiling = start.lease.ceiling();
        let to = Destination::open(context, engine, ceiling, &quarantine, (document, &target)).await?;
        read_all(context, source, document, &to, low_mark.version).await?;
        // In this order: what is loaded stays loaded, however long the engine refuses the alias.
        start.checkpoint.filled(&definition.index).await?;
        start.generations.filled(document);
        start.generations.publish(context, engine).await?;
        tracing::info!(index = %definition.index, version = %low_mark.version, "index is filled and searchable");
    }
    Ok(())
}

/// Makes the next generation of an index and records it before its first document.
async fn begin<S: Source, K: Sink>(
    context: &Context,
    engine: &K,
    start: &mut Start<S, K>,
    document: usize,
    low_mark: Mark,
) -> Result<Target> {
    let name = &context.program.plan.documents[document].index;
    let (_, mut seen) = start.lease.fingerprints().await?;
    let generation = start.generations.create(context, engine, document).await?;
    let loaded = |name: &str| start.checkpoint.index(name).is_some_and(|index| index.loaded);
    let (own, shared) = tables(context, document, loaded);
    seen.retain(|table, _| own.contains(table));
    start.checkpoint.begin(name, filling(&generation, low_mark.position), seen, &shared).await?;
    let pipeline = context.program.plan.documents[document].pipeline.clone();
    Ok(Target { physical: generation.physical, pipeline })
}

/// The tables of a document, and those that another loaded document has rows of: it may have been made from an older
/// state of them.
fn tables(context: &Context, document: usize, loaded: impl Fn(&str) -> bool) -> (Vec<String>, Vec<String>) {
    let plan = &context.program.plan;
    let tables = |document: usize| {
        plan.documents[document].routes.iter().map(|route| plan.table(route.table).qualified()).collect::<Vec<_>>()
    };
    let others = context.documents().filter(|other| *other != document && loaded(&plan.documents[*other].index));
    (tables(document), others.flat_map(tables).collect())
}

/// Reads every root row of a document and writes its documents at one version.
///
/// # Errors
/// Those of both sides.
pub(super) async fn read_all<S: Source, K: Sink>(
    context: &Context,
    source: &S,
    document: usize,
    to: &Destination<K>,
    version: Version,
) -> Result<()> {
    let settings = &context.settings;
    let reader = &context.readers[document];
    let mut cutter = source.session().await?;
    let progress = Arc::new(Progress::new(
        &context.program.plan.documents[document].index,
        u64::try_from(reader.estimate(&mut cutter).await?).unwrap_or(0),
    ));
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
        };
        workers.spawn(worker.run(Arc::clone(&queue)));
    }
    drop(queue);
    let cut = async {
        // Nobody takes any more when a reader has failed, which says so itself.
        for table in reader.prefetched() {
            let _ = send.send(Task::Table(table)).await;
        }
        let mut after: Option<Bound> = None;
        loop {
            let rows = slice.roots();
            let until = reader.cut(&mut cutter, after.as_ref(), rows as i64).await?;
            let last = until.is_none();
            if send.send(Task::Range(KeyRange { after, until: until.clone(), rows })).await.is_err() || last {
                drop(send);
                return Ok(());
            }
            after = until;
        }
    };
    let read = async {
        while let Some(ended) = workers.join_next().await {
            ended.map_err(|error| Error::new(ErrorKind::Fatal, "a reader of the load broke down").source(error))??;
        }
        Ok(())
    };
    tokio::try_join!(cut, read)?;
    if let Some(progress) = Arc::into_inner(progress) {
        progress.finish();
    }
    Ok(())
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
        let KeyRange { mut after, until, rows: mut left } = span;
        let mut size = left;
        let mut alone = false;
        loop {
            // A piece ends where the range does, or after as many rows as it may have.
            let cut = if alone || size < left { reader.cut(session, after.as_ref(), size as i64).await? } else { None };
            let last = cut.is_none();
            let end = if last { &until } else { &cut };
            let share = if alone { budget.whole().await } else { budget.part().await };
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
            let to = self.to.clone();
            writes.spawn(async move { to.write(documents).await });
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
