//! What operator commands do with a database whose changes are captured by triggers. In: a program with its settings, and a
//! source. Out: done, or an error.

use super::Log;
use super::operate::reach;
use super::quarantine::Rereading;
use super::ready::Ready;
use super::status::{Followed, Slot};
use super::teardown;
use crate::error::printable;
use crate::settings::Settings;
use crate::source::postgres::{Session, Triggers, version_at};
use crate::source::{Lease as _, Source as _};
use crate::state::State;
use crate::{Code, Result};

/// Sets up what is missing, or says what that is.
pub(super) async fn bootstrap(log: Log, ready: &Ready, source: &Triggers, dry_run: bool) -> Result<()> {
    let lease = reach(&ready.settings, || source.lease()).await?;
    let found = lease.catalogue().await?;
    lease.check(&found, true).await?;
    let missing = lease.missing(&found)?;
    if dry_run {
        let text = if log.json {
            let mut object = serde_json::json!({ "transaction": missing.0, "afterwards": [] });
            if let Some(database) = ready.label() {
                object["database"] = database.into();
            }
            format!("{object}\n")
        } else {
            let heading = ready.label().map_or_else(String::new, |name| format!("-- database {}\n", printable(name)));
            let nothing = "-- nothing to do: everything is set up\n".to_owned();
            heading + &if missing.is_empty() { nothing } else { missing.script() }
        };
        return super::print(&text).map(drop);
    }
    if missing.is_empty() {
        tracing::info!(database = ready.label(), "everything is set up already");
        return Ok(());
    }
    tracing::info!("setting up the database:\n{}", missing.script().trim_end());
    lease.apply(&missing, "bootstrap").await?;
    tracing::info!(outbox = %ready.program.capture.name(), "the database is set up");
    Ok(())
}

/// Opens the database where it is the one that a state is of.
pub(super) async fn reread(
    settings: &Settings,
    source: &Triggers,
    state: &State,
) -> Result<Option<Rereading<Session>>> {
    let lease = reach(settings, || source.lease()).await?;
    let (found, origin) = (lease.catalogue().await?, lease.origin().await?);
    if !state.owner.same_database(&origin.owner) || lease.discontinuity(&found, state, &origin).is_some() {
        return Ok(None);
    }
    Ok(Some(Rereading { session: source.session().await?, ceiling: lease.ceiling(), version_at }))
}

/// How far its log goes, and what waits.
pub(super) async fn followed(settings: &Settings, source: &Triggers) -> Result<Followed> {
    let lease = reach(settings, || source.lease()).await?;
    let slot = match lease.waiting().await {
        Ok((rows, oldest)) => Slot::Outbox(rows, oldest),
        Err(error) if error.code() == Some(Code::OutboxGone) => Slot::Missing,
        Err(error) => return Err(error),
    };
    Ok(Followed { slot, end: lease.log_end().await?, acknowledged: None, kept: None, others: Vec::new() })
}

/// Removes the triggers and the outbox, forgets the state, and with `indexes` drops what was filled.
pub(super) async fn teardown(ready: &Ready, source: &Triggers, indexes: bool) -> Result<()> {
    let Ready { program, settings, .. } = ready;
    let lease = reach(settings, || source.lease()).await?;
    // Whoever works under the name would miss what it works with.
    lease.take().await?;
    let owner = lease.origin().await?.owner;
    let removal = lease.removal(&lease.catalogue().await?)?;
    let opened = teardown::open(settings, program.capture.name()).await;
    lease.apply(&removal, "teardown").await?;
    for statement in &removal.0 {
        tracing::info!(%statement, "done");
    }
    // The database is cleaned up where the engine is away, too.
    teardown::clear(opened?, &owner, teardown::filled(program, indexes)).await?;
    tracing::info!(database = ready.label(), "this set-up is removed");
    Ok(())
}
