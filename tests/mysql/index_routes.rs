//! Foreign keys that act without a word in the log, each kind of them at each kind of place: the documents that have shown such
//! rows are read again, and no others.

use super::library::Library;
use super::*;
use crate::support::engine::request;
use pgsync_codegen::catalog::Release;
use reqwest::Method;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

const TABLES: [&str; 15] = [
    "CREATE TABLE country (id INT PRIMARY KEY)",
    "CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(20), country_id INT, CONSTRAINT comes_from FOREIGN KEY (country_id)
       REFERENCES country (id) ON DELETE CASCADE)",
    "CREATE TABLE publisher (id BIGINT UNSIGNED PRIMARY KEY)",
    "CREATE TABLE owner (id INT PRIMARY KEY)",
    "CREATE TABLE series (id INT PRIMARY KEY, owner_id INT, CONSTRAINT owned FOREIGN KEY (owner_id) REFERENCES owner (id)
       ON DELETE CASCADE)",
    "CREATE TABLE place (storey INT, shelf SMALLINT, PRIMARY KEY (storey, shelf))",
    "CREATE TABLE code (word VARCHAR(10) PRIMARY KEY)",
    "CREATE TABLE book (id INT PRIMARY KEY, title VARCHAR(20), publisher_id BIGINT UNSIGNED, series_id INT, storey INT,
       shelf SMALLINT, word VARCHAR(10),
       CONSTRAINT printed_by FOREIGN KEY (publisher_id) REFERENCES publisher (id) ON DELETE SET NULL ON UPDATE CASCADE,
       CONSTRAINT part_of FOREIGN KEY (series_id) REFERENCES series (id) ON DELETE CASCADE,
       CONSTRAINT stands_at FOREIGN KEY (storey, shelf) REFERENCES place (storey, shelf) ON UPDATE CASCADE,
       CONSTRAINT called FOREIGN KEY (word) REFERENCES code (word) ON DELETE SET NULL)",
    "CREATE TABLE book_author (book_id INT, author_id INT, PRIMARY KEY (book_id, author_id),
       CONSTRAINT of_book FOREIGN KEY (book_id) REFERENCES book (id) ON DELETE CASCADE ON UPDATE CASCADE,
       CONSTRAINT by_author FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE ON UPDATE CASCADE)",
    "CREATE TABLE tag (id INT PRIMARY KEY, name VARCHAR(20))",
    "CREATE TABLE tagging (book_id INT, tag_id INT, PRIMARY KEY (book_id, tag_id),
       CONSTRAINT tag_of FOREIGN KEY (book_id) REFERENCES book (id) ON DELETE CASCADE ON UPDATE CASCADE,
       CONSTRAINT tagged FOREIGN KEY (tag_id) REFERENCES tag (id) ON DELETE CASCADE ON UPDATE CASCADE)",
    "CREATE TABLE reader (id INT PRIMARY KEY)",
    "CREATE TABLE review (id INT PRIMARY KEY, book_id INT, stars INT, reader_id INT,
       CONSTRAINT about FOREIGN KEY (book_id) REFERENCES book (id) ON DELETE CASCADE ON UPDATE CASCADE,
       CONSTRAINT written_by FOREIGN KEY (reader_id) REFERENCES reader (id) ON DELETE CASCADE ON UPDATE CASCADE)",
    "CREATE TABLE writer (id INT PRIMARY KEY)",
    "CREATE TABLE reply (id INT PRIMARY KEY, review_id INT, writer_id INT,
       CONSTRAINT answers FOREIGN KEY (review_id) REFERENCES review (id) ON DELETE CASCADE ON UPDATE CASCADE,
       CONSTRAINT sent_by FOREIGN KEY (writer_id) REFERENCES writer (id) ON DELETE SET NULL ON UPDATE CASCADE)",
];

