//! Code of the application that goes over documents before they are written. In: documents of one read, as the structs
//! that are generated for them. Out: the same, changed, left out or refused.
//!
//! `batch` is what a transform is given, `chain` leads a part of the documents of an index through its transforms, `passage`
//! all of them, whatever happens, and `registry` compares what is registered with what the schema names. Which documents are written, at which version and under which
//! `_id` is decided elsewhere: nothing here can change it.

mod batch;
mod chain;
mod each;
mod passage;
mod registry;
#[cfg(test)]
mod tests;

pub use batch::{Batch, Item};
pub(crate) use chain::{Outcome, REFUSED};
pub use each::{Each, each};
pub(crate) use passage::Passage;
pub use registry::Registration;
pub(crate) use registry::{Transforms, shares};

use std::fmt;
use std::future::Future;

/// Goes over the documents of an index before they are written: changes them, adds fields, leaves some out.
///
/// `D` is the struct that is generated for the root of the document. The schema's `plugins` name transforms, and say in
/// which order they go over a document. One that needs to wait for nothing does not: [`each`] makes one of a closure.
///
/// What comes out may depend on the document alone: the same document is read and transformed again whenever one of its
/// rows changes, after a restart, and in every new load. Where the same document would come out otherwise than before,
/// [`Transform::version`] is raised; then the index has to be filled anew, which the start says.
///
/// ```
/// use pgsync_runtime::{Batch, Transform, TransformError};
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct Book { title: String, summary: Option<String> }
///
/// /// Vectors from a service.
/// struct Embedding;
///
/// impl Transform<Book> for Embedding {
///     fn name(&self) -> &str {
///         "Embedding"
///     }
///
///     fn version(&self) -> &str {
///         "small-3"
///     }
///
///     async fn transform(&self, books: &mut Batch<Book>) -> Result<(), TransformError> {
///         let texts: Vec<&str> = books.iter().map(|book| book.title.as_str()).collect();
///         // Whatever may go well later is tried again later.
///         let vectors = ask(&texts).await.map_err(TransformError::later)?;
///         for (book, vector) in books.iter_mut().zip(vectors) {
///             book.add("embedding", &vector)?;
///         }
///         Ok(())
///     }
/// }
/// # async fn ask(texts: &[&str]) -> Result<Vec<Vec<f32>>, std::io::Error> { Ok(vec![vec![0.0]; texts.len()]) }
/// ```
pub trait Transform<D>: Send + Sync + 'static {
    /// What `plugins` of the schema file calls it.
    fn name(&self) -> &str;

    /// Another one whenever the same document comes out otherwise. Part of what an index is made from.
    fn version(&self) -> &str;

    /// Most documents it is given at once.
    fn batch(&self) -> usize {
        500
    }

    /// Goes over documents that were read together.
    ///
    /// # Errors
    /// [`TransformError::later`]: the same documents come again after a pause, for as long as it takes.
    /// [`TransformError::refuse`]: each comes again alone, and those that fail alone stand in the quarantine. So it is when
    /// it panics.
    fn transform(&self, batch: &mut Batch<D>) -> impl Future<Output = Result<(), TransformError>> + Send;
}

/// Why a transform has not done its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransformError {
    /// It may succeed later: a service does not answer.
    Later(String),
    /// It never will.
    Refused(String),
}

impl TransformError {
    /// It may succeed later. The reason is shown in the log and in `/healthz`.
    pub fn later(reason: impl fmt::Display) -> Self {
        Self::Later(reason.to_string())
    }

    /// It never will with these documents. The reason is kept in the quarantine: let it hold no value of a row that must
    /// not be seen there.
    pub fn refuse(reason: impl fmt::Display) -> Self {
        Self::Refused(reason.to_string())
    }
}

impl fmt::Display for TransformError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Later(reason) | Self::Refused(reason)) = self;
        f.write_str(reason)
    }
}

impl std::error::Error for TransformError {}
