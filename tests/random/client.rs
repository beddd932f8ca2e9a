//! A session of this test. In: a kind of database, a statement. Out: what it gives, or what refused it and whether the transaction
//! goes on. Nobody waits for a lock: who would have to is refused.

use super::dialect::Dialect;
use crate::support::database;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, OptsBuilder};
use std::time::Duration;
use tokio_postgres::error::SqlState;

/// How long a statement waits for a lock: nobody gives one back meanwhile.
const PATIENCE: Duration = Duration::from_millis(30);

/// How long it takes until MySQL looks at its own transactions anew.
const LOOK: Duration = Duration::from_millis(105);

/// What PostgreSQL refuses in the course of such a history.
const USUAL: [SqlState; 9] = [
    SqlState::LOCK_NOT_AVAILABLE,
    SqlState::UNIQUE_VIOLATION,
    SqlState::FOREIGN_KEY_VIOLATION,
    SqlState::NOT_NULL_VIOLATION,
    SqlState::T_R_SERIALIZATION_FAILURE,
    SqlState::T_R_DEADLOCK_DETECTED,
    SqlState::OBJECT_IN_USE,
    SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE,
    SqlState::CARDINALITY_VIOLATION,
];

/// The same of MySQL and MariaDB: no value, a key that is there (in the row, or in one that follows), a row that is referred to, one
/// that refers to nothing, a lock that another has, a wait that was ended, too much that hangs on a row, a table that others
/// refer to.
const USUAL_NUMBERS: [u16; 13] = [1048, 1062, 1761, 1762, 1216, 1217, 1451, 1452, 1205, 1317, 3008, 6575, 1701];

/// The transaction is gone with the statement: a deadlock, also of a transaction in two phases.
const GONE: [u16; 2] = [1213, 1614];

/// No transaction has this name, or none that can be had now; of one that had changed nothing MariaDB says that it is rolled back.
const UNKNOWN: [u16; 3] = [1397, 1399, 1402];

pub(super) enum Client {
    Postgres(tokio_postgres::Client),
    /// The second one ends the waits of the first, where the server knows no wait that is short enough.
    Binlog(Conn, Option<Conn>),
}

/// Why a statement was not done.
pub(super) struct Refused {
    pub(super) code: String,
    /// Whether such a history has it.
    pub(super) usual: bool,
    /// Whether the transaction is gone.
    pub(super) gone: bool,
    /// Whether it names a transaction that is not there.
    pub(super) unknown: bool,
    pub(super) why: String,
}

pub(super) async fn connect(dialect: Dialect, port: u16, name: &str) -> Client {
    if dialect.is_postgres() {
        let client = database::connect(&format!("postgresql://postgres@127.0.0.1:{port}/{name}")).await;
        let first = format!("SET lock_timeout = '{}ms'; SET synchronous_commit = on", PATIENCE.as_millis());
        client.batch_execute(&first).await.unwrap();
        return Client::Postgres(client);
    }
    let killer = match dialect {
        Dialect::MySql => Some(session(port, name, 2).await),
        _ => None,
    };
    Client::Binlog(session(port, name, if killer.is_some() { 5 } else { 0 }).await, killer)
}

/// A session that waits for whatever is in the way, for definitions: the server's own work may be.
pub(super) async fn patient(dialect: Dialect, port: u16, name: &str) -> Client {
    if dialect.is_postgres() {
        connect(dialect, port, name).await
    } else {
        Client::Binlog(session(port, name, 30).await, None)
    }
}

async fn session(port: u16, name: &str, patience: u64) -> Conn {
    let mode = "ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES";
    let options = OptsBuilder::default()
        .ip_or_hostname("127.0.0.1")
        .tcp_port(port)
        .user(Some("root"))
        .db_name(Some(name))
        .prefer_socket(false)
        .setup(vec![
            format!("SET sql_mode = '{mode}', time_zone = '+00:00', group_concat_max_len = 16777216"),
            format!("SET innodb_lock_wait_timeout = {patience}, lock_wait_timeout = 20"),
        ]);
    Conn::new(options).await.unwrap_or_else(|error| panic!("{name}: {error}"))
}

impl Client {
    /// Runs a statement, of PostgreSQL several. Fails the test if it is refused.
    pub(super) async fn run(&mut self, sql: &str) {
        self.attempt(sql).await.unwrap_or_else(|refused| panic!("{sql}: {}", refused.why));
    }

    /// Runs each of some lines.
    pub(super) async fn run_all(&mut self, lines: &str) {
        for sql in lines.lines().filter(|line| !line.is_empty()) {
            self.run(sql).await;
        }
    }

    /// Runs what the server may refuse.
    pub(super) async fn attempt(&mut self, sql: &str) -> Result<(), Refused> {
        match self {
            Self::Postgres(client) => client.batch_execute(sql).await.map_err(|error| Refused {
                code: error.code().map_or("", SqlState::code).to_owned(),
                usual: error.code().is_some_and(|code| USUAL.contains(code)),
                gone: false,
                unknown: false,
                why: format!("{error:?}"),
            }),
            Self::Binlog(conn, None) => conn.query_drop(sql).await.map_err(refused),
            Self::Binlog(conn, Some(killer)) => {
                let id = conn.id();
                let mut asked = std::pin::pin!(conn.query_drop(sql));
                let mut pause = PATIENCE;
                loop {
                    tokio::select! {
                        done = &mut asked => return done.map_err(refused),
                        () = tokio::time::sleep(pause) => end_wait(killer, id).await,
                    }
                    pause = LOOK;
                }
            }
        }
    }

    /// Pairs of texts.
    pub(super) async fn pairs(&mut self, sql: &str) -> Result<Vec<(String, String)>, String> {
        match self {
            Self::Postgres(client) => {
                let rows = client.query(sql, &[]).await.map_err(|error| format!("{error:?}"))?;
                Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
            }
            Self::Binlog(conn, _) => conn.query(sql).await.map_err(|error| error.to_string()),
        }
    }

    /// Where the server's log ends.
    pub(super) async fn end_of_log(&mut self, dialect: Dialect) -> String {
        let sql = match dialect {
            Dialect::Postgres => "SELECT pg_current_wal_flush_lsn()::text, ''",
            Dialect::MySql => "SELECT @@GLOBAL.gtid_executed, ''",
            Dialect::MariaDb => "SELECT @@GLOBAL.gtid_binlog_pos, ''",
        };
        self.pairs(sql).await.unwrap().remove(0).0.replace('\n', "")
    }
}

fn refused(error: mysql_async::Error) -> Refused {
    let number = if let mysql_async::Error::Server(error) = &error { error.code } else { 0 };
    Refused {
        code: number.to_string(),
        usual: USUAL_NUMBERS.contains(&number) || GONE.contains(&number),
        gone: GONE.contains(&number),
        unknown: UNKNOWN.contains(&number),
        why: error.to_string(),
    }
}

/// Ends the statement of a session that waits for a lock, and no other.
async fn end_wait(killer: &mut Conn, id: u32) {
    let sql = format!(
        "SELECT count(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' AND trx_mysql_thread_id = {id}"
    );
    if killer.query_first::<u64, _>(sql).await.unwrap() == Some(1) {
        // It may have got the lock, and ended, since.
        let _ = killer.query_drop(format!("KILL QUERY {id}")).await;
    }
}
