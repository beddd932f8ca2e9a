//! Stopping: SIGTERM while something is waited for. `run` has then done what it was asked for (exit code 0), `sync` has
//! not (3): `sync && switch-traffic` must not go on with half an index. Nothing waits longer than a few seconds for the
//! stop, and a second signal ends at once.

use crate::support::cluster::{Cluster, middle_home, newest_home, oldest_home};
use crate::support::process::Process;
use crate::support::proxy::{Faults, Manner, Proxy};
use crate::support::servers;
use crate::support::site::{LIMIT, Site, stop};
use pgsync_codegen::Source;
use pgsync_codegen::catalog::live;
use pgsync_runtime::internals::Code;
use pgsync_runtime::internals::pipeline::{Options, Pipeline};
use pgsync_runtime::internals::settings::{Overrides, Settings};
use std::time::{Duration, Instant};

/// A stop must be through by then: supervisors send SIGKILL 10 to 30 seconds after SIGTERM.
const SOON: Duration = Duration::from_secs(9);

/// Asks it to stop and gives its exit code and what it said.
fn stopped(process: Process) -> (Option<i32>, String) {
    process.terminate();
    let asked = Instant::now();
    let (status, said) = process.wait(LIMIT);
    let said = said.join("\n");
    assert!(asked.elapsed() < SOON, "it took {:?} to stop: {said}", asked.elapsed());
    assert!(!said.contains("panicked"), "{said}");
    (status.code(), said)
}

fn is_stopped_early(process: Process) {
    let (code, said) = stopped(process);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("error[P0101]"), "{said}");
}

fn is_stopped(process: Process) {
    let (code, said) = stopped(process);
    assert_eq!(code, Some(0), "{said}");
}

/// A site whose engine is behind a proxy.
async fn behind_proxy(name: &str) -> (Site, Proxy) {
    let proxy = Proxy::start(&servers::opensearch(), Manner::default()).await;
    let site = Site::between(name, &servers::postgres_newest(), proxy.url.clone()).await;
    (site, proxy)
}

