//! Documents read, rendered and put together, against an independently written query; links and keys whose equality is
//! not equality of bytes.

use crate::support::database::Database;
use crate::support::json::exact;
use crate::support::programs::{child, column, node, program, statements, table};
use crate::support::servers;
use pgsync_plan::{Program, Shape, ValueKind};
use pgsync_runtime::internals::Version;
use pgsync_runtime::internals::fetch::{DocumentReader, Documents, KeySet, RowCache};
use pgsync_runtime::internals::source::postgres::Session;
use std::collections::BTreeMap;
use std::sync::Arc;

fn keys(tuples: &[&[&str]]) -> KeySet {
    let mut set = KeySet::new(tuples.first().map_or(1, |tuple| tuple.len()));
    for tuple in tuples {
        set.insert(tuple.iter().map(|value| value.as_bytes()));
    }
    set
}

/// Bodies by id, each id checked to come once; `None` is a delete.
fn by_id(documents: &Documents) -> BTreeMap<String, Option<String>> {
    let mut map = BTreeMap::new();
    for document in documents.iter() {
        let body = document.body.map(|body| String::from_utf8(body.to_vec()).unwrap());
        assert!(map.insert(document.id.to_string(), body).is_none(), "{} comes twice", document.id);
    }
    map
}

const LIBRARY: &str = "
    CREATE TABLE publisher (id int PRIMARY KEY, name text);
    CREATE TABLE book (id int PRIMARY KEY, title text, publisher_id int REFERENCES publisher, price numeric(10,2),
        sequel_of int REFERENCES book);
    CREATE TABLE author (id int PRIMARY KEY, name text);
    CREATE TABLE book_author (id int PRIMARY KEY, book_id int REFERENCES book, author_id int REFERENCES author);
    CREATE TABLE review (id int PRIMARY KEY, book_id int REFERENCES book, body text, at timestamptz);
    CREATE TABLE vote (id int PRIMARY KEY, review_id int REFERENCES review, up boolean);
    INSERT INTO publisher SELECT n, 'Publisher \"' || n || E'\"\\n' FROM generate_series(1, 5) n;
    INSERT INTO book SELECT n, 'Book ' || n, nullif(n % 6, 0), n * 1.1, nullif(n / 2, 0) FROM generate_series(1, 300) n;
    INSERT INTO author SELECT n, 'Author ' || n FROM generate_series(1, 40) n;
    INSERT INTO book_author SELECT n, n % 300 + 1, n * 7 % 40 + 1 FROM generate_series(1, 500) n;
    INSERT INTO review SELECT n, n % 200 + 1, 'review ' || n, timestamptz '2020-01-01' + n * interval '1.5 hour'
        FROM generate_series(1, 700) n;
    INSERT INTO vote SELECT n, n * 3 % 500 + 1, n % 2 = 0 FROM generate_series(1, 900) n;";

/// Written without the reader in mind: one correlated query, the database's own JSON.
const LIBRARY_ORACLE: &str = "SELECT b.id::text, json_build_object('id', b.id, 'title', b.title, 'price', b.price,
    'publisher', (SELECT json_build_object('name', p.name) FROM publisher p WHERE p.id = b.publisher_id),
    'authors', (SELECT json_agg(a.name ORDER BY a.id, x.id) FROM book_author x JOIN author a ON a.id = x.author_id
                WHERE x.book_id = b.id),
    'reviews', (SELECT json_agg(json_build_object('body', r.body, 'at', to_json(r.at), 'votes',
                   (SELECT json_agg(json_build_object('id', v.id, 'up', v.up) ORDER BY v.id) FROM vote v
                    WHERE v.review_id = r.id)) ORDER BY r.id)
                FROM review r WHERE r.book_id = b.id),
    'sequel_of', (SELECT s.title FROM book s WHERE s.id = b.sequel_of))::text FROM book b";

