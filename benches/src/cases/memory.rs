//! Peak memory. In: narrow documents, few and ten times as many, and a transaction of a million rows. Out: the most memory
//! that was resident; it should be the same each time.

use super::backlog::{following, loaded};
use super::first_load::load;
use crate::dataset::Dataset;
use crate::figures::Figures;
use crate::site::Site;
use crate::target::Target;
use crate::{Outcome, ours};
use std::time::Duration;

const CASE: &str = "memory/null";

pub(super) async fn run(site: &Site, figures: &mut Figures) -> Outcome {
    let null = Target::null().await?;
    let (few, many) = (site.scaled(200_000), site.scaled(2_000_000));
    for count in [few, many] {
        null.reset().await?;
        let loaded = load(site, Dataset::Narrow(count).fresh(site).await?, &null).await?;
        figures.add(CASE, "pgsync", &format!("load of {count}"), "MB", loaded.usage.peak as f64 / 1e6);
        figures.add(CASE, "pgsync", &format!("rate, load of {count}"), "documents/s", count as f64 / loaded.seconds);
    }
    let rows = site.scaled(1_000_000);
    let dataset = Dataset::Narrow(many);
    let copy = loaded(site, dataset.fresh(site).await?, &null).await?;
    null.zero(dataset.index()).await?;
    let mut program = ours::start(site, &copy, &null)?;
    following(&copy, &mut program).await?;
    copy.client()?.execute("UPDATE narrow SET amount = amount + 1 WHERE id <= $1", &[&i32::try_from(rows)?]).await?;
    let written = null.complete(&mut program, dataset.index(), rows, Duration::from_secs(600)).await?;
    let stats = null.stats().await?;
    let usage = program.stop().await?;
    figures.add(CASE, "pgsync", &format!("transaction of {rows} rows"), "MB", usage.peak as f64 / 1e6);
    figures.add(
        CASE,
        "pgsync",
        "rate, that transaction",
        "rows/s",
        rows as f64 / ((written.at - stats.first) as f64 / 1e6),
    );
    copy.remove().await
}
