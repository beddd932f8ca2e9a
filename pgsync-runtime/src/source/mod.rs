//! Captures changes by logical replication. In: settings, a slot, a publication. Out: frames of the stream, decoded
//! messages, the certainty that what was streamed can be read, and the check that nobody waits for us.
//!
//! Must not: acknowledge anything by itself, or know what becomes of a change.

mod frames;
pub mod pgoutput;
mod socket;
pub mod standby;
mod startup;
mod stream;
pub mod visibility;
mod wire;

pub use frames::Frame;
pub use standby::refuse_synchronous;
pub use stream::{Acknowledger, QUEUE_BYTES, ReplicationStream};
pub use visibility::{Visibility, Waiting};
pub use wire::{Connection, CreatedSlot, SystemIdentity};
