//! Two schema files on one database: bootstrap, run and teardown in every order, both running. They share tables, and
//! the identity of a shared table is restored by whichever is torn down last.

use crate::support::database::Database;
use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::json::{Exact, exact};
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use crate::support::site::{FILLED, FOLLOWS, LIMIT, stop};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Instant;

/// Both files need FULL on `book`, only the second on `review`; `author` keeps its identity; `pseudonym` had NOTHING,
/// which is too little for both, and the first needs FULL where the second would do with the key.
const TABLES: &str = r#"
    CREATE TABLE author (id integer PRIMARY KEY, name text);
    CREATE TABLE book (id integer PRIMARY KEY, code integer NOT NULL, author_id integer REFERENCES author, title text);
    CREATE UNIQUE INDEX "book code" ON book (code);
    ALTER TABLE book REPLICA IDENTITY USING INDEX "book code";
    CREATE TABLE review (id integer PRIMARY KEY, book_id integer REFERENCES book, body text);
    CREATE TABLE pseudonym (id integer PRIMARY KEY, author_id integer REFERENCES author, name text);
    ALTER TABLE pseudonym REPLICA IDENTITY NOTHING;
    INSERT INTO author SELECT n, 'author ' || n FROM generate_series(1, 20) n;
    INSERT INTO book SELECT n, n, n % 20 + 1, 'book ' || n FROM generate_series(1, 60) n;
    INSERT INTO review SELECT n, n % 60 + 1, 'review ' || n FROM generate_series(1, 60) n;
    INSERT INTO pseudonym SELECT n, n, 'alias ' || n FROM generate_series(1, 20) n;"#;

struct File {
    index: String,
    directory: tempfile::TempDir,
    oracle: &'static str,
}

struct Site {
    database: Database,
    engine: String,
    files: [File; 2],
}

fn many(table: &str, columns: &[&str], children: &Value) -> Value {
    json!({ "table": table, "columns": columns, "label": format!("{table}s"), "children": children,
            "relationship": { "variant": "object", "type": "one_to_many" } })
}

impl Site {
    async fn new(name: &str, server: &str) -> Self {
        let database = Database::create(server, name).await;
        let engine = servers::opensearch();
        let (_, aliases) = request(&engine, Method::GET, &format!("/{name}*/_alias"), None).await;
        for index in aliases.as_object().into_iter().flat_map(|found| found.keys()) {
            request(&engine, Method::DELETE, &format!("/{index}"), None).await;
        }
        database.run(TABLES).await;
        let file = |suffix: &str, oracle, documents: &[Value]| {
            let index = format!("{name}_{suffix}");
            let documents: Vec<Value> = documents
                .iter()
                .enumerate()
                .map(|(n, nodes)| {
                    let index = if n == 0 { index.clone() } else { format!("{index}_{n}") };
                    json!({ "index": index, "nodes": nodes })
                })
                .collect();
            let directory = tempfile::tempdir().unwrap();
            std::fs::write(directory.path().join("schema.json"), json!(documents).to_string()).unwrap();
            File { index, directory, oracle }
        };
        let pseudonyms = many("pseudonym", &["id", "name"], &json!([]));
        let first = json!({ "table": "author", "columns": ["id", "name"],
            "children": [many("book", &["id", "title"], &json!([])), pseudonyms] });
        let reviews = many("review", &["id", "body"], &json!([]));
        let second = json!({ "table": "author", "columns": ["id"],
            "children": [many("book", &["id"], &json!([reviews]))] });
        let third = json!({ "table": "pseudonym", "columns": ["id", "name"] });
        let files = [file("a", FIRST, &[first]), file("b", SECOND, &[second, third])];
        Self { database, engine, files }
    }

    fn start(&self, file: usize, arguments: &[&str]) -> Process {
        let environment = [("PG_URL", self.database.url.as_str()), ("ELASTICSEARCH_URL", self.engine.as_str())];
        let mut words = vec!["pgsync"];
        words.extend(arguments);
        Process::start(cargo_pgsync(), &words, &environment, self.files[file].directory.path())
    }

    fn does(&self, file: usize, arguments: &[&str]) {
        let (status, said) = self.start(file, arguments).wait(LIMIT);
        assert_eq!(status.code(), Some(0), "{arguments:?} of file {file}: {}", said.join("\n"));
    }

