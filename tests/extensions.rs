//! Keys and links of types that extensions bring: their operators stand in a schema that no session searches, some have
//! operators of other names, some have no binary form. Documents follow their rows through every kind of change, on every
//! server version.

use crate::support::process::Process;
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop};
use serde_json::json;

const BOOKS: &str = "
    CREATE SCHEMA ext;
    CREATE EXTENSION isn SCHEMA ext;
    CREATE EXTENSION ltree SCHEMA ext;
    CREATE FUNCTION isbn(n integer) RETURNS ext.isbn13 LANGUAGE sql AS
      $$ SELECT ('978' || lpad(n::text, 9, '0') || '?')::ext.isbn13 $$;
    CREATE TABLE book (isbn ext.isbn13 PRIMARY KEY, title text);
    CREATE TABLE review (id integer PRIMARY KEY, isbn ext.isbn13 REFERENCES book ON UPDATE CASCADE, body text);
    CREATE TABLE category (path ext.ltree PRIMARY KEY, label text);
    CREATE TABLE book_category (isbn ext.isbn13 REFERENCES book ON UPDATE CASCADE,
      path ext.ltree REFERENCES category ON UPDATE CASCADE, PRIMARY KEY (isbn, path));
    INSERT INTO book SELECT isbn(n), 'book ' || n FROM generate_series(1, 60) n;
    INSERT INTO review SELECT n, isbn(1 + n % 60), 'review ' || n FROM generate_series(1, 150) n;
    INSERT INTO category SELECT ('top.c' || n)::ext.ltree, 'category ' || n FROM generate_series(1, 12) n;
    INSERT INTO book_category SELECT isbn(n), ('top.c' || 1 + (n * m) % 12)::ext.ltree
      FROM generate_series(1, 60) n, generate_series(1, 3) m ON CONFLICT DO NOTHING;";

const BOOKS_SAID: &str = "
    SELECT isbn::text, json_build_object('isbn', isbn, 'title', title,
      'reviews', (SELECT json_agg(json_build_object('id', id, 'body', body) ORDER BY id) FROM public.review r WHERE r.isbn OPERATOR(ext.=) b.isbn),
      'categories', (SELECT json_agg(json_build_object('path', path, 'label', label) ORDER BY path)
                     FROM public.category c WHERE path OPERATOR(ext.=) ANY
                       (SELECT path FROM public.book_category j WHERE j.isbn OPERATOR(ext.=) b.isbn)))::text
    FROM public.book b";

const PLACES: &str = "
    CREATE SCHEMA ext;
    CREATE EXTENSION cube SCHEMA ext;
    CREATE EXTENSION citext SCHEMA ext;
    CREATE EXTENSION hstore SCHEMA ext;
    CREATE EXTENSION ltree SCHEMA ext;
    CREATE EXTENSION seg SCHEMA ext;
    CREATE TABLE place (path ext.ltree, area ext.cube, name ext.citext, attrs ext.hstore, size ext.seg, n integer,
      PRIMARY KEY (path, area, name, attrs, size));
    CREATE TABLE visit (id integer PRIMARY KEY, path ext.ltree, area ext.cube, name ext.citext, attrs ext.hstore, size ext.seg,
      FOREIGN KEY (path, area, name, attrs, size) REFERENCES place ON UPDATE CASCADE ON DELETE CASCADE);
    INSERT INTO place SELECT ('a.b' || n % 5)::ext.ltree, ext.cube(n % 7), (CASE n % 2 WHEN 0 THEN 'N' ELSE 'n' END || n)::ext.citext,
      ext.hstore('k', n::text), (n || ' .. ' || n + 1)::ext.seg, n FROM generate_series(1, 60) n;
    INSERT INTO visit SELECT v, path, area, name, attrs, size FROM place, generate_series(n, 240, 60) v;";

const PLACES_SAID: &str = "
    SELECT concat_ws('|', area, attrs, name, path, size), json_build_object('name', name, 'n', n,
      'visits', (SELECT json_agg(id ORDER BY id) FROM public.visit v
                 WHERE concat_ws('|', v.area, v.attrs, lower(v.name), v.path, v.size) = concat_ws('|', p.area, p.attrs, lower(p.name), p.path, p.size)))::text
    FROM public.place p";

