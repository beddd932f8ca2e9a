//! From commit to indexed, on a quiet system. In: single commits, each made when the one before is indexed. Out: the time
//! from the commit's answer to the answer of the bulk request that carries it, for ours, for PGSync, and what a bare bulk
//! request of one document takes.

use super::backlog::{books, caught_up};
use super::polled;
use crate::copies::Copy;
use crate::database::{Database, Session};
use crate::figures::Figures;
use crate::null_engine::now;
use crate::peer::{self, Mode};
use crate::process::Program;
use crate::proxy::Proxy;
use crate::site::Site;
use crate::target::Target;
use crate::{Outcome, ours};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(120);

pub(super) async fn run(site: &Site, database: Database, figures: &mut Figures) -> Outcome {
    let case = &format!("{}/opensearch", database.case("latency"));
    let mut target = Target::opensearch(site);
    let proxy = Proxy::before(&target.url).await?;
    target.url.clone_from(&proxy.url);
    let dataset = books(database, site.scaled(2_000));
    // The first ten bare requests are not counted.
    let commits = site.sized(500, 200).max(20);
    for _ in 0..site.runs() {
        target.reset().await?;
        bare(&proxy, &target, commits, case, figures).await?;
        target.reset().await?;
        let copy = dataset.fresh_in(site, database).await?;
        ours::bootstrap(site, &copy, &target).await?;
        let mut program = ours::start(site, &copy, &target)?;
        target.complete(&mut program, dataset.index(), dataset.documents(), LIMIT).await?;
        caught_up(site, &copy, &target, &mut program).await?;
        let times = commit(&proxy, &target, &copy, &mut program, commits).await?;
        if times.len() < commits as usize {
            return Err("a commit was not indexed".into());
        }
        report(figures, case, "pgsync", &times);
        program.stop().await?;
        copy.remove().await?;
    }
    for &mode in modes(database) {
        target.reset().await?;
        let copy = dataset.fresh_in(site, database).await?;
        if database == Database::Postgres {
            peer::bootstrap(site, &copy, &target, mode).await?;
        }
        let mut program = peer::start(site, &copy, &target, mode)?;
        match mode {
            Mode::Polling => polled::begun(&copy, &target, &mut program).await?,
            _ => peer::following(&copy, &mut program, mode).await?,
        }
        let asked = commits.min(200);
        let times = commit(&proxy, &target, &copy, &mut program, asked).await?;
        if (times.len() as u64) < asked {
            let share = times.len() as f64 / asked as f64;
            figures.add(case, mode.who(), "commits indexed in five seconds", "share", share);
        }
        if (times.len() as u64) * 2 > asked {
            report(figures, case, mode.who(), &times);
        }
        program.kill().await?;
        copy.remove().await?;
    }
    target.reset().await
}

/// How the peer follows.
fn modes(database: Database) -> &'static [Mode] {
    if database == Database::Postgres { &[Mode::Daemon, Mode::Wal] } else { &[Mode::Polling] }
}

/// Commits one change at a time; gives how long each took, in milliseconds.
async fn commit(proxy: &Proxy, target: &Target, copy: &Copy, program: &mut Program, commits: u64) -> Outcome<Vec<f64>> {
    let mut session = Session::open(copy.database, &copy.url).await?;
    let (mut times, mut lost) = (Vec::new(), 0);
    for number in 1..=commits {
        // Not in step with anybody's timer.
        tokio::time::sleep(Duration::from_millis(20 + number * 37 % 60)).await;
        proxy.forget();
        let asked = now();
        session.run(&format!("UPDATE book SET pages = {} WHERE id = 7", 100_000 + number)).await?;
        let committed = now();
        match carried(proxy, target, copy, program, asked, 100_000 + number).await? {
            Some(answered) => times.push(answered.saturating_sub(committed) as f64 / 1000.0),
            None => lost += 1,
        }
    }
    if lost > 0 {
        println!("{}: {lost} of {commits} commits were not indexed in five seconds", copy.name);
    }
    Ok(times)
}

/// When the request was answered that carried this very change: the first after which the document shows it. PGSync now
/// and then writes what the change was made to, having read too early; then it is the next one, or none.
async fn carried(
    proxy: &Proxy,
    target: &Target,
    copy: &Copy,
    program: &mut Program,
    asked: u64,
    pages: u64,
) -> Outcome<Option<u64>> {
    let (mut after, limit) = (asked, now() + 5_000_000);
    while now() < limit {
        if let Some(at) = proxy.first_after(after) {
            let document = target.get(&format!("/{}/_doc/7", copy.dataset.index())).await?;
            if document["_source"]["pages"].as_u64() == Some(pages) {
                return Ok(Some(at));
            }
            after = at;
        }
        program.alive()?;
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
    Ok(None)
}

/// A bulk request of one document, as often.
async fn bare(proxy: &Proxy, target: &Target, requests: u64, case: &str, figures: &mut Figures) -> Outcome {
    let http = reqwest::Client::builder().tcp_nodelay(true).build()?;
    let mut times = Vec::new();
    let text = "time year people way day man thing woman life child ".repeat(20);
    for number in 1..=requests {
        tokio::time::sleep(Duration::from_millis(20 + number * 37 % 60)).await;
        let body = format!("{{\"index\":{{\"_id\":\"7\"}}}}\n{{\"pages\":{number},\"text\":\"{text}\"}}\n");
        let request = http.post(format!("{}/bare/_bulk", target.url)).header("content-type", "application/x-ndjson");
        let asked = now();
        let answer = request.body(body).send().await?.error_for_status()?.text().await?;
        if answer.contains("\"errors\":true") {
            return Err(answer.into());
        }
        let answered = proxy.first_after(asked).ok_or("the request did not pass the proxy")?;
        times.push((answered - asked) as f64 / 1000.0);
    }
    // The first ones make the index.
    report(figures, case, "_bulk", &times[times.len().min(10)..]);
    Ok(())
}

fn report(figures: &mut Figures, case: &str, who: &str, times: &[f64]) {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
    figures.add(case, who, "median", "ms", at(0.5));
    figures.add(case, who, "99th percentile", "ms", at(0.99));
}
