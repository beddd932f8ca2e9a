//! A random history: definitions are altered in every way the cases know, in any order, between random changes of rows,
//! while the program runs, is killed and is away. It may stop with a message, and is then started again; what it must
//! never do is to run, say that it is well, and hold something else than the database.

use super::tables::site;
use crate::support::process::Process;
use crate::support::seed::Seed;
use crate::support::servers;
use crate::support::site::{LIMIT, Site, stop};
use std::time::{Duration, Instant};

/// Definitions altered in one history.
const ALTERATIONS: u64 = 30;

/// What the history has made of the tables so far.
struct History {
    site: Site,
    seed: Seed,
    publication: String,
    version: u32,
    /// Rows and names that were never used.
    serial: u64,
    label: bool,
    attribute: bool,
    /// Whether the key of the reviews is a `bigint` just now.
    wide: bool,
    /// Partitions by number: each has the days from ten times its number on.
    partitions: Vec<u64>,
    said: Vec<String>,
}

impl History {
    async fn run(&mut self, sql: &str) {
        self.said.push(sql.to_owned());
        let sql = sql.replace("PUBLICATION PUBLICATION", &format!("PUBLICATION {}", self.publication));
        // A row of a partition that is away just now, a key that exists, a table that the program has published again by
        // itself, a table that has another name just now: then nothing happens.
        if let Err(error) = self.site.database.client.batch_execute(&sql).await {
            let code = error.code().map_or("", |code| code.code()).to_owned();
            assert!(["23514", "23505", "42710", "42704", "42P01"].contains(&code.as_str()), "{sql}: {error:?}");
        }
    }

