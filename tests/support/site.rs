//! A database, an index and a directory with a schema: what an operator has. The program is started in it, and asked of it
//! is that the index ends up with what the database says by a query that the program knows nothing of.

use super::database::Database;
use super::engine::request;
use super::index::documents;
use super::json::{Exact, exact};
use super::process::{Process, cargo_pgsync};
use super::servers;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

pub const LIMIT: Duration = Duration::from_secs(30);
pub const FOLLOWS: &str = "following the stream";
pub const FILLED: &str = "index is filled";

/// Waits until something holds, and fails with what the program has said.
pub async fn until<F: Future<Output = bool>>(process: &Process, what: &str, holds: impl Fn() -> F) {
    let end = Instant::now() + LIMIT;
    while !holds().await {
        assert!(Instant::now() < end, "{what}\n{}", process.lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Where the program is set up.
pub struct Site {
    pub database: Database,
    pub engine: String,
    pub index: String,
    pub directory: tempfile::TempDir,
    /// Settings that every start gets besides: another role, another way to log in.
    pub settings: Vec<(String, String)>,
    /// `_id` and document of every root, said by the database.
    oracle: &'static str,
}

/// Two hundred books with a review each.
const BOOKS: &str = "
    CREATE TABLE book (id integer PRIMARY KEY, title text, note text);
    CREATE TABLE review (id integer PRIMARY KEY, book_id integer REFERENCES book, body text);
    INSERT INTO book SELECT n, 'book ' || n FROM generate_series(1, 200) n;
    INSERT INTO review SELECT n, n, 'review ' || n FROM generate_series(1, 200) n;";

const BOOKS_SAID: &str = "
    SELECT b.id::text, json_build_object('id', b.id, 'title', b.title, 'reviews',
      (SELECT json_agg(json_build_object('id', r.id, 'body', r.body) ORDER BY r.id)
       FROM review r WHERE r.book_id = b.id))::text
    FROM book b";

impl Site {
    /// Books on the newest PostgreSQL, going to OpenSearch.
    pub async fn new(name: &str) -> Self {
        Self::between(name, &servers::postgres_newest(), servers::opensearch()).await
    }

    /// Books on this PostgreSQL, going to this engine.
    pub async fn between(name: &str, server: &str, engine: String) -> Self {
        let site = Self::of(name, server, engine, BOOKS, BOOKS_SAID).await;
        site.schema(&["id", "title"], &Value::Null);
        site
    }

    /// Other tables, without a schema file yet.
    pub async fn of(name: &str, server: &str, engine: String, tables: &str, oracle: &'static str) -> Self {
        let database = Database::create(server, name).await;
        let (_, aliases) = request(&engine, Method::GET, &format!("/{name}*/_alias"), None).await;
        for index in aliases.as_object().into_iter().flat_map(|found| found.keys()) {
            request(&engine, Method::DELETE, &format!("/{index}"), None).await;
        }
        let site = Self {
            database,
            engine,
            index: name.to_owned(),
            directory: tempfile::tempdir().unwrap(),
            settings: Vec::new(),
            oracle,
        };
        site.database.run(tables).await;
        site
    }

    /// Fills the tables of a database that was made anew.
    pub async fn fill(&self) {
        self.database.run(BOOKS).await;
    }

    /// Writes a schema file with one document, whose root node this is.
    pub fn nodes(&self, nodes: &Value) {
        let schema = json!([{ "index": self.index, "nodes": nodes }]);
        std::fs::write(self.directory.path().join("schema.json"), schema.to_string()).unwrap();
    }

    /// Writes the schema of the books.
    pub fn schema(&self, columns: &[&str], mapping: &Value) {
        let nodes = json!({ "table": "book", "columns": columns, "children": [{
            "table": "review", "columns": ["id", "body"], "label": "reviews",
            "relationship": { "variant": "object", "type": "one_to_many" }
        }]});
        let mut schema = json!({ "index": self.index, "nodes": nodes });
        if !mapping.is_null() {
            schema["mapping"] = mapping.clone();
        }
        let schema = json!([schema]);
        std::fs::write(self.directory.path().join("schema.json"), schema.to_string()).unwrap();
    }

    pub fn start(&self, arguments: &[&str]) -> Process {
        self.start_with(arguments, &[])
    }

    /// With more settings.
    pub fn start_with(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Process {
        let mut environment = vec![("PG_URL", self.database.url.as_str()), ("ELASTICSEARCH_URL", self.engine.as_str())];
        environment.extend(self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        environment.extend(settings);
        let mut words = vec!["pgsync"];
        words.extend(arguments);
        Process::start(cargo_pgsync(), &words, &environment, self.directory.path())
    }

    /// With so many megabytes of address space at most.
    pub fn start_within(&self, megabytes: u64, arguments: &[&str]) -> Process {
        let environment = [("PG_URL", self.database.url.as_str()), ("ELASTICSEARCH_URL", self.engine.as_str())];
        let script = format!("ulimit -v {} && exec \"$@\"", megabytes * 1024);
        let mut words = vec!["-c", script.as_str(), "sh", cargo_pgsync().to_str().unwrap(), "pgsync"];
        words.extend(arguments);
        Process::start(std::path::Path::new("/bin/sh"), &words, &environment, self.directory.path())
    }

    /// Starts it and waits until it follows.
    pub fn follow(&self) -> Process {
        let process = self.start(&["run", "-b"]);
        process.wait_for(FOLLOWS, LIMIT);
        process
    }

    /// Sets the database up as its owner, and from now on runs the program as the role of the README, which may only read.
    /// `url` makes the role's URL from its name, its password and the database.
    pub async fn as_reader(&mut self, url: impl Fn(&str, &str, &str) -> String) {
        let (status, said) = self.start(&["bootstrap"]).wait(LIMIT);
        assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
        let role = format!("reader_{}", self.database.name);
        self.database.run(&format!("{} {}", drop_role(&role), readme_role(&role))).await;
        self.settings = vec![("PG_URL".to_owned(), url(&role, PASSWORD, &self.database.name))];
    }

    pub async fn expected(&self) -> BTreeMap<String, Exact> {
        let rows = self.database.client.query(self.oracle, &[]).await.unwrap();
        rows.iter().map(|row| (row.get(0), exact(row.get(1)))).collect()
    }

    /// Waits until the index holds what the database holds.
    pub async fn converges(&self, process: &Process) {
        let end = Instant::now() + LIMIT;
        loop {
            let wanted = self.expected().await;
            let (status, _) = request(&self.engine, Method::HEAD, &format!("/{}", self.index), None).await;
            let found = if status == 200 { documents(&self.engine, &self.index).await } else { BTreeMap::new() };
            if found == wanted {
                return;
            }
            let said = || process.lines().join("\n");
            let differing = wanted.iter().find(|(id, document)| found.get(*id) != Some(*document));
            let surplus = found.keys().find(|id| !wanted.contains_key(*id));
            assert!(
                Instant::now() < end,
                "{} of {}; {differing:?}\nfound {:?}; surplus {surplus:?}\n{}",
                found.len(),
                wanted.len(),
                differing.and_then(|(id, _)| found.get(id)),
                said()
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Gives the slot back, of which a server has few.
    pub async fn leave(&self) {
        let sql = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
                   WHERE database = current_database() AND NOT active";
        self.database.run(sql).await;
    }

    /// The index behind the alias.
    pub async fn physical(&self) -> String {
        let (_, found) = request(&self.engine, Method::GET, &format!("/{}/_alias", self.index), None).await;
        found.as_object().and_then(|found| found.keys().next()).expect("the alias stands for an index").clone()
    }

    /// Waits until the alias stands for another index than before: everything was loaded again.
    pub async fn is_loaded_again(&self, before: &str, process: &Process, limit: Duration) {
        let end = Instant::now() + limit;
        while self.physical().await == before {
            assert!(Instant::now() < end, "nothing is loaded again\n{}", process.lines().join("\n"));
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Documents written since the index was made, deletions not counted.
    pub async fn written(&self) -> u64 {
        let (_, found) = request(&self.engine, Method::GET, &format!("/{}/_stats/indexing", self.index), None).await;
        found["_all"]["primaries"]["indexing"]["index_total"].as_u64().unwrap()
    }

    pub async fn slot(&self) -> String {
        let sql = "SELECT slot_name::text FROM pg_replication_slots WHERE database = current_database()";
        self.database.client.query_one(sql, &[]).await.unwrap().get(0)
    }

    /// Where the log ends that is on disk.
    pub async fn log_end(&self) -> String {
        self.database.client.query_one("SELECT pg_current_wal_flush_lsn()::text", &[]).await.unwrap().get(0)
    }

    /// Whether everything up to there is acknowledged to the server.
    pub async fn acknowledged(&self, end: &str) -> bool {
        let sql = "SELECT count(*) FROM pg_replication_slots
            WHERE database = current_database() AND confirmed_flush_lsn >= $1::text::pg_lsn";
        self.database.client.query_one(sql, &[&end]).await.unwrap().get::<_, i64>(0) > 0
    }

    /// Fails at the start, says `words` and has `code`.
    pub fn fails(&self, arguments: &[&str], code: i32, words: &[&str]) {
        let (status, said) = self.start(arguments).wait(LIMIT);
        let said = said.join("\n");
        assert_eq!(status.code(), Some(code), "{said}");
        for word in words {
            assert!(said.contains(word), "{word}: {said}");
        }
    }
}

/// The password that roles of tests have.
pub const PASSWORD: &str = "pa$ss/wo?rd#1@%";

/// The statements of the README that make the role which the program runs as, for another name.
pub fn readme_role(role: &str) -> String {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let from = readme.find("    CREATE ROLE pgsync").expect("the README makes a role");
    let block = readme[from..].split("\n\n").next().unwrap();
    block.replace("'...'", &format!("'{PASSWORD}'")).replace(" pgsync", &format!(" {role}"))
}

/// Drops a role that an earlier run left on the server.
fn drop_role(role: &str) -> String {
    format!(
        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
           EXECUTE 'DROP OWNED BY {role}'; EXECUTE 'DROP ROLE {role}'; END IF; END $$;"
    )
}

/// Ends it in good order.
pub fn stop(process: Process) {
    process.terminate();
    let (status, said) = process.wait(LIMIT);
    assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
}
