//! Random schemas over random tables, random overlapping transactions, and everything that can go wrong meanwhile; then
//! silence, and every document equals what one plain query says. A few seeds here, many with `cargo xtask soak`.
//! `PGSYNC_SEED=n` runs that seed alone, `PGSYNC_STEPS=n` so much of its history, `PGSYNC_FAULTS=false` with nothing going wrong.
//! The soak takes the databases in turn; `PGSYNC_SOAK_ON=mariadb` (`mysql`, `new`, `old`, `mid`) stays with one.

mod changes;
mod client;
mod dialect;
mod faults;
mod json;
mod oracle;
mod program;
mod run;
mod server;
mod sessions;
mod spelling;
mod tables;
mod tally;
mod tree;
mod versions;

use crate::support::binlog_server::Family;
use crate::support::cluster::{middle_home, newest_home, oldest_home};
use crate::support::seed::Seed;
use crate::support::servers;
use run::{World, run};
use server::Server;
use std::time::{Duration, Instant};
use tally::Tally;

/// Steps of the sessions in one history.
const STEPS: u64 = 300;

fn world(server: Server, engine: String, tag: &'static str) -> World {
    let steps = Seed::from_environment("PGSYNC_STEPS", STEPS);
    let faults = std::env::var("PGSYNC_FAULTS").map_or(true, |said| said != "false");
    World { server, engine, tag, steps, faults }
}

/// The seed that is asked for, or these.
fn seeds(usual: impl IntoIterator<Item = u64>) -> Vec<u64> {
    match Seed::from_environment("PGSYNC_SEED", 0) {
        0 => usual.into_iter().collect(),
        one => vec![one],
    }
}

async fn every(mut world: World, seeds: Vec<u64>) {
    let mut tally = Tally::default();
    for seed in seeds {
        run(&mut world, seed, &mut tally).await;
    }
    println!("{tally}");
}

#[tokio::test(flavor = "multi_thread")]
async fn random_documents_converge_on_the_newest_postgres_with_opensearch() {
    every(world(Server::postgres(&newest_home()), servers::opensearch(), "new"), seeds(1..=2)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn random_documents_converge_on_the_oldest_postgres_with_elasticsearch() {
    every(world(Server::postgres(&oldest_home()), servers::elasticsearch(), "old"), seeds(3..=4)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn random_documents_converge_on_mariadb_with_opensearch() {
    every(world(Server::binlog(Family::MariaDb), servers::opensearch(), "mariadb"), seeds(5..=6)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn random_documents_converge_on_mysql_with_elasticsearch() {
    every(world(Server::binlog(Family::MySql), servers::elasticsearch(), "mysql"), seeds([7])).await;
}

/// For `cargo xtask soak`: seed after seed, until the minutes are over.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "as long as it is told: cargo xtask soak"]
async fn soak() {
    let minutes = Seed::from_environment("PGSYNC_SOAK_MINUTES", 1);
    let end = Instant::now() + Duration::from_secs(minutes * 60);
    let mut worlds = vec![
        world(Server::postgres(&newest_home()), servers::opensearch(), "new"),
        world(Server::postgres(&oldest_home()), servers::elasticsearch(), "old"),
        world(Server::postgres(&middle_home()), servers::elasticsearch(), "mid"),
        world(Server::binlog(Family::MariaDb), servers::opensearch(), "mariadb"),
        world(Server::binlog(Family::MySql), servers::elasticsearch(), "mysql"),
    ];
    let only = std::env::var("PGSYNC_SOAK_ON").unwrap_or_default();
    worlds.retain(|world| only.is_empty() || only == world.tag);
    let first = Seed::from_environment("PGSYNC_SEED", 1);
    let mut tally = Tally::default();
    for seed in first.. {
        if Instant::now() > end {
            break;
        }
        let began = Instant::now();
        let which = (seed % worlds.len() as u64) as usize;
        run(&mut worlds[which], seed, &mut tally).await;
        println!("seed {seed} on {} in {:.1} s; {tally}", worlds[which].tag, began.elapsed().as_secs_f64());
    }
    println!("{tally}");
}
