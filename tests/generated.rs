//! Columns that the database computes. Servers before 18 leave them out of the stream, so nothing is known of them from an
//! event: that is not the same as being unchanged.

use crate::support::servers;
use crate::support::site::{Site, stop};
use serde_json::json;

const TABLES: &str = "
    CREATE TABLE parent (id integer PRIMARY KEY, name text);
    CREATE TABLE child (id integer PRIMARY KEY, parent_id integer REFERENCES parent, a integer,
                        g integer GENERATED ALWAYS AS (a * 2) STORED);
    INSERT INTO parent SELECT n, 'parent ' || n FROM generate_series(1, 20) n;
    INSERT INTO child (id, parent_id, a) SELECT n, n, n FROM generate_series(1, 20) n;";

const SAID: &str = "
    SELECT p.id::text, json_build_object('id', p.id, 'children',
      (SELECT json_agg(json_build_object('g', c.g) ORDER BY c.id) FROM child c WHERE c.parent_id = p.id))::text
    FROM parent p";

#[tokio::test(flavor = "multi_thread")]
async fn a_generated_column_follows_what_it_is_computed_from() {
    for (version, server) in [("middle", servers::postgres_middle()), ("newest", servers::postgres_newest())] {
        let site = Site::of(&format!("generated_{version}"), &server, servers::opensearch(), TABLES, SAID).await;
        site.nodes(&json!({ "table": "parent", "columns": ["id"], "children": [{
            "table": "child", "label": "children", "columns": ["g"],
            "relationship": { "variant": "object", "type": "one_to_many" }
        }]}));
        let process = site.follow();
        // `a` itself is not in the schema, and the whole old row is known.
        site.database.run("UPDATE child SET a = 500 WHERE id <= 10").await;
        site.converges(&process).await;
        stop(process);
    }
}
