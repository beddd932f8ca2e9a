//! Checks that start no server. In: the workspace. Out: nothing, or what is wrong with its format, its lints or its
//! dependencies.

use crate::{Outcome, command, links, places, words};
use std::path::PathBuf;
use std::process::Command;

/// The release of cargo-deny that reads `deny.toml` as it is written.
const CARGO_DENY: &str = "0.20.2";

/// Cargo, run in the workspace.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(places::workspace());
    cargo
}

/// Runs every check; gives a line for each that fails.
pub(crate) fn run(fast: bool) -> Vec<String> {
    let mut checks: Vec<fn() -> Outcome> = vec![format, lints, layers, words::check, links::check];
    if !fast {
        checks.extend([deny as fn() -> Outcome, documentation, oldest_compiler]);
    }
    checks.into_iter().filter_map(|check| check().err()).collect()
}

fn format() -> Outcome {
    command::show(cargo().args(["fmt", "--all", "--check"]))
}

fn lints() -> Outcome {
    let arguments = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
    command::show(cargo().args(arguments))
}

/// A part of the dependency tree and the crates that must not be in it.
struct Layer {
    reason: &'static str,
    tree: &'static [&'static str],
    without: &'static [&'static str],
}

const LAYERS: [Layer; 4] = [
    Layer {
        reason: "the runtime does not depend on the compiler, nor on a Rust parser",
        tree: &["--package", "pgsync-runtime", "--all-features", "--edges", "normal,no-proc-macro"],
        without: &["pgsync-codegen", "pgsync-macros", "syn", "quote", "prettyplease", "askama"],
    },
    Layer {
        reason: "the compiler does not depend on the runtime",
        tree: &["--package", "pgsync-codegen", "--all-features", "--edges", "normal"],
        without: &["pgsync-runtime"],
    },
    Layer {
        reason: "the typed structs need no driver",
        tree: &["--package", "pgsync-runtime", "--no-default-features", "--edges", "normal"],
        without: &["tokio", "tokio-postgres", "reqwest", "rustls"],
    },
    Layer {
        reason: "there is one TLS provider",
        tree: &["--workspace", "--all-features", "--edges", "all", "--target", "all"],
        without: &["ring", "openssl-sys", "openssl", "native-tls"],
    },
];

fn layers() -> Outcome {
    for layer in &LAYERS {
        let tree =
            command::output(cargo().args(["tree", "--quiet", "--prefix", "none", "--format", "{p}"]).args(layer.tree))?;
        let found: Vec<&str> = layer
            .without
            .iter()
            .copied()
            .filter(|name| tree.lines().any(|line| line.split(' ').next() == Some(name)))
            .collect();
        if !found.is_empty() {
            return Err(format!(
                "{}, but `cargo tree {}` has {}: `cargo tree {} --invert {}` shows why",
                layer.reason,
                layer.tree.join(" "),
                found.join(", "),
                layer.tree.join(" "),
                found[0]
            ));
        }
    }
    Ok(())
}

/// The documentation of every library builds, and its links lead somewhere.
fn documentation() -> Outcome {
    let mut doc = cargo();
    doc.args(["doc", "--workspace", "--no-deps", "--all-features", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings");
    command::show(&mut doc)
}

/// The libraries build with the compiler that `rust-version` promises. Without that compiler the step is left out, but
/// not where `CI` is set: there it has to be installed.
fn oldest_compiler() -> Outcome {
    let manifest = places::workspace().join("Cargo.toml");
    let text =
        std::fs::read_to_string(&manifest).map_err(|error| format!("cannot read {}: {error}", manifest.display()))?;
    let version = rust_version(&text).ok_or("Cargo.toml names no rust-version")?;
    // The lints have built everything with the compiler that is at work.
    if command::output(Command::new("rustc").arg("--version"))?.starts_with(&format!("rustc {version}.")) {
        return Ok(());
    }
    let toolchains = command::output(Command::new("rustup").args(["toolchain", "list"])).unwrap_or_default();
    let Some(toolchain) = toolchain(&toolchains, version) else {
        let missing = format!(
            "Rust {version}, which rust-version promises, is not installed: `rustup toolchain install {version}`"
        );
        if std::env::var_os("CI").is_some() {
            return Err(missing);
        }
        eprintln!("skipped: {missing}");
        return Ok(());
    };
    let mut check = Command::new("rustup");
    check.current_dir(places::workspace()).args([
        "run",
        toolchain,
        "cargo",
        "check",
        "--locked",
        "--quiet",
        "--all-features",
    ]);
    // Set for the compiler that runs this; the other one is to find its own.
    for name in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"] {
        check.env_remove(name);
    }
    for package in ["pgsync-plan", "pgsync-codegen", "pgsync-macros", "pgsync-runtime", "cargo-pgsync"] {
        check.args(["--package", package]);
    }
    command::show(check.arg("--target-dir").arg(places::target().join("oldest")))
}

/// The first toolchain of this version in what `rustup toolchain list` prints.
fn toolchain<'t>(list: &'t str, version: &str) -> Option<&'t str> {
    list.lines().filter_map(|line| line.split(' ').next()).find(|name| {
        let rest = name.strip_prefix(version);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
    })
}

fn rust_version(manifest: &str) -> Option<&str> {
    manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"'))
}

/// Bans, licences and sources of all dependencies.
fn deny() -> Outcome {
    let program = cargo_deny()?;
    // Advisories are left out: they change from day to day without a change here.
    let mut deny = Command::new(program);
    deny.current_dir(places::workspace()).args(["--workspace", "--all-features", "--offline"]);
    command::show(deny.args(["check", "bans", "licenses", "sources"]))
}

/// cargo-deny as it is installed, or built once and kept with the servers.
fn cargo_deny() -> Outcome<PathBuf> {
    if command::found("cargo-deny") {
        return Ok("cargo-deny".into());
    }
    let root = places::cache()?.join(format!("tools/cargo-deny-{CARGO_DENY}"));
    places::create(&root)?;
    let program = root.join("bin/cargo-deny");
    if !program.is_file() {
        let mut install = cargo();
        // Unoptimised: it is built in a third of the time and still answers in seconds.
        install.args(["install", "--locked", "--debug", "--quiet", "--version", CARGO_DENY, "cargo-deny", "--root"]);
        command::show(install.arg(&root).arg("--target-dir").arg(places::target().join("tools")))?;
    }
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::{rust_version, toolchain};

    #[test]
    fn the_promised_compiler_is_found_among_the_installed() {
        let manifest = "[workspace.package]\nedition = \"2024\"\nrust-version = \"1.9\"\n";
        assert_eq!(rust_version(manifest), Some("1.9"));
        let list = "stable-x (active, default)\n1.95.0-x\n1.9.2-x\n";
        assert_eq!(toolchain(list, "1.9"), Some("1.9.2-x"));
        assert_eq!(toolchain(list, "1.95.0"), Some("1.95.0-x"));
        assert_eq!(toolchain(list, "1.80"), None);
    }
}
