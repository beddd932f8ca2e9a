//! The cases that have a `mysql.sql`, through their histories on MySQL and MariaDB. In: a server, an engine. Out: a failure
//! where the documents of the load are not those that are expected, where one round of changes leaves the indexes with
//! anything else than what the case's own queries say of the same rows, or where a table saw too little.
//!
//! The pipelines are tasks of this process, many of them on one server. Some are ended wherever they are, and begin again.

use super::binlog::{BY_LETTERS, compiled, connected, prepared};
use super::case::{self, Case};
use super::facts::Facts;
use super::history::History;
use super::index::{self, Documents};
use super::mirror::{Mirror, schema_of};
use super::mysql::expected;
use super::session::Session;
use crate::support::binlog_server::{BinlogServer, Family};
use crate::support::engine::request;
use crate::support::seed::Seed;
use crate::support::servers;
use mysql_async::Conn;
use pgsync_codegen::Source;
use pgsync_codegen::catalog::{Catalog, Release, Table};
use pgsync_plan::Program;
use pgsync_runtime::internals::Position;
use pgsync_runtime::internals::health::{Health, Phase};
use pgsync_runtime::internals::pipeline::{Options, Pipeline};
use pgsync_runtime::internals::settings::{Overrides, Settings};
use pgsync_runtime::internals::source::mysql::binlog::{Flavour, GtidSet};
use reqwest::Method;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

const LIMIT: Duration = Duration::from_secs(120);
/// One case in so many is followed by a pipeline that is killed now and then.
const KILLED: usize = 3;
/// The round in which the server is restarted, where it is.
const RESTARTED_IN: u32 = 7;
/// Cases with texts in keys and links, which run once more where `a` is `A`.
const FOLDED: [&str; 5] = ["composite-key", "flatten", "through-composite", "through-directions", "to-many"];
/// Cases that run once more with statements as MariaDB 10.5 has to be asked: keys of several columns and types, joins, choices.
const OLD: [&str; 10] = [
    "aggregate",
    "composite-key",
    "distinct",
    "identity",
    "json-paths",
    "order-limit",
    "routing",
    "through-composite",
    "views",
    "where",
];
/// A collation of both servers for that.
const BY_CASELESS_LETTERS: &str = "utf8mb4_general_ci";

/// Where all cases run.
pub(super) struct Site {
    tag: &'static str,
    server: Mutex<BinlogServer>,
    flavour: Flavour,
    port: u16,
    engine: String,
}

/// What the pipeline of a case has to go through.
#[derive(Clone, Copy, Default)]
pub(super) struct Fate {
    pub(super) killed: bool,
    /// Nobody else may use the server then.
    pub(super) restarted: bool,
    /// Texts are the same where they differ in their case only.
    pub(super) folded: bool,
    /// Statements are written for MariaDB 10.5.
    pub(super) old: bool,
}

/// A case where it runs.
struct Run<'a> {
    case: &'a Case,
    site: &'a Site,
    program: Program,
    /// In its indexes' names.
    tag: String,
    database: String,
    state: String,
    /// Asks, while another session changes.
    session: Mutex<Conn>,
    mirror: Mirror,
}

/// A pipeline at work.
struct Running {
    health: Health,
    stop: CancellationToken,
    task: AbortOnDropHandle<pgsync_runtime::Result<()>>,
}

impl Site {
    fn new(tag: &'static str, family: Family, engine: String) -> Self {
        let server = BinlogServer::start(family, &[]);
        let flavour = match family {
            Family::MySql => Flavour::MySql,
            Family::MariaDb => Flavour::MariaDb,
        };
        Self { tag, port: server.port(), server: Mutex::new(server), flavour, engine }
    }

    /// A session that may change rows.
    async fn session(&self, database: &str) -> Conn {
        let mode = "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES', time_zone = '+00:00'";
        connected(self.port, &[mode.to_owned(), format!("USE `{database}`")]).await
    }
}

