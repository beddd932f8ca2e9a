//! How many roots are read at once. In: how large the documents of earlier reads were. Out: a number of roots whose
//! documents take about a set amount of memory, whatever their size. Begins small, since nothing is known of the first.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of documents that one read aims at. Memory holds a few of these at a time.
const TARGET: usize = 2 << 20;
/// Roots of the first read.
const FIRST: usize = 16;
/// A read is at most this many times as large as the one before.
const GROWTH: usize = 4;

/// The size of the next read of one document; shared by everybody who reads it.
#[derive(Debug)]
pub(super) struct Slice {
    roots: AtomicUsize,
    most: usize,
}

impl Slice {
    /// At most this many roots, however small their documents are.
    pub(super) fn new(most: usize) -> Self {
        Self { roots: AtomicUsize::new(FIRST.min(most.max(1))), most: most.max(1) }
    }

    /// The most roots it may ever have.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// How many roots to read next.
    pub(super) fn roots(&self) -> usize {
        self.roots.load(Ordering::Relaxed)
    }

    /// So many roots were read, with so many bytes of documents.
    pub(super) fn learn(&self, roots: usize, bytes: usize) {
        if roots == 0 {
            return;
        }
        let fitting = TARGET * roots / bytes.max(1);
        self.roots.store(fitting.min(roots.max(FIRST) * GROWTH).clamp(1, self.most), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_with_small_documents_and_shrinks_with_large_ones() {
        let slice = Slice::new(2000);
        assert_eq!(slice.roots(), 16);
        slice.learn(16, 16 * 100);
        assert_eq!(slice.roots(), 64);
        slice.learn(2000, 2000 * 100);
        assert_eq!(slice.roots(), 2000);
        slice.learn(2000, 2000 * 100_000);
        assert_eq!(slice.roots(), 20);
        slice.learn(20, 20 * (64 << 20));
        assert_eq!(slice.roots(), 1);
        slice.learn(0, 0);
        assert_eq!(slice.roots(), 1);
    }
}
