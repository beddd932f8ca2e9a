//! Sessions that read: a snapshot stays what it was, an answer that nobody wants is ended, a definition that changes is noticed.

use super::*;
use pgsync_plan::Codec;
use pgsync_runtime::internals::fetch::Halt;
use pgsync_runtime::internals::source::mysql::Session;
use pgsync_runtime::internals::source::{Arguments, PreparedStatement as _, ReadRow as _, ReadSession as _};
use pgsync_runtime::internals::{Code, ErrorKind};
use std::sync::Arc;
use std::time::Instant;

const COUNT: &str = "SELECT COUNT(*) FROM shop.item";

struct Reader {
    session: Session,
}

impl Reader {
    async fn new(server: &BinlogServer) -> Self {
        let session = Session::connect(Arc::new(address(server)), Duration::from_secs(60)).await.unwrap();
        Self { session }
    }

    /// The first value of each row, up to so many rows.
    async fn values(&mut self, text: &str, most: usize) -> Result<Vec<Vec<u8>>, Halt> {
        let statement = self.session.prepare(text, "shop.item", |_| Ok(())).await?;
        let mut values = Vec::new();
        self.session
            .each(&statement, Arguments::None, "shop.item", |row| {
                values.push(row.value(0)?.unwrap_or_default().to_vec());
                if values.len() == most { Err(Halt::Exceeded) } else { Ok(()) }
            })
            .await?;
        Ok(values)
    }

    async fn count(&mut self) -> i64 {
        let values = self.values(COUNT, usize::MAX).await.unwrap_or_else(|_| panic!("a count"));
        i64::from_be_bytes(values[0].as_slice().try_into().unwrap())
    }
}

async fn sessions(family: Family) {
    let server = BinlogServer::start(family, &[]);
    let mut writer = session(&server).await;
    run(&mut writer, "CREATE TABLE item (id INT PRIMARY KEY, body TEXT)").await;
    run(&mut writer, "INSERT INTO item VALUES (1, 'a'), (2, 'b')").await;
    let mut reader = Reader::new(&server).await;

    reader.session.begin().await.unwrap();
    run(&mut writer, "INSERT INTO item VALUES (3, 'c')").await;
    assert_eq!(reader.count().await, 2, "a snapshot begins before its first statement");
    reader.session.end(Ok(())).await.unwrap_or_else(|_| panic!("an end"));
    reader.session.begin().await.unwrap();
    assert_eq!(reader.count().await, 3);

    // A snapshot that was dropped half-way is no hindrance to the next.
    reader.session.begin().await.unwrap();
    let many = "SELECT a.body FROM shop.item a, shop.item b, shop.item c, shop.item d, shop.item e, shop.item f, shop.item g,
      shop.item h, shop.item i, shop.item j, shop.item k, shop.item l, shop.item m, shop.item n, shop.item o, shop.item p";
    let asked = Instant::now();
    let outcome = reader.values(many, 10).await;
    assert!(matches!(outcome, Err(Halt::Exceeded)));
    let ended = reader.session.end(outcome.map(drop)).await;
    assert!(matches!(ended, Err(Halt::Exceeded)), "the outcome is handed on");
    reader.session.begin().await.unwrap();
    assert_eq!(reader.count().await, 3);
    assert!(asked.elapsed() < Duration::from_secs(20), "40 million rows were read to their end");
    reader.session.end(Ok(())).await.unwrap_or_else(|_| panic!("an end"));

    let typed = "SELECT body FROM shop.item";
    let statement = reader.session.prepare(typed, "shop.item", |_| Ok(())).await.unwrap();
    assert_eq!(statement.mismatch(0, Codec::Text), None);
    let (column, found) = statement.mismatch(0, Codec::Int4).unwrap();
    assert_eq!((column.as_str(), found.as_str()), ("body", "blob"));
    run(&mut writer, "ALTER TABLE item MODIFY body BLOB").await;
    let Err(Halt::Failed(error)) = reader.values(typed, usize::MAX).await else { panic!("another type passed") };
    assert_eq!((error.code(), error.kind()), (Some(Code::TableChanged), ErrorKind::Reload), "{error}");
    reader.session.forget_statements();
    reader.session.begin().await.unwrap();
    let bytes = reader.values(typed, usize::MAX).await.unwrap_or_else(|_| panic!("it is prepared anew"));
    assert_eq!(bytes.len(), 3);
}

/// A table that was made anew under a snapshot has no rows for it: the snapshot is taken again, and nothing is lost.
async fn redefined(family: Family) {
    let server = BinlogServer::start(family, &[]);
    let mut writer = session(&server).await;
    run(&mut writer, "CREATE TABLE item (id INT PRIMARY KEY)").await;
    run(&mut writer, "INSERT INTO item VALUES (1), (2)").await;
    let mut reader = Reader::new(&server).await;
    reader.session.begin().await.unwrap();
    run(&mut writer, "ALTER TABLE item ADD COLUMN extra INT DEFAULT 7, ALGORITHM = COPY").await;
    let outcome = reader.values(COUNT, usize::MAX).await;
    let Err(Halt::Failed(error)) = &outcome else { panic!("{family:?}: rows of no moment were read") };
    assert_eq!((error.code(), error.kind()), (Some(Code::Interrupted), ErrorKind::Unavailable), "{error}");
    let ended = reader.session.end(outcome.map(drop)).await;
    assert!(matches!(ended, Err(Halt::Failed(_))));
    reader.session.begin().await.unwrap();
    assert_eq!(reader.count().await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_snapshot_from_before_a_definition_is_taken_again() {
    redefined(Family::MariaDb).await;
    redefined(Family::MySql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_sessions_read_on_mariadb() {
    sessions(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_sessions_read_on_mysql() {
    sessions(Family::MySql).await;
}
