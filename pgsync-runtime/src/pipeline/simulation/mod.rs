//! Schedules of the pipeline, without servers. In: a seed. Out: the same transactions, delays, faults and kills for the
//! same seed, and what of it was wrong.
//!
//! A schedule is some lives of one process beside a workload. Each life but the last ends by a kill or a stop at any
//! moment; the last is calm. Three things are held against a model in which there are no processes (`model`):
//!
//! - at each acknowledgement, what it covers is in the index or in the quarantine, and the state is not behind it;
//! - an alias is only ever put on what is recorded as complete;
//! - in the end every document is what the database says, and nothing else is there.
//!
//! In half of the schedules a transform goes over the books (`transform`), which fails, leaves out and refuses.
//!
//! `PGSYNC_SCHEDULES` says how many schedules are run, `PGSYNC_SEED` runs one of them again.

mod cascade;
mod late;
mod model;
mod transform;
mod workload;

use super::drive::Drive;
use super::{Context, Limits, Options};
use crate::settings::{Overrides, Settings};
use crate::sink::memory::MemoryEngine;
use crate::source::memory::{Database, Faults, program};
use crate::transform::Transforms;
use pgsync_plan::{ActingKey, Codec, IndexPlace, IndexRoute, KeyAction, NodeId, Program, Select, TableId};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Schedules where nobody says how many: a few seconds.
const SCHEDULES: u64 = 500;
/// What a process that is gone has sent arrives this long after the next one has begun, at most.
const LATE: Duration = Duration::from_secs(15);
/// A calm life is given this long to come to rest.
const REST: Duration = Duration::from_secs(45);

/// A runtime on which time passes when everything waits. The pauses of the product follow from the seed too.
fn paused(seed: u64) -> tokio::runtime::Runtime {
    fastrand::seed(seed);
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
}

/// Runs one schedule.
fn schedule(seed: u64) -> Result<(), String> {
    paused(seed).block_on(async {
        match tokio::time::timeout(Duration::from_secs(3600), lives(seed)).await {
            Ok(outcome) => outcome,
            Err(_) => Err("it never comes to an end".to_owned()),
        }
    })
}

async fn lives(seed: u64) -> Result<(), String> {
    let mut random = fastrand::Rng::with_seed(seed);
    let faults = Faults::new(random.u64(..));
    let database = Database::new(faults.clone());
    let engine = MemoryEngine::new(faults.clone());
    let wrong: Arc<Mutex<Vec<String>>> = Arc::default();
    let transformed = random.bool();
    let mut workload = workload::Workload::new(database.clone(), random.fork(), transformed);
    for _ in 0..random.u32(0..12) {
        workload.transaction();
    }
    let (watched, found) = (database.clone(), Arc::clone(&wrong));
    let checked = engine.clone();
    let history = workload.history();
    database.watch(move |position| {
        found.lock().unwrap().extend(model::acknowledged(&watched, &checked, &history, position));
    });
    let transactions = random.u32(5..40);
    let work = tokio::spawn(workload.run(transactions));
    for _ in 0..random.u32(0..4) {
        let life = life(&database, &engine, &mut random, transformed.then_some(&faults));
        let stop = life.context.stop.clone();
        let ended = random.bool();
        // Half of them end within their load, if they have one.
        let length = Duration::from_millis(if random.bool() { random.u64(1..4000) } else { random.u64(1..250) });
        if ended {
            let run = tokio::spawn(async move { life.run().await });
            tokio::time::sleep(length).await;
            stop.cancel();
            let _ = run.await;
        } else {
            // Killed: dropped wherever it stands.
            let _ = tokio::time::timeout(length, life.run()).await;
        }
        if random.bool() {
            engine.carry_out();
        }
        tokio::time::sleep(Duration::from_millis(random.u64(0..500))).await;
    }
    work.await.map_err(|error| error.to_string())?;
    faults.calm();
    let (late, after) = (engine.clone(), Duration::from_millis(random.u64(..LATE.as_millis() as u64)));
    let late = tokio::spawn(async move {
        tokio::time::sleep(after).await;
        late.carry_out();
    });
    let life = life(&database, &engine, &mut random, transformed.then_some(&faults));
    let stop = life.context.stop.clone();
    let run = tokio::spawn(async move { life.run().await });
    tokio::time::sleep(REST).await;
    stop.cancel();
    let ended = run.await.map_err(|error| error.to_string())?;
    late.await.map_err(|error| error.to_string())?;
    let mut wrong = std::mem::take(&mut *wrong.lock().unwrap());
    wrong.extend(ended.err().map(|error| format!("the last life ended: {error}")));
    wrong.extend(engine.wrong());
    wrong.extend(model::at_rest(&database, &engine, transformed));
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n  ")) }
}

