//! The examples: the committed snapshot is what the live catalogue gives, on both server versions, and the documents are
//! those of `expected.json`, which is written by hand.

use crate::support::database::Database;
use crate::support::index::documents;
use crate::support::json::{Exact, exact};
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("examples").join(name)
}

/// A PostgreSQL and the engine that goes with it.
type Pair = (String, String);

fn newest() -> Pair {
    (servers::postgres_newest(), servers::opensearch())
}

fn oldest() -> Pair {
    (servers::postgres_oldest(), servers::elasticsearch())
}

async fn example(name: &str, index: &str, pairs: impl IntoIterator<Item = Pair>) {
    let directory = directory(name);
    let schema = std::fs::read_to_string(directory.join("schema.sql")).unwrap();
    let expected = exact(&std::fs::read_to_string(directory.join("expected.json")).unwrap());
    for (server, engine) in pairs {
        let database = Database::create(&server, &format!("example_{}", name.replace('-', "_"))).await;
        database.run(&schema).await;
        // Names that no other test of the same schema uses: slots are the server's, indexes the engine's.
        let slot = format!("example_{index}");
        let environment = [
            ("PG_URL", database.url.as_str()),
            ("ELASTICSEARCH_URL", engine.as_str()),
            ("PGSYNC_SLOT", slot.as_str()),
            ("PGSYNC_PUBLICATION", slot.as_str()),
        ];
        let check = Process::start(cargo_pgsync(), &["pgsync", "catalog", "--check"], &environment, &directory);
        let (status, said) = check.wait(Duration::from_secs(60));
        assert!(status.success(), "{name}: {}", said.join("\n"));
        let load = Process::start(cargo_pgsync(), &["pgsync", "sync", "-b"], &environment, &directory);
        let (status, said) = load.wait(Duration::from_secs(60));
        assert!(status.success(), "{name}: {}", said.join("\n"));
        assert_eq!(Exact::Object(documents(&engine, index).await), expected, "{name}");
        let down = Process::start(cargo_pgsync(), &["pgsync", "teardown", "--indexes"], &environment, &directory);
        let (status, said) = down.wait(Duration::from_secs(60));
        assert!(status.success(), "{name}: {}", said.join("\n"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_of_the_readme() {
    // Both go to an index named after the root table, so one after the other.
    example("readme-short", "book", [newest(), oldest()]).await;
    example("readme-renamed", "book", [newest(), oldest()]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn composite_keys_over_two_schemas() {
    example("two-schemas", "purchases", [newest(), oldest()]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_without_foreign_keys() {
    example("no-foreign-keys", "units", [newest(), oldest()]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_levels_with_a_scalar_child_and_a_join_table() {
    // On the newest pair the front doors do the same.
    example("library", "library", [oldest()]).await;
}
