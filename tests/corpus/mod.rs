//! The corpus of `tests/cases`: one small schema with its tables per case. Each is compiled from its snapshot and compared
//! with what is expected of every stage; and it is run against real servers, through random changes of all its tables.
//! `PGSYNC_TEST_CASE` names the cases to run, `PGSYNC_TEST_SEED` the history to repeat.

mod binlog;
mod case;
mod facts;
mod followed;
mod golden;
mod history;
mod index;
mod live;
mod mirror;
mod mysql;
mod plugins;
mod replay;
mod session;
mod spelling;
mod statements;
mod tally;
mod values;

use crate::support::engine::request;
use crate::support::servers;
use case::Case;
use live::Pair;
pub(crate) use live::position;
use reqwest::Method;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Cases that run at a time. Each holds a slot and some sessions, and waits for others most of the time.
const AT_A_TIME: usize = 5;

/// Runs cases, a few at a time, and names all that failed.
async fn side_by_side<C: Send + 'static, F: Future<Output = ()> + Send + 'static>(
    cases: Vec<C>,
    name: impl Fn(&C) -> String,
    run: impl Fn(C) -> F,
) {
    let few = Arc::new(Semaphore::new(AT_A_TIME));
    let count = cases.len();
    let mut running = JoinSet::new();
    for case in cases {
        let (few, name, run) = (Arc::clone(&few), name(&case), run(case));
        running.spawn(async move {
            let _one = few.acquire_owned().await;
            let began = Instant::now();
            let failed = tokio::spawn(run).await.is_err();
            println!("{name}: {} in {:?}", if failed { "failed" } else { "right" }, began.elapsed());
            failed.then_some(name)
        });
    }
    let mut failed: Vec<String> = running.join_all().await.into_iter().flatten().collect();
    failed.sort_unstable();
    assert!(failed.is_empty(), "{} of {count} cases failed: {failed:?}", failed.len());
}

