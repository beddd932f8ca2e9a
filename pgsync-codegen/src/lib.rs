//! The compiler: a schema file and a catalogue in, a plan, SQL, index mappings and Rust out. It is a pure function: no
//! clock, no environment, no network (but for reading a live catalogue, behind feature `live`).

pub mod artifacts;
pub mod ast;
pub mod bound;
mod builder;
pub mod catalog;
mod compile;
mod diagnostic;
pub mod emit;
mod parse;
mod plan;
mod resolve;
mod source;

pub use builder::{BuildError, Builder};
pub use compile::{Options, Output, compile};
pub use diagnostic::{Code, Diagnostic, Diagnostics};
pub use parse::parse;
pub use plan::{capture, plan};
pub use resolve::resolve;
pub use source::{Source, Span, Spanned};
