//! Foreign keys that act on servers whose log does not say it: rows that hang on the row they refer to are followed at any depth;
//! where rows change that hang on others, everything that shows such rows is read again.

use super::library::Library;
use super::*;
use pgsync_runtime::internals::Code;
use pgsync_runtime::internals::pipeline::Options;
use serde_json::json;

/// Four levels: a shelf takes its books with it, a book its tags, a review its votes; reviews lose their book.
const TABLES: [&str; 7] = [
    "CREATE TABLE shelf (id INT PRIMARY KEY, name VARCHAR(20))",
    "CREATE TABLE book (id INT PRIMARY KEY, shelf_id INT, title VARCHAR(20), CONSTRAINT stands FOREIGN KEY (shelf_id)
       REFERENCES shelf (id) ON DELETE CASCADE ON UPDATE CASCADE)",
    "CREATE TABLE review (id INT PRIMARY KEY, book_id INT, stars INT, CONSTRAINT about FOREIGN KEY (book_id)
       REFERENCES book (id) ON DELETE SET NULL ON UPDATE CASCADE)",
    "CREATE TABLE vote (id INT PRIMARY KEY, review_id INT NOT NULL, CONSTRAINT on_review FOREIGN KEY (review_id)
       REFERENCES review (id) ON DELETE CASCADE ON UPDATE CASCADE)",
    "CREATE TABLE tag (id INT PRIMARY KEY, name VARCHAR(20) NOT NULL)",
    "CREATE TABLE tagging (book_id INT, tag_id INT, PRIMARY KEY (book_id, tag_id), CONSTRAINT tags FOREIGN KEY (book_id)
       REFERENCES book (id) ON DELETE CASCADE ON UPDATE CASCADE, CONSTRAINT of_tag FOREIGN KEY (tag_id) REFERENCES tag (id))",
    "INSERT INTO tag VALUES (1, 'red'), (2, 'green'), (3, 'blue')",
];

/// What a subquery gives is a text in `JSON_OBJECT` unless it is taken apart.
const ORACLE: &str = "SELECT s.id, JSON_OBJECT('name', s.name, 'book', JSON_EXTRACT((SELECT JSON_ARRAYAGG(JSON_OBJECT(
    'id', b.id, 'title', b.title,
    'review', JSON_EXTRACT((SELECT JSON_ARRAYAGG(JSON_OBJECT('id', r.id, 'stars', r.stars,
      'vote', JSON_EXTRACT((SELECT JSON_ARRAYAGG(v.id ORDER BY v.id) FROM vote v WHERE v.review_id = r.id), '$'))
      ORDER BY r.id) FROM review r WHERE r.book_id = b.id), '$'),
    'tag', JSON_EXTRACT((SELECT JSON_ARRAYAGG(t.name ORDER BY t.id) FROM tagging g JOIN tag t ON t.id = g.tag_id
      WHERE g.book_id = b.id), '$'))
    ORDER BY b.id) FROM book b WHERE b.shelf_id = s.id), '$')) FROM shelf s";

fn nodes() -> serde_json::Value {
    let many = |variant: &str| json!({ "variant": variant, "type": "one_to_many" });
    json!({ "table": "shelf", "columns": ["name"], "children": [{
        "table": "book", "columns": ["id", "title"], "relationship": many("object"), "children": [
            { "table": "review", "columns": ["id", "stars"], "relationship": many("object"),
              "children": [{ "table": "vote", "columns": ["id"], "relationship": many("scalar") }] },
            { "table": "tag", "columns": ["name"],
              "relationship": { "variant": "scalar", "type": "one_to_many", "through_tables": ["tagging"] } },
        ],
    }] })
}

