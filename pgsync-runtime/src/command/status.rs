//! `status`: how far everything is written, and what else of ours stands in the database. In: settings and a program. Out:
//! lines for a person, or one JSON object, on stdout.

use super::Log;
use super::operate::{reach, session};
use super::ready::{Access, Ready};
use crate::error::printable;
use crate::health::ask;
use crate::settings::Settings;
use crate::sink::{Engine, Patience, QuarantineStore};
use crate::source::Retention;
use crate::source::postgres::capture::{self, CaptureState, Other};
use crate::source::postgres::kept;
use crate::state::{IndexState, StateStore};
use crate::{Position, Result};
use pgsync_plan::Program;
use serde_json::{Value, json};
use std::time::Duration;

/// How long the running process may take to say how late it is.
const ASKING: Duration = Duration::from_secs(2);

/// What is shown.
pub(super) struct Status<'a> {
    program: &'a Program,
    source: Followed,
    /// Up to where everything is written.
    written: Option<Position>,
    indexes: Vec<(&'a str, Option<IndexState>)>,
    quarantined: usize,
    /// How late the index is, in seconds, as the running process says where it answers.
    late: Option<u64>,
    /// What the audit of `run` has seen.
    audit: Option<Value>,
}

/// What the database says.
pub(super) struct Followed {
    pub(super) slot: Slot,
    pub(super) end: Position,
    pub(super) acknowledged: Option<Position>,
    /// What the server keeps of its log because it is not acknowledged.
    pub(super) kept: Option<Retention>,
    pub(super) others: Vec<Other>,
}

/// What in the database keeps the place in its log.
pub(super) enum Slot {
    /// Nothing: the state does.
    #[cfg(feature = "mysql")]
    State,
    /// The outbox: how many rows wait in it, and for how many seconds the oldest of them.
    Outbox(i64, Option<f64>),
    /// What should keep it is not there.
    Missing,
    /// Something, which this process of the server streams from.
    There(Option<i32>),
}

/// Asks both sides and prints.
pub(super) async fn status(log: Log, all: &[Ready]) -> Result<()> {
    let (mut lines, mut objects) = (String::new(), serde_json::Map::new());
    for ready in all {
        let status = Status::ask(ready).await.map_err(|error| ready.named(error))?;
        if !log.json {
            let heading = ready.label().map(|name| format!("database      {}\n", printable(name)));
            lines.extend(heading.into_iter().chain([status.lines()]));
        } else if let Some(database) = ready.label() {
            objects.insert(database.to_owned(), status.object());
        } else {
            lines = format!("{}\n", status.object());
        }
    }
    if !objects.is_empty() {
        lines = format!("{}\n", json!({ "databases": objects }));
    }
    super::print(&lines).map(drop)
}

/// Asks a database in which something is set up.
async fn followed(settings: &Settings, program: &Program) -> Result<Followed> {
    let client = session(settings).await?;
    let facts = CaptureState::read(&client, program).await?;
    Ok(Followed {
        slot: facts.slot.as_ref().map_or(Slot::Missing, |slot| Slot::There(slot.active_pid)),
        end: kept::written(&client).await?.into(),
        acknowledged: facts.slot.as_ref().and_then(|slot| slot.confirmed).map(Position::from),
        kept: kept::of_slot(&client, &program.capture.logical_replication()?.slot).await?,
        others: capture::others(&client, &program.capture.logical_replication()?.publication).await?,
    })
}

/// What the running process says, where its address is known.
async fn late(ready: &Ready) -> Option<u64> {
    let (_, report) = ask::ask(ready.settings.run.listen?, "/healthz", ASKING).await.ok()?;
    let report = ready.label().map_or(&report, |database| &report["databases"][database]);
    report["lag_seconds"].as_u64()
}

impl<'a> Status<'a> {
    async fn ask(ready: &'a Ready) -> Result<Self> {
        let Ready { program, settings, .. } = ready;
        let source = match ready.access()? {
            Access::SetUp => followed(settings, program).await?,
            Access::Triggers(source) => super::by_triggers::followed(settings, &source).await?,
            #[cfg(feature = "mysql")]
            Access::Log(source) => super::no_setup::followed(settings, &source).await?,
        };
        let engine = reach(settings, || Engine::connect(&settings.engine)).await?;
        let (_, state) = reach(settings, || StateStore::open(&engine, program.capture.name())).await?;
        let quarantine = QuarantineStore::new(&engine, program.capture.name(), Patience::default());
        let names = program.plan.documents.iter().map(|document| document.index.as_str());
        let known = |name| state.as_ref().and_then(|state| state.indexes.get(name).cloned());
        Ok(Self {
            program,
            source,
            written: state.as_ref().map(|state| state.position),
            indexes: names.map(|name| (name, known(name))).collect(),
            quarantined: quarantine.list().await?.len(),
            late: late(ready).await,
            audit: engine.audit(program.capture.name()).await?,
        })
    }
}

