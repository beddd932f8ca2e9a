//! The library schema, compiled by the build script.

include!(concat!(env!("OUT_DIR"), "/schema.rs"));

/// The text that the build script wrote.
pub const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/schema.rs"));
