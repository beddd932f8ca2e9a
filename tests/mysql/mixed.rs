//! Two sessions do this and that; a mirror that is kept by the stream alone is what the server holds, at the end and after a
//! restart in the middle.

use super::*;
use pgsync_runtime::internals::source::mysql::binlog::Image;
use pgsync_runtime::internals::source::{Cell, Tuple as _};
use std::collections::BTreeMap;

type Values = BTreeMap<String, Option<String>>;

/// The tables as the stream tells them.
#[derive(Default)]
struct Mirror {
    columns: BTreeMap<u32, Vec<String>>,
    rows: BTreeMap<(u32, String), Values>,
    open: bool,
    transactions: u64,
}

impl Mirror {
    fn take(&mut self, step: Step) {
        match step {
            Step::Begin { .. } => {
                assert!(!self.open, "a transaction inside of another one");
                self.open = true;
            }
            Step::Relation(relation) => {
                let names = relation.columns.into_iter().map(|column| column.name).collect();
                self.columns.insert(relation.id.0, names);
            }
            Step::Row(row) => {
                assert!(self.open, "a row outside of a transaction");
                let table = row.relation.0;
                let before = row.before.as_ref().map(|image| self.values(table, image));
                let after = row.after.as_ref().map(|image| self.values(table, image));
                if let Some(before) = before {
                    let held = self.rows.remove(&(table, key(&before)));
                    assert_eq!(held, Some(before), "what the row was before");
                }
                if let Some(after) = after {
                    let held = self.rows.insert((table, key(&after)), after);
                    assert_eq!(held, None, "a row that was there");
                }
            }
            // `item` only gets columns, which nobody wants; `other` is emptied.
            Step::Redefined(relations) => {
                self.rows.retain(|(table, _), _| *table == ITEM.0 || !relations.contains(&OTHER));
            }
            Step::Unlogged(unlogged) => panic!("{unlogged:?}, and nobody asked"),
            Step::Commit { .. } => {
                assert!(self.open);
                self.open = false;
                self.transactions += 1;
            }
            Step::Idle { .. } => assert!(!self.open),
        }
    }

    fn values(&self, table: u32, image: &Image) -> Values {
        let text = |cell| match cell {
            Cell::Value(value) => Some(String::from_utf8(value.to_vec()).unwrap()),
            Cell::Null => None,
            other => panic!("{other:?} although rows are logged whole"),
        };
        self.columns[&table].iter().cloned().zip(image.cells().map(text)).collect()
    }
}

fn key(values: &Values) -> String {
    values["id"].clone().unwrap()
}

/// What the server holds.
async fn truth(session: &mut Conn) -> BTreeMap<(u32, String), Values> {
    type Item = (String, Option<String>, Option<String>, Option<String>, Option<String>);
    let items: Vec<Item> = session
        .query(
            "SELECT CAST(id AS CHAR), CAST(parent AS CHAR), name, CAST(amount AS CHAR), CAST(moment AS CHAR) FROM item",
        )
        .await
        .unwrap();
    let others: Vec<String> = session.query("SELECT CAST(id AS CHAR) FROM other").await.unwrap();
    let named = ["id", "parent", "name", "amount", "moment"];
    let items = items.into_iter().map(|(id, parent, name, amount, moment)| {
        let values = [Some(id.clone()), parent, name, amount, moment];
        ((ITEM.0, id), named.iter().map(|name| (*name).to_owned()).zip(values).collect())
    });
    let others = others.into_iter().map(|id| ((OTHER.0, id.clone()), BTreeMap::from([("id".to_owned(), Some(id))])));
    items.chain(others).collect()
}

/// Every type beside those that are wanted, which are passed over.
const ITEM_TABLE: &str = "CREATE TABLE item (a1 JSON, a2 BIT(9), id BIGINT UNSIGNED PRIMARY KEY, a3 DECIMAL(40,12), parent INT, \
     a4 GEOMETRY, a5 ENUM('x','y'), a6 SET('p','q'), name VARCHAR(300), a7 BLOB, a8 TEXT, a9 CHAR(10), a10 BINARY(4), \
     amount DECIMAL(12,3), a11 TIME(3), a12 YEAR, a13 DATE, a14 FLOAT, a15 DOUBLE, moment DATETIME(6), a16 TIMESTAMP(2) NULL, \
     a17 MEDIUMINT, a18 VARCHAR(40) CHARACTER SET sjis, a19 LONGBLOB)";
const VALUES: &str = "'[1, {}]', b'101', 1234.5, ST_GeomFromText('POINT(1 2)'), 'y', 'p,q', REPEAT('b', 300), 'text', 'char', 'bin', \
     '-10:00:00.5', 1999, '2020-02-02', 1.5, -2.5, '2020-01-01 00:00:00.5', -7, 'テスト', REPEAT('l', 70000)";

