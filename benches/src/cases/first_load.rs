//! The first load. In: each dataset, the null engine and OpenSearch. Out: documents a second, of ours and of the ceiling,
//! from the start of the program to the answer to its last bulk request; processor time; peak memory.

use super::{Servers, settle};
use crate::Outcome;
use crate::ceilings;
use crate::dataset::Dataset;
use crate::figures::Figures;
use crate::ours;
use crate::site::Site;
use crate::target::Target;
use std::time::Duration;

/// A load is stopped after this long.
const LIMIT: Duration = Duration::from_secs(600);

pub(super) async fn run(site: &Site, figures: &mut Figures) -> Outcome {
    let null = Target::null().await?;
    let library = Dataset::Library(site.scaled(200_000));
    for _ in 0..site.runs() {
        copy_ceiling(site, library, figures).await?;
        load(site, library, &null, figures).await?;
    }
    Ok(())
}

/// The name of the case for a dataset and an engine.
fn case(dataset: Dataset, target: &Target) -> String {
    format!("first-load/{}/{}", dataset.name(), target.name())
}

async fn copy_ceiling(site: &Site, dataset: Dataset, figures: &mut Figures) -> Outcome {
    let copy = dataset.fresh(site).await?;
    settle(&copy).await?;
    let read = ceilings::copy_everything(&copy).await?;
    if read.rows < dataset.documents() {
        return Err(format!("COPY gave {} rows", read.rows).into());
    }
    let case = format!("first-load/{}/null", dataset.name());
    figures.add(&case, "COPY", "wall", "s", read.seconds);
    figures.add(&case, "COPY", "rows", "rows", read.rows as f64);
    figures.add(&case, "COPY", "bytes", "MB", read.bytes as f64 / 1e6);
    copy.remove().await
}

/// One load of ours.
async fn load(site: &Site, dataset: Dataset, target: &Target, figures: &mut Figures) -> Outcome {
    target.reset().await?;
    let copy = dataset.fresh(site).await?;
    ours::bootstrap(site, &copy, target).await?;
    settle(&copy).await?;
    let servers = Servers::watch(site, target);
    let mut program = ours::start(site, &copy, target)?;
    let (born, documents) = (program.born, dataset.documents());
    let written = target.complete(&mut program, dataset.index(), documents, LIMIT).await?;
    let (database, engine) = servers.used();
    let usage = program.stop().await?;
    // Nothing may have been written twice.
    let after = target.written(dataset.index()).await?;
    if after.items != documents {
        return Err(format!("{} items were written for {documents} documents", after.items).into());
    }
    let (case, seconds) = (case(dataset, target), (written.at - born) as f64 / 1e6);
    let per_million = 1e6 / documents as f64;
    figures.add(&case, "pgsync", "wall", "s", seconds);
    figures.add(&case, "pgsync", "rate", "documents/s", documents as f64 / seconds);
    figures.add(&case, "pgsync", "peak memory", "MB", usage.peak as f64 / 1e6);
    figures.add(&case, "pgsync", "CPU pgsync", "s/million", usage.cpu * per_million);
    figures.add(&case, "pgsync", "CPU database", "s/million", database * per_million);
    figures.add(&case, "pgsync", "CPU engine", "s/million", engine * per_million);
    copy.remove().await
}
