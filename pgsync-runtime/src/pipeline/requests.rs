//! Writes that were begun. In: documents and the writer they go to. Out: the report. A write goes on when whoever waits for
//! it is gone, and the next attempt begins when all of them have ended: nothing that an earlier attempt has read comes
//! after what a later one writes or deletes.
//!
//! They end with the last holder of this, as everything of a process ends with it.

use crate::fetch::Documents;
use crate::sink::{Report, WriteDocuments};
use crate::{Error, ErrorKind, Result};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tracing::Instrument as _;

/// The writes of one pipeline. A clone is the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Requests(Arc<Mutex<JoinSet<()>>>);

impl Requests {
    fn begun(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes documents.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) async fn write(&self, writer: &impl WriteDocuments, documents: Documents) -> Result<Report> {
        let (done, report) = oneshot::channel();
        let writer = writer.clone();
        let write = async move {
            // Whoever has asked may be gone.
            let _ = done.send(writer.write(documents).await);
        };
        {
            let mut begun = self.begun();
            while begun.try_join_next().is_some() {}
            begun.spawn(write.in_current_span());
        }
        report.await.map_err(|gone| Error::new(ErrorKind::Fatal, "a writer broke down").source(gone))?
    }

    /// Waits until none is under way.
    pub(super) async fn ended(&self) {
        let mut begun = std::mem::take(&mut *self.begun());
        while begun.join_next().await.is_some() {}
    }
}
