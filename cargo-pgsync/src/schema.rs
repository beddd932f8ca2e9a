//! `cargo pgsync schema`: the JSON Schema of schema files. In: nothing, or the snapshot of a catalogue. Out: JSON Schema on
//! stdout, or in a file that is written in one step. It asks no database and reads no schema file.

use crate::address;
use crate::format::replace;
use clap::Args;
use pgsync_codegen::catalog::Catalog;
use pgsync_codegen::editor::json_schema;
use pgsync_runtime::internals::command::print;
use pgsync_runtime::internals::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

/// What help says at its end.
pub(crate) const AFTER_HELP: &str = "\
An editor that knows it completes the keys of a schema file, explains them and marks what is
wrong, while the file is written. With --catalog it knows the tables and columns of your database.

Name it at the top of the file:

  { \"$schema\": \"./pgsync.schema.json\", \"documents\": [ ... ] }
  { \"$schema\": \"./pgsync.schema.json\", \"table\": \"book\" }

A file that is an array, as PGSync reads it, has no place for that: tell the editor by the file's
name instead (docs/editor.md says how).

Examples:
  cargo pgsync schema -o pgsync.schema.json      the language alone, for any database
  cargo pgsync schema --catalog -o my.json       with the tables of schema.catalog.json
  cargo pgsync schema --catalog shop.json        with those of another snapshot, printed
  cargo pgsync catalog                           take the snapshot, or take it anew";

/// What to write, and where.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Know the tables and columns of this snapshot; without FILE, of the one beside the schema file
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    catalog: Option<Option<PathBuf>>,
    /// Write it to this file instead of printing it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Prints or writes.
pub(crate) fn schema(arguments: &Schema, path: &Path) -> Result<()> {
    let snapshot = arguments.catalog.as_ref().map(|file| file.clone().unwrap_or_else(|| address::snapshot(path)));
    let catalog = snapshot.as_deref().map(read).transpose()?;
    let text = json_schema(catalog.as_ref());
    let Some(output) = &arguments.output else {
        return print(&text).map(drop);
    };
    replace(output, text)?;
    tracing::info!("wrote {}", output.display());
    Ok(())
}

fn read(path: &Path) -> Result<Catalog> {
    let unreadable =
        || Error::new(ErrorKind::Usage, format!("the catalogue snapshot {} cannot be read", path.display()));
    let help = "take one from the live database: cargo pgsync catalog; or leave --catalog out";
    let text = std::fs::read_to_string(path).map_err(|error| unreadable().source(error).help(help))?;
    Catalog::from_json(&text).map_err(|error| unreadable().source(error).help(help))
}
