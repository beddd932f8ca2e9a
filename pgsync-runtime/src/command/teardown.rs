//! `teardown`: takes back what `bootstrap` did, and forgets the state. In: settings and a program. Out: a database without
//! anything of ours, and what was left on purpose, said with its statement.

use super::operate::{reach, session};
use super::ready::{Access, Ready};
use crate::settings::Settings;
use crate::sink::{Engine, Owner, Patience, QuarantineStore};
use crate::source::postgres::capture::{self, CaptureState, Undone};
use crate::source::postgres::origin;
use crate::state::{State, StateStore};
use crate::{Error, ErrorKind, Result};
use pgsync_plan::Program;

/// Undoes the set-up of each program. One that cannot be undone keeps none of the others.
pub(super) async fn teardown(all: &[Ready], indexes: bool) -> Result<()> {
    let mut first = Ok(());
    for ready in all {
        let Err(error) = undo(ready, indexes).await.map_err(|error| ready.named(error)) else { continue };
        match &first {
            Ok(()) => first = Err(error),
            Err(_) => tracing::error!(code = error.code().map(crate::Code::id), %error, "failed too"),
        }
    }
    first
}

/// Undoes the set-up of one.
async fn undo(ready: &Ready, indexes: bool) -> Result<()> {
    let Ready { program, settings, .. } = ready;
    match ready.access()? {
        Access::SetUp => {}
        Access::Triggers(source) => return super::by_triggers::teardown(ready, &source, indexes).await,
        #[cfg(feature = "mysql")]
        Access::Log(source) => return super::no_setup::teardown(ready, &source, indexes).await,
    }
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
    let opened = opened.map_err(|error| {
        let known = error.next_step().map(|help| format!("; {help}")).unwrap_or_default();
        error.help(format!(
            "the database is cleaned up; run `teardown` again for the state and the indexes in the engine{known}"
        ))
    })?;
    clear(opened, &origin.owner, filled(program, indexes)).await?;
    tracing::info!(database = ready.label(), "this set-up is removed");
    Ok(())
}

/// Removes other set-ups of ours, named by their slots.
pub(super) async fn orphans(all: &[Ready], slots: &[String], indexes: bool) -> Result<()> {
    let mut found = Vec::new();
    for ready in all {
        let others = async {
            match ready.access()? {
                Access::SetUp => {}
                // Other set-ups of this kind are removed with the schema file that they are of.
                Access::Triggers(_) => return Ok(None),
                // Nothing is set up in it that could be left over.
                #[cfg(feature = "mysql")]
                Access::Log(_) => return Ok(None),
            }
            let client = session(&ready.settings).await?;
            let others = capture::others(&client, &ready.program.capture.logical_replication()?.publication).await?;
            Ok(Some((ready, client, others)))
        };
        found.extend(others.await.map_err(|error| ready.named(error))?);
    }
    let others =
        || found.iter().flat_map(|(ready, client, others)| others.iter().map(move |other| (ready, client, other)));
    let mut chosen = Vec::new();
    for slot in slots {
        let named = others().find(|(ready, _, other)| other.slot == *slot && *slot != ready.program.capture.name());
        chosen.push(named.ok_or_else(|| {
            let known: Vec<&str> = others().map(|(_, _, other)| other.slot.as_str()).collect();
            let known = if known.is_empty() { "there are none".to_owned() } else { known.join(", ") };
            let here = if all.len() > 1 { "these databases" } else { "this database" };
            Error::new(ErrorKind::Usage, format!("`{slot}` is not the slot of another set-up in {here}"))
                .help(format!("these can be named: {known}; `teardown` without --orphan removes this file's own"))
        })?);
    }
    for (ready, client, orphan) in chosen {
        let settings = &ready.settings;
        say(&capture::remove(client, orphan).await?);
        let opened = open(settings, &orphan.slot).await?;
        let owner = origin(client, &settings.database, &orphan.slot).await?.owner;
        clear(opened, &owner, orphan.indexes.iter().filter(|_| indexes).map(String::as_str)).await?;
        tracing::info!(slot = %orphan.slot, "this set-up is removed");
    }
    Ok(())
}

/// The engine, and the state of a slot in it.
pub(super) type Opened = (Engine, StateStore, Option<State>);

pub(super) async fn open(settings: &Settings, slot: &str) -> Result<Opened> {
    let engine = reach(settings, || Engine::connect(&settings.engine)).await?;
    // The state index may be there and not yet answer.
    let (store, state) = reach(settings, || StateStore::open(&engine, slot)).await?;
    Ok((engine, store, state))
}

/// The indexes of a program, where they are to be dropped.
pub(super) fn filled(program: &Program, indexes: bool) -> impl Iterator<Item = &str> {
    program.plan.documents.iter().filter(move |_| indexes).map(|document| document.index.as_str())
}

/// Forgets the state and the quarantine, and drops what was filled of these indexes.
pub(super) async fn clear<'a>(
    (engine, store, state): Opened,
    owner: &Owner,
    indexes: impl Iterator<Item = &'a str>,
) -> Result<()> {
    forget(&engine, store, state, owner).await?;
    for index in indexes {
        drop_indexes(&engine, index, owner).await?;
    }
    Ok(())
}

/// Removes the state and the quarantine, unless they are those of another database.
async fn forget(engine: &Engine, mut store: StateStore, state: Option<State>, owner: &Owner) -> Result<()> {
    let quarantine = QuarantineStore::new(engine, &owner.slot, Patience::default());
    match state.filter(|state| !state.owner.same_database(owner)) {
        Some(other) => {
            tracing::warn!("the state is left alone: it belongs to {}", other.owner);
            return Ok(());
        }
        None => {
            store.remove().await?;
            engine.forget_audit(&owner.slot).await?;
        }
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