    fn next(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// Some changes of rows.
    async fn rows(&mut self) {
        for _ in 0..=self.seed.below(4) {
            let (one, other, serial) = (self.seed.below(60) + 1, self.seed.below(60) + 1, self.next());
            let partition = self.partitions[self.seed.below(self.partitions.len() as u64) as usize];
            let day = partition * 10 + self.seed.below(10);
            let sql = match self.seed.below(10) {
                0 => format!("UPDATE book SET title = 'title {serial}' WHERE id = {one}"),
                1 => format!("UPDATE book SET cost = {serial} WHERE id IN ({one}, {other})"),
                2 => format!("INSERT INTO book (id, title, cost) VALUES ({serial}, 'new', 1)"),
                3 => format!("UPDATE review SET book_id = {other} WHERE id = {one}"),
                4 => format!("INSERT INTO review (id, book_id) VALUES ({serial}, {one})"),
                5 => format!("DELETE FROM review WHERE id = {one}"),
                6 => format!("INSERT INTO visit (id, day, book_id, note) VALUES ({serial}, {day}, {one}, 'new')"),
                7 => format!("UPDATE visit SET book_id = {other}, note = 'moved {serial}' WHERE id = {one}"),
                8 => format!("UPDATE visit SET day = {day} WHERE id = {one}"),
                _ => format!("DELETE FROM visit WHERE id = {one}"),
            };
            self.run(&sql).await;
        }
    }

    /// Alters a definition, with changes of rows in between.
    async fn alter(&mut self) {
        let serial = self.next();
        let partition = self.partitions[self.seed.below(self.partitions.len() as u64) as usize];
        let range = format!("FOR VALUES FROM ({}) TO ({})", partition * 10, partition * 10 + 10);
        let steps: Vec<String> = match self.seed.below(23) {
            0 => vec![
                "ALTER TABLE book ADD t_new text".into(),
                format!("UPDATE book SET t_new = 'replaced {serial} ' || id"),
                "ALTER TABLE book DROP title; ALTER TABLE book RENAME t_new TO title".into(),
            ],
            1 => vec![format!(
                "ALTER TABLE book DROP title; ALTER TABLE book ADD title text DEFAULT 'given {serial}'"
            )],
            2 => vec![
                "ALTER TABLE review RENAME body TO words".into(),
                format!("UPDATE review SET words = 'renamed {serial}' WHERE id <= 20"),
                "ALTER TABLE review RENAME words TO body".into(),
            ],
            3 => vec![format!("ALTER TABLE book ALTER title TYPE text USING title || ' {serial}'")],
            4 => vec!["VACUUM FULL review".into(), "CLUSTER book USING book_pkey".into()],
            5 | 6 => {
                let (from, to) = if self.label { ("fine", "ok") } else { ("ok", "fine") };
                self.label = !self.label;
                vec![format!("ALTER TYPE mood RENAME VALUE '{from}' TO '{to}'")]
            }
            7 => vec![format!("ALTER TYPE mood ADD VALUE 'mood {serial}'")],
            8 => {
                let (from, to) = if self.attribute { ("city", "town") } else { ("town", "city") };
                self.attribute = !self.attribute;
                vec![format!("ALTER TYPE place RENAME ATTRIBUTE {from} TO {to}")]
            }
            9 => {
                self.partitions.push(serial);
                let days = format!("FROM ({}) TO ({})", serial * 10, serial * 10 + 10);
                vec![
                    format!("CREATE TABLE visit_{serial} PARTITION OF visit FOR VALUES {days}"),
                    format!("INSERT INTO visit SELECT {serial}000 + n, {serial}0, n, 'day one' FROM generate_series(1, 5) n"),
                ]
            }
            10 => {
                self.partitions.push(serial);
                let days = format!("FROM ({}) TO ({})", serial * 10, serial * 10 + 10);
                vec![
                    format!("CREATE TABLE visit_{serial} (LIKE visit INCLUDING ALL)"),
                    format!("INSERT INTO visit_{serial} SELECT {serial}000 + n, {serial}0, n, 'brought' FROM generate_series(1, 9) n"),
                    format!("ALTER TABLE visit ATTACH PARTITION visit_{serial} FOR VALUES {days}"),
                ]
            }
            11 | 12 => vec![format!(
                "BEGIN; ALTER TABLE visit DETACH PARTITION visit_{partition};
                 UPDATE visit_{partition} SET note = 'away {serial}'; DELETE FROM visit_{partition} WHERE id % 7 = 1;
                 ALTER TABLE visit ATTACH PARTITION visit_{partition} {range}; COMMIT"
            )],
            13 => vec![
                format!("ALTER TABLE visit DETACH PARTITION visit_{partition}"),
                format!("UPDATE visit_{partition} SET book_id = book_id % 60 + 1"),
                format!("ALTER TABLE visit ATTACH PARTITION visit_{partition} {range}"),
            ],
            14 if self.partitions.len() > 2 => {
                self.partitions.retain(|known| *known != partition);
                vec![format!("DROP TABLE visit_{partition}")]
            }
            15 => vec![
                "ALTER PUBLICATION PUBLICATION SET (publish = 'insert')".into(),
                format!("UPDATE book SET title = 'unpublished {serial}' WHERE id <= 9; DELETE FROM review WHERE id % 9 = 5"),
                "ALTER PUBLICATION PUBLICATION SET (publish = 'insert, update, delete, truncate')".into(),
            ],
            16 => vec![
                "ALTER PUBLICATION PUBLICATION DROP TABLE review".into(),
                format!("UPDATE review SET body = 'unpublished {serial}' WHERE id <= 20"),
                "ALTER PUBLICATION PUBLICATION ADD TABLE review".into(),
            ],
            17 => vec![
                "ALTER TABLE review REPLICA IDENTITY DEFAULT".into(),
                "UPDATE review SET book_id = book_id % 60 + 1 WHERE id <= 10; DELETE FROM review WHERE id = 11".into(),
            ],
            18 => vec![format!(
                "CREATE TABLE r2 (LIKE review INCLUDING ALL); INSERT INTO r2 SELECT id, book_id, 'copy {serial}', 1 FROM review;
                 DROP TABLE review; ALTER TABLE r2 RENAME TO review"
            )],
            19 if self.version >= 15 => vec![
                "ALTER PUBLICATION PUBLICATION SET TABLE book (id), visit, review WHERE (id > 1000)".into(),
                format!("UPDATE book SET title = 'listed {serial}' WHERE id < 10; UPDATE review SET body = 'filtered {serial}'"),
                "ALTER PUBLICATION PUBLICATION SET TABLE book, visit, review".into(),
            ],
            20 => vec![
                "ALTER TABLE review RENAME TO opinion".into(),
                format!("UPDATE opinion SET body = 'renamed {serial}' WHERE id <= 15; DELETE FROM opinion WHERE id = 16"),
                "ALTER TABLE opinion RENAME TO review".into(),
            ],
            21 => {
                let to = if self.wide { "integer" } else { "bigint" };
                self.wide = !self.wide;
                vec![format!("ALTER TABLE review ALTER id TYPE {to}")]
            }
            _ => vec![format!("ALTER TABLE review ADD unused_{serial} integer DEFAULT {serial}")],
        };
        for step in steps {
            self.run(&step).await;
            if self.seed.below(2) == 0 {
                self.rows().await;
            }
            if self.seed.below(3) == 0 {
                tokio::time::sleep(Duration::from_millis(self.seed.below(1500))).await;
            }
        }
    }
}

/// Starts it, and again where it stops with a message that a new compilation answers.
fn started(site: &Site) -> Process {
    for arguments in [&["run", "-b"][..], &["run", "-b", "--rebuild"]] {
        let mut process = site.start(arguments);
        let end = Instant::now() + Duration::from_secs(4);
        while process.runs() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(100));
        }
        if process.runs() {
            return process;
        }
        let (status, said) = process.wait(LIMIT);
        let said = said.join("\n");
        assert!(matches!(status.code(), Some(1 | 2)) && said.contains("error"), "{status:?}\n{said}");
    }
    site.start(&["run", "-b", "--rebuild"])
}

