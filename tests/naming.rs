//! Names of slot and publication: the same whatever happens to the documents of a file, another for another file, and
//! never those of a file that somebody else has.

use crate::support::database::Database;
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use crate::support::site::LIMIT;
use serde_json::{Value, json};
use std::path::Path;

fn document(database: &Database, table: &str) -> Value {
    json!({ "index": format!("{}_{table}", database.name), "nodes": { "table": table } })
}

fn bootstrap(database: &Database, directory: &Path, schema: &Value) -> (Option<i32>, String) {
    std::fs::create_dir_all(directory).unwrap();
    std::fs::write(directory.join("schema.json"), schema.to_string()).unwrap();
    let environment = [("PG_URL", database.url.as_str()), ("ELASTICSEARCH_URL", "http://127.0.0.1:9")];
    let process = Process::start(cargo_pgsync(), &["pgsync", "bootstrap"], &environment, directory);
    let (status, said) = process.wait(LIMIT);
    (status.code(), said.join("\n"))
}

async fn slots(database: &Database) -> Vec<String> {
    let sql = "SELECT slot_name::text FROM pg_replication_slots WHERE database = current_database() ORDER BY 1";
    database.client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slot_stays_whatever_happens_to_the_documents() {
    for (version, server) in servers::postgres_versions() {
        let database = Database::create(&server, &format!("naming_{version}")).await;
        database.run("CREATE TABLE a (id integer PRIMARY KEY); CREATE TABLE b (id integer PRIMARY KEY)").await;
        let (a, b) = (document(&database, "a"), document(&database, "b"));
        let home = tempfile::tempdir().unwrap();
        let (orders, other) = (home.path().join("orders"), home.path().join("customers"));
        for schema in [json!([a]), json!([b, a]), json!([a, b]), json!([b])] {
            let (code, said) = bootstrap(&database, &orders, &schema);
            assert_eq!(code, Some(0), "{said}");
            assert_eq!(slots(&database).await.len(), 1, "{version}: {schema}");
        }
        assert!(slots(&database).await[0].starts_with("pgsync_orders_"), "{:?}", slots(&database).await);
        // Another file in another directory, both called schema.json.
        let (code, said) = bootstrap(&database, &other, &json!([a]));
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(slots(&database).await.len(), 2);
        // The name that is written counts, wherever the file is.
        let (code, said) = bootstrap(&database, &other, &json!({ "name": "orders", "documents": [b] }));
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(slots(&database).await.len(), 2);
        // A file that feeds nothing of what that name feeds is another one.
        let (code, said) = bootstrap(&database, &other, &json!({ "name": "orders", "documents": [a] }));
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("error[P0323]"), "{said}");
        let sql =
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()";
        database.run(sql).await;
    }
}
