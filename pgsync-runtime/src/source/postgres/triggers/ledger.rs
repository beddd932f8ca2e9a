//! What looks at the outbox have handed out, and what of it is written. In: a position and the snapshot of each look,
//! acknowledgements. Out: the snapshot whose rows may be deleted, and the version below everything that is still to be
//! written.

use super::snapshot::Snapshot;
use crate::Position;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The looks of one source. A clone is the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    written: Position,
    /// In rising order of positions.
    handed_out: VecDeque<(Position, Snapshot)>,
    /// The outbox that is followed, and what tells it from one that was made anew.
    outbox: Option<u32>,
    /// Somebody waits for a look that finds the log further on.
    asked: bool,
}

impl Ledger {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything before a position is written, and nothing is handed out.
    pub(super) fn begin(&self, written: Position) {
        let mut inner = self.inner();
        inner.written = written;
        inner.handed_out.clear();
    }

    /// Everything before it is written.
    pub(super) fn written(&self) -> Position {
        self.inner().written
    }

    /// All that a snapshot sees is handed out, and stands before this position.
    pub(super) fn handed_out(&self, position: Position, snapshot: Snapshot) {
        self.inner().handed_out.push_back((position, snapshot));
    }

    /// Asks for a look that finds the log further on than it is now.
    pub(super) fn ask(&self) {
        self.inner().asked = true;
    }

    /// Whether one was asked for since this was asked last.
    pub(super) fn is_asked(&self) -> bool {
        std::mem::take(&mut self.inner().asked)
    }

    /// Which outbox is followed.
    pub(super) fn follows(&self, outbox: Option<u32>) {
        self.inner().outbox = outbox;
    }

    /// What the state keeps beside a position: which outbox it is that has what comes after it.
    pub(super) fn continuation(&self) -> Option<String> {
        self.inner().outbox.map(continuation)
    }

    /// Everything before a position is written: what may be deleted then, where that is more than before.
    fn acknowledge(&self, position: Position) -> Option<Snapshot> {
        let mut inner = self.inner();
        inner.written = inner.written.max(position);
        let mut last = None;
        while inner.handed_out.front().is_some_and(|(of, _)| *of <= position) {
            last = inner.handed_out.pop_front().map(|(_, snapshot)| snapshot);
        }
        last
    }
}

/// What stands in a state for an outbox.
pub(super) fn continuation(outbox: u32) -> String {
    format!("{OUTBOX}{outbox}")
}

/// Whether this stood for an outbox: another way to capture leaves other words.
pub(super) fn is_of_outbox(said: &str) -> bool {
    said.starts_with(OUTBOX)
}

const OUTBOX: &str = "outbox ";

/// Acknowledges from anywhere. Deleting is done by whoever holds the other end.
#[derive(Debug, Clone)]
pub(crate) struct Acknowledgement {
    ledger: Ledger,
    deletable: watch::Sender<Option<Snapshot>>,
}

impl Acknowledgement {
    pub(super) fn new(ledger: Ledger, deletable: watch::Sender<Option<Snapshot>>) -> Self {
        Self { ledger, deletable }
    }
}

impl crate::source::Acknowledge for Acknowledgement {
    fn acknowledge(&self, position: Position) {
        if let Some(snapshot) = self.ledger.acknowledge(position) {
            self.deletable.send_replace(Some(snapshot));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_may_be_deleted_and_nothing_else() {
        let ledger = Ledger::default();
        let snapshot = |text: &str| Snapshot::parse(text).unwrap();
        ledger.begin(Position::at(10));
        ledger.handed_out(Position::at(20), snapshot("5:6:"));
        ledger.handed_out(Position::at(30), snapshot("7:9:7"));
        assert_eq!((ledger.acknowledge(Position::at(19)), ledger.written()), (None, Position::at(19)));
        assert_eq!(ledger.acknowledge(Position::at(25)), Some(snapshot("5:6:")));
        assert_eq!(ledger.acknowledge(Position::at(40)), Some(snapshot("7:9:7")));
        assert_eq!((ledger.acknowledge(Position::at(35)), ledger.written()), (None, Position::at(40)));
    }
}
