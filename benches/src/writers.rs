//! Applications that write. In: a database, a statement, a range of numbers. Out: one committed transaction a number, as
//! fast as the server does it: the loop runs in the server, so no round trip is in the way.

use crate::Outcome;
use crate::database::connect;
use futures_util::future::try_join_all;

/// How many sessions write at once.
const SESSIONS: u64 = 4;

/// Runs `statement`, which names the number `n`, once for each number from 1 to `count`, each in a transaction of its own.
/// Gives the seconds it took. Commits are not waited for on disk: only what was written counts here.
pub(crate) async fn transactions(url: &str, statement: &str, count: u64) -> Outcome<f64> {
    let started = std::time::Instant::now();
    let share = count.div_ceil(SESSIONS);
    let sessions = (0..SESSIONS).map(|session| async move {
        let (first, last) = (session * share + 1, ((session + 1) * share).min(count));
        let client = connect(url).await?;
        client.batch_execute("SET synchronous_commit = off").await?;
        let block = format!("DO $do$ BEGIN FOR n IN {first}..{last} LOOP {statement}; COMMIT; END LOOP; END $do$");
        client.batch_execute(&block).await?;
        Outcome::Ok(())
    });
    try_join_all(sessions).await?;
    Ok(started.elapsed().as_secs_f64())
}
