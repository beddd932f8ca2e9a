//! Read your writes: whoever has committed waits until searches find it, asked of the running process or of the state; and the
//! order in which the index shows what one client has committed. On real servers, while others write.

use crate::support::database::connect;
use crate::support::engine::request;
use crate::support::process::Process;
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// Commits that clients wait for and search.
const COMMITS: usize = 1000;
const CLIENTS: usize = 8;

fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

async fn caught_up(address: &str, query: &str) -> (u16, Value) {
    request(&format!("http://{address}"), Method::GET, &format!("/caught-up?{query}"), None).await
}

/// The titles that a search for a key finds.
async fn search(site: &Site, id: usize) -> Vec<String> {
    let body = json!({ "query": { "term": { "id": id } } });
    let (status, found) = request(&site.engine, Method::POST, &format!("/{}/_search", site.index), Some(&body)).await;
    assert_eq!(status, 200, "{found}");
    let hits = found["hits"]["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["_source"]["title"].as_str().unwrap().to_owned()).collect()
}

/// The title that a document has, searched for or not.
async fn get(site: &Site, id: usize) -> Vec<String> {
    let (_, found) = request(&site.engine, Method::GET, &format!("/{}/_doc/{id}", site.index), None).await;
    found["_source"]["title"].as_str().map(str::to_owned).into_iter().collect()
}

/// Others that write all the time, until they are told to stop.
struct Others {
    stop: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<u64>>,
}

impl Others {
    async fn start(site: &Site, count: usize) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut tasks = Vec::new();
        for other in 0..count {
            let (session, stop) = (site.database.session().await, Arc::clone(&stop));
            tasks.push(tokio::spawn(async move {
                let mut commits = 0;
                while !stop.load(Ordering::Relaxed) {
                    let sql = format!(
                        "UPDATE book SET title = 'other {other} {commits}' WHERE id BETWEEN {0} AND {0} + 20;
                         UPDATE review SET body = 'other {commits}' WHERE id = {0}",
                        1 + other * 30
                    );
                    session.batch_execute(&sql).await.unwrap();
                    commits += 1;
                    // Enough for a run of several in each read, and time for others on the machine.
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                commits
            }));
        }
        Self { stop, tasks }
    }

    /// How many commits they made.
    async fn end(self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        let mut commits = 0;
        for task in self.tasks {
            commits += task.await.unwrap();
        }
        commits
    }
}

async fn following(name: &str, more: &[&str]) -> (Site, Process, String) {
    captured(name, "replication", more).await
}

async fn captured(name: &str, capture: &str, more: &[&str]) -> (Site, Process, String) {
    let mut site = Site::new(name).await;
    site.settings.push(("PGSYNC_CAPTURE".to_owned(), capture.to_owned()));
    let address = free_address();
    let process = site.start(&[&["run", "-b", "--listen", &address], more].concat());
    process.wait_for(FOLLOWS, LIMIT);
    (site, process, address)
}

/// Ways in which a client learns where its commit is, one of them without waiting for the disk.
const WAYS: [(&str, &str); 4] = [
    ("SET synchronous_commit = on", "SELECT pg_current_wal_flush_lsn()::text"),
    ("SET synchronous_commit = on", "SELECT pg_current_wal_lsn()::text"),
    ("SET synchronous_commit = on", "SELECT pg_current_wal_insert_lsn()::text"),
    ("SET synchronous_commit = off", "SELECT pg_current_wal_insert_lsn()::text"),
];

/// One client: commits, waits and searches, again and again. Its slowest wait.
async fn waits(site: Arc<Site>, address: String, of: usize) -> Duration {
    let client = site.database.session().await;
    let mut slowest = Duration::ZERO;
    for number in 0..COMMITS / CLIENTS {
        let (set, ask) = WAYS[number % WAYS.len()];
        let (id, title) = (10_000 + of * COMMITS + number / 3, format!("mine {number}"));
        let sql = format!(
            "{set}; INSERT INTO book VALUES ({id}, '{title}') ON CONFLICT (id) DO UPDATE SET title = excluded.title"
        );
        client.batch_execute(&sql).await.unwrap();
        let lsn: String = client.query_one(ask, &[]).await.unwrap().get(0);
        let asked = Instant::now();
        // A refresh takes long enough for what was claimed too early to be written: others ask for the document itself.
        let refresh = number % 3 == 0;
        let (status, said) = caught_up(&address, &format!("lsn={lsn}&refresh={refresh}&timeout=30")).await;
        assert_eq!(status, 200, "{said}");
        slowest = slowest.max(asked.elapsed());
        let found = if refresh { search(&site, id).await } else { get(&site, id).await };
        assert_eq!(found, [title], "commit {number} at {lsn} by {ask}: {said}");
    }
    slowest
}

#[tokio::test(flavor = "multi_thread")]
async fn wait_a_client_always_finds_what_it_has_waited_for() {
    all_find("wait_reads", "replication").await;
}

/// The log has more than the disk all the time: a place that is on disk says nothing of what is in the log behind it.
#[tokio::test(flavor = "multi_thread")]
async fn wait_a_client_always_finds_what_it_has_waited_for_by_triggers() {
    all_find("wait_reads_triggers", "triggers").await;
}

/// Transactions that fill the log and are rolled back, of which nothing has to be on disk.
async fn fills_the_log(site: &Site) -> JoinHandle<()> {
    let session = site.database.session().await;
    session.batch_execute("CREATE TABLE filling (id integer)").await.unwrap();
    tokio::spawn(async move {
        loop {
            session.batch_execute("BEGIN").await.unwrap();
            for _ in 0..20 {
                session.batch_execute("INSERT INTO filling SELECT generate_series(1, 20)").await.unwrap();
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            session.batch_execute("ROLLBACK").await.unwrap();
        }
    })
}

async fn all_find(name: &str, capture: &str) {
    let (site, process, address) = captured(name, capture, &[]).await;
    let others = Others::start(&site, 3).await;
    let filling = fills_the_log(&site).await;
    let (site, began) = (Arc::new(site), Instant::now());
    let clients = (0..CLIENTS).map(|of| tokio::spawn(waits(Arc::clone(&site), address.clone(), of)));
    let mut slowest = Duration::ZERO;
    for client in clients.collect::<Vec<_>>() {
        slowest = slowest.max(client.await.unwrap_or_else(|error| panic!("{error}\n{}", process.lines().join("\n"))));
    }
    let elapsed = began.elapsed();
    filling.abort();
    let theirs = others.end().await;
    println!("{COMMITS} commits found in {elapsed:?}, the slowest wait {slowest:?}, beside {theirs} commits of others");
    assert!(theirs > 100, "nobody else wrote: {theirs}");
    site.converges(&process).await;
    stop(process);
}

/// Several clients at once: their refreshes are shared.
#[tokio::test(flavor = "multi_thread")]
async fn wait_many_clients_share_refreshes() {
    let (site, process, address) = following("wait_many", &[]).await;
    let refreshes = async || {
        let path = format!("/{}/_stats/refresh", site.index);
        let (_, found) = request(&site.engine, Method::GET, &path, None).await;
        found["_all"]["primaries"]["refresh"]["external_total"].as_u64().unwrap()
    };
    let before = refreshes().await;
    let site = Arc::new(site);
    let clients = (0..50).map(|client| {
        let (site, address) = (Arc::clone(&site), address.clone());
        tokio::spawn(async move {
            let session = site.database.session().await;
            for number in 0..10 {
                let (id, title) = (20_000 + client * 100 + number, format!("of {client}"));
                session.batch_execute(&format!("INSERT INTO book VALUES ({id}, '{title}')")).await.unwrap();
                let lsn: String =
                    session.query_one("SELECT pg_current_wal_insert_lsn()::text", &[]).await.unwrap().get(0);
                let (status, said) = caught_up(&address, &format!("lsn={lsn}&refresh=true&timeout=30")).await;
                assert_eq!(status, 200, "{said}");
                assert_eq!(search(&site, id).await, [title], "{lsn}: {said}");
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    let path = format!("/{}/_stats/refresh", site.index);
    let (_, found) = request(&site.engine, Method::GET, &path, None).await;
    let after = found["_all"]["primaries"]["refresh"]["external_total"].as_u64().unwrap();
    println!("500 waits of 50 clients, {} refreshes", after - before);
    assert!(after - before < 400, "{} refreshes for 500 waits", after - before);
    stop(process);
}

/// A client commits A, waits until that is written, and commits B. Whoever sees B finds A, by key and by search, while others
/// write. Without the wait B may show for a moment before A does: documents are read as they are.
#[tokio::test(flavor = "multi_thread")]
async fn wait_what_comes_after_a_commit_that_was_waited_for_never_shows_before_it() {
    let (site, process, address) = following("wait_order", &[]).await;
    let (a, b) = (30_001, 30_002);
    site.database.run(&format!("INSERT INTO book VALUES ({a}, '0'), ({b}, '0')")).await;
    site.converges(&process).await;
    let others = Others::start(&site, 2).await;
    let ended = Arc::new(AtomicBool::new(false));
    let writer = {
        let (session, ended) = (site.database.session().await, Arc::clone(&ended));
        tokio::spawn(async move {
            let mut number = 0;
            while !ended.load(Ordering::Relaxed) {
                number += 1;
                for id in [a, b] {
                    if id == b {
                        let lsn: String =
                            session.query_one("SELECT pg_current_wal_insert_lsn()::text", &[]).await.unwrap().get(0);
                        let (status, said) = caught_up(&address, &format!("lsn={lsn}&timeout=30")).await;
                        assert_eq!(status, 200, "{said}");
                    }
                    session
                        .batch_execute(&format!("UPDATE book SET title = '{number}' WHERE id = {id}"))
                        .await
                        .unwrap();
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            number
        })
    };
    let site = Arc::new(site);
    let refresher = {
        let (site, ended) = (Arc::clone(&site), Arc::clone(&ended));
        tokio::spawn(async move {
            while !ended.load(Ordering::Relaxed) {
                request(&site.engine, Method::POST, &format!("/{}/_refresh", site.index), None).await;
            }
        })
    };
    let by_key = async |id: usize| {
        let (_, found) = request(&site.engine, Method::GET, &format!("/{}/_doc/{id}", site.index), None).await;
        found["_source"]["title"].as_str().unwrap().parse::<u64>().unwrap()
    };
    let by_search = async |id: usize| search(&site, id).await[0].parse::<u64>().unwrap();
    let (end, mut looks, mut wrong) = (Instant::now() + Duration::from_secs(30), 0, Vec::new());
    while Instant::now() < end {
        let seen = by_key(b).await;
        let found = by_key(a).await;
        if found < seen {
            wrong.push(format!("by key: B at {seen}, A at {found}"));
        }
        let seen = by_search(b).await;
        let found = by_search(a).await;
        if found < seen {
            wrong.push(format!("by search: B at {seen}, A at {found}"));
        }
        looks += 2;
    }
    ended.store(true, Ordering::Relaxed);
    let commits = writer.await.unwrap();
    refresher.await.unwrap();
    others.end().await;
    println!("{looks} looks at {commits} pairs of commits, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{} of {looks}: {:?}", wrong.len(), &wrong[..wrong.len().min(5)]);
    site.converges(&process).await;
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn wait_says_what_it_cannot_wait_for() {
    let (site, process, address) = following("wait_refused", &[]).await;
    let lsn = async |sql: &str| -> String { site.database.client.query_one(sql, &[]).await.unwrap().get(0) };
    let end = lsn("SELECT pg_current_wal_insert_lsn()::text").await;
    let timeline = "SELECT (('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int)::text";
    let timeline = lsn(timeline).await;
    for (query, status) in [
        ("lsn=yesterday".to_owned(), 400),
        ("timeout=1".to_owned(), 400),
        (format!("lsn={end}&timeout=100"), 400),
        (format!("lsn={end}&database=other"), 400),
        ("lsn=FF/0".to_owned(), 409),
        (format!("lsn={end}&timeout=20"), 200),
        (format!("lsn={end}&database=wait_refused"), 200),
        (format!("lsn={end}@{timeline}"), 200),
        (format!("lsn={end}@7"), 409),
        (format!("lsn={end}@x"), 400),
    ] {
        let (found, said) = caught_up(&address, &query).await;
        assert_eq!(found, status, "{query}: {said}");
    }
    // Held up: a document cannot be read while its table is locked.
    let holder = site.database.session().await;
    holder.batch_execute("BEGIN; LOCK TABLE review").await.unwrap();
    site.database.run("UPDATE book SET title = 'held up' WHERE id = 1").await;
    let lsn = lsn("SELECT pg_current_wal_insert_lsn()::text").await;
    let (status, said) = caught_up(&address, &format!("lsn={lsn}&timeout=1.5")).await;
    assert_eq!((status, &said["caught_up"]), (202, &json!(false)), "{said}");
    let held = ["wait", "--lsn", &lsn, "--timeout", "2", "--listen", &address];
    site.fails(&held, 3, &["error[P0911]", "was not written within 2 s"]);
    holder.batch_execute("COMMIT").await.unwrap();
    let (status, said) = caught_up(&address, &format!("lsn={lsn}&timeout=30")).await;
    assert_eq!(status, 200, "{said}");
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn wait_as_a_command_asks_the_process_or_the_state() {
    let (site, process, address) = following("wait_command", &[]).await;
    let done = |arguments: &[&str], words: &[&str]| {
        let (status, said) = site.start(&[&["wait"], arguments].concat()).wait(LIMIT);
        let said = said.join("\n");
        assert_eq!(status.code(), Some(0), "{said}");
        assert!(words.iter().all(|word| said.contains(word)), "{words:?}: {said}");
    };
    for number in 0..10 {
        let title = format!("now {number}");
        site.database.run(&format!("UPDATE book SET title = '{title}' WHERE id = 7")).await;
        let by: &[&str] = if number % 2 == 0 { &["--listen", &address] } else { &[] };
        let words: &[&str] = if number % 2 == 0 { &["the running process at"] } else { &["the state in"] };
        done(&[&["--now", "--refresh"], by].concat(), words);
        assert_eq!(search(&site, 7).await, [title]);
    }
    done(&["--now", "--json"], &["\"caught_up\":true", "\"through\":\"the state in the index `pgsync-state`\""]);
    let nobody = free_address();
    done(&["--now", "--listen", &nobody], &["does not answer", "the state in"]);
    site.fails(&["wait", "--lsn", "now"], 2, &["error[P0912]", "0/16B3748"]);
    let (status, said) = site.start(&["wait", "--lsn", "0/1@1"]).wait(LIMIT);
    assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
    site.fails(&["wait", "--lsn", "0/1@7"], 1, &["error[P0913]"]);
    site.fails(&["wait", "--lsn", "FF/0"], 1, &["error[P0913]", "which ends at"]);
    site.fails(&["wait"], 2, &["--lsn"]);
    site.fails(&["wait", "--now", "--listen", servers::opensearch().rsplit_once('/').unwrap().1], 1, &["error[P0914]"]);
    stop(process);
    // Nobody follows: what is committed now is not written.
    site.database.run("UPDATE book SET title = 'unseen' WHERE id = 7").await;
    site.fails(&["wait", "--now", "--timeout", "1"], 3, &["error[P0911]"]);
}

/// The server sits at the beginning of a page of its log: nothing more comes, and what is there is written.
#[tokio::test(flavor = "multi_thread")]
async fn wait_for_now_ends_where_nothing_follows() {
    let (site, process, address) = following("wait_page", &[]).await;
    let lsn: String = {
        site.database.run("UPDATE book SET title = 'last' WHERE id = 7; SELECT pg_switch_wal()").await;
        let sql = "SELECT pg_current_wal_insert_lsn()::text";
        site.database.client.query_one(sql, &[]).await.unwrap().get(0)
    };
    let (status, said) = caught_up(&address, &format!("lsn={lsn}&timeout=20&refresh=true")).await;
    assert_eq!(status, 200, "{lsn}: {said}");
    assert_eq!(search(&site, 7).await, ["last"]);
    stop(process);
}

/// Connections that send nothing, however many, keep nobody from being answered; who is slow is cut; a large head is refused.
#[tokio::test(flavor = "multi_thread")]
async fn wait_idle_connections_do_not_stop_an_answer() {
    let (site, process, address) = following("wait_idle", &[]).await;
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(TcpStream::connect(&address).await.unwrap());
    }
    let lsn: String = {
        let sql = "SELECT pg_current_wal_insert_lsn()::text";
        site.database.client.query_one(sql, &[]).await.unwrap().get(0)
    };
    for _ in 0..5 {
        let asked = Instant::now();
        let (status, _) = request(&format!("http://{address}"), Method::GET, "/healthz", None).await;
        assert_eq!(status, 200);
        let (status, said) = caught_up(&address, &format!("lsn={lsn}")).await;
        assert_eq!(status, 200, "{said}");
        assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    }
    // One that sends a letter a second.
    let mut slow = TcpStream::connect(&address).await.unwrap();
    let began = Instant::now();
    for letter in b"GET /healthz HTTP/1.1\r\nhost: a\r\nx: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" {
        if slow.write_all(&[*letter]).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
    let mut large = TcpStream::connect(&address).await.unwrap();
    let head = format!("GET /healthz HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "a".repeat(100_000));
    let _ = large.write_all(head.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = large.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    // Waits have places of their own, and there are so many of them.
    let waiting = (0..300).map(|_| {
        let (address, query) = (address.clone(), "lsn=FE/0&timeout=0.9".to_owned());
        tokio::spawn(async move { caught_up(&address, &query).await.0 })
    });
    let mut said = std::collections::BTreeMap::<u16, usize>::new();
    for wait in waiting.collect::<Vec<_>>() {
        *said.entry(wait.await.unwrap()).or_default() += 1;
    }
    assert!(said.keys().all(|status| [409, 503].contains(status)), "{said:?}");
    assert!(said[&409] >= 200 && said.values().sum::<usize>() == 300, "{said:?}");
    let (status, page) = text(&address, "/metrics").await;
    assert!(status == 200 && page.contains("pgsync_healthy{database=\"wait_idle\"} 1"), "{page}");
    assert!(page.contains("pgsync_log_retained_bytes") && page.contains("pgsync_lag_seconds"), "{page}");
    stop(process);
}

async fn text(address: &str, path: &str) -> (u16, String) {
    let answer = crate::support::engine::client().get(format!("http://{address}{path}")).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// A page of the language that people write waits in: one session of theirs that commits and waits, as docs/wait.md has it.
#[tokio::test(flavor = "multi_thread")]
async fn wait_is_not_answered_while_nothing_is_followed() {
    let site = Site::new("wait_starting").await;
    let address = free_address();
    let holder = connect(&site.database.url).await;
    holder.batch_execute("BEGIN; INSERT INTO book VALUES (5000, 'open')").await.unwrap();
    let process = site.start(&["run", "-b", "--listen", &address]);
    let end = Instant::now() + LIMIT;
    loop {
        if TcpStream::connect(&address).await.is_ok() {
            let (status, said) = caught_up(&address, "lsn=0/1").await;
            if said["why"].as_str().is_some_and(|why| why.contains("it does not follow now")) {
                assert_eq!(status, 503, "{said}");
                break;
            }
        }
        assert!(Instant::now() < end, "{}", process.lines().join("\n"));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // The command goes on asking.
    let waiting = site.start(&["wait", "--lsn", "0/1", "--listen", &address, "--timeout", "60"]);
    tokio::time::sleep(Duration::from_secs(1)).await;
    holder.batch_execute("COMMIT").await.unwrap();
    let (status, said) = waiting.wait(LIMIT);
    assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
    process.wait_for(FOLLOWS, Duration::from_millis(1));
    stop(process);
}
