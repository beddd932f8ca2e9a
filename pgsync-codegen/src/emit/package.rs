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

/// `Cargo.toml`, with features of the runtime.
pub fn manifest(name: &str, runtime: &Runtime, features: &[&str]) -> String {
    let features = match features {
        [] => String::new(),
        features => format!(", features = [{}]", features.iter().copied().map(literal).collect::<Vec<_>>().join(", ")),
    };
    let runtime = match runtime {
        Runtime::Path(path) => format!("{{ path = {}{features} }}", literal(path)),
        Runtime::Version(version) if features.is_empty() => literal(version),
        Runtime::Version(version) => format!("{{ version = {}{features} }}", literal(version)),
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
        let manifest = manifest("my-sync", &Runtime::Path("../pg\"sync".into()), &[]);
        assert!(manifest.contains("name = \"my-sync\"\n"), "{manifest}");
        assert!(manifest.contains("pgsync-runtime = { path = \"../pg\\\"sync\" }\n"), "{manifest}");
        assert!(manifest.ends_with("[workspace]\n"), "{manifest}");
        let manifest = super::manifest("my-sync", &Runtime::Version("0.1.0".into()), &["jiff", "uuid"]);
        let expected = "pgsync-runtime = { version = \"0.1.0\", features = [\"jiff\", \"uuid\"] }\n";
        assert!(manifest.contains(expected), "{manifest}");
    }
}
