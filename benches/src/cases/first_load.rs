//! The first load. In: each dataset, the null engine and OpenSearch. Out: documents a second of ours, of PGSync and of the
//! ceilings, from the start of a program to the answer to its last bulk request; processor time; peak memory.

use super::{Servers, polled};
use crate::ceilings::bulk::{IN_FLIGHT, Ready};
use crate::ceilings::copy;
use crate::copies::Copy;
use crate::database::Database;
use crate::dataset::Dataset;
use crate::figures::Figures;
use crate::peer::{self, Mode};
use crate::process::Usage;
use crate::site::Site;
use crate::target::Target;
use crate::{Outcome, ours};
use std::time::Duration;

/// A load of ours that takes longer has failed.
const LIMIT: Duration = Duration::from_secs(900);

/// The name of the case for a database, a dataset and an engine.
pub(super) fn case(database: Database, dataset: Dataset, target: &Target) -> String {
    match dataset {
        Dataset::Reviews(_) => format!("{}/{}", database.case("reviews-load"), target.name()),
        _ => format!("{}/{}/{}", database.case("first-load"), dataset.name(), target.name()),
    }
}

/// On MySQL and MariaDB: the library, or what of it PGSync reads rightly.
pub(super) async fn with_binlog(
    site: &Site,
    database: Database,
    dataset: fn(u64) -> Dataset,
    figures: &mut Figures,
) -> Outcome {
    let null = Target::null().await?;
    let dataset = dataset(site.scaled(200_000));
    for _ in 0..site.runs() {
        ours(site, dataset.fresh_in(site, database).await?, &null, figures).await?;
    }
    polled::load(site, dataset.fresh_in(site, database).await?, &null, figures).await
}

pub(super) async fn run(site: &Site, figures: &mut Figures) -> Outcome {
    let null = Target::null().await?;
    let opensearch = Target::opensearch(site);
    let library = Dataset::Library(site.scaled(200_000));
    let others = [Dataset::Wide(site.scaled(200_000)), Dataset::Children(site.sized(5000, 500))];
    for dataset in [library].into_iter().chain(others) {
        for _ in 0..site.runs() {
            copy_ceiling(site, dataset, figures).await?;
            ours(site, dataset.fresh(site).await?, &null, figures).await?;
        }
        peers(site, dataset, &null, figures).await?;
    }
    // The engine is slow enough to be told from fewer documents.
    let library = Dataset::Library(site.sized(200_000, 60_000));
    let file = site.folder.path().join("bodies");
    null.reset().await?;
    null.keep(&file).await?;
    load(site, library.fresh(site).await?, &null).await?;
    let ready = Ready::take(&file, &null, library.index()).await?;
    opensearch.reset().await?;
    ready.warm(&opensearch).await?;
    for _ in 0..site.runs() {
        for in_flight in IN_FLIGHT {
            opensearch.reset().await?;
            let engine = opensearch.cpu();
            let seconds = ready.post(&opensearch, in_flight).await?;
            let (case, who) = (case(Database::Postgres, library, &opensearch), format!("_bulk, {in_flight} in flight"));
            rates(figures, &case, &who, library.documents(), seconds);
            let used = (opensearch.cpu() - engine) * 1e6 / library.documents() as f64;
            figures.add(&case, &who, "CPU of the engine", "s/million", used);
        }
        opensearch.reset().await?;
        ours(site, library.fresh(site).await?, &opensearch, figures).await?;
    }
    drop(ready);
    peers(site, library, &opensearch, figures).await?;
    opensearch.reset().await
}

pub(super) fn rates(figures: &mut Figures, case: &str, who: &str, documents: u64, seconds: f64) {
    figures.add(case, who, "wall", "s", seconds);
    figures.add(case, who, "rate", "documents/s", documents as f64 / seconds);
}

