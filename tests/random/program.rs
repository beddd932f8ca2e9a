//! The program in the middle of it. In: where it finds the database and the engine. Out: a process that is started, killed,
//! ended at a named place, started again; all it said in all its lives.

use super::client::Client;
use super::dialect::Dialect;
use super::tally::Tally;
use crate::corpus::position;
use crate::support::engine::client;
use crate::support::process::{Process, cargo_pgsync};
use crate::support::seed::Seed;
use reqwest::Method;
use serde_json::Value;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(120);

/// Places where a debug build ends itself when it is told to, as a crash there would. It comes to these all the time.
pub(super) const FAILPOINTS: [&str; 5] = [
    "read-and-not-written",
    "written-and-not-noted",
    "before-state",
    "between-state-and-acknowledgement",
    "acknowledged",
];

/// Places that it comes to in a load and with its alias (the first five), with a generation, in a sweep, with what is refused, and at its end.
const SELDOM: [&str; 12] = [
    "load-before-it-is-recorded",
    "load-recorded",
    "loaded-and-not-recorded",
    "before-the-alias",
    "alias-moved",
    "before-a-generation-goes",
    "in-a-sweep",
    "swept-and-not-complete",
    "before-the-quarantine",
    "in-the-quarantine",
    "before-it-leaves-the-quarantine",
    "before-its-last-word",
];

pub(super) struct Program {
    pub(super) directory: PathBuf,
    pub(super) environment: Vec<(String, String)>,
    address: String,
    process: Option<Process>,
    /// Whether it has been told to end itself somewhere.
    ends_itself: bool,
    /// What its earlier lives said.
    earlier: Vec<String>,
}

impl Program {
    pub(super) fn new(directory: PathBuf, environment: Vec<(String, String)>) -> Self {
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        Self { directory, environment, address, process: None, ends_itself: false, earlier: Vec::new() }
    }

    fn launch(&self, arguments: &[&str], more: &[(&str, &str)]) -> Process {
        let mut environment: Vec<(&str, &str)> =
            self.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        environment.extend(more);
        Process::start(cargo_pgsync(), arguments, &environment, &self.directory)
    }

    /// Runs a command to its end.
    pub(super) fn command(&mut self, arguments: &[&str]) {
        let mut words = vec!["pgsync"];
        words.extend(arguments);
        let (status, said) = self.launch(&words, &[]).wait(LIMIT);
        assert!(status.success(), "{arguments:?}: {}\n{}", said.join("\n"), self.said());
    }

    /// Starts it, where it does not run; it ends itself at a place now and then.
    pub(super) fn start(&mut self, failpoint: Option<&str>) {
        if self.process.is_some() {
            return;
        }
        self.ends_itself = failpoint.is_some();
        let words = ["pgsync", "run", "-b", "--listen", self.address.as_str()];
        self.process = Some(match failpoint {
            Some(place) => self.launch(&words, &[("PGSYNC_FAILPOINT", place)]),
            None => self.launch(&words, &[]),
        });
    }

    /// Starts it for the first time. With `faults` it may end itself in its load, or with the alias.
    pub(super) fn start_to_load(&mut self, seed: &mut Seed, faults: bool) {
        let place = format!("{}:1", SELDOM[seed.below(5) as usize]);
        self.start((faults && seed.below(2) == 0).then_some(place.as_str()));
    }

    pub(super) fn start_anyhow(&mut self, seed: &mut Seed) {
        let (places, times): (&[&str], u64) = if seed.below(2) == 0 { (&FAILPOINTS, 5) } else { (&SELDOM, 2) };
        let place = places[seed.below(places.len() as u64) as usize];
        let place = format!("{place}:{}", 1 + seed.below(times));
        self.start((seed.below(2) == 0).then_some(place.as_str()));
    }

    /// Ends it at once, where it runs.
    pub(super) fn kill(&mut self, tally: &mut Tally) {
        if let Some(process) = self.process.take() {
            self.earlier.extend(process.lines());
            self.earlier.push("-- killed".to_owned());
            process.kill();
            tally.kills += 1;
        }
    }

    /// Whether it runs. It may have ended itself, where it was told to, and nowhere else.
    pub(super) fn runs(&mut self, tally: &mut Tally) -> bool {
        let Some(process) = &mut self.process else { return false };
        if process.runs() {
            return true;
        }
        let (status, said) = self.process.take().unwrap().wait(LIMIT);
        self.earlier.extend(said);
        let told = self.ends_itself && self.earlier.last().is_some_and(|line| line.starts_with("failpoint "));
        assert!(told, "it has ended by itself: {status}\n{}", self.said());
        tally.failpoints += 1;
        false
    }

    pub(super) fn said(&self) -> String {
        let now = self.process.iter().flat_map(Process::lines);
        self.earlier.iter().cloned().chain(now).collect::<Vec<_>>().join("\n")
    }

    /// Waits until everything that is committed is written, by its own word.
    pub(super) async fn reached(
        &mut self,
        database: &mut Client,
        dialect: Dialect,
        tally: &mut Tally,
    ) -> Result<(), String> {
        let end = database.end_of_log(dialect).await;
        let until = Instant::now() + LIMIT;
        let mut report = Value::Null;
        while Instant::now() < until {
            if !self.runs(tally) {
                self.start(None);
            }
            report = self.asked("/healthz").await.map_or(report, |(_, report)| report);
            if report["phase"] == "following" && self.has_written(&report, &end, dialect).await {
                return if report["quarantined"] == 0 { Ok(()) } else { Err(format!("it has refused some: {report}")) };
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        Err(format!("it stays at {report}"))
    }

    async fn has_written(&self, report: &Value, end: &str, dialect: Dialect) -> bool {
        if dialect.is_postgres() {
            return report["written"].as_str().is_some_and(|written| position(written) >= position(end));
        }
        // A position is how many transactions there are; which ones, it is asked.
        let path = format!("/caught-up?timeout=1&lsn={}", end.replace(',', "%2C"));
        self.asked(&path).await.is_some_and(|(status, _)| status == 200)
    }

    /// What it answers, where it does.
    async fn asked(&self, path: &str) -> Option<(u16, Value)> {
        let answer = client().request(Method::GET, format!("http://{}{path}", self.address)).send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, serde_json::from_slice(&answer.bytes().await.ok()?).unwrap_or_default()))
    }

    /// Ends it in good order, unless it ends itself first where it was told to.
    pub(super) fn stop(&mut self, tally: &mut Tally) {
        if !self.runs(tally) {
            return;
        }
        let Some(process) = self.process.take() else { return };
        process.terminate();
        let (status, said) = process.wait(LIMIT);
        let itself = self.ends_itself && said.last().is_some_and(|line| line.starts_with("failpoint "));
        assert!(status.success() || itself, "{status}: {}", said.join("\n"));
    }
}
