//! Reads rows. In: a session's settings, statements, keys. Out: rows as the server sends them, all of one snapshot.

mod arguments;
mod session;

pub use session::Session;
