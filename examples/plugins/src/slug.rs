//! A name as it stands in an address: lower case, with hyphens for everything else. A field that no column has.

use crate::schema::places::Place;
use pgsync_runtime::{Batch, Transform, TransformError};

/// Adds `slug`.
#[derive(Debug)]
pub struct Slug;

/// `The Corner  Shop!` becomes `the-corner-shop`.
pub fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

impl Transform<Place> for Slug {
    fn name(&self) -> &str {
        "Slug"
    }

    fn version(&self) -> &str {
        "1"
    }

    async fn transform(&self, places: &mut Batch<Place>) -> Result<(), TransformError> {
        for place in places {
            let slug = slug(&place.name);
            place.add("slug", &slug)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str) -> Place {
        serde_json::from_value(serde_json::json!({ "id": 1, "name": name, "kind": "bar" })).unwrap()
    }

    #[tokio::test]
    async fn every_place_has_a_slug_of_its_name() {
        let names = ["The Corner  Shop!", "Café", "...", "a-b"];
        let mut batch: Batch<Place> = names.iter().map(|name| (*name, place(name))).collect();
        Slug.transform(&mut batch).await.unwrap();
        let slugs: Vec<_> = batch.iter().map(|place| place.added("slug").unwrap()).collect();
        assert_eq!(slugs, ["\"the-corner-shop\"", "\"caf\"", "\"\"", "\"a-b\""]);
    }
}
