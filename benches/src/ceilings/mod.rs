//! What the servers can do without us: the database read by a client that drops everything, the engine fed with documents
//! that are ready, the stream read by a client that drops it.

pub(crate) mod bulk;
pub(crate) mod copy;
pub(crate) mod stream;
