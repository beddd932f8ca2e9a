//! The source: what has changed in the database, in commit order. In: a slot and a publication. Out: messages of the
//! stream, positions to acknowledge, and certainty that what the stream has told can be seen by a reader.

pub mod pgoutput;
mod standby;
mod startup;
mod stream;
mod visibility;
mod wire;

pub use standby::check_standby;
pub use stream::{Acknowledge, Frame, ReplicationStream};
pub use visibility::{Visibility, Waiting};
