//! The audit of a process that follows: again and again a range of rows and a page of an index are held against the other side.
//! In: how often. Out: a warning for each document that is wrong, and counts. It goes through each table and each index from end
//! to end, then begins again; where a process begins is left to chance. Nothing is put right, and nothing ends by it.

use super::{Access, Counts, Finding, Judging, Parts, Sides, Walk};
use crate::error::printable;
use crate::fetch::Bound;
use crate::health::{Audit, Phase};
use crate::pipeline::Context;
use crate::sink::{Connect, ListIds, Patience, ReadStored, Sink, brief};
use crate::source::Source;
use crate::{Result, error::Code};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// Where it is in one index.
struct Place<S: Source, K: Sink> {
    walk: Walk<S, K>,
    after: Option<Bound>,
    pages: Option<<K::Stored as ReadStored>::Ids>,
}

/// Looks until the process ends; never where it is turned off.
pub(crate) async fn audit<S: Source, C: Connect>(context: &Context, source: &S, engine: &C) -> Infallible {
    let Some(every) = context.settings.run.audit else { return std::future::pending().await };
    let counts = Counts::default();
    loop {
        // Attempts of the pipeline come and go meanwhile.
        if let Err(error) = rounds::<S, C::Sink>(context, source, engine, every, &counts).await {
            tracing::debug!(code = error.code().map(Code::id), %error, "the audit begins again");
        }
        tokio::time::sleep(every).await;
    }
}

/// Looks every so often, until something fails.
async fn rounds<S: Source, K: Sink>(
    context: &Context,
    source: &S,
    engine: &impl Connect<Sink = K>,
    every: Duration,
    counts: &Counts,
) -> Result<()> {
    let follows = || context.health.report().phase == Phase::Following;
    while !follows() {
        tokio::time::sleep(every.min(Duration::from_secs(1))).await;
    }
    let parts = Parts {
        source: source.clone(),
        engine: engine.connect().await?,
        program: Arc::clone(&context.program),
        transforms: context.transforms.clone(),
        settings: Arc::clone(&context.settings),
        budget: context.budget.clone(),
        patience: Patience::new(|_| {}, context.stop.clone()),
        health: Some(context.health.clone()),
    };
    let access = Arc::new(Access::open(parts).await?);
    let judging = Judging { repair: false, tell: Arc::new(warn), counts: counts.clone() };
    let mut session = source.session().await?;
    let mut places = Vec::new();
    for document in context.documents() {
        let sides = Arc::new(Sides::open(Arc::clone(&access), document)?);
        let walk = Walk::new(sides, judging.clone()).await?.forgetful();
        let after = walk.anywhere(&mut session).await?;
        places.push(Place { walk, after, pages: None });
    }
    loop {
        for place in &mut places {
            tokio::time::sleep(every).await;
            if follows() {
                look(place, &mut session).await?;
                tell(context, counts, place).await;
            }
        }
    }
}

/// A range of rows and a page of the index.
async fn look<S: Source, K: Sink>(place: &mut Place<S, K>, session: &mut S::Session) -> Result<()> {
    place.after = place.walk.next_rows(session, place.after.take()).await?;
    let mut pages = match place.pages.take() {
        Some(pages) => pages,
        None => place.walk.sides.stored.list(true).await?,
    };
    if let Some(page) = pages.next().await? {
        place.walk.page(page).await?;
        place.pages = Some(pages);
    }
    place.walk.flush().await
}

async fn tell<S: Source, K: Sink>(context: &Context, counts: &Counts, place: &Place<S, K>) {
    let now = counts.now();
    context.health.audited(Audit { documents: now.documents, listed: now.listed, different: now.wrong });
    tracing::debug!(index = %place.walk.sides.index, documents = now.documents, listed = now.listed, different = now.wrong, "audited");
    let slot = context.program.capture.name();
    // It is for people: nothing is lost where it cannot be written.
    if let Err(error) = place.walk.sides.stored.note_audit(slot, &serde_json::json!(now)).await {
        tracing::debug!(%error, "what the audit has seen could not be noted");
    }
}

fn warn(finding: &Finding) {
    let fields: Vec<&str> = finding.fields.iter().take(10).map(|field| field.path.as_str()).collect();
    tracing::warn!(
        index = %finding.index, id = %brief(&finding.place.id), kind = finding.kind.name(), version = finding.version,
        fields = %printable(&fields.join(" ")),
        "a document is not what its row says: `verify` names the reason, `verify --repair` puts it right"
    );
}
