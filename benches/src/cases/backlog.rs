//! Draining a backlog. In: transactions of one row each, committed while nobody follows. Out: at what rate they are worked
//! off: from the start of a program, or from when it is let go on, to the answer to the last bulk request.

use super::settle;
use crate::database::{confirmed, log_end};
use crate::dataset::{Copy, Dataset};
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

/// Updates of root rows, each of another document.
pub(super) async fn roots(site: &Site, figures: &mut Figures) -> Outcome {
    let null = Target::null().await?;
    let dataset = Dataset::Library(site.scaled(200_000));
    let changes = Changes { case: "root-updates/null", statement: UPDATE_ROOT, count: site.sized(100_000, 50_000) };
    for _ in 0..site.runs() {
        ours(site, dataset, &null, &changes, figures).await?;
    }
    let changes = Changes { count: site.sized(100_000, 20_000), ..changes };
    daemon(site, dataset, &null, &changes, figures).await?;
    wal(site, dataset, &null, &changes, figures).await
}

/// Updates of child rows, each in another document. The peer finds their roots by a search, which the null engine cannot
/// answer: it is measured against the real one, with a smaller library, since it has to load it first.
pub(super) async fn children(site: &Site, figures: &mut Figures) -> Outcome {
    let null = Target::null().await?;
    let changes = Changes { case: "child-updates/null", statement: UPDATE_CHILD, count: site.sized(100_000, 50_000) };
    for _ in 0..site.runs() {
        ours(site, Dataset::Library(site.scaled(200_000)), &null, &changes, figures).await?;
    }
    drop(null);
    let opensearch = Target::opensearch(site);
    let small = Dataset::Library(site.scaled(20_000));
    let changes = Changes { case: "child-updates/opensearch", statement: UPDATE_CHILD, count: site.scaled(20_000) };
    for _ in 0..site.runs() {
        ours(site, small, &opensearch, &changes, figures).await?;
    }
    daemon(site, small, &opensearch, &changes, figures).await?;
    wal(site, small, &opensearch, &changes, figures).await?;
    opensearch.reset().await
}

/// What is changed.
#[derive(Clone, Copy)]
struct Changes {
    case: &'static str,
    statement: &'static str,
    /// How many transactions; each changes another document.
    count: u64,
}

impl Changes {
    async fn commit(&self, copy: &Copy) -> Outcome {
        writers::transactions(&copy.url, self.statement, self.count).await?;
        settle(copy).await
    }

    fn report(&self, figures: &mut Figures, who: &str, done: u64, seconds: f64) {
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
async fn ours(site: &Site, dataset: Dataset, target: &Target, changes: &Changes, figures: &mut Figures) -> Outcome {
    let copy = loaded(site, dataset, target).await?;
    changes.commit(&copy).await?;
    let before = target.zero(dataset.index()).await?;
    let mut program = ours::start(site, &copy, target)?;
    let born = program.born;
    let written = target.complete(&mut program, dataset.index(), before + changes.count, LIMIT).await?;
    let usage = program.stop().await?;
    changes.report(figures, "pgsync", changes.count, (written.at - born) as f64 / 1e6);
    figures.add(changes.case, "pgsync", "peak memory", "MB", usage.peak as f64 / 1e6);
    copy.remove().await
}

/// A copy that ours has loaded into an empty engine and does not follow at present.
pub(super) async fn loaded(site: &Site, dataset: Dataset, target: &Target) -> Outcome<Copy> {
    target.reset().await?;
    let copy = dataset.fresh(site).await?;
    ours::bootstrap(site, &copy, target).await?;
    let mut program = ours::start(site, &copy, target)?;
    target.complete(&mut program, dataset.index(), dataset.documents(), LIMIT).await?;
    following(&copy, &mut program).await?;
    program.stop().await?;
    Ok(copy)
}

/// Waits until ours has acknowledged everything that is committed.
pub(super) async fn following(copy: &Copy, program: &mut Program) -> Outcome {
    let end = log_end(&copy.client).await?;
    let limit = now() + LIMIT.as_micros() as u64;
    while confirmed(&copy.client).await? < end {
        program.alive()?;
        if now() > limit {
            return Err("what is committed was not acknowledged in time".into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// The peer with triggers: held still while the changes are made and notified, then let go on.
async fn daemon(site: &Site, dataset: Dataset, target: &Target, changes: &Changes, figures: &mut Figures) -> Outcome {
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
async fn wal(site: &Site, dataset: Dataset, target: &Target, changes: &Changes, figures: &mut Figures) -> Outcome {
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

async fn drain(site: &Site, target: &Target, peer: Peer, changes: &Changes, figures: &mut Figures) -> Outcome {
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
