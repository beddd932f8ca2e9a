//! The connections of the status endpoint. In: a task for each. Out: few of them at a time: of those whose request has not
//! arrived, the one that has taken longest goes when another one comes, unless it has just come itself. So connections that send
//! nothing, however many, keep nobody from being answered, and many requests at once are answered too.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::task::AbortHandle;
use tokio::time::Instant;

/// Connections whose requests have not arrived.
const PENDING: usize = 64;
/// How long a request may take to arrive in any case.
const GRACE: Duration = Duration::from_millis(250);
/// How often is looked whether requests have arrived, while there is no room.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Those that are open.
#[derive(Debug, Clone, Default)]
pub(super) struct Connections(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    next: u64,
    /// In the order in which they came.
    pending: BTreeMap<u64, Pending>,
}

#[derive(Debug)]
struct Pending {
    since: Instant,
    /// None while the task is being made.
    task: Option<AbortHandle>,
}

/// One of them; dropped, it is closed.
#[derive(Debug)]
pub(super) struct Entry {
    connections: Connections,
    number: u64,
    arrived: AtomicBool,
}

impl Connections {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is room for one more, and makes some.
    pub(super) async fn room(&self) {
        while !self.has_room() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn has_room(&self) -> bool {
        let mut inner = self.inner();
        if inner.pending.len() < PENDING {
            return true;
        }
        let late = inner.pending.first_entry().filter(|oldest| oldest.get().since.elapsed() >= GRACE);
        let Some(oldest) = late.map(|oldest| oldest.remove()) else { return false };
        drop(inner);
        if let Some(task) = oldest.task {
            task.abort();
        }
        true
    }

    /// Serves one more.
    pub(super) fn spawn<F: Future<Output = ()> + Send + 'static>(&self, serve: impl FnOnce(Entry) -> F) {
        let number = {
            let mut inner = self.inner();
            inner.next += 1;
            let number = inner.next;
            inner.pending.insert(number, Pending { since: Instant::now(), task: None });
            number
        };
        let entry = Entry { connections: self.clone(), number, arrived: AtomicBool::new(false) };
        let task = tokio::spawn(serve(entry));
        // Not there any more where its request has arrived meanwhile, or it has ended.
        if let Some(pending) = self.inner().pending.get_mut(&number) {
            pending.task = Some(task.abort_handle());
        }
    }
}

impl Entry {
    /// Its request has arrived.
    pub(super) fn arrived(&self) {
        self.arrived.store(true, Ordering::Relaxed);
        self.connections.inner().pending.remove(&self.number);
    }

    /// Whether it has.
    pub(super) fn has_arrived(&self) -> bool {
        self.arrived.load(Ordering::Relaxed)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.connections.inner().pending.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    /// Counts those that are open.
    struct Open(Arc<AtomicUsize>);

    impl Drop for Open {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_that_says_nothing_goes_first_and_who_has_asked_stays() {
        let (connections, open) = (Connections::default(), Arc::new(AtomicUsize::new(0)));
        let spawn = |asks: bool| {
            open.fetch_add(1, Ordering::Relaxed);
            let held = Open(Arc::clone(&open));
            connections.spawn(|entry| async move {
                if asks {
                    entry.arrived();
                }
                tokio::time::sleep(Duration::from_secs(3600)).await;
                drop((held, entry));
            });
        };
        spawn(true);
        tokio::time::sleep(Duration::from_millis(1)).await;
        for _ in 0..200 {
            connections.room().await;
            spawn(false);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert_eq!(open.load(Ordering::Relaxed), PENDING + 1);
        assert_eq!(connections.inner().pending.len(), PENDING);
    }

    #[tokio::test(start_paused = true)]
    async fn many_that_ask_at_once_are_all_answered() {
        let (connections, answered) = (Connections::default(), Arc::new(AtomicUsize::new(0)));
        for _ in 0..1000 {
            connections.room().await;
            let answered = Arc::clone(&answered);
            connections.spawn(|entry| async move {
                tokio::time::sleep(GRACE / 2).await;
                entry.arrived();
                answered.fetch_add(1, Ordering::Relaxed);
            });
        }
        tokio::time::sleep(GRACE).await;
        assert_eq!(answered.load(Ordering::Relaxed), 1000);
    }
}
