//! One schema file over two databases of a server: snapshots, one process that follows both, its health, a kill, one
//! signal that stops both, and a teardown that leaves nothing.

use crate::support::database::Database;
use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::json::{Exact, exact};
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use crate::support::site::{FILLED, LIMIT, stop};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const SHOP: &str = "
    CREATE TABLE product (id integer PRIMARY KEY, name text);
    CREATE TABLE price (id integer PRIMARY KEY, product_id integer REFERENCES product, amount integer);
    INSERT INTO product SELECT n, 'product ' || n FROM generate_series(1, 300) n;
    INSERT INTO price SELECT n, n % 300 + 1, n FROM generate_series(1, 600) n;";
const PRODUCTS: &str = "
    SELECT p.id::text, json_build_object('id', p.id, 'name', p.name, 'prices',
      (SELECT json_agg(c.amount ORDER BY c.id) FROM price c WHERE c.product_id = p.id))::text FROM product p";
/// The same name stands for another table.
const LIBRARY: &str = "
    CREATE TYPE kind AS ENUM ('novel', 'poem');
    CREATE TABLE product (code text PRIMARY KEY, kind kind);
    CREATE TABLE reader (id integer PRIMARY KEY, name text);
    INSERT INTO product SELECT 'c' || n, 'novel' FROM generate_series(1, 200) n;
    INSERT INTO reader SELECT n, 'reader ' || n FROM generate_series(1, 50) n;";
const BOOKS: &str = "SELECT code, json_build_object('code', code, 'kind', kind)::text FROM product";
const READERS: &str = "SELECT id::text, json_build_object('id', id, 'name', name)::text FROM reader";

struct Site {
    server: String,
    state: String,
    shop: Database,
    library: Database,
    engine: String,
    directory: tempfile::TempDir,
    name: String,
}

impl Site {
    async fn new(name: &str) -> Self {
        let (server, engine) = (servers::postgres_newest(), servers::opensearch());
        let shop = Database::create(&server, &format!("{name}_shop")).await;
        let library = Database::create(&server, &format!("{name}_library")).await;
        shop.run(SHOP).await;
        library.run(LIBRARY).await;
        for index in Self::indexes(&engine, name).await {
            request(&engine, Method::DELETE, &format!("/{index}"), None).await;
        }
        let directory = tempfile::tempdir().unwrap();
        let schema = json!([
            { "database": shop.name, "index": format!("{name}_products"), "nodes": {
                "table": "product", "children": [{ "table": "price", "columns": ["amount"], "label": "prices" }] } },
            { "database": "${LIBRARY_DATABASE}", "index": format!("{name}_books"), "nodes": { "table": "product" } },
            { "database": "${LIBRARY_DATABASE}", "index": format!("{name}_readers"), "nodes": { "table": "reader" } },
        ]);
        std::fs::write(directory.path().join("schema.json"), schema.to_string()).unwrap();
        Self { server, state: format!("{name}_state"), shop, library, engine, directory, name: name.to_owned() }
    }

    async fn indexes(engine: &str, name: &str) -> Vec<String> {
        let (_, aliases) = request(engine, Method::GET, &format!("/{name}*/_alias"), None).await;
        aliases.as_object().into_iter().flat_map(|found| found.keys().cloned()).collect()
    }

    /// The database of the URL is none of them.
    fn environment(&self) -> Vec<(&str, &str)> {
        vec![
            ("PG_URL", self.server.as_str()),
            ("ELASTICSEARCH_URL", self.engine.as_str()),
            ("LIBRARY_DATABASE", self.library.name.as_str()),
            ("PGSYNC_STATE_INDEX", self.state.as_str()),
        ]
    }

