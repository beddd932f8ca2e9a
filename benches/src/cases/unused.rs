//! Events that concern no document. In: updates of a column that no document shows, of a table whose other columns they
//! do. Out: rows a second from the database through ours to the acknowledgement, beside what any client of the same stream
//! gets that drops every frame.

use super::backlog::{LIMIT, following, loaded};
use crate::ceilings::stream;
use crate::copies::Copy;
use crate::database::postgres::log_end;
use crate::dataset::Dataset;
use crate::figures::Figures;
use crate::null_engine::now;
use crate::site::Site;
use crate::target::Target;
use crate::{Outcome, ours};
use bytes::Bytes;
use pgsync_runtime::internals::source::postgres::Frame;
use pgsync_runtime::internals::source::postgres::pgoutput::{self, Cell, Message};
use std::hint::black_box;
use std::time::Instant;

const CASE: &str = "unused-columns/null";

pub(super) async fn run(site: &Site, figures: &mut Figures) -> Outcome {
    let null = Target::null().await?;
    let dataset = Dataset::Library(site.scaled(200_000));
    for _ in 0..site.runs() {
        let copy = loaded(site, dataset.fresh(site).await?, &null).await?;
        copy.client()?.execute("SELECT pg_create_logical_replication_slot('bare', 'pgoutput')", &[]).await?;
        let rows = change(&copy, 3 * dataset.documents()).await?;
        copy.settle().await?;
        let (seconds, frames) = bare(&copy).await?;
        figures.add(CASE, "a walsender's client", "rate", "rows/s", rows as f64 / seconds);
        let (changes, seconds) = decode(&frames)?;
        if changes != rows {
            return Err(format!("{changes} of {rows} changes came").into());
        }
        figures.add(CASE, "the decoder alone", "rate", "rows/s", changes as f64 / seconds);
        drop(frames);
        copy.client()?.execute("SELECT pg_drop_replication_slot('bare')", &[]).await?;
        null.zero(dataset.index()).await?;
        let mut program = ours::start(site, &copy, &null)?;
        let born = program.born;
        following(&copy, &mut program).await?;
        let seconds = (now() - born) as f64 / 1e6;
        let usage = program.stop().await?;
        let items = null.stats().await?.items;
        if items > 0 {
            return Err(format!("{items} documents were written though nothing they show has changed").into());
        }
        figures.add(CASE, "pgsync", "rate", "rows/s", rows as f64 / seconds);
        figures.add(CASE, "pgsync", "CPU of the program", "s/million", usage.cpu * 1e6 / rows as f64);
        copy.remove().await?;
    }
    Ok(())
}

/// Changes every review, a thousand in a transaction.
async fn change(copy: &Copy, reviews: u64) -> Outcome<u64> {
    let block = format!(
        "DO $do$ BEGIN FOR n IN 0..{} LOOP \
         UPDATE review SET helpful = helpful + 1 WHERE id > n * 1000 AND id <= n * 1000 + 1000; COMMIT; END LOOP; END $do$",
        reviews / 1000 - 1
    );
    copy.client()?.batch_execute(&block).await?;
    Ok(reviews / 1000 * 1000)
}

/// Decodes recorded frames and walks over every cell; gives how many were changes of rows, and the seconds it took.
fn decode(frames: &[Bytes]) -> Outcome<(u64, f64)> {
    let started = Instant::now();
    let mut changes = 0;
    for frame in frames {
        match pgoutput::decode(frame)? {
            Message::Update { old, new, .. } => {
                changes += 1;
                let old = old.into_iter().flat_map(|(_, row)| row.iter());
                black_box(new.iter().chain(old).filter(|cell| *cell != Cell::Null).count());
            }
            other => drop(black_box(other)),
        }
    }
    Ok((changes, started.elapsed().as_secs_f64()))
}

/// Reads the stream to the end of the log and does nothing with what comes; gives the seconds it took, and the frames.
async fn bare(copy: &Copy) -> Outcome<(f64, Vec<Bytes>)> {
    let end = log_end(copy.client()?).await?;
    let started = Instant::now();
    let mut stream = stream::open(copy, "bare").await?;
    let mut frames = Vec::new();
    loop {
        let at = match stream.next().await? {
            Frame::Data { wal_start, payload, .. } => {
                frames.push(payload);
                wal_start
            }
            Frame::Keepalive { wal_end } => wal_end,
        };
        if at.0 >= end {
            break;
        }
        if started.elapsed() > LIMIT {
            return Err("the bare stream did not come to its end".into());
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    stream.close().await?;
    Ok((seconds, frames))
}