async fn history(version: &str, number: u32, server: String) {
    let seed = Seed::from_environment("PGSYNC_TEST_SEED", 0x0DD1_0000 + u64::from(number));
    println!("PGSYNC_TEST_SEED={seed}");
    let site = site(&format!("ddl_random_{version}"), &server, servers::opensearch()).await;
    let mut process = site.follow();
    let sql = "SELECT quote_ident(pubname) FROM pg_publication";
    let publication: String = site.database.client.query_one(sql, &[]).await.unwrap().get(0);
    let (label, attribute, partitions) = (false, false, vec![0, 1]);
    // The partitions of the tables have other names than those that come.
    site.database.run("ALTER TABLE visit_1 RENAME TO visit_0; ALTER TABLE visit_2 RENAME TO visit_1").await;
    let said = Vec::new();
    let (seed, serial) = (Seed(seed), 1000);
    let mut history =
        History { site, seed, publication, version: number, serial, label, attribute, wide: false, partitions, said };
    let mut stopped = 0;
    for _ in 0..ALTERATIONS {
        history.rows().await;
        match history.seed.below(6) {
            0 => {
                process.kill();
                history.alter().await;
                process = started(&history.site);
            }
            1 => {
                process.terminate();
                drop(process.wait(LIMIT));
                history.alter().await;
                history.rows().await;
                process = started(&history.site);
            }
            _ => history.alter().await,
        }
        if !process.runs() {
            stopped += 1;
            let (status, lines) = process.wait(LIMIT);
            let lines = lines.join("\n");
            assert!(matches!(status.code(), Some(1 | 2)) && lines.contains("error"), "{status:?}\n{lines}");
            process = started(&history.site);
        }
    }
    // The last alteration may still stop it.
    let end = Instant::now() + Duration::from_secs(15);
    while Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(500)).await;
        if !process.runs() {
            stopped += 1;
            drop(process.wait(LIMIT));
            process = started(&history.site);
        }
    }
    println!("{} statements, stopped by itself {stopped} times", history.said.len());
    let said = std::mem::take(&mut history.said);
    let site = &history.site;
    let outcome = std::panic::AssertUnwindSafe(site.converges(&process));
    if let Err(panic) = futures_util::FutureExt::catch_unwind(outcome).await {
        println!("{}", said.join("\n"));
        std::panic::resume_unwind(panic);
    }
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_random_history_on_the_oldest() {
    history("oldest", 11, servers::postgres_oldest()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_random_history_in_the_middle() {
    history("middle", 15, servers::postgres_middle()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_random_history_on_the_newest() {
    history("newest", 18, servers::postgres_newest()).await;
}
