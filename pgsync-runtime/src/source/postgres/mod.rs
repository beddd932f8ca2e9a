//! PostgreSQL. In: settings, a slot, a publication. Out: what the pipeline needs of a source. Everything that names the
//! driver, a position in its log, or its replication protocol stands below here.
//!
//! `connection` opens sessions, `capture` sets up and watches what changes are captured with, `replication` streams them,
//! `visibility` waits until what was streamed can be read, `read` reads rows, `kept` says what of the log is kept for a slot,
//! `doctor` what stands in the way, `horizon` how far was read. `triggers` does without replication.

mod blocked;
pub(crate) mod capture;
pub mod connection;
pub(crate) mod doctor;
mod horizon;
pub(crate) mod kept;
mod lease;
mod log_functions;
mod lsn;
mod read;
mod replication;
mod source;
mod triggers;
pub mod visibility;

pub use capture::Script;
pub(crate) use capture::name;
pub(crate) use lease::{Lease, LogEnd, origin};
pub use lsn::Lsn;
pub(crate) use lsn::version_at;
pub use read::Session;
pub use replication::{
    Acknowledger, Connection, CreatedSlot, Frame, Output, QUEUE_BYTES, ReplicationStream, SystemIdentity, pgoutput,
    refuse_synchronous, test_decoding,
};
pub(crate) use source::Postgres;
pub(crate) use triggers::Triggers;
pub use triggers::script as trigger_script;
pub use visibility::{Visibility, Waiting};