/// Index routes by document: the table, and the node, where the values of a key stand in its rows, and whether these are the
/// rows of its join table.
fn index_routes() -> Vec<(usize, (&'static str, usize, bool))> {
    let documents = program().plan.documents.iter().enumerate();
    documents
        .map(|(position, document)| match document.index.as_str() {
            "book" => (position, ("book", 0, false)),
            _ => (position, ("book_tag", 2, true)),
        })
        .collect()
}

/// Each document with the word by which it is found when a row goes that has hung on this id.
fn words(table: &str, id: i32) -> Vec<(usize, String)> {
    let routes = index_routes().into_iter().filter(|(_, (of, ..))| *of == table);
    routes.map(|(document, _)| (document, format!("0:{id}"))).collect()
}

/// The program, as it is compiled where the log does not say what foreign keys do.
fn routed() -> Program {
    let mut program = program().clone();
    for (document, (table, node, apart)) in index_routes() {
        let id = TableId(program.plan.tables.iter().position(|of| of.name == table).unwrap());
        let of = &program.plan.documents[document].nodes[node];
        let by = |select: &Select| program.plan.table(of.table).column(select.column).name == "author_id";
        let positions = vec![if apart { 0 } else { of.select.iter().position(by).unwrap() }];
        assert_eq!(apart, of.link.as_ref().is_some_and(|link| link.reading.split_join));
        let key = ActingKey {
            name: table.to_owned(),
            columns: Vec::new(),
            onto_schema: String::new(),
            onto: String::new(),
            onto_columns: Vec::new(),
            on_delete: Some(KeyAction::Cascade),
            on_update: None,
        };
        let place = IndexPlace { node: NodeId(node), positions, codecs: vec![Codec::Int4], apart };
        program.plan.documents[document].index_routes = vec![IndexRoute { table: id, key, places: vec![place] }];
    }
    program
}

/// A process that begins. With faults for it there is a transform.
fn life(
    database: &Database,
    engine: &MemoryEngine,
    random: &mut fastrand::Rng,
    transform: Option<&Faults>,
) -> Drive<Database, MemoryEngine> {
    let variables = BTreeMap::from([("PG_USER".to_owned(), "u".to_owned())]);
    let (mut settings, _) = Settings::from_variables(variables, &Overrides::default()).unwrap();
    settings.run.readers = random.usize(1..4);
    settings.run.range_rows = random.usize(1..6);
    settings.run.keys_per_statement = random.usize(1..5);
    settings.run.wait = Duration::from_secs(600);
    let mut program = routed();
    let transforms = transform.map_or_else(Transforms::default, |faults| transform::bind(&mut program, faults));
    let mut context = Context::new(program, settings, transforms).unwrap();
    if random.bool() {
        let (batch_bytes, keys_bytes) = (random.usize(1..200), random.usize(1..100));
        context.limits = Limits { batch_bytes, keys_bytes, ..context.limits };
    }
    context.limits.record_every = Duration::from_millis(random.u64(1..50));
    context.limits.late_requests = LATE;
    Drive { context, options: Options::default(), source: database.clone(), engine: engine.clone() }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is not a number")))
}

#[test]
fn nothing_is_lost_or_stale_whatever_the_schedule() {
    if let Some(seed) = number("PGSYNC_SEED") {
        // What the pipeline says, beside what is wrong.
        let log =
            tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).without_time().with_writer(std::io::stderr);
        let _log = tracing::subscriber::set_default(log.finish());
        schedule(seed).unwrap_or_else(|wrong| panic!("seed {seed}:\n  {wrong}"));
        return;
    }
    let schedules = number("PGSYNC_SCHEDULES").unwrap_or(SCHEDULES);
    let next = AtomicU64::new(0);
    let failed: Mutex<BTreeMap<u64, String>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= schedules || failed.lock().unwrap().len() >= 3 {
                        return;
                    }
                    let outcome = std::panic::catch_unwind(|| schedule(seed));
                    let outcome = outcome.unwrap_or_else(|_| Err("it panicked".to_owned()));
                    if let Err(wrong) = outcome {
                        failed.lock().unwrap().insert(seed, wrong);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    let said: Vec<String> =
        failed.iter().map(|(seed, wrong)| format!("seed {seed} (again with PGSYNC_SEED={seed}):\n  {wrong}")).collect();
    assert!(failed.is_empty(), "{}", said.join("\n"));
}
