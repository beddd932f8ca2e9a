//! Changes whose documents are not plain from the changed row: TRUNCATE, keys that change, values that the stream leaves
//! out, a table that stands in a document twice or above itself. Afterwards the index holds what the database says.

use crate::support::database::Database;
use crate::support::index::documents;
use crate::support::json::{Exact, exact};
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(20);

struct Followed {
    database: Database,
    name: String,
    oracle: &'static str,
    process: Process,
    _directory: tempfile::TempDir,
}

impl Followed {
    /// `oracle` gives `_id` and document of every row.
    async fn new(name: &str, tables: &str, nodes: &serde_json::Value, oracle: &'static str) -> Self {
        let database = Database::create(&servers::postgres_oldest(), name).await;
        database.run(tables).await;
        let directory = tempfile::tempdir().unwrap();
        let schema = json!([{ "index": name, "nodes": nodes }]).to_string();
        std::fs::write(directory.path().join("schema.json"), schema).unwrap();
        let engine = servers::elasticsearch();
        let environment = [("PG_URL", database.url.as_str()), ("ELASTICSEARCH_URL", engine.as_str())];
        let arguments = ["pgsync", "run", "-b", "--rebuild"];
        let process = Process::start(cargo_pgsync(), &arguments, &environment, directory.path());
        process.wait_for("following the stream", LIMIT);
        let followed = Self { database, name: name.to_owned(), oracle, process, _directory: directory };
        followed.converges("the load").await;
        followed
    }

    /// Runs a statement and waits for the documents it leads to.
    async fn after(&self, sql: &str) {
        self.database.run(sql).await;
        self.converges(sql).await;
    }

    async fn converges(&self, what: &str) {
        let end = Instant::now() + LIMIT;
        loop {
            let rows = self.database.client.query(self.oracle, &[]).await.unwrap();
            let wanted: BTreeMap<String, Exact> = rows.iter().map(|row| (row.get(0), exact(row.get(1)))).collect();
            let found = documents(&servers::elasticsearch(), &self.name).await;
            if found == wanted {
                return;
            }
            let said = || self.process.lines().join("\n");
            assert!(Instant::now() < end, "{what}\nindex    {found:?}\ndatabase {wanted:?}\n{}", said());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn truncated_and_moved_rows_with_children() {
    let nodes = json!({ "table": "shelf", "columns": ["a", "b", "text"], "children": [
        { "table": "item", "label": "items", "columns": ["id"],
          "relationship": { "variant": "scalar", "type": "one_to_many" } },
        { "table": "tag", "label": "tags", "columns": ["name"],
          "relationship": { "variant": "scalar", "type": "one_to_many" } }
    ]});
    let tables = "
        CREATE TABLE shelf (a integer, b text, text text, PRIMARY KEY (a, b));
        ALTER TABLE shelf ALTER text SET STORAGE EXTERNAL;
        CREATE TABLE item (id integer PRIMARY KEY, a integer, b text,
          FOREIGN KEY (a, b) REFERENCES shelf ON UPDATE CASCADE ON DELETE CASCADE);
        CREATE TABLE tag (a integer, b text, name text,
          FOREIGN KEY (a, b) REFERENCES shelf ON UPDATE CASCADE ON DELETE CASCADE);
        INSERT INTO shelf SELECT n, 'x', repeat('long ', 2000) FROM generate_series(1, 3) n;
        INSERT INTO item SELECT n, 1 + n % 3, 'x' FROM generate_series(1, 9) n;
        INSERT INTO tag SELECT 1, 'x', 'only';";
    let oracle = "SELECT a || '|' || b, json_build_object('a', a, 'b', b, 'text', text,
          'items', (SELECT json_agg(id ORDER BY id) FROM item i WHERE (i.a, i.b) = (s.a, s.b)),
          'tags', (SELECT json_agg(name ORDER BY name) FROM tag t WHERE (t.a, t.b) = (s.a, s.b)))::text FROM shelf s";
    let shelves = Followed::new("routes", tables, &nodes, oracle).await;
    // The long text is not in the stream then.
    shelves.after("UPDATE shelf SET b = 'y' WHERE a = 1").await;
    shelves.after("UPDATE shelf SET a = a + 10").await;
    shelves.after("UPDATE item SET a = 11, b = 'y' WHERE id = 1").await;
    shelves
        .after("INSERT INTO tag VALUES (12, 'x', 'another'); UPDATE tag SET a = 13, b = 'x' WHERE name = 'only'")
        .await;
    shelves.after("DELETE FROM tag WHERE name = 'another'").await;
    shelves.after("TRUNCATE tag").await;
    shelves.after("BEGIN; TRUNCATE item; INSERT INTO item VALUES (1, 11, 'y'); COMMIT").await;
    shelves.after("BEGIN; TRUNCATE shelf CASCADE; INSERT INTO shelf VALUES (1, 'z', 'short'); COMMIT").await;
    shelves.after("TRUNCATE shelf CASCADE").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_keys_of_another_spelling_are_one_document() {
    let nodes = json!({ "table": "word", "columns": ["word", "n"] });
    let tables = "CREATE EXTENSION citext; CREATE TABLE word (word citext PRIMARY KEY, n integer);
        INSERT INTO word VALUES ('foo', 1), ('bar', 2);";
    let oracle = "SELECT word::text, json_build_object('word', word, 'n', n)::text FROM word";
    let words = Followed::new("routes_citext", tables, &nodes, oracle).await;
    words.after("UPDATE word SET word = 'FOO' WHERE word = 'foo'").await;
    words.after("UPDATE word SET n = 3 WHERE word = 'foo'").await;
    words.after("BEGIN; DELETE FROM word WHERE word = 'BAR'; INSERT INTO word VALUES ('Bar', 5); COMMIT").await;
}