/// Runs cases on PostgreSQL, each on the first of the pairs whose server is new enough for it.
async fn every(cases: Vec<Case>, pairs: &[Pair]) {
    assert!(!cases.is_empty() || std::env::var_os("PGSYNC_TEST_CASE").is_some(), "no case is chosen");
    let placed = cases.into_iter().map(|case| {
        let pair = pairs.iter().find(|pair| case.least <= pair.version);
        let pair = pair.unwrap_or_else(|| panic!("{}: no server of version {}", case.name, case.least)).clone();
        (case, pair)
    });
    let run = |(case, pair): (Case, Pair)| async move { live::run(&case, &pair).await };
    side_by_side(placed.collect(), |(case, _)| case.name.clone(), run).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn corpus_from_the_newest_to_opensearch() {
    let pair = Pair::new("n_os", servers::postgres_newest(), servers::opensearch()).await;
    every(of_any_server(), &[Pair { writes_goldens: true, ..pair }]).await;
}

/// What has to have PostGIS.
#[tokio::test(flavor = "multi_thread")]
async fn corpus_from_postgis_to_opensearch() {
    let pair = Pair::new("g_os", servers::postgis(), servers::opensearch()).await;
    let cases = case::all().into_iter().filter(|case| case.needs.as_deref() == Some("postgis")).collect();
    every(cases, &[Pair { writes_goldens: true, kills: true, ..pair }]).await;
}

/// Every other case. What the oldest server cannot have runs on the first that can.
#[tokio::test(flavor = "multi_thread")]
async fn corpus_from_the_oldest_to_elasticsearch() {
    let oldest = Pair::new("o_es", servers::postgres_oldest(), servers::elasticsearch()).await;
    let middle = Pair::new("m_es", servers::postgres_middle(), servers::elasticsearch()).await;
    let newest = Pair::new("x_es", servers::postgres_newest(), servers::elasticsearch()).await;
    every(one_in(2, 0), &[oldest, middle, newest]).await;
}

/// The other way round, for one case in six, and the program is killed twice.
#[tokio::test(flavor = "multi_thread")]
async fn corpus_from_the_newest_to_elasticsearch() {
    let pair = Pair::new("n_es", servers::postgres_newest(), servers::elasticsearch()).await;
    every(one_in(6, 0), &[Pair { kills: true, ..pair }]).await;
}

/// The same for another sixth.
#[tokio::test(flavor = "multi_thread")]
async fn corpus_from_the_oldest_to_opensearch() {
    let oldest = Pair::new("o_os", servers::postgres_oldest(), servers::opensearch()).await;
    let middle = Pair::new("m_os", servers::postgres_middle(), servers::opensearch()).await;
    let newest = Pair::new("x_os", servers::postgres_newest(), servers::opensearch()).await;
    let pairs: Vec<Pair> = [oldest, middle, newest].map(|pair| Pair { kills: true, ..pair }).into();
    every(one_in(6, 1), &pairs).await;
}

/// Another sixth from a server whose changes come as lines of `test_decoding`, and the program is killed twice.
#[tokio::test(flavor = "multi_thread")]
async fn corpus_by_test_decoding_to_opensearch() {
    let pair = Pair::new("d_os", servers::postgres_9_6(), servers::opensearch()).await;
    let cases = one_in(6, 3).into_iter().filter(|case| case.least <= pair.version).collect();
    every(cases, &[Pair { kills: true, ..pair }]).await;
}

/// By triggers, a third of the cases, and the program is killed twice.
#[tokio::test(flavor = "multi_thread")]
async fn corpus_by_triggers_from_the_newest_to_opensearch() {
    let pair = Pair::new("t_os", servers::postgres_newest(), servers::opensearch()).await;
    every(one_in(3, 0), &[Pair { kills: true, capture: "triggers", ..pair }]).await;
}

/// The same for a sixth of them on the oldest.
#[tokio::test(flavor = "multi_thread")]
async fn corpus_by_triggers_from_the_oldest_to_elasticsearch() {
    let oldest = Pair::new("u_es", servers::postgres_oldest(), servers::elasticsearch()).await;
    let middle = Pair::new("v_es", servers::postgres_middle(), servers::elasticsearch()).await;
    let newest = Pair::new("w_es", servers::postgres_newest(), servers::elasticsearch()).await;
    let pairs: Vec<Pair> = [oldest, middle, newest].map(|pair| Pair { capture: "triggers", ..pair }).into();
    every(one_in(6, 2), &pairs).await;
}

/// On the pair that it is the turn of, whatever its version and its engine can have of the cases.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "of `cargo xtask matrix`"]
async fn corpus_of_the_matrix() {
    let pair = Pair::new("mx", servers::postgres_newest(), servers::engine_in_turn()).await;
    let modules = modules(&pair.engine).await;
    let has = |case: &Case| case.least <= pair.version && case.modules.iter().all(|module| modules.contains(module));
    let (cases, others): (Vec<_>, Vec<_>) = of_any_server().into_iter().partition(has);
    others.iter().for_each(|case| println!("{}: left out, it uses what there is not", case.name));
    every(cases, &[Pair { kills: true, capture: servers::capture_in_turn(), ..pair }]).await;
}

/// What an engine is made of. One that is put together from what is published may lack something.
async fn modules(engine: &str) -> BTreeSet<String> {
    let (status, found) = request(engine, Method::GET, "/_nodes/plugins", None).await;
    assert_eq!(status, 200, "{found}");
    let nodes = found["nodes"].as_object().into_iter().flatten();
    let modules = nodes.flat_map(|(_, node)| node["modules"].as_array().into_iter().flatten());
    modules.filter_map(|module| module["name"].as_str().map(str::to_owned)).collect()
}

/// The cases that ask no more of a server than a version.
fn of_any_server() -> Vec<Case> {
    case::all().into_iter().filter(|case| case.needs.is_none()).collect()
}

/// One in so many of the cases; all of them where some are chosen, or the whole is asked for.
fn one_in(count: usize, rest: usize) -> Vec<Case> {
    let chosen = ["PGSYNC_TEST_CASE", "PGSYNC_TEST_WHOLE"].into_iter().any(|name| std::env::var_os(name).is_some());
    let cases = of_any_server().into_iter().enumerate();
    cases.filter(|(position, _)| chosen || position % count == rest).map(|(_, case)| case).collect()
}
