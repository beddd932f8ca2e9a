//! The example with transforms, as its generated program runs it: through random changes of its tables, killed and started
//! again, with a document that it refuses; and what is said to who runs its schema without its program.

use super::facts::Facts;
use super::history::History;
use super::live::position;
use super::session::Session;
use crate::support::database::Database;
use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::json::{Exact, exact};
use crate::support::process::{Process, cargo_pgsync, plugins};
use crate::support::servers;
use pgsync_codegen::catalog::Catalog;
use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(60);
const INDEX: &str = "places";

/// What every place should be, with what the transforms do said in SQL.
const ORACLE: &str = r#"
    WITH masked AS (SELECT address, CASE WHEN position('@' IN address) > 0
      THEN left(split_part(address, '@', 1), 1) || '***@' || substr(address, position('@' IN address) + 1)
      ELSE '***' END AS shown FROM (SELECT email FROM place UNION SELECT email FROM review) AS all_of (address))
    SELECT p.id::text, (jsonb_build_object(
      'id', p.id, 'name', p.name, 'kind', p.kind, 'spot', p.spot::text,
      'email', (SELECT shown FROM masked WHERE address = p.email),
      'opened', CASE p.opened WHEN 'infinity' THEN '9999-12-31' WHEN '-infinity' THEN '0001-01-01' ELSE p.opened::text END,
      'closes', CASE p.closes WHEN 'infinity' THEN '9999-12-31' WHEN '-infinity' THEN '0001-01-01' ELSE p.closes::text END,
      'reviews', (SELECT jsonb_agg(jsonb_build_object('body', r.body, 'email', (SELECT shown FROM masked WHERE address = r.email))
                                   ORDER BY r.id) FROM review r WHERE r.place_id = p.id),
      'slug', trim(BOTH '-' FROM regexp_replace(lower(p.name COLLATE "C"), '[^a-z0-9]+', '-', 'g')),
      'embedding', jsonb_build_array(length(p.name), length(p.name) + 1)
    ) || CASE WHEN p.spot IS NULL THEN '{}' ELSE jsonb_build_object('location',
      jsonb_build_object('type', 'Point', 'coordinates', jsonb_build_array(p.spot[0], p.spot[1]))) END)::text
    FROM place p WHERE p.kind <> 'draft'"#;

struct Run {
    database: Database,
    engine: String,
    address: String,
    slot: &'static str,
}

fn directory() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/plugins"))
}

impl Run {
    /// The tables and their rows.
    async fn new(slot: &'static str) -> Self {
        let read = |name: &str| std::fs::read_to_string(directory().join(name)).unwrap();
        let database = Database::create(&servers::postgres_newest(), slot).await;
        database.run(&read("schema.sql")).await;
        database.run(&read("rows.sql")).await;
        database.run("SET DateStyle = 'ISO'; SET extra_float_digits = 3").await;
        let engine = servers::elasticsearch();
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        Self { database, engine, address, slot }
    }

    fn environment(&self) -> [(&str, &str); 4] {
        let names = [("PGSYNC_SLOT", self.slot), ("PGSYNC_PUBLICATION", self.slot)];
        [("PG_URL", self.database.url.as_str()), ("ELASTICSEARCH_URL", self.engine.as_str()), names[0], names[1]]
    }

    fn start(&self, arguments: &[&str]) -> Process {
        Process::start(plugins(), arguments, &self.environment(), &directory())
    }

    fn follow(&self) -> Process {
        self.start(&["run", "-b", "--listen", &self.address])
    }

    /// Runs to its end: exit code, and what was said.
    fn ended(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let (status, said) = self.start(arguments).wait(LIMIT);
        (status.code(), said.join("\n"))
    }

