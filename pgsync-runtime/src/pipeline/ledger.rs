//! How far a load has come. In: ranges that are written, in any order. Out: the key up to which all of them are: there a load
//! goes on that was killed.

use crate::fetch::Bound;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The ranges of one load.
#[derive(Debug, Default)]
pub(super) struct Ledger(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// The first range that is not written.
    first: u64,
    /// Ranges behind it that are: where they end, and their documents.
    written: BTreeMap<u64, (Bound, u64)>,
    /// Everything up to this key is written, and so many documents that is.
    reached: Option<(Bound, u64)>,
    /// Nobody was told of it yet.
    news: bool,
}

impl Ledger {
    /// Goes on from a key, up to which so many documents are written.
    pub(super) fn from(reached: Option<(Bound, u64)>) -> Self {
        Self(Mutex::new(Inner { reached, ..Inner::default() }))
    }

    /// The key that the first range comes after, and the documents before it.
    pub(super) fn reached(&self) -> Option<(Bound, u64)> {
        self.inner().reached.clone()
    }

    /// The range with this number, from 0 on, is written, up to this key. The last one has no end, and no need to be told.
    pub(super) fn written(&self, number: u64, until: Bound, documents: u64) {
        let mut inner = self.inner();
        let inner = &mut *inner;
        inner.written.insert(number, (until, documents));
        while let Some((until, documents)) = inner.written.remove(&inner.first) {
            let before = inner.reached.as_ref().map_or(0, |(_, documents)| *documents);
            inner.reached = Some((until, before + documents));
            inner.first += 1;
            inner.news = true;
        }
    }

    /// What is reached, where that has changed since this was asked last.
    pub(super) fn news(&self) -> Option<(Bound, u64)> {
        let mut inner = self.inner();
        if std::mem::take(&mut inner.news) { inner.reached.clone() } else { None }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_end_of_the_ranges_without_a_gap() {
        let key = |number: u8| Bound::of_values(vec![vec![number]]);
        let ledger = Ledger::from(Some((key(1), 100)));
        ledger.written(1, key(3), 10);
        assert_eq!(ledger.news(), None, "the range before it is not written");
        ledger.written(0, key(2), 5);
        assert_eq!(ledger.news(), Some((key(3), 115)));
        assert_eq!(ledger.news(), None);
        ledger.written(2, key(4), 1);
        assert_eq!(ledger.reached(), Some((key(4), 116)));
    }
}
