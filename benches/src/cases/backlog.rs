//! Draining a backlog. In: transactions of one row each, committed while nobody follows. Out: at what rate they are worked
//! off: from the start of a program, or from when it is let go on, to the answer to the last bulk request.

use super::polled;
use crate::copies::Copy;
use crate::database::Database;
use crate::database::postgres::{confirmed, log_end};
use crate::dataset::Dataset;
use crate::figures::Figures;
use crate::null_engine::now;
use crate::peer::{self, Mode};
use crate::process::{Program, signal};
use crate::site::Site;
use crate::target::Target;
use crate::{Outcome, ours, writers};
use std::time::Duration;

/// A drain of ours that takes longer has failed.
pub(super) const LIMIT: Duration = Duration::from_secs(600);

const UPDATE_ROOT: &str = "UPDATE book SET pages = pages + 1 WHERE id = n";
/// The first review of each book.
const UPDATE_CHILD: &str = "UPDATE review SET stars = stars % 5 + 1 WHERE id = n * 3 - 2";

/// What documents are made of: on MySQL and MariaDB of what PGSync can follow.
pub(super) fn books(database: Database, count: u64) -> Dataset {
    if database == Database::Postgres { Dataset::Library(count) } else { Dataset::Reviews(count) }
}

/// Updates of root rows, each of another document.
pub(super) async fn roots(site: &Site, database: Database, figures: &mut Figures) -> Outcome {
    let null = Target::null().await?;
    let dataset = books(database, site.scaled(200_000));
    let case = format!("{}/null", database.case("root-updates"));
    let changes = Changes { case: &case, statement: UPDATE_ROOT, count: site.sized(100_000, 50_000) };
    for _ in 0..site.runs() {
        ours(site, dataset.fresh_in(site, database).await?, &null, &changes, figures).await?;
    }
    let changes = Changes { count: site.sized(100_000, 20_000), ..changes };
    if database != Database::Postgres {
        return polled::drain(site, dataset.fresh_in(site, database).await?, &null, &changes, figures).await;
    }
    daemon(site, dataset, &null, &changes, figures).await?;
    wal(site, dataset, &null, &changes, figures).await
}

/// Updates of child rows, each in another document. The peer finds their roots by a search, which the null engine cannot
/// answer: it is measured against the real one, with a smaller library, since it has to load it first.
pub(super) async fn children(site: &Site, database: Database, figures: &mut Figures) -> Outcome {
    let null = Target::null().await?;
    let library = books(database, site.scaled(200_000));
    let case = format!("{}/null", database.case("child-updates"));
    let changes = Changes::of_children(&case, site.sized(100_000, 50_000));
    for _ in 0..site.runs() {
        ours(site, library.fresh_in(site, database).await?, &null, &changes, figures).await?;
    }
    drop(null);
    let opensearch = Target::opensearch(site);
    let small = books(database, site.scaled(20_000));
    let case = format!("{}/opensearch", database.case("child-updates"));
    let changes = Changes::of_children(&case, site.scaled(20_000));
    for _ in 0..site.runs() {
        ours(site, small.fresh_in(site, database).await?, &opensearch, &changes, figures).await?;
    }
    if database == Database::Postgres {
        daemon(site, small, &opensearch, &changes, figures).await?;
        wal(site, small, &opensearch, &changes, figures).await?;
    } else {
        polled::drain(site, small.fresh_in(site, database).await?, &opensearch, &changes, figures).await?;
    }
    opensearch.reset().await
}

/// What is changed.
#[derive(Clone, Copy)]
pub(super) struct Changes<'a> {
    pub(super) case: &'a str,
    statement: &'static str,
    /// How many transactions; each changes another document.
    pub(super) count: u64,
}

impl<'a> Changes<'a> {
    /// Of the first review of so many books.
    pub(super) fn of_children(case: &'a str, count: u64) -> Self {
        Self { case, statement: UPDATE_CHILD, count }
    }

    /// Makes them.
    pub(super) async fn commit(&self, copy: &Copy) -> Outcome {
        writers::transactions(copy, self.statement, self.count).await?;
        copy.settle().await
    }

    /// Reports at what rate so many of them were worked off.
    pub(super) fn report(&self, figures: &mut Figures, who: &str, done: u64, seconds: f64) {
        figures.add(self.case, who, "rate", "transactions/s", done as f64 / seconds);
        if done < self.count {
            figures.note(
                self.case,
                who,
                "rate",
                &format!("extrapolated: {done} of {} when it was stopped", self.count),
            );
        }
    }
}

