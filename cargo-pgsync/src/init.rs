//! `cargo pgsync init`: a first schema file. In: a live database and the name of a root table. Out: a schema that
//! compiles, in the long form; an existing file is never overwritten unasked.

use crate::compile;
use crate::format;
use crate::live;
use clap::Args;
use pgsync_codegen::catalog::Catalog;
use pgsync_codegen::{layout, propose};
use pgsync_runtime::internals::command::print;
use pgsync_runtime::internals::{Error, ErrorKind, Result};
use std::path::Path;

/// What to propose.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The root: one document for each of its rows
    #[arg(short, long, value_name = "[SCHEMA.]TABLE")]
    table: String,
    /// How many levels of children to follow
    #[arg(long, value_name = "LEVELS", default_value_t = 2)]
    depth: usize,
    /// Print, write no file
    #[arg(long)]
    print: bool,
    /// Overwrite the schema file
    #[arg(long, conflicts_with = "print")]
    force: bool,
}

/// Proposes, then prints or writes.
pub(crate) fn init(arguments: &Init, path: &Path) -> Result<()> {
    if !arguments.print && !arguments.force && path.exists() {
        return Err(Error::new(ErrorKind::Usage, format!("{} exists", path.display())).help(
            "add --print to see the proposal, --force to overwrite the file, or name another one with --config",
        ));
    }
    let overrides = compile::at_once();
    let catalog = compile::block_on(live::read(&overrides, None))?;
    let root = root(&catalog, &arguments.table)?;
    let text = layout(&propose(&catalog, root, arguments.depth).into());
    if arguments.print {
        return print(&text).map(drop);
    }
    format::replace(path, text)?;
    tracing::info!("wrote {}; delete what you do not want, then: cargo pgsync preview", path.display());
    Ok(())
}

fn root(catalog: &Catalog, name: &str) -> Result<usize> {
    let (schema, table) = name.split_once('.').unwrap_or((&catalog.default_schema, name));
    let found = catalog.table(schema, table);
    let keyed = |position: &usize| catalog.tables[*position].primary_key.is_some();
    if let Some(position) = found.filter(keyed) {
        return Ok(position);
    }
    let roots: Vec<String> =
        catalog.tables.iter().filter(|table| table.primary_key.is_some()).map(|table| catalog.short(table)).collect();
    let what = match found {
        Some(_) => format!("table {name} has no primary key, and a root needs one"),
        None => format!("the database has no table {schema}.{table}"),
    };
    Err(Error::new(ErrorKind::Usage, what).help(format!("tables that can be a root: {}", roots.join(", "))))
}
