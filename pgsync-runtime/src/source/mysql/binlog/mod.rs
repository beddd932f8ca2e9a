//! The log of MySQL and MariaDB. In: events as a server sends them. Out: the steps of its transactions, with the values of the
//! wanted columns. Nothing here opens a connection, and nothing panics, whatever the bytes are.
//!
//! An event goes through `frame` (its checksum), `kind` (whether it is followed, harmless or refused) and `decoder`, which
//! knows the order in which events have to come. `table` describes what `rows` reads; `column` knows how long a value is,
//! `value` and `temporal` its text, `charset` its characters; `statement` reads what is logged as text, `inflate` what is
//! compressed; `gtid` names transactions and counts them. `wanted` says which tables are read, `described` what the log says of
//! them, `causing` which of their changes bring about others that are not logged; `step` is what comes out.

mod bytes;
mod causing;
mod charset;
mod column;
mod decoder;
mod described;
mod frame;
mod gtid;
mod inflate;
mod kind;
mod refusal;
mod rows;
mod statement;
mod step;
mod table;
mod temporal;
#[cfg(test)]
mod tests;
mod value;
mod wanted;

pub use decoder::Decoder;
pub use gtid::{Flavour, Gtid, GtidSet};
pub use refusal::Refusal;
pub use rows::{Image, Row};
pub use step::Step;
pub use wanted::{Cause, Search, Wanted};

/// The events inside of a compressed transaction, given with its header and its checksum, if it has one.
pub(super) fn inflated(event: &[u8]) -> Option<Vec<u8>> {
    let body = event.get(frame::HEADER..)?;
    let without_checksum = body.get(..body.len().saturating_sub(4))?;
    inflate::payload(without_checksum).or_else(|_| inflate::payload(body)).ok()
}

/// How text of a collation is read from the log. None where it is not of that collation's character set, or cannot be read.
pub fn text(collation: u64, bytes: &[u8]) -> Option<String> {
    charset::Charset::of(collation)?.decode(bytes).map(std::borrow::Cow::into_owned)
}
