//! `status`: how far everything is written, and what else of ours stands in the database. In: settings and a program. Out:
//! lines for a person, or one JSON object, on stdout.

use super::Log;
use super::operate::{reach, session};
use crate::settings::Settings;
use crate::sink::{Engine, Patience, QuarantineStore};
use crate::source::postgres::capture::{self, CaptureState, Other};
use crate::source::postgres::connection as database;
use crate::state::{IndexState, StateStore};
use crate::{Position, Result};
use pgsync_plan::Program;
use serde_json::json;

/// What is shown.
struct Status<'a> {
    program: &'a Program,
    facts: CaptureState,
    end: Position,
    written: Option<Position>,
    indexes: Vec<(&'a str, Option<IndexState>)>,
    others: Vec<Other>,
    quarantined: usize,
}

/// Asks both sides and prints.
pub(super) async fn status(log: Log, settings: &Settings, program: &Program) -> Result<()> {
    let client = session(settings).await?;
    let facts = CaptureState::read(&client, program).await?;
    let engine = reach(settings, || Engine::connect(&settings.engine)).await?;
    let (_, state) = reach(settings, || StateStore::open(&engine, program.capture.name())).await?;
    let row = client
        .query_one("SELECT pg_current_wal_lsn()::text", &[])
        .await
        .map_err(|error| database::failure("the log's end cannot be read", &error))?;
    let quarantine = QuarantineStore::new(&engine, program.capture.name(), Patience::default());
    let names = program.plan.documents.iter().map(|document| document.index.as_str());
    let status = Status {
        program,
        facts,
        end: database::value::<&str>(&row, 0)?.parse().unwrap_or_default(),
        written: state.as_ref().map(|state| state.position),
        indexes: names.map(|name| (name, state.as_ref().and_then(|state| state.indexes.get(name).cloned()))).collect(),
        others: capture::others(&client, &program.capture.logical_replication().publication).await?,
        quarantined: quarantine.list().await?.len(),
    };
    super::print(&if log.json { status.object() } else { status.lines() }).map(drop)
}

impl Status<'_> {
    fn confirmed(&self) -> Option<Position> {
        self.facts.slot.as_ref().and_then(|slot| slot.confirmed).map(Position::from)
    }

    fn lag(&self) -> Option<u64> {
        self.confirmed().map(|confirmed| self.end.offset().saturating_sub(confirmed.offset()))
    }

    fn object(&self) -> String {
        let indexes = self.indexes.iter().map(|(name, index)| ((*name).to_owned(), json!(index)));
        let indexes: serde_json::Map<_, _> = indexes.collect();
        let others = self.others.iter().map(|other| {
            json!({
                "slot": other.slot, "publication": other.publication, "name": other.name, "indexes": other.indexes,
                "in_use": other.in_use, "retained_bytes": other.retained,
            })
        });
        format!(
            "{}\n",
            json!({
                "slot": self.program.capture.name(), "slot_exists": self.facts.slot.is_some(),
                "streaming_pid": self.facts.slot.as_ref().and_then(|slot| slot.active_pid),
                "log_end": self.end, "acknowledged": self.confirmed(), "written": self.written,
                "lag_bytes": self.lag(), "indexes": indexes, "others": others.collect::<Vec<_>>(), "quarantined": self.quarantined,
            })
        )
    }

    fn lines(&self) -> String {
        let mut out = String::new();
        let mut say = |line: String| {
            out.push_str(&line);
            out.push('\n');
        };
        let slot = self.program.capture.name();
        match self.facts.slot.as_ref().map(|slot| slot.active_pid) {
            None => say(format!("slot          {slot} (does not exist: run `bootstrap`)")),
            Some(Some(pid)) => say(format!("slot          {slot} (streaming, pid {pid})")),
            Some(None) => say(format!("slot          {slot} (nothing streams from it)")),
        }
        let text =
            |position: Option<Position>| position.map_or_else(|| "-".to_owned(), |position| position.to_string());
        say(format!("log end       {}", self.end));
        say(format!("acknowledged  {}", text(self.confirmed())));
        say(format!("written       {}", text(self.written)));
        say(format!("lag           {} bytes", self.lag().map_or_else(|| "-".to_owned(), |lag| lag.to_string())));
        say(format!("quarantine    {} documents", self.quarantined));
        for (name, index) in &self.indexes {
            match index {
                Some(index) if index.loaded => say(format!("index         {name} -> {}", index.physical)),
                Some(index) => say(format!("index         {name} -> {} (loading)", index.physical)),
                None => say(format!("index         {name} (not loaded)")),
            }
        }
        for Other { slot, indexes, in_use, retained, .. } in &self.others {
            let indexes = if indexes.is_empty() { "an unknown index".to_owned() } else { indexes.join(", ") };
            match (in_use, retained) {
                (true, _) => say(format!("another slot  {slot} for {indexes} (in use)")),
                (false, Some(bytes)) => say(format!(
                    "another slot  {slot} for {indexes} (nothing works with it, {bytes} bytes of log are kept for it; \
                     if nothing will: `teardown --orphan {slot}`)"
                )),
                (false, None) => say(format!(
                    "another slot  {slot} for {indexes} (does not exist, its publication does: `teardown --orphan {slot}`)"
                )),
            }
        }
        out
    }
}
