//! Changes of what is computed, of what is made of all rows, and of what a function says is shown: documents follow them, on MySQL
//! and MariaDB.

use super::library::Library;
use super::*;
use serde_json::json;

const SHOPS: [&str; 4] = [
    "CREATE TABLE shop (id INT PRIMARY KEY, name VARCHAR(40), gone BOOLEAN, made DATETIME) CHARACTER SET utf8mb4",
    "CREATE TABLE item (id INT PRIMARY KEY, shop_id INT, name VARCHAR(40), price DECIMAL(8,2), stars SMALLINT, kind ENUM('b', 'a'),
       CONSTRAINT sold FOREIGN KEY (shop_id) REFERENCES shop (id)) CHARACTER SET utf8mb4",
    "INSERT INTO shop VALUES (1, 'one', NULL, '2024-01-02 03:04:05'), (2, 'two', FALSE, NULL), (3, 'three', TRUE, '2025-01-01 00:00:00'), (4, '', NULL, NULL)",
    "INSERT INTO item VALUES (1, 1, 'x', 1.50, 3, 'a'), (2, 1, 'y', 0.25, 4, 'b'), (3, 1, NULL, 2, 3, 'b'), (4, 2, 'z', NULL, NULL, NULL), (5, 3, 'w', 1, 1, 'a')",
];

const OF_SHOPS: &str = "
    SELECT s.id, JSON_OBJECT('id', s.id, 'loud', UPPER(s.name), 'year', YEAR(s.made), 'old', JSON_EXTRACT(IF(s.made IS NULL, 'true', 'false'), '$'),
      'dear', (SELECT CONCAT(i.name, ': ', i.price) FROM item i WHERE i.shop_id = s.id AND i.price > 1 ORDER BY i.id LIMIT 1),
      'stats', JSON_OBJECT('items', (SELECT COUNT(*) FROM item i WHERE i.shop_id = s.id),
        'any', JSON_EXTRACT(IF(EXISTS (SELECT 1 FROM item i WHERE i.shop_id = s.id), 'true', 'false'), '$'),
        'sum', (SELECT SUM(price) FROM item i WHERE i.shop_id = s.id),
        'last', (SELECT kind FROM item i WHERE i.shop_id = s.id ORDER BY kind DESC LIMIT 1),
        'mean', (SELECT SUM(stars) * CAST(1 AS DECIMAL(13,12)) / COUNT(stars) FROM item i WHERE i.shop_id = s.id)))
    FROM shop s WHERE CHAR_LENGTH(s.name) > 0 AND s.gone IS NOT TRUE";

/// Documents follow what is computed, what is made of all rows, and what functions say is shown.
async fn followed(family: Family) {
    let nodes = json!({
        "table": "shop", "columns": ["id"], "where": "CHAR_LENGTH(name) > 0 AND NOT COALESCE(gone, FALSE)",
        "computed": { "loud": "UPPER(name)", "year": "YEAR(made)", "old": "made IS NULL" },
        "children": [
            { "table": "item", "label": "dear", "where": "price > 1", "computed": { "line": "CONCAT(name, ': ', price)" },
              "order_by": ["id"], "relationship": { "variant": "scalar", "type": "one_to_one", "foreign_key": { "parent": ["id"], "child": ["shop_id"] } } },
            { "table": "item", "label": "stats",
              "aggregate": { "items": "count(*)", "any": "exists", "sum": "sum(price)", "last": "max(kind)", "mean": "avg(stars)" } },
        ],
    });
    let mut shops = Library::of(family, "mysql-expressions", &SHOPS, nodes, Some(OF_SHOPS.to_owned())).await;
    shops.start().await;
    shops.converges().await;
    for statement in [
        "UPDATE shop SET gone = TRUE WHERE id = 1",
        "UPDATE shop SET gone = FALSE, name = 'ONE', made = NULL WHERE id IN (1, 3)",
        "UPDATE shop SET name = 'four' WHERE id = 4",
        "UPDATE item SET stars = stars + 1, price = price * 3 WHERE shop_id = 1",
        "UPDATE item SET kind = 'b', name = 'v' WHERE id IN (1, 5)",
        "UPDATE item SET shop_id = 4 WHERE id IN (2, 4)",
        "DELETE FROM item WHERE id = 5",
        "INSERT INTO item VALUES (6, 2, 'u', 7.25, 2, 'a')",
        "UPDATE shop SET made = '1999-12-31 23:59:59' WHERE id = 2",
        "TRUNCATE TABLE item",
        "INSERT INTO item VALUES (1, 3, 't', 3, 5, 'a')",
    ] {
        shops.run(statement).await;
        shops.converges().await;
    }
    shops.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_expressions_are_followed_on_mariadb() {
    followed(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_expressions_are_followed_on_mysql() {
    followed(Family::MySql).await;
}
