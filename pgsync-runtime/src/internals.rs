//! Everything that acts. For our own command line, tests and benchmarks: nothing here is stable, and applications use what
//! the crate's root shows.

#[path = "app.rs"]
pub mod app;
#[path = "backoff.rs"]
pub mod backoff;
#[path = "command/mod.rs"]
pub mod command;
#[path = "doctor/mod.rs"]
pub(crate) mod doctor;
#[path = "download.rs"]
pub mod download;
#[path = "error/mod.rs"]
pub mod error;
#[path = "failpoint.rs"]
pub(crate) mod failpoint;
#[path = "fetch/mod.rs"]
pub mod fetch;
#[path = "health/mod.rs"]
pub mod health;
#[path = "pipeline/mod.rs"]
pub mod pipeline;
#[path = "position.rs"]
pub mod position;
#[path = "settings/mod.rs"]
pub mod settings;
#[path = "sink/mod.rs"]
pub mod sink;
#[path = "source/mod.rs"]
pub mod source;
#[path = "state/mod.rs"]
pub mod state;
#[path = "terminal.rs"]
pub mod terminal;
#[path = "transform/mod.rs"]
pub mod transform;
#[path = "verify/mod.rs"]
pub(crate) mod verify;

pub use error::{Code, Error, ErrorKind, Result};
pub use position::{Mark, Position, Version};
pub use source::postgres::{Lsn, connection as database};
