//! Reading documents. In: keys of roots, or a range of the root table. Out: rendered [`Documents`].

mod documents;
mod keys;

pub use documents::{Document, Documents};
pub use keys::{KeySet, Tuple};
