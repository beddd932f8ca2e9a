//! MySQL and MariaDB. In: a server whose log holds rows. Out: what is committed there, in the words of every source.
//! Everything that names the driver, an id of a transaction or an event of the log stands below here.
//!
//! `address` says how a server is reached, `server` what it is and whether it will do, `stream` reads its log, `binlog` decodes
//! it, `message` says it in the words of every source. Nothing calls it yet: the pipeline does once the compiler writes SQL for
//! these servers.

mod address;
pub mod binlog;
mod failure;
mod message;
mod server;
mod stream;

pub use address::{Address, Encryption};
pub use server::{Server, WrongSetting};
pub use stream::{Start, Stream, StreamSettings, server_id};
