//! Transactions in two phases that overlap: one is decided while another, prepared after it, is not. Who goes on from there has
//! what the first has changed, and does not see its first phase again.

use super::library::Library;
use super::*;
use crate::support::engine::request;
use reqwest::Method;

/// Longer than it takes until the state says what is written.
const RECORDED: Duration = Duration::from_secs(1);

async fn prepared(server: &BinlogServer, name: &str, statement: &str) -> Conn {
    let mut session = session(server).await;
    for statement in [format!("XA START '{name}'"), statement.to_owned(), format!("XA END '{name}'")] {
        run(&mut session, &statement).await;
    }
    run(&mut session, &format!("XA PREPARE '{name}'")).await;
    session
}

async fn filled(library: &Library) -> Vec<String> {
    let (_, found) = request(&library.engine, Method::GET, &format!("/{}/_alias", library.index), None).await;
    found.as_object().unwrap().keys().cloned().collect()
}

async fn overlapping(family: Family) {
    let mut library = Library::new(family, "mysql-phases").await;
    library.start().await;
    library.converges().await;
    let filled_once = filled(&library).await;
    let mut first = prepared(&library.server, "first", "UPDATE book SET title = 'first' WHERE id = 1").await;
    let mut second = prepared(&library.server, "second", "UPDATE book SET title = 'second' WHERE id = 2").await;
    library.run("INSERT INTO book VALUES (10, 'ten', NULL, NULL)").await;
    run(&mut first, "XA COMMIT 'first'").await;
    library.converges().await;
    for number in 0..2 {
        tokio::time::sleep(RECORDED).await;
        library.kill().await;
        library.run(&format!("INSERT INTO book VALUES ({}, 'more', NULL, NULL)", 20 + number)).await;
        library.start().await;
        library.converges().await;
    }
    run(&mut second, "XA COMMIT 'second'").await;
    library.converges().await;
    tokio::time::sleep(RECORDED).await;
    library.kill().await;
    library.run("DELETE FROM book WHERE id = 10").await;
    library.start().await;
    library.converges().await;
    library.kill().await;
    assert_eq!(filled(&library).await, filled_once, "it has loaded again");
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_transactions_in_two_phases_may_overlap_on_mariadb() {
    overlapping(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_transactions_in_two_phases_may_overlap_on_mysql() {
    overlapping(Family::MySql).await;
}