/// One transaction of a session, or something else that a session does.
async fn act(random: &mut fastrand::Rng, session: &mut Conn, family: Family, number: u32) {
    let id = || format!("{}", 18_446_744_073_709_551_000_u64 + u64::from(number % 40));
    match random.u32(0..20) {
        0..=4 => {
            run(
                session,
                &format!(
                    "REPLACE INTO item (id, parent, name, amount, moment, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, \
                     a16, a17, a18, a19) VALUES ({}, {number}, 'näme {number}', {number}.125, '2026-01-01 10:00:00.{number:06}', {VALUES})",
                    id()
                ),
            )
            .await;
        }
        5..=8 => run(session, &format!("UPDATE item SET parent = -{number}, name = NULL WHERE id % 7 = {}", number % 7)).await,
        9 => run(session, &format!("UPDATE item SET id = id + 100 WHERE id = {} AND NOT EXISTS (SELECT 1 FROM (SELECT id FROM item) i WHERE i.id = {} + 100)", id(), id())).await,
        10 | 11 => run(session, &format!("DELETE FROM item WHERE id % 11 = {}", number % 11)).await,
        12 | 13 => {
            run(session, "BEGIN").await;
            run(session, &format!("INSERT IGNORE INTO item (id, parent) VALUES ({}, 1)", id())).await;
            run(session, "SAVEPOINT s").await;
            run(session, "DELETE FROM item").await;
            run(session, "ROLLBACK TO s").await;
            run(session, &format!("INSERT IGNORE INTO other VALUES ({number})")).await;
            run(session, if random.bool() { "COMMIT" } else { "ROLLBACK" }).await;
        }
        14 => {
            let name = format!("'xa{number}'");
            run(session, &format!("XA START {name}")).await;
            run(session, &format!("INSERT IGNORE INTO item (id, name) VALUES ({}, 'xa')", number + 1)).await;
            run(session, &format!("XA END {name}")).await;
            if random.bool() {
                run(session, &format!("XA COMMIT {name} ONE PHASE")).await;
            } else {
                run(session, &format!("XA PREPARE {name}")).await;
                run(session, &format!("XA {} {name}", if random.bool() { "COMMIT" } else { "ROLLBACK" })).await;
            }
        }
        15 => run(session, &format!("ALTER TABLE item ADD COLUMN extra{number} INT DEFAULT 3 FIRST")).await,
        16 => run(session, "TRUNCATE TABLE other").await,
        17 => run(session, "FLUSH BINARY LOGS").await,
        18 => run(session, &format!("INSERT IGNORE INTO other SELECT {number} + id % 5 FROM item")).await,
        _ => match family {
            Family::MySql => run(session, &format!("SET SESSION binlog_transaction_compression = {}", random.bool())).await,
            Family::MariaDb => run(session, &format!("SET GLOBAL log_bin_compress = {}", random.bool())).await,
        },
    }
}

/// Reads to the end, from the last whole transaction again whenever the stream breaks. Gives how often it did.
async fn read_until(stream: &mut Option<Stream>, server: &BinlogServer, mirror: &mut Mirror, end: &GtidSet) -> u32 {
    let mut broken = 0;
    loop {
        let resume = stream.as_ref().unwrap().resume().clone();
        if resume.contains_all(end) {
            return broken;
        }
        match next(stream.as_mut().unwrap()).await {
            Ok(step) => mirror.take(step),
            Err(error) => {
                assert_eq!(error.kind(), pgsync_runtime::ErrorKind::Unavailable, "{error}");
                assert!(!mirror.open, "a transaction was torn");
                broken += 1;
                *stream = None;
                *stream = Some(open(server, resume).await.unwrap());
            }
        }
    }
}

async fn mix(family: Family, seed: u64) {
    let mut server = BinlogServer::start(family, &["--max-allowed-packet=1M"]);
    let mut first = session(&server).await;
    run(&mut first, ITEM_TABLE).await;
    run(&mut first, "CREATE TABLE other (id INT PRIMARY KEY)").await;
    let mut stream = Some(open(&server, executed(&server).await).await.unwrap());
    let mut mirror = Mirror::default();
    let mut random = fastrand::Rng::with_seed(seed);
    let mut broken = 0;
    for part in 0..3 {
        let mut sessions = [session(&server).await, session(&server).await];
        for number in 0..120 {
            let session = &mut sessions[random.usize(0..2)];
            act(&mut random, session, family, part * 120 + number).await;
        }
        let end = executed(&server).await;
        broken += read_until(&mut stream, &server, &mut mirror, &end).await;
        let truth = truth(&mut sessions[0]).await;
        let keys = mirror.rows.keys().chain(truth.keys());
        let differs: Vec<_> = keys
            .map(|key| (key, mirror.rows.get(key), truth.get(key)))
            .filter(|(_, mirrored, true_one)| mirrored != true_one)
            .collect();
        assert!(differs.is_empty(), "part {part}, seed {seed}: {differs:?}");
        for session in sessions {
            session.disconnect().await.unwrap();
        }
        if part == 0 {
            server.restart();
        }
    }
    assert!(broken >= 1, "the restart ended a stream");
    assert!(mirror.transactions > 150, "{}", mirror.transactions);
    assert!(!mirror.rows.is_empty());
}

#[tokio::test]
async fn a_mirror_of_mysql_is_kept_by_the_stream_alone() {
    mix(Family::MySql, 1).await;
}

#[tokio::test]
async fn a_mirror_of_mariadb_is_kept_by_the_stream_alone() {
    mix(Family::MariaDb, 2).await;
}
