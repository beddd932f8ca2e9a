//! The log of MySQL and MariaDB. In: events as a server sends them. Out: the steps of its transactions, with the values of the
//! wanted columns. Nothing here opens a connection, and nothing panics, whatever the bytes are.
//!
//! An event goes through `frame` (its checksum), `kind` (whether it is followed, harmless or refused) and `decoder`, which
//! knows the order in which events have to come. `table` describes what `rows` reads; `column` knows how long a value is,
//! `value` and `temporal` its text, `charset` its characters; `statement` reads what is logged as text, `inflate` what is
//! compressed; `gtid` names transactions and counts them.

mod bytes;
mod charset;
mod column;
mod decoder;
mod frame;
mod gtid;
mod inflate;
mod kind;
mod refusal;
mod rows;
mod statement;
mod table;
mod temporal;
#[cfg(test)]
mod tests;
mod value;
mod wanted;

pub use decoder::{Decoder, Step};
pub use gtid::{Flavour, Gtid, GtidSet};
pub use refusal::Refusal;
pub use rows::{Image, Row};
pub use wanted::Wanted;
