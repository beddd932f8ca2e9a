//! What every test needs: where the servers are, a database of its own, a cluster of its own, a program as a process, JSON
//! requests to an engine.
#![allow(unreachable_pub, dead_code)]

pub mod binlog_server;
pub mod breaking;
pub mod cluster;
pub mod database;
pub mod engine;
pub mod engine_server;
pub mod hole;
pub mod index;
pub mod json;
pub mod pooler;
pub mod process;
pub mod programs;
pub mod proxy;
pub mod redis_server;
pub mod secured;
pub mod seed;
pub mod servers;
pub mod site;
pub mod weather;
pub mod wire;
