//! `cargo pgsync fmt`: lays a schema file out anew, or writes its long form. In: a schema file. Out: the file, rewritten
//! in one step, or text on stdout; with `--check` nothing but whether it would change.

use crate::address;
use crate::compile::{self, Format};
use clap::Args;
use pgsync_codegen::artifacts::Artifacts;
use pgsync_codegen::{expand_each, layout, parse, parse_tree, resolve};
use pgsync_runtime::internals::command::print;
use pgsync_runtime::internals::{Error, ErrorKind, Result};
use std::path::Path;

/// How to rewrite.
#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// Write the long form: every relationship and label that the catalogue decides is written out
    #[arg(long)]
    expand: bool,
    /// Print, leave the file as it is
    #[arg(long, conflicts_with = "check")]
    print: bool,
    /// Write nothing; exit with 2 when the file would change
    #[arg(long)]
    check: bool,
}

/// Rewrites, prints or compares.
pub(crate) fn fmt(arguments: &Fmt, path: &Path, format: Format) -> Result<()> {
    let (text, written) = if arguments.expand {
        let input = compile::input(path, format, &compile::at_once())?;
        let fail = |diagnostics| format.fail(&diagnostics, path);
        let schema = parse(&input.source).map_err(fail)?;
        let mut each = Vec::new();
        for (database, catalog) in &input.databases {
            let (bound, warnings) = resolve(&input.source, &database.schema, catalog).map_err(fail)?;
            format.warn(&warnings);
            each.push((database, bound, catalog));
        }
        let each = each.iter().map(|(database, bound, catalog)| (*database, bound, *catalog));
        (layout(&expand_each(&input.source, &schema, each)), input.source.text)
    } else {
        let source = compile::read(path)?;
        let fail = |diagnostics| format.fail(&diagnostics, path);
        parse(&source).map_err(fail)?;
        (layout(&parse_tree(&source).map_err(fail)?), source.text)
    };
    if arguments.print {
        return print(&text).map(drop);
    }
    if text == written {
        tracing::info!("{} is laid out already", path.display());
        return Ok(());
    }
    if arguments.check {
        return Err(Error::new(ErrorKind::Usage, format!("{} would be laid out differently", path.display()))
            .help("run the same command without --check"));
    }
    replace(path, text)?;
    tracing::info!("wrote {}", path.display());
    Ok(())
}

/// Writes a file in one step.
pub(crate) fn replace(path: &Path, text: String) -> Result<()> {
    address::writable(path)?;
    let mut artifacts = Artifacts::new();
    artifacts.add(path.file_name().unwrap_or_default(), text);
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    artifacts
        .write(directory)
        .map(drop)
        .map_err(|error| Error::new(ErrorKind::Refused, format!("{} cannot be written", path.display())).source(error))
}
