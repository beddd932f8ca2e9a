//! Types that generated structs use. In: JSON of a document. Out: Rust values and the same JSON again. Nothing here may
//! need a driver, an engine or an async runtime.
