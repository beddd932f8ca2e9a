//! A case on real servers. In: a case, a server and an engine. Out: a failure where the live catalogue is not the
//! snapshot, where the documents of the load are not those that are expected, or where one round of changes leaves the
//! indexes with anything else than what the case's own queries say.

use super::case::{Case, schema_on};
use super::facts::Facts;
use super::golden::Goldens;
use super::history::History;
use super::index;
use super::session::Session;
use crate::support::database::{Database, connect};
use crate::support::engine::request;
use crate::support::process::{Process, cargo_pgsync};
use futures_util::FutureExt as _;
use pgsync_codegen::catalog::{Catalog, live};
use reqwest::Method;
use serde_json::Value;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(120);

/// A server with the engine that it goes to.
#[derive(Clone)]
pub(super) struct Pair {
    /// Tells the databases and indexes of one pair from those of the others.
    pub(super) tag: &'static str,
    pub(super) server: String,
    pub(super) engine: String,
    /// The server's, as `18`.
    pub(super) version: i32,
    /// Whether what is found here becomes the golden.
    pub(super) writes_goldens: bool,
    /// Whether the program is killed on the way.
    pub(super) kills: bool,
    /// How changes are captured, as `PGSYNC_CAPTURE` names it.
    pub(super) capture: &'static str,
}

/// The round after which it is killed, with its changes on their way.
const KILLED_AFTER: u32 = 6;
/// The round for which it is killed, and stays away until it is over.
const AWAY_IN: u32 = 7;

impl Pair {
    pub(super) async fn new(tag: &'static str, server: String, engine: String) -> Self {
        let client = connect(&server).await;
        let sql = "SELECT current_setting('server_version_num')::integer / 10000";
        let version = client.query_one(sql, &[]).await.unwrap().get(0);
        Self { tag, server, engine, version, writes_goldens: false, kills: false, capture: "replication" }
    }

    /// Whether a table that is emptied comes with the changes. Before PostgreSQL 11 it is not in the log, and is seen by the
    /// table's file a while after the changes.
    fn tells_of_truncate(&self) -> bool {
        self.capture == "triggers" || self.version >= 11
    }
}

/// A case where it runs.
struct Run<'a> {
    case: &'a Case,
    pair: &'a Pair,
    database: Database,
    directory: tempfile::TempDir,
    address: String,
}

/// Runs a case from its tables to its end, and gives the slot back whatever comes of it.
pub(super) async fn run(case: &Case, pair: &Pair) {
    let database = Database::create(&pair.server, &format!("case_{}_{}", case.name.replace('-', "_"), pair.tag)).await;
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let run = Run { case, pair, database, directory: tempfile::tempdir().unwrap(), address };
    let outcome = AssertUnwindSafe(run.whole()).catch_unwind().await;
    // A server has few slots, and one that is left keeps its log.
    let left = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
                WHERE database = current_database() AND NOT active";
    if let Err(panic) = outcome {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let _ = connect(&run.database.url).await.batch_execute(left).await;
        std::panic::resume_unwind(panic);
    }
}

