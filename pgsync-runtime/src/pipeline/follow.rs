//! Following the stream: collect -> read -> write -> acknowledge, each stage one loop, with room for one batch between
//! two stages. In: the stream. Out: written documents, the position in the state, the acknowledgement.
//!
//! While one batch is written the next is read and the one after it collected, so batches grow under load and shrink
//! when it is quiet. Writes of a batch begin when the batch before it is accepted. Reads begin once every transaction
//! of the batch is visible. The acknowledgement follows the state, which follows the writes.

use super::Context;
use super::batch::Batch;
use super::guard::guard;
use super::record::record;
use super::resync::resync;
use super::router::Router;
use super::start::Started;
use super::watch::Watch;
use crate::fetch::{Documents, KeySet, Session, Shared};
use crate::sink::{Engine, Writer};
use crate::source::pgoutput::{Message, decode};
use crate::source::{Connection, Frame, ReplicationStream, Visibility, Waiting};
use crate::{Error, ErrorKind, Lsn, Result, database};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

/// A batch that grows beyond this many bytes of keys waits to be read before more is taken in.
const BATCH_BYTES: usize = 32 << 20;
/// Frames taken in before the other stages are looked at again.
const BURST: usize = 4096;
/// Root keys read and written as one slice: bounds the memory of a change that touches very many documents.
const SLICE: usize = 2000;

/// Documents on their way to the engine.
struct Work {
    /// Per document of the program: what to write.
    writes: Vec<(usize, Documents)>,
    /// Documents to read anew as a whole, once everything before is written.
    everything: Vec<usize>,
    /// Tables truncated by it.
    truncated: Vec<usize>,
    version: Lsn,
    /// What may be acknowledged once it is written; `None` for all but the last slice of a batch.
    end: Option<Lsn>,
    oldest: Option<SystemTime>,
}

/// Follows until stopped; with `until_caught_up` until all that was in the log at the beginning is written.
///
/// # Errors
/// Those of both sides; [`ErrorKind::Reload`] where the stream no longer tells everything.
pub(super) async fn follow(context: &Context, engine: &Engine, started: Started, until_caught_up: bool) -> Result<()> {
    let goal = if until_caught_up { Some(started.durable_end().await?) } else { None };
    let connection = Connection::open(&context.settings.database).await?;
    let capture = &context.program.capture;
    let stream = ReplicationStream::start(connection, &capture.slot, &capture.publication).await;
    let mut stream = stream.map_err(|error| spoil(context, error))?;
    let pid = stream.pid();
    let acknowledge = stream.acknowledger();
    let facts = started.facts(context).await?;
    let router = Router::new(context.program.clone(), &facts);
    let visibility = Visibility::new(database::connect(&context.settings.database).await?).await?;
    let session = Session::open(database::connect(&context.settings.database).await?).await?;
    let mut writers = Vec::new();
    for document in 0..context.program.plan.documents.len() {
        writers.push(engine.writer(&started.target(document)?, started.log_end()).await?);
    }
    let (to_read, from_collect) = mpsc::channel(1);
    let (to_write, from_read) = mpsc::channel(1);
    let (written, position) = watch::channel(started.position().await);
    let look = Mutex::new(Watch::new(started.marks().await));
    // Ends the collecting stage and lets the others run dry.
    let drain = context.stop.child_token();
    tracing::info!(slot = %context.program.capture.slot, from = %*position.borrow(), "following the stream");
    let stages = async {
        tokio::try_join!(
            async {
                let result = collect(context, &started, &mut stream, router, to_read, &drain).await;
                drain.cancel();
                result
            },
            read(context, visibility, session, from_collect, to_write),
            write(context, &started, &writers, from_read, written, &look),
            record(&started, acknowledge, position.clone(), goal, &drain),
            guard(context, &started, pid, position, &look, &drain),
        )
    };
    stages.await?;
    stream.close().await
}

