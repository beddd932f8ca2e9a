//! Both sides, as the status endpoint asks them while somebody waits for a commit of his own. In: a source, and an engine that
//! is not reached yet. Out: answers. Nothing of the pipeline waits for it, and a failure here stops nothing.

use crate::health::{Followed, Later};
use crate::sink::{Connect, Sink as _};
use crate::source::{Goal, LogPoint, Source};
use crate::{Position, Result};
use std::time::Instant;
use tokio::sync::{Mutex, OnceCell};

/// A source, and the indexes that are filled from it.
pub(super) struct BothSides<S, C: Connect> {
    source: S,
    engine: C,
    sink: OnceCell<C::Sink>,
    indexes: Vec<String>,
    /// When the last refresh began that has succeeded.
    refreshed: Mutex<Option<Instant>>,
}

impl<S: Source, C: Connect> BothSides<S, C> {
    /// Nothing is reached yet.
    pub(super) fn new(source: S, engine: C, indexes: Vec<String>) -> Self {
        Self { source, engine, sink: OnceCell::new(), indexes, refreshed: Mutex::new(None) }
    }

    /// A refresh that began after this was asked for does for everybody who waits for one: as many ask, as few are made.
    async fn refreshed(&self) -> Result<()> {
        let asked = Instant::now();
        let mut refreshed = self.refreshed.lock().await;
        if refreshed.is_some_and(|began| began >= asked) {
            return Ok(());
        }
        let began = Instant::now();
        let sink = self.sink.get_or_try_init(|| self.engine.connect()).await?;
        for index in &self.indexes {
            sink.refresh(index).await?;
        }
        *refreshed = Some(began);
        Ok(())
    }
}

impl<S: Source, C: Connect> Followed for BothSides<S, C> {
    fn goal(&self, text: &str) -> Result<Goal, String> {
        self.source.goal(text)
    }

    fn point(&self, position: Position) -> LogPoint {
        self.source.point(position)
    }

    fn now(&self) -> Later<'_, Result<LogPoint>> {
        Box::pin(self.source.now())
    }

    fn refresh(&self) -> Later<'_, Result<()>> {
        Box::pin(self.refreshed())
    }
}
