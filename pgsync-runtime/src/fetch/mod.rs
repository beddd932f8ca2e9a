//! Reading documents. In: keys of roots, or a range of the root table. Out: rendered [`Documents`].
//!
//! A document is read level by level with flat statements ([`DocumentReader`]), put together by `assemble` and
//! rendered value by value ([`render`]); what it is called is said by [`id`]. Whether two keys are equal is decided by
//! the database alone.

mod addresses;
mod assemble;
mod budget;
mod check;
mod distinct;
mod documents;
pub mod id;
mod id_key;
mod id_list;
mod key_range;
mod keys;
mod layout;
mod levels;
mod links;
#[cfg(feature = "measure")]
pub(crate) mod measure;
mod meta;
mod prefetch;
mod reader;
pub mod render;
mod rewrite;
mod routed;
mod row_cache;
mod rows;

pub use budget::Halt;
pub use budget::{Budget, Share};
pub(crate) use documents::Lines;
pub use documents::{Document, Documents};
pub use key_range::Bound;
pub use keys::{KeySet, Tuple};
pub use links::LinkKeys;
pub use reader::{DocumentReader, Read};
#[cfg(feature = "mysql")]
pub(crate) use routed::word as routed_word;
pub use row_cache::RowCache;
