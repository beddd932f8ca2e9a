//! A table that was emptied has nothing to aggregate: what a statement gives is then of the same types as before.

use super::library::Library;
use super::*;
use crate::support::engine::request;
use reqwest::Method;
use serde_json::json;

const TABLES: [&str; 4] = [
    "CREATE TABLE book (id BIGINT PRIMARY KEY, title VARCHAR(20))",
    "CREATE TABLE review (id BIGINT PRIMARY KEY, book_id BIGINT NOT NULL, stars INT, price DECIMAL(20,4), at DATE,
       body VARCHAR(20), CONSTRAINT about FOREIGN KEY (book_id) REFERENCES book (id))",
    "INSERT INTO book VALUES (1, 'one'), (2, 'two'), (3, 'three')",
    "INSERT INTO review VALUES (1, 1, 5, 1.5, '2020-01-01', 'a'), (2, 1, NULL, NULL, NULL, NULL), (3, 2, 1, 2.25, '2020-01-02', 'b')",
];

fn nodes() -> serde_json::Value {
    let many = json!({ "variant": "object", "type": "one_to_many" });
    let mut scalar = many.clone();
    scalar["variant"] = json!("scalar");
    json!({ "table": "book", "children": [
        { "table": "review", "label": "made", "relationship": many, "aggregate": {
            "a": "sum(id)", "b": "avg(stars)", "c": "max(book_id)", "d": "count(stars)", "e": "max(price)", "f": "min(at)",
            "g": "min(body)", "h": "sum(price)" } },
        { "table": "review", "label": "days", "columns": ["at"], "distinct": true, "relationship": scalar },
    ] })
}

async fn emptied(family: Family) {
    let oracle = "SELECT b.id, CONCAT('{\"id\":', b.id, ',\"title\":', JSON_QUOTE(b.title), ',\"made\":', (
        SELECT CONCAT('{\"a\":', COALESCE(SUM(r.id), 'null'), ',\"b\":', COALESCE(AVG(CAST(r.stars AS DECIMAL(32,12))), 'null'),
          ',\"c\":', COALESCE(MAX(r.book_id), 'null'), ',\"d\":', COUNT(r.stars), ',\"e\":', COALESCE(MAX(r.price), 'null'),
          ',\"f\":', COALESCE(JSON_QUOTE(CONCAT(MIN(r.at))), 'null'), ',\"g\":', COALESCE(JSON_QUOTE(MIN(r.body)), 'null'),
          ',\"h\":', COALESCE(SUM(r.price), 'null'), '}') FROM review r WHERE r.book_id = b.id), ',\"days\":', COALESCE((
        SELECT CONCAT('[', GROUP_CONCAT(DISTINCT COALESCE(JSON_QUOTE(CONCAT(r.at)), 'null') ORDER BY r.at IS NULL, r.at), ']')
          FROM review r WHERE r.book_id = b.id), 'null'), '}') FROM book b";
    let mut books = Library::of(family, "mysql-emptied", &TABLES, nodes(), Some(oracle.to_owned())).await;
    books.start().await;
    books.converges().await;
    let (_, filled) = request(&books.engine, Method::GET, &format!("/{}/_alias", books.index), None).await;
    for statement in [
        "UPDATE book SET title = 'first' WHERE id = 1",
        "TRUNCATE TABLE review",
        "UPDATE book SET title = 'second' WHERE id = 2",
        "INSERT INTO review VALUES (9, 3, 5, 1.5, '2020-01-01', 'a')",
        "DELETE FROM review",
        "ANALYZE TABLE review",
        "UPDATE book SET title = 'third' WHERE id = 3",
    ] {
        books.run(statement).await;
        books.converges().await;
        let (_, found) = request(&books.engine, Method::GET, &format!("/{}/_alias", books.index), None).await;
        assert_eq!(found, filled, "{statement}: it has loaded again");
    }
    books.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_table_that_was_emptied_is_read_on_mariadb() {
    emptied(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_table_that_was_emptied_is_read_on_mysql() {
    emptied(Family::MySql).await;
}
