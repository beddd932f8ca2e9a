//! A server that takes the place of one that is lost, and does not have all that the other had: its log goes on from an
//! earlier position, and uses positions again that documents have as their versions. In: a copy of the disk, promoted on a
//! time line of its own, or started as it is. Out: documents are those of the successor, none of the lost ones is left, and
//! changes are followed.

use crate::support::cluster::{Cluster, newest_home, oldest_home};
use crate::support::database::connect;
use crate::support::servers;
use crate::support::site::{FOLLOWS, Site, stop};
use std::path::Path;
use std::time::Duration;

/// The start looks for a while whether somebody still follows the other.
const PATIENCE: Duration = Duration::from_secs(90);

/// What only the lost server has: new rows, changed ones, and some that are gone there.
const LOST: [&str; 3] = [
    "INSERT INTO book SELECT n, 'lost ' || n FROM generate_series(1001, 3000) n",
    "UPDATE book SET title = 'lost' WHERE id <= 50",
    "DELETE FROM review WHERE id > 150; DELETE FROM book WHERE id BETWEEN 151 AND 200",
];

/// What only the successor has.
const ITS_OWN: &str =
    "UPDATE book SET title = 'of the successor' WHERE id BETWEEN 40 AND 60; DELETE FROM review WHERE book_id = 7";

async fn takes_the_place(home: &Path, engine: String, name: &str, promoted: bool) {
    let mut lost = Cluster::start(home, "");
    let mut site = Site::between(name, &lost.url(), engine).await;
    stop(site.follow());
    lost.stop();
    let mut successor = lost.copy();
    if promoted {
        successor.stop();
        std::fs::write(successor.data().join("standby.signal"), "").unwrap();
        successor.resume();
        connect(&successor.url()).await.batch_execute("SELECT pg_promote()").await.unwrap();
    }
    lost.resume();
    site.database.reconnect().await;
    let process = site.follow();
    for sql in LOST {
        site.database.run(sql).await;
    }
    site.converges(&process).await;
    stop(process);
    lost.stop();
    let place = |url: &str| url.trim_end_matches("/postgres").to_owned();
    site.database.url = site.database.url.replace(&place(&lost.url()), &place(&successor.url()));
    site.database.reconnect().await;
    site.database.run(ITS_OWN).await;
    let process = site.start(&["run", "-b"]);
    process.wait_for(FOLLOWS, PATIENCE);
    site.converges(&process).await;
    // Its positions are below versions that were used, and its changes count all the same.
    site.database.run("UPDATE book SET title = 'later' WHERE id <= 100; DELETE FROM review WHERE id = 20").await;
    site.converges(&process).await;
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promoted_successor_takes_the_place_of_a_lost_server() {
    takes_the_place(&newest_home(), servers::opensearch(), "successor_promoted", true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_set_back_is_loaded_again() {
    takes_the_place(&oldest_home(), servers::elasticsearch(), "successor_set_back", false).await;
}
