//! Bad input gets one clear error, and nothing half made: no publication, no slot, no index. Each case is a mistake of an
//! operator's; the message names the thing, what was found, what is accepted, and what to do next.

use crate::support::cluster::{Cluster, newest_home};
use crate::support::database::{Database, connect};
use crate::support::engine::request;
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use crate::support::site::LIMIT;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Instant;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const TABLES: &str = "
    CREATE TABLE book (isbn text PRIMARY KEY, title text);
    CREATE TABLE loan (id integer PRIMARY KEY, isbn text REFERENCES book, instead_of text REFERENCES book);
    CREATE TABLE note (book_isbn text REFERENCES book, body text);
    INSERT INTO book VALUES ('1', 'one');";

struct Case {
    database: Database,
    index: String,
    directory: tempfile::TempDir,
}

impl Case {
    async fn new(server: &str, name: &str) -> Self {
        let database = Database::create(server, name).await;
        database.run(TABLES).await;
        let directory = tempfile::tempdir().unwrap();
        Self { database, index: name.to_owned(), directory }
    }

    fn write(&self, file: &str, text: &str) {
        std::fs::write(self.directory.path().join(file), text).unwrap();
    }

    fn schema(&self, nodes: &Value) {
        self.write("schema.json", &json!([{ "index": self.index, "nodes": nodes }]).to_string());
    }

    /// Ends with this code and says these words; nothing is left behind in database and engine.
    async fn fails(&self, arguments: &[&str], settings: &[(&str, &str)], code: i32, words: &[&str]) -> String {
        let engine = servers::opensearch();
        let mut environment = vec![("PG_URL", self.database.url.as_str()), ("ELASTICSEARCH_URL", engine.as_str())];
        environment.extend(settings);
        let mut all = vec!["pgsync"];
        all.extend(arguments);
        let (status, said) = Process::start(cargo_pgsync(), &all, &environment, self.directory.path()).wait(LIMIT);
        let said = said.join("\n");
        assert_eq!(status.code(), Some(code), "{arguments:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{arguments:?}, {word}: {said}");
        }
        assert!(!said.contains("panicked"), "{said}");
        let left = "SELECT (SELECT count(*) FROM pg_publication) + (SELECT count(*) FROM pg_replication_slots
                    WHERE database = current_database()) + (SELECT count(*) FROM pg_class WHERE relreplident = 'f')";
        let left: i64 = self.database.client.query_one(left, &[]).await.unwrap().get(0);
        assert_eq!(left, 0, "something is left in the database: {said}");
        let (_, found) = request(&engine, Method::GET, &format!("/{}*", self.index), None).await;
        assert_eq!(found, json!({}), "something is left in the engine: {said}");
        said
    }
}

