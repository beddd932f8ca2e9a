//! The log that the server keeps for us: it is seen, it moves where nothing happens here, and where it is more than is allowed the
//! slot is given up on purpose. On clusters of their own: everybody's log is kept for a slot.

use crate::support::cluster::{Cluster, middle_home, newest_home, oldest_home};
use crate::support::database::{Database, connect};
use crate::support::engine::{client, request};
use crate::support::process::Process;
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop};
use reqwest::Method;
use serde_json::Value;
use std::time::{Duration, Instant};

const MEGABYTE: i64 = 1 << 20;
const LONG: Duration = Duration::from_secs(120);

fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// Another database of the server, whose owner writes a lot.
async fn busy(server: &str, megabytes: i32) -> Database {
    let neighbour = Database::create(server, "busy_neighbour").await;
    neighbour.run("CREATE TABLE much (t text)").await;
    write(&neighbour, megabytes).await;
    neighbour
}

async fn write(neighbour: &Database, megabytes: i32) {
    for _ in 0..megabytes {
        neighbour.run("INSERT INTO much SELECT repeat(md5(n::text), 32) FROM generate_series(1, 1024) n").await;
    }
}

/// What the server keeps for the slot, and does not have acknowledged.
async fn kept(site: &Site) -> (i64, i64) {
    let sql = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint,
                      pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::bigint
               FROM pg_replication_slots WHERE database = current_database()";
    let row = site.database.client.query_one(sql, &[]).await.unwrap();
    (row.get(0), row.get(1))
}

async fn health(address: &str) -> Value {
    request(&format!("http://{address}"), Method::GET, "/healthz", None).await.1
}

