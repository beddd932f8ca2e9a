//! `/healthz`: what it says while somebody else's lock or transaction is waited for, and what it bears itself.

use crate::support::cluster::{Cluster, middle_home, newest_home, oldest_home};
use crate::support::engine::request;
use crate::support::process::Process;
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop};
use reqwest::Method;
use serde_json::Value;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// Asks until the report is as wanted, and gives it with its status.
async fn reported(address: &str, process: &Process, limit: Duration, wanted: impl Fn(&Value) -> bool) -> (u16, Value) {
    let end = Instant::now() + limit;
    loop {
        let asked = match TcpStream::connect(address).await {
            Ok(_) => request(&format!("http://{address}"), Method::GET, "/healthz", None).await,
            Err(_) => (0, Value::Null),
        };
        if wanted(&asked.1) {
            return asked;
        }
        assert!(Instant::now() < end, "{asked:?}\n{}", process.lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn waits_for<'a>(words: &'a [&'a str]) -> impl Fn(&Value) -> bool + 'a {
    |report| report["waiting_for"].as_str().is_some_and(|text| words.iter().all(|word| text.contains(word)))
}

/// Sends this and gives the first line of the answer; `None` where the connection ends without one.
async fn asked(address: &str, request: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
    String::from_utf8(answer).unwrap().lines().next().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn half_open_requests_are_few_and_short() {
    let site = Site::new("health_half_open").await;
    let address = free_address();
    let process = site.start(&["run", "-b", "--listen", &address]);
    process.wait_for(FOLLOWS, LIMIT);
    let open = || std::fs::read_dir(format!("/proc/{}/fd", process.id())).unwrap().count();
    let idle = open();
    let mut held = Vec::new();
    for _ in 0..400 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        // One that was refused at once may take nothing any more.
        let _ = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: a\r\nx: ").await;
        held.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(open() < idle + 100, "{} open files, {idle} without these", open());
    // All of them are ended, and then others are served again.
    for stream in &mut held {
        let mut rest = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "a half-open request is kept");
    }
    assert_eq!(asked(&address, "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n").await.as_deref(), Some("HTTP/1.1 200 OK"));
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_report_is_served_and_a_port_alone_is_the_loopback() {
    let site = Site::new("health_port").await;
    let address = free_address();
    let port = address.rsplit_once(':').unwrap().1;
    let process = site.start(&["run", "-b", "--listen", port]);
    process.wait_for(FOLLOWS, LIMIT);
    for (request, answer) in [
        ("GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", "HTTP/1.1 200 OK"),
        ("HEAD /healthz HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK"),
        ("POST /healthz HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n", "HTTP/1.1 405 Method Not Allowed"),
        ("GET / HTTP/1.1\r\nhost: a\r\n\r\n", "HTTP/1.1 404 Not Found"),
    ] {
        assert_eq!(asked(&address, request).await.as_deref(), Some(answer), "{request}");
    }
    let listening = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let wanted = format!("0100007F:{:04X} ", port.parse::<u16>().unwrap());
    assert!(listening.contains(&wanted), "not on 127.0.0.1: {listening}");
    stop(process);
    let process = site.start_with(&["run"], &[("PGSYNC_LISTEN", port)]);
    process.wait_for(FOLLOWS, LIMIT);
    assert!(asked(&address, "GET /healthz HTTP/1.0\r\n\r\n").await.is_some());
    stop(process);
}

/// A prepared transaction has no session: its name is what a person needs. On clusters of their own, as preparing is off
/// by default.
#[tokio::test(flavor = "multi_thread")]
async fn a_prepared_transaction_is_named_and_is_not_healthy_for_long() {
    for (version, home) in [("oldest", oldest_home()), ("middle", middle_home()), ("newest", newest_home())] {
        let cluster = Cluster::start(&home, "");
        let name = format!("health_prepared_{version}");
        let site = Site::between(&name, &cluster.url(), servers::opensearch()).await;
        let (status, said) = site.start(&["bootstrap"]).wait(LIMIT);
        assert!(status.success(), "{}", said.join("\n"));
        let other = site.database.session().await;
        other
            .batch_execute("BEGIN; INSERT INTO book VALUES (1000, 'late'); PREPARE TRANSACTION 'it''s forgotten'")
            .await
            .unwrap();
        let address = free_address();
        let process = site.start(&["run", "--listen", &address]);
        let began = Instant::now();
        let words = ["prepared", "ROLLBACK PREPARED 'it''s forgotten'"];
        let (status, report) = reported(&address, &process, LIMIT, waits_for(&words)).await;
        assert_eq!(status, 200, "{report}");
        if version == "newest" {
            let limit = Duration::from_secs(20);
            let (status, report) = reported(&address, &process, limit, |report| report["healthy"] == false).await;
            assert_eq!(status, 503, "{report}");
            assert!(began.elapsed() > Duration::from_secs(10), "a short wait is nothing: {report}");
        }
        other.batch_execute("ROLLBACK PREPARED 'it''s forgotten'").await.unwrap();
        let well = |report: &Value| report["healthy"] == true && report["phase"] == "following";
        reported(&address, &process, LIMIT, well).await;
        site.converges(&process).await;
        stop(process);
    }
}

/// What a read waits for is another session's lock: whose it is, is said, while loading and while following.
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_a_read_waits_for_is_named() {
    for (version, server) in servers::postgres_versions() {
        let site = Site::between(&format!("health_lock_{version}"), &server, servers::opensearch()).await;
        let (status, said) = site.start(&["bootstrap"]).wait(LIMIT);
        assert!(status.success(), "{}", said.join("\n"));
        let other = site.database.session().await;
        let pid: i32 = other.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
        let (held, pid) = ("SET application_name = 'a forgotten shell'; BEGIN; LOCK TABLE review", pid.to_string());
        // A load waits for the holder's transaction before it reads anything.
        let words = ["a forgotten shell", pid.as_str()];
        other.batch_execute(held).await.unwrap();
        let address = free_address();
        let process = site.start(&["run", "--listen", &address]);
        let (_, report) = reported(&address, &process, LIMIT, waits_for(&words)).await;
        assert_eq!(report["phase"], "loading", "{version}: {report}");
        other.batch_execute("COMMIT").await.unwrap();
        let well = |report: &Value| report["phase"] == "following" && report["waiting_for"].is_null();
        reported(&address, &process, LIMIT, well).await;
        other.batch_execute(held).await.unwrap();
        site.database.run("UPDATE book SET title = title || '.'").await;
        let words = ["public.review", "a forgotten shell", pid.as_str()];
        let (_, report) = reported(&address, &process, LIMIT, waits_for(&words)).await;
        assert_eq!(report["phase"], "following", "{version}: {report}");
        other.batch_execute("COMMIT").await.unwrap();
        reported(&address, &process, LIMIT, well).await;
        site.converges(&process).await;
        stop(process);
    }
}

/// A slot is made when every transaction has ended: whose is left is said. On clusters of their own, for the prepared one.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_slot_waits_for_is_named() {
    for (version, home) in [("oldest", oldest_home()), ("newest", newest_home())] {
        let cluster = Cluster::start(&home, "");
        let site = Site::between(&format!("health_slot_{version}"), &cluster.url(), servers::opensearch()).await;
        let address = free_address();
        let other = site.database.session().await;
        other.batch_execute("SET application_name = 'a forgotten shell'").await.unwrap();
        let pid: i32 = other.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
        for (hold, words, end) in [
            ("", ["a forgotten shell", pid.to_string().as_str()], "ROLLBACK"),
            ("; PREPARE TRANSACTION 'g'", ["prepared", "ROLLBACK PREPARED 'g'"], "ROLLBACK PREPARED 'g'"),
        ] {
            // A table that is not published: nothing else waits for it.
            let open = "CREATE TABLE IF NOT EXISTS aside (id integer); BEGIN; INSERT INTO aside VALUES (1)";
            other.batch_execute(&format!("{open}{hold}")).await.unwrap();
            let process = site.start(&["run", "-b", "--listen", &address]);
            let (_, report) = reported(&address, &process, LIMIT, waits_for(&words)).await;
            assert_eq!(report["phase"], "starting", "{version}: {report}");
            other.batch_execute(end).await.unwrap();
            let well = |report: &Value| report["phase"] == "following" && report["waiting_for"].is_null();
            reported(&address, &process, LIMIT, well).await;
            // The same as the holder of a lock that a read waits for.
            other.batch_execute(&format!("BEGIN; LOCK TABLE review{hold}")).await.unwrap();
            site.database.run("UPDATE book SET title = title || '.'").await;
            let (_, report) = reported(&address, &process, LIMIT, waits_for(&words)).await;
            assert!(report["waiting_for"].to_string().contains("public.review"), "{version}: {report}");
            other.batch_execute(end).await.unwrap();
            reported(&address, &process, LIMIT, well).await;
            stop(process);
            let (status, said) = site.start(&["teardown", "--indexes"]).wait(LIMIT);
            assert!(status.success(), "{}", said.join("\n"));
        }
    }
}
