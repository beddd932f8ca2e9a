//! The runtime: follows a compiled schema, captures changes of a database and keeps a search engine in step.
//!
//! A generated crate has `schema::main()`, which is the command line, and `schema::app()`, which gives an [`App`] for
//! everything else. Inside of another program a [`Pipeline`] runs like this:
//!
//! ```no_run
//! # async fn example(app: pgsync_runtime::App) -> pgsync_runtime::Result<()> {
//! let mut settings = app.settings()?; // the environment and `.env`, as the command line reads them
//! settings.run.readers = 4;
//! let options = pgsync_runtime::Options { bootstrap: true, ..Default::default() };
//! let pipeline = app.pipeline(settings, options)?;
//! let stop = pipeline.stop_token(); // cancel it to stop after what was read is written
//! let health = pipeline.health(); // what `/healthz` shows
//! pipeline.run().await
//! # }
//! ```
//!
//! With default features off only [`types`] is left: what an application needs to read documents out of the index.

// Nothing that comes from outside may end the process in a panic.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used))]

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
#[cfg(feature = "sync")]
#[doc(hidden)]
pub mod internals;
#[cfg(feature = "measure")]
#[doc(hidden)]
pub mod measure;
pub mod types;

#[cfg(feature = "sync")]
mod api {
    pub use crate::internals::app::App;
    pub use crate::internals::error::{Code, Error, ErrorKind, Result};
    pub use crate::internals::health::{Audit, CombinedHealth, CombinedReport, Health, Phase, Report};
    pub use crate::internals::pipeline::{Options, Pipeline, Pipelines};
    pub use crate::internals::settings::Settings;
    pub use crate::internals::source::Retention;
    pub use crate::internals::transform::{Batch, Each, Item, Transform, TransformError, each};
    pub use pgsync_plan::Program;

    // What the modules of the runtime call each other by.
    pub(crate) use crate::internals::position::{Mark, Position, Version};
    pub(crate) use crate::internals::{
        backoff, command, doctor, error, failpoint, fetch, health, pipeline, position, settings, sink, source, state,
        terminal, transform, verify,
    };
}
#[cfg(feature = "sync")]
pub use api::*;
