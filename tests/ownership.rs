//! An index belongs to one database. The same schema file run against another database of the same shape on the same
//! engine is refused and changes nothing; only an explicit flag replaces what is there.

use crate::support::cluster::{Cluster, newest_home};
use crate::support::database::Database;
use crate::support::engine::request;
use crate::support::index::documents;
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop};
use reqwest::Method;
use serde_json::Value;

/// What stands in the state index under a slot.
async fn state(site: &Site, slot: &str) -> Value {
    request(&site.engine, Method::GET, &format!("/pgsync-state/_doc/{slot}"), None).await.1
}

/// A second database of the same shape, with the schema file of the first and fewer rows.
async fn staging(production: &Site, server: &str, database: &str) -> Site {
    let name = format!("{}_twin", production.index);
    let mut site = Site::between(&name, server, production.engine.clone()).await;
    if database != name {
        site.database = Database::create(server, database).await;
        site.fill().await;
    }
    site.database.run("DELETE FROM review; DELETE FROM book WHERE id > 1").await;
    site.index.clone_from(&production.index);
    site.schema(&["id", "title"], &Value::Null);
    site
}

fn port(site: &Site) -> &str {
    let (_, rest) = site.database.url.rsplit_once(':').unwrap();
    rest.split('/').next().unwrap()
}

/// Ends with the code of a foreign index and names both sides.
fn refused(process: Process, words: &[&str]) {
    let (status, said) = process.wait(LIMIT);
    let said = said.join("\n");
    assert_eq!(status.code(), Some(1), "{said}");
    let error = said.lines().skip_while(|line| !line.contains("error[P0701]")).collect::<Vec<_>>().join("\n");
    for word in words.iter().chain(&["--take-over"]) {
        assert!(error.contains(word), "{word}: {said}");
    }
}

