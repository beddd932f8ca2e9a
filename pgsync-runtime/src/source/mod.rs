//! Where changes come from and rows are read. In: settings. Out: a stream of changes, the certainty that what was streamed
//! can be read, and sessions that read.
//!
//! One folder per database. Must not: acknowledge anything by itself, or know what becomes of a change.

pub mod postgres;