/// Runs a case from its tables to its end.
pub(super) async fn run(case: &Case, site: &Site, fate: Fate) {
    let also = match fate {
        Fate { folded: true, .. } => "_ci",
        Fate { old: true, .. } => "_old",
        _ => "",
    };
    let tag = format!("{}{also}", site.tag);
    let database = format!("{}{also}", case.name.replace('-', "_"));
    let state = format!("pgsync-state-{tag}-{}", case.name);
    index::remove(case, &site.engine, &tag).await;
    index::install(case, &site.engine).await;
    request(&site.engine, Method::DELETE, &format!("/{state}"), None).await;
    let collation = if fate.folded { BY_CASELESS_LETTERS } else { BY_LETTERS };
    let mut catalog = prepared(site.port, case, &database, collation).await;
    if fate.old {
        catalog.release = Release::of("10.5");
    }
    // A database beside it may have tables of other cases.
    let snapshot = std::fs::read_to_string(case.directory.join("catalog.json")).unwrap();
    let known = Catalog::from_json(&snapshot).unwrap().tables;
    let is = |table: &Table, of: &Table| {
        (table.schema.as_str(), &table.name) == (schema_of(&of.schema, &database), &of.name)
    };
    catalog.tables.retain(|table| known.iter().any(|known| is(known, table)));
    let source = case.mysql_source();
    let source = Source { text: case::schema_on(&tag, &source.text), ..source };
    let program = compiled(case, &source, &catalog);
    let session = Mutex::new(site.session(&database).await);
    let mut facts = Facts::read(&catalog, Session::Binlog(&session)).await;
    let mirror = Mirror::new(case, &format!("case_{database}_{tag}"), &database, &mut facts, fate.folded).await;
    Run { case, site, program, tag, database, state, session, mirror }.whole(facts, fate).await;
}

impl Run<'_> {
    async fn whole(&mut self, facts: Facts, fate: Fate) {
        let mut running = Some(self.start());
        let mut random = Seed(self.case.number("kills") | 1);
        if fate.killed {
            kill_soon(&mut running, &mut random, 400).await;
        }
        let found = self.reached(running.get_or_insert_with(|| self.start())).await;
        let said = index::differences(&found, &expected(self.case));
        assert!(said.is_empty(), "{}: after the load\n{}", self.case.name, said.join("\n"));
        let session = Mutex::new(self.site.session(&self.database).await);
        let mut history = History::new(&self.case.name, facts, Session::Binlog(&session), self.case.number(&self.tag));
        for round in 1.. {
            // It is away for some rounds, and is ended while it takes in others.
            if fate.killed && random.below(4) == 0 {
                kill_soon(&mut running, &mut random, 1).await;
            }
            if !history.round().await {
                break;
            }
            if fate.killed && random.below(3) == 0 {
                kill_soon(&mut running, &mut random, 40).await;
            }
            if fate.restarted && round == RESTARTED_IN {
                self.site.server.lock().await.restart();
                *session.lock().await = self.site.session(&self.database).await;
                self.session = Mutex::new(self.site.session(&self.database).await);
            }
            let found = self.reached(running.get_or_insert_with(|| self.start())).await;
            self.is_right(&found, &history).await;
        }
        println!("{}: {}", self.case.name, history.summary());
        history.is_enough();
        let mut running = running.unwrap_or_else(|| self.start());
        self.reached(&mut running).await;
        running.stop.cancel();
        let ended = running.task.await.unwrap();
        assert!(ended.is_ok(), "{}: {ended:?}", self.case.name);
        index::remove(self.case, &self.site.engine, &self.tag).await;
        request(&self.site.engine, Method::DELETE, &format!("/{}", self.state), None).await;
    }

    fn start(&self) -> Running {
        let url = format!("mysql://repl:repl@127.0.0.1:{}/{}", self.site.port, self.database);
        let variables = [
            ("PG_URL", url),
            ("ELASTICSEARCH_URL", self.site.engine.clone()),
            ("PGSYNC_STATE_INDEX", self.state.clone()),
            ("PGSYNC_WAIT", "60".to_owned()),
        ];
        let variables = variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let settings = Settings::from_variables(variables, &Overrides::default()).unwrap().0;
        let pipeline = Pipeline::from_plan(self.program.clone(), settings, Options::default()).unwrap();
        let (health, stop) = (pipeline.health(), pipeline.stop_token());
        Running { health, stop, task: AbortOnDropHandle::new(tokio::spawn(async move { pipeline.run().await })) }
    }

    /// The end of the log: how many transactions the server has executed.
    async fn end(&self) -> Position {
        let name = match self.site.flavour {
            Flavour::MySql => "gtid_executed",
            Flavour::MariaDb => "gtid_binlog_pos",
        };
        let rows = Session::Binlog(&self.session).rows(&format!("SELECT @@GLOBAL.{name}")).await;
        let text = rows[0][0].as_deref().unwrap_or_default();
        Position::at(GtidSet::parse(self.site.flavour, text).unwrap().version().0)
    }

    /// Waits until everything that is committed is written. What the indexes hold then, at once.
    async fn reached(&self, running: &mut Running) -> Documents {
        let end = self.end().await;
        let until = Instant::now() + LIMIT;
        loop {
            let report = running.health.report();
            if report.phase == Phase::Following && report.written >= end {
                break;
            }
            if running.task.is_finished() {
                panic!("{}: it has ended: {:?}", self.case.name, (&mut running.task).await);
            }
            assert!(Instant::now() < until, "{}: it stays before {end} at {report:?}", self.case.name);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(running.health.report().quarantined, 0, "{}", self.case.name);
        index::indexed(self.case, &self.site.engine, &self.tag).await
    }

    async fn is_right(&mut self, found: &Documents, history: &History<'_>) {
        self.mirror.refresh(Session::Binlog(&self.session)).await;
        let said = index::differences(found, &self.mirror.wanted().await);
        assert!(
            said.is_empty(),
            "{} on {}, PGSYNC_TEST_SEED={}, {}\n{}\n{}",
            self.case.name,
            self.tag,
            history.began_with,
            history.summary(),
            said.join("\n"),
            history.last_round(),
        );
    }
}

