//! Where a schema file comes from, and files of PGSync's first version. In: a directory with a snapshot, and a server that has
//! the file. Out: what `cargo pgsync` makes of it.

use crate::support::process::{Process, cargo_pgsync};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(30);
const SCHEMA: &str = r#"[{"index": "books", "nodes": {"table": "book", "columns": ["isbn", "title"]}}]"#;

fn run(directory: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut words = vec!["pgsync"];
    words.extend(arguments);
    let (status, said) = Process::start(cargo_pgsync(), &words, settings, directory).wait(LIMIT);
    (status.code(), said.join("\n"))
}

fn snapshot(directory: &Path, name: &str) {
    let tables = concat!(env!("CARGO_MANIFEST_DIR"), "/diagnostics/catalog.json");
    std::fs::copy(tables, directory.join(name)).unwrap();
}

/// A server that answers every request with this; its address.
fn serve(status: &'static str, body: &'static str) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 4096];
            let asked = stream.read(&mut request).unwrap_or(0);
            assert!(String::from_utf8_lossy(&request[..asked]).contains("accept: application/json"));
            let length = body.len();
            let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
        }
    });
    format!("http://{address}/shop/orders.json")
}

#[test]
fn a_schema_file_is_read_from_its_address() {
    let directory = tempfile::tempdir().unwrap();
    snapshot(directory.path(), "orders.catalog.json");
    let address = serve("200 OK", SCHEMA);
    let (code, said) = run(directory.path(), &["check", "--config", &address], &[]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = run(directory.path(), &["explain"], &[("SCHEMA_URL", &address)]);
    assert!(code == Some(0) && said.contains("index books") && said.contains("pgsync_orders"), "{said}");
    let (code, said) = run(directory.path(), &["fmt", "--config", &address], &[]);
    assert!(code == Some(2) && said.contains("not a file of this machine"), "{said}");
    let gone = serve("404 Not Found", "");
    let (code, said) = run(directory.path(), &["check", "--config", &gone], &[]);
    assert!(code == Some(2) && said.contains(&gone) && said.contains("404"), "{said}");
}

/// A store that has one object: what is asked without a signature, or for another object, is refused. Its address, and what it
/// was asked for.
fn store(object: &'static str, body: &'static str) -> (String, mpsc::Receiver<String>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (asked, log) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..length]);
            let line = request.lines().next().unwrap_or_default().to_owned();
            let signed = ["X-Amz-Algorithm=AWS4-HMAC-SHA256", "X-Amz-Credential=someone%2F", "X-Amz-Signature="];
            let found = line.starts_with(&format!("GET {object}?")) && signed.iter().all(|part| line.contains(part));
            let (status, body) = if found { ("200 OK", body) } else { ("403 Forbidden", "<Error/>") };
            let length = body.len();
            let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
            let _ = asked.send(line);
        }
    });
    (format!("http://{address}"), log)
}

#[test]
fn a_schema_file_is_read_from_a_store_that_speaks_s3() {
    let directory = tempfile::tempdir().unwrap();
    snapshot(directory.path(), "orders.catalog.json");
    let (endpoint, asked) = store("/bucket/shop/orders.json", SCHEMA);
    let login = [
        ("AWS_ENDPOINT_URL", endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", "someone"),
        ("AWS_SECRET_ACCESS_KEY", "hidden-word"),
    ];
    let (code, said) = run(directory.path(), &["check", "--config", "s3://bucket/shop/orders.json"], &login);
    assert_eq!(code, Some(0), "{said}");
    assert!(!asked.try_recv().unwrap().contains("hidden-word"));
    let named = [&login[..], &[("S3_SCHEMA_URL", "s3://bucket/shop/orders.json")]].concat();
    let (code, said) = run(directory.path(), &["explain"], &named);
    assert!(code == Some(0) && said.contains("pgsync_orders"), "{said}");
    // What is refused is named as it was written: the signature stands in no message.
    let (code, said) = run(directory.path(), &["check", "--config", "s3://bucket/gone.json"], &login);
    assert!(code == Some(2) && said.contains("s3://bucket/gone.json") && said.contains("403"), "{said}");
    assert!(!said.contains("X-Amz") && !said.contains("hidden-word"), "{said}");
    let (code, said) = run(directory.path(), &["check", "--config", "s3://bucket/gone.json"], &login[..2]);
    assert!(code == Some(2) && said.contains("AWS_SECRET_ACCESS_KEY is not set"), "{said}");
}

#[test]
fn a_file_of_the_first_version_is_converted_and_kept() {
    let directory = tempfile::tempdir().unwrap();
    snapshot(directory.path(), "schema.catalog.json");
    let file = directory.path().join("schema.json");
    let first = r#"[{"index": "books", "nodes": [{"table": "book", "columns": ["isbn", "title"]}]}]"#;
    std::fs::write(&file, first).unwrap();
    let (code, said) = run(directory.path(), &["check"], &[]);
    assert!(code == Some(2) && said.contains("cargo pgsync convert"), "{said}");
    let (code, said) = run(directory.path(), &["convert", "--print"], &[]);
    assert!(code == Some(0) && said.contains("\"nodes\": {"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), first);
    let (code, said) = run(directory.path(), &["convert"], &[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(std::fs::read_to_string(directory.path().join("schema.v1.json")).unwrap(), first);
    let (code, said) = run(directory.path(), &["check"], &[]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = run(directory.path(), &["convert"], &[]);
    assert!(code == Some(0) && said.contains("today's form"), "{said}");
    let two = r#"[{"nodes": [{"table": "book"}, {"table": "author"}]}]"#;
    std::fs::write(&file, two).unwrap();
    let (code, said) = run(directory.path(), &["convert"], &[]);
    assert!(code == Some(2) && said.contains("document 1") && said.contains("2 nodes"), "{said}");
}
