//! A start while definitions change, over and over: a table that is being changed is there.

use super::library::{LIMIT, Library};
use super::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

async fn starts(family: Family) {
    let library = Library::new(family, "mysql-redefined").await;
    let directory = tempfile::tempdir().unwrap();
    let (stop, changes) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let mut changing = session(&library.server).await;
    let (until, counted) = (Arc::clone(&stop), Arc::clone(&changes));
    let task = tokio::spawn(async move {
        while !until.load(Ordering::Relaxed) {
            for table in ["review", "book", "author"] {
                run(&mut changing, &format!("ALTER TABLE {table} FORCE")).await;
                counted.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    for _ in 0..5 {
        let mut process = library.process(&directory, &["run", "-b"]);
        let end = std::time::Instant::now() + Duration::from_secs(2);
        while process.runs() && std::time::Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(process.runs(), "it has ended: {}", process.lines().join("\n"));
        process.kill();
    }
    stop.store(true, Ordering::Relaxed);
    task.await.unwrap();
    assert!(changes.load(Ordering::Relaxed) > 20, "{changes:?}");
    let mut process = library.process(&directory, &["run", "-b"]);
    process.wait_for("following the stream", LIMIT);
    assert!(process.runs());
    process.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_start_beside_changes_of_definitions_goes_on_on_mariadb() {
    starts(Family::MariaDb).await;
}
