//! Catching up. In: many transactions of several kinds, committed at full speed while nobody follows. Out: how long it
//! takes until all of them are written and acknowledged, and that exactly the documents they touched were written.

use super::backlog::{following, loaded};
use crate::dataset::Dataset;
use crate::figures::Figures;
use crate::null_engine::now;
use crate::peer::{self, Mode};
use crate::site::Site;
use crate::target::Target;
use crate::{Outcome, ours, writers};
use std::collections::HashSet;

const CASE: &str = "catch-up/null";

pub(super) async fn run(site: &Site, figures: &mut Figures) -> Outcome {
    let null = Target::null().await?;
    let dataset = Dataset::Library(site.scaled(200_000));
    let count = site.sized(360_000, 36_000);
    for _ in 0..site.runs() {
        ours(site, dataset, &null, count, figures).await?;
    }
    peers(site, dataset, &null, count, figures).await
}

/// The book that transaction `n` touches, in SQL and here: spread over all of them.
fn book(n: u64, books: u64) -> u64 {
    1 + n * 7919 % books
}

async fn ours(site: &Site, dataset: Dataset, null: &Target, count: u64, figures: &mut Figures) -> Outcome {
    let copy = loaded(site, dataset.fresh(site).await?, null).await?;
    let books = dataset.documents();
    let statement = format!(
        "CASE n % 3 \
         WHEN 0 THEN UPDATE book SET pages = pages + 1 WHERE id = 1 + n::bigint * 7919 % {books}; \
         WHEN 1 THEN UPDATE review SET stars = stars % 5 + 1 WHERE id = 3 * (1 + n::bigint * 7919 % {books}); \
         ELSE INSERT INTO review VALUES (10000000 + n, 1 + n::bigint * 7919 % {books}, 1 + n % 100000, 5, 'inserted', now(), 0); \
         END CASE"
    );
    let writing = writers::transactions(&copy, &statement, count).await?;
    copy.settle().await?;
    null.zero(dataset.index()).await?;
    null.trace().await?;
    let mut program = ours::start(site, &copy, null)?;
    let born = program.born;
    following(&copy, &mut program).await?;
    let seconds = (now() - born) as f64 / 1e6;
    let usage = program.stop().await?;
    let written: HashSet<String> = null.traced().await?.into_iter().map(|(id, _)| id).collect();
    let expected: HashSet<String> = (1..=count).map(|n| book(n, books).to_string()).collect();
    if written != expected {
        return Err(format!("{} documents were written, {} were touched", written.len(), expected.len()).into());
    }
    figures.add(CASE, "pgsync", "wall", "s", seconds);
    figures.add(CASE, "pgsync", "rate", "transactions/s", count as f64 / seconds);
    figures.add(CASE, "pgsync", "peak memory", "MB", usage.peak as f64 / 1e6);
    figures.add(CASE, "the application", "rate", "transactions/s", count as f64 / writing);
    copy.remove().await
}

/// The peer finds children's roots by searching, which the null engine does not answer: its transactions are of roots.
/// Started anew it passes over the changed roots and then over the slot, so it writes each of them twice.
async fn peers(site: &Site, dataset: Dataset, null: &Target, count: u64, figures: &mut Figures) -> Outcome {
    null.reset().await?;
    let copy = dataset.fresh(site).await?;
    peer::bootstrap(site, &copy, null, Mode::Once).await?;
    peer::skip_load(site, &copy).await?;
    let books = dataset.documents();
    let statement = format!("UPDATE book SET pages = pages + 1 WHERE id = 1 + n::bigint * 7919 % {books}");
    writers::transactions(&copy, &statement, count).await?;
    copy.settle().await?;
    null.zero(dataset.index()).await?;
    let mut program = peer::start(site, &copy, null, Mode::Once)?;
    let born = program.born;
    let items = count.min(books) + count;
    let written = null.wait(&mut program, dataset.index(), items, site.peer_limit()).await?;
    program.kill().await?;
    let done = count as f64 * written.items as f64 / items as f64;
    let who = Mode::Once.who();
    figures.add(CASE, who, "rate", "transactions/s", done / ((written.at - born) as f64 / 1e6));
    let note = if written.items < items {
        format!("updates of roots only; extrapolated: {} of {items} writes when it was stopped", written.items)
    } else {
        "updates of roots only".to_owned()
    };
    figures.note(CASE, who, "rate", &note);
    copy.remove().await
}
