//! The library schema, as `cargo pgsync generate --module src/schema.rs --config ../library/schema.json` writes it.

#[rustfmt::skip]
mod schema;

pub use schema::*;

/// The text that was written.
pub const TEXT: &str = include_str!("schema.rs");
