//! `teardown`: takes back what `bootstrap` did, and forgets the state. In: settings and a program. Out: a database without
//! anything of ours, and what was left on purpose, said with its statement.

use super::operate::{reach, session};
use crate::settings::Settings;
use crate::sink::{Engine, Owner, Patience, QuarantineStore};
use crate::source::postgres::capture::{self, CaptureState, Undone};
use crate::source::postgres::origin;
use crate::state::{State, StateStore};
use crate::{Error, ErrorKind, Result};
use pgsync_plan::Program;

/// Undoes the set-up of this program.
pub(super) async fn teardown(settings: &Settings, program: &Program, indexes: bool) -> Result<()> {
    let client = session(settings).await?;
    let slot = program.capture.name();
    let origin = origin(&client, &settings.database, slot).await?;
    let facts = CaptureState::read(&client, program).await?;
    // The state knows what a publication knew that was dropped by hand. The database is cleaned up without it, too.
    let opened = open(settings, slot).await;
    let state = opened.as_ref().ok().and_then(|(_, _, state)| state.as_ref());
    let recorded = state
        .filter(|state| state.owner.same_database(&origin.owner))
        .map(|state| capture::from_state(&state.replaced));
    say(&capture::teardown(&client, &facts, program, &recorded.unwrap_or_default(), state.is_some()).await?);
    let (engine, store, state) = opened.map_err(|error| {
        let known = error.next_step().map(|help| format!("; {help}")).unwrap_or_default();
        error.help(format!(
            "the database is cleaned up; run `teardown` again for the state and the indexes in the engine{known}"
        ))
    })?;
    forget(&engine, store, state, &origin.owner).await?;
    if indexes {
        for document in &program.plan.documents {
            drop_indexes(&engine, &document.index, &origin.owner).await?;
        }
    }
    tracing::info!("this set-up is removed");
    Ok(())
}

/// Removes other set-ups of ours, named by their slots.
pub(super) async fn orphans(settings: &Settings, program: &Program, slots: &[String], indexes: bool) -> Result<()> {
    let client = session(settings).await?;
    let others = capture::others(&client, &program.capture.logical_replication().publication).await?;
    let mut chosen = Vec::new();
    for slot in slots {
        let found = others.iter().find(|other| other.slot == *slot && *slot != program.capture.name());
        chosen.push(found.ok_or_else(|| {
            let known: Vec<&str> = others.iter().map(|other| other.slot.as_str()).collect();
            let known = if known.is_empty() { "there are none".to_owned() } else { known.join(", ") };
            Error::new(ErrorKind::Usage, format!("`{slot}` is not the slot of another set-up in this database"))
                .help(format!("these can be named: {known}; `teardown` without --orphan removes this file's own"))
        })?);
    }
    for orphan in chosen {
        say(&capture::remove(&client, orphan).await?);
        let (engine, store, state) = open(settings, &orphan.slot).await?;
        let owner = origin(&client, &settings.database, &orphan.slot).await?.owner;
        forget(&engine, store, state, &owner).await?;
        for index in orphan.indexes.iter().filter(|_| indexes) {
            drop_indexes(&engine, index, &owner).await?;
        }
        tracing::info!(slot = %orphan.slot, "this set-up is removed");
    }
    Ok(())
}

async fn open(settings: &Settings, slot: &str) -> Result<(Engine, StateStore, Option<State>)> {
    let engine = reach(settings, || Engine::connect(&settings.engine)).await?;
    // The state index may be there and not yet answer.
    let (store, state) = reach(settings, || StateStore::open(&engine, slot)).await?;
    Ok((engine, store, state))
}

/// Removes the state and the quarantine, unless they are those of another database.
async fn forget(engine: &Engine, mut store: StateStore, state: Option<State>, owner: &Owner) -> Result<()> {
    let quarantine = QuarantineStore::new(engine, &owner.slot, Patience::default());
    match state.filter(|state| !state.owner.same_database(owner)) {
        Some(other) => {
            tracing::warn!("the state is left alone: it belongs to {}", other.owner);
            return Ok(());
        }
        None => store.remove().await?,
    }
    let entries = quarantine.list().await?;
    quarantine.remove(&entries.iter().map(|entry| (entry.name(), entry.version)).collect::<Vec<_>>()).await
}

async fn drop_indexes(engine: &Engine, index: &str, owner: &Owner) -> Result<()> {
    let existing = engine.inspect(index).await?;
    for generation in existing.generations.iter().filter(|found| owner.is(&found.owner)) {
        engine.drop_generation(generation).await?;
        tracing::info!(index = %generation.physical, "dropped");
    }
    Ok(())
}

fn say(undone: &Undone) {
    for statement in &undone.statements {
        tracing::info!(%statement, "done");
    }
    for (reason, statement) in &undone.left {
        tracing::warn!("left as it is: {reason}. To change it: {statement};");
    }
}