    /// Everything that is committed is written.
    async fn settled(&self, process: &Process) -> Value {
        let sql = "SELECT pg_current_wal_flush_lsn()::text";
        let end: String = self.database.client.query_one(sql, &[]).await.unwrap().get(0);
        let until = Instant::now() + LIMIT;
        let mut report = Value::Null;
        loop {
            if tokio::net::TcpStream::connect(&self.address).await.is_ok() {
                report = request(&format!("http://{}", self.address), Method::GET, "/healthz", None).await.1;
            }
            let written = report["written"].as_str().map_or(0, position);
            if report["phase"] == "following" && written >= position(&end) {
                return report;
            }
            assert!(Instant::now() < until, "it stays at {report}\n{}", process.lines().join("\n"));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn wanted(&self) -> BTreeMap<String, Exact> {
        let rows = self.database.client.query(ORACLE, &[]).await.unwrap();
        rows.iter().map(|row| (row.get(0), exact(row.get(1)))).collect()
    }

    async fn found(&self) -> BTreeMap<String, Exact> {
        documents(&self.engine, INDEX).await
    }

    fn leave(&self, process: Process) {
        process.terminate();
        let (status, said) = process.wait(LIMIT);
        assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
        let (code, said) = self.ended(&["teardown", "--indexes"]);
        assert_eq!(code, Some(0), "{said}");
    }
}

/// One test, since the index has one name.
#[tokio::test(flavor = "multi_thread")]
async fn transformed_documents_follow_changes() {
    let run = Run::new("plugins_follow").await;
    let (_, found) = request(&run.engine, Method::GET, &format!("/{INDEX}*/_alias"), None).await;
    for index in found.as_object().into_iter().flat_map(|found| found.keys()).filter(|name| name.starts_with(INDEX)) {
        request(&run.engine, Method::DELETE, &format!("/{index}"), None).await;
    }
    let process = run.follow();
    run.settled(&process).await;
    assert_eq!(run.found().await, run.wanted().await, "after the load");
    let preview = run.ended(&["preview", "--json"]).1;
    assert!(preview.contains("a***@example.org") && !preview.contains("ada@"), "{preview}");
    assert!(preview.contains("\"slug\"") && !preview.contains("\"_id\":\"3\""), "{preview}");

    let process = history(&run, process).await;
    verified(&run).await;
    refused(&run, &process).await;
    run.leave(process);
}

/// Random changes; the program is killed with changes on their way, and is away for others.
async fn history(run: &Run, process: Process) -> Process {
    let snapshot = std::fs::read_to_string(directory().join("schema.catalog.json")).unwrap();
    let session = Session::Postgres(&run.database.client);
    let facts = Facts::read(&Catalog::from_json(&snapshot).unwrap(), session).await;
    let mut history = History::new("plugins", facts, session, 20_261_126);
    let mut running = Some(process);
    let (mut left_out, mut shown) = (0, 0);
    for round in 1.. {
        if round == 7 {
            running.take().into_iter().for_each(Process::kill);
        }
        if !history.round().await {
            break;
        }
        if round == 6 {
            running.take().into_iter().for_each(Process::kill);
        }
        let process = running.get_or_insert_with(|| run.follow());
        let report = run.settled(process).await;
        let (found, wanted) = (run.found().await, run.wanted().await);
        let said = || {
            format!("PGSYNC_TEST_SEED={}\n{}\n{}", history.began_with, history.last_round(), process.lines().join("\n"))
        };
        let differing = wanted.iter().find(|(id, document)| found.get(*id) != Some(*document));
        assert!(found == wanted, "{differing:?} is {:?}\n{}", differing.and_then(|(id, _)| found.get(id)), said());
        assert_eq!(report["quarantined"], 0, "{}", said());
        let drafts = "SELECT count(*) FROM place WHERE kind = 'draft'";
        left_out += run.database.client.query_one(drafts, &[]).await.unwrap().get::<_, i64>(0);
        shown += found.len();
    }
    history.is_enough();
    println!("{}, {shown} documents were shown and {left_out} left out", history.summary());
    assert!(shown > 20 && left_out > 20, "{shown} shown, {left_out} left out");
    running.unwrap()
}

/// What transforms make of rows is what has to be there, and what they leave out has not.
async fn verified(run: &Run) {
    let (code, said) = run.ended(&["verify", "--json"]);
    assert_eq!(code, Some(0), "{said}");
    let sql =
        "SELECT min(id) FILTER (WHERE kind = 'draft')::text, min(id) FILTER (WHERE kind <> 'draft')::text FROM place";
    let row = run.database.client.query_one(sql, &[]).await.unwrap();
    let (draft, shown): (String, String) = (row.get(0), row.get(1));
    for (id, body) in
        [(&draft, serde_json::json!({ "kind": "draft" })), (&shown, serde_json::json!({ "slug": "other" }))]
    {
        let path = format!("/{INDEX}/_doc/{id}?refresh=true");
        assert!(request(&run.engine, Method::PUT, &path, Some(&body)).await.0 < 300);
    }
    for (arguments, wanted) in
        [(&["verify", "--json"][..], 1), (&["verify", "--repair", "--json"], 0), (&["verify"], 0)]
    {
        let (code, said) = run.ended(arguments);
        assert_eq!(code, Some(wanted), "{arguments:?}: {said}");
        assert!(!arguments.contains(&"--json") || said.contains("left_out") && said.contains("/slug"), "{said}");
    }
    assert_eq!(run.found().await, run.wanted().await);
}

/// A value that the struct does not know stands in the quarantine, and never goes past the transforms.
async fn refused(run: &Run, process: &Process) {
    run.database.run("ALTER TYPE place_kind ADD VALUE 'museum'").await;
    let row = "INSERT INTO place (id, name, kind, email) VALUES (7001, 'New', 'museum', 'ada@example.org'),
                                                              (7002, 'Old', 'bar', 'ada@example.org')";
    run.database.run(row).await;
    let report = run.settled(process).await;
    assert_eq!(report["quarantined"], 1, "{}", process.lines().join("\n"));
    let (code, said) = run.ended(&["quarantine", "list"]);
    assert!(
        code == Some(0) && said.contains("7001") && said.contains("is not a `plugins::schema::places::Place`"),
        "{said}"
    );
    let (code, said) = run.ended(&["quarantine", "retry", "--all"]);
    assert!(code == Some(1) && said.contains("P0805"), "{code:?} {said}");
    let found = run.found().await;
    assert!(!found.contains_key("7001") && found.contains_key("7002"));
    run.database.run("UPDATE place SET kind = 'shop' WHERE id = 7001").await;
    assert_eq!(run.settled(process).await["quarantined"], 0);
    assert_eq!(run.found().await, run.wanted().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_with_plugins_does_not_run_without_its_program() {
    let run = Run::new("plugins_without").await;
    for command in ["run", "sync", "preview"] {
        let process = Process::start(cargo_pgsync(), &["pgsync", command], &run.environment(), &directory());
        let (status, said) = process.wait(LIMIT);
        let said = said.join("\n");
        assert_eq!(status.code(), Some(2), "{said}");
        for part in ["error[P0102]", "`Public`, `Masking`", "cargo pgsync generate --crate"] {
            assert!(said.contains(part), "{said}");
        }
    }
    // What needs no document needs no transform.
    let process =
        Process::start(cargo_pgsync(), &["pgsync", "bootstrap", "--dry-run"], &run.environment(), &directory());
    assert_eq!(process.wait(LIMIT).0.code(), Some(0));
}
