//! The tables that are altered: a root with an enum, a domain and a composite type, a child, and a partitioned child
//! whose leaves need their whole rows as replica identity.

use crate::support::site::Site;
use serde_json::json;

pub(super) const TABLES: &str = "
    CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
    CREATE TYPE place AS (street text, town text);
    CREATE DOMAIN price AS numeric(10, 2);
    CREATE TABLE book (id integer PRIMARY KEY, title text, mood mood, cost price, home place);
    CREATE TABLE review (id integer PRIMARY KEY, book_id integer, body text, stars integer);
    CREATE TABLE visit (id integer, day integer, book_id integer, note text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
    CREATE TABLE visit_1 PARTITION OF visit FOR VALUES FROM (0) TO (10);
    CREATE TABLE visit_2 PARTITION OF visit FOR VALUES FROM (10) TO (20);
    INSERT INTO book SELECT n, 'book ' || n, (enum_range(NULL::mood))[n % 3 + 1], n, ROW('street ' || n, 'town')::place
      FROM generate_series(1, 60) n;
    INSERT INTO review SELECT n, n, 'review ' || n, n % 5 FROM generate_series(1, 60) n;
    INSERT INTO visit SELECT n, n % 20, n, 'visit ' || n FROM generate_series(1, 60) n;";

pub(super) const SAID: &str = "
    SELECT b.id::text, json_build_object('id', b.id, 'title', b.title, 'mood', b.mood, 'cost', b.cost, 'home', b.home,
      'reviews', (SELECT json_agg(json_build_object('id', r.id, 'body', r.body) ORDER BY r.id)
                  FROM review r WHERE r.book_id = b.id),
      'visits', (SELECT json_agg(json_build_object('id', v.id, 'note', v.note) ORDER BY v.day, v.id)
                 FROM visit v WHERE v.book_id = b.id))::text
    FROM book b";

/// A site with these tables, without a program.
pub(super) async fn site(name: &str, server: &str, engine: String) -> Site {
    let site = Site::of(name, server, engine, TABLES, SAID).await;
    let by = json!({ "child": ["book_id"], "parent": ["id"] });
    let many = json!({ "variant": "object", "type": "one_to_many", "foreign_key": by });
    site.nodes(&json!({ "table": "book", "columns": ["id", "title", "mood", "cost", "home"], "children": [
        { "table": "review", "label": "reviews", "columns": ["id", "body"], "relationship": many },
        { "table": "visit", "label": "visits", "columns": ["id", "note"], "relationship": many },
    ]}));
    site
}