impl Run<'_> {
    async fn whole(&self) {
        let mut goldens = Goldens::default();
        self.prepare().await;
        let catalog = self.catalog(&mut goldens).await;
        let process = self.follow();
        self.reaches(&process, |report| report["phase"] == "following").await;
        let found = index::indexed(self.case, &self.pair.engine, self.pair.tag).await;
        let wanted = index::wanted(&self.case.oracles, &self.database.client).await;
        let said = index::differences(&found, &wanted);
        assert!(said.is_empty(), "{}: after the load\n{}", self.case.name, said.join("\n"));
        let golden = self.case.directory.join("expected/documents.json");
        if self.pair.writes_goldens {
            goldens.check(&golden, &index::golden(&found));
        } else {
            assert_eq!(
                index::golden(&found),
                std::fs::read_to_string(&golden).unwrap_or_default(),
                "{}",
                golden.display()
            );
        }
        goldens.finish();
        let process = self.changes(&catalog, process).await;
        process.terminate();
        let (status, said) = process.wait(LIMIT);
        assert_eq!(status.code(), Some(0), "{}: {}", self.case.name, said.join("\n"));
        let (status, said) = self.start(&["teardown", "--indexes"]).wait(LIMIT);
        assert!(status.success(), "{}: {}", self.case.name, said.join("\n"));
    }

    /// Tables and rows, and the schema file under the name that is this pair's.
    async fn prepare(&self) {
        index::remove(self.case, &self.pair.engine, self.pair.tag).await;
        index::install(self.case, &self.pair.engine).await;
        self.database.run(&self.case.tables).await;
        self.database.run(&self.case.rows).await;
        self.database.run(index::WRITTEN).await;
        std::fs::write(self.file(), schema_on(self.pair.tag, &self.case.schema)).unwrap();
    }

    fn file(&self) -> std::path::PathBuf {
        self.directory.path().join(format!("{}.json", self.case.name))
    }

    /// What the server says of the tables is what the snapshot says.
    async fn catalog(&self, goldens: &mut Goldens) -> Catalog {
        let found = live::read(&self.database.client, &self.case.schemas()).await.unwrap();
        let path = self.case.directory.join("catalog.json");
        if self.pair.writes_goldens {
            goldens.check(&path, &found.to_json());
        }
        let known = Catalog::from_json(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let (alike, known) = (without_queries(found.clone()), without_queries(known));
        for table in &alike.tables {
            let known = known.tables.iter().find(|known| (&known.schema, &known.name) == (&table.schema, &table.name));
            assert_eq!(Some(table), known, "{}: on version {}", self.case.name, self.pair.version);
        }
        assert!(alike == known, "{}: the snapshot has more than the database, or other enums", self.case.name);
        std::fs::write(Catalog::path_beside(&self.file()), found.to_json()).unwrap();
        found
    }

    fn start(&self, arguments: &[&str]) -> Process {
        let file = format!("{}.json", self.case.name);
        let environment = [
            ("PG_URL", self.database.url.as_str()),
            ("ELASTICSEARCH_URL", self.pair.engine.as_str()),
            ("PGSYNC_CAPTURE", self.pair.capture),
        ];
        let mut words = vec!["pgsync"];
        words.extend(arguments);
        words.extend(["--config", &file]);
        Process::start(cargo_pgsync(), &words, &environment, self.directory.path())
    }

    fn follow(&self) -> Process {
        self.start(&["run", "-b", "--listen", &self.address])
    }

    /// Random changes, and after each round the comparison. Gives the process that runs at the end.
    async fn changes(&self, catalog: &Catalog, process: Process) -> Process {
        let session = Session::Postgres(&self.database.client);
        let facts = Facts::read(catalog, session).await;
        let mut history = History::new(&self.case.name, facts, session, self.case.number(self.pair.tag));
        if !self.pair.tells_of_truncate() {
            history = history.without_truncate();
        }
        let mut running = Some(process);
        for round in 1.. {
            if self.pair.kills && round == AWAY_IN {
                running.take().into_iter().for_each(Process::kill);
            }
            if !history.round().await {
                break;
            }
            if self.pair.kills && round == KILLED_AFTER {
                running.take().into_iter().for_each(Process::kill);
            }
            self.settled(running.get_or_insert_with(|| self.follow()), &history).await;
        }
        println!("{}: {}", self.case.name, history.summary());
        history.is_enough();
        running.expect("the last round ends with the program running")
    }

    /// Everything that is committed is written: then, at once, the indexes hold what the database holds.
    async fn settled(&self, process: &Process, history: &History<'_>) {
        // Before 10 it was called otherwise.
        let flushed =
            if self.pair.version < 10 { "pg_current_xlog_flush_location" } else { "pg_current_wal_flush_lsn" };
        let sql = format!("SELECT {flushed}()::text");
        let end: String = self.database.client.query_one(&sql, &[]).await.unwrap().get(0);
        let end = position(&end);
        let written = |report: &Value| report["written"].as_str().is_some_and(|written| position(written) >= end);
        let report = self.reaches(process, |report| written(report) && report["phase"] == "following").await;
        let found = index::indexed(self.case, &self.pair.engine, self.pair.tag).await;
        let wanted = index::wanted(&self.case.oracles, &self.database.client).await;
        let said = index::differences(&found, &wanted);
        assert!(
            said.is_empty() && report["quarantined"] == 0,
            "{} on version {}, PGSYNC_TEST_SEED={}, {}\n{}\n{report}\n{}\n{}",
            self.case.name,
            self.pair.version,
            history.began_with,
            history.summary(),
            said.join("\n"),
            history.last_round(),
            process.lines().join("\n")
        );
    }

    /// Asks for the health until it is as wanted.
    async fn reaches(&self, process: &Process, wanted: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + LIMIT;
        let mut report = Value::Null;
        loop {
            if tokio::net::TcpStream::connect(&self.address).await.is_ok() {
                report = request(&format!("http://{}", self.address), Method::GET, "/healthz", None).await.1;
            }
            if wanted(&report) {
                return report;
            }
            let lines = || process.lines().join("\n");
            assert!(Instant::now() < end, "{}: it stays at {report}\n{}", self.case.name, lines());
            let gone = process.lines().iter().any(|line| line.starts_with("error"));
            assert!(!gone, "{}: {}", self.case.name, lines());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Servers write the query of a view in more than one way; each run compiles from what its own server says.
fn without_queries(mut catalog: Catalog) -> Catalog {
    catalog.tables.iter_mut().filter_map(|table| table.view.as_mut()).for_each(|view| view.query.clear());
    catalog
}

/// A position of the log as a number.
pub(crate) fn position(text: &str) -> u64 {
    let (high, low) = text.split_once('/').unwrap();
    u64::from_str_radix(high, 16).unwrap() << 32 | u64::from_str_radix(low, 16).unwrap()
}
