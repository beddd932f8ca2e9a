//! Capture by triggers on real servers: what has to be followed, in whatever order transactions commit; what happens when
//! something of the set-up is taken away; and that a user's statement never fails because of it.

mod captured;
mod cost;
mod setup;
mod side_by_side;
mod taken_away;

use crate::support::process::Process;
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site};
use serde_json::Value;

/// Books on this server, followed by triggers.
async fn site(name: &str, server: &str, engine: String) -> Site {
    let mut site = Site::between(name, server, engine).await;
    by_triggers(&mut site);
    site
}

/// On the newest server.
async fn newest(name: &str) -> Site {
    site(name, &servers::postgres_newest(), servers::opensearch()).await
}

fn by_triggers(site: &mut Site) {
    site.settings.push(("PGSYNC_CAPTURE".to_owned(), "triggers".to_owned()));
}

/// Both ends of the supported versions.
fn both() -> [(&'static str, String, String); 2] {
    [
        ("newest", servers::postgres_newest(), servers::opensearch()),
        ("oldest", servers::postgres_oldest(), servers::elasticsearch()),
    ]
}

/// Follows with what is set up already.
fn follow(site: &Site) -> Process {
    let process = site.start(&["run"]);
    process.wait_for(FOLLOWS, LIMIT);
    process
}

/// The outbox of the site's only set-up.
async fn outbox(site: &Site) -> String {
    let sql = "SELECT format('%I.outbox', nspname) FROM pg_namespace WHERE nspname LIKE 'pgsync\\_%'";
    site.database.client.query_one(sql, &[]).await.unwrap().get(0)
}

/// Rows that wait in the outbox.
async fn waiting(site: &Site) -> i64 {
    let sql = format!("SELECT count(*) FROM {}", outbox(site).await);
    site.database.client.query_one(&sql, &[]).await.unwrap().get(0)
}

/// What an empty outbox comes to after everything is written.
async fn is_emptied(site: &Site) {
    let end = std::time::Instant::now() + LIMIT;
    while waiting(site).await > 0 {
        assert!(std::time::Instant::now() < end, "{} rows stay in the outbox", waiting(site).await);
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

/// What `status` says.
fn status(site: &Site) -> Value {
    let (status, said) = site.start(&["--json", "status"]).wait(LIMIT);
    assert!(status.success(), "{}", said.join("\n"));
    let line = said.iter().find(|line| line.contains("outbox_rows")).expect("a status");
    serde_json::from_str(line).unwrap()
}
