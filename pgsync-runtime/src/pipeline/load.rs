//! The first load, and every later one. In: the documents that need it and the low mark. Out: filled indexes behind
//! their aliases, recorded as loaded.
//!
//! The slot is older than the first read, so whatever changes meanwhile is in the stream. The root table is read in
//! ranges of its key by several sessions, each range in a short snapshot; every document is written at the low mark,
//! below any version the stream will use. A load that is killed starts over with the same generation dropped.

use super::Context;
use super::progress::Progress;
use super::start::Started;
use crate::fetch::{Bound, Documents, Session, Shared};
use crate::health::Phase;
use crate::sink::{Engine, Writer};
use crate::{Lsn, Result, database};
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc};

/// A range of the root's key, `(after, until]`; open where there is no bound.
type Range = (Option<Bound>, Option<Bound>);

/// Loads whatever `started` says is missing.
///
/// # Errors
/// Those of both sides. What was loaded so far is dropped by the next attempt.
pub(super) async fn load(context: &Context, engine: &Engine, started: &mut Started) -> Result<()> {
    let missing: Vec<usize> = started.unloaded().collect();
    if missing.is_empty() {
        return Ok(());
    }
    context.health.phase(Phase::Loading);
    let low_mark = started.low_mark(context).await?;
    for document in missing {
        let definition = &context.program.plan.documents[document];
        let target = started.begin(context, engine, document, low_mark).await?;
        let writer = engine.writer(&target, started.log_end()).await?;
        read_all(context, document, &writer, low_mark).await?;
        started.finish(context, engine, document).await?;
        tracing::info!(index = %definition.index, version = %low_mark, "index is filled and searchable");
    }
    Ok(())
}

/// Reads every root row of a document and writes its documents at one version.
///
/// # Errors
/// Those of both sides.
pub(super) async fn read_all(context: &Context, document: usize, writer: &Writer, version: Lsn) -> Result<()> {
    let settings = &context.settings;
    let reader = &context.readers[document];
    let mut cutter = Session::open(database::connect(&settings.database).await?).await?;
    let progress = Arc::new(Progress::new(
        &context.program.plan.documents[document].index,
        u64::try_from(reader.estimate(&mut cutter).await?).unwrap_or(0),
    ));
    let (send, receive) = mpsc::channel::<Range>(settings.run.readers * 2);
    let receive = Arc::new(Mutex::new(receive));
    let cut = async {
        let mut after: Option<Bound> = None;
        loop {
            let until = reader.cut(&mut cutter, after.as_ref(), settings.run.range_rows as i64).await?;
            let last = until.is_none();
            if send.send((after, until.clone())).await.is_err() || last {
                drop(send);
                return Ok(());
            }
            after = until;
        }
    };
    let read = async {
        let workers = (0..settings.run.readers.max(1)).map(|_| {
            ranges(context.clone(), document, writer.clone(), version, Arc::clone(&receive), Arc::clone(&progress))
        });
        futures_util::future::try_join_all(workers).await.map(drop)
    };
    tokio::try_join!(cut, read)?;
    if let Some(progress) = Arc::into_inner(progress) {
        progress.finish();
    }
    Ok(())
}

async fn ranges(
    context: Context,
    document: usize,
    writer: Writer,
    version: Lsn,
    queue: Arc<Mutex<mpsc::Receiver<Range>>>,
    progress: Arc<Progress>,
) -> Result<()> {
    let reader = &context.readers[document];
    let mut session = Session::open(database::connect(&context.settings.database).await?).await?;
    let mut documents = Documents::new();
    let mut shared = Shared::new();
    loop {
        let range = queue.lock().await.recv().await;
        let Some((after, until)) = range else { return Ok(()) };
        documents.clear();
        reader.read_range(&mut session, after.as_ref(), until.as_ref(), &mut shared, &mut documents).await?;
        writer.write(&documents, version).await?;
        context.health.loaded(documents.len() as u64);
        progress.advance(documents.len() as u64);
    }
}
