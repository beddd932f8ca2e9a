//! What is read and not written yet. In: a position for each batch, in the order of the stream, and the pieces that it is
//! written in, which may be done in any order. Out: the position up to which everything is written.
//!
//! It is the lowest of what is outstanding, never what was written last: of two batches the later one may be done first,
//! and a change that is read in slices between later ones holds the position before it.
//!
//! Must not: count a piece as written that was dropped. A failure ends the attempt, and the position stays where it is.

use crate::Position;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The batches that are not written. A clone is the same.
#[derive(Debug, Clone)]
pub(super) struct Outstanding(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    /// In the order of the stream.
    batches: VecDeque<Pending>,
    /// The number of the first of them.
    first: u64,
    written: watch::Sender<Position>,
}

/// A batch of which something is left to write.
#[derive(Debug)]
struct Pending {
    end: Position,
    pieces: usize,
}

/// A part of a batch that is written on its own.
#[derive(Debug)]
#[must_use = "a piece that is dropped is never written, and the position stays before it"]
pub(super) struct Piece {
    of: Outstanding,
    number: u64,
}

impl Outstanding {
    /// Nothing: everything before `position` is written. The receiver shows the position from here on.
    pub(super) fn new(position: Position) -> (Self, watch::Receiver<Position>) {
        let (written, receiver) = watch::channel(position);
        let inner = Inner { batches: VecDeque::new(), first: 0, written };
        (Self(Arc::new(Mutex::new(inner))), receiver)
    }

    /// The next batch of the stream, which ends at this position. Its first piece.
    pub(super) fn open(&self, end: Position) -> Piece {
        let mut inner = self.inner();
        inner.batches.push_back(Pending { end, pieces: 1 });
        Piece { of: self.clone(), number: inner.first + inner.batches.len() as u64 - 1 }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Piece {
    /// One more piece of the same batch.
    pub(super) fn another(&self) -> Self {
        if let Some(pending) = self.of.inner().pending(self.number) {
            pending.pieces += 1;
        }
        Self { of: self.of.clone(), number: self.number }
    }

    /// It is written. The new position, where that moves it.
    pub(super) fn written(self) -> Option<Position> {
        let mut inner = self.of.inner();
        if let Some(pending) = inner.pending(self.number) {
            pending.pieces -= 1;
        }
        inner.advance()
    }
}

impl Inner {
    fn pending(&mut self, number: u64) -> Option<&mut Pending> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.batches.get_mut(index)
    }

    /// Moves the position behind the batches at the front that are written.
    fn advance(&mut self) -> Option<Position> {
        let mut end = None;
        while self.batches.front().is_some_and(|pending| pending.pieces == 0) {
            end = self.batches.pop_front().map(|pending| pending.end);
            self.first += 1;
        }
        let end = end?;
        let moved = self.written.send_if_modified(|position| {
            let moved = end > *position;
            *position = end.max(*position);
            moved
        });
        moved.then_some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_position_is_that_of_the_lowest_batch_that_is_not_written() {
        let (outstanding, position) = Outstanding::new(Position::at(10));
        let first = outstanding.open(Position::at(20));
        let slice = first.another();
        let second = outstanding.open(Position::at(30));
        let third = outstanding.open(Position::at(40));
        assert_eq!(second.written(), None, "the first is not written");
        assert_eq!(first.written(), None, "a slice of it is left");
        assert_eq!(*position.borrow(), Position::at(10));
        assert_eq!(slice.written(), Some(Position::at(30)));
        assert_eq!(third.written(), Some(Position::at(40)));
        assert_eq!(*position.borrow(), Position::at(40));
    }

    #[test]
    fn what_is_dropped_is_not_written() {
        let (outstanding, position) = Outstanding::new(Position::START);
        drop(outstanding.open(Position::at(20)));
        assert_eq!(outstanding.open(Position::at(30)).written(), None);
        assert_eq!(*position.borrow(), Position::START);
    }

    #[test]
    fn a_piece_of_a_large_transaction_moves_nothing() {
        let (outstanding, position) = Outstanding::new(Position::at(20));
        assert_eq!(outstanding.open(Position::at(20)).written(), None);
        assert_eq!(outstanding.open(Position::at(30)).written(), Some(Position::at(30)));
        assert_eq!(*position.borrow(), Position::at(30));
    }
}
