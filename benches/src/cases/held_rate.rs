//! A mixed load at a held rate. In: so many transactions a second, for a while. Out: how far behind the engine is over
//! time, told by single changes of documents that nothing else touches.

use super::backlog::{following, loaded};
use crate::copies::Copy;
use crate::database::postgres::connect;
use crate::dataset::Dataset;
use crate::figures::Figures;
use crate::null_engine::now;
use crate::peer::{self, Mode};
use crate::process::Program;
use crate::site::Site;
use crate::target::Target;
use crate::{Outcome, ours};
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

const CASE: &str = "held-rate/null";
/// Transactions a second.
const RATE: u64 = 1000;
const SESSIONS: u64 = 4;

pub(super) async fn run(site: &Site, figures: &mut Figures) -> Outcome {
    let null = Target::null().await?;
    let dataset = Dataset::Library(site.scaled(200_000));
    for _ in 0..site.runs() {
        let copy = loaded(site, dataset.fresh(site).await?, &null).await?;
        let mut program = ours::start(site, &copy, &null)?;
        following(&copy, &mut program).await?;
        let held = hold(site, &copy, &null, &mut program, &MIXED).await?;
        following(&copy, &mut program).await?;
        let usage = program.stop().await?;
        held.report(figures, "pgsync", &null.traced().await?)?;
        figures.add(CASE, "pgsync", "peak memory", "MB", usage.peak as f64 / 1e6);
        copy.remove().await?;
    }
    peer(site, dataset, &null, figures).await
}

/// The peer with triggers. It finds children's roots by searching, which the null engine does not answer: it gets as many
/// transactions, of roots.
async fn peer(site: &Site, dataset: Dataset, null: &Target, figures: &mut Figures) -> Outcome {
    null.reset().await?;
    let copy = dataset.fresh(site).await?;
    peer::bootstrap(site, &copy, null, Mode::Daemon).await?;
    peer::skip_load(site, &copy).await?;
    let mut program = peer::start(site, &copy, null, Mode::Daemon)?;
    peer::following(&copy, &mut program, Mode::Daemon).await?;
    let held = hold(site, &copy, null, &mut program, &MIXED[..1]).await?;
    let all = held.done + held.probes.len() as u64;
    null.quiet(&mut program, dataset.index(), all, site.peer_limit()).await?;
    let (usage, who) = (program.usage(), Mode::Daemon.who());
    program.kill().await?;
    held.report(figures, who, &null.traced().await?)?;
    figures.add(CASE, who, "peak memory", "MB", usage.peak as f64 / 1e6);
    figures.note(CASE, who, "rate that was held", "updates of roots only");
    copy.remove().await
}

/// What was committed, and when.
struct Held {
    began: u64,
    ended: u64,
    /// Transactions beside the probes.
    done: u64,
    /// The document of each probe, and when its change was committed.
    probes: Vec<(String, u64)>,
}

/// Writes at the rate, with a probe ten times a second.
async fn hold(
    site: &Site,
    copy: &Copy,
    null: &Target,
    program: &mut Program,
    statements: &'static [&'static str],
) -> Outcome<Held> {
    let seconds = if site.options.quick { 20 } else { 60 };
    null.trace().await?;
    // The last documents are kept for the probes.
    let books = copy.dataset.documents() - 10 * seconds - 1;
    let began = now();
    let writers: Vec<_> = (0..SESSIONS)
        .map(|session| tokio::spawn(write(copy.url.clone(), statements, session, books, seconds)))
        .collect();
    let mut probes = Vec::new();
    let probe = copy.client()?.prepare("UPDATE book SET pages = pages + 1 WHERE id = $1").await?;
    let mut ticks = tokio::time::interval(Duration::from_millis(100));
    for number in 0..10 * seconds {
        ticks.tick().await;
        let id = books + 1 + number;
        copy.client()?.execute(&probe, &[&i32::try_from(id)?]).await?;
        probes.push((id.to_string(), now()));
        program.alive()?;
    }
    let mut done = 0;
    for writer in writers {
        done += writer.await??;
    }
    Ok(Held { began, ended: now(), done, probes })
}

impl Held {
    fn report(self, figures: &mut Figures, who: &str, traced: &[(String, u64)]) -> Outcome {
        let mut written: HashMap<&str, u64> = HashMap::new();
        for (id, at) in traced {
            written.entry(id).or_insert(*at);
        }
        let mut lags = Vec::new();
        let mut points = Vec::new();
        for (id, committed) in &self.probes {
            let at = written.get(id.as_str()).ok_or_else(|| format!("{who} did not write a probe"))?;
            let lag = at.saturating_sub(*committed) as f64 / 1000.0;
            lags.push(lag);
            points.push(((*committed - self.began) as f64 / 1e6, lag));
        }
        let seconds = (self.ended - self.began) as f64 / 1e6;
        figures.add(CASE, who, "rate that was held", "transactions/s", self.done as f64 / seconds);
        percentiles(figures, CASE, who, "lag", &lags);
        figures.line(CASE, who, points);
        Ok(())
    }
}

/// What transactions do to a book, in turns.
const MIXED: [&str; 4] = [
    "UPDATE book SET price = price + 0.01 WHERE id = $1",
    "UPDATE review SET stars = stars % 5 + 1 WHERE id = 3 * $1 - 1",
    "UPDATE book_author SET author_id = author_id % 50000 + 1 WHERE id = 2 * $1 - 1",
    "INSERT INTO review SELECT 10000000 + $1 + 1000000 * (SELECT count(*) FROM review r WHERE r.book_id = $1), $1, 1, 5, \
     'inserted', now(), 0",
];

/// One session's share of the load; gives how many transactions it made.
async fn write(url: String, texts: &[&str], session: u64, books: u64, seconds: u64) -> Outcome<u64> {
    let client = connect(&url).await?;
    let mut statements = Vec::new();
    for text in texts {
        statements.push(client.prepare(text).await?);
    }
    let mut ticks = tokio::time::interval(Duration::from_micros(1_000_000 * SESSIONS / RATE));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let count = RATE * seconds / SESSIONS;
    for number in 0..count {
        ticks.tick().await;
        // Sessions keep to books of their own: nobody waits for a lock.
        let book = 1 + ((number * 7919 * SESSIONS) + session) % (books / SESSIONS * SESSIONS);
        client.execute(&statements[number as usize % statements.len()], &[&i32::try_from(book)?]).await?;
    }
    Ok(count)
}

/// Reports the middle, the 99th percentile and the most of a set of milliseconds.
pub(super) fn percentiles(figures: &mut Figures, case: &str, who: &str, what: &str, values: &[f64]) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted.get((sorted.len().saturating_sub(1) as f64 * share).round() as usize).copied();
    for (name, share) in [("median", 0.5), ("99th percentile", 0.99), ("most", 1.0)] {
        figures.add(case, who, &format!("{what}, {name}"), "ms", at(share).unwrap_or(f64::NAN));
    }
}
