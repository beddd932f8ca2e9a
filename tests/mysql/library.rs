//! A server with the tables of a schema, and an index that is filled from it: started, killed, compared with what the server itself
//! makes of its rows.

use super::*;
use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::json::{Exact, exact};
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use pgsync_codegen::Source;
use pgsync_codegen::catalog::{Catalog, Release, mysql};
use pgsync_plan::Program;
use pgsync_runtime::internals::pipeline::{Options, Pipeline};
use pgsync_runtime::internals::settings::{Overrides, Settings};
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Instant;
use tokio::task::JoinHandle;

pub(super) const LIMIT: Duration = Duration::from_secs(90);

pub(super) const TABLES: [&str; 4] = [
    "CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(60) NOT NULL)",
    "CREATE TABLE book (id INT PRIMARY KEY, title VARCHAR(60), price DECIMAL(8,2), author_id INT,
       CONSTRAINT written FOREIGN KEY (author_id) REFERENCES author (id))",
    "CREATE TABLE review (id INT PRIMARY KEY, book_id INT NOT NULL, stars TINYINT, body TEXT,
       CONSTRAINT about FOREIGN KEY (book_id) REFERENCES book (id) ON DELETE CASCADE ON UPDATE CASCADE)",
    "CREATE TABLE apart (id INT PRIMARY KEY)",
];

const ROWS: [&str; 3] = [
    "INSERT INTO author VALUES (1, 'Ada'), (2, 'Ben ''the \\\\ pen'''), (3, 'Çelik 漢')",
    "INSERT INTO book VALUES (1, 'One', 10.50, 1), (2, NULL, NULL, NULL), (3, 'Three', -0.05, 3)",
    "INSERT INTO review VALUES (1, 1, 5, 'good'), (2, 1, -1, NULL), (3, 3, NULL, 'ok\\n')",
];

/// A server with rows, and an index that is filled from it.
pub(super) struct Library {
    pub(super) server: BinlogServer,
    session: Conn,
    pub(super) engine: String,
    pub(super) index: String,
    nodes: serde_json::Value,
    oracle: Option<String>,
    /// The release that statements are written for, where it is not the server's own.
    pub(super) release: Option<Release>,
    /// The hosts by which the server is reached, where it is not directly.
    pub(super) hosts: Option<String>,
    pub(super) running: Option<JoinHandle<pgsync_runtime::Result<()>>>,
}

impl Library {
    pub(super) async fn new(family: Family, name: &str) -> Self {
        let nodes = json!({
            "table": "book", "columns": ["id", "title", "price"],
            "children": [
                { "table": "author", "columns": ["name"], "relationship": { "variant": "object", "type": "one_to_one" } },
                { "table": "review", "columns": ["id", "stars", "body"],
                  "relationship": { "variant": "object", "type": "one_to_many" } },
            ],
        });
        let mut library = Self::of(family, name, &TABLES, nodes, None).await;
        for statement in ROWS {
            library.run(statement).await;
        }
        library
    }

    /// One of other tables. `oracle` gives key and document of each root.
    pub(super) async fn of(
        family: Family,
        name: &str,
        tables: &[&str],
        nodes: serde_json::Value,
        oracle: Option<String>,
    ) -> Self {
        Self::on(BinlogServer::start(family, &[]), name, tables, nodes, oracle).await
    }

    /// One on a server that was started for it.
    pub(super) async fn on(
        server: BinlogServer,
        name: &str,
        tables: &[&str],
        nodes: serde_json::Value,
        oracle: Option<String>,
    ) -> Self {
        let family = server.family;
        let mut session = session(&server).await;
        for statement in tables {
            run(&mut session, statement).await;
        }
        let engine = servers::opensearch();
        let index = format!("{name}-{family:?}").to_lowercase();
        for index in [format!("{index}-*"), format!("pgsync-state-{index}")] {
            request(&engine, Method::DELETE, &format!("/{index}"), None).await;
        }
        Self { server, session, engine, index, nodes, oracle, release: None, hosts: None, running: None }
    }

    fn schema(&self) -> serde_json::Value {
        json!([{ "database": "shop", "index": self.index, "nodes": self.nodes }])
    }

    async fn program(&mut self) -> Program {
        let catalog = mysql::read(&mut self.session, "shop", &["shop".to_owned()]).await.unwrap();
        let catalog = Catalog { release: self.release.or(catalog.release), ..catalog };
        let source = Source::new(format!("{}.json", self.index), self.schema().to_string());
        pgsync_codegen::compile(&source, &catalog).unwrap_or_else(|found| panic!("{}", found.plain())).0
    }

