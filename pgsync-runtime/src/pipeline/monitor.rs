//! The monitoring stage. In: the set-up as it is now and then. Out: an error when our session has become a synchronous
//! standby, or when a table is not what its documents were made from; leaves that joined a partitioned table, for the
//! collecting stage.

use super::Context;
use super::drift::{Drift, Leaf, lock};
use crate::Position;
use crate::source::Lease;
use crate::{Code, Error, Result};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How often the set-up is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// The stream asks for a look when it describes a table anew. Vacuum and analyze make it do so too: not more often than
/// this.
const LOOK_AT_MOST_EVERY: Duration = Duration::from_secs(1);

/// What the monitoring stage shares with the others.
pub(super) struct Look {
    /// What was seen and what is known.
    pub drift: Mutex<Drift>,
    /// Somebody has seen a sign that a definition was changed.
    pub now: Notify,
    /// Leaves that have joined a table, for the collecting stage.
    pub leaves: Mutex<Vec<Leaf>>,
    /// There are some.
    pub joined: Notify,
}

impl Look {
    /// Begins from what the documents were made from.
    pub(super) fn new(drift: Drift) -> Self {
        let (drift, leaves) = (Mutex::new(drift), Mutex::default());
        Self { drift, now: Notify::new(), leaves, joined: Notify::new() }
    }

    /// The leaves that have joined since the last time.
    pub(super) fn take_leaves(&self) -> Vec<Leaf> {
        std::mem::take(&mut self.leaves.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Looks at the set-up now and then: our session must not become a synchronous standby, and the tables must stay what
/// they were.
pub(super) async fn monitor<L: Lease>(
    context: &Context,
    lease: &L,
    stream: i32,
    mut position: watch::Receiver<Position>,
    look: &Look,
    drain: &CancellationToken,
) -> Result<()> {
    let mut due = Instant::now();
    let mut looks = 0_u32;
    loop {
        tokio::select! {
            biased;
            () = drain.cancelled() => return Ok(()),
            () = tokio::time::sleep_until(due) => {
                lease.stands_aside(stream).await?;
                if lock(&look.drift).is_idle() {
                    let (found, seen) = lease.fingerprints().await?;
                    lease.set_up_partitions(&found).await;
                    let end = lease.log_end().await?;
                    lock(&look.drift).look(seen, end);
                }
                looks += 1;
                // The priority of a standby reads 0 until our first status report has arrived: ask again soon.
                due = Instant::now() + if looks == 1 { LOOK_AT_MOST_EVERY } else { LOOK_EVERY };
            }
            () = look.now.notified() => {
                due = due.min(Instant::now() + LOOK_AT_MOST_EVERY);
                continue;
            }
            changed = position.changed() => if changed.is_err() { return Ok(()) },
        }
        let verdict = lock(&look.drift).written(*position.borrow());
        if !verdict.changed.is_empty() {
            let tables: Vec<&str> = verdict.changed.iter().map(|(table, _)| table.as_str()).collect();
            context.invalid.insert(documents_of(context, &tables));
            let each = verdict.changed.iter().map(|(table, changes)| format!("{table}: {}", changes.join(", ")));
            return Err(Error::coded(Code::TableChanged, each.collect::<Vec<_>>().join("; ")));
        }
        if !verdict.joined.is_empty() {
            look.leaves.lock().unwrap_or_else(PoisonError::into_inner).extend(verdict.joined);
            look.joined.notify_one();
        }
    }
}

/// The documents that hold rows of these tables.
fn documents_of<'a>(context: &'a Context, tables: &'a [&str]) -> impl Iterator<Item = usize> + 'a {
    let plan = &context.program.plan;
    plan.documents.iter().enumerate().filter_map(move |(position, document)| {
        let concerned =
            document.routes.iter().any(|route| tables.contains(&plan.table(route.table).qualified().as_str()));
        concerned.then_some(position)
    })
}