const ROWS: [&str; 14] = [
    "INSERT INTO country VALUES (1), (2), (3)",
    "INSERT INTO author VALUES (1, 'Ada', NULL), (2, 'Ben', NULL), (3, 'Eve', 2), (4, 'Kim', 3), (5, 'Lea', NULL)",
    "INSERT INTO publisher VALUES (1), (2), (18446744073709551615)",
    "INSERT INTO owner VALUES (1), (2)",
    "INSERT INTO series VALUES (1, NULL), (2, NULL), (3, 1), (4, NULL)",
    "INSERT INTO place VALUES (1, 1), (1, 2), (2, 1)",
    "INSERT INTO code VALUES ('a'), ('b')",
    "INSERT INTO book VALUES (1, 'one', 1, 1, 1, 1, 'a'), (2, 'two', 18446744073709551615, 1, 1, 2, NULL),
       (3, 'three', 2, 2, 2, 1, NULL), (4, 'four', NULL, 3, NULL, NULL, NULL), (5, 'five', 1, NULL, 1, NULL, NULL),
       (6, 'six', NULL, NULL, NULL, NULL, NULL), (7, 'seven', NULL, 4, NULL, NULL, NULL)",
    "INSERT INTO book_author VALUES (1, 1), (1, 2), (2, 2), (3, 3), (4, 1), (4, 4), (5, 4), (6, 5)",
    "INSERT INTO tag VALUES (1, 'red'), (2, 'green'), (3, 'blue')",
    "INSERT INTO tagging VALUES (1, 1), (1, 2), (2, 1), (6, 3), (3, 2)",
    "INSERT INTO reader VALUES (1), (2), (3)",
    "INSERT INTO review VALUES (1, 1, 5, 1), (2, 2, 4, 1), (3, 2, 3, 2), (4, 5, 3, NULL), (5, 6, 1, 3)",
    "INSERT INTO writer VALUES (1), (2)",
];

const REPLIES: &str = "INSERT INTO reply VALUES (1, 1, 1), (2, 3, 2), (3, 4, 1), (4, 4, NULL)";

/// `DECIMAL` and the like are no numbers here, and a subquery gives a text unless it is taken apart.
const ORACLE: &str = "SELECT b.id, JSON_OBJECT('title', b.title, 'publisher_id', b.publisher_id,
    'author', JSON_EXTRACT((SELECT JSON_ARRAYAGG(a.name ORDER BY a.id) FROM book_author g JOIN author a ON a.id = g.author_id
      WHERE g.book_id = b.id), '$'),
    'tag', JSON_EXTRACT((SELECT JSON_ARRAYAGG(JSON_OBJECT('name', t.name) ORDER BY t.id) FROM tagging g
      JOIN tag t ON t.id = g.tag_id WHERE g.book_id = b.id), '$'),
    'review', JSON_EXTRACT((SELECT JSON_ARRAYAGG(JSON_OBJECT('id', r.id, 'stars', r.stars,
      'reply', JSON_EXTRACT((SELECT JSON_ARRAYAGG(JSON_OBJECT('id', p.id, 'writer_id', p.writer_id) ORDER BY p.id)
        FROM reply p WHERE p.review_id = r.id), '$')) ORDER BY r.id) FROM review r WHERE r.book_id = b.id), '$'))
    FROM book b";

fn nodes() -> serde_json::Value {
    let many = |variant: &str| json!({ "variant": variant, "type": "one_to_many" });
    let through =
        |variant: &str, table: &str| json!({ "variant": variant, "type": "one_to_many", "through_tables": [table] });
    json!({ "table": "book", "columns": ["title", "publisher_id"], "children": [
        { "table": "author", "columns": ["name"], "relationship": through("scalar", "book_author") },
        { "table": "tag", "columns": ["name"], "relationship": through("object", "tagging") },
        { "table": "review", "columns": ["id", "stars"], "relationship": many("object"), "children": [
            { "table": "reply", "columns": ["id", "writer_id"], "relationship": many("object") },
        ] },
    ] })
}

