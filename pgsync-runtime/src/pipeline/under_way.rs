//! The ranges of a load that are read and not written yet. In: a range that begins, and its end. Out: the moment from which
//! nothing is on its way that was read before.
//!
//! A load writes beside the stream. What it writes where the stream has written already is refused by its version. A delete
//! leaves nothing to compare with, once the engine has forgotten it: what was read before and comes after it would stay for
//! ever. So the stream deletes only when every range that was under way then has ended. Ranges that begin later do not
//! have the row: the delete was read, so it was visible, before they began.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The ranges of one document that are under way. A clone is the same.
#[derive(Debug, Clone, Default)]
pub(super) struct UnderWay(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    numbers: Mutex<Numbers>,
    ended: Notify,
}

#[derive(Debug, Default)]
struct Numbers {
    next: u64,
    open: BTreeSet<u64>,
}

/// A range from before its snapshot until it is written. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Begun {
    of: UnderWay,
    number: u64,
}

impl UnderWay {
    /// A range begins. Whoever calls this must hold all that it will wait for: others wait for its end.
    pub(super) fn begin(&self) -> Begun {
        let mut numbers = self.numbers();
        let number = numbers.next;
        numbers.next += 1;
        numbers.open.insert(number);
        Begun { of: self.clone(), number }
    }

    /// Waits until every range that is under way now has ended.
    pub(super) async fn ended(&self) {
        let before = self.numbers().next;
        loop {
            let ended = self.0.ended.notified();
            tokio::pin!(ended);
            ended.as_mut().enable();
            if self.numbers().open.first().is_none_or(|first| *first >= before) {
                return;
            }
            ended.await;
        }
    }

    fn numbers(&self) -> MutexGuard<'_, Numbers> {
        self.0.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.of.numbers().open.remove(&self.number);
        self.of.0.ended.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[tokio::test]
    async fn what_began_before_is_waited_for_and_what_began_later_is_not() {
        let ranges = UnderWay::default();
        assert!(ranges.ended().now_or_never().is_some());
        let (first, second) = (ranges.begin(), ranges.begin());
        let mut waiting = Box::pin(ranges.ended());
        assert!((&mut waiting).now_or_never().is_none());
        let _later = ranges.begin();
        drop(second);
        assert!((&mut waiting).now_or_never().is_none());
        drop(first);
        waiting.await;
    }
}
