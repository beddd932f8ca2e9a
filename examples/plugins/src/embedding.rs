//! A vector for each document, computed by a function that is passed in: a model of one's own, or a service. What it is
//! indexed as stands in `mapping`: `dense_vector` on Elasticsearch, `knn_vector` on OpenSearch.

use crate::schema::places::Place;
use pgsync_runtime::{Batch, Transform, TransformError};
use std::fmt;
use std::future::Future;

/// Adds `embedding`, a vector of the name.
pub struct Embedding<F> {
    model: String,
    compute: F,
}

impl<F> Embedding<F> {
    /// Vectors by this function. `model` names what computes them: another one is another version, for which the index is
    /// filled anew.
    pub fn new(model: impl Into<String>, compute: F) -> Self {
        Self { model: model.into(), compute }
    }
}

impl<F> fmt::Debug for Embedding<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Embedding by {}", self.model)
    }
}

impl<F, R, E> Transform<Place> for Embedding<F>
where
    F: Fn(Vec<String>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Vec<Vec<f32>>, E>> + Send,
    E: fmt::Display,
{
    fn name(&self) -> &str {
        "Embedding"
    }

    fn version(&self) -> &str {
        &self.model
    }

    /// Services take so many texts at once.
    fn batch(&self) -> usize {
        100
    }

    async fn transform(&self, places: &mut Batch<Place>) -> Result<(), TransformError> {
        let texts = places.iter().map(|place| place.name.clone()).collect();
        // What a service does not answer now it may answer later.
        let vectors = (self.compute)(texts).await.map_err(TransformError::later)?;
        if vectors.len() != places.len() {
            return Err(TransformError::later(format!("{} vectors for {} texts", vectors.len(), places.len())));
        }
        for (place, vector) in places.iter_mut().zip(vectors) {
            place.add("embedding", &vector)?;
        }
        Ok(())
    }
}

/// Stands for a model: how long a text is, and one more.
///
/// # Errors
/// Never.
pub async fn lengths(texts: Vec<String>) -> Result<Vec<Vec<f32>>, std::convert::Infallible> {
    let length = |text: String| text.chars().count() as f32;
    Ok(texts.into_iter().map(length).map(|length| vec![length, length + 1.0]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_document_gets_the_vector_of_its_text() {
        let place = |name: &str| -> Place {
            serde_json::from_value(serde_json::json!({ "id": 1, "name": name, "kind": "bar" })).unwrap()
        };
        let mut batch: Batch<Place> = [("1", place("ab")), ("2", place("größe"))].into_iter().collect();
        Embedding::new("m", lengths).transform(&mut batch).await.unwrap();
        let vectors: Vec<_> = batch.iter().map(|place| place.added("embedding").unwrap()).collect();
        assert_eq!(vectors, ["[2.0,3.0]", "[5.0,6.0]"]);
        let broken = |_: Vec<String>| async { Err::<Vec<Vec<f32>>, _>("away") };
        let ended = Embedding::new("m", broken).transform(&mut batch).await;
        assert_eq!(ended, Err(TransformError::Later("away".to_owned())));
        let short = |_: Vec<String>| async { Ok::<_, String>(Vec::new()) };
        assert!(matches!(Embedding::new("m", short).transform(&mut batch).await, Err(TransformError::Later(_))));
    }
}