/// Ours: stopped while the changes are made, then started.
pub(super) async fn ours(
    site: &Site,
    copy: Copy,
    target: &Target,
    changes: &Changes<'_>,
    figures: &mut Figures,
) -> Outcome {
    let copy = loaded(site, copy, target).await?;
    let dataset = copy.dataset;
    changes.commit(&copy).await?;
    let before = target.zero(dataset.index()).await?;
    let mut program = ours::start(site, &copy, target)?;
    let born = program.born;
    let written = target.complete(&mut program, dataset.index(), before + changes.count, LIMIT).await?;
    let usage = program.stop().await?;
    changes.report(figures, "pgsync", changes.count, (written.at - born) as f64 / 1e6);
    figures.add(changes.case, "pgsync", "peak memory", "MB", usage.peak as f64 / 1e6);
    if copy.database != Database::Postgres
        && target.name() == "opensearch"
        && let Some(wrong) = polled::wrong(&copy, target).await?
    {
        return Err(wrong.into());
    }
    copy.remove().await
}

/// Loads a copy into an empty engine; ours does not follow it at present.
pub(super) async fn loaded(site: &Site, copy: Copy, target: &Target) -> Outcome<Copy> {
    target.reset().await?;
    let dataset = copy.dataset;
    ours::bootstrap(site, &copy, target).await?;
    let mut program = ours::start(site, &copy, target)?;
    target.complete(&mut program, dataset.index(), dataset.documents(), LIMIT).await?;
    caught_up(site, &copy, target, &mut program).await?;
    program.stop().await?;
    Ok(copy)
}

/// Waits until ours has loaded and followed everything that is committed, in whatever database.
pub(super) async fn caught_up(site: &Site, copy: &Copy, target: &Target, program: &mut Program) -> Outcome {
    if copy.database == Database::Postgres {
        return following(copy, program).await;
    }
    let limit = now() + LIMIT.as_micros() as u64;
    while !ours::is_caught_up(site, copy, target).await? {
        program.alive()?;
        if now() > limit {
            return Err("what is committed was not written in time".into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// Waits until ours has acknowledged everything that is committed.
pub(super) async fn following(copy: &Copy, program: &mut Program) -> Outcome {
    let end = log_end(copy.client()?).await?;
    let limit = now() + LIMIT.as_micros() as u64;
    while confirmed(copy.client()?).await? < end {
        program.alive()?;
        if now() > limit {
            return Err("what is committed was not acknowledged in time".into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// The peer with triggers: held still while the changes are made and notified, then let go on.
async fn daemon(
    site: &Site,
    dataset: Dataset,
    target: &Target,
    changes: &Changes<'_>,
    figures: &mut Figures,
) -> Outcome {
    target.reset().await?;
    let copy = dataset.fresh(site).await?;
    peer::bootstrap(site, &copy, target, Mode::Daemon).await?;
    if target.name() == "null" {
        peer::skip_load(site, &copy).await?;
    }
    let mut program = peer::start(site, &copy, target, Mode::Daemon)?;
    peer::following(&copy, &mut program, Mode::Daemon).await?;
    target.refresh(dataset.index()).await?;
    signal(program.pid(), "-STOP").await?;
    changes.commit(&copy).await?;
    let before = target.zero(dataset.index()).await?;
    signal(program.pid(), "-CONT").await?;
    drain(site, target, Peer { mode: Mode::Daemon, copy, program, since: now(), before }, changes, figures).await
}

/// The peer by WAL: as ours.
async fn wal(site: &Site, dataset: Dataset, target: &Target, changes: &Changes<'_>, figures: &mut Figures) -> Outcome {
    target.reset().await?;
    let copy = dataset.fresh(site).await?;
    peer::bootstrap(site, &copy, target, Mode::Wal).await?;
    if target.name() != "null" {
        let mut load = peer::start(site, &copy, target, Mode::Once)?;
        target.complete(&mut load, dataset.index(), dataset.documents(), LIMIT).await?;
        load.kill().await?;
        target.refresh(dataset.index()).await?;
    }
    changes.commit(&copy).await?;
    let before = target.zero(dataset.index()).await?;
    let program = peer::start(site, &copy, target, Mode::Wal)?;
    let since = program.born;
    drain(site, target, Peer { mode: Mode::Wal, copy, program, since, before }, changes, figures).await
}

/// The peer at the moment from which it is timed.
struct Peer {
    mode: Mode,
    copy: Copy,
    program: Program,
    since: u64,
    /// What the engine had counted before.
    before: u64,
}

async fn drain(site: &Site, target: &Target, peer: Peer, changes: &Changes<'_>, figures: &mut Figures) -> Outcome {
    let Peer { mode, copy, mut program, since, before } = peer;
    let written = target.quiet(&mut program, copy.dataset.index(), before + changes.count, site.peer_limit()).await?;
    let usage = program.kill().await?;
    let items = written.items - before;
    if items == 0 {
        return Err(format!("{} wrote nothing", mode.who()).into());
    }
    changes.report(figures, mode.who(), items.min(changes.count), (written.at - since) as f64 / 1e6);
    figures.add(changes.case, mode.who(), "documents written", "items", items as f64);
    figures.add(changes.case, mode.who(), "peak memory", "MB", usage.peak as f64 / 1e6);
    copy.remove().await
}