/// A library that is filled and followed.
async fn followed(server: BinlogServer, name: &str) -> Library {
    let (mut oracle, family) = (ORACLE.to_owned(), server.family);
    if family == Family::MySql {
        // It knows no order there, and gives these rows in the order of their keys.
        for key in ["a.id", "t.id", "p.id", "r.id"] {
            oracle = oracle.replace(&format!("ORDER BY {key}"), "");
        }
    }
    let mut books = Library::on(server, name, &TABLES, nodes(), Some(oracle)).await;
    if family == Family::MySql {
        books.release = Some(Release { major: 8, minor: 4 });
    }
    for statement in ROWS.into_iter().chain([REPLIES]) {
        books.run(statement).await;
    }
    books.start().await;
    books.converges().await;
    books
}

/// The version of each document, once everything before is written.
async fn versions(books: &mut Library, mark: &mut u32) -> BTreeMap<String, u64> {
    // What is behind a change in the log is written after it.
    *mark += 1;
    books.run(&format!("INSERT INTO book (id, title) VALUES ({mark}, 'a mark')")).await;
    books.converges().await;
    request(&books.engine, Method::POST, &format!("/{}/_refresh", books.index), None).await;
    let asked = json!({ "size": 10_000, "version": true, "_source": false });
    let (_, found) = request(&books.engine, Method::POST, &format!("/{}/_search", books.index), Some(&asked)).await;
    let hits = found["hits"]["hits"].as_array().unwrap();
    hits.iter().map(|hit| (hit["_id"].as_str().unwrap().to_owned(), hit["_version"].as_u64().unwrap())).collect()
}

/// Runs statements, and says which documents were written or deleted for them.
async fn concerned(books: &mut Library, mark: &mut u32, statements: &[&str]) -> BTreeSet<String> {
    let before = versions(books, mark).await;
    for statement in statements {
        books.run(statement).await;
    }
    let after = versions(books, mark).await;
    let is_same = |id: &String| before.get(id) == after.get(id);
    let own = mark.to_string();
    before.keys().chain(after.keys()).filter(|id| **id != own && !is_same(id)).cloned().collect()
}

fn ids(ids: &[u32]) -> BTreeSet<String> {
    ids.iter().map(ToString::to_string).collect()
}

