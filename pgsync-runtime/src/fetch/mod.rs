//! Reading documents. In: keys of roots, or a range of the root table. Out: rendered [`Documents`].
//!
//! `session` runs statements, `level` assembles, `render` and `id` write bytes, `reader` puts them together.

mod documents;
mod id;
mod keys;
mod level;
mod reader;
mod render;
mod rows;
mod session;

pub use documents::{Document, Documents};
pub use keys::{KeySet, Tuple};
pub use reader::{Bound, DocumentReader};
pub use session::{Session, Snapshot};

pub(crate) use render::json_string;
