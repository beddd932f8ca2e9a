//! Many writers at once, whose transactions overlap, wait and are rolled back, while the program is killed now and then. Every
//! document is what the database says afterwards.

use super::{both, follow, is_emptied, site};
use crate::support::database::connect;
use crate::support::seed::Seed;
use crate::support::site::stop;
use std::time::{Duration, Instant};

const WRITERS: u64 = 6;
const LASTS: Duration = Duration::from_secs(12);

/// Transactions of one writer, until the time is over. Those that meet another one may be refused. How many were committed.
async fn writes(url: String, number: u64, until: Instant) -> u64 {
    let client = connect(&url).await;
    let mut seed = Seed(0x7816_0000 + number);
    let (mut done, mut serial) = (0, 100_000 * (number + 1));
    while Instant::now() < until {
        let mut sql = vec!["BEGIN".to_owned()];
        for _ in 0..=seed.below(4) {
            serial += 1;
            let (book, review) = (1 + seed.below(200), 1 + seed.below(200));
            sql.push(match seed.below(8) {
                0..3 => format!("UPDATE book SET title = 'title {serial}' WHERE id = {book}"),
                3 => format!("UPDATE review SET book_id = {book} WHERE id = {review}"),
                4 => format!("UPDATE review SET body = 'body {serial}' WHERE book_id = {book}"),
                5 => format!("INSERT INTO review VALUES ({serial}, {book}, 'new {serial}')"),
                6 => format!("DELETE FROM review WHERE id = {review} OR id = {}", serial - 20),
                _ => format!("UPDATE book SET note = 'note {serial}' WHERE id = {book}"),
            });
            if seed.below(6) == 0 {
                sql.push("SAVEPOINT s; UPDATE book SET title = 'gone' WHERE id = 7; ROLLBACK TO s".to_owned());
            }
        }
        let mut failed = false;
        for statement in &sql {
            failed |= client.batch_execute(statement).await.is_err();
            if seed.below(3) == 0 {
                tokio::time::sleep(Duration::from_millis(seed.below(60))).await;
            }
        }
        let end = if failed || seed.below(10) == 0 { "ROLLBACK" } else { "COMMIT" };
        client.batch_execute(end).await.unwrap();
        done += u64::from(end == "COMMIT");
    }
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn triggers_keep_up_with_writers_side_by_side() {
    for (version, server, engine) in both() {
        let site = site(&format!("triggers_writers_{version}"), &server, engine).await;
        let mut process = site.follow();
        let filled = site.physical().await;
        let until = Instant::now() + LASTS;
        let writers: Vec<_> =
            (0..WRITERS).map(|number| tokio::spawn(writes(site.database.url.clone(), number, until))).collect();
        for _ in 0..3 {
            tokio::time::sleep(LASTS / 4).await;
            process.kill();
            process = follow(&site);
        }
        let mut done = 0;
        for writer in writers {
            done += writer.await.unwrap();
        }
        assert!(done > 100, "{done} transactions");
        site.converges(&process).await;
        is_emptied(&site).await;
        assert_eq!(site.physical().await, filled, "{}", process.lines().join("\n"));
        println!("{version}: {done} transactions of {WRITERS} writers");
        stop(process);
    }
}