async fn only_those(server: BinlogServer, name: &str) {
    let mut books = followed(server, name).await;
    let mut mark = 1000;
    // Each with the documents that have shown such rows.
    let cases: [(&[&str], &[u32]); 17] = [
        // Behind a join table, whose rows go; then get another key.
        (&["DELETE FROM author WHERE id = 2"], &[1, 2]),
        (&["UPDATE author SET id = 50 WHERE id = 5"], &[6]),
        (&["DELETE FROM author WHERE id = 50"], &[6]),
        (&["DELETE FROM tag WHERE id = 1"], &[1, 2]),
        (&["UPDATE tag SET id = 30 WHERE id = 3", "DELETE FROM tag WHERE id = 30"], &[6]),
        // Of the root: its columns become NULL, or others, or it goes.
        (&["DELETE FROM publisher WHERE id = 18446744073709551615"], &[2]),
        (&["UPDATE publisher SET id = 10 WHERE id = 1"], &[1, 5]),
        (&["DELETE FROM publisher WHERE id = 10"], &[1, 5]),
        (&["UPDATE place SET shelf = 9 WHERE storey = 1 AND shelf = 2"], &[2]),
        // The row that goes has got there by a column that no document shows.
        (&["UPDATE book SET series_id = 4 WHERE id = 6"], &[6]),
        (&["DELETE FROM series WHERE id = 4"], &[6, 7]),
        (
            &["BEGIN", "UPDATE book SET series_id = 2 WHERE id = 2", "DELETE FROM series WHERE id = 2", "COMMIT"],
            &[2, 3],
        ),
        // Below the root, on another table than the one that goes, one level down and two.
        (&["UPDATE reader SET id = 20 WHERE id = 1"], &[1]),
        (&["DELETE FROM reader WHERE id = 20"], &[1]),
        (&["UPDATE writer SET id = 10 WHERE id = 1", "DELETE FROM writer WHERE id = 10"], &[5]),
        // Through a table that the document shows.
        (&["DELETE FROM country WHERE id = 3"], &[4, 5]),
        // What nothing refers to.
        (&["DELETE FROM reader WHERE id = 2", "DELETE FROM country WHERE id = 1"], &[]),
    ];
    let mut wrong = Vec::new();
    for (statements, expected) in cases {
        let found = concerned(&mut books, &mut mark, statements).await;
        if found != ids(expected) {
            wrong.push((statements, expected, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // By way of a table that no document shows, and by a text, nobody can tell which.
    for statement in ["DELETE FROM owner WHERE id = 1", "DELETE FROM code WHERE word = 'a'"] {
        let found = concerned(&mut books, &mut mark, &[statement]).await;
        assert!(found.len() > 5, "{statement}: {found:?}");
    }
    books.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_only_documents_that_showed_what_a_key_has_changed_are_read_again() {
    only_those(BinlogServer::start(Family::MariaDb, &[]), "mysql-index-routes").await;
}

/// As MySQL did before 9.6, where it is told to, and its catalogue was taken then.
#[tokio::test(flavor = "multi_thread")]
async fn mysql_only_documents_that_showed_what_a_key_has_changed_are_read_again_on_mysql() {
    let server = BinlogServer::start(Family::MySql, &["--innodb-native-foreign-keys=ON"]);
    only_those(server, "mysql-index-routes").await;
}

/// More documents than one page lists, and a start after which requests of the process before may be on their way.
#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_key_that_acts_is_followed_in_as_many_documents_as_there_are() {
    let mut books = followed(BinlogServer::start(Family::MariaDb, &[]), "mysql-index-routes-many").await;
    let mut mark = 100_000;
    for statement in [
        "INSERT INTO author VALUES (77, 'Many', NULL)",
        "INSERT INTO book (id, title) SELECT seq, 'b' FROM seq_10001_to_14500",
        "INSERT INTO book_author SELECT seq, 77 FROM seq_10001_to_14500",
    ] {
        books.run(statement).await;
    }
    let found = concerned(&mut books, &mut mark, &["DELETE FROM author WHERE id = 77"]).await;
    assert_eq!(found.len(), 4500);
    books.kill().await;
    // While nobody follows.
    books.run("DELETE FROM author WHERE id = 4").await;
    books.start().await;
    books.converges().await;
    books.kill().await;
}

/// The way from an `_id` back to its row, for a key that is no text.
async fn of_bytes(family: Family, options: &[&str]) {
    const TABLES: [&str; 2] = [
        "CREATE TABLE owner (id INT PRIMARY KEY)",
        "CREATE TABLE item (id BINARY(4) PRIMARY KEY, name VARCHAR(20), owner_id INT, CONSTRAINT owned FOREIGN KEY (owner_id)
           REFERENCES owner (id) ON DELETE SET NULL)",
    ];
    let oracle = "SELECT CONCAT('b\\'', CONVERT(id USING utf8mb4), '\\''),
        JSON_OBJECT('name', name, 'owner_id', owner_id) FROM item";
    let nodes = json!({ "table": "item", "columns": ["name", "owner_id"] });
    let server = BinlogServer::start(family, options);
    let mut items = Library::on(server, "mysql-index-routes-bytes", &TABLES, nodes, Some(oracle.to_owned())).await;
    if family == Family::MySql {
        items.release = Some(Release { major: 8, minor: 4 });
    }
    items.run("INSERT INTO owner VALUES (1), (2)").await;
    items.run("INSERT INTO item VALUES ('abcd', 'one', 1), ('a\"|z', 'two', 1), ('wxyz', 'three', 2)").await;
    items.start().await;
    items.converges().await;
    items.run("DELETE FROM owner WHERE id = 1").await;
    items.converges().await;
    items.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_documents_with_keys_of_bytes_are_found_and_read_again() {
    of_bytes(Family::MariaDb, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_documents_with_keys_of_bytes_are_found_and_read_again_on_mysql() {
    of_bytes(Family::MySql, &["--innodb-native-foreign-keys=ON"]).await;
}