/// Asks until the report is as wanted.
async fn reported(address: &str, process: &Process, wanted: impl Fn(&Value) -> bool) -> Value {
    let end = Instant::now() + LONG;
    loop {
        let report = health(address).await;
        if wanted(&report) {
            return report;
        }
        assert!(Instant::now() < end, "{report}\n{}", process.lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Nothing happens in our database, and much in another one: what is acknowledged follows, and the log goes.
#[tokio::test(flavor = "multi_thread")]
async fn slot_care_an_idle_database_with_a_busy_neighbour_keeps_nothing() {
    for (version, home) in [("oldest", oldest_home()), ("newest", newest_home())] {
        let cluster = Cluster::start(&home, "");
        let site = Site::between(&format!("slot_idle_{version}"), &cluster.url(), servers::opensearch()).await;
        let process = site.follow();
        let neighbour = busy(&cluster.url(), 40).await;
        let end = Instant::now() + LONG;
        loop {
            // Where a slot may begin is noted by a checkpoint, if not by the server itself before.
            neighbour.run("CHECKPOINT").await;
            let (retained, lag) = kept(&site).await;
            if retained < 4 * MEGABYTE && lag < MEGABYTE {
                break;
            }
            assert!(Instant::now() < end, "{version}: {retained} kept, {lag} not acknowledged");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        stop(process);
    }
}

/// What is kept stands in `/healthz`, in `/metrics` and in `status`, in bytes and in seconds.
#[tokio::test(flavor = "multi_thread")]
async fn slot_care_what_is_kept_is_shown() {
    for (version, home) in [("oldest", oldest_home()), ("newest", newest_home())] {
        let limit = if version == "newest" { "max_slot_wal_keep_size = '1GB'" } else { "" };
        let cluster = Cluster::start(&home, limit);
        let site = Site::between(&format!("slot_shown_{version}"), &cluster.url(), servers::opensearch()).await;
        let address = free_address();
        let process = site.start(&["run", "-b", "--listen", &address]);
        process.wait_for(FOLLOWS, LIMIT);
        let holder = site.database.session().await;
        holder.batch_execute("BEGIN; LOCK TABLE review").await.unwrap();
        site.database.run("UPDATE book SET title = 'held up'").await;
        let neighbour = busy(&cluster.url(), 8).await;
        let late = |report: &Value| {
            let kept = &report["log_kept"];
            let bytes = |name: &str| kept[name].as_i64().unwrap_or(0);
            bytes("lag_bytes") > 6 * MEGABYTE
                && bytes("retained_bytes") > 6 * MEGABYTE
                && report["lag_seconds"].as_u64() >= Some(2)
        };
        let report = reported(&address, &process, late).await;
        let kept = &report["log_kept"];
        if version == "newest" {
            assert_eq!(kept["wal_status"], "reserved", "{report}");
            assert!(kept["safe_wal_size"].as_i64() > Some(500 * MEGABYTE), "{report}");
        } else {
            assert!(kept["wal_status"].is_null(), "{report}");
        }
        let page = client().get(format!("http://{address}/metrics")).send().await.unwrap().text().await.unwrap();
        let number = |name: &str| {
            let line = page.lines().find(|line| line.starts_with(&format!("pgsync_{name}{{")));
            line.and_then(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok())
                .unwrap_or_else(|| panic!("{name}: {page}"))
        };
        assert!(number("log_lag_bytes") > 6e6 && number("lag_seconds") >= 2.0 && number("following") == 1.0, "{page}");
        let (status, said) = site.start_with(&["status"], &[("PGSYNC_LISTEN", &address)]).wait(LIMIT);
        let said = said.join("\n");
        assert!(status.success() && said.contains("log kept") && said.contains("lag "), "{said}");
        let late =
            said.lines().find_map(|line| line.strip_prefix("late")?.trim().strip_suffix(" s")?.parse::<u64>().ok());
        assert!(late >= Some(2), "{said}");
        assert!((version == "newest") == said.contains("which it calls reserved"), "{said}");
        holder.batch_execute("COMMIT").await.unwrap();
        reported(&address, &process, |report| report["lag_seconds"] == 0 && report["received"] == report["written"])
            .await;
        site.converges(&process).await;
        drop(neighbour);
        stop(process);
    }
}

/// More is kept than is allowed: the slot is given up, the log goes, and everything is loaded again, also what went meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn slot_care_a_slot_beyond_its_budget_is_given_up() {
    for (version, home) in [("oldest", oldest_home()), ("middle", middle_home()), ("newest", newest_home())] {
        let cluster = Cluster::start(&home, "");
        let mut site = Site::between(&format!("slot_budget_{version}"), &cluster.url(), servers::opensearch()).await;
        // Who may only read and replicate can do it.
        let server = cluster.url();
        let address = server.rsplit_once('@').unwrap().1.split('/').next().unwrap().to_owned();
        site.as_reader(|role, _, database| format!("postgresql://{role}@{address}/{database}")).await;
        let budget = (30 * MEGABYTE).to_string();
        let listen = free_address();
        let process = site.start_with(&["run", "--listen", &listen], &[("PGSYNC_SLOT_BUDGET", &budget)]);
        process.wait_for(FOLLOWS, LIMIT);
        site.converges(&process).await;
        let before = site.physical().await;
        let holder = connect(&site.database.url).await;
        holder.batch_execute("BEGIN; LOCK TABLE review").await.unwrap();
        site.database.run("UPDATE book SET title = 'held up' WHERE id <= 100").await;
        let neighbour = busy(&server, 20).await;
        tokio::time::sleep(Duration::from_secs(7)).await;
        assert!(!process.lines().join("\n").contains("given up"), "{version}: too early");
        write(&neighbour, 40).await;
        process.wait_for("the slot is given up", LONG);
        // The new slot waits for it.
        holder.batch_execute("ROLLBACK").await.unwrap();
        process.wait_for("was made anew", LONG);
        site.database
            .run("DELETE FROM review WHERE book_id BETWEEN 20 AND 30; DELETE FROM book WHERE id BETWEEN 20 AND 30")
            .await;
        site.is_loaded_again(&before, &process, LONG).await;
        site.converges(&process).await;
        let (retained, _) = kept(&site).await;
        assert!(retained < 30 * MEGABYTE, "{version}: {retained} are kept");
        let report = reported(&listen, &process, |report| report["phase"] == "following").await;
        assert_eq!(report["healthy"], true, "{report}");
        stop(process);
    }
}

/// A second process that waits for the first one to end does not take its slot away.
#[tokio::test(flavor = "multi_thread")]
async fn slot_care_who_does_not_work_with_a_slot_does_not_give_it_up() {
    let cluster = Cluster::start(&newest_home(), "");
    let site = Site::between("slot_second", &cluster.url(), servers::opensearch()).await;
    let first = site.follow();
    site.converges(&first).await;
    let before = site.physical().await;
    let holder = site.database.session().await;
    holder.batch_execute("BEGIN; LOCK TABLE review").await.unwrap();
    site.database.run("UPDATE book SET title = 'held up' WHERE id <= 100").await;
    let _neighbour = busy(&cluster.url(), 30).await;
    let second = site.start_with(&["run", "--wait", "60"], &[("PGSYNC_SLOT_BUDGET", "1000000")]);
    second.wait_for("another process works with slot", LONG);
    tokio::time::sleep(Duration::from_secs(15)).await;
    assert!(!second.lines().join("\n").contains("the slot is given up"), "{}", second.lines().join("\n"));
    let slots = "SELECT active FROM pg_replication_slots WHERE database = current_database()";
    assert!(site.database.client.query_one(slots, &[]).await.unwrap().get::<_, bool>(0), "the slot is the first one's");
    holder.batch_execute("COMMIT").await.unwrap();
    second.kill();
    site.converges(&first).await;
    assert_eq!(site.physical().await, before, "it was loaded again");
    stop(first);
}
