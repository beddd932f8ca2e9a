//! What triggers cost whoever writes: the processor time of the writer's session, beside that of the same statements without
//! triggers. Printed; and held below what nobody would put up with.

use super::newest;
use crate::support::site::{LIMIT, Site};

const ROWS: u32 = 50_000;
const TRANSACTIONS: u32 = 5000;
/// Nobody would put up with more.
const MOST: f64 = 12.0;

/// Processor time that a session of the server has had, in hundredths of a second.
fn ticks(pid: i32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, numbers) = stat.rsplit_once(") ").unwrap();
    numbers.split(' ').skip(11).take(2).map(|number| number.parse::<u64>().unwrap()).sum()
}

/// Statements of four kinds with microseconds for each row: rows that come, a change of many rows, one that concerns no
/// document, many small transactions.
async fn statements(site: &Site, pid: i32) -> Vec<(&'static str, f64)> {
    for sql in ["DELETE FROM book WHERE id >= 100000", "VACUUM book", "CHECKPOINT"] {
        site.database.run(sql).await;
    }
    let last = 100_000 + ROWS - 1;
    let mut times = Vec::new();
    let each = |before: u64, rows: u32| (ticks(pid) - before) as f64 * 10_000.0 / f64::from(rows);
    for (what, sql) in [
        (
            "rows inserted by one statement",
            format!("INSERT INTO book SELECT n, 'book ' || n, 'note' FROM generate_series(100000, {last}) n"),
        ),
        ("rows updated by one statement", "UPDATE book SET title = title || 'x' WHERE id >= 100000".to_owned()),
        ("rows updated, of no concern", "UPDATE book SET note = note || 'x' WHERE id >= 100000".to_owned()),
    ] {
        let before = ticks(pid);
        site.database.run(&sql).await;
        times.push((what, each(before, ROWS)));
    }
    let update = site.database.client.prepare("UPDATE book SET title = title || 'y' WHERE id = $1").await.unwrap();
    let before = ticks(pid);
    for number in 0..TRANSACTIONS {
        site.database.client.execute(&update, &[&(100_000 + number.cast_signed())]).await.unwrap();
    }
    times.push(("transactions of one row", each(before, TRANSACTIONS)));
    times
}

#[tokio::test(flavor = "multi_thread")]
async fn triggers_cost_the_writer_what_is_bearable() {
    let site = newest("triggers_cost").await;
    site.database.run("SET synchronous_commit = off").await;
    let pid: i32 = site.database.client.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    statements(&site, pid).await;
    let without = statements(&site, pid).await;
    let (done, said) = site.start(&["bootstrap"]).wait(LIMIT);
    assert!(done.success(), "{}", said.join("\n"));
    statements(&site, pid).await;
    let with = statements(&site, pid).await;
    for ((what, without), (_, with)) in without.into_iter().zip(with) {
        let ratio = with / without;
        println!("{what}: {without:.1} us a row without, {with:.1} us with triggers: {ratio:.1} times");
        assert!(ratio < MOST, "{what}: {ratio}");
    }
    let (done, said) = site.start(&["teardown"]).wait(LIMIT);
    assert!(done.success(), "{}", said.join("\n"));
}
