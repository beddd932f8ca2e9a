//! The corpus of `tests/cases`: one small schema with its tables per case. Each is compiled from its snapshot and compared
//! with what is expected of every stage; and it is run against real servers, through random changes of all its tables.
//! `PGSYNC_TEST_CASE` names the cases to run, `PGSYNC_TEST_SEED` the history to repeat.

mod case;
mod facts;
mod golden;
mod history;
mod index;
mod live;
mod plugins;
mod replay;
mod statements;
mod tally;
mod values;

use crate::support::servers;
use case::Case;
use live::Pair;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Cases that run at a time. Each holds a slot and some sessions, and waits for others most of the time.
const AT_A_TIME: usize = 5;

/// Runs cases, and names all that failed. A case runs on the first of the pairs whose server is new enough for it.
async fn every(cases: Vec<Case>, pairs: &[Pair]) {
    assert!(!cases.is_empty(), "no case is chosen");
    let few = Arc::new(Semaphore::new(AT_A_TIME));
    let count = cases.len();
    let mut running = JoinSet::new();
    for case in cases {
        let pair = pairs.iter().find(|pair| case.least <= pair.version);
        let pair = pair.unwrap_or_else(|| panic!("{}: no server of version {}", case.name, case.least)).clone();
        let few = Arc::clone(&few);
        running.spawn(async move {
            let _one = few.acquire_owned().await;
            let name = case.name.clone();
            let began = Instant::now();
            let run = tokio::spawn(async move { live::run(&case, &pair).await });
            let failed = run.await.is_err();
            println!("{name}: {} in {:?}", if failed { "failed" } else { "right" }, began.elapsed());
            failed.then_some(name)
        });
    }
    let mut failed: Vec<String> = running.join_all().await.into_iter().flatten().collect();
    failed.sort_unstable();
    assert!(failed.is_empty(), "{} of {count} cases failed: {failed:?}", failed.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn corpus_from_the_newest_to_opensearch() {
    let pair = Pair::new("n_os", servers::postgres_newest(), servers::opensearch()).await;
    every(case::all(), &[Pair { writes_goldens: true, ..pair }]).await;
}

/// What the oldest server cannot have runs on the first that can.
#[tokio::test(flavor = "multi_thread")]
async fn corpus_from_the_oldest_to_elasticsearch() {
    let oldest = Pair::new("o_es", servers::postgres_oldest(), servers::elasticsearch()).await;
    let middle = Pair::new("m_es", servers::postgres_middle(), servers::elasticsearch()).await;
    let newest = Pair::new("x_es", servers::postgres_newest(), servers::elasticsearch()).await;
    every(case::all(), &[oldest, middle, newest]).await;
}

/// The other way round, for one case in six, and the program is killed twice.
#[tokio::test(flavor = "multi_thread")]
async fn corpus_from_the_newest_to_elasticsearch() {
    let pair = Pair::new("n_es", servers::postgres_newest(), servers::elasticsearch()).await;
    every(one_in_six(0), &[Pair { kills: true, ..pair }]).await;
}

/// The same for another sixth.
#[tokio::test(flavor = "multi_thread")]
async fn corpus_from_the_oldest_to_opensearch() {
    let oldest = Pair::new("o_os", servers::postgres_oldest(), servers::opensearch()).await;
    let middle = Pair::new("m_os", servers::postgres_middle(), servers::opensearch()).await;
    let newest = Pair::new("x_os", servers::postgres_newest(), servers::opensearch()).await;
    let pairs: Vec<Pair> = [oldest, middle, newest].map(|pair| Pair { kills: true, ..pair }).into();
    every(one_in_six(1), &pairs).await;
}

/// A sixth of the cases; all that are chosen where some are.
fn one_in_six(rest: usize) -> Vec<Case> {
    let chosen = std::env::var_os("PGSYNC_TEST_CASE").is_some();
    let cases = case::all().into_iter().enumerate();
    cases.filter(|(position, _)| chosen || position % 6 == rest).map(|(_, case)| case).collect()
}