impl Status<'_> {
    fn lag(&self) -> Option<u64> {
        self.source.acknowledged.map(|acknowledged| self.source.end.offset().saturating_sub(acknowledged.offset()))
    }

    /// Whether the slot is ahead of what is written: it was given up, moved or made anew, and what is in between is never sent.
    fn is_given_up(&self) -> bool {
        matches!((self.source.acknowledged, self.written), (Some(acknowledged), Some(written)) if acknowledged > written)
    }

    fn object(&self) -> Value {
        let indexes = self.indexes.iter().map(|(name, index)| ((*name).to_owned(), json!(index)));
        let indexes: serde_json::Map<_, _> = indexes.collect();
        let others = self.source.others.iter().map(|other| {
            json!({
                "slot": other.slot, "publication": other.publication, "name": other.name, "indexes": other.indexes,
                "in_use": other.in_use, "retained_bytes": other.retained,
            })
        });
        json!({
                "slot": self.program.capture.name(), "slot_exists": matches!(self.source.slot, Slot::There(_) | Slot::Outbox(..)),
                "outbox_rows": match self.source.slot { Slot::Outbox(rows, _) => Some(rows), _ => None },
                "streaming_pid": match self.source.slot { Slot::There(pid) => pid, _ => None },
                "log_end": self.source.end, "acknowledged": self.source.acknowledged, "written": self.written,
                "lag_bytes": self.lag(), "lag_seconds": self.late, "log_kept": self.source.kept, "given_up": self.is_given_up(), "indexes": indexes, "others": others.collect::<Vec<_>>(), "quarantined": self.quarantined,
                "audit": self.audit,
        })
    }

    fn lines(&self) -> String {
        let mut out = String::new();
        let mut say = |line: String| {
            out.push_str(&line);
            out.push('\n');
        };
        let slot = self.program.capture.name();
        match self.source.slot {
            #[cfg(feature = "mysql")]
            Slot::State => say(format!("name          {slot}")),
            Slot::Outbox(rows, oldest) => {
                let oldest = oldest.map(|oldest| format!(", the oldest for {oldest:.0} s")).unwrap_or_default();
                say(format!("outbox        {slot} ({rows} rows wait{oldest})"));
            }
            Slot::Missing => say(format!("slot          {slot} (does not exist: run `bootstrap`)")),
            Slot::There(Some(pid)) => say(format!("slot          {slot} (streaming, pid {pid})")),
            Slot::There(None) => say(format!("slot          {slot} (nothing streams from it)")),
        }
        let text =
            |position: Option<Position>| position.map_or_else(|| "-".to_owned(), |position| position.to_string());
        say(format!("log end       {}", self.source.end));
        say(format!("acknowledged  {}", text(self.source.acknowledged)));
        say(format!("written       {}", text(self.written)));
        say(format!("lag           {} bytes", self.lag().map_or_else(|| "-".to_owned(), |lag| lag.to_string())));
        if let Some(seconds) = self.late {
            say(format!("late          {seconds} s"));
        }
        if let Some(kept) = &self.source.kept {
            let status =
                kept.wal_status.as_ref().map(|status| format!(", which it calls {status}")).unwrap_or_default();
            let safe =
                kept.safe_wal_size.map(|bytes| format!("; {bytes} more until it throws them away")).unwrap_or_default();
            say(format!("log kept      {} bytes{status}{safe}", kept.retained_bytes));
        }
        if self.is_given_up() {
            say("given up      the slot is ahead of what is written: everything is loaded again by the next start, or is being loaded".to_owned());
        }
        say(format!("quarantine    {} documents", self.quarantined));
        if let Some(audit) = &self.audit {
            let count = |name: &str| audit[name].as_u64().unwrap_or(0);
            say(format!("audit         {} documents compared, {} wrong", count("documents"), count("wrong")));
        }
        for (name, index) in &self.indexes {
            match index {
                Some(index) if index.loaded => say(format!("index         {name} -> {}", index.physical)),
                Some(index) => say(format!("index         {name} -> {} (loading)", index.physical)),
                None => say(format!("index         {name} (not loaded)")),
            }
        }
        for Other { slot, indexes, in_use, retained, .. } in &self.source.others {
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
