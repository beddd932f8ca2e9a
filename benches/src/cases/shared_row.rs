//! One row that 100,000 documents show. In: a change of it, and small changes of other documents meanwhile. Out: how long
//! it takes, how often each document is written, how long the small changes wait, peak memory.

use super::backlog::{LIMIT, following};
use super::held_rate::percentiles;
use crate::Outcome;
use crate::dataset::Dataset;
use crate::figures::Figures;
use crate::null_engine::now;
use crate::ours;
use crate::site::Site;
use crate::target::Target;
use std::collections::HashMap;
use std::time::Duration;

const CASE: &str = "shared-row/null";

pub(super) async fn run(site: &Site, figures: &mut Figures) -> Outcome {
    let null = Target::null().await?;
    for _ in 0..site.runs() {
        one(site, &null, figures).await?;
    }
    Ok(())
}

async fn one(site: &Site, null: &Target, figures: &mut Figures) -> Outcome {
    let dataset = Dataset::Library(site.scaled(200_000));
    let shared = site.scaled(100_000);
    null.reset().await?;
    let copy = dataset.fresh(site).await?;
    let all =
        copy.client()?.execute("UPDATE book SET publisher_id = 1 WHERE id <= $1", &[&i32::try_from(shared)?]).await?;
    copy.client()?
        .batch_execute(&format!("UPDATE book SET publisher_id = 2 WHERE publisher_id = 1 AND id > {shared}"))
        .await?;
    copy.client()?.batch_execute("VACUUM ANALYZE book").await?;
    ours::bootstrap(site, &copy, null).await?;
    copy.settle().await?;
    let mut program = ours::start(site, &copy, null)?;
    null.complete(&mut program, dataset.index(), dataset.documents(), LIMIT).await?;
    following(&copy, &mut program).await?;
    null.zero(dataset.index()).await?;
    null.trace().await?;

    copy.client()?.batch_execute("UPDATE publisher SET name = name || '!' WHERE id = 1").await?;
    let committed = now();
    let small = copy.client()?.prepare("UPDATE book SET pages = pages + 1 WHERE id = $1").await?;
    let mut commits = HashMap::new();
    for id in shared + 1..dataset.documents() {
        copy.client()?.execute(&small, &[&i32::try_from(id)?]).await?;
        commits.insert(id.to_string(), now());
        tokio::time::sleep(Duration::from_millis(50)).await;
        program.alive()?;
        if null.stats().await?.items >= all + commits.len() as u64 || now() > committed + LIMIT.as_micros() as u64 {
            break;
        }
    }
    following(&copy, &mut program).await?;
    let usage = program.stop().await?;
    let mut written: HashMap<String, Vec<u64>> = HashMap::new();
    for (id, at) in null.traced().await? {
        written.entry(id).or_default().push(at);
    }
    let fan_out: Vec<&Vec<u64>> = (1..=all).filter_map(|id| written.get(&id.to_string())).collect();
    if fan_out.len() as u64 != all {
        return Err(format!("{} of {all} documents that show the row were written", fan_out.len()).into());
    }
    let mut waits = Vec::new();
    for (id, at) in &commits {
        let answered = written.get(id).and_then(|times| times.iter().find(|time| **time >= *at));
        waits.push(answered.map(|time| (time - at) as f64 / 1000.0).ok_or("a small change was not written")?);
    }
    let last = fan_out.iter().filter_map(|times| times.last()).max().copied().unwrap_or(committed);
    let writes: usize = fan_out.iter().map(|times| times.len()).sum();
    figures.add(CASE, "pgsync", "wall", "s", (last - committed) as f64 / 1e6);
    figures.add(CASE, "pgsync", "writes of a document", "writes", writes as f64 / all as f64);
    figures.add(CASE, "pgsync", "peak memory", "MB", usage.peak as f64 / 1e6);
    percentiles(figures, CASE, "pgsync", "small change meanwhile", &waits);
    copy.remove().await
}
