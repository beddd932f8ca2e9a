//! `cargo pgsync generate`: writes a crate, or a module into one that exists. In: compiled programs. Out: files, each
//! written in one step; with `--check` nothing but whether the module is up to date.

use crate::engine::EngineChoice;
use clap::Args;
use pgsync_codegen::artifacts::Artifacts;
use pgsync_codegen::emit::package::{self, Runtime};
use pgsync_codegen::emit::rust::{self, Values};
use pgsync_plan::{Dialect, Program};
use pgsync_runtime::internals::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

/// What to write, and where.
#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// Write a crate: Cargo.toml and src/main.rs once, src/schema.rs always
    #[arg(long = "crate", value_name = "DIR", conflicts_with = "module", required_unless_present = "module")]
    directory: Option<PathBuf>,
    /// Write the module alone
    #[arg(long, value_name = "FILE")]
    module: Option<PathBuf>,
    /// Write nothing; exit with 2 when the module is not up to date
    #[arg(long)]
    check: bool,
    /// Give values of the structs the types of these crates: jiff or chrono, uuid, rust_decimal
    #[arg(long, value_name = "CRATES", value_delimiter = ',')]
    values: Vec<String>,
    /// Folder that holds pgsync-runtime, for Cargo.toml
    #[arg(long, value_name = "DIR", conflicts_with = "runtime_version")]
    runtime_path: Option<PathBuf>,
    /// Published version of pgsync-runtime, for Cargo.toml
    #[arg(long, value_name = "VERSION")]
    runtime_version: Option<String>,
    #[command(flatten)]
    engine: EngineChoice,
}

/// Writes or compares.
pub(crate) fn generate(arguments: &Generate, schema: &Path, programs: &[Program]) -> Result<()> {
    for program in programs {
        arguments.engine.check(program)?;
    }
    let name = schema.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let values = Values::of(arguments.values.iter().map(String::as_str))
        .map_err(|wrong| Error::new(ErrorKind::Usage, format!("--values: {wrong}")))?;
    let text = rust::file_with(programs, &name, values);
    let (directory, module) = match (&arguments.directory, &arguments.module) {
        (Some(directory), _) => (directory.clone(), PathBuf::from("src/schema.rs")),
        (None, Some(module)) => {
            let file = module.file_name().map(PathBuf::from).unwrap_or_default();
            (module.parent().map(Path::to_path_buf).unwrap_or_default(), file)
        }
        // The command line asks for one of them.
        (None, None) => return Ok(()),
    };
    let mut artifacts = Artifacts::new();
    artifacts.add(&module, text);
    if arguments.check {
        let stale = artifacts.diff(&directory).map_err(unwritable)?;
        if stale.is_empty() {
            tracing::info!("{} is up to date", directory.join(&module).display());
            return Ok(());
        }
        return Err(Error::new(ErrorKind::Usage, format!("{} is stale", directory.join(&module).display()))
            .help("run the same command without --check"));
    }
    if arguments.directory.is_some() {
        let manifest = directory.join("Cargo.toml");
        if !manifest.exists() {
            let name = crate_name(&directory);
            let mut features = values.features();
            if programs.iter().any(|program| program.dialect != Dialect::Postgres) {
                features.push("mysql");
            }
            artifacts.add("Cargo.toml", package::manifest(&name, &runtime(arguments)?, &features));
        }
        if !directory.join("src/main.rs").exists() {
            artifacts.add("src/main.rs", package::MAIN);
        }
    }
    for path in artifacts.write(&directory).map_err(unwritable)? {
        tracing::info!("wrote {}", directory.join(path).display());
    }
    Ok(())
}

fn unwritable(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Refused, "the generated files cannot be written").source(error)
}

/// Where the generated crate gets the runtime from.
fn runtime(arguments: &Generate) -> Result<Runtime> {
    if let Some(path) = &arguments.runtime_path {
        let path = path.canonicalize().map_err(|error| {
            Error::new(ErrorKind::Usage, format!("--runtime-path {} cannot be read", path.display())).source(error)
        })?;
        if !path.join("Cargo.toml").is_file() {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("--runtime-path {} is not the folder of a crate", path.display()),
            )
            .help("name the folder pgsync-runtime of a checkout of pgsync"));
        }
        return Ok(Runtime::Path(path.display().to_string()));
    }
    if arguments.runtime_version.is_none() {
        tracing::warn!(
            "Cargo.toml names version {} of pgsync-runtime, which may not be published; --runtime-path names a folder instead",
            env!("CARGO_PKG_VERSION")
        );
    }
    let version = arguments.runtime_version.as_deref().unwrap_or(env!("CARGO_PKG_VERSION"));
    Ok(Runtime::Version(version.to_owned()))
}

/// A name that cargo takes, from the folder's.
fn crate_name(directory: &Path) -> String {
    let name =
        std::path::absolute(directory).ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let name: String = name
        .unwrap_or_default()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { '-' })
        .collect();
    if name.starts_with(|c: char| c.is_ascii_lowercase()) { name } else { format!("sync-{name}") }
}
