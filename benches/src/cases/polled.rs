//! PGSync on MySQL and MariaDB. There it polls: at every look it writes all documents, and then what its reading of the log leads
//! to, which on MariaDB begins with the oldest log there is. In: a copy and an engine. Out: figures of one such look, with a
//! word on what it did otherwise than it should.

use super::Servers;
use super::backlog::{Changes, LIMIT};
use super::first_load::{case, cost, rates};
use crate::Outcome;
use crate::copies::Copy;
use crate::database::binlog;
use crate::figures::Figures;
use crate::null_engine::now;
use crate::peer::{self, Mode};
use crate::process::{Program, Usage};
use crate::site::Site;
use crate::target::{Target, Written};
use std::collections::HashSet;
use std::time::Duration;

/// Between two looks at a program.
const PAUSE: Duration = Duration::from_millis(20);

/// A load of everything into the null engine.
pub(super) async fn load(site: &Site, copy: Copy, null: &Target, figures: &mut Figures) -> Outcome {
    null.reset().await?;
    null.trace().await?;
    copy.settle().await?;
    let watch = Servers::watch(site, copy.database, null)?;
    let program = peer::start(site, &copy, null, Mode::Once)?;
    let born = program.born;
    let (usage, ended) = program.run_out(site.peer_limit()).await?;
    let (servers, stats, traced) = (watch.used(), null.stats().await?, null.traced().await?);
    let (case, who) = (case(copy.database, copy.dataset, null), Mode::Once.who());
    let ids: HashSet<&str> = traced.iter().map(|(id, _)| id.as_str()).collect();
    let (different, documents) = (ids.len() as u64, copy.dataset.documents());
    figures.add(&case, who, "documents written", "items", stats.items as f64);
    if different == 0 {
        let note = format!("none in the {} s until it was stopped", site.peer_limit().as_secs());
        figures.note(&case, who, "documents written", &note);
        return copy.remove().await;
    }
    if ended && different != documents {
        return Err(format!("PGSync ended with {different} of {documents} documents").into());
    }
    let share = documents as f64 / different as f64;
    rates(figures, &case, who, documents, (stats.last - born) as f64 / 1e6 * share);
    cost(figures, &case, who, different, usage, servers);
    figures.add(&case, who, "bytes of a request item", "bytes", stats.bytes as f64 / stats.items as f64);
    let mut note = Vec::new();
    if stats.items > different {
        note.push(format!("each document was written {:.1} times", stats.items as f64 / different as f64));
    }
    if !ended {
        note.push(format!("extrapolated: {different} different documents of {documents} when it was stopped"));
    }
    if !note.is_empty() {
        figures.note(&case, who, "rate", &note.join("; "));
    }
    copy.remove().await
}

/// A backlog. It is timed from the end of its pass over all documents, in which it writes what was changed too, so what is
/// timed is its reading of the log alone; how fast changes come out with the pass is a figure of its own.
pub(super) async fn drain(
    site: &Site,
    copy: Copy,
    target: &Target,
    changes: &Changes<'_>,
    figures: &mut Figures,
) -> Outcome {
    let (index, documents, who) = (copy.dataset.index(), copy.dataset.documents(), Mode::Polling.who());
    target.reset().await?;
    // It loads, and notes the end of the log.
    let (_, ended) = peer::start(site, &copy, target, Mode::Once)?.run_out(LIMIT).await?;
    if !ended {
        return Err(format!("PGSync has not loaded {documents} documents in {LIMIT:?}").into());
    }
    target.refresh(index).await?;
    changes.commit(&copy).await?;
    let before = target.zero(index).await?;
    if target.name() == "null" {
        target.trace().await?;
    }
    let program = peer::start(site, &copy, target, Mode::Once)?;
    let born = program.born;
    let look = watch(site, target, index, before + documents, changes.count, program).await?;
    let found = look.last.items - before - documents;
    let (done, until) = match target.name() {
        "null" => different(&target.traced().await?, documents as usize).unwrap_or((0, look.passed)),
        _ => (found.min(changes.count), look.reached.unwrap_or(look.last.at)),
    };
    let seconds = |from: u64, to: u64| to.saturating_sub(from) as f64 / 1e6;
    figures.add(changes.case, who, "documents written", "items", (look.last.items - before) as f64);
    figures.add(changes.case, who, "peak memory", "MB", look.usage.peak as f64 / 1e6);
    let mut notes = Vec::new();
    if found == 0 {
        // Only the pass writes them.
        changes.report(figures, who, changes.count, seconds(born, look.passed));
        notes.push("its reading of the log wrote nothing; its pass over all documents did".to_owned());
    } else {
        changes.report(figures, who, done, seconds(look.passed, until));
        let whole = "rate, its pass over all documents included";
        figures.add(changes.case, who, whole, "transactions/s", done as f64 / seconds(born, until));
        figures.note(changes.case, who, whole, &format!("every look writes all {documents} documents first"));
        if done < changes.count {
            notes.push(format!("its reading of the log led to {done} of {} documents", changes.count));
        }
        if found > done {
            notes.push(format!("it wrote them {:.1} times", found as f64 / done as f64));
        }
    }
    if !look.ended {
        notes.push("it had not come to the end of the log when it was stopped".to_owned());
    }
    if !notes.is_empty() {
        figures.note(changes.case, who, "rate", &notes.join("; "));
    }
    if look.ended
        && target.name() == "opensearch"
        && let Some(wrong) = wrong(&copy, target).await?
    {
        figures.note(changes.case, who, "documents written", &wrong);
    }
    copy.remove().await
}

