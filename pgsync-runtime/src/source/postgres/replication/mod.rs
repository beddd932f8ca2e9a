//! Streams changes by logical replication. In: settings, a slot, a publication. Out: frames of the stream, decoded
//! messages, and the check that nobody waits for us.
//!
//! Must not: acknowledge anything by itself.

mod event;
mod frames;
pub mod pgoutput;
mod socket;
mod standby;
mod startup;
mod stream;
pub mod test_decoding;
mod wire;

pub use frames::Frame;
pub use standby::refuse_synchronous;
pub use stream::{Acknowledger, Output, QUEUE_BYTES, ReplicationStream};
pub use wire::{Connection, CreatedSlot, SystemIdentity};
