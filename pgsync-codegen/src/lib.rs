//! Compiles a schema and a catalogue into a plan, SQL, index definitions and Rust.

pub mod emit;
