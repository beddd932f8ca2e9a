//! Every test that needs a server, a process or a compiler, in one binary: linking is what takes long.
//!
//! Servers come from `cargo xtask test`, which starts them and names them in the environment (see `support::servers`).
//! A server that is missing is a failure, never a skip.
#![allow(missing_docs, clippy::print_stdout)]

mod capture;
mod catalog;
mod commands;
mod convergence;
mod corpus;
mod ddl;
mod doors;
mod drift;
mod encodings;
mod engine_auth;
mod engine_waits;
mod examples;
mod extensions;
mod fetch;
mod generated;
mod generations;
mod health;
mod hostile_rust;
mod input;
mod interruptions;
mod levels;
mod load;
mod logins;
mod mapping;
mod mapping_rules;
mod memory;
mod names;
mod naming;
mod on_change;
mod open_transactions;
mod orphans;
mod ownership;
mod quarantine;
mod recovery;
mod rendering;
mod roles;
mod routes;
mod silence;
mod sink;
mod smoke;
mod source;
mod standby;
mod state_index;
mod stopping;
mod support;
mod system_columns;
mod teardown;
mod terminal;
mod two_files;
mod views;
mod volume;
mod wide;