/// Rows come, go, move, and get other keys, on each level.
fn change(random: &mut fastrand::Rng) -> String {
    let (shelf, book, review, vote) = (random.u32(1..5), random.u32(1..10), random.u32(1..20), random.u32(1..30));
    match random.u8(0..12) {
        0 => format!("INSERT IGNORE INTO shelf VALUES ({shelf}, 's{}')", random.u32(..)),
        1 => format!("DELETE FROM shelf WHERE id = {shelf}"),
        2 => format!("UPDATE IGNORE shelf SET id = {} WHERE id = {shelf}", random.u32(1..5)),
        3 | 4 => format!("INSERT IGNORE INTO book VALUES ({book}, {shelf}, 'b{}')", random.u8(..)),
        5 => format!("DELETE FROM book WHERE id = {book}"),
        6 => format!("UPDATE IGNORE book SET id = {} WHERE id = {book}", random.u32(1..10)),
        7 => format!("UPDATE IGNORE book SET shelf_id = {shelf} WHERE id = {book}"),
        8 => format!("INSERT IGNORE INTO review VALUES ({review}, {book}, {})", random.u8(0..6)),
        9 => format!("UPDATE IGNORE review SET id = {} WHERE id = {review}", random.u32(1..20)),
        10 => format!("INSERT IGNORE INTO vote VALUES ({vote}, {review})"),
        _ => format!("INSERT IGNORE INTO tagging VALUES ({book}, {})", random.u32(1..4)),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_rows_that_go_with_their_parent_are_followed() {
    let mut shelves = Library::of(Family::MariaDb, "mysql-cascades", &TABLES, nodes(), Some(ORACLE.to_owned())).await;
    shelves.start().await;
    let mut random = fastrand::Rng::with_seed(3);
    for round in 0..25 {
        for _ in 0..random.usize(1..40) {
            let several = random.u8(0..4) == 0;
            if several {
                shelves.run("BEGIN").await;
            }
            for _ in 0..if several { random.usize(1..6) } else { 1 } {
                let statement = change(&mut random);
                // Not every key can be given away.
                shelves.attempt(&statement).await;
            }
            if several {
                shelves.run("COMMIT").await;
            }
        }
        match round % 8 {
            3 => shelves.kill().await,
            4 => shelves.start().await,
            _ => {}
        }
        if round % 8 != 3 {
            shelves.converges().await;
        }
    }
    shelves.kill().await;
}

/// A delivery: its shelf goes with its room, the room with its house, which no document shows. A shelf loses its keeper when
/// that one goes, a tag takes its taggings with it, and a shelf on another goes with it.
const HANGING: [&str; 9] = [
    "CREATE TABLE house (id INT PRIMARY KEY)",
    "CREATE TABLE room (id INT PRIMARY KEY, house_id INT, CONSTRAINT stands_in FOREIGN KEY (house_id) REFERENCES house (id)
       ON DELETE CASCADE ON UPDATE CASCADE)",
    "CREATE TABLE keeper (code VARCHAR(10) PRIMARY KEY)",
    "ALTER TABLE shelf ADD COLUMN room_id INT, ADD COLUMN keeper VARCHAR(10), ADD COLUMN on_shelf INT",
    "ALTER TABLE shelf ADD CONSTRAINT is_in FOREIGN KEY (room_id) REFERENCES room (id) ON DELETE CASCADE ON UPDATE CASCADE",
    "ALTER TABLE shelf ADD CONSTRAINT kept_by FOREIGN KEY (keeper) REFERENCES keeper (code) ON DELETE SET NULL
       ON UPDATE CASCADE",
    "ALTER TABLE shelf ADD CONSTRAINT stands_on FOREIGN KEY (on_shelf) REFERENCES shelf (id) ON DELETE CASCADE",
    "ALTER TABLE tagging DROP FOREIGN KEY of_tag",
    "ALTER TABLE tagging ADD CONSTRAINT of_tag FOREIGN KEY (tag_id) REFERENCES tag (id) ON DELETE CASCADE ON UPDATE CASCADE",
];

/// The server changes rows of the root, and of what leads to others, and says nothing of it: each kind of key, over two tables
/// that no document shows, to itself, and through a join table.
async fn unheard(server: BinlogServer, name: &str) {
    let tables: Vec<&str> = TABLES.into_iter().chain(HANGING).collect();
    let mut nodes = nodes();
    nodes["columns"] = json!(["name", "keeper", "room_id"]);
    let mut oracle = ORACLE.replace("'name', s.name,", "'name', s.name, 'keeper', s.keeper, 'room_id', s.room_id,");
    if server.family == Family::MySql {
        // It knows no order there, and gives these rows in the order of their keys.
        for key in ["v.id", "r.id", "t.id", "b.id"] {
            oracle = oracle.replace(&format!("ORDER BY {key}"), "");
        }
    }
    let mut shelves = Library::on(server, name, &tables, nodes, Some(oracle)).await;
    shelves.start().await;
    for statement in [
        "INSERT INTO house VALUES (1), (2), (3)",
        "INSERT INTO room VALUES (1, 1), (2, 1), (3, 2), (4, 3)",
        "INSERT INTO keeper VALUES ('ann'), ('bob')",
        "INSERT INTO shelf VALUES (1, 'one', 1, 'ann', NULL), (2, 'two', 3, 'bob', NULL), (3, 'three', 4, 'ann', 2),
           (4, 'four', NULL, 'bob', NULL), (5, 'five', 2, NULL, 4)",
        "INSERT INTO book VALUES (1, 1, 'b'), (2, 2, 'c'), (3, 4, 'd')",
        "INSERT INTO tagging VALUES (1, 1), (2, 1), (2, 2), (3, 3)",
    ] {
        shelves.run(statement).await;
    }
    shelves.converges().await;
    for statement in [
        // The key of what a root, or its join table, refers to is another one.
        "UPDATE keeper SET code = 'anne' WHERE code = 'ann'",
        "UPDATE room SET id = 40 WHERE id = 4",
        "UPDATE tag SET id = 10 WHERE id = 1",
        // Rows go: a child behind a join table, what the root refers to, a root that another hangs on.
        "DELETE FROM tag WHERE id = 2",
        "DELETE FROM keeper WHERE code = 'bob'",
        "DELETE FROM shelf WHERE id = 4",
        "DELETE FROM room WHERE id = 3",
        // And what no document has anything to do with.
        "DELETE FROM house WHERE id = 1",
        "DELETE FROM house",
    ] {
        shelves.run(statement).await;
        shelves.converges().await;
    }
    // While nobody follows, and in a transaction with others.
    for statement in [
        "INSERT INTO keeper VALUES ('eve')",
        "INSERT INTO shelf VALUES (7, 'seven', NULL, 'eve', NULL), (8, 'eight', NULL, 'eve', 7)",
    ] {
        shelves.run(statement).await;
    }
    shelves.converges().await;
    shelves.kill().await;
    for statement in
        ["BEGIN", "UPDATE keeper SET code = 'eva' WHERE code = 'eve'", "DELETE FROM shelf WHERE id = 7", "COMMIT"]
    {
        shelves.run(statement).await;
    }
    shelves.start().await;
    shelves.converges().await;
    shelves.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_keys_that_act_unheard_are_followed_on_mariadb() {
    unheard(BinlogServer::start(Family::MariaDb, &[]), "mysql-unheard").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_keys_that_act_are_followed_on_mysql() {
    unheard(BinlogServer::start(Family::MySql, &[]), "mysql-heard").await;
}

/// As MySQL did before 9.6, where it is told to.
#[tokio::test(flavor = "multi_thread")]
async fn mysql_keys_that_act_unheard_are_followed_on_mysql() {
    let server = BinlogServer::start(Family::MySql, &["--innodb-native-foreign-keys=ON"]);
    unheard(server, "mysql-native").await;
}

/// A change of a table that may not be looked at cannot be known to cause others.
#[tokio::test(flavor = "multi_thread")]
async fn mysql_a_key_to_a_table_that_is_hidden_is_refused() {
    let mut shelves = Library::of(Family::MariaDb, "mysql-hidden", &TABLES, nodes(), Some(ORACLE.to_owned())).await;
    for statement in [
        "CREATE DATABASE vault",
        "CREATE TABLE vault.house (id INT PRIMARY KEY)",
        "ALTER TABLE shelf ADD COLUMN house_id INT",
        "ALTER TABLE shelf ADD CONSTRAINT is_in FOREIGN KEY (house_id) REFERENCES vault.house (id) ON DELETE CASCADE",
        "REVOKE SELECT, SHOW VIEW ON *.* FROM repl@'%'",
        "GRANT SELECT ON shop.* TO repl@'%'",
    ] {
        shelves.run(statement).await;
    }
    let once = Options { until_caught_up: true, ..Options::default() };
    let error = shelves.pipeline(once).await.run().await.unwrap_err();
    assert_eq!(error.code(), Some(Code::UnloggedChanges), "{error}");
    assert!(error.to_string().contains("foreign key is_in of shop.shelf"), "{error}");
}
