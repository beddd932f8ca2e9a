//! Memory is bounded whatever rows, keys and documents look like: the program runs under a limit of its address space, and
//! is asked for its peak afterwards. In: rows of 100 bytes, 1 MB and 20 MB side by side, long keys, a document of very many
//! rows. Out: the index holds all of it.

use crate::levels::compile;
use crate::source::settings;
use crate::support::database::Database;
use crate::support::engine::request;
use crate::support::process::Process;
use crate::support::servers;
use crate::support::site::{FOLLOWS, Site, stop};
use pgsync_runtime::internals::Version;
use pgsync_runtime::internals::fetch::{Bound, Budget, DocumentReader, Documents, KeySet, Read, RowCache};
use pgsync_runtime::internals::source::postgres::Session;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const LIMIT: Duration = Duration::from_secs(120);
/// Megabytes of address space that the program may have.
const SPACE: u64 = 400;

/// Rows of 100 bytes, then of 1 MB, then of 20 MB with small ones between them, in the order of the key.
const MIXED: &str = "
    CREATE TABLE item (id integer PRIMARY KEY, version integer NOT NULL, body text);
    INSERT INTO item SELECT n, 1, rpad('small ' || n, 100, ' text') FROM generate_series(1, 20000) n;
    INSERT INTO item SELECT n, 1, repeat(n || ' words ', 80000) FROM generate_series(20001, 20200) n;
    INSERT INTO item SELECT n, 1, repeat(n || ' words ', CASE WHEN n % 3 = 0 THEN 1600000 ELSE 8 END)
      FROM generate_series(20201, 20212) n;
    ANALYZE;";

async fn mixed(name: &str) -> Site {
    let site = Site::of(name, &servers::postgres_newest(), servers::opensearch(), MIXED, "").await;
    site.nodes(&json!({ "table": "item", "columns": ["id", "version", "body"] }));
    site
}

/// Documents that a query finds.
async fn count(site: &Site, query: Value) -> u64 {
    request(&site.engine, Method::POST, &format!("/{}/_refresh", site.index), None).await;
    let query = json!({ "query": query });
    let (_, found) = request(&site.engine, Method::POST, &format!("/{}/_count", site.index), Some(&query)).await;
    found["count"].as_u64().unwrap_or(0)
}

