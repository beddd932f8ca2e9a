//! Transforms to copy from, over one schema: what is masked, what is added, what is left out. The schema names them in
//! `plugins`, [`app`] registers them.

pub mod embedding;
pub mod geometry;
pub mod infinity;
pub mod masking;
pub mod slug;

/// What the compiler has made of `schema.json`.
#[allow(missing_docs, unreachable_pub, clippy::all)]
pub mod schema {
    pgsync_macros::pgsync_schema!("schema.json");
}

use embedding::Embedding;
use geometry::Geometry;
use infinity::Infinity;
use masking::Masking;
use pgsync_runtime::{App, Item, TransformError, each};
use schema::places::Place;
use slug::Slug;

/// Keeps drafts out of the index. A closure is enough where nothing is waited for.
fn public(place: &mut Item<Place>) -> Result<(), TransformError> {
    if place.kind == schema::enums::PlaceKind::Draft {
        place.leave_out();
    }
    Ok(())
}

/// The program with its transforms.
pub fn app() -> App {
    schema::app()
        .transform(each("Public", "1", public))
        .transform(Masking)
        .transform(Slug)
        .transform(Infinity)
        .transform(Geometry)
        .transform(Embedding::new("lengths-1", embedding::lengths))
}
