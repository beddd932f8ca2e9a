//! Databases of other encodings than UTF-8: what the server converts is followed, what it hands out as it is is refused
//! at the start.

use crate::support::servers::{opensearch, postgres_versions};
use crate::support::site::Site;
use pgsync_runtime::internals::{Code, ErrorKind, database};

async fn make(server: &str, name: &str, encoding: &str) -> (tokio_postgres::Client, String) {
    let site = Site::between(name, server, opensearch()).await;
    let url = site.database.url.replace(name, &format!("{name}_{}", encoding.to_lowercase()));
    let database = format!("{name}_{}", encoding.to_lowercase());
    for sql in [
        format!("DROP DATABASE IF EXISTS {database}"),
        format!("CREATE DATABASE {database} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"),
    ] {
        site.database.run(&sql).await;
    }
    (crate::support::database::connect(&url).await, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn encodings_that_cannot_be_converted_are_refused() {
    for (version, server) in postgres_versions() {
        let (client, url) = make(&server, &format!("encodings_{version}"), "SQL_ASCII").await;
        client.batch_execute("CREATE TABLE t (id text PRIMARY KEY); INSERT INTO t VALUES (E'\\351')").await.unwrap();
        let error = database::connect(&crate::source::settings(&url)).await.unwrap_err();
        assert_eq!((error.code(), error.kind()), (Some(Code::Encoding), ErrorKind::Refused), "{error}");
        assert!(error.next_step().is_some());

        for encoding in ["LATIN1", "EUC_JP"] {
            let (client, url) = make(&server, &format!("encodings_{version}"), encoding).await;
            client.batch_execute("CREATE TABLE t (id text PRIMARY KEY)").await.unwrap();
            let session = database::connect(&crate::source::settings(&url)).await.unwrap();
            session.execute("INSERT INTO public.t VALUES ($1)", &[&"ab"]).await.unwrap();
            let row = session.query_one("SELECT id FROM public.t", &[]).await.unwrap();
            assert_eq!(row.get::<_, String>(0), "ab", "{encoding}");
        }
    }
}

/// The process, from the outside.
#[tokio::test(flavor = "multi_thread")]
async fn encodings_a_process_ends_with_the_code() {
    let server = crate::support::servers::postgres_newest();
    let (client, url) = make(&server, "encodings_process", "SQL_ASCII").await;
    client.batch_execute("CREATE TABLE book (id text PRIMARY KEY); INSERT INTO book VALUES (E'\\351')").await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let schema = r#"[{"index": "encodings_process", "nodes": {"table": "book", "columns": ["id"]}}]"#;
    std::fs::write(directory.path().join("schema.json"), schema).unwrap();
    let engine = opensearch();
    let environment = [("PG_URL", url.as_str()), ("ELASTICSEARCH_URL", engine.as_str())];
    let program = crate::support::process::cargo_pgsync();
    let process =
        crate::support::process::Process::start(program, &["pgsync", "run", "-b"], &environment, directory.path());
    let (status, said) = process.wait(crate::support::site::LIMIT);
    assert_eq!(status.code(), Some(1), "{said:?}");
    assert!(said.iter().any(|line| line.contains("error[P0216]")), "{said:?}");
}