fn library() -> Arc<Program> {
    use ValueKind::{Bool, Int4, Numeric, Text, TimestampTz};
    let tables = vec![
        table(
            "book",
            &[
                ("id", "int", Int4),
                ("title", "text", Text),
                ("publisher_id", "int", Int4),
                ("price", "numeric", Numeric),
                ("sequel_of", "int", Int4),
            ],
        ),
        table("publisher", &[("id", "int", Int4), ("name", "text", Text)]),
        table("author", &[("id", "int", Int4), ("name", "text", Text)]),
        table("review", &[("id", "int", Int4), ("body", "text", Text), ("at", "timestamptz", TimestampTz)]),
        table("vote", &[("id", "int", Int4), ("up", "bool", Bool)]),
    ];
    let nodes = vec![
        node(
            None,
            0,
            Shape::Object,
            &[0, 1, 2, 3, 4],
            &[
                ("id", column(0)),
                ("title", column(1)),
                ("price", column(3)),
                ("publisher", child(1)),
                ("authors", child(2)),
                ("reviews", child(3)),
                ("sequel_of", child(5)),
            ],
        ),
        node(Some((0, &[2])), 1, Shape::Object, &[1], &[("name", column(0))]),
        node(Some((0, &[0])), 2, Shape::Scalars, &[1], &[("name", column(0))]),
        node(
            Some((0, &[0])),
            3,
            Shape::Objects,
            &[0, 1, 2],
            &[("body", column(1)), ("at", column(2)), ("votes", child(4))],
        ),
        node(Some((3, &[0])), 4, Shape::Objects, &[0, 1], &[("id", column(0)), ("up", column(1))]),
        node(Some((0, &[4])), 0, Shape::Scalar, &[1], &[("title", column(0))]),
    ];
    let levels = [
        "SELECT k.o, c.name FROM unnest($1::int[]) WITH ORDINALITY k(v, o) JOIN publisher c ON c.id = k.v ORDER BY k.o, c.id",
        "SELECT k.o, c.name FROM unnest($1::int[]) WITH ORDINALITY k(v, o) JOIN book_author x ON x.book_id = k.v
         JOIN author c ON c.id = x.author_id ORDER BY k.o, c.id, x.id",
        "SELECT k.o, c.id, c.body, c.at FROM unnest($1::int[]) WITH ORDINALITY k(v, o) JOIN review c ON c.book_id = k.v
         ORDER BY k.o, c.id",
        "SELECT k.o, c.id, c.up FROM unnest($1::int[]) WITH ORDINALITY k(v, o) JOIN vote c ON c.review_id = k.v
         ORDER BY k.o, c.id",
        "SELECT k.o, c.title FROM unnest($1::int[]) WITH ORDINALITY k(v, o) JOIN book c ON c.id = k.v ORDER BY k.o, c.id",
    ];
    let routes =
        ["", "SELECT DISTINCT x.book_id::text FROM unnest($1::int[]) k(v) JOIN book_author x ON x.author_id = k.v"];
    let select = "t.id, t.title, t.publisher_id, t.price, t.sequel_of";
    program(tables, nodes, &[0], statements("book", &[("id", "int")], select, &levels, &routes))
}