    /// Identities, publications and slots.
    async fn catalogue(&self) -> Vec<String> {
        let sql = "SELECT format('%s %s %s', c.relname, c.relreplident, (SELECT i.relname FROM pg_index x
                          JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid AND x.indisreplident))
                   FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
                   UNION ALL SELECT 'publication ' || pubname FROM pg_publication
                   UNION ALL SELECT 'slot ' || slot_name FROM pg_replication_slots WHERE database = current_database()
                   ORDER BY 1";
        self.database.client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
    }

    async fn converges(&self, file: usize, process: &Process) {
        let file = &self.files[file];
        let end = Instant::now() + LIMIT;
        loop {
            let rows = self.database.client.query(file.oracle, &[]).await.unwrap();
            let wanted: BTreeMap<String, Exact> = rows.iter().map(|row| (row.get(0), exact(row.get(1)))).collect();
            if documents(&self.engine, &file.index).await == wanted {
                return;
            }
            assert!(Instant::now() < end, "{} does not converge: {}", file.index, process.lines().join("\n"));
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }
}

const FIRST: &str = "
    SELECT a.id::text, json_build_object('id', a.id, 'name', a.name,
      'books', (SELECT json_agg(json_build_object('id', b.id, 'title', b.title) ORDER BY b.id)
                FROM book b WHERE b.author_id = a.id),
      'pseudonyms', (SELECT json_agg(json_build_object('id', p.id, 'name', p.name) ORDER BY p.id)
                     FROM pseudonym p WHERE p.author_id = a.id))::text
    FROM author a";

const SECOND: &str = "
    SELECT a.id::text, json_build_object('id', a.id,
      'books', (SELECT json_agg(json_build_object('id', b.id, 'reviews',
                  (SELECT json_agg(json_build_object('id', r.id, 'body', r.body) ORDER BY r.id)
                   FROM review r WHERE r.book_id = b.id)) ORDER BY b.id)
                FROM book b WHERE b.author_id = a.id))::text
    FROM author a";

/// Rows move between parents: the identity has to carry the old one.
const MOVES: &str = "
    UPDATE book SET author_id = author_id % 20 + 1 WHERE id % 3 = 0;
    UPDATE review SET book_id = book_id % 60 + 1 WHERE id % 3 = 0;
    UPDATE pseudonym SET name = name || '.' WHERE id % 3 = 0";

/// Both are set up and run, one is torn down while the other runs, then the other.
async fn in_every_order(version: &str, server: &str) {
    let site = Site::new(&format!("two_files_{version}"), server).await;
    let before = site.catalogue().await;
    for (earlier, sooner) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let case = format!("{version}: bootstrap of {earlier} first, teardown of {sooner} first");
        let start = |file| {
            let process = site.start(file, &["run", "-b"]);
            process.wait_for(FOLLOWS, LIMIT);
            process
        };
        let (one, two) = (start(earlier), start(1 - earlier));
        let (ends, mut stays) = if sooner == earlier { (one, two) } else { (two, one) };
        let other = 1 - sooner;
        site.database.run(MOVES).await;
        site.converges(sooner, &ends).await;
        site.converges(other, &stays).await;
        stop(ends);
        site.does(sooner, &["teardown", "--indexes"]);
        site.database.run(MOVES).await;
        site.converges(other, &stays).await;
        assert!(stays.runs(), "{case}: {}", stays.lines().join("\n"));
        // Not because everything was read again, now or at the next start.
        stop(stays);
        let again = site.start(other, &["run"]);
        again.wait_for(FOLLOWS, LIMIT);
        site.database.run(MOVES).await;
        site.converges(other, &again).await;
        let said = again.lines().join("\n");
        assert!(!said.contains(FILLED), "{case}: {said}");
        stop(again);
        site.does(other, &["teardown", "--indexes"]);
        assert_eq!(site.catalogue().await, before, "{case}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_files_of_one_database_leave_each_other_alone_on_the_oldest_postgres() {
    in_every_order("oldest", &servers::postgres_oldest()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_files_of_one_database_leave_each_other_alone_on_postgres_15() {
    in_every_order("middle", &servers::postgres_middle()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_files_of_one_database_leave_each_other_alone_on_the_newest_postgres() {
    in_every_order("newest", &servers::postgres_newest()).await;
}
