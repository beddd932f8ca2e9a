//! `xmin`, which a load of the same rows shows otherwise each time, so that it stands in no case of the corpus.

use crate::support::servers;
use crate::support::site::{Site, stop};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn xmin_follows_every_update_and_a_rewritten_table() {
    let tables =
        "CREATE TABLE t (id integer PRIMARY KEY, v text); INSERT INTO t SELECT n, n FROM generate_series(1, 9) n";
    let oracle = "SELECT id::text, json_build_object('id', id, 'xmin', xmin::text, 'ctid', ctid::text)::text FROM t";
    for (name, server) in [("system_new", servers::postgres_newest()), ("system_old", servers::postgres_oldest())] {
        let site = Site::of(name, &server, servers::opensearch(), tables, oracle).await;
        site.nodes(&json!({ "table": "t", "columns": ["id", "xmin", "ctid"] }));
        let process = site.follow();
        for change in [
            // The value is what it was, and the row is another one.
            "UPDATE t SET v = v WHERE id < 4",
            "UPDATE t SET v = 'new' WHERE id = 5; DELETE FROM t WHERE id = 6; INSERT INTO t VALUES (6, 'again')",
            "DELETE FROM t WHERE id = 1; VACUUM FULL t",
        ] {
            for statement in change.split("; ") {
                site.database.run(statement).await;
            }
            site.converges(&process).await;
        }
        stop(process);
        site.leave().await;
    }
}
