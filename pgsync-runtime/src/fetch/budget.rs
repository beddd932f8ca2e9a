//! How much memory documents may take between the database and the engine. In: bytes. Out: a share for each read, which
//! waits until there is as much, and a count that a read holds against its share while it goes on.
//!
//! A share is held until what was read is accepted, cut down to its size once that is known. A document that is larger
//! than a share is read by whoever holds all of the budget, so that no two of these are in memory.

use crate::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes that one permit stands for.
const UNIT: usize = 1024;

/// The memory of all reads and writes that are under way. A clone is the same.
#[derive(Debug, Clone)]
pub struct Budget {
    permits: Arc<Semaphore>,
    total: usize,
    part: usize,
}

impl Budget {
    /// So many bytes for as many readers, each of which reads while what it read before is written.
    pub fn new(bytes: usize, readers: usize) -> Self {
        let total = (bytes / UNIT).clamp(1, u32::MAX as usize);
        let part = (total / (2 * readers.max(1))).max(1);
        Self { permits: Arc::new(Semaphore::new(total)), total, part }
    }

    /// What one read may take.
    pub fn part_bytes(&self) -> usize {
        self.part * UNIT
    }

    /// Waits until one read has its part.
    pub async fn part(&self) -> Share {
        self.take(self.part).await
    }

    /// Waits until half of it is free.
    pub async fn half(&self) -> Share {
        self.take((self.total / 2).max(1)).await
    }

    /// Waits until nobody else holds any. Whoever has it may take more than the budget: a document has to fit.
    pub async fn whole(&self) -> Share {
        Share { most: usize::MAX, ..self.take(self.total).await }
    }

    async fn take(&self, permits: usize) -> Share {
        // It is never closed.
        let permit = Arc::clone(&self.permits).acquire_many_owned(permits as u32).await.ok();
        Share { permit, most: permits * UNIT }
    }
}

/// Memory that one read may take.
#[derive(Debug)]
pub struct Share {
    permit: Option<OwnedSemaphorePermit>,
    most: usize,
}

impl Share {
    /// Without a limit, and of no budget.
    pub fn unlimited() -> Self {
        Self { permit: None, most: usize::MAX }
    }

    /// A count up to this share.
    pub(crate) fn count(&self) -> Count {
        Count { most: self.most, used: AtomicUsize::new(0) }
    }

    /// Gives back what is not needed any more.
    pub(crate) fn keep(&mut self, bytes: usize) {
        if let Some(permit) = &mut self.permit {
            drop(permit.split(permit.num_permits().saturating_sub(bytes.div_ceil(UNIT))));
        }
    }
}

/// Bytes that a read holds, and the most it may hold.
#[derive(Debug)]
pub(crate) struct Count {
    most: usize,
    used: AtomicUsize,
}

impl Count {
    /// Bytes counted so far.
    pub(crate) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Adds what is there to stay.
    pub(crate) fn add(&self, bytes: usize) {
        self.used.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Begins again, with what is held from before.
    pub(crate) fn reset(&self, bytes: usize) {
        self.used.store(bytes, Ordering::Relaxed);
    }

    /// Fails where so many bytes more are too many.
    #[inline]
    pub(crate) fn check(&self, bytes: usize) -> Result<(), Halt> {
        if self.used().saturating_add(bytes) > self.most { Err(Halt::Exceeded) } else { Ok(()) }
    }
}

/// Why a read ends early.
#[derive(Debug)]
pub enum Halt {
    /// It takes more memory than it may.
    Exceeded,
    /// It cannot go on.
    Failed(Error),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[test]
    fn a_share_is_cut_down_to_what_is_kept() {
        let budget = Budget::new(64 * UNIT, 2);
        let free = || budget.permits.available_permits();
        let mut share = budget.part().now_or_never().unwrap();
        assert_eq!((share.most, free()), (16 * UNIT, 48));
        share.keep(3 * UNIT + 1);
        assert_eq!(free(), 60);
        // What grew beyond it gives nothing back.
        share.keep(1000 * UNIT);
        assert_eq!(free(), 60);
        assert!(budget.whole().now_or_never().is_none(), "somebody holds a share");
        drop(share);
        let mut whole = budget.whole().now_or_never().unwrap();
        assert!(budget.part().now_or_never().is_none());
        assert!(whole.count().check(usize::MAX).is_ok());
        whole.keep(UNIT);
        assert_eq!(free(), 63);
    }

    #[test]
    fn a_count_ends_at_the_share() {
        let count = Share { permit: None, most: 100 }.count();
        assert!(count.check(100).is_ok());
        count.add(60);
        assert!(count.check(40).is_ok() && count.check(41).is_err());
        count.reset(10);
        assert!(count.check(90).is_ok());
    }
}
