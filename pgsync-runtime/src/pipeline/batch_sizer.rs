//! How many roots are read at once. In: how large the documents of earlier reads were, and what reading them took. Out: a
//! number of roots whose documents take about a set amount of memory, whatever their size. Begins small, since nothing is
//! known of the first.
//!
//! It is a guess from what came before. What a read must not exceed is its share of the budget (`fetch/budget.rs`).

use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of documents that one read aims at. Memory holds a few of these at a time.
const TARGET: usize = 1 << 20;
/// Roots of the first read.
const FIRST: usize = 16;
/// A read is at most this many times as large as the one before.
const GROWTH: usize = 4;

/// The size of the next read of one document; shared by everybody who reads it.
#[derive(Debug)]
pub(crate) struct BatchSizer {
    roots: AtomicUsize,
    most: usize,
    /// Bytes that one read aims at, rows included.
    cost: usize,
}

impl BatchSizer {
    /// At most this many roots, however small their documents are, for reads that may take `share` bytes.
    pub(crate) fn new(most: usize, share: usize) -> Self {
        // Documents are not all of one size: half of it is left for those that are larger than the ones before.
        Self { roots: AtomicUsize::new(FIRST.min(most.max(1))), most: most.max(1), cost: share / 2 }
    }

    /// The most roots it may ever have.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// How many roots to read next.
    pub(crate) fn roots(&self) -> usize {
        self.roots.load(Ordering::Relaxed)
    }

    /// So many roots were read, with so many bytes of documents, and reading them took so many bytes.
    pub(crate) fn learn(&self, roots: usize, bytes: usize, cost: usize) {
        if roots == 0 {
            return;
        }
        let fitting = (TARGET * roots / bytes.max(1)).min(self.cost.saturating_mul(roots) / cost.max(1));
        self.roots.store(fitting.min(roots.max(FIRST) * GROWTH).clamp(1, self.most), Ordering::Relaxed);
    }

    /// A read took more than it may: no more than these are likely to fit.
    pub(crate) fn shrink(&self, fitting: usize) {
        self.roots.fetch_min(fitting.max(1), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_with_small_documents_and_shrinks_with_large_ones() {
        let slice = BatchSizer::new(2000, 8 << 20);
        assert_eq!(slice.roots(), 16);
        slice.learn(16, 16 * 100, 16 * 300);
        assert_eq!(slice.roots(), 64);
        slice.learn(2000, 2000 * 100, 2000 * 300);
        assert_eq!(slice.roots(), 2000);
        slice.learn(2000, 2000 * 100_000, 2000 * 300_000);
        assert_eq!(slice.roots(), 10);
        slice.learn(10, 10 * (64 << 20), 10 * (192 << 20));
        assert_eq!(slice.roots(), 1);
        slice.learn(0, 0, 0);
        assert_eq!(slice.roots(), 1);
    }

    #[test]
    fn rows_count_where_they_are_larger_than_documents() {
        let slice = BatchSizer::new(2000, 8 << 20);
        slice.learn(1000, 1000 * 100, 1000 * 40_000);
        assert_eq!(slice.roots(), 104);
        slice.shrink(7);
        slice.shrink(9);
        assert_eq!(slice.roots(), 7);
    }
}
