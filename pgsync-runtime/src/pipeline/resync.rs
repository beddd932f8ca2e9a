//! Reading a whole document anew at a version, in place: after TRUNCATE, and when a transaction touches more than is
//! worth listing. In: a document, its index, an established version. Out: every document that exists is written at that
//! version, and every other one of the index is deleted at it.

use super::Context;
use super::ledger::Ledger;
use super::quarantine::Destination;
use super::ranges::read_all;
use crate::fetch::Documents;
use crate::sink::{ListIds as _, Sink};
use crate::source::Source;
use crate::{Result, Version};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Reads all roots and sweeps what is left over. No write of an older version may be on its way.
///
/// # Errors
/// Those of both sides.
pub(super) async fn resync<S: Source, K: Sink>(
    context: &Context,
    source: &S,
    document: usize,
    to: &Destination<K>,
    version: Version,
) -> Result<()> {
    let index = &context.program.plan.documents[document].index;
    tracing::info!(%index, %version, "reading every document again");
    // Not to be stopped half way: what is not read again counts as gone.
    let never = CancellationToken::new();
    read_all(context, source, (document, to), version, &Arc::new(Ledger::default()), &never).await?;
    let mut scan = to.older_than(version).await?;
    while let Some(page) = scan.next().await? {
        let mut surplus = Documents::new(version);
        page.iter().for_each(|listed| surplus.delete_at(listed.id.as_bytes(), listed.routing.as_bytes()));
        to.sweep(surplus).await?;
        context.health.wrote(page.len() as u64);
    }
    to.complete(version).await
}
