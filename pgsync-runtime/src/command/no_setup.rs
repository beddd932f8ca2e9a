//! What operator commands do with a database in which nothing is set up: its log is there for whoever may read it. In: a
//! program with its settings, and a source. Out: done, or an error. Nothing is changed in the database.

use super::operate::reach;
use super::quarantine::Rereading;
use super::ready::Ready;
use super::status::{Followed, Slot};
use super::teardown;
use crate::settings::Settings;
use crate::source::{Lease as _, Source};
use crate::state::State;
use crate::{Position, Result, Version};

/// Opens a session that reads.
pub(super) async fn session<S: Source>(settings: &Settings, source: &S) -> Result<S::Session> {
    reach(settings, || source.session()).await
}

/// There is nothing to set up; whether it can be followed is seen.
pub(super) async fn bootstrap<S: Source>(ready: &Ready, source: &S) -> Result<()> {
    let lease = reach(&ready.settings, || source.lease()).await?;
    let found = lease.catalogue().await?;
    lease.check(&found, true).await?;
    let database = ready.label();
    tracing::info!(database, "this database can be followed as it is; nothing has to be set up in it");
    Ok(())
}

/// Opens the database where it is the one that a state is of.
pub(super) async fn reread<S: Source>(
    settings: &Settings,
    source: &S,
    state: &State,
) -> Result<Option<Rereading<S::Session>>> {
    let lease = reach(settings, || source.lease()).await?;
    let (found, origin) = (lease.catalogue().await?, lease.origin().await?);
    if !state.owner.same_database(&origin.owner) || lease.discontinuity(&found, state, &origin).is_some() {
        return Ok(None);
    }
    let version_at = |position: Position| Version(position.offset());
    Ok(Some(Rereading { session: source.session().await?, ceiling: lease.ceiling(), version_at }))
}

/// How far its log goes.
pub(super) async fn followed<S: Source>(settings: &Settings, source: &S) -> Result<Followed> {
    let lease = reach(settings, || source.lease()).await?;
    Ok(Followed { slot: Slot::State, end: lease.log_end().await?, acknowledged: None, kept: None, others: Vec::new() })
}

/// Forgets the state, and with `indexes` drops what was filled.
pub(super) async fn teardown<S: Source>(ready: &Ready, source: &S, indexes: bool) -> Result<()> {
    let Ready { program, settings, .. } = ready;
    let lease = reach(settings, || source.lease()).await?;
    // Whoever works under the name would write the state again.
    lease.take().await?;
    let owner = lease.origin().await?.owner;
    let opened = teardown::open(settings, program.capture.name()).await?;
    teardown::clear(opened, &owner, teardown::filled(program, indexes)).await?;
    tracing::info!(database = ready.label(), "this set-up is removed");
    Ok(())
}