/// How many different documents were written after the first so many, and when the last of them for the first time.
fn different(traced: &[(String, u64)], after: usize) -> Option<(u64, u64)> {
    let mut ids = HashSet::new();
    let mut last = None;
    for (id, at) in traced.get(after..)? {
        if ids.insert(id.as_str()) {
            last = Some(*at);
        }
    }
    last.map(|last| (ids.len() as u64, last))
}

/// One look of the program at the database.
struct Look {
    /// When it had written every document once.
    passed: u64,
    /// When it had written as many again as there were changes; nothing where it has not.
    reached: Option<u64>,
    /// What was written in the end, and when the last of it.
    last: Written,
    /// Whether it came to its end.
    ended: bool,
    usage: Usage,
}

/// Watches one look, in which `all` items are written before the log is read, and `changes` from it.
async fn watch(
    site: &Site,
    target: &Target,
    index: &str,
    all: u64,
    changes: u64,
    mut program: Program,
) -> Outcome<Look> {
    let mut usage = Usage::default();
    let mut last = target.written(index).await?;
    let (mut passed, mut reached) = (None, None);
    let limit = now() + LIMIT.as_micros() as u64;
    let ended = loop {
        let goes_on = program.goes_on()?;
        program.look(&mut usage);
        let written = target.written(index).await?;
        if written.items != last.items {
            last = written;
        }
        for (mark, items) in [(&mut passed, all), (&mut reached, all + changes)] {
            if last.items >= items {
                mark.get_or_insert(last.at);
            }
        }
        if !goes_on {
            break true;
        }
        if now() > passed.map_or(limit, |passed| passed + site.peer_limit().as_micros() as u64) {
            program.kill().await?;
            break false;
        }
        tokio::time::sleep(PAUSE).await;
    };
    let passed = passed.ok_or_else(|| format!("PGSync wrote {} of {all} documents before the log", last.items))?;
    Ok(Look { passed, reached, last, ended, usage })
}

/// Waits until it has written every document once.
pub(super) async fn begun(copy: &Copy, target: &Target, program: &mut Program) -> Outcome {
    let end = now() + LIMIT.as_micros() as u64;
    while target.written(copy.dataset.index()).await?.items < copy.dataset.documents() {
        program.alive()?;
        if now() > end {
            return Err("PGSync has not loaded in time".into());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// What is wrong with the numbers in the engine, told by their sums; nothing where they are those of the database.
pub(super) async fn wrong(copy: &Copy, target: &Target) -> Outcome<Option<String>> {
    for (table, column, field) in [("book", "pages", "pages"), ("review", "stars", "reviews.stars")] {
        let there = binlog::number(&copy.url, &format!("SELECT SUM({column}) + 0e0 FROM {table}")).await?;
        let here = target.sum(copy.dataset.index(), field).await?;
        if here != there {
            return Ok(Some(format!("wrong: the sum of {field} is {here} in the engine and {there} in the database")));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::different;

    #[test]
    fn a_document_that_is_written_again_counts_once() {
        let traced = [("1", 1), ("2", 1), ("2", 5), ("1", 6), ("2", 9)].map(|(id, at)| (id.to_owned(), at));
        assert_eq!(different(&traced, 2), Some((2, 6)));
        assert_eq!(different(&traced, 5), None);
    }
}
