//! Types that generated structs use. In: JSON of a document. Out: Rust values and the same JSON again. Nothing here may
//! need a driver, an engine or an async runtime.

mod array;
mod document;
mod float;
mod json;
mod numeric;
mod typed;

pub use array::{Array, Element};
pub use document::Document;
pub use float::{Float4, Float8};
pub use json::Json;
pub use numeric::{Numeric, NumericError};
pub use typed::{Typed, Written};

// What generated structs name, so that an application has them in the right release.
#[cfg(feature = "chrono")]
pub use ::chrono;
#[cfg(feature = "jiff")]
pub use ::jiff;
#[cfg(feature = "rust_decimal")]
pub use ::rust_decimal;
#[cfg(feature = "uuid")]
pub use ::uuid;
