//! Reads rows. In: a session's settings, statements, keys. Out: rows as the server sends them, within a budget, all of one
//! snapshot.

pub(crate) mod leaf;
pub(crate) mod param;
pub(crate) mod session;

pub use session::{Session, Snapshot};
