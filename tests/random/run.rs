//! One seed from its tables to its end. In: a server, an engine, a seed. Out: a failure that says how to see it again, where
//! an index holds anything else than the database says when everything is written, or a version went backwards.

use super::changes;
use super::client::Client;
use super::faults::Faults;
use super::oracle;
use super::program::Program;
use super::server::Server;
use super::sessions::Sessions;
use super::spelling;
use super::tables::{self, Table};
use super::tally::Tally;
use super::tree::{self, Document, Node};
use super::versions::Versions;
use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::json::{Exact, exact};
use crate::support::proxy::{self, Manner, Proxy};
use crate::support::seed::Seed;
use crate::support::wire::Wire;
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where a seed runs, and how much of it.
pub(super) struct World {
    pub(super) server: Server,
    pub(super) engine: String,
    /// In the names of databases and indexes.
    pub(super) tag: &'static str,
    pub(super) steps: u64,
    pub(super) faults: bool,
}

/// What a seed is about.
struct Subject {
    name: String,
    tables: Vec<Table>,
    documents: Vec<Document>,
    queries: Vec<String>,
}

pub(super) async fn run(world: &mut World, number: u64, tally: &mut Tally) {
    // Neighbouring numbers are to have nothing in common.
    let mut seed = Seed(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    (0..8).for_each(|_| {
        seed.below(2);
    });
    let name = format!("random_{}_{number}", world.tag);
    println!("PGSYNC_SEED={number} on {}", world.tag);
    let dialect = world.server.dialect();
    let schemas = world.server.schemas(&name);
    let tables = tables::tables(dialect, schemas.each_ref().map(String::as_str), &mut seed);
    let documents = tree::documents(&tables, &name, &mut seed);
    let queries = documents.iter().map(|document| oracle::query(&tables, document)).collect();
    let subject = Subject { name, tables, documents, queries };
    let kept = kept(&subject, number);
    remove(&world.engine, &subject.name).await;
    let mut database = world.server.create(&subject.name).await;
    database.run_all(&tables::create(&subject.tables)).await;
    for sql in changes::fill(&subject.tables, &mut seed) {
        // A row that its table does not take is none of the beginning.
        let _ = database.attempt(&sql).await;
    }
    let wire = Wire::start(world.server.port()).await;
    let proxy = Proxy::start(&world.engine, Manner::default()).await;
    let mut program = program(world, &subject, &kept, &wire, &proxy, &mut seed);
    program.command(&["bootstrap"]);
    let indexes: Vec<String> = subject.documents.iter().map(|document| document.index.clone()).collect();
    let versions = Versions::watch(&world.engine, &indexes);
    let mut sessions = Sessions::new(&world.server, &subject.name, 2 + seed.below(3) as usize, &mut seed).await;
    let mut faults = Faults::new(&mut seed, world.faults, &proxy, &wire, indexes);
    program.start_to_load(&mut seed, world.faults);
    if faults.waits {
        let filled = program.reached(&mut database, dialect, tally).await;
        assert!(filled.is_ok(), "PGSYNC_SEED={number}: the load: {filled:?}\n{}", program.said());
        compare(world, &subject, &mut database, tally, &format!("PGSYNC_SEED={number}, after the load")).await;
    }
    let before = generations(&world.engine, &subject, faults.waits).await;
    for _ in 0..world.steps {
        sessions.step(&subject.tables, &mut seed).await;
        if faults.next(world, &mut program, tally).await {
            database = world.server.client(&subject.name).await;
            sessions.again().await;
        }
    }
    sessions.finish(&mut seed).await;
    faults.end(&mut program, tally);
    let done = sessions.done;
    (tally.transactions, tally.statements) =
        (tally.transactions + done.transactions, tally.statements + done.statements);
    tally.refused += done.refused;
    tally.prepared += done.prepared;
    std::fs::write(kept.join("history.sql"), sessions.said.join("\n")).unwrap();
    let outcome = program.reached(&mut database, dialect, tally).await;
    std::fs::write(kept.join("log"), program.said()).unwrap();
    let how = format!("PGSYNC_SEED={number}, {done:?}; tables, schema, history and log are in {}", kept.display());
    assert!(outcome.is_ok(), "{how}\n{outcome:?}\n{}", program.said());
    compare(world, &subject, &mut database, tally, &how).await;
    tally.versions += versions.seen();
    assert!(versions.back().is_empty(), "{how}\n{}", versions.back().join("\n"));
    assert_eq!(
        generations(&world.engine, &subject, faults.waits).await,
        before,
        "{how}: it has loaded again\n{}",
        program.said()
    );
    tally.cuts += wire.cuts();
    count(&subject, tally);
    // A command is not to fail by what this test has made.
    proxy.fail(proxy::Faults::default());
    program.stop(tally);
    program.command(&["teardown", "--indexes"]);
    remove(&world.engine, &subject.name).await;
    drop(sessions);
    world.server.remove(&subject.name).await;
    // A server of the next seed has room for its slots.
    drop(std::fs::remove_dir_all(&kept));
}

/// A directory for what one looks at when it has gone wrong.
fn kept(subject: &Subject, number: u64) -> PathBuf {
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}_{number}", subject.name));
    std::fs::create_dir_all(&kept).unwrap();
    let schema = json!({ "name": subject.name, "documents": spelling::schema(&subject.tables, &subject.documents) });
    std::fs::write(kept.join("schema.json"), serde_json::to_string_pretty(&schema).unwrap()).unwrap();
    std::fs::write(kept.join("tables.sql"), tables::create(&subject.tables)).unwrap();
    std::fs::write(kept.join("oracle.sql"), subject.queries.join(";\n")).unwrap();
    kept
}

