//! The state in a directory: kept over kills, waited for while the directory is away, never taken for one that was never
//! there, and given up for the state index and back without a lost change.

use crate::support::engine::request;
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop, until};
use reqwest::Method;
use serde_json::Value;
use std::path::PathBuf;

/// A site with a directory and a state index that are its own.
async fn site(name: &str) -> (Site, PathBuf) {
    let mut site = Site::between(name, &servers::postgres_newest(), servers::opensearch()).await;
    request(&site.engine, Method::DELETE, &format!("/{name}-state-1"), None).await;
    let directory = site.directory.path().join("state");
    std::fs::create_dir(&directory).unwrap();
    site.settings = vec![("PGSYNC_STATE_INDEX".to_owned(), format!("{name}-state"))];
    in_directory(&mut site, &directory);
    (site, directory)
}

fn in_directory(site: &mut Site, directory: &std::path::Path) {
    site.settings.push(("CHECKPOINT_PATH".to_owned(), directory.to_str().unwrap().to_owned()));
}

async fn change(site: &Site, title: &str) {
    site.database.run(&format!("UPDATE book SET title = '{title}' WHERE id <= 10")).await;
}

fn files(directory: &std::path::Path) -> Vec<String> {
    let names = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| name != "lock");
    names.sort_unstable();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_in_a_directory_outlives_a_kill() {
    let (site, directory) = site("checkpoint_kept").await;
    let process = site.follow();
    let slot = site.slot().await;
    process.kill();
    assert_eq!(files(&directory), ["indexes.json", "json", "tables.json"].map(|end| format!("{slot}.{end}")));
    let state = request(&site.engine, Method::HEAD, "/checkpoint_kept-state-1", None).await.0;
    assert_eq!(state, 404, "there is a state index besides");
    change(&site, "while it was away").await;
    let process = site.follow();
    site.converges(&process).await;
    assert_eq!(site.written().await, 210, "nothing is loaded again");
    let (status, said) = site.start(&["wait", "--now", "--refresh"]).wait(LIMIT);
    assert!(status.success() && said.join("\n").contains("the state in"), "{}", said.join("\n"));
    let (_, said) = site.start(&["status", "--json"]).wait(LIMIT);
    let status: Value = serde_json::from_str(said.iter().find(|line| line.starts_with('{')).unwrap()).unwrap();
    assert!(status["written"].is_string(), "{status}");
    stop(process);
    let (status, said) = site.start(&["teardown", "--indexes"]).wait(LIMIT);
    assert!(status.success(), "{}", said.join("\n"));
    assert_eq!(files(&directory), [""; 0]);
}

/// A volume that goes away while the program runs is waited for, and nothing is acknowledged that is not in it.
#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_away_is_waited_for() {
    let (site, directory) = site("checkpoint_away").await;
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let process = site.start(&["run", "-b", "--listen", &address]);
    process.wait_for(FOLLOWS, LIMIT);
    let waiting = async || {
        let (_, report) = request(&format!("http://{address}"), Method::GET, "/healthz", None).await;
        report["waiting_for"].as_str().is_some_and(|text| text.contains("state"))
    };
    let away = site.directory.path().join("away");
    std::fs::rename(&directory, &away).unwrap();
    change(&site, "away").await;
    let end = site.log_end().await;
    let acknowledged = async || site.acknowledged(&end).await;
    site.converges(&process).await;
    until(&process, "it does not say that it waits", waiting).await;
    assert!(!acknowledged().await);
    std::fs::rename(&away, &directory).unwrap();
    until(&process, "it is not acknowledged", acknowledged).await;
    until(&process, "it still waits", async || !waiting().await).await;
    stop(process);
    // At the start it is asked for.
    std::fs::rename(&directory, &away).unwrap();
    site.fails(&["run", "-b"], 1, &["CHECKPOINT_PATH", "is not there", "mount the volume"]);
    site.fails(&["doctor"], 1, &["[state] CHECKPOINT_PATH", "is not there", "mount the volume"]);
    std::fs::rename(&away, &directory).unwrap();
    let process = site.follow();
    site.converges(&process).await;
    assert_eq!(site.written().await, 210, "nothing is loaded again");
    stop(process);
}

/// What stands in the other place is from before.
#[tokio::test(flavor = "multi_thread")]
async fn the_place_of_the_state_may_be_changed_and_changed_back() {
    let (mut site, directory) = site("checkpoint_moved").await;
    for round in 0..4 {
        if round % 2 == 0 {
            in_directory(&mut site, &directory);
        } else {
            site.settings.retain(|(name, _)| name != "CHECKPOINT_PATH");
        }
        let process = site.follow();
        site.converges(&process).await;
        change(&site, &format!("followed in round {round}")).await;
        site.database.run(&format!("DELETE FROM review WHERE id = {}", 50 + round)).await;
        site.converges(&process).await;
        process.kill();
        change(&site, &format!("away in round {round}")).await;
        site.database
            .run(&format!("DELETE FROM review WHERE book_id = {0}; DELETE FROM book WHERE id = {0}", 100 + round))
            .await;
    }
    // All of it lost: everything is loaded again.
    for name in files(&directory) {
        std::fs::remove_file(directory.join(name)).unwrap();
    }
    in_directory(&mut site, &directory);
    let process = site.follow();
    site.converges(&process).await;
    stop(process);
}