async fn copy_ceiling(site: &Site, dataset: Dataset, figures: &mut Figures) -> Outcome {
    let copy = dataset.fresh(site).await?;
    copy.settle().await?;
    let read = copy::everything(&copy).await?;
    if read.rows < dataset.documents() {
        return Err(format!("COPY gave {} rows", read.rows).into());
    }
    let case = format!("first-load/{}/null", dataset.name());
    rates(figures, &case, "COPY", dataset.documents(), read.seconds);
    figures.add(&case, "COPY", "rows", "rows", read.rows as f64);
    figures.add(&case, "COPY", "bytes", "MB", read.bytes as f64 / 1e6);
    copy.remove().await
}

/// What a load took.
pub(super) struct Loaded {
    /// From the program's start to the last answer.
    pub(super) seconds: f64,
    /// What the program used.
    pub(super) usage: Usage,
    /// Processor seconds of the database and of the engine.
    pub(super) servers: (f64, f64),
}

/// One load of ours into an engine that is empty.
pub(super) async fn load(site: &Site, copy: Copy, target: &Target) -> Outcome<Loaded> {
    let dataset = copy.dataset;
    ours::bootstrap(site, &copy, target).await?;
    copy.settle().await?;
    let watch = Servers::watch(site, copy.database, target)?;
    let mut program = ours::start(site, &copy, target)?;
    let (born, documents) = (program.born, dataset.documents());
    let written = target.complete(&mut program, dataset.index(), documents, LIMIT).await?;
    let servers = watch.used();
    let usage = program.stop().await?;
    // Nothing may have been written twice.
    let after = target.written(dataset.index()).await?;
    if after.items != documents {
        return Err(format!("{} items were written for {documents} documents", after.items).into());
    }
    copy.remove().await?;
    Ok(Loaded { seconds: (written.at - born) as f64 / 1e6, usage, servers })
}

async fn ours(site: &Site, copy: Copy, target: &Target, figures: &mut Figures) -> Outcome {
    target.reset().await?;
    let (dataset, case) = (copy.dataset, case(copy.database, copy.dataset, target));
    let loaded = load(site, copy, target).await?;
    rates(figures, &case, "pgsync", dataset.documents(), loaded.seconds);
    cost(figures, &case, "pgsync", dataset.documents(), loaded.usage, loaded.servers);
    if target.name() == "null" {
        let stats = target.stats().await?;
        figures.add(&case, "pgsync", "bytes of a request item", "bytes", stats.bytes as f64 / stats.items as f64);
    }
    Ok(())
}

pub(super) fn cost(
    figures: &mut Figures,
    case: &str,
    who: &str,
    documents: u64,
    usage: Usage,
    (database, engine): (f64, f64),
) {
    let per_million = 1e6 / documents as f64;
    figures.add(case, who, "peak memory", "MB", usage.peak as f64 / 1e6);
    figures.add(case, who, "CPU of the program", "s/million", usage.cpu * per_million);
    figures.add(case, who, "CPU of the database", "s/million", database * per_million);
    figures.add(case, who, "CPU of the engine", "s/million", engine * per_million);
}

/// One load of PGSync, stopped where it takes too long.
async fn peers(site: &Site, dataset: Dataset, target: &Target, figures: &mut Figures) -> Outcome {
    target.reset().await?;
    let copy = dataset.fresh(site).await?;
    peer::bootstrap(site, &copy, target, Mode::Once).await?;
    copy.settle().await?;
    let watch = Servers::watch(site, copy.database, target)?;
    let mut program = peer::start(site, &copy, target, Mode::Once)?;
    let documents = dataset.documents();
    let written = target.wait(&mut program, dataset.index(), documents, site.peer_limit()).await?;
    let (servers, usage, born) = (watch.used(), program.usage(), program.born);
    program.kill().await?;
    if written.items == 0 {
        return Err("PGSync wrote nothing".into());
    }
    let (case, who) = (case(copy.database, dataset, target), Mode::Once.who());
    let share = documents as f64 / written.items as f64;
    rates(figures, &case, who, documents, (written.at - born) as f64 / 1e6 * share);
    cost(figures, &case, who, written.items, usage, servers);
    if written.items < documents {
        let note = format!("extrapolated: {} of {documents} documents when it was stopped", written.items);
        figures.note(&case, who, "wall", &note);
        figures.note(&case, who, "rate", &note);
    }
    copy.remove().await
}
