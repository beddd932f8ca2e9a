//! The session in which a history happens, on whichever database. In: statements. Out: rows as texts, how many rows a statement
//! has changed, refusals. What the databases spell in two ways is in `spelling`.

use super::spelling::Spelling;
use mysql_async::Conn;
use mysql_async::prelude::Queryable as _;
use tokio::sync::Mutex;
use tokio_postgres::{Client, SimpleQueryMessage};

/// A session of one of the databases. A copy is the same.
#[derive(Clone, Copy)]
pub(super) enum Session<'a> {
    Postgres(&'a Client),
    /// Of a MySQL or a MariaDB, with names in double quotes and no backslashes in texts.
    Binlog(&'a Mutex<Conn>),
}

/// A row as texts, in the order of the columns.
pub(super) type Texts = Vec<Option<String>>;

/// A statement that the server did not take.
#[derive(Debug)]
pub(super) struct Refusal {
    /// Why, in the server's own number.
    pub(super) code: String,
    /// In its words.
    pub(super) said: String,
    /// Whether that says nothing against the test: a value out of range, a constraint, a table that is referred to.
    pub(super) usual: bool,
}

/// Classes of PostgreSQL's: a value, a constraint, TRUNCATE of a table that is referred to.
const CLASSES: [&str; 3] = ["22", "23", "0A"];
/// The same on MySQL and MariaDB, which have no class for: a value cut off or not understood, a column without a value, a
/// check, no partition, foreign keys that act on each other in a circle.
const NUMBERS: [u16; 7] = [1265, 1364, 1366, 1526, 3008, 3819, 6575];

impl Session<'_> {
    pub(super) fn spelling(self) -> Spelling {
        match self {
            Self::Postgres(_) => Spelling::Postgres,
            Self::Binlog(_) => Spelling::Binlog,
        }
    }

    /// Runs a statement and says how many rows it has changed.
    pub(super) async fn execute(self, sql: &str) -> Result<u64, Refusal> {
        match self {
            Self::Postgres(client) => match client.simple_query(sql).await {
                Ok(answer) => Ok(answer.iter().map(changed).sum()),
                Err(error) => {
                    let code = error.code().unwrap_or_else(|| panic!("{sql}: {error:?}")).code();
                    let (code, said) = (code.to_owned(), error.to_string());
                    Err(Refusal { usual: CLASSES.iter().any(|class| code.starts_with(class)), code, said })
                }
            },
            Self::Binlog(session) => {
                let mut session = session.lock().await;
                match session.query_drop(sql).await {
                    Ok(()) => Ok(session.affected_rows()),
                    Err(mysql_async::Error::Server(error)) => {
                        let usual = error.state.starts_with("22") || error.state.starts_with("23");
                        let usual = usual || NUMBERS.contains(&error.code);
                        Err(Refusal { code: error.code.to_string(), said: error.message, usual })
                    }
                    Err(error) => panic!("{sql}: {error}"),
                }
            }
        }
    }

    /// Runs what has to be taken.
    pub(super) async fn run(self, sql: &str) {
        self.execute(sql).await.unwrap_or_else(|refusal| panic!("{sql}: {} {}", refusal.code, refusal.said));
    }

    /// Asks for rows.
    pub(super) async fn rows(self, sql: &str) -> Vec<Texts> {
        match self {
            Self::Postgres(client) => {
                let answer = client.simple_query(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
                let rows = answer.iter().filter_map(|message| match message {
                    SimpleQueryMessage::Row(row) => Some(row),
                    _ => None,
                });
                rows.map(|row| (0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect()).collect()
            }
            Self::Binlog(session) => {
                let rows = session.lock().await.query(sql).await;
                let rows: Vec<mysql_async::Row> = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
                rows.into_iter().map(|row| row.unwrap().into_iter().map(text).collect()).collect()
            }
        }
    }
}

fn changed(message: &SimpleQueryMessage) -> u64 {
    match message {
        SimpleQueryMessage::CommandComplete(rows) => *rows,
        _ => 0,
    }
}

/// Without parameters every value comes as a text.
fn text(value: mysql_async::Value) -> Option<String> {
    match value {
        mysql_async::Value::NULL => None,
        mysql_async::Value::Bytes(bytes) => Some(String::from_utf8(bytes).unwrap()),
        other => panic!("{other:?} is no text"),
    }
}