async fn until(condition: impl Fn() -> bool) {
    let end = Instant::now() + LIMIT;
    while !condition() {
        assert!(Instant::now() < end, "it does not come that far");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

const REFUSED: fn() -> Faults = || Faults { refuse: (429, usize::MAX), ..Faults::default() };
const UNREACHABLE: fn() -> Faults = || Faults { lose: usize::MAX, ..Faults::default() };

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_stopped_in_a_load_is_not_done() {
    let (site, proxy) = behind_proxy("stopping_load").await;
    proxy.hold(true);
    for (command, early) in [("sync", true), ("run", false)] {
        let before = proxy.bulks();
        let process = site.start(&[command, "-b", "--rebuild"]);
        until(|| proxy.bulks() > before).await;
        if early { is_stopped_early(process) } else { is_stopped(process) }
    }
    proxy.hold(false);
    let (status, said) = site.start(&["sync", "-b", "--rebuild"]).wait(LIMIT);
    assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_is_heard_in_a_load_that_the_engine_does_not_take() {
    for (name, faults) in [("refused", REFUSED), ("unreachable", UNREACHABLE)] {
        let (site, proxy) = behind_proxy(&format!("stopping_load_{name}")).await;
        proxy.fail(faults());
        for (command, early) in [("sync", true), ("run", false)] {
            let before = proxy.bulks();
            let process = site.start(&[command, "-b", "--rebuild"]);
            until(|| proxy.bulks() > before + 2).await;
            if early { is_stopped_early(process) } else { is_stopped(process) }
        }
    }
}

/// Changes have been read that the engine does not take.
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_is_heard_while_the_engine_takes_no_change() {
    for (name, faults) in [("refused", REFUSED), ("unreachable", UNREACHABLE)] {
        let (site, proxy) = behind_proxy(&format!("stopping_follow_{name}")).await;
        stop(site.follow());
        site.database.run("UPDATE book SET title = title || '.'").await;
        for (command, early) in [("sync", true), ("run", false)] {
            proxy.fail(faults());
            let before = proxy.bulks();
            let process = site.start(&[command]);
            until(|| proxy.bulks() > before + 2).await;
            if early {
                is_stopped_early(process);
            } else {
                is_stopped(process);
            }
            proxy.fail(Faults::default());
        }
        // What was read and not written is read again.
        let process = site.follow();
        site.converges(&process).await;
        stop(process);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_is_heard_while_the_engine_is_not_there_at_the_start() {
    let mut site = Site::new("stopping_nobody").await;
    site.engine = "http://127.0.0.1:1".to_owned();
    for (command, early) in [("sync", true), ("run", false)] {
        let process = site.start(&[command, "-b", "--wait", "600"]);
        process.wait_for("127.0.0.1:1", LIMIT);
        // In one of the longer pauses.
        tokio::time::sleep(Duration::from_secs(3)).await;
        if early { is_stopped_early(process) } else { is_stopped(process) }
    }
}

/// A load waits for every transaction of its database that may be committing. On clusters of their own, as every slot that
/// is made on a server waits for it too.
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_is_heard_while_an_open_transaction_is_waited_for() {
    for (version, home) in [("oldest", oldest_home()), ("middle", middle_home()), ("newest", newest_home())] {
        let cluster = Cluster::start(&home, "");
        let name = format!("stopping_open_{version}");
        let site = Site::between(&name, &cluster.url(), servers::opensearch()).await;
        let (status, said) = site.start(&["bootstrap"]).wait(LIMIT);
        assert!(status.success(), "{}", said.join("\n"));
        let open = site.database.session().await;
        let busy = "BEGIN; INSERT INTO book VALUES (1000, 'late'); SELECT pg_sleep(60)";
        tokio::spawn(async move { open.batch_execute(busy).await });
        tokio::time::sleep(Duration::from_millis(300)).await;
        for (command, early) in [("sync", true), ("run", false)] {
            let process = site.start(&[command]);
            process.wait_for("to become visible", LIMIT);
            if early { is_stopped_early(process) } else { is_stopped(process) }
        }
    }
}

/// A commit that waits for a standby is in the stream and not yet visible. On a cluster of its own, as every commit waits.
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_is_heard_while_a_commit_waits_for_its_standby() {
    let cluster = Cluster::start(&newest_home(), "");
    let site = Site::between("stopping_sync_rep", &cluster.url(), servers::opensearch()).await;
    stop(site.follow());
    site.database.run("ALTER SYSTEM SET synchronous_standby_names = 'ghost'").await;
    site.database.run("SELECT pg_reload_conf()").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let waiting = site.database.session().await;
    let commit = tokio::spawn(async move { waiting.batch_execute("UPDATE book SET title = 'new' WHERE id = 1").await });
    for (command, early) in [("sync", true), ("run", false)] {
        let process = site.start(&[command]);
        process.wait_for("to become visible", LIMIT);
        if early { is_stopped_early(process) } else { is_stopped(process) }
    }
    assert!(!commit.is_finished(), "the commit was to wait for a standby");
}

/// Everything is written and recorded; that the server does not end the stream is no failure. On a cluster of its own,
/// as a process of it is halted.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_does_not_end_makes_no_stop_a_failure() {
    let cluster = Cluster::start(&newest_home(), "");
    let site = Site::between("stopping_close", &cluster.url(), servers::opensearch()).await;
    let process = site.follow();
    site.converges(&process).await;
    let sql = "SELECT active_pid FROM pg_replication_slots WHERE active";
    let pid: i32 = site.database.client.query_one(sql, &[]).await.unwrap().get(0);
    let signal = |name: &str| {
        let status = std::process::Command::new("kill").args([name, &pid.to_string()]).status().unwrap();
        assert!(status.success());
    };
    signal("-STOP");
    process.terminate();
    let (status, said) = process.wait(LIMIT);
    signal("-CONT");
    assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_at_once() {
    let (site, proxy) = behind_proxy("stopping_twice").await;
    let process = site.follow();
    stop(process);
    site.database.run("UPDATE book SET title = title || '.'").await;
    proxy.hold(true);
    for (first, second, code) in [("-TERM", "-TERM", 143), ("-INT", "-TERM", 143), ("-TERM", "-INT", 130)] {
        let before = proxy.bulks();
        let process = site.start(&["run"]);
        until(|| proxy.bulks() > before).await;
        process.signal(first);
        tokio::time::sleep(Duration::from_millis(500)).await;
        process.signal(second);
        let asked = Instant::now();
        let (status, said) = process.wait(LIMIT);
        assert_eq!(status.code(), Some(code), "{first} {second}: {}", said.join("\n"));
        assert!(asked.elapsed() < Duration::from_secs(2), "{first} {second}: {:?}", asked.elapsed());
    }
}

/// As a library: the token is heard, and `run` says whether it has done what it was asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_pipeline_that_is_stopped_early_says_so() {
    let (site, proxy) = behind_proxy("stopping_library").await;
    proxy.fail(REFUSED());
    let catalog = live::read(&site.database.session().await, &["public".to_owned()]).await.unwrap();
    let text = std::fs::read_to_string(site.directory.path().join("schema.json")).unwrap();
    let (program, _) = pgsync_codegen::compile(&Source::new("schema.json", text), &catalog).unwrap();
    let variables = [("PG_URL", &site.database.url), ("ELASTICSEARCH_URL", &site.engine)];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.clone())).into();
    let (settings, _) = Settings::from_variables(variables, &Overrides::default()).unwrap();
    for (until_caught_up, code) in [(true, Some(Code::Stopped)), (false, None)] {
        let options = Options { bootstrap: true, until_caught_up, ..Options::default() };
        let pipeline = Pipeline::from_plan(program.clone(), settings.clone(), options).unwrap();
        let stop = pipeline.stop_token();
        let before = proxy.bulks();
        let run = tokio::spawn(async move { pipeline.run().await });
        until(|| proxy.bulks() > before + 2).await;
        stop.cancel();
        let ended = tokio::time::timeout(SOON, run).await.expect("the stop is heard").unwrap();
        assert_eq!(ended.as_ref().err().and_then(pgsync_runtime::internals::Error::code), code, "{ended:?}");
    }
}
