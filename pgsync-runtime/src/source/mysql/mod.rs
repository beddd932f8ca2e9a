//! MySQL and MariaDB. In: a server whose log holds rows. Out: what is committed there, in the words of every source.
//! Everything that names the driver, an id of a transaction or an event of the log stands below here.
//!
//! `address` says how a server is reached, `connection` opens sessions, `identity` tells it from others, `server` and `release` say whether it will do,
//! `tables` what of the program is there, `cascades` which foreign keys change rows and are followed, `unlogged` what becomes of the
//! others, `stream` reads the log, `binlog` decodes it, `message` says it in the words of every source, `changes` and `ledger`
//! keep account of it, `visibility` waits until what was streamed can be read, `read` reads rows, `lease` watches, `doctor` says what
//! stands in the way.

mod address;
pub mod binlog;
mod cascades;
mod changes;
mod connection;
pub(crate) mod doctor;
mod failure;
mod identity;
mod lease;
mod ledger;
mod message;
mod read;
mod release;
mod server;
mod source;
mod stream;
mod tables;
mod unlogged;
mod visibility;

pub use address::{Address, Encryption, Reached};
pub use connection::{connect_to_compile, not_compiled};
pub(crate) use lease::Lease;
pub use read::Session;
pub use server::{Server, WrongSetting};
pub(crate) use source::MySql;
pub use stream::{Start, Stream, StreamSettings, server_id};
