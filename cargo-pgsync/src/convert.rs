//! `cargo pgsync convert`: a schema file of PGSync's first version in the form of today. In: a file. Out: the file, rewritten
//! in one step, with what it held beside it; or text on stdout.

use crate::address;
use crate::compile::{self, Format};
use crate::format::replace;
use clap::Args;
use pgsync_codegen::{convert as converted, layout, parse_tree};
use pgsync_runtime::internals::command::print;
use pgsync_runtime::internals::{Error, ErrorKind, Result};
use std::path::Path;

/// How to convert.
#[derive(Debug, Args)]
pub(crate) struct Convert {
    /// Print, leave the file as it is
    #[arg(long)]
    print: bool,
}

/// Rewrites or prints.
pub(crate) fn convert(arguments: &Convert, path: &Path, format: Format) -> Result<()> {
    let source = compile::read(path)?;
    let mut tree = parse_tree(&source).map_err(|diagnostics| format.fail(&diagnostics, path))?;
    let count = converted(&mut tree).map_err(|(document, roots)| {
        let what =
            format!("document {} of {} has {roots} nodes, and a document has one root", document + 1, path.display());
        Error::new(ErrorKind::Usage, what).help("make a document of each, with an index of its own")
    })?;
    let text = layout(&tree);
    if arguments.print {
        return print(&text).map(drop);
    }
    if count == 0 {
        tracing::info!("{} is of today's form already", path.display());
        return Ok(());
    }
    address::writable(path)?;
    let kept = path.with_extension("v1.json");
    if kept.exists() {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("{} exists, where what the file holds would be kept", kept.display()),
        )
        .help("move it away, or look at the result with --print"));
    }
    replace(&kept, source.text)?;
    replace(path, text)?;
    tracing::info!("wrote {}; what it held is in {}", path.display(), kept.display());
    Ok(())
}
