//! The collecting stage. In: frames of the stream. Out: batches, handed on whenever the reading stage has room, so that
//! they grow under load and shrink when it is quiet. A transaction too large for memory is handed on in pieces.

use super::Context;
use super::batch::{Batch, Transaction};
use super::guard::Look;
use super::router::{Announcement, Router};
use super::start::Started;
use super::watch::{Leaf, lock};
use crate::source::postgres::Lsn;
use crate::source::postgres::pgoutput::{Message, Relation, decode};
use crate::source::postgres::{Frame, ReplicationStream};
use crate::{Code, Error, ErrorKind, Result};
use std::time::{Duration, SystemTime};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A batch of this many bytes of keys waits to be read before more is taken in.
const BATCH_BYTES: usize = 1 << 20;
/// A keepalive further than this behind everything known is held against the server's log before it is believed: a
/// position that is not there would be recorded and acknowledged, and the changes up to it never be sent.
const SURPRISE: u64 = 64 << 20;
/// Frames taken in before the other stages are looked at again.
const BURST: usize = 4096;

/// Takes messages in until stopped, and hands a batch on whenever the reading stage has room.
pub(super) async fn collect(
    context: &Context,
    started: &Started,
    stream: &mut ReplicationStream,
    router: Router,
    look: &Look,
    to_read: mpsc::Sender<Batch>,
    drain: &CancellationToken,
) -> Result<()> {
    let batch = Batch::new(&context.program, Lsn::ZERO);
    let mut intake = Intake { context, started, router, look, batch, open: None, known: Lsn::ZERO };
    let mut sent = Lsn::ZERO;
    loop {
        let whole = intake.open.is_none();
        let full = intake.batch.bytes() >= BATCH_BYTES;
        tokio::select! {
            biased;
            () = drain.cancelled(), if whole => {
                if intake.batch.end > sent {
                    // The reading stage may be gone already; then its error is the one to report.
                    let _ = to_read.send(intake.batch).await;
                }
                return Ok(());
            }
            room = to_read.reserve(), if full || (whole && (intake.batch.end > sent || !intake.batch.leaves.is_empty())) => {
                let Ok(room) = room else { return Ok(()) };
                room.send(intake.hand_on());
                sent = intake.batch.end;
            }
            () = look.joined.notified(), if whole => {
                for leaf in look.take_leaves() {
                    started.checkpoint().doubt(&leaf.table).await?;
                    intake.batch.leaf_between(leaf);
                }
            }
            frame = stream.next(), if !full => {
                // Whatever has arrived already is taken in at once.
                let lost = |error| context.spoilt(error);
                let mut next = Some(frame.map_err(lost)?);
                for _ in 0..BURST {
                    let Some(frame) = next.take() else { break };
                    intake.take(frame).await?;
                    if intake.batch.bytes() >= BATCH_BYTES {
                        break;
                    }
                    next = stream.try_next().map_err(lost)?;
                }
                if let Some(frame) = next {
                    intake.take(frame).await?;
                }
            }
        }
    }
}

/// What is arriving.
struct Intake<'a> {
    context: &'a Context,
    started: &'a Started,
    router: Router,
    look: &'a Look,
    batch: Batch,
    /// The transaction whose messages are arriving.
    open: Option<Transaction>,
    /// The log is known to reach up to here.
    known: Lsn,
}

impl Intake<'_> {
    /// Refuses a position beyond the end of the server's log.
    async fn believe(&mut self, wal_end: Lsn) -> Result<()> {
        if wal_end.0 <= self.known.0.saturating_add(SURPRISE) {
            return Ok(());
        }
        self.known = self.started.log_end_now().await?;
        if wal_end <= self.known {
            return Ok(());
        }
        Err(Error::coded(
            Code::Forged,
            format!("the stream says that the log has reached {wal_end}, the server that it ends at {}", self.known),
        ))
    }

    /// What has arrived so far, a transaction that is still arriving cut where it stands.
    fn hand_on(&mut self) -> Batch {
        if let Some(open) = self.open {
            tracing::debug!(xid = open.xid, "a large transaction is taken in pieces");
            self.batch.cut(open);
        }
        let next = Batch::new(&self.context.program, self.batch.end);
        std::mem::replace(&mut self.batch, next)
    }

    async fn take(&mut self, frame: Frame) -> Result<()> {
        let payload = match frame {
            Frame::Data { payload, wal_start, .. } => {
                self.known = self.known.max(wal_start);
                payload
            }
            Frame::Keepalive { wal_end } => {
                self.believe(wal_end).await?;
                // Everything before it was sent and has been taken in, so it may be acknowledged behind it.
                if self.open.is_none() && wal_end > self.batch.end {
                    self.batch.end = wal_end;
                    self.context.health.received(wal_end);
                }
                return Ok(());
            }
        };
        match decode(&payload)? {
            Message::Begin { xid, committed_at, commit_lsn } => {
                self.open = Some(Transaction { xid, committed_at: time(committed_at), commit_lsn });
            }
            Message::Commit { end_lsn, .. } => {
                let transaction = self.open.take().ok_or_else(|| {
                    Error::new(ErrorKind::Fatal, "the stream carries the end of a transaction without its beginning")
                })?;
                self.batch.commit(transaction, end_lsn);
                self.context.health.received(end_lsn);
            }
            Message::Relation(relation) => match self.router.announce(&relation) {
                Announcement::First => {}
                Announcement::Again => self.look.now.notify_one(),
                Announcement::Unknown => self.look_up(&relation).await?,
            },
            Message::Insert { relation, new } => self.router.insert(relation, &new, &mut self.batch)?,
            Message::Update { relation, old, new } => {
                let old = old.as_ref().map(|(kind, row)| (*kind, row));
                self.router.update(relation, old, &new, &mut self.batch)?;
            }
            Message::Delete { relation, kind, old } => {
                self.router.delete(relation, (kind, &old), &mut self.batch)?;
            }
            Message::Truncate { relations, .. } => self.router.truncate(relations, &mut self.batch),
            _ => {}
        }
        Ok(())
    }

    /// A relation that was not there at the start. Where it is a leaf of a table, its changes are followed from here on,
    /// and what it brought along is read.
    async fn look_up(&mut self, relation: &Relation) -> Result<()> {
        let (facts, seen) = self.started.fingerprints(self.context).await?;
        let Some((table, _)) = facts.table_of(relation.oid) else { return Ok(()) };
        self.router.adopt(relation, table);
        let name = self.context.program.plan.table(table).qualified();
        if lock(&self.look.watch).is_unread(&name, relation.oid)
            && let Some(seen) = seen.get(&name)
        {
            let (oid, seen) = (relation.oid, seen.clone());
            self.started.checkpoint().doubt(&name).await?;
            self.batch.leaf(Leaf { table: name, oid, seen });
            self.look.now.notify_one();
        }
        Ok(())
    }
}

/// Microseconds since 2000-01-01.
fn time(micros: i64) -> SystemTime {
    let epoch = SystemTime::UNIX_EPOCH + Duration::from_secs(946_684_800);
    let distance = Duration::from_micros(micros.unsigned_abs());
    let moved = if micros < 0 { epoch.checked_sub(distance) } else { epoch.checked_add(distance) };
    moved.unwrap_or(epoch)
}
