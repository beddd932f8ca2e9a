//! `--engine`: the version that indexes are to be made in. In: its name, and a compiled program. Out: nothing, or what of the
//! mappings that version lacks. No engine is asked; what runs asks its own.

use clap::Args;
use pgsync_plan::{EngineVersion, Program};
use pgsync_runtime::internals::{Error, ErrorKind, Result};

/// The engine that is chosen.
#[derive(Debug, Args)]
pub(crate) struct EngineChoice {
    /// Refuse what this engine lacks, such as elasticsearch-8 or opensearch-2.19 [default: what none has]
    #[arg(long, value_name = "ENGINE")]
    engine: Option<EngineVersion>,
}

impl EngineChoice {
    /// Refuses what it lacks.
    pub(crate) fn check(&self, program: &Program) -> Result<()> {
        let Some(version) = &self.engine else { return Ok(()) };
        let indexes = program.plan.documents.iter().zip(&program.indexes);
        let lacked = indexes.flat_map(|(document, definition)| {
            definition
                .lacked_by(version)
                .into_iter()
                .map(move |need| format!("\n  - index `{}`, {need}", document.index))
        });
        let lacked: String = lacked.collect();
        if lacked.is_empty() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Usage, format!("{version} lacks what the schema asks for:{lacked}"))
            .help("write another type into `mapping`, or take the parameter out"))
    }
}