/// The program, with sizes so small that a few rows are many.
fn program(world: &World, subject: &Subject, kept: &Path, wire: &Wire, proxy: &Proxy, seed: &mut Seed) -> Program {
    let sizes = [1, 3, 20, 2000];
    let mut size = || sizes[seed.below(4) as usize].to_string();
    let environment = [
        ("PG_URL", world.server.url(wire.port, &subject.name)),
        ("ELASTICSEARCH_URL", proxy.url.clone()),
        ("PGSYNC_STATE_INDEX", format!("pgsync-state-{}", subject.name)),
        ("PGSYNC_WAIT", "60".to_owned()),
        ("QUERY_CHUNK_SIZE", size()),
        ("FILTER_CHUNK_SIZE", size()),
        ("NUM_WORKERS", "2".to_owned()),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value)).to_vec();
    Program::new(kept.to_owned(), environment)
}

/// What an earlier run has left.
async fn remove(engine: &str, name: &str) {
    for of in [format!("{name}_*"), format!("pgsync-state-{name}*")] {
        let (_, found) = request(engine, Method::GET, &format!("/{of}/_alias"), None).await;
        for index in found.as_object().into_iter().flat_map(|found| found.keys()) {
            request(engine, Method::DELETE, &format!("/{index}"), None).await;
        }
    }
}

/// The indexes behind the aliases, where they are to stay.
async fn generations(engine: &str, subject: &Subject, fixed: bool) -> Vec<String> {
    let mut found = Vec::new();
    for document in subject.documents.iter().filter(|_| fixed) {
        let (_, behind) = request(engine, Method::GET, &format!("/{}/_alias", document.index), None).await;
        found.extend(behind.as_object().into_iter().flat_map(|behind| behind.keys().cloned()));
    }
    found.sort();
    found
}

async fn compare(world: &World, subject: &Subject, database: &mut Client, tally: &mut Tally, how: &str) {
    if world.server.dialect().is_postgres() {
        database.run("SET timezone = 'UTC'; SET enable_nestloop = on").await;
    }
    let mut said = Vec::new();
    for (document, query) in subject.documents.iter().zip(&subject.queries) {
        let rows = database.pairs(query).await.unwrap_or_else(|error| panic!("{how}\n{query}\n{error}"));
        let wanted: BTreeMap<String, Exact> = rows.into_iter().map(|(id, text)| (id, exact(&text))).collect();
        let found = documents(&world.engine, &document.index).await;
        tally.compared += wanted.len() as u64;
        let ids = found.keys().chain(wanted.keys().filter(|id| !found.contains_key(*id)));
        let text = |one: Option<&Exact>| one.map_or_else(|| "is not there".to_owned(), Exact::text);
        for id in ids.filter(|id| found.get(*id) != wanted.get(*id)) {
            let (index, database) = (text(found.get(id)), text(wanted.get(id)));
            said.push(format!("{} {id}\n  index    {index}\n  database {database}", document.index));
        }
    }
    tally.differences += said.len() as u64;
    let few: Vec<&str> = said.iter().take(4).map(String::as_str).collect();
    assert!(said.is_empty(), "{how}\n{} differ\n{}", said.len(), few.join("\n"));
}

fn count(subject: &Subject, tally: &mut Tally) {
    fn nodes(node: &Node) -> u64 {
        1 + node.children.iter().map(nodes).sum::<u64>()
    }
    tally.seeds += 1;
    tally.tables += subject.tables.len() as u64;
    tally.nodes += subject.documents.iter().map(|document| nodes(&document.root)).sum::<u64>();
}
