//! Several hosts in a URL: the first that answers and takes writes is followed, by every session.

use super::library::Library;
use super::*;
use pgsync_runtime::internals::Code;
use pgsync_runtime::internals::pipeline::Options;
use std::net::TcpListener;

async fn found(family: Family) {
    let mut library = Library::new(family, "mysql-hosts").await;
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let replica = BinlogServer::start(family, &["--read-only=1"]);
    // Something that would be loaded, if it were asked.
    let mut other = session(&replica).await;
    run(&mut other, "CREATE TABLE book (id INT PRIMARY KEY)").await;
    let first = format!("127.0.0.1:{nobody},127.0.0.1:{}", replica.port());
    library.hosts = Some(format!("{first},127.0.0.1:{}", library.server.port()));
    library.start().await;
    library.converges().await;
    library.run("UPDATE book SET title = 'on the third host' WHERE id = 1").await;
    library.converges().await;
    library.kill().await;

    library.hosts = Some(first);
    let once = Options { until_caught_up: true, ..Options::default() };
    let error = library.pipeline(once).await.run().await.unwrap_err();
    assert_eq!(error.code(), Some(Code::ReadOnly), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_the_first_host_that_takes_writes_is_followed() {
    found(Family::MariaDb).await;
    found(Family::MySql).await;
}
