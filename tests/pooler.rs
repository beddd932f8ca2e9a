//! A `PgBouncer` between the program and PostgreSQL. In: both ways to pool that it has for clients with state, and both ways to
//! capture. Out: whole sessions are worked with; where a transaction is all that is handed out, a start is refused in words
//! that say what to do, and sessions of other clients are left as they are.

use crate::support::database::connect;
use crate::support::pooler::Pooler;
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop};

/// What a pooler has to be told, for any client that sends settings when it connects.
const IGNORE: &str = "ignore_startup_parameters = options";

async fn site(name: &str, triggers: bool) -> Site {
    let mut site = Site::new(name).await;
    if triggers {
        site.settings.push(("PGSYNC_CAPTURE".to_owned(), "triggers".to_owned()));
    }
    site
}

async fn works_in_whole_sessions(name: &str, triggers: bool) {
    let mut site = site(name, triggers).await;
    let pooler = Pooler::start(&servers::postgres_newest(), "session", IGNORE);
    site.settings.push(("PG_URL".to_owned(), pooler.url(name)));
    let process = site.start(&["run", "-b"]);
    process.wait_for(FOLLOWS, LIMIT);
    site.database.run("UPDATE book SET title = 'changed' WHERE id <= 40; DELETE FROM review WHERE id = 9").await;
    site.converges(&process).await;
    // The lock that keeps a second process away is that of a session.
    let second = site.start(&["run"]);
    second.wait_for("another process", LIMIT);
    process.kill();
    second.wait_for(FOLLOWS, LIMIT);
    site.database.run("UPDATE book SET title = 'again' WHERE id BETWEEN 30 AND 50").await;
    site.converges(&second).await;
    stop(second);
    // What the program has set in a session goes with it.
    let other = connect(&pooler.url(name)).await;
    let path: String = other.query_one("SHOW search_path", &[]).await.unwrap().get(0);
    assert_eq!(path, "\"$user\", public");
}

#[tokio::test(flavor = "multi_thread")]
async fn pooler_of_sessions_is_worked_through_with_a_slot() {
    works_in_whole_sessions("pooler_session", false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pooler_of_sessions_is_worked_through_with_triggers() {
    works_in_whole_sessions("pooler_session_triggers", true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pooler_of_transactions_is_refused_and_no_other_client_is_touched() {
    for (name, triggers) in [("pooler_transaction", false), ("pooler_transaction_triggers", true)] {
        for lines in [IGNORE, "ignore_startup_parameters = options\nserver_round_robin = 1"] {
            let mut site = site(name, triggers).await;
            let pooler = Pooler::start(&servers::postgres_newest(), "transaction", lines);
            // Sessions of the pool that stand idle, as those of an application do.
            let mut others = Vec::new();
            for _ in 0..2 {
                others.push(connect(&pooler.url(name)).await);
            }
            for other in &others {
                other.batch_execute("BEGIN").await.unwrap();
            }
            for other in &others {
                other.batch_execute("COMMIT").await.unwrap();
            }
            site.settings.push(("PG_URL".to_owned(), pooler.url(name)));
            site.fails(&["run", "-b"], 1, &["P0208", "transaction", "pool_mode = session"]);
            for other in &others {
                let sql = "SELECT current_setting('search_path') || current_setting('bytea_output') || current_setting('row_security')";
                let found: String = other.query_one(sql, &[]).await.unwrap().get(0);
                assert_eq!(found, "\"$user\", publichexon", "a setting of ours is left in a session of the pool");
            }
        }
    }
}

/// As it comes, `PgBouncer` takes no settings from whoever connects: it says so, and the program says what to change.
#[tokio::test(flavor = "multi_thread")]
async fn pooler_that_refuses_settings_is_told_apart() {
    let mut site = site("pooler_refuses", false).await;
    let pooler = Pooler::start(&servers::postgres_newest(), "session", "");
    site.settings.push(("PG_URL".to_owned(), pooler.url("pooler_refuses")));
    site.fails(&["run", "-b"], 1, &["P0208", "ignore_startup_parameters = options"]);
}
