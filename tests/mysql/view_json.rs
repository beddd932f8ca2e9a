//! JSON of a view is JSON, also where the server keeps it in a text and says of the view's column that it is one.

use super::library::Library;
use super::*;
use serde_json::json;

const TABLES: [&str; 5] = [
    "CREATE TABLE note (id INT PRIMARY KEY, body JSON, said LONGTEXT)",
    "CREATE VIEW seen AS SELECT id, body, said, CONCAT('\"', id, '\"') AS made FROM note WHERE said IS NOT NULL",
    "CREATE VIEW again AS SELECT s.id AS key_of, s.body AS inner_body, s.said FROM seen s",
    "INSERT INTO note VALUES (1, '{\"a\": [1, 2.50, null]}', '[1]'), (2, NULL, '{}'), (3, '7', NULL)",
    "INSERT INTO note VALUES (4, '\"text\"', 'text')",
];

/// What is a text stays one, whatever it looks like.
const ORACLE: &str = "SELECT id, CONCAT('{\"id\":', id, ',\"body\":', COALESCE(CONVERT(body USING utf8mb4), 'null'), ',\"said\":',
    JSON_QUOTE(said), ',\"made\":', JSON_QUOTE(CONCAT('\"', id, '\"')), ',\"again\":[{\"inner_body\":',
    COALESCE(CONVERT(body USING utf8mb4), 'null'), ',\"said\":', JSON_QUOTE(said), '}]}') FROM note WHERE said IS NOT NULL";

async fn shown(family: Family) {
    let nodes = json!({ "table": "seen", "primary_key": ["id"], "children": [
        { "table": "again", "primary_key": ["key_of"], "columns": ["inner_body", "said"], "relationship": {
            "variant": "object", "type": "one_to_many", "foreign_key": { "parent": ["id"], "child": ["key_of"] } } },
    ] });
    let mut notes = Library::of(family, "mysql-view-json", &TABLES, nodes, Some(ORACLE.to_owned())).await;
    notes.start().await;
    notes.converges().await;
    notes.run("UPDATE note SET body = '{\"b\": {\"c\": 1e2}}' WHERE id = 2").await;
    notes.converges().await;
    notes.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_json_of_a_view_is_json_on_mariadb() {
    shown(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_json_of_a_view_is_json_on_mysql() {
    shown(Family::MySql).await;
}
