//! How late the index is. In: when transactions that arrive were committed, and how far everything is written. Out: the age of
//! the oldest one that is not written. What the server has not sent yet is younger than what it has.

use crate::Position;
use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

/// Most that is remembered: beyond, a transaction counts as old as the one before it.
const MOST: usize = 4096;

/// Transactions that have arrived and are not written.
#[derive(Debug, Default)]
pub(super) struct Delay(VecDeque<(Position, SystemTime)>);

impl Delay {
    /// A transaction has arrived.
    pub(super) fn received(&mut self, end: Position, committed_at: SystemTime) {
        let full = self.0.len() >= MOST;
        match self.0.back_mut().filter(|_| full) {
            Some((last, _)) => *last = end,
            None => self.0.push_back((end, committed_at)),
        }
    }

    /// Everything up to here is written.
    pub(super) fn written(&mut self, end: Position) {
        while self.0.front().is_some_and(|(position, _)| *position <= end) {
            self.0.pop_front();
        }
    }

    /// How long ago the oldest of them was committed; nothing where the clocks disagree about that.
    pub(super) fn at(&self, now: SystemTime) -> Duration {
        let oldest = self.0.iter().map(|(_, committed_at)| *committed_at).min();
        oldest.and_then(|oldest| now.duration_since(oldest).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_that_is_not_written_counts() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let mut delay = Delay::default();
        assert_eq!(delay.at(at(100)), Duration::ZERO);
        for number in 1..=3 {
            delay.received(Position::at(number), at(10 * number));
        }
        assert_eq!(delay.at(at(100)), Duration::from_secs(90));
        delay.written(Position::at(2));
        assert_eq!(delay.at(at(100)), Duration::from_secs(70));
        assert_eq!(delay.at(at(0)), Duration::ZERO, "a clock that is behind");
        for number in 4..10_000 {
            delay.received(Position::at(number), at(40));
        }
        assert!(delay.0.len() <= MOST, "it is bounded");
        delay.written(Position::at(9999));
        assert_eq!(delay.at(at(100)), Duration::ZERO);
    }
}