    fn start_with(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Process {
        let mut environment = self.environment();
        environment.extend(settings);
        let mut words = vec!["pgsync"];
        words.extend(arguments);
        Process::start(cargo_pgsync(), &words, &environment, self.directory.path())
    }

    fn start(&self, arguments: &[&str]) -> Process {
        self.start_with(arguments, &[])
    }

    /// Runs to its end, with this exit code, and gives what was said.
    fn ends(&self, arguments: &[&str], settings: &[(&str, &str)], code: i32) -> String {
        let (status, said) = self.start_with(arguments, settings).wait(LIMIT);
        let said = said.join("\n");
        assert_eq!(status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    async fn converges(&self, process: &Process) {
        let each =
            [(&self.shop, PRODUCTS, "products"), (&self.library, BOOKS, "books"), (&self.library, READERS, "readers")];
        let end = Instant::now() + LIMIT;
        for (database, oracle, index) in each {
            let index = format!("{}_{index}", self.name);
            loop {
                let rows = database.client.query(oracle, &[]).await.unwrap();
                let wanted: BTreeMap<String, Exact> = rows.iter().map(|row| (row.get(0), exact(row.get(1)))).collect();
                let (status, _) = request(&self.engine, Method::HEAD, &format!("/{index}"), None).await;
                if status == 200 && documents(&self.engine, &index).await == wanted {
                    break;
                }
                assert!(Instant::now() < end, "{index} does not converge: {}", process.lines().join("\n"));
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }

    async fn changes(&self) {
        self.shop.run("UPDATE price SET product_id = product_id % 300 + 1 WHERE id % 7 = 0").await;
        self.shop.run("DELETE FROM price WHERE product_id = 9; DELETE FROM product WHERE id = 9").await;
        self.library.run("UPDATE product SET kind = 'poem' WHERE code LIKE '%3'").await;
        self.library.run("UPDATE reader SET name = name || '.'; DELETE FROM reader WHERE id % 10 = 4").await;
    }

    /// Whatever of ours is set up in a database.
    async fn set_up(database: &Database) -> Vec<String> {
        let sql = "SELECT pubname::text FROM pg_publication UNION ALL
                   SELECT slot_name::text FROM pg_replication_slots WHERE database = current_database()";
        database.client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
    }
}

/// What a command prints on stdout.
fn printed(site: &Site, arguments: &[&str]) -> String {
    let output = std::process::Command::new(cargo_pgsync())
        .arg("pgsync")
        .args(arguments)
        .current_dir(site.directory.path())
        .envs(site.environment())
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_databases_of_one_file_are_followed_by_one_process_and_leave_nothing() {
    let site = Site::new("several_both").await;
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let process = site.start(&["run", "-b", "--listen", &address]);
    site.converges(&process).await;
    site.changes().await;
    site.converges(&process).await;
    let (status, report) = request(&format!("http://{address}"), Method::GET, "/healthz", None).await;
    assert!(status == 200 && report["healthy"] == true, "{report}");
    for database in [&site.shop, &site.library] {
        assert_eq!(report["databases"][&database.name]["phase"], "following", "{report}");
        assert_eq!(Site::set_up(database).await.len(), 2, "a slot and a publication of {}", database.name);
        let label = format!("database={}", database.name);
        assert!(process.lines().iter().any(|line| line.contains(&label)), "{}", process.lines().join("\n"));
    }
    let status: Value = serde_json::from_str(&printed(&site, &["status", "--json"])).unwrap();
    for database in [&site.shop, &site.library] {
        assert_eq!(status["databases"][&database.name]["slot_exists"], true, "{status}");
    }

    process.kill();
    site.changes().await;
    let again = site.start(&["run"]);
    site.converges(&again).await;
    site.changes().await;
    site.converges(&again).await;
    assert!(!again.lines().join("\n").contains(FILLED), "{}", again.lines().join("\n"));
    // One signal, to one process.
    stop(again);
    site.ends(&["sync"], &[], 0);

    site.ends(&["teardown", "--indexes"], &[], 0);
    assert_eq!(Site::set_up(&site.shop).await, [""; 0]);
    assert_eq!(Site::set_up(&site.library).await, [""; 0]);
    for index in Site::indexes(&site.engine, &site.name).await {
        request(&site.engine, Method::POST, &format!("/{index}/_refresh"), None).await;
        let (_, count) = request(&site.engine, Method::GET, &format!("/{index}/_count"), None).await;
        assert!(index.contains("_state") && count["count"] == 0, "{index}: {count}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_database_that_fails_stops_the_others_and_is_named() {
    let site = Site::new("several_fails").await;
    site.ends(&["catalog"], &[], 0);
    let process = site.start(&["run", "-b"]);
    site.converges(&process).await;
    site.library.run("ALTER TABLE reader RENAME COLUMN name TO called; UPDATE reader SET called = 'x'").await;
    let (status, said) = process.wait(LIMIT);
    let said = said.join("\n");
    assert_eq!(status.code(), Some(2), "{said}");
    assert!(said.contains(&format!("database `{}`: ", site.library.name)), "{said}");
    let stale = site.ends(&["catalog", "--check"], &[], 2);
    assert!(stale.contains("schema.several_fails_shop.catalog.json is up to date"), "{stale}");
    assert!(
        stale.contains("catalog.json is stale") && stale.contains("column name of table public.reader is gone"),
        "{stale}"
    );
    site.ends(&["teardown", "--indexes"], &[], 0);
    assert_eq!(Site::set_up(&site.library).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_several_databases_cannot_share_is_refused_before_anything_is_changed() {
    let site = Site::new("several_refused").await;
    let said = site.ends(&["run", "-b"], &[("PGSYNC_SLOT", "mine")], 2);
    assert!(said.contains("PGSYNC_SLOT is set") && said.contains("2 databases"), "{said}");
    site.ends(&["catalog"], &[], 0);
    let said = site.ends(&["bootstrap"], &[("LIBRARY_DATABASE", &site.shop.name)], 2);
    assert!(said.contains("two databases of the schema file are `several_refused_shop`"), "{said}");
    assert_eq!(Site::set_up(&site.shop).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_command_speaks_of_both_databases() {
    let site = Site::new("several_said").await;
    let (shop, library) = (site.shop.name.as_str(), "${LIBRARY_DATABASE}");
    printed(&site, &["check"]);
    let explained: Value = serde_json::from_str(&printed(&site, &["explain", "--json"])).unwrap();
    assert_eq!(explained["databases"][shop]["documents"].as_array().unwrap().len(), 1, "{explained}");
    assert_eq!(explained["databases"][library]["documents"].as_array().unwrap().len(), 2, "{explained}");
    let text = printed(&site, &["explain"]);
    assert!(text.contains(&format!("database {shop}\n")) && text.contains(&format!("database {library}\n")), "{text}");
    let sample = printed(&site, &["preview", "--limit", "1", "--json"]);
    assert_eq!(sample.lines().count(), 3, "{sample}");
    let one = printed(&site, &["preview", "--limit", "2", "--index", "several_said_readers", "--json"]);
    assert!(one.lines().count() == 2 && one.contains("reader 1"), "{one}");
    let planned = printed(&site, &["bootstrap", "--dry-run"]);
    assert_eq!(planned.matches("CREATE PUBLICATION").count(), 2, "{planned}");
    assert!(planned.contains(&format!("-- database {shop}\n")), "{planned}");
    let long = printed(&site, &["fmt", "--expand", "--print"]);
    let long: Value = serde_json::from_str(&long).unwrap();
    let databases: Vec<&Value> = long.as_array().unwrap().iter().map(|document| &document["database"]).collect();
    assert_eq!(databases, [shop, library, library], "{long}");
    assert_eq!(printed(&site, &["quarantine", "list"]), "no document is refused\n");
    let module = site.directory.path().join("schema.rs");
    printed(&site, &["generate", "--module", module.to_str().unwrap()]);
    let module = std::fs::read_to_string(module).unwrap();
    assert!(module.contains("App::several(") && module.contains("super::enums_library_database::Kind"), "{module}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_generated_crate_over_both_databases_compiles() {
    let site = Site::new("several_crate").await;
    let workspace = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let runtime = workspace.join("pgsync-runtime");
    printed(&site, &["generate", "--crate", "several-sync", "--runtime-path", runtime.to_str().unwrap()]);
    let made = site.directory.path().join("several-sync");
    std::fs::copy(workspace.join("Cargo.lock"), made.join("Cargo.lock")).unwrap();
    let output = std::process::Command::new(env!("CARGO"))
        .current_dir(&made)
        .args(["check", "--config", "profile.dev.package.'*'.opt-level=1"])
        .args(["--config", "profile.dev.package.'*'.debug=false"])
        .env("CARGO_TARGET_DIR", workspace.join("target"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("warning"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_quarantine_is_that_of_all_databases() {
    let site = Site::new("several_refuses").await;
    site.shop.run("DELETE FROM price; DELETE FROM product WHERE id > 3").await;
    site.library.run("DELETE FROM reader WHERE id > 2").await;
    let path = site.directory.path().join("schema.json");
    let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    for document in [0, 2] {
        schema[document]["mapping"] = json!({ "name": { "type": "integer" } });
    }
    std::fs::write(&path, schema.to_string()).unwrap();
    site.ends(&["sync", "-b"], &[], 0);
    let listed = || printed(&site, &["quarantine", "list"]);
    assert_eq!(listed().lines().count(), 5, "{}", listed());
    let both = printed(&site, &["quarantine", "show", "1"]);
    assert!(both.contains("several_refuses_products") && both.contains("several_refuses_readers"), "{both}");
    let said = site.ends(&["quarantine", "retry", "--all"], &[], 1);
    assert!(said.contains("5 of 5 entries stay"), "{said}");
    site.shop.run("UPDATE product SET name = id").await;
    site.library.run("UPDATE reader SET name = id WHERE id = 2").await;
    let said = site.ends(&["quarantine", "retry", "--all"], &[], 1);
    assert!(said.contains("1 of 5 entries stay"), "{said}");
    let unknown = site.ends(&["quarantine", "drop", "1", "9"], &[], 2);
    assert!(unknown.contains("no entry `9`"), "{unknown}");
    printed(&site, &["quarantine", "drop", "1"]);
    assert_eq!(listed(), "no document is refused\n");
    site.ends(&["teardown", "--indexes"], &[], 0);
}
