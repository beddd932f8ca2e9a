//! `verify` against real servers: what somebody else does to an index is found, named and put right while the program follows;
//! and what is on its way is never called wrong.

mod corruptions;
mod quiet;

use crate::support::engine::request;
use crate::support::process::Process;
use crate::support::site::{FOLLOWS, LIMIT, Site};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::task::JoinHandle;

/// Items with an author and a region that their documents are routed by.
const TABLES: &str = "
    CREATE TABLE author (id integer PRIMARY KEY, name text);
    CREATE TABLE item (id integer PRIMARY KEY, title text, price numeric(12, 4), tags text[], data jsonb, note text,
      region text NOT NULL, author_id integer REFERENCES author);
    INSERT INTO author SELECT n, 'author ' || n FROM generate_series(1, 20) n;
    INSERT INTO item SELECT n, 'item ' || n, n + 0.25, ARRAY['a', 'b', 'c' || n], '{\"x\": {\"y\": [1.5, 2.50]}, \"t\": true}',
      CASE WHEN n % 2 = 0 THEN 'note' END, 'r' || n % 7, CASE WHEN n <= 100 THEN 1 + n % 10 ELSE 11 + n % 10 END
    FROM generate_series(1, 300) n;";

const SAID: &str = "
    SELECT i.id::text, (to_jsonb(i) - 'author_id' || jsonb_build_object('author',
      (SELECT jsonb_build_object('id', a.id, 'name', a.name) FROM author a WHERE a.id = i.author_id)))::text
    FROM item i";

/// A site of the items. `routed`: three shards, and a routing.
async fn site(name: &str, engine: String, routed: bool) -> Site {
    let site = Site::of(name, &crate::support::servers::postgres_newest(), engine, TABLES, SAID).await;
    let columns = ["id", "title", "price", "tags", "data", "note", "region"];
    let mut document = json!({
        "index": site.index,
        "nodes": { "table": "item", "columns": columns, "children": [{
            "table": "author", "columns": ["id", "name"], "label": "author",
            "relationship": { "variant": "object", "type": "one_to_one" }
        }]},
        "setting": { "number_of_shards": 3, "number_of_replicas": 0 },
        "mapping": { "data": { "type": "object", "dynamic": true } },
    });
    if routed {
        document["routing"] = "region".into();
    }
    std::fs::write(site.directory.path().join("schema.json"), json!([document]).to_string()).unwrap();
    site
}

fn start(site: &Site, arguments: &[&str], settings: &[(&str, &str)]) -> Process {
    let state = format!("{}-state", site.index);
    let mut all = vec![("PGSYNC_STATE_INDEX", state.as_str()), ("PGSYNC_WAIT", "10")];
    all.extend(settings);
    site.start_with(arguments, &all)
}

/// Starts it and waits until it follows.
fn follow(site: &Site, settings: &[(&str, &str)]) -> Process {
    let process = start(site, &["run", "-b"], settings);
    process.wait_for(FOLLOWS, LIMIT);
    process
}

/// Exit code, findings, and the sum.
fn verify(site: &Site, arguments: &[&str]) -> (i32, Vec<Value>, Value) {
    let words = [&["verify", "--json"], arguments].concat();
    let (status, said) = start(site, &words, &[]).wait(Duration::from_secs(120));
    let objects: Vec<Value> = said.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok()).collect();
    let findings = objects.iter().filter(|object| object.get("kind").is_some() && object.get("id").is_some());
    let sum = objects.iter().find_map(|object| object.get("summary"));
    let code = status.code().unwrap_or_else(|| panic!("{}", said.join("\n")));
    (code, findings.cloned().collect(), sum.cloned().unwrap_or_else(|| said.join("\n").into()))
}

/// Ends it, and leaves nothing behind.
fn finish(site: &Site, process: Process) {
    crate::support::site::stop(process);
    let (status, said) = start(site, &["teardown", "--indexes"], &[]).wait(LIMIT);
    assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
}

/// A writer that never rests: updates, inserts, deletes and key changes of rows from 200 on, their authors, and their regions.
struct Writer(JoinHandle<u64>, tokio::sync::watch::Sender<bool>);

impl Writer {
    async fn start(site: &Site) -> Self {
        let session = site.database.session().await;
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let task = tokio::spawn(async move {
            let mut random = fastrand::Rng::with_seed(7);
            let mut count = 0;
            while !*stopped.borrow() {
                let (row, new, author) = (random.u32(200..301), random.u32(1000..1100), random.u32(11..21));
                let statement = match random.u8(0..8) {
                    0 => format!("UPDATE author SET name = 'name {count}' WHERE id = {author}"),
                    1 => format!(
                        "INSERT INTO item (id, title, region) VALUES ({new}, 'new {count}', 'r1') ON CONFLICT DO NOTHING"
                    ),
                    2 => format!("DELETE FROM item WHERE id = {new}"),
                    3 => format!("UPDATE item SET region = 'r{}' WHERE id = {row}", random.u8(0..9)),
                    // There and back: the row is the same before and after.
                    4 => format!(
                        "UPDATE item SET note = 'x' WHERE id = {row}; UPDATE item SET note = 'y' WHERE id = {row}"
                    ),
                    5 => format!("UPDATE item SET id = {} WHERE id = {new}", random.u32(1000..1100)),
                    6 => "DELETE FROM item WHERE id = 999; INSERT INTO item (id, title, region) VALUES (999, 'same', 'r1')".to_owned(),
                    _ => format!("UPDATE item SET title = 'title {count}', author_id = {author} WHERE id = {row}"),
                };
                // Each in a transaction of its own. A key that is taken is no matter.
                for statement in statement.split(';') {
                    let _ = session.batch_execute(statement).await;
                }
                count += 1;
                if random.u8(0..4) == 0 {
                    tokio::time::sleep(Duration::from_millis(random.u64(0..20))).await;
                }
            }
            count
        });
        Self(task, stop)
    }

    /// How many statements there were.
    async fn stop(self) -> u64 {
        self.1.send(true).unwrap();
        self.0.await.unwrap()
    }
}

/// A document with its version, asked of the engine itself.
async fn get(site: &Site, id: &str, routing: &str) -> Value {
    let routing = if routing.is_empty() { String::new() } else { format!("?routing={routing}") };
    request(&site.engine, Method::GET, &format!("/{}/_doc/{id}{routing}", site.index), None).await.1
}
