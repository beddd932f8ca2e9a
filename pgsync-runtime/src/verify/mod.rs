//! Comparing indexes with their database, while both are in use. In: a source, an engine, a program. Out: the documents that
//! are missing, extra or different, each with its fields and a reason; where it is asked for, the same put right. Nothing is
//! locked, and whoever follows the stream goes on.
//!
//! `access` reaches both sides, `walk` goes through them, `expected` says what should stand in a place, `sides` what does,
//! `compare` where two documents part. `settle` tells a difference from a change on its way, and `mend` puts it right: each says
//! why that holds. `finding` is what is told of it, and `audit` the same in small pieces, within a process that follows.

mod access;
mod audit;
mod compare;
mod expected;
mod finding;
mod mend;
mod settle;
mod sides;
mod walk;

pub(crate) use access::{Access, Following, Parts};
pub(crate) use audit::audit;
pub(crate) use finding::Finding;
pub(crate) use sides::Sides;
pub(crate) use walk::{Counted, Counts, Extent, Judging, Walk};
