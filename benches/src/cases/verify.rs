//! `verify`. In: the library in OpenSearch, which `run` follows. Out: documents a second of its load and of comparisons of
//! everything with the database, both from the start of the program; peak memory of a comparison.

use super::first_load::rates;
use crate::dataset::Dataset;
use crate::figures::Figures;
use crate::null_engine::now;
use crate::process::Program;
use crate::site::Site;
use crate::target::Target;
use crate::{Outcome, ours};
use std::time::Duration;

const CASE: &str = "verify/opensearch";
/// Whatever takes longer has failed.
const LIMIT: Duration = Duration::from_secs(1800);

pub(super) async fn run(site: &Site, figures: &mut Figures) -> Outcome {
    let opensearch = Target::opensearch(site);
    let dataset = Dataset::Library(site.sized(1_000_000, 200_000));
    let copy = dataset.fresh(site).await?;
    opensearch.reset().await?;
    ours::bootstrap(site, &copy, &opensearch).await?;
    copy.settle().await?;
    let mut follower = ours::start(site, &copy, &opensearch)?;
    let written = opensearch.complete(&mut follower, dataset.index(), dataset.documents(), LIMIT).await?;
    rates(figures, CASE, "load", dataset.documents(), (written.at - follower.born) as f64 / 1e6);
    let log = site.folder.path().join(format!("{}-verify.log", copy.name));
    for _ in 0..site.runs() {
        // It ends with an error where a single document is different.
        let verify = Program::start(&mut ours::command(site, &copy, &opensearch, &["verify"]), &log)?;
        let born = verify.born;
        let (usage, ended) = verify.run_out(LIMIT).await?;
        if !ended {
            return Err(format!("verify went on for more than {} s", LIMIT.as_secs()).into());
        }
        rates(figures, CASE, "verify", dataset.documents(), (now() - born) as f64 / 1e6);
        figures.add(CASE, "verify", "peak memory", "MB", usage.peak as f64 / 1e6);
    }
    follower.stop().await?;
    copy.remove().await?;
    opensearch.reset().await
}
