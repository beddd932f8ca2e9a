//! What the servers can do without us: the database read by a client that drops everything, the engine fed with documents
//! that are ready.

pub(crate) mod bulk;
pub(crate) mod copy;
