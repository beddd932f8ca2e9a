//! The server is gone and a replica takes its place: without a word from anybody everything is loaded again, beside what is searched,
//! so that nothing stays in the index that the replica never had.

use super::library::Library;
use super::*;
use crate::support::engine::request;
use pgsync_runtime::internals::Code;
use pgsync_runtime::internals::pipeline::Options;
use reqwest::Method;
use std::time::Instant;

const FOLLOWING: Duration = Duration::from_secs(60);

/// A server that follows another one, by ids.
async fn replica(of: &BinlogServer, id: u32) -> BinlogServer {
    let id = format!("--server-id={id}");
    let own: &[&str] = match of.family {
        Family::MySql => &[&id],
        Family::MariaDb => &[&id, "--log-slave-updates=1"],
    };
    let replica = BinlogServer::start(of.family, own);
    let mut session = session_without_database(&replica).await;
    let (port, user) = (of.port(), "USER = 'repl'");
    let follow = match of.family {
        Family::MySql => format!(
            "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = {port}, SOURCE_{user},
             SOURCE_PASSWORD = 'repl', SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1"
        ),
        Family::MariaDb => format!(
            "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {port}, MASTER_{user}, MASTER_PASSWORD = 'repl',
             MASTER_USE_GTID = slave_pos"
        ),
    };
    run(&mut session, &follow).await;
    run(&mut session, "START REPLICA").await;
    caught_up(of, &replica).await;
    replica
}

/// Making the database would be a transaction of the replica's own.
async fn session_without_database(server: &BinlogServer) -> Conn {
    let options = OptsBuilder::default().ip_or_hostname("127.0.0.1").tcp_port(server.port()).user(Some("root"));
    Conn::new(options.prefer_socket(false)).await.unwrap()
}

async fn caught_up(of: &BinlogServer, replica: &BinlogServer) {
    let wanted = executed(of).await;
    let end = Instant::now() + FOLLOWING;
    let mut session = session_without_database(replica).await;
    while !Server::ask(&mut session, &address(replica)).await.unwrap().executed.contains_all(&wanted) {
        assert!(Instant::now() < end, "the replica does not follow");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn promote(replica: &BinlogServer) {
    let mut session = session_without_database(replica).await;
    for statement in ["STOP REPLICA", "RESET REPLICA ALL"] {
        run(&mut session, statement).await;
    }
}

/// The index behind the alias.
async fn generation(library: &Library) -> Vec<String> {
    let (status, found) = request(&library.engine, Method::GET, &format!("/{}/_alias", library.index), None).await;
    assert_eq!(status, 200, "{found}");
    found.as_object().unwrap().keys().cloned().collect()
}

async fn fails_over(family: Family) {
    let mut library = Library::new(family, "mysql-failover").await;
    let mut second = replica(&library.server, 8).await;
    library.start().await;
    library.converges().await;
    library.run("UPDATE book SET title = 'seen' WHERE id = 1").await;
    library.converges().await;
    let filled = generation(&library).await;

    // The replica has everything, also what was not followed yet.
    library.kill().await;
    library.run("UPDATE book SET title = 'while nobody followed' WHERE id = 3").await;
    library.run("DELETE FROM review WHERE id = 1").await;
    caught_up(&library.server, &second).await;
    std::mem::swap(&mut library.server, &mut second);
    second.stop();
    promote(&library.server).await;
    library.connect_again().await;
    library.start().await;
    library.converges().await;
    library.run("INSERT INTO book VALUES (9, 'of the second', 1, 1)").await;
    library.converges().await;
    let refilled = generation(&library).await;
    assert_ne!(refilled, filled, "nobody knows what it had");
    // The same server goes on where it was.
    library.kill().await;
    library.run("UPDATE book SET title = 'on the same server' WHERE id = 1").await;
    library.start().await;
    library.converges().await;
    assert_eq!(generation(&library).await, refilled);

    // The next one never gets the last transaction, which was indexed.
    let mut third = replica(&library.server, 9).await;
    let mut session = session_without_database(&third).await;
    run(&mut session, "STOP REPLICA").await;
    library.run("UPDATE book SET title = 'lost' WHERE id = 2").await;
    library.converges().await;
    library.kill().await;
    std::mem::swap(&mut library.server, &mut third);
    third.stop();
    promote(&library.server).await;
    library.connect_again().await;
    library.run("INSERT INTO review VALUES (20, 1, 3, 'of the third')").await;
    library.start().await;
    library.converges().await;
    assert_ne!(generation(&library).await, refilled, "what is gone was indexed");
    library.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_replica_of_mariadb_takes_its_place() {
    fails_over(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_replica_of_mysql_takes_its_place() {
    fails_over(Family::MySql).await;
}

/// Another server with a database of the same name has none of its transactions.
#[tokio::test(flavor = "multi_thread")]
async fn mysql_another_server_is_no_replica() {
    let mut library = Library::new(Family::MySql, "mysql-another").await;
    library.start().await;
    library.converges().await;
    library.kill().await;
    let another = Library::new(Family::MySql, "mysql-other").await;
    library.server = another.server;
    let once = Options { until_caught_up: true, ..Options::default() };
    library.connect_again().await;
    let error = library.pipeline(once).await.run().await.unwrap_err();
    assert_eq!(error.code(), Some(Code::AnotherOwner), "{error}");
}