/// Waits until as many documents are found.
async fn reaches(site: &Site, process: &mut Process, query: Value, wanted: u64) {
    let end = Instant::now() + LIMIT;
    loop {
        let found = count(site, query.clone()).await;
        if found == wanted {
            return;
        }
        let said = process.lines().join("\n");
        assert!(process.runs(), "it has ended: {said}");
        assert!(Instant::now() < end, "{found} of {wanted}: {said}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// All rows are there at this version, and the large ones, of which only some are looked at, as the database has them.
async fn holds(site: &Site, process: &mut Process, version: i32) {
    let rows = "SELECT id, md5(body) FROM item WHERE id > 20000 AND (id % 20 = 0 OR id > 20200)";
    let all: i64 = site.database.client.query_one("SELECT count(*) FROM item", &[]).await.unwrap().get(0);
    reaches(site, process, json!({ "term": { "version": version } }), all as u64).await;
    for row in site.database.client.query(rows, &[]).await.unwrap() {
        let (id, wanted): (i32, String) = (row.get(0), row.get(1));
        let (_, found) = request(&site.engine, Method::GET, &format!("/{}/_source/{id}", site.index), None).await;
        let body = found["body"].as_str().unwrap_or_default();
        assert_eq!(found["version"], version, "{id}");
        let found: String = site.database.client.query_one("SELECT md5($1)", &[&body]).await.unwrap().get(0);
        assert_eq!(found, wanted, "{id} has {} bytes", body.len());
    }
}

/// Says what it took, and holds it against the most it may take.
fn took(process: &Process, most: u64) {
    let (resident, space) = (process.peak_megabytes(), process.peak_space_megabytes());
    println!("{resident} MB resident, {space} MB of address space");
    assert!(resident <= most, "{resident} MB resident, {most} are promised");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_of_small_and_large_rows() {
    let site = mixed("memory_load").await;
    let mut process = site.start_within(SPACE, &["run", "-b"]);
    process.wait_for(FOLLOWS, LIMIT);
    holds(&site, &mut process, 1).await;
    took(&process, 240);
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_of_small_and_large_rows() {
    let site = mixed("memory_stream").await;
    site.database.run("CREATE TABLE kept AS SELECT * FROM item; DELETE FROM item").await;
    let mut process = site.start_within(SPACE, &["run", "-b"]);
    process.wait_for(FOLLOWS, LIMIT);
    // These come through the stream as a whole; with the update after them only what is not stored apart does.
    site.database.run("INSERT INTO item SELECT * FROM kept ORDER BY id").await;
    holds(&site, &mut process, 1).await;
    site.database.run("UPDATE item SET version = 2").await;
    holds(&site, &mut process, 2).await;
    took(&process, 280);
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_documents_with_long_keys_share() {
    let tables = "
        CREATE TABLE publisher (id integer PRIMARY KEY, name text);
        CREATE TABLE book (id text PRIMARY KEY, publisher_id integer REFERENCES publisher);
        CREATE INDEX ON book (publisher_id);
        INSERT INTO publisher VALUES (1, 'old');
        INSERT INTO book SELECT rpad(n || ' ', 500, md5(n::text)), 1 FROM generate_series(1, 100000) n;
        ANALYZE;";
    let site = Site::of("memory_keys", &servers::postgres_newest(), servers::opensearch(), tables, "").await;
    site.nodes(&json!({ "table": "book", "columns": ["publisher_id"], "children": [{
        "table": "publisher", "columns": ["name"], "relationship": { "variant": "scalar", "type": "one_to_one" }
    }]}));
    let mut process = site.start_within(SPACE, &["run", "-b"]);
    process.wait_for(FOLLOWS, LIMIT);
    site.database.run("UPDATE publisher SET name = 'new'").await;
    reaches(&site, &mut process, json!({ "match": { "publisher": "new" } }), 100_000).await;
    took(&process, 100);
    stop(process);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_two_hundred_thousand_children() {
    let tables = "
        CREATE TABLE book (id integer PRIMARY KEY, title text);
        CREATE TABLE review (id integer PRIMARY KEY, book_id integer REFERENCES book, body text);
        CREATE INDEX ON review (book_id);
        INSERT INTO book SELECT n, 'book ' || n FROM generate_series(1, 3000) n;
        INSERT INTO review SELECT n, n % 3000 + 1, 'review ' || n FROM generate_series(1, 30000) n;
        INSERT INTO review SELECT n, 1500, 'review ' || n FROM generate_series(30001, 230000) n;
        ANALYZE;";
    let said = "SELECT b.id::text, json_build_object('id', b.id, 'title', b.title, 'reviews',
          (SELECT json_agg(json_build_object('id', r.id, 'body', r.body) ORDER BY r.id)
           FROM review r WHERE r.book_id = b.id))::text
        FROM book b";
    let site = Site::of("memory_children", &servers::postgres_newest(), servers::opensearch(), tables, said).await;
    site.schema(&["id", "title"], &Value::Null);
    let process = site.start_within(SPACE, &["run", "-b"]);
    process.wait_for(FOLLOWS, LIMIT);
    site.converges(&process).await;
    site.database
        .run("UPDATE book SET title = title || '!'; UPDATE review SET body = body || '!' WHERE id % 7 = 0")
        .await;
    site.converges(&process).await;
    took(&process, 200);
    stop(process);
}

/// A way to a server that counts the bytes that come from there.
struct Counted {
    port: u16,
    bytes: Arc<AtomicU64>,
}

impl Counted {
    async fn to(host: &str, port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let counted = Self { port: listener.local_addr().unwrap().port(), bytes: Arc::default() };
        let (bytes, server) = (Arc::clone(&counted.bytes), (host.to_owned(), port));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (bytes, server) = (Arc::clone(&bytes), TcpStream::connect(server.clone()).await.unwrap());
                tokio::spawn(async move {
                    let (mut from_client, mut to_client) = client.into_split();
                    let (mut from_server, mut to_server) = server.into_split();
                    tokio::spawn(async move {
                        let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
                        let _ = to_server.shutdown().await;
                    });
                    let mut buffer = vec![0; 1 << 16];
                    while let Ok(length @ 1..) = from_server.read(&mut buffer).await {
                        bytes.fetch_add(length as u64, Ordering::Relaxed);
                        if to_client.write_all(&buffer[..length]).await.is_err() {
                            break;
                        }
                    }
                });
            }
        });
        counted
    }

    fn megabytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed) >> 20
    }
}

/// A session with a database by a counted way.
async fn counted(database: &Database) -> (Session, Counted) {
    let mut settings = settings(&database.url);
    let way = Counted::to(&settings.host, settings.port).await;
    (settings.host, settings.port) = ("127.0.0.1".to_owned(), way.port);
    (Session::connect(&settings).await.unwrap(), way)
}

/// Documents of a read that may take two megabytes.
async fn within_two_megabytes() -> Documents {
    Documents::within(Version(1), Budget::new(4 << 20, 1).part().await)
}

async fn range(reader: &DocumentReader, session: &mut Session, until: Option<&Bound>) -> (Read, Documents) {
    let mut documents = within_two_megabytes().await;
    let read = reader.read_range(session, None, until, &RowCache::new(), &mut documents).await.unwrap();
    (read, documents)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_not_read_to_its_end() {
    for (version, server) in servers::postgres_versions() {
        let database = Database::create(&server, &format!("memory_reader_{version}")).await;
        database
            .run(
                "CREATE TABLE item (id integer PRIMARY KEY, body text);
                 INSERT INTO item SELECT n, 'small' FROM generate_series(-100, 0) n;
                 INSERT INTO item SELECT n, repeat('word ', 2000000) FROM generate_series(1, 40) n",
            )
            .await;
        let nodes = json!({ "table": "item", "columns": ["id", "body"] });
        let program = compile(&database, json!([{ "index": "items", "nodes": nodes }])).await;
        let reader = DocumentReader::new(program, 0, 1000).unwrap();
        let (mut session, way) = counted(&database).await;
        // The small rows come first, and one large one more than may be.
        let (read, _) = range(&reader, &mut session, None).await;
        assert_eq!(read, Read::TooMuch { fitting: 51 }, "{version}");
        let mut keys = KeySet::new(1);
        for id in -20..=40 {
            keys.insert([id.to_string().as_bytes()]);
        }
        let mut documents = within_two_megabytes().await;
        let all = (&keys, 0..keys.len());
        let read = reader.read_keys(&mut session, all, &RowCache::new(), &mut documents).await.unwrap();
        assert_eq!(read, Read::TooMuch { fitting: 11 }, "{version}");
        // Both answers are 400 MB each. Some is on its way until the server hears that it is to end.
        let came = way.megabytes();
        assert!(came < 400, "{version}: {came} MB came");
        // The session is as good as before.
        let until = reader.cut(&mut session, None, 51).await.unwrap();
        let (read, documents) = range(&reader, &mut session, until.as_ref()).await;
        assert_eq!((read, documents.len()), (Read::Complete, 51), "{version}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn long_keys_are_not_listed_to_their_end() {
    for (version, server) in servers::postgres_versions() {
        let database = Database::create(&server, &format!("memory_roots_{version}")).await;
        database
            .run(
                "CREATE TABLE publisher (id integer PRIMARY KEY, name text);
                 CREATE TABLE book (id text PRIMARY KEY, publisher_id integer REFERENCES publisher);
                 CREATE INDEX ON book (publisher_id);
                 INSERT INTO publisher VALUES (1, 'one'), (2, 'two');
                 INSERT INTO book SELECT rpad(n || ' ', 2000, md5(n::text)), 1 FROM generate_series(1, 30000) n;
                 INSERT INTO book VALUES ('short', 2)",
            )
            .await;
        let nodes = json!({ "table": "book", "columns": ["publisher_id"], "children": [{
            "table": "publisher", "columns": ["name"], "relationship": { "variant": "scalar", "type": "one_to_one" }
        }]});
        let program = compile(&database, json!([{ "index": "books", "nodes": nodes }])).await;
        let routes = &program.plan.documents[0].routes;
        let route = routes.iter().position(|route| program.plan.table(route.table).name == "publisher").unwrap();
        let reader = DocumentReader::new(program, 0, 1000).unwrap();
        let (mut session, way) = counted(&database).await;
        for (publisher, complete) in [("1", false), ("2", true)] {
            let mut links = KeySet::new(1);
            links.insert([publisher.as_bytes()]);
            let mut roots = KeySet::new(1);
            assert_eq!(reader.roots(&mut session, route, &links, 1 << 20, &mut roots).await.unwrap(), complete);
            assert!(roots.bytes() < (1 << 20) + 4096, "{version}: {} bytes", roots.bytes());
        }
        // All keys are 60 MB.
        let came = way.megabytes();
        assert!(came < 40, "{version}: {came} MB came");
    }
}

/// Rows are small, documents are not: what they share counts in each.
#[tokio::test(flavor = "multi_thread")]
async fn what_documents_share_counts_in_each() {
    let database = Database::create(&servers::postgres_newest(), "memory_shared").await;
    database
        .run(
            "CREATE TABLE publisher (id integer PRIMARY KEY, name text);
             CREATE TABLE book (id integer PRIMARY KEY, publisher_id integer REFERENCES publisher);
             INSERT INTO publisher VALUES (1, repeat('long ', 20000));
             INSERT INTO book SELECT n, 1 FROM generate_series(1, 1000) n",
        )
        .await;
    let nodes = json!({ "table": "book", "columns": ["id"], "children": [{
        "table": "publisher", "columns": ["name"], "relationship": { "variant": "scalar", "type": "one_to_one" }
    }]});
    let program = compile(&database, json!([{ "index": "books", "nodes": nodes }])).await;
    let reader = DocumentReader::new(program, 0, 1000).unwrap();
    let mut session = Session::connect(&settings(&database.url)).await.unwrap();
    let (read, documents) = range(&reader, &mut session, None).await;
    assert_eq!(read, Read::TooMuch { fitting: 500 });
    assert!(documents.bytes() < 3 << 20, "{} bytes", documents.bytes());
    let until = reader.cut(&mut session, None, 10).await.unwrap();
    let (read, documents) = range(&reader, &mut session, until.as_ref()).await;
    assert_eq!((read, documents.len()), (Read::Complete, 10));
}
