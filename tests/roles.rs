//! The whole life of an index under the roles, the ways to log in and the servers that people have: a superuser and the
//! README's role that may only read, trust and SCRAM over TLS, with and without `-b`.

use crate::support::cluster::{middle_home, newest_home, oldest_home};
use crate::support::secured::{Secured, escaped};
use crate::support::servers::{self, postgres_middle, postgres_newest, postgres_oldest};
use crate::support::site::{LIMIT, PASSWORD, Site, readme_role, stop};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Loads, follows every kind of change, is killed, goes on without a load, ends in good order.
async fn life(site: &Site, arguments: &[&str]) {
    // What an earlier cluster has filled is replaced.
    let process = site.start(&[arguments, &["--rebuild", "--take-over"]].concat());
    site.converges(&process).await;
    for change in [
        "INSERT INTO book VALUES (1001, 'new', 'n'); INSERT INTO review VALUES (1001, 1001, 'r')",
        "UPDATE book SET title = 'changed' WHERE id <= 20; UPDATE review SET body = 'changed' WHERE id = 30",
        "DELETE FROM review WHERE id = 40; DELETE FROM book WHERE id = 40",
        "UPDATE review SET book_id = 51 WHERE id = 50",
        "DELETE FROM review WHERE book_id = 1001; UPDATE book SET id = 2001 WHERE id = 1001",
        "TRUNCATE review; INSERT INTO review VALUES (1, 1, 'after the truncate')",
    ] {
        site.database.run(change).await;
        site.converges(&process).await;
    }
    let index = site.physical().await;
    process.kill();
    site.database.run("UPDATE book SET title = 'meanwhile' WHERE id BETWEEN 70 AND 80").await;
    let process = site.start(arguments);
    site.converges(&process).await;
    assert_eq!(site.physical().await, index, "it was loaded again");
    stop(process);
    site.leave().await;
}

async fn trusted(version: &str, server: String) {
    let site = Site::between(&format!("roles_owner_{version}"), &server, servers::opensearch()).await;
    life(&site, &["run", "-b"]).await;

    let mut site = Site::between(&format!("roles_reader_{version}"), &server, servers::opensearch()).await;
    let address = server.rsplit_once('@').unwrap().1.split('/').next().unwrap().to_owned();
    site.as_reader(|role, _, database| format!("postgresql://{role}@{address}/{database}")).await;
    life(&site, &["run"]).await;
}

async fn secured(version: &str, home: PathBuf) {
    let cluster = Secured::start(&home);
    let admin = cluster.cluster.url();

    let mut site = Site::between(&format!("roles_tls_owner_{version}"), &admin, servers::opensearch()).await;
    site.database.run(&format!("CREATE ROLE master SUPERUSER LOGIN PASSWORD '{PASSWORD}'")).await;
    site.settings = vec![("PG_URL".to_owned(), cluster.url("master", PASSWORD, &site.database.name))];
    life(&site, &["run", "-b"]).await;

    let mut site = Site::between(&format!("roles_tls_reader_{version}"), &admin, servers::opensearch()).await;
    site.as_reader(|role, password, database| cluster.url(role, password, database)).await;
    life(&site, &["run"]).await;
    // With nothing to set up, asking for it needs no right.
    let mut site = Site::between(&format!("roles_tls_again_{version}"), &admin, servers::opensearch()).await;
    site.as_reader(|role, password, database| cluster.url(role, password, database)).await;
    life(&site, &["run", "-b"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_trusted_on_the_oldest() {
    trusted("oldest", postgres_oldest()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_trusted_on_the_middle() {
    trusted("middle", postgres_middle()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_trusted_on_the_newest() {
    trusted("newest", postgres_newest()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_secured_on_the_oldest() {
    secured("oldest", oldest_home()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_secured_on_the_middle() {
    secured("middle", middle_home()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_secured_on_the_newest() {
    secured("newest", newest_home()).await;
}

/// A role that may not bootstrap is told what is missing, and nothing is half done.
#[tokio::test(flavor = "multi_thread")]
async fn roles_a_reader_cannot_set_up() {
    let mut site = Site::between("roles_no_setup", &postgres_newest(), servers::opensearch()).await;
    let role = "reader_roles_no_setup";
    let exists = site.database.client.query_opt("SELECT FROM pg_roles WHERE rolname = $1", &[&role]).await.unwrap();
    if exists.is_some() {
        site.database.run(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    }
    site.database.run(&readme_role(role)).await;
    let address = postgres_newest().rsplit_once('@').unwrap().1.split('/').next().unwrap().to_owned();
    let url = format!("postgresql://{role}:{}@{address}/{}", escaped(PASSWORD), site.database.name);
    site.settings = vec![("PG_URL".to_owned(), url)];
    site.fails(&["run", "-b"], 1, &["error[P0302]"]);
    let slots = "SELECT FROM pg_replication_slots WHERE database = current_database()";
    assert!(site.database.client.query_opt(slots, &[]).await.unwrap().is_none());
}

/// The guard's session, and every other of the program, is ended by an administrator again and again.
#[tokio::test(flavor = "multi_thread")]
async fn roles_terminated_sessions_are_opened_again() {
    for (version, server) in servers::postgres_versions() {
        let site = Site::between(&format!("roles_terminated_{version}"), &server, servers::opensearch()).await;
        let mut process = site.follow();
        let index = site.physical().await;
        let until = Instant::now() + Duration::from_secs(8);
        let mut round = 0;
        while Instant::now() < until {
            round += 1;
            site.database
                .run(&format!(
                    "UPDATE book SET title = 'round {round}' WHERE id <= 20;
                     SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE datname = current_database() AND application_name = 'pgsync'"
                ))
                .await;
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert!(process.runs(), "it ended: {}", process.lines().join("\n"));
        }
        site.converges(&process).await;
        assert_eq!(site.physical().await, index, "it was loaded again");
        stop(process);
        site.leave().await;
    }
}

/// The guard asks the catalogue while somebody holds a lock on it, and its session is ended in the middle.
#[tokio::test(flavor = "multi_thread")]
async fn roles_a_catalogue_query_cut_off_is_asked_again() {
    let site = Site::between("roles_cut_off", &postgres_newest(), servers::opensearch()).await;
    let mut process = site.follow();
    let index = site.physical().await;
    let holder = site.database.session().await;
    holder.batch_execute("BEGIN; LOCK TABLE pg_inherits IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let end = Instant::now() + LIMIT;
    loop {
        let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event_type = 'Lock'
                   AND datname = current_database() AND application_name = 'pgsync'";
        if site.database.client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0) > 0 {
            break;
        }
        assert!(Instant::now() < end, "the guard did not ask: {}", process.lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    holder.batch_execute("ROLLBACK").await.unwrap();
    site.database.run("UPDATE book SET title = 'after' WHERE id <= 20").await;
    site.converges(&process).await;
    assert!(process.runs());
    assert_eq!(site.physical().await, index, "it was loaded again");
    stop(process);
    site.leave().await;
}
