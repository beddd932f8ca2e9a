//! `status`: how far everything is written, and what else of ours stands in the database. In: settings and a program. Out:
//! lines for a person, or one JSON object, on stdout.

use super::Log;
use super::operate::{reach, session};
use crate::capture::{self, Facts, Other};
use crate::settings::Settings;
use crate::sink::Engine;
use crate::state::{IndexState, StateStore};
use crate::{Error, ErrorKind, Lsn, Result};
use pgsync_plan::Program;
use serde_json::json;

/// What is shown.
struct Status<'a> {
    program: &'a Program,
    facts: Facts,
    end: Lsn,
    written: Option<Lsn>,
    indexes: Vec<(&'a str, Option<IndexState>)>,
    others: Vec<Other>,
}

/// Asks both sides and prints.
pub(super) async fn status(log: Log, settings: &Settings, program: &Program) -> Result<()> {
    let client = session(settings).await?;
    let facts = Facts::read(&client, program).await?;
    let engine = reach(settings, || Engine::connect(&settings.engine)).await?;
    let (_, state) = reach(settings, || StateStore::open(&engine, &program.capture.slot)).await?;
    let row = client
        .query_one("SELECT pg_current_wal_lsn()::text", &[])
        .await
        .map_err(|error| Error::new(ErrorKind::Unavailable, "the log's end could not be read").source(error))?;
    let names = program.plan.documents.iter().map(|document| document.index.as_str());
    let status = Status {
        program,
        facts,
        end: row.get::<_, &str>(0).parse().unwrap_or_default(),
        written: state.as_ref().map(|state| state.position),
        indexes: names.map(|name| (name, state.as_ref().and_then(|state| state.indexes.get(name).cloned()))).collect(),
        others: capture::others(&client, &program.capture.publication).await?,
    };
    if log.json {
        status.object();
    } else {
        status.lines();
    }
    Ok(())
}

impl Status<'_> {
    fn confirmed(&self) -> Option<Lsn> {
        self.facts.slot.as_ref().and_then(|slot| slot.confirmed)
    }

    fn lag(&self) -> Option<u64> {
        self.confirmed().map(|confirmed| self.end.0.saturating_sub(confirmed.0))
    }

    #[allow(clippy::print_stdout)]
    fn object(&self) {
        let indexes = self.indexes.iter().map(|(name, index)| ((*name).to_owned(), json!(index)));
        let indexes: serde_json::Map<_, _> = indexes.collect();
        let others = self.others.iter().map(|other| {
            json!({
                "slot": other.slot, "publication": other.publication, "indexes": other.indexes,
                "in_use": other.in_use, "retained_bytes": other.retained,
            })
        });
        println!(
            "{}",
            json!({
                "slot": self.program.capture.slot, "slot_exists": self.facts.slot.is_some(),
                "streaming_pid": self.facts.slot.as_ref().and_then(|slot| slot.active_pid),
                "log_end": self.end, "acknowledged": self.confirmed(), "written": self.written,
                "lag_bytes": self.lag(), "indexes": indexes, "others": others.collect::<Vec<_>>(),
            })
        );
    }

    #[allow(clippy::print_stdout)]
    fn lines(&self) {
        let slot = &self.program.capture.slot;
        match self.facts.slot.as_ref().map(|slot| slot.active_pid) {
            None => println!("slot          {slot} (does not exist: run `bootstrap`)"),
            Some(Some(pid)) => println!("slot          {slot} (streaming, pid {pid})"),
            Some(None) => println!("slot          {slot} (nothing streams from it)"),
        }
        let text = |lsn: Option<Lsn>| lsn.map_or_else(|| "-".to_owned(), |lsn| lsn.to_string());
        println!("log end       {}", self.end);
        println!("acknowledged  {}", text(self.confirmed()));
        println!("written       {}", text(self.written));
        println!("lag           {} bytes", self.lag().map_or_else(|| "-".to_owned(), |lag| lag.to_string()));
        for (name, index) in &self.indexes {
            match index {
                Some(index) if index.loaded => println!("index         {name} -> {}", index.physical),
                Some(index) => println!("index         {name} -> {} (loading)", index.physical),
                None => println!("index         {name} (not loaded)"),
            }
        }
        for Other { slot, indexes, in_use, retained, .. } in &self.others {
            let indexes = if indexes.is_empty() { "an unknown index".to_owned() } else { indexes.join(", ") };
            match (in_use, retained) {
                (true, _) => println!("another slot  {slot} for {indexes} (in use)"),
                (false, Some(bytes)) => println!(
                    "another slot  {slot} for {indexes} (nothing works with it, {bytes} bytes of log are kept for it; \
                     if nothing will: `teardown --orphan {slot}`)"
                ),
                (false, None) => println!(
                    "another slot  {slot} for {indexes} (does not exist, its publication does: `teardown --orphan {slot}`)"
                ),
            }
        }
    }
}
