//! What every test needs: where the servers are, a database or a cluster of its own, JSON requests to an engine, the
//! program under test as a process.

pub mod cluster;
pub mod database;
pub mod engine;
pub mod process;
pub mod servers;
