//! What every test needs: where the servers are, a database or a cluster of its own, JSON requests to an engine, the
//! program under test as a process.
// One binary: what is public here is for its other modules, and stays when the last of them that used it goes.
#![allow(unreachable_pub, dead_code)]

pub mod cluster;
pub mod database;
pub mod engine;
pub mod process;
pub mod servers;
