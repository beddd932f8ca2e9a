//! MySQL and MariaDB. In: a server whose log holds rows. Out: what is committed there, in the words of every source.
//! Everything that names the driver, an id of a transaction or an event of the log stands below here.
//!
//! `binlog` decodes events.

#![cfg_attr(
    not(test),
    allow(dead_code, unused_imports, reason = "the pipeline calls it once the compiler writes SQL for it")
)]

pub mod binlog;
