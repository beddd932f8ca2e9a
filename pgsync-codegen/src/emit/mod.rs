//! The last phase. In: a [`pgsync_plan::Plan`]. Out: SQL of one dialect, index definitions, the embedded program, Rust.
//! Nothing here says no: what reaches this phase is right.

mod limits;
pub mod mapping;
pub mod package;
mod program;
pub mod rust;
pub mod sql;

pub use program::program;

#[cfg(test)]
mod types_page;
