//! Where documents go. In: rendered documents and the version they are written at. Out: accepted writes, a `report` of
//! what became of each, and errors sorted by whose fault they are.
//!
//! `owner` says who feeds an index, `ceiling` which versions can be honest, `patience` waits for an engine that takes
//! nothing. One folder per family of engines.

mod ceiling;
pub(crate) mod elastic;
mod owner;
mod patience;
mod report;

pub use ceiling::Ceiling;
pub use elastic::{
    Engine, Entry, Existing, Generation, Product, QuarantineStore, Scan, Target, Writer, name_differences,
};
pub(crate) use elastic::{Last, Place, Put, StateIndex, taken};
pub use owner::Owner;
pub use patience::Patience;
pub(crate) use patience::Trouble;
pub(crate) use report::brief;
pub use report::{Refused, Report};
