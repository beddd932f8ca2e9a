//! The watching stage. In: the set-up as it is now and then. Out: an error when our session has become a synchronous
//! standby, or when a table is not what its documents were made from.

use super::Context;
use super::start::Started;
use super::watch::{Watch, lock};
use crate::{Error, ErrorKind, Lsn, Result};
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How often the set-up is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Looks at the set-up now and then: our session must not become a synchronous standby, and the tables must stay what
/// they were.
pub(super) async fn guard(
    context: &Context,
    started: &Started,
    pid: i32,
    mut position: watch::Receiver<Lsn>,
    look: &Mutex<Watch>,
    drain: &CancellationToken,
) -> Result<()> {
    let mut tick = tokio::time::interval(LOOK_EVERY);
    let mut first = true;
    loop {
        tokio::select! {
            () = drain.cancelled() => return Ok(()),
            _ = tick.tick() => {
                started.standby(context, pid).await?;
                if lock(look).is_idle() {
                    let marks = started.facts(context).await?.marks(&context.program);
                    let end = started.log_end_now().await?;
                    lock(look).look(marks, end);
                }
                if std::mem::take(&mut first) {
                    // The priority reads 0 until our first status report has arrived: ask again soon.
                    tick.reset_after(Duration::from_secs(1));
                }
            }
            changed = position.changed() => if changed.is_err() { return Ok(()) },
        }
        let verdict = lock(look).written(*position.borrow());
        if let Err(tables) = verdict {
            context.spoil(documents_of(context, &tables));
            return Err(Error::new(
                ErrorKind::Reload,
                format!("{} changed in a way that the stream does not carry", tables.join(", ")),
            ));
        }
    }
}

/// The documents that hold rows of these tables.
fn documents_of<'a>(context: &'a Context, tables: &'a [String]) -> impl Iterator<Item = usize> + 'a {
    let plan = &context.program.plan;
    plan.documents.iter().enumerate().filter_map(move |(position, document)| {
        let concerned = document.routes.iter().any(|route| tables.contains(&plan.table(route.table).qualified()));
        concerned.then_some(position)
    })
}
