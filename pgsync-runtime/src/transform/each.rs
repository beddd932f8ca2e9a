//! A transform of a closure that is given one document after the other and waits for nothing.

use super::{Batch, Item, Transform, TransformError};
use std::marker::PhantomData;

/// A transform of a closure: see [`each`].
pub struct Each<D, F> {
    name: String,
    version: String,
    change: F,
    of: PhantomData<fn(D)>,
}

impl<D, F> std::fmt::Debug for Each<D, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Each").field("name", &self.name).field("version", &self.version).finish_non_exhaustive()
    }
}

/// A transform that is a closure over one document: it changes it, adds fields, leaves it out.
///
/// ```
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct Book { title: String, price: Option<f64> }
/// use pgsync_runtime::{Item, each};
///
/// let for_sale = each("ForSale", "1", |book: &mut Item<Book>| {
///     if book.price.is_none() {
///         book.leave_out();
///     }
///     Ok(())
/// });
/// ```
///
/// An error refuses this one document.
pub fn each<D, F>(name: impl Into<String>, version: impl Into<String>, change: F) -> Each<D, F>
where
    D: Send + 'static,
    F: Fn(&mut Item<D>) -> Result<(), TransformError> + Send + Sync + 'static,
{
    Each { name: name.into(), version: version.into(), change, of: PhantomData }
}

impl<D, F> Transform<D> for Each<D, F>
where
    D: Send + 'static,
    F: Fn(&mut Item<D>) -> Result<(), TransformError> + Send + Sync + 'static,
{
    fn name(&self) -> &str {
        &self.name
    }

    fn version(&self) -> &str {
        &self.version
    }

    async fn transform(&self, batch: &mut Batch<D>) -> Result<(), TransformError> {
        for item in batch {
            match (self.change)(item) {
                Err(TransformError::Refused(reason)) => item.refuse(reason),
                other => other?,
            }
        }
        Ok(())
    }
}
