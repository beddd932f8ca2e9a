//! The runtime: follows a compiled plan, captures changes of a database and keeps a search engine in step.
//!
//! With default features off only [`types`] is left: what an application needs to read documents out of the index.

// Nothing that comes from outside may end the process in a panic.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used))]

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod types;

#[cfg(feature = "sync")]
mod app;
#[cfg(feature = "sync")]
mod backoff;
#[cfg(feature = "sync")]
pub mod command;
#[cfg(feature = "sync")]
mod error;
#[cfg(feature = "sync")]
pub mod fetch;
#[cfg(feature = "sync")]
mod health;
#[cfg(feature = "measure")]
#[doc(hidden)]
pub mod measure;
#[cfg(feature = "sync")]
pub mod pipeline;
#[cfg(feature = "sync")]
mod position;
#[cfg(feature = "sync")]
pub mod settings;
#[cfg(feature = "sync")]
pub mod sink;
#[cfg(feature = "sync")]
pub mod source;
#[cfg(feature = "sync")]
pub mod state;
#[cfg(feature = "sync")]
mod terminal;

#[cfg(feature = "sync")]
pub use app::App;
#[cfg(feature = "sync")]
pub use error::{Code, Error, ErrorKind, Result};
#[cfg(feature = "sync")]
pub use health::{Health, Report as HealthReport};
#[cfg(feature = "sync")]
pub use pgsync_plan::Program;
#[cfg(feature = "sync")]
pub use pipeline::{Options, Pipeline};
#[cfg(feature = "sync")]
pub use position::{Mark, Position, Version};
#[cfg(feature = "sync")]
pub use settings::Settings;
#[cfg(feature = "sync")]
pub use source::postgres::{Lsn, connection as database};