/// Takes messages in until stopped, and hands a batch on whenever the reading stage has room.
async fn collect(
    context: &Context,
    started: &Started,
    stream: &mut ReplicationStream,
    mut router: Router,
    to_read: mpsc::Sender<Batch>,
    drain: &CancellationToken,
) -> Result<()> {
    let mut batch = Batch::new(&context.program);
    // The transaction whose messages are arriving.
    let mut open: Option<(u32, SystemTime)> = None;
    let mut sent = Lsn::ZERO;
    loop {
        let whole = open.is_none();
        tokio::select! {
            biased;
            () = drain.cancelled(), if whole => {
                if batch.end > sent {
                    // The reading stage may be gone already; then its error is the one to report.
                    let _ = to_read.send(batch).await;
                }
                return Ok(());
            }
            room = to_read.reserve(), if whole && batch.end > sent => {
                let Ok(room) = room else { return Ok(()) };
                sent = batch.end;
                room.send(std::mem::replace(&mut batch, Batch::new(&context.program)));
            }
            frame = stream.next(), if !whole || batch.bytes() < BATCH_BYTES => {
                // Whatever has arrived already is taken in at once, up to the end of a transaction and some more.
                let mut taken = 0;
                let lost = |error| spoil(context, error);
                let mut next = Some(frame.map_err(lost)?);
                while let Some(frame) = next {
                    take(context, started, &mut router, &mut batch, &mut open, frame).await?;
                    taken += 1;
                    let enough = taken == BURST || (open.is_none() && batch.bytes() >= BATCH_BYTES);
                    next = if enough { None } else { stream.try_next().map_err(lost)? };
                }
            }
        }
    }
}

async fn take(
    context: &Context,
    started: &Started,
    router: &mut Router,
    batch: &mut Batch,
    open: &mut Option<(u32, SystemTime)>,
    frame: Frame,
) -> Result<()> {
    let payload = match frame {
        Frame::Data { payload, .. } => payload,
        Frame::Keepalive { wal_end } => {
            // Everything before it was sent and has been taken in, so it may be acknowledged behind it.
            if open.is_none() && wal_end > batch.end {
                batch.end = wal_end;
                context.health.received(wal_end);
            }
            return Ok(());
        }
    };
    match decode(&payload)? {
        Message::Begin { xid, committed_at, .. } => *open = Some((xid, time(committed_at))),
        Message::Commit { commit_lsn, end_lsn, .. } => {
            let (xid, committed_at) = open.take().ok_or_else(|| {
                Error::new(ErrorKind::Fatal, "the stream carries the end of a transaction without its beginning")
            })?;
            batch.commit(xid, committed_at, commit_lsn, end_lsn);
            context.health.received(end_lsn);
        }
        Message::Relation(relation)
            if router.announce(&relation)? && started.facts(context).await?.table_of(relation.oid).is_some() =>
        {
            context.spoil(0..context.program.plan.documents.len());
            return Err(Error::new(
                ErrorKind::Reload,
                format!("{}.{} is a new partition whose rows were not read yet", relation.schema, relation.name),
            ));
        }
        Message::Insert { relation, new } => {
            router.insert(relation, &new, batch).map_err(|error| spoil(context, error))?;
        }
        Message::Update { relation, old, new } => {
            let old = old.as_ref().map(|(kind, row)| (*kind, row));
            router.update(relation, old, &new, batch).map_err(|error| spoil(context, error))?;
        }
        Message::Delete { relation, kind, old } => {
            router.delete(relation, (kind, &old), batch).map_err(|error| spoil(context, error))?;
        }
        Message::Truncate { relations, .. } => router.truncate(relations, batch),
        _ => {}
    }
    Ok(())
}

/// Microseconds since 2000-01-01.
fn time(micros: i64) -> SystemTime {
    let epoch = SystemTime::UNIX_EPOCH + Duration::from_secs(946_684_800);
    let distance = Duration::from_micros(micros.unsigned_abs());
    let moved = if micros < 0 { epoch.checked_sub(distance) } else { epoch.checked_add(distance) };
    moved.unwrap_or(epoch)
}

/// Reports a wait to `/healthz` at once, and to the log after a second and every half minute from then on.
pub(super) fn patience(context: &Context) -> impl FnMut(Waiting) + '_ {
    let mut said: Option<Duration> = None;
    move |waiting: Waiting| {
        let text = describe(&waiting);
        context.health.waiting(&text);
        let due = said.map_or(Duration::from_secs(1), |last| last + Duration::from_secs(30));
        if waiting.since >= due {
            tracing::warn!(seconds = waiting.since.as_secs(), "waiting for {text}");
            said = Some(waiting.since);
        }
    }
}