async fn library_documents(server: &str) {
    let database = Database::create(server, "fetch_library").await;
    database.run(LIBRARY).await;
    database.run("SET TimeZone = 'UTC'").await;
    let oracle: BTreeMap<String, String> =
        database.client.query(LIBRARY_ORACLE, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect();
    let mut session = Session::open(database.session().await).await.unwrap();
    // Few keys a statement, so that levels are read in several pieces.
    let reader = DocumentReader::new(library(), 0, 37).unwrap();

    let mut ranged = Documents::new(Version(1));
    let mut after = None;
    let mut ranges = 0;
    loop {
        let until = reader.cut(&mut session, after.as_ref(), 70).await.unwrap();
        reader.read_range(&mut session, after.as_ref(), until.as_ref(), &RowCache::new(), &mut ranged).await.unwrap();
        ranges += 1;
        if until.is_none() {
            break;
        }
        after = until;
    }
    assert_eq!(ranges, 5);

    let asked: Vec<String> = (1..=305).rev().map(|id| id.to_string()).collect();
    let mut set = KeySet::new(1);
    asked.iter().for_each(|id| assert!(set.insert([id.as_bytes()])));
    let mut keyed = Documents::new(Version(1));
    reader.read_keys(&mut session, (&set, 0..set.len()), &RowCache::new(), &mut keyed).await.unwrap();

    let (ranged, keyed) = (by_id(&ranged), by_id(&keyed));
    assert_eq!(ranged.len(), 300);
    assert_eq!(keyed.len(), 305);
    for (id, expected) in &oracle {
        let body = ranged[id].as_ref().unwrap();
        assert_eq!(exact(body), exact(expected), "{id}");
        assert_eq!(keyed[id].as_ref(), Some(body));
        assert!(!body.contains('\n'));
    }
    for id in 301..=305 {
        assert_eq!(keyed[&id.to_string()], None, "a key without a row is deleted");
    }

    let mut roots = KeySet::new(1);
    let authors = keys(&[&["1"], &["2"]]);
    assert!(reader.roots(&mut session, 1, &authors, 1 << 20, &mut roots).await.unwrap());
    let expected: i64 = database
        .client
        .query_one("SELECT count(DISTINCT book_id) FROM book_author WHERE author_id IN (1, 2)", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(roots.len() as i64, expected);
    let complete = reader.roots(&mut session, 1, &authors, roots.bytes() - 1, &mut KeySet::new(1)).await.unwrap();
    assert!(!complete, "more than were allowed");
}

#[tokio::test]
async fn library_documents_newest() {
    library_documents(&servers::postgres_newest()).await;
}

#[tokio::test]
async fn library_documents_oldest() {
    library_documents(&servers::postgres_oldest()).await;
}

/// A parent and a child whose link columns are of these types; the child's value is another spelling of the parent's.
async fn other_spelling(database: &Database, types: (&str, &str), values: (&str, &str), kind: ValueKind) {
    let (parent, child_type) = types;
    database
        .run(&format!(
            "DROP TABLE IF EXISTS c; DROP TABLE IF EXISTS p;
             CREATE TABLE p (k {parent} PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, k {child_type} REFERENCES p);
             INSERT INTO p VALUES ({}); INSERT INTO c VALUES (1, {})",
            values.0, values.1
        ))
        .await;
    let cast = parent.split('(').next().unwrap().replace("char", "bpchar");
    let tables = vec![table("p", &[("k", &cast, kind)]), table("c", &[("id", "int", ValueKind::Int4)])];
    let nodes = vec![
        node(None, 0, Shape::Object, &[0], &[("c", child(1))]),
        node(Some((0, &[0])), 1, Shape::Scalars, &[0], &[("id", column(0))]),
    ];
    let level =
        format!("SELECT k.o, c.id FROM unnest($1::{cast}[]) WITH ORDINALITY k(v, o) JOIN c ON c.k = k.v ORDER BY k.o");
    let program = program(tables, nodes, &[0], statements("p", &[("k", &cast)], "t.k", &[&level], &[]));
    let reader = DocumentReader::new(program, 0, 100).unwrap();
    let mut session = Session::open(database.session().await).await.unwrap();
    let mut out = Documents::new(Version(1));
    reader.read_range(&mut session, None, None, &RowCache::new(), &mut out).await.unwrap();
    assert_eq!(out.len(), 1);
    assert_eq!(out.get(0).body, Some(br#"{"c":[1]}"#.as_slice()), "{types:?} {values:?}");
}

async fn links_of_other_bytes(server: &str) {
    let database = Database::create(server, "fetch_links").await;
    database.run("CREATE EXTENSION IF NOT EXISTS citext").await;
    other_spelling(&database, ("citext", "citext"), ("'Foo'", "'fOO'"), ValueKind::Text).await;
    other_spelling(&database, ("numeric", "numeric"), ("1.0", "1.000"), ValueKind::Numeric).await;
    other_spelling(&database, ("numeric", "int"), ("1.0", "1"), ValueKind::Numeric).await;
    other_spelling(&database, ("char(5)", "char(8)"), ("'ab'", "'ab'"), ValueKind::Char).await;
    other_spelling(&database, ("float8", "float8"), ("'-0'", "'0'"), ValueKind::Float8).await;
    other_spelling(&database, ("interval", "interval"), ("'1 day'", "'24:00'"), ValueKind::Interval).await;
}

#[tokio::test]
async fn links_of_other_bytes_newest() {
    links_of_other_bytes(&servers::postgres_newest()).await;
}

#[tokio::test]
async fn links_of_other_bytes_oldest() {
    links_of_other_bytes(&servers::postgres_oldest()).await;
}

#[tokio::test]
async fn a_key_spelled_otherwise_is_deleted_under_its_own_spelling() {
    let database = Database::create(&servers::postgres_newest(), "fetch_spelling").await;
    database.run("CREATE EXTENSION citext; CREATE TABLE p (k citext PRIMARY KEY); INSERT INTO p VALUES ('FOO')").await;
    let tables = vec![table("p", &[("k", "citext", ValueKind::Text)])];
    let nodes = vec![node(None, 0, Shape::Object, &[0], &[("k", column(0))])];
    let program = program(tables, nodes, &[0], statements("p", &[("k", "citext")], "t.k", &[], &[]));
    // One key a statement: what is written once stays once over several of them.
    for keys_per_statement in [1, 100] {
        let reader = DocumentReader::new(program.clone(), 0, keys_per_statement).unwrap();
        let mut session = Session::open(database.session().await).await.unwrap();
        let mut out = Documents::new(Version(1));
        let asked = keys(&[&["foo"], &["FOO"], &["Foo"], &["bar"]]);
        reader.read_keys(&mut session, (&asked, 0..4), &RowCache::new(), &mut out).await.unwrap();
        let found = by_id(&out);
        assert_eq!(found.len(), 4);
        assert_eq!(found["FOO"].as_deref(), Some(r#"{"k":"FOO"}"#));
        assert!(["foo", "Foo", "bar"].iter().all(|id| found[*id].is_none()), "{found:?}");
    }
}

#[tokio::test]
async fn composite_keys_never_share_an_id() {
    let database = Database::create(&servers::postgres_newest(), "fetch_composite").await;
    database
        .run("CREATE TABLE p (a text, b text, PRIMARY KEY (a, b)); INSERT INTO p VALUES ('a|b', 'c'), ('a', 'b|c'), ('x', '1')")
        .await;
    let tables = vec![table("p", &[("a", "text", ValueKind::Text), ("b", "text", ValueKind::Text)])];
    let root = node(None, 0, Shape::Object, &[0, 1], &[("a", column(0)), ("b", column(1))]);
    let statements = statements("p", &[("a", "text"), ("b", "text")], "t.a, t.b", &[], &[]);
    let reader = DocumentReader::new(program(tables, vec![root], &[0, 1], statements), 0, 100).unwrap();
    let mut session = Session::open(database.session().await).await.unwrap();
    let mut out = Documents::new(Version(1));
    let asked = keys(&[&["a|b", "c"], &["a", "b|c"], &["x", "1"], &["x", "2"]]);
    reader.read_keys(&mut session, (&asked, 0..4), &RowCache::new(), &mut out).await.unwrap();
    let found = by_id(&out);
    assert_eq!(found.keys().collect::<Vec<_>>(), [r"a\|b|c", r"a|b\|c", "x|1", "x|2"]);
    assert_eq!(found["x|2"], None);
    let cut = reader.cut(&mut session, None, 2).await.unwrap();
    let mut out = Documents::new(Version(1));
    reader.read_range(&mut session, cut.as_ref(), None, &RowCache::new(), &mut out).await.unwrap();
    assert_eq!(out.len(), 1);
}

#[tokio::test]
async fn errors_say_what_they_mean() {
    use pgsync_runtime::internals::ErrorKind;
    let database = Database::create(&servers::postgres_newest(), "fetch_errors").await;
    database
        .run(
            "DO $$ BEGIN CREATE ROLE fetch_reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
             CREATE TABLE p (k int PRIMARY KEY); INSERT INTO p VALUES (1); GRANT SELECT ON p TO fetch_reader;
             ALTER TABLE p ENABLE ROW LEVEL SECURITY; CREATE POLICY hidden ON p USING (k > 1)",
        )
        .await;
    let tables = vec![table("p", &[("k", "int", ValueKind::Int4)])];
    let nodes = vec![node(None, 0, Shape::Object, &[0], &[("k", column(0))])];
    let program = program(tables, nodes, &[0], statements("p", &[("k", "int")], "t.k", &[], &[]));
    let reader = DocumentReader::new(program, 0, 100).unwrap();
    let mut out = Documents::new(Version(1));

    let url = database.url.replace("postgres@", "fetch_reader@");
    let mut filtered = Session::open(crate::support::database::connect(&url).await).await.unwrap();
    let error =
        reader.read_keys(&mut filtered, (&keys(&[&["1"]]), 0..1), &RowCache::new(), &mut out).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
    assert!(error.to_string().contains("row-level security policy for table \"p\""), "{error}");
    assert!(out.is_empty(), "a row that a policy hides is not deleted");

    let mut session = Session::open(database.session().await).await.unwrap();
    reader.read_keys(&mut session, (&keys(&[&["1"]]), 0..1), &RowCache::new(), &mut out).await.unwrap();
    assert_eq!(out.get(0).body, Some(br#"{"k":1}"#.as_slice()));
    let error =
        reader.read_keys(&mut session, (&keys(&[&["one"]]), 0..1), &RowCache::new(), &mut out).await.unwrap_err();
    assert!(!error.to_string().contains("one\""), "no values in errors: {error}");
    database.run("DROP POLICY hidden ON p; ALTER TABLE p ALTER COLUMN k TYPE bigint").await;
    let error = reader.read_keys(&mut session, (&keys(&[&["1"]]), 0..1), &RowCache::new(), &mut out).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Drift, "{error}");
    database.run("DROP TABLE p").await;
    let error = reader.read_keys(&mut session, (&keys(&[&["1"]]), 0..1), &RowCache::new(), &mut out).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Drift, "{error}");
    database
        .run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        .await;
    let error = reader.read_keys(&mut session, (&keys(&[&["1"]]), 0..1), &RowCache::new(), &mut out).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
}
