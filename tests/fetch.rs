//! Documents read, rendered and put together, against an independently written query; links and keys whose equality is
//! not equality of bytes.

use crate::support::database::Database;
use crate::support::json::exact;
use crate::support::servers;
use pgsync_plan::*;
use pgsync_runtime::fetch::{DocumentReader, Documents, KeySet, Session};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A table with columns of these names, types and kinds.
fn table(name: &str, columns: &[(&str, &str, ValueKind)]) -> Table {
    let columns = columns
        .iter()
        .map(|(name, cast, kind)| Column {
            name: (*name).to_owned(),
            ty: ColumnType {
                declared: (*cast).to_owned(),
                cast: (*cast).to_owned(),
                kind: *kind,
                array: false,
                bytewise: false,
                enumeration: None,
            },
            nullable: true,
            comment: None,
        })
        .collect();
    Table {
        schema: "public".to_owned(),
        name: name.to_owned(),
        kind: TableKind::Ordinary,
        columns,
        key: vec![ColumnId(0)],
        old: Vec::new(),
        identity: Identity::Default,
        comment: None,
    }
}

/// A node that selects the columns at these positions and shows these fields.
fn node(
    parent: Option<(usize, &[usize])>,
    table: usize,
    shape: Shape,
    select: &[usize],
    fields: &[(&str, FieldValue)],
) -> Node {
    Node {
        label: String::new(),
        parent: parent.map(|(parent, _)| NodeId(parent)),
        table: TableId(table),
        shape,
        optional: true,
        key: vec![ColumnId(0)],
        select: select
            .iter()
            .map(|column| Select { column: ColumnId(*column), path: Vec::new(), form: Form::Raw })
            .collect(),
        fields: fields.iter().map(|(name, value)| Field { name: (*name).to_owned(), value: *value }).collect(),
        link: parent.map(|(_, positions)| Link {
            parent: Vec::new(),
            parent_select: positions.to_vec(),
            child: Vec::new(),
            through: None,
        }),
    }
}

fn column(position: usize) -> FieldValue {
    FieldValue::Select(position)
}

fn child(node: usize) -> FieldValue {
    FieldValue::Child(NodeId(node))
}

fn statement(sql: &str) -> Statement {
    Statement { sql: sql.to_owned(), params: Vec::new() }
}

/// The statements of a root, from its table, its key (name and type) and what it selects.
fn statements(table: &str, key: &[(&str, &str)], select: &str, levels: &[&str], routes: &[&str]) -> DocumentStatements {
    let names = key.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let arrays = (1..).zip(key).map(|(n, (_, ty))| format!("${n}::{ty}[]")).collect::<Vec<_>>().join(", ");
    let on = key.iter().map(|(name, _)| format!("t.{name} = k.{name}")).collect::<Vec<_>>().join(" AND ");
    let asked = key.iter().map(|(name, _)| format!("k.{name}")).collect::<Vec<_>>().join(", ");
    let bound =
        |from: usize| (from..).zip(key).map(|(n, (_, ty))| format!("${n}::{ty}")).collect::<Vec<_>>().join(", ");
    let n = key.len();
    let range = |filter: String| statement(&format!("SELECT {select} FROM {table} t {filter} ORDER BY {names}"));
    DocumentStatements {
        roots_by_key: statement(&format!(
            "SELECT k.o, {asked}, t.ctid IS NOT NULL, {select} FROM unnest({arrays}) WITH ORDINALITY AS k({names}, o)
             LEFT JOIN {table} t ON {on} ORDER BY k.o"
        )),
        roots_by_range: RangeStatements {
            cut_first: statement(&format!(
                "SELECT {names} FROM {table} ORDER BY {names} OFFSET $1::bigint - 1 LIMIT 1"
            )),
            cut_next: statement(&format!(
                "SELECT {names} FROM {table} WHERE ({names}) > ({}) ORDER BY {names} OFFSET ${}::bigint - 1 LIMIT 1",
                bound(1),
                n + 1
            )),
            all: range(String::new()),
            until: range(format!("WHERE ({names}) <= ({})", bound(1))),
            after: range(format!("WHERE ({names}) > ({})", bound(1))),
            between: range(format!("WHERE ({names}) > ({}) AND ({names}) <= ({})", bound(1), bound(n + 1))),
            estimate: statement(&format!("SELECT reltuples::bigint FROM pg_class WHERE oid = '{table}'::regclass")),
        },
        levels: std::iter::once(None).chain(levels.iter().map(|sql| Some(statement(sql)))).collect(),
        routes: routes.iter().map(|sql| (!sql.is_empty()).then(|| statement(sql))).collect(),
    }
}

fn program(tables: Vec<Table>, nodes: Vec<Node>, id: &[usize], statements: DocumentStatements) -> Arc<Program> {
    let document = Document {
        index: "book".to_owned(),
        database: None,
        nodes,
        routes: Vec::new(),
        id: id.to_vec(),
        setting: None,
        mapping: None,
    };
    Arc::new(Program {
        format: Program::FORMAT,
        plan: Plan { tables, enums: Vec::new(), documents: vec![document] },
        statements: vec![statements],
        indexes: Vec::new(),
        capture: Capture { publication: String::new(), slot: String::new() },
    })
}

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
        assert!(map.insert(document.id.to_owned(), body).is_none(), "{} comes twice", document.id);
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

    let mut ranged = Documents::new();
    let mut after = None;
    let mut ranges = 0;
    loop {
        let until = reader.cut(&mut session, after.as_ref(), 70).await.unwrap();
        reader.read_range(&mut session, after.as_ref(), until.as_ref(), &mut ranged).await.unwrap();
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
    let mut keyed = Documents::new();
    reader.read_keys(&mut session, &set, &mut keyed).await.unwrap();

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
    reader.roots(&mut session, 1, &keys(&[&["1"], &["2"]]), &mut roots).await.unwrap();
    let expected: i64 = database
        .client
        .query_one("SELECT count(DISTINCT book_id) FROM book_author WHERE author_id IN (1, 2)", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(roots.len() as i64, expected);
}

#[tokio::test]
async fn library_documents_newest() {
    library_documents(&servers::postgres_newest()).await;
}

#[tokio::test]
async fn library_documents_oldest() {
    library_documents(&servers::postgres_oldest()).await;
}
