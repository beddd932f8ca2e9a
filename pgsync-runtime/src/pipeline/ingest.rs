//! The ingesting stage. In: messages of the stream. Out: batches, handed on whenever the reading stage has room, so that
//! they grow under load and shrink when it is quiet. A transaction too large for memory is handed on in pieces.

use super::Context;
use super::batch::Batch;
use super::checkpoint::Checkpoint;
use super::drift::{Leaf, lock};
use super::monitor::Look;
use super::router::{Announcement, Router};
use crate::source::{ChangeStream, Event, Lease, Message, Relation, Transaction};
use crate::state::StoreState;
use crate::{Error, ErrorKind, Mark, Position, Result};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Messages taken in before the other stages are looked at again.
const BURST: usize = 4096;

/// Takes messages in until stopped, and hands a batch on whenever the reading stage has room.
pub(super) async fn ingest<L: Lease, T: StoreState>(
    context: &Context,
    (lease, checkpoint): (&L, &Checkpoint<T>),
    stream: &mut impl ChangeStream,
    router: Router,
    look: &Look,
    to_read: mpsc::Sender<Batch>,
    drain: &CancellationToken,
) -> Result<()> {
    let batch = Batch::new(&context.program, Mark::default());
    let mut intake = Intake { context, lease, checkpoint, router, look, batch, open: None };
    let mut sent = Position::START;
    loop {
        let whole = intake.open.is_none();
        let full = intake.batch.bytes() >= context.limits.batch_bytes;
        let end = intake.batch.end.position;
        tokio::select! {
            biased;
            () = drain.cancelled(), if whole => {
                if end > sent {
                    // The reading stage may be gone already; then its error is the one to report.
                    let _ = to_read.send(intake.batch).await;
                }
                return Ok(());
            }
            room = to_read.reserve(), if full || (whole && (end > sent || !intake.batch.leaves.is_empty())) => {
                let Ok(room) = room else { return Ok(()) };
                room.send(intake.hand_on());
                sent = end;
            }
            () = look.joined.notified(), if whole => {
                for leaf in look.take_leaves() {
                    checkpoint.doubt(&leaf.table).await?;
                    intake.batch.leaf_between(leaf);
                }
            }
            message = stream.next(), if !full => {
                // Whatever has arrived already is taken in at once.
                let broken = |error| context.broken(error);
                let mut next = Some(message.map_err(broken)?);
                for _ in 0..BURST {
                    let Some(message) = next.take() else { break };
                    intake.take(&message).await?;
                    if intake.batch.bytes() >= context.limits.batch_bytes {
                        break;
                    }
                    next = stream.try_next().map_err(broken)?;
                }
                if let Some(message) = next {
                    intake.take(&message).await?;
                }
            }
        }
    }
}

/// What is arriving.
struct Intake<'a, L, T> {
    context: &'a Context,
    lease: &'a L,
    checkpoint: &'a Checkpoint<T>,
    router: Router,
    look: &'a Look,
    batch: Batch,
    /// The transaction whose messages are arriving.
    open: Option<Transaction>,
}

impl<L: Lease, T: StoreState> Intake<'_, L, T> {
    /// What has arrived so far, a transaction that is still arriving cut where it stands.
    fn hand_on(&mut self) -> Batch {
        if let Some(open) = self.open {
            tracing::debug!(transaction = open.id.0, "a large transaction is taken in pieces");
            self.batch.cut(open);
        }
        let next = Batch::new(&self.context.program, self.batch.end);
        std::mem::replace(&mut self.batch, next)
    }

    async fn take(&mut self, message: &impl Message) -> Result<()> {
        match message.event()? {
            Event::Row(change) => self.router.change(&change, &mut self.batch)?,
            Event::Begin(transaction) => self.open = Some(transaction),
            Event::Commit(end) => {
                let transaction = self.open.take().ok_or_else(|| {
                    Error::new(ErrorKind::Fatal, "the stream carries the end of a transaction without its beginning")
                })?;
                self.batch.commit(transaction, end);
                self.context.health.received(end.position);
                self.context.health.committed(end.position, transaction.committed_at);
            }
            // Everything before it was sent and has been taken in, so it may be acknowledged behind it.
            Event::Idle(end) if self.open.is_none() && end.position > self.batch.end.position => {
                self.batch.idle(end);
                self.context.health.received(end.position);
            }
            Event::Idle(_) | Event::Nothing => {}
            Event::Truncate(relations) => self.router.truncate(relations, &mut self.batch),
            Event::Unlogged(unlogged) => {
                unlogged.everything.iter().for_each(|document| self.batch.everything(*document));
                unlogged.words.iter().for_each(|(document, word)| self.batch.word(*document, word));
            }
            Event::Relation(relation) => match self.router.announce(&relation) {
                Announcement::First => {}
                Announcement::Again => self.look.now.notify_one(),
                Announcement::Unknown => return self.look_up(&relation).await,
            },
        }
        Ok(())
    }

    /// A relation that was not there at the start. Where it is a leaf of a table, its changes are followed from here on,
    /// and what it brought along is read.
    async fn look_up(&mut self, relation: &Relation) -> Result<()> {
        let (found, seen) = self.lease.fingerprints().await?;
        let Some(&table) = self.lease.relations(&found).get(&relation.id) else { return Ok(()) };
        self.router.adopt(relation, table);
        let name = self.context.program.plan.table(table).qualified();
        if lock(&self.look.drift).is_unread(&name, relation.id)
            && let Some(seen) = seen.get(&name)
        {
            let leaf = Leaf { table: name, relation: relation.id, seen: seen.clone() };
            self.checkpoint.doubt(&leaf.table).await?;
            self.batch.leaf(leaf);
            self.look.now.notify_one();
        }
        Ok(())
    }
}