/// Every command that compiles says the same, with the place.
#[tokio::test(flavor = "multi_thread")]
async fn mistakes_in_the_schema_are_two() {
    let case = Case::new(&servers::postgres_newest(), "input_schema").await;
    let commands: [&[&str]; 4] = [&["check"], &["run", "-b"], &["bootstrap"], &["generate", "--module", "made.rs"]];
    let child = |table: &str| json!({ "table": "book", "columns": ["title"], "children": [{ "table": table }] });
    for command in commands {
        case.fails(command, &[], 2, &["schema.json", "cannot be read", "--config"]).await;
        case.write("schema.json", "[{\"index\": \"a\",\n  \"nodes\": {\"table\": \"book\" \"columns\": []}}]");
        case.fails(command, &[], 2, &["schema.json:2:28", "not JSON", "expected comma"]).await;
        case.write("schema.json", "");
        case.fails(command, &[], 2, &["schema.json:1:1", "the file is empty", "with a `table`"]).await;
        case.write("schema.json", "{\"table\": \"book\", \"colums\": [\"title\"]}");
        case.fails(command, &[], 2, &["schema.json:1:19", "colums", "did you mean `columns`"]).await;
        case.schema(&json!({ "table": "boook", "columns": ["title"] }));
        case.fails(command, &[], 2, &["schema.json:1:", "boook", "did you mean `book`", "cargo pgsync catalog"]).await;
        case.schema(&json!({ "table": "book", "columns": ["titel"] }));
        case.fails(command, &[], 2, &["schema.json:1:", "titel", "did you mean `title`"]).await;
        case.schema(&child("loan"));
        case.fails(command, &[], 2, &["schema.json:1:", "loan", "instead_of", "foreign_key"]).await;
        case.schema(&json!({ "table": "note", "columns": ["body"] }));
        case.fails(command, &[], 2, &["schema.json:1:", "note", "no primary key", "\"primary_key\": ["]).await;
        for index in ["Upper", "a b", "..", &"x".repeat(201)] {
            case.write("schema.json", &json!([{ "index": index, "nodes": { "table": "book" } }]).to_string());
            case.fails(command, &[], 2, &["schema.json:1:", index, "cannot be the name of an index"]).await;
        }
        std::fs::remove_file(case.directory.path().join("schema.json")).unwrap();
    }
    assert_eq!(std::fs::read_dir(case.directory.path()).unwrap().count(), 0, "nothing half made is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_snapshot_is_two() {
    let case = Case::new(&servers::postgres_newest(), "input_stale").await;
    case.schema(&json!({ "table": "book", "columns": ["isbn", "title"] }));
    let environment = [("PG_URL", case.database.url.as_str())];
    let pgsync = |arguments: &[&str]| {
        Process::start(cargo_pgsync(), arguments, &environment, case.directory.path()).wait(LIMIT).0.success()
    };
    assert!(pgsync(&["pgsync", "catalog"]));
    case.database.run("CREATE TABLE unrelated (id integer)").await;
    assert!(pgsync(&["pgsync", "catalog", "--check"]), "the schema does not use the new table");
    case.database.run("ALTER TABLE book RENAME title TO heading").await;
    let stale = ["schema.catalog.json", "stale", "column title of table public.book is gone", "cargo pgsync catalog"];
    case.fails(&["catalog", "--check"], &[], 2, &stale).await;
    case.fails(&["sync"], &[], 2, &["public.book.title is gone", "cargo pgsync catalog"]).await;
    case.fails(&["sync", "-b"], &[], 2, &["public.book.title is gone", "cargo pgsync catalog"]).await;
    case.fails(&["bootstrap"], &[], 2, &["public.book.title is gone", "cargo pgsync catalog"]).await;
    case.write("schema.catalog.json", "{\"format\": 99}");
    case.fails(&["check"], &[], 2, &["schema.catalog.json", "cargo pgsync catalog"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_and_settings_are_two() {
    let case = Case::new(&servers::postgres_newest(), "input_usage").await;
    case.schema(&json!({ "table": "book", "columns": ["title"] }));
    case.fails(&["rnu"], &[], 2, &["rnu", "--help"]).await;
    case.fails(&["run", "--wait", "soon"], &[], 2, &["--wait", "soon"]).await;
    case.fails(&["run", "--listen", "everywhere"], &[], 2, &["--listen", "everywhere"]).await;
    let settings = [("PG_PORT", "many"), ("NUM_WORKERS", "-1"), ("PG_SSLMODE", "perhaps")];
    // All of them at once.
    case.fails(&["run", "-b"], &settings, 2, &["PG_PORT", "NUM_WORKERS", "PG_SSLMODE", "verify-full"]).await;
    let said =
        case.fails(&["run", "-b"], &[("PG_URL", "oracle://root:secret@db/x")], 2, &["PG_URL", "postgresql://"]).await;
    assert!(!said.contains("secret"), "{said}");
    case.fails(&["run", "-b"], &[("ELASTICSEARCH_URL", "localhost:9200")], 2, &["ELASTICSEARCH_URL", "http"]).await;
    let long = "a".repeat(64);
    for slot in ["My-Slot", "slot!", long.as_str()] {
        case.fails(&["run", "-b"], &[("PGSYNC_SLOT", slot)], 2, &["PGSYNC_SLOT", slot, "lower case letters"]).await;
    }
    for name in ["Bad", "a b", "*", ".."] {
        case.fails(&["run", "-b"], &[("PGSYNC_STATE_INDEX", name)], 2, &["PGSYNC_STATE_INDEX", name, "lower case"])
            .await;
    }
    case.fails(&["run", "-b"], &[("PGSYNC_PUBLICATION", &long)], 2, &["PGSYNC_PUBLICATION", "63"]).await;
    let rubbish = b"PG_USER=me\n\xff\xfe\x00rubbish ' \"unclosed secret\n=\n";
    std::fs::write(case.directory.path().join(".env"), rubbish).unwrap();
    let said = case.fails(&["run", "-b"], &[], 2, &[".env", "NAME=value"]).await;
    assert!(!said.contains("secret"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_answer_in_time_is_one() {
    let case = Case::new(&servers::postgres_newest(), "input_unreachable").await;
    case.schema(&json!({ "table": "book", "columns": ["title"] }));
    let nowhere = "http://127.0.0.1:1";
    for command in ["run", "sync"] {
        for arguments in [&[command, "--wait", "1"][..], &[command, "-b", "--wait", "1"]] {
            let begin = Instant::now();
            let settings = [("ELASTICSEARCH_URL", nowhere)];
            case.fails(arguments, &settings, 1, &["127.0.0.1:1", "cannot be reached", "ELASTICSEARCH_URL"]).await;
            let took = begin.elapsed().as_secs_f64();
            assert!((0.9..10.0).contains(&took), "{took}");
        }
    }
    for command in ["run", "sync", "bootstrap", "status", "teardown", "preview"] {
        let settings = [("PG_URL", "postgresql://me@127.0.0.1:1/db")];
        case.fails(&[command, "--wait", "0"], &settings, 1, &["127.0.0.1:1"]).await;
    }
    for command in ["status", "teardown"] {
        case.fails(&[command, "--wait", "0"], &[("ELASTICSEARCH_URL", nowhere)], 1, &["ELASTICSEARCH_URL"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_log_logically_is_one() {
    let cluster = Cluster::start(&newest_home(), "wal_level = replica");
    let case = Case::new(&cluster.url(), "input_wal_level").await;
    case.schema(&json!({ "table": "book", "columns": ["title"] }));
    for arguments in [&["bootstrap"][..], &["run", "-b"], &["sync"]] {
        case.fails(arguments, &[], 1, &["wal_level is `replica`", "`logical`", "ALTER SYSTEM SET wal_level"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_rights_are_one() {
    let case = Case::new(&servers::postgres_newest(), "input_rights").await;
    case.schema(&json!({ "table": "book", "columns": ["title"] }));
    let role = |name: &str, options: &str| {
        format!(
            "DO $$ BEGIN CREATE ROLE {name} LOGIN {options}; EXCEPTION WHEN duplicate_object THEN END $$;
             GRANT pg_read_all_stats TO {name}"
        )
    };
    case.database.run(&role("input_reader", "REPLICATION")).await;
    case.database.run(&role("input_plain", "")).await;
    let url = |role: &str| case.database.url.replace("postgres@", &format!("{role}@"));
    let (reader, plain) = (url("input_reader"), url("input_plain"));
    // Not an owner: it may not set up.
    for arguments in [&["bootstrap"][..], &["run", "-b"]] {
        let words = ["permission denied", "CREATE PUBLICATION", "own the tables", "bootstrap --dry-run"];
        case.fails(arguments, &[("PG_URL", &reader)], 1, &words).await;
    }
    let none = case.database.url.replace("postgres@", "input_nobody@");
    case.fails(&["run", "-b"], &[("PG_URL", &none)], 1, &["input_nobody", "does not exist"]).await;
    // Set up by somebody else: rights to read and to stream are checked, and named.
    let operate = |url: &str, arguments: &[&str]| {
        let engine = servers::opensearch();
        let environment = [("PG_URL", url), ("ELASTICSEARCH_URL", engine.as_str())];
        let (status, said) = Process::start(cargo_pgsync(), arguments, &environment, case.directory.path()).wait(LIMIT);
        (status.code(), said.join("\n"))
    };
    assert_eq!(operate(&case.database.url, &["pgsync", "bootstrap"]).0, Some(0));
    let (code, said) = operate(&reader, &["pgsync", "sync"]);
    assert!(code == Some(1) && said.contains("book") && said.contains("GRANT"), "{said}");
    case.database.run("GRANT SELECT ON book TO input_reader, input_plain").await;
    let (code, said) = operate(&plain, &["pgsync", "sync"]);
    assert!(code == Some(1) && said.contains("input_plain") && said.contains("REPLICATION"), "{code:?} {said}");
    let (code, said) = operate(&reader, &["pgsync", "sync"]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = operate(&reader, &["pgsync", "teardown"]);
    assert!(code == Some(1) && said.contains("DROP PUBLICATION") && said.contains("owner"), "{said}");
    assert_eq!(operate(&case.database.url, &["pgsync", "teardown", "--indexes"]).0, Some(0));
}

/// What some other server answers, whatever it is asked.
async fn answering(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_is_none_is_one() {
    let case = Case::new(&servers::postgres_newest(), "input_engine").await;
    case.schema(&json!({ "table": "book", "columns": ["title"] }));
    for (answer, word) in [
        ("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n<html>Welcome to nginx!</html>", "not a search engine"),
        ("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"version\": \"3.1\"}", "not a search engine"),
        ("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\nnothing here", "404"),
        ("HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n{}", "401"),
        (
            "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"version\": {\"number\": \"5.6.16\"}}",
            "Elasticsearch 5.6.16 is not supported",
        ),
    ] {
        let url = answering(answer).await;
        for arguments in [&["run", "-b", "--wait", "1"][..], &["sync", "--wait", "1"]] {
            case.fails(arguments, &[("ELASTICSEARCH_URL", &url)], 1, &[word]).await;
        }
    }
    // The database itself, and a port that answers nothing that is HTTP.
    let database = case.database.url.replace("postgresql://postgres@", "http://").replace("/input_engine", "");
    case.fails(&["run", "-b", "--wait", "1"], &[("ELASTICSEARCH_URL", &database)], 1, &["ELASTICSEARCH_URL"]).await;
    let engine = servers::opensearch().replace("http://", "postgresql://me@") + "/db";
    case.fails(&["run", "-b", "--wait", "1"], &[("PG_URL", &engine)], 1, &["PostgreSQL"]).await;
}

/// An alias and a plain index of that name, both somebody else's.
#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_somebody_else_is_one() {
    let case = Case::new(&servers::postgres_newest(), "input_foreign").await;
    case.schema(&json!({ "table": "book", "columns": ["title"] }));
    let engine = servers::opensearch();
    let there = ["/theirs_input", "/input_foreign"];
    for body in [json!({ "aliases": { "input_foreign": {} } }), json!({})] {
        let path = if body["aliases"].is_object() { there[0] } else { there[1] };
        for path in there {
            request(&engine, Method::DELETE, path, None).await;
        }
        assert_eq!(request(&engine, Method::PUT, path, Some(&body)).await.0, 200);
        let environment = [("PG_URL", case.database.url.as_str()), ("ELASTICSEARCH_URL", engine.as_str())];
        let run = Process::start(cargo_pgsync(), &["pgsync", "run", "-b"], &environment, case.directory.path());
        let (status, said) = run.wait(LIMIT);
        let said = said.join("\n");
        assert_eq!(status.code(), Some(1), "{said}");
        for word in ["input_foreign", &path[1..], "something else made", "choose another `index`"] {
            assert!(said.contains(word), "{word}: {said}");
        }
        assert_eq!(request(&engine, Method::HEAD, path, None).await.0, 200);
    }
    for path in there {
        request(&engine, Method::DELETE, path, None).await;
    }
    // The name was found to be taken before anything was set up.
    let slots = "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()";
    let client = connect(&case.database.url).await;
    assert_eq!(client.query_one(slots, &[]).await.unwrap().get::<_, i64>(0), 0, "a slot is left");
}
