//! What a stream has handed out, and what of it is written. In: transactions as they are streamed, acknowledgements. Out: the
//! set of transactions behind a position, from which a stream goes on, and the ids that have to be visible before a read.
//!
//! A position is a number: how many transactions are read. From a number nobody can go on, so the set is kept beside it, for
//! every position that may still be recorded. The set may lack some of them, which come again then: those after one that is
//! prepared and undecided.

use super::binlog::{Gtid, GtidSet};
use crate::Position;
use crate::source::TransactionId;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The transactions of one source. A clone is the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    /// Everything up to the position is written, and a stream goes on after the set; none before it is known where one begins.
    written: Option<(Position, GtidSet)>,
    /// What was handed out since, in rising order of positions: from where to go on there.
    streamed: VecDeque<(Position, GtidSet)>,
    /// Transactions that changed a row of concern, as far as nobody has asked for them yet.
    changed: VecDeque<(TransactionId, Gtid)>,
}

impl Ledger {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A stream begins after this set, everything up to the position is written, and nothing was handed out yet. None: nobody
    /// knows where.
    pub(super) fn begin(&self, written: Option<(Position, GtidSet)>) {
        *self.inner() = Inner { written, ..Inner::default() };
    }

    /// Up to where everything is written, and after what a stream goes on there.
    pub(super) fn written(&self) -> Option<(Position, GtidSet)> {
        self.inner().written.clone()
    }

    /// A transaction changes a row.
    pub(super) fn changed(&self, id: TransactionId, gtid: Gtid) {
        self.inner().changed.push_back((id, gtid));
    }

    /// A transaction is handed out as a whole: at this position a stream goes on after this set.
    pub(super) fn committed(&self, position: Position, resume: GtidSet) {
        let mut inner = self.inner();
        // What is handed out once more moves nothing.
        if inner.streamed.back().is_some_and(|(last, _)| *last >= position) {
            return;
        }
        inner.streamed.push_back((position, resume));
    }

    /// From where to go on at a position; a little before it where the position itself is none of a transaction's.
    pub(super) fn at(&self, position: Position) -> Option<GtidSet> {
        let inner = self.inner();
        let reached = inner.streamed.iter().rev().find(|(of, _)| *of <= position);
        reached.or(inner.written.as_ref()).map(|(_, set)| set.clone())
    }

    /// Everything up to a position is written.
    pub(super) fn acknowledge(&self, position: Position) {
        let mut inner = self.inner();
        while inner.streamed.front().is_some_and(|(of, _)| *of <= position) {
            inner.written = inner.streamed.pop_front();
        }
    }

    /// The ids of these transactions, and those of none before them any more: what comes later waits for later ones.
    pub(super) fn take(&self, transactions: &[TransactionId]) -> Vec<Gtid> {
        let mut inner = self.inner();
        let asked = |(id, _): &(TransactionId, Gtid)| transactions.contains(id);
        let until = inner.changed.iter().rposition(asked).map_or(0, |last| last + 1);
        inner.changed.drain(..until).filter(asked).map(|(_, gtid)| gtid).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::binlog::Flavour;
    use super::*;

    fn set(number: u64) -> GtidSet {
        GtidSet::parse(Flavour::MariaDb, &format!("0-1-{number}")).unwrap()
    }

    fn gtid(number: u64) -> Gtid {
        Gtid::MariaDb { domain: 0, server: 1, number }
    }

    #[test]
    fn a_position_has_the_set_of_the_last_transaction_before_it() {
        let ledger = Ledger::default();
        assert_eq!(ledger.at(Position::at(9)), None);
        let of = |number| Some((Position::at(number), set(number)));
        ledger.begin(of(10));
        ledger.committed(Position::at(12), set(12));
        ledger.committed(Position::at(15), set(15));
        for (position, number) in [(10, 10), (11, 10), (12, 12), (14, 12), (15, 15), (99, 15)] {
            assert_eq!(ledger.at(Position::at(position)), Some(set(number)), "{position}");
        }
        ledger.acknowledge(Position::at(14));
        assert_eq!(ledger.written(), of(12));
        assert_eq!(ledger.at(Position::at(13)), Some(set(12)));
        ledger.acknowledge(Position::at(13));
        assert_eq!(ledger.written(), of(12), "it never goes back");
    }

    #[test]
    fn ids_are_handed_out_once_and_earlier_ones_go_with_them() {
        let ledger = Ledger::default();
        for number in 1..6 {
            ledger.changed(TransactionId(number), gtid(number.into()));
        }
        assert_eq!(ledger.take(&[TransactionId(2), TransactionId(3)]), [gtid(2), gtid(3)]);
        assert_eq!(ledger.take(&[TransactionId(3)]), [], "the rest of a large transaction: it was seen");
        assert_eq!(ledger.take(&[TransactionId(4)]), [gtid(4)]);
        assert_eq!(ledger.take(&[TransactionId(5)]), [gtid(5)]);
    }
}
