//! Applications that write. In: a database, a statement, a range of numbers. Out: one committed transaction a number, as
//! fast as the server does it: the loop runs in the server, so no round trip is in the way.

use crate::Outcome;
use crate::copies::Copy;
use crate::database::{Database, Session};
use futures_util::future::try_join_all;

/// How many sessions write at once.
const SESSIONS: u64 = 4;

/// Runs `statement`, which names the number `n`, once for each number from 1 to `count`, each in a transaction of its own.
/// Gives the seconds it took. Commits are not waited for on disk: only what was written counts here.
pub(crate) async fn transactions(copy: &Copy, statement: &str, count: u64) -> Outcome<f64> {
    let mut first = Session::open(copy.database, &copy.url).await?;
    for line in prepared(copy.database, statement) {
        first.run(&line).await?;
    }
    let started = std::time::Instant::now();
    let share = count.div_ceil(SESSIONS);
    let sessions = (0..SESSIONS).map(|session| async move {
        let (first, last) = (session * share + 1, ((session + 1) * share).min(count));
        let mut session = Session::open(copy.database, &copy.url).await?;
        for line in looped(copy.database, statement, first, last) {
            session.run(&line).await?;
        }
        Outcome::Ok(())
    });
    let written = try_join_all(sessions).await;
    let seconds = started.elapsed().as_secs_f64();
    for line in restored(copy.database) {
        first.run(line).await?;
    }
    written?;
    Ok(seconds)
}

/// What is done before any session writes. A loop has to stand in a procedure on MySQL, and how commits wait is the server's.
fn prepared(database: Database, statement: &str) -> Vec<String> {
    match database {
        Database::Postgres => Vec::new(),
        Database::Mariadb | Database::Mysql => vec![
            "SET sql_log_bin = 0".to_owned(),
            "DROP PROCEDURE IF EXISTS bench_writes".to_owned(),
            format!(
                "CREATE PROCEDURE bench_writes (IN n BIGINT, IN last BIGINT) \
                 BEGIN WHILE n <= last DO {statement}; SET n = n + 1; END WHILE; END"
            ),
            "SET GLOBAL innodb_flush_log_at_trx_commit = 0".to_owned(),
            "SET GLOBAL sync_binlog = 0".to_owned(),
        ],
    }
}

fn looped(database: Database, statement: &str, first: u64, last: u64) -> Vec<String> {
    match database {
        Database::Postgres => vec![
            "SET synchronous_commit = off".to_owned(),
            format!("DO $do$ BEGIN FOR n IN {first}..{last} LOOP {statement}; COMMIT; END LOOP; END $do$"),
        ],
        Database::Mariadb | Database::Mysql => vec![format!("CALL bench_writes({first}, {last})")],
    }
}

fn restored(database: Database) -> &'static [&'static str] {
    match database {
        Database::Postgres => &[],
        Database::Mariadb | Database::Mysql => {
            &["SET GLOBAL innodb_flush_log_at_trx_commit = 1", "SET GLOBAL sync_binlog = 1"]
        }
    }
}