/// Same name of database and slot, another server: nothing but the server tells them apart.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_database_name_on_another_server_is_refused() {
    for (version, server) in servers::postgres_versions() {
        if server == servers::postgres_newest() {
            continue;
        }
        let name = format!("ownership_server_{version}");
        let production = Site::new(&name).await;
        let process = production.follow();
        let slot = production.slot().await;
        let before = (production.physical().await, state(&production, &slot).await["_source"]["writer"].clone());
        let staging = staging(&production, &server, &name).await;
        let (ours, theirs) = (port(&production).to_owned(), port(&staging).to_owned());
        refused(staging.start(&["run", "-b"]), &[&name, &ours, &theirs]);
        refused(staging.start(&["run", "-b", "--rebuild"]), &[&name, &ours, &theirs]);
        let slots = "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()";
        let made: i64 = staging.database.client.query_one(slots, &[]).await.unwrap().get(0);
        assert_eq!(made, 0, "it was refused before anything was set up");
        assert_eq!((production.physical().await, state(&production, &slot).await["_source"]["writer"].clone()), before);
        production.database.run("UPDATE book SET title = 'after' WHERE id = 5").await;
        production.converges(&process).await;
        stop(process);
        // Nothing runs: the index is no less the other's.
        refused(staging.start(&["sync", "-b"]), &[&name, &ours, &theirs]);
        assert_eq!(documents(&production.engine, &production.index).await, production.expected().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_database_of_the_same_server_is_refused() {
    let production = Site::new("ownership_database").await;
    let process = production.follow();
    let staging = staging(&production, &servers::postgres_newest(), "ownership_database_twin").await;
    let twin = [("PGSYNC_SLOT", "ownership_database_twin")];
    for arguments in [&["run", "-b"][..], &["run", "-b", "--rebuild"]] {
        refused(staging.start_with(arguments, &twin), &["`ownership_database`", "`ownership_database_twin`"]);
    }
    production.database.run("UPDATE book SET title = 'after' WHERE id = 5").await;
    production.converges(&process).await;
    stop(process);
}

/// While the first load of the one runs there is no alias yet: the index is taken all the same.
#[tokio::test(flavor = "multi_thread")]
async fn only_an_explicit_flag_takes_an_index_over() {
    let production = Site::new("ownership_taken").await;
    let first = production.follow();
    let staging = staging(&production, &servers::postgres_middle(), "ownership_taken").await;
    let second = staging.start(&["run", "-b", "--take-over"]);
    second.wait_for(FOLLOWS, LIMIT);
    staging.converges(&second).await;
    // The one that fed it ends as soon as it has something to write, and says why.
    production.database.run("UPDATE book SET title = 'after' WHERE id = 5").await;
    let (status, said) = first.wait(LIMIT);
    let said = said.join("\n");
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("error[P0701]") || said.contains("error[P0704]"), "{said}");
    staging.database.run("UPDATE book SET title = 'staged' WHERE id = 1").await;
    staging.converges(&second).await;
    stop(second);
    // From now on it is the second's: the flag is not needed again, and the first is refused.
    let second = staging.follow();
    staging.converges(&second).await;
    stop(second);
    refused(production.start(&["run"]), &["ownership_taken", port(&staging)]);
    let (_, found) = request(&staging.engine, Method::GET, "/ownership_taken*", None).await;
    assert_eq!(found.as_object().unwrap().len(), 1, "{found}");
}

/// Tearing one down takes nothing from the other, even where the slots have one name.
#[tokio::test(flavor = "multi_thread")]
async fn teardown_leaves_what_belongs_to_another_database() {
    let production = Site::new("ownership_teardown").await;
    stop(production.follow());
    let slot = production.slot().await;
    let staging = staging(&production, &servers::postgres_middle(), "ownership_teardown").await;
    let (status, said) = staging.start(&["bootstrap"]).wait(LIMIT);
    assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
    let (status, said) = staging.start(&["teardown", "--indexes"]).wait(LIMIT);
    assert_eq!(status.code(), Some(0), "{}", said.join("\n"));
    assert_eq!(state(&production, &slot).await["found"], true);
    assert_eq!(documents(&production.engine, &production.index).await, production.expected().await);
    let before = production.written().await;
    let process = production.follow();
    production.converges(&process).await;
    assert_eq!(production.written().await, before, "nothing was loaded again");
    stop(process);
}

/// One line says what is worked on.
#[tokio::test(flavor = "multi_thread")]
async fn both_sides_are_named_at_the_start() {
    let site = Site::new("ownership_named").await;
    let process = site.follow();
    let words = ["ownership_named", "127.0.0.1", port(&site), "PostgreSQL 18", "OpenSearch 2", &site.engine];
    let lines = process.lines();
    assert!(lines.iter().any(|line| words.iter().all(|word| line.contains(word))), "{}", lines.join("\n"));
    stop(process);
}

/// A disk that was copied has the system identifier, the database and the slot of the first: it is told apart by the
/// process that works on the first. Once that is gone, the copy is the server that took its place.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_the_server_is_refused_while_the_other_is_followed() {
    let mut cluster = Cluster::start(&newest_home(), "");
    let mut production = Site::between("ownership_copy", &cluster.url(), servers::opensearch()).await;
    stop(production.follow());
    cluster.stop();
    let copy = cluster.copy();
    cluster.resume();
    production.database.reconnect().await;
    let process = production.follow();
    let twin = |arguments: &[&str]| {
        let url = production
            .database
            .url
            .replace(&cluster.url()[..cluster.url().len() - 9], &copy.url()[..copy.url().len() - 9]);
        let mut words = vec!["pgsync"];
        words.extend(arguments);
        let environment = [("PG_URL", url.as_str()), ("ELASTICSEARCH_URL", production.engine.as_str())];
        Process::start(cargo_pgsync(), &words, &environment, production.directory.path())
    };
    refused(twin(&["run", "-b"]), &["ownership_copy", port(&production)]);
    production.database.run("UPDATE book SET title = 'after' WHERE id = 5").await;
    production.converges(&process).await;
    process.kill();
    let process = twin(&["run", "-b"]);
    process.wait_for(FOLLOWS, LIMIT);
    stop(process);
}
