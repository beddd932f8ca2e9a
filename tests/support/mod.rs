//! What every test needs: where the servers are, a database of its own, JSON requests to an engine.

pub mod database;
pub mod engine;
pub mod json;
pub mod programs;
pub mod servers;
