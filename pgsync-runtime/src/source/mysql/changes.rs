//! The stream as a [`ChangeStream`]. In: steps of the log. Out: the same, after the ledger knows of them: which transactions have to
//! be visible before a read, and from where to go on at each position.

use super::binlog::{Gtid, Step};
use super::ledger::Ledger;
use super::message::transaction;
use super::stream::Stream;
use crate::source::{Acknowledge, ChangeStream, TransactionId};
use crate::{Position, Result};

/// A stream whose transactions are written into the ledger.
pub(crate) struct Changes {
    stream: Stream,
    ledger: Ledger,
    /// The transaction that arrives, until a row of it was seen.
    unchanged: Option<(TransactionId, Gtid)>,
}

/// Moves the ledger.
#[derive(Clone)]
pub(crate) struct Acknowledgement(Ledger);

impl Changes {
    pub(super) fn new(stream: Stream, ledger: Ledger) -> Self {
        Self { stream, ledger, unchanged: None }
    }

    fn note(&mut self, step: &Step) {
        match step {
            Step::Begin { gtid, version, .. } => self.unchanged = Some((transaction(*version), gtid.clone())),
            Step::Row(_) | Step::Redefined(_) | Step::Unlogged(_) => {
                if let Some((id, gtid)) = self.unchanged.take() {
                    self.ledger.changed(id, gtid);
                }
            }
            Step::Commit { reached, resume, .. } => {
                self.unchanged = None;
                self.ledger.committed(Position::at(reached.0), resume.clone());
            }
            Step::Relation(_) | Step::Idle { .. } => {}
        }
    }
}

impl ChangeStream for Changes {
    type Message = Step;
    type Acknowledge = Acknowledgement;

    async fn next(&mut self) -> Result<Step> {
        let step = self.stream.next().await?;
        self.note(&step);
        Ok(step)
    }

    fn try_next(&mut self) -> Result<Option<Step>> {
        let step = self.stream.try_next()?;
        if let Some(step) = &step {
            self.note(step);
        }
        Ok(step)
    }

    fn acknowledge(&self) -> Acknowledgement {
        Acknowledgement(self.ledger.clone())
    }

    fn session(&self) -> i32 {
        self.stream.session().cast_signed()
    }

    // The server is told nothing: what was written stands in the state.
    async fn close(self) -> Result<()> {
        Ok(())
    }
}

impl Acknowledge for Acknowledgement {
    fn acknowledge(&self, position: Position) {
        self.0.acknowledge(position);
    }
}
