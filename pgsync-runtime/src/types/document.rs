//! What the structs of whole documents have in common.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The struct of a whole document. The generated struct of a root is one.
pub trait Document: Serialize + DeserializeOwned + Send + 'static {
    /// Name of the index that holds such documents.
    const INDEX: &'static str;
}