    fn environment(&self) -> [(&'static str, String); 4] {
        let hosts = self.hosts.clone().unwrap_or_else(|| format!("127.0.0.1:{}", self.server.port()));
        [
            ("PG_URL", format!("mysql://repl:repl@{hosts}/shop")),
            ("ELASTICSEARCH_URL", self.engine.clone()),
            ("PGSYNC_STATE_INDEX", format!("pgsync-state-{}", self.index)),
            ("PGSYNC_WAIT", "60".to_owned()),
        ]
    }

    fn settings(&self) -> Settings {
        let variables = self.environment().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Settings::from_variables(variables, &Overrides::default()).unwrap().0
    }

    /// A process of the command line.
    pub(super) fn process(&self, directory: &tempfile::TempDir, arguments: &[&str]) -> Process {
        std::fs::write(directory.path().join("schema.json"), self.schema().to_string()).unwrap();
        let environment = self.environment();
        let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let words: Vec<&str> = ["pgsync"].iter().chain(arguments).copied().collect();
        Process::start(cargo_pgsync(), &words, &environment, directory.path())
    }

    pub(super) async fn pipeline(&mut self, options: Options) -> Pipeline {
        Pipeline::from_plan(self.program().await, self.settings(), options).unwrap()
    }

    pub(super) async fn start(&mut self) {
        let pipeline = self.pipeline(Options::default()).await;
        self.running = Some(tokio::spawn(async move { pipeline.run().await }));
    }

    /// Ends it wherever it is.
    pub(super) async fn kill(&mut self) {
        let Some(running) = self.running.take() else { return };
        running.abort();
        let ended = running.await;
        assert!(ended.as_ref().is_err_and(|error| error.is_cancelled()), "it has ended by itself: {ended:?}");
    }

    /// What it ends with by itself.
    pub(super) async fn ends(&mut self) -> pgsync_runtime::Result<()> {
        let running = self.running.take().expect("nothing runs");
        tokio::time::timeout(LIMIT, running).await.expect("it goes on").unwrap()
    }

    pub(super) async fn connect_again(&mut self) {
        self.session = session(&self.server).await;
    }

    pub(super) async fn run(&mut self, statement: &str) {
        run(&mut self.session, statement).await;
    }

    /// Runs what the server may refuse.
    pub(super) async fn attempt(&mut self, statement: &str) {
        let _ = self.session.query_drop(statement).await;
    }

    /// What the server makes of each book, in its own JSON.
    async fn truth(&mut self) -> BTreeMap<String, Exact> {
        if let Some(oracle) = &self.oracle {
            let rows: Vec<(String, String)> = self.session.query(oracle.as_str()).await.unwrap();
            return rows.into_iter().map(|(id, document)| (id, exact(&document))).collect();
        }
        let books: Vec<(i32, String)> = self
            .session
            .query(
                "SELECT b.id, JSON_OBJECT('id', b.id, 'title', b.title, 'price', b.price,
                   'author', IF(a.id IS NULL, NULL, JSON_OBJECT('name', a.name)))
                 FROM book b LEFT JOIN author a ON a.id = b.author_id",
            )
            .await
            .unwrap();
        let reviews: Vec<(i32, String)> = self
            .session
            .query("SELECT book_id, JSON_OBJECT('id', id, 'stars', stars, 'body', body) FROM review ORDER BY id")
            .await
            .unwrap();
        let mut truth = BTreeMap::new();
        for (id, book) in books {
            let of: Vec<&str> = reviews.iter().filter(|(of, _)| *of == id).map(|(_, review)| review.as_str()).collect();
            let reviews = if of.is_empty() { "null".to_owned() } else { format!("[{}]", of.join(",")) };
            let fields = book.strip_suffix('}').unwrap();
            let document = format!("{fields},\"review\":{reviews}}}");
            truth.insert(id.to_string(), exact(&document));
        }
        truth
    }

    /// Waits until the index is what the server holds; a process is followed by what it says.
    pub(super) async fn converges_by(&mut self, process: &mut Process) {
        let end = Instant::now() + LIMIT;
        while !self.is_reached().await {
            let runs = process.runs();
            assert!(runs && Instant::now() < end, "{}", process.lines().join("\n"));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(process.runs(), "it has ended: {}", process.lines().join("\n"));
    }

    async fn is_reached(&mut self) -> bool {
        let truth = self.truth().await;
        let (status, _) = request(&self.engine, Method::GET, &format!("/{}", self.index), None).await;
        status == 200 && documents(&self.engine, &self.index).await == truth
    }

    /// Waits until the index is what the server holds.
    pub(super) async fn converges(&mut self) {
        let end = Instant::now() + LIMIT;
        loop {
            let truth = self.truth().await;
            let (status, _) = request(&self.engine, Method::GET, &format!("/{}", self.index), None).await;
            let found = if status == 200 { documents(&self.engine, &self.index).await } else { BTreeMap::new() };
            if found == truth {
                return;
            }
            if let Some(running) = self.running.as_mut().filter(|running| running.is_finished()) {
                panic!("it has ended: {:?}", running.await);
            }
            assert!(Instant::now() < end, "found {found:#?}\nwanted {truth:#?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
