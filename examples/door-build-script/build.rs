//! Compiles the library schema into `OUT_DIR`, in one line.

pgsync_macros::pgsync_schema!("../library/schema.json");
