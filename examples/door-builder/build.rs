//! Compiles the library schema into `OUT_DIR`.

fn main() {
    pgsync_codegen::Builder::new("../library/schema.json").compile().unwrap();
}
