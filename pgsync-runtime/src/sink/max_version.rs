//! The highest version that can honestly exist. In: something that asks the source for the end of its log. Out: whether
//! a version may stand in the index. The source is asked only for versions above the last answer.

use crate::Result;
use crate::Version;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tells the end of the source's log: no honest version is above it.
#[derive(Clone)]
pub struct MaxVersion(Arc<Inner>);

struct Inner {
    ask: Box<Ask>,
    /// The end of the log when it was last asked for; it only grows.
    known: AtomicU64,
}

type Ask = dyn Fn() -> Pin<Box<dyn Future<Output = Result<Version>> + Send>> + Send + Sync;

impl MaxVersion {
    /// From something that asks the source.
    pub fn new<F: Future<Output = Result<Version>> + Send + 'static>(
        ask: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Inner { ask: Box::new(move || Box::pin(ask())), known: AtomicU64::new(0) }))
    }

    /// `None` where the version can be honest, else the end of the log.
    ///
    /// # Errors
    /// Those of asking.
    pub(crate) async fn exceeded_by(&self, version: u64) -> Result<Option<Version>> {
        // Version V stands for the commits that start before V, so the end of the log + 1 is the highest there can be.
        if version <= self.0.known.load(Ordering::Relaxed).saturating_add(1) {
            return Ok(None);
        }
        let end = (self.0.ask)().await?;
        self.0.known.fetch_max(end.0, Ordering::Relaxed);
        Ok((version > end.0.saturating_add(1)).then_some(end))
    }
}

impl fmt::Debug for MaxVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MaxVersion")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[tokio::test]
    async fn the_source_is_asked_only_above_its_last_answer() {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let ceiling = MaxVersion::new(move || {
            let times = count.fetch_add(1, Ordering::Relaxed) as u64;
            async move { Ok(Version(100 + times * 50)) }
        });
        for version in [90, 101, 20, 100] {
            assert_eq!(ceiling.exceeded_by(version).await.unwrap(), None);
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        assert_eq!(ceiling.exceeded_by(140).await.unwrap(), None);
        assert_eq!(ceiling.exceeded_by(1000).await.unwrap(), Some(Version(200)));
        assert_eq!(asked.load(Ordering::Relaxed), 3);
    }
}
