//! The library schema, expanded in place.

pgsync_macros::pgsync_schema!("../library/schema.json");
