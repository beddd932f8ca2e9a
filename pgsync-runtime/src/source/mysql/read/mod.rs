//! Reads rows. In: an address, statements of the compiler, keys. Out: rows in the codecs of the plan, all of one snapshot.
//!
//! `session` is the connection, `statement` what is prepared on it and how its text names parameters, `delivery` in which
//! codec a column arrives, `value` the conversion itself, `row` the buffer that is filled again for each row, `arguments` and
//! `packed` how keys reach a statement.

mod arguments;
mod delivery;
mod packed;
mod row;
mod session;
mod statement;
mod value;

pub use session::Session;
pub(crate) use statement::is_packed;
