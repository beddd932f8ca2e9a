//! A crate around the generated module. In: its name and where the runtime comes from. Out: `Cargo.toml` and `main.rs`,
//! which are the user's once they are written.

use askama::Template;

/// Where a generated crate gets the runtime from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runtime {
    /// A folder.
    Path(String),
    /// A published version.
    Version(String),
}

#[derive(Template)]
#[template(path = "crate/Cargo.toml")]
struct Manifest {
    name: String,
    runtime: String,
}

/// `main.rs`.
pub const MAIN: &str = include_str!("../../templates/crate/main.rs");

/// `Cargo.toml`.
pub fn manifest(name: &str, runtime: &Runtime) -> String {
    let runtime = match runtime {
        Runtime::Path(path) => format!("{{ path = {} }}", literal(path)),
        Runtime::Version(version) => literal(version),
    };
    let mut text = Manifest { name: literal(name), runtime }.render().expect("a template of plain values renders");
    text.push('\n');
    text
}

/// A TOML string; JSON's escapes are among TOML's.
fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_names_the_runtime_by_path_or_version() {
        let manifest = manifest("my-sync", &Runtime::Path("../pg\"sync".into()));
        assert!(manifest.contains("name = \"my-sync\"\n"), "{manifest}");
        assert!(manifest.contains("pgsync-runtime = { path = \"../pg\\\"sync\" }\n"), "{manifest}");
        assert!(manifest.ends_with("[workspace]\n"), "{manifest}");
    }
}