/// Ends a pipeline wherever it is, at most so many milliseconds from now.
async fn kill_soon(running: &mut Option<Running>, random: &mut Seed, at_most: u64) {
    let Some(Running { task, .. }) = running.take() else { return };
    tokio::time::sleep(Duration::from_millis(random.below(at_most))).await;
    task.abort();
    let ended = task.await;
    assert!(ended.as_ref().is_err_and(|error| error.is_cancelled()), "it has ended by itself: {ended:?}");
}

/// Every case, side by side; the last of them alone, as the server is restarted for it.
async fn every(tag: &'static str, family: Family, engine: String) {
    let cases = || case::all().into_iter().filter(|case| case.mysql.is_some());
    let usual = cases().enumerate().map(|(at, case)| (case, Fate { killed: at % KILLED == 0, ..Fate::default() }));
    let folded = cases().filter(|case| FOLDED.contains(&case.name.as_str()));
    let folded = folded.map(|case| (case, Fate { folded: true, ..Fate::default() }));
    let old = cases().filter(|case| family == Family::MariaDb && OLD.contains(&case.name.as_str()));
    let old = old.map(|case| (case, Fate { old: true, ..Fate::default() }));
    let mut cases: Vec<(Case, Fate)> = folded.chain(old).chain(usual).collect();
    let Some((last, fate)) = cases.pop() else { return };
    let site = Arc::new(Site::new(tag, family, engine));
    let shared = Arc::clone(&site);
    let how = |fate: &Fate| match fate {
        Fate { folded: true, .. } => ", folded",
        Fate { old: true, .. } => ", old",
        _ => "",
    };
    let name = move |(case, fate): &(Case, Fate)| format!("{}{}", case.name, how(fate));
    let run_one = move |(case, fate): (Case, Fate)| {
        let site = Arc::clone(&shared);
        async move { run(&case, &site, fate).await }
    };
    super::side_by_side(cases, name, run_one).await;
    run(&last, &site, Fate { restarted: true, ..fate }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn corpus_from_mariadb_to_opensearch() {
    every("ma_os", Family::MariaDb, servers::opensearch()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn corpus_from_mysql_to_elasticsearch() {
    every("my_es", Family::MySql, servers::elasticsearch()).await;
}
