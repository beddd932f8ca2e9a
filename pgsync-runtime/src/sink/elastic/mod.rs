//! Elasticsearch and OpenSearch. In: rendered documents and the version they are written at. Out: accepted writes, index
//! generations behind aliases, and errors sorted by whose fault they are.
//!
//! `http` carries requests, `engine` finds out what answers, `index` is the life of generations, `bulk` writes, `failure`
//! is the one table of what a refusal means, `verdict` judges each item of an answer by it, `scan` lists what an index
//! holds, `stored` shows documents, `filling` puts off what an index that is being filled does not need, `quarantine` keeps what
//! is refused, `state` holds the documents of the state, `tls` knows which handshakes will never succeed, `doctor` what stands in the way.

mod bulk;
mod doctor;
mod engine;
mod failure;
mod filling;
mod http;
mod index;
mod quarantine;
mod scan;
mod sink;
mod state;
mod stored;
mod tls;
mod verdict;

pub use bulk::Writer;
pub(crate) use doctor::examine;
pub use engine::Engine;
pub(crate) use index::taken;
pub use quarantine::QuarantineStore;
pub use scan::Scan;
pub(crate) use state::StateIndex;
pub use stored::StoredReader;
pub use verdict::{Action, Verdict, Why, judge};

/// Deletes leave tombstones, which the engine keeps for this long at the least: longer than a read and a request can
/// take, so that a write which was on its way when the document was deleted still meets the tombstone. An engine that
/// restarts forgets them all the same.
const GC_DELETES: &str = "10m";
