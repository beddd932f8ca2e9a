//! The tables of a film rental, as MySQL's sample database has them, with its keys, views and triggers, and rows of our own. A
//! schema of five levels is loaded and followed under a mixed load, over kills and a restart of the server; the documents are
//! compared with what the server itself puts together.

mod changes;
mod oracle;

use super::Family;
use super::library::{LIMIT, Library};
use std::time::{Duration, Instant};

const ROUNDS: u32 = 8;
/// Transactions of a round.
const TRANSACTIONS: u32 = 60;

/// Statements have an empty line between them.
fn tables() -> Vec<&'static str> {
    include_str!("tables.sql").split("\n\n").map(str::trim).collect()
}

async fn films(family: Family, name: &str) {
    let nodes = serde_json::from_str(include_str!("nodes.json")).unwrap();
    let mut sakila = Library::of(family, name, &tables(), nodes, Some(oracle::customers())).await;
    // Every document is a text that MySQL and MariaDB cut at 1,024 bytes unless they are told otherwise.
    sakila.run("SET SESSION group_concat_max_len = 100000000").await;
    let directory = tempfile::tempdir().unwrap();
    let mut process = sakila.process(&directory, &["run"]);
    sakila.converges_by(&mut process).await;
    let mut random = fastrand::Rng::with_seed(2005);
    for round in 0..ROUNDS {
        for _ in 0..TRANSACTIONS {
            let several = random.u8(0..3) == 0;
            if several {
                sakila.run("BEGIN").await;
            }
            for _ in 0..if several { random.usize(2..6) } else { 1 } {
                // A foreign key may refuse it.
                sakila.attempt(&changes::one(&mut random)).await;
            }
            if several {
                sakila.run(if random.u8(0..6) == 0 { "ROLLBACK" } else { "COMMIT" }).await;
            }
        }
        match round {
            2 | 5 => {
                process.kill();
                process = sakila.process(&directory, &["run"]);
            }
            4 => {
                sakila.server.restart();
                sakila.connect_again().await;
                sakila.run("SET SESSION group_concat_max_len = 100000000").await;
            }
            _ => {}
        }
        sakila.converges_by(&mut process).await;
    }
    process.terminate();
    let began = Instant::now();
    let (status, said) = process.wait(LIMIT);
    assert!(status.success() && began.elapsed() < Duration::from_secs(20), "{}", said.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_films_on_mariadb() {
    films(Family::MariaDb, "mysql-sakila").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_films_on_mysql() {
    films(Family::MySql, "mysql-sakila").await;
}