/// Ranges and slices of a few rows, so that bounds of these types are asked for.
const SMALL: [(&str, &str); 3] = [("QUERY_CHUNK_SIZE", "7"), ("FILTER_CHUNK_SIZE", "20"), ("NUM_WORKERS", "2")];

async fn follows(site: &Site, process: &Process, changes: &[&str]) {
    for change in changes {
        site.database.run(change).await;
        site.converges(process).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_follow_through_links_of_extension_types() {
    for (version, server) in servers::postgres_versions() {
        let name = format!("extension_links_{version}");
        let site = Site::of(&name, &server, servers::opensearch(), BOOKS, BOOKS_SAID).await;
        site.nodes(&json!({ "table": "book", "columns": ["isbn", "title"], "children": [
            { "table": "review", "columns": ["id", "body"], "label": "reviews" },
            { "table": "category", "columns": ["path", "label"], "label": "categories", "relationship": {
                "variant": "object", "type": "one_to_many", "through_tables": ["book_category"] } },
        ]}));
        let process = site.start_with(&["run", "-b"], &SMALL);
        process.wait_for(FOLLOWS, LIMIT);
        site.converges(&process).await;
        follows(
            &site,
            &process,
            &[
                "INSERT INTO book VALUES (isbn(100), 'new'); INSERT INTO review VALUES (1000, isbn(100), 'first')",
                "UPDATE book SET title = 'changed' WHERE isbn OPERATOR(ext.=) isbn(1)",
                "UPDATE review SET body = 'changed' WHERE id = 2",
                "UPDATE review SET isbn = isbn(3) WHERE id = 4",
                "DELETE FROM review WHERE id = 5",
                "UPDATE category SET label = 'changed' WHERE path OPERATOR(ext.=) 'top.c3'",
                "UPDATE category SET path = 'top.moved' WHERE path OPERATOR(ext.=) 'top.c4'",
                "INSERT INTO book_category VALUES (isbn(100), 'top.moved')",
                "DELETE FROM book_category WHERE isbn OPERATOR(ext.=) isbn(7)",
                "UPDATE book SET isbn = isbn(200) WHERE isbn OPERATOR(ext.=) isbn(8)",
                "DELETE FROM review WHERE isbn OPERATOR(ext.=) isbn(9); DELETE FROM book_category WHERE isbn OPERATOR(ext.=) isbn(9);
                 DELETE FROM book WHERE isbn OPERATOR(ext.=) isbn(9)",
            ],
        )
        .await;
        stop(process);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_several_extension_types_are_ranged_over_and_found() {
    for (version, server) in servers::postgres_versions() {
        let name = format!("extension_keys_{version}");
        let site = Site::of(&name, &server, servers::opensearch(), PLACES, PLACES_SAID).await;
        site.nodes(&json!({ "table": "place", "columns": ["name", "n"], "children": [
            { "table": "visit", "columns": ["id"], "label": "visits" },
        ]}));
        let process = site.start_with(&["run", "-b"], &SMALL);
        process.wait_for(FOLLOWS, LIMIT);
        site.converges(&process).await;
        follows(
            &site,
            &process,
            &[
                "UPDATE place SET n = n + 1000 WHERE n % 3 = 0",
                "UPDATE place SET area = ext.cube(77), attrs = ext.hstore('k', 'moved') WHERE n = 7",
                "UPDATE visit v SET path = p.path, area = p.area, name = p.name, attrs = p.attrs, size = p.size
                 FROM place p WHERE p.n = 11 AND v.id = 13",
                "DELETE FROM visit WHERE id = 14",
                "DELETE FROM place WHERE n = 16",
                "INSERT INTO place VALUES ('x.y', ext.cube(1), 'New', ext.hstore('k', 'new'), '1 .. 2', 5000)",
            ],
        )
        .await;
        stop(process);
    }
}