/// What is waited for, in words.
fn describe(waiting: &Waiting) -> String {
    let mut text = format!("transaction {} to become visible", waiting.xid);
    if let Some(pid) = waiting.pid {
        text.push_str(&format!(" (session with pid {pid}"));
        if let Some(event) = &waiting.wait_event {
            text.push_str(&format!(" waits for {event}"));
        }
        text.push(')');
    }
    text
}

/// A change that cannot be followed, or not be had any more, spoils what was loaded before it.
fn spoil(context: &Context, error: Error) -> Error {
    if error.kind() == ErrorKind::Reload {
        context.spoil(0..context.program.plan.documents.len());
    }
    error
}

/// Establishes visibility, finds the roots, reads and renders them.
async fn read(
    context: &Context,
    mut visibility: Visibility,
    mut session: Session,
    mut batches: mpsc::Receiver<Batch>,
    to_write: mpsc::Sender<Work>,
) -> Result<()> {
    while let Some(batch) = batches.recv().await {
        if !batch.xids.is_empty() {
            visibility.establish(&batch.xids, patience(context)).await?;
        }
        let mut everything = Vec::new();
        for (document, concern) in batch.documents.iter().enumerate() {
            if concern.everything {
                everything.push(document);
                continue;
            }
            if concern.is_idle() {
                continue;
            }
            let reader = &context.readers[document];
            let mut roots = KeySet::new(concern.roots.arity());
            roots.extend(&concern.roots);
            for (route, links) in concern.links.iter().enumerate().filter(|(_, links)| !links.is_empty()) {
                reader.roots(&mut session, route, links, &mut roots).await?;
            }
            for start in (0..roots.len()).step_by(SLICE) {
                let slice = roots.slice(start, SLICE);
                let mut documents = Documents::new();
                reader.read_keys(&mut session, &slice, &mut Shared::new(), &mut documents).await?;
                let work = Work {
                    writes: vec![(document, documents)],
                    everything: Vec::new(),
                    truncated: Vec::new(),
                    version: batch.version,
                    end: None,
                    oldest: None,
                };
                if to_write.send(work).await.is_err() {
                    return Ok(());
                }
            }
        }
        let last = Work {
            writes: Vec::new(),
            everything,
            truncated: batch.truncated,
            version: batch.version,
            end: Some(batch.end),
            oldest: batch.oldest,
        };
        if to_write.send(last).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// Writes what was read, in order.
async fn write(
    context: &Context,
    started: &Started,
    writers: &[Writer],
    mut works: mpsc::Receiver<Work>,
    written: watch::Sender<Lsn>,
    look: &Mutex<Watch>,
) -> Result<()> {
    let mut count = 0;
    while let Some(work) = works.recv().await {
        for (document, documents) in &work.writes {
            writers[*document].write(documents, work.version).await?;
            count += documents.len() as u64;
        }
        if !work.everything.is_empty() {
            let marks = started.facts(context).await?.marks(&context.program);
            let truncated = work.truncated.iter().map(|table| context.program.plan.tables[*table].qualified());
            lock(look).renew(truncated, &marks);
            for document in &work.everything {
                resync(context, *document, &writers[*document], work.version).await?;
            }
            let known = lock(look).known().clone();
            started.remember(known).await;
        }
        if let Some(end) = work.end {
            written.send_if_modified(|position| {
                let moved = end > *position;
                *position = end.max(*position);
                moved
            });
            context.health.written(end, std::mem::take(&mut count));
            if let Some(lag) = work.oldest.and_then(|time| time.elapsed().ok()) {
                tracing::debug!(%end, lag_ms = lag.as_millis() as u64, "batch written");
            }
        }
    }
    Ok(())
}

/// The watch, also after a panic elsewhere.
pub(super) fn lock(look: &Mutex<Watch>) -> std::sync::MutexGuard<'_, Watch> {
    look.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
