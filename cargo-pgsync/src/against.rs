//! `check --against-index`: what a start would find at the engine. In: compiled programs and the settings of the engine. Out:
//! nothing where each index was filled from this schema or is not there yet, else what is different. Nothing is changed.

use crate::compile::{at_once, block_on};
use pgsync_plan::Program;
use pgsync_runtime::internals::command::reach;
use pgsync_runtime::internals::settings::{self, Settings};
use pgsync_runtime::internals::sink::{Engine, name_differences};
use pgsync_runtime::internals::{Error, ErrorKind, Result};

/// Asks the engine.
pub(crate) fn against_index(mut programs: Vec<Program>) -> Result<()> {
    settings::resolve(&mut programs)?;
    let settings = Settings::load(&at_once())?;
    block_on(async {
        let engine = reach(&settings, || Engine::connect(&settings.engine)).await?;
        let mut other = String::new();
        let indexes = programs.iter().flat_map(|program| program.plan.documents.iter().zip(&program.indexes));
        for (document, definition) in indexes {
            let index = &document.index;
            engine.check_definition(index, definition)?;
            let existing = engine.inspect(index).await?;
            // As a start does: what searches find, else the newest.
            let generations = existing.generations.iter();
            let Some(shown) = generations.max_by_key(|generation| (generation.public, generation.number)) else {
                tracing::info!(%index, "the index is not there yet: it will be loaded");
                continue;
            };
            if shown.fingerprint == definition.fingerprint {
                tracing::info!(%index, "the index was filled from this schema");
                continue;
            }
            let differences = name_differences(&shown.identity, &definition.identity).join("\n  ");
            other += &format!("\nindex `{index}` was filled from another schema:\n  {differences}");
        }
        if other.is_empty() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Usage, format!("what is indexed is not what the schema says{other}"))
            .help("`run --rebuild` fills a new generation beside it and swaps; without it, `run` refuses to start"))
    })
}
