//! PostgreSQL. In: settings, a slot, a publication. Out: what the pipeline needs of a source. Everything that names the
//! driver, a position in its log, or its replication protocol stands below here.
//!
//! `connection` opens sessions, `capture` sets up and watches what changes are captured with, `replication` streams them,
//! `visibility` waits until what was streamed can be read, `read` reads rows.

pub(crate) mod capture;
pub mod connection;
mod lsn;
pub(crate) mod read;
mod replication;
pub mod visibility;

pub use lsn::Lsn;
pub use read::{Session, Snapshot};
pub use replication::{
    Acknowledger, Connection, CreatedSlot, Frame, QUEUE_BYTES, ReplicationStream, SystemIdentity, pgoutput,
    refuse_synchronous,
};
pub use visibility::{Visibility, Waiting};
