//! What no engine should answer: a redirect, a body without an end, text that a terminal acts on, a connection that
//! breaks on every large document. The server here is a few lines of our own.

use super::{documents, settings};
use pgsync_runtime::internals::sink::{Engine, MaxVersion, Patience, Report, Target};
use pgsync_runtime::internals::{Code, Result, Version};
use serde_json::json;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

const NAME: &str = r#"{"version":{"number":"2.19.0","distribution":"opensearch"}}"#;

/// What it does with a request.
#[derive(Clone)]
enum Manner {
    Answer(String),
    Endless,
    Break,
    /// The next of these each time.
    Each(Arc<Mutex<VecDeque<Manner>>>),
}

/// Answers `GET /` and everything else in a manner of its own. Counts connections.
struct Fake {
    url: String,
    requests: Arc<AtomicUsize>,
}

impl Fake {
    async fn start(root: Manner, others: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (root, others, count) = (root.clone(), others.clone(), Arc::clone(&count));
                // A client that hangs up is what some tests are about.
                tokio::spawn(async move { _ = serve(stream, &root, &others, &count).await });
            }
        });
        Self { url, requests }
    }
}

async fn serve(mut stream: TcpStream, root: &Manner, others: &Manner, count: &AtomicUsize) -> std::io::Result<()> {
    let mut request = Vec::new();
    let end = loop {
        if let Some(at) = request.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    };
    count.fetch_add(1, Ordering::SeqCst);
    let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
    let manner = if head.starts_with("get / ") { root.clone() } else { others.clone() };
    let manner = match manner {
        Manner::Each(manners) => manners.lock().unwrap().pop_front().unwrap_or(Manner::Break),
        manner => manner,
    };
    if matches!(manner, Manner::Break) {
        return Ok(());
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0);
    while request.len() < end + length {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
    match manner {
        Manner::Answer(answer) => stream.write_all(answer.as_bytes()).await?,
        Manner::Endless => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n").await?;
            loop {
                stream.write_all(&[b' '; 1 << 16]).await?;
            }
        }
        Manner::Break | Manner::Each(_) => {}
    }
    stream.shutdown().await
}

fn answer(status: &str, header: &str, body: &str) -> Manner {
    let length = body.len();
    Manner::Answer(format!("HTTP/1.1 {status}\r\n{header}content-length: {length}\r\nconnection: close\r\n\r\n{body}"))
}

/// Writes a document to a fake engine until it is told what it waits for, or done.
async fn write(fake: &Fake, body: &str) -> (Result<Report>, Vec<String>) {
    let engine = Engine::connect(&settings(&fake.url, "fake")).await.unwrap();
    let target = Target { physical: "fake-1".to_owned(), ..Target::default() };
    let told = Arc::new(Mutex::new(Vec::new()));
    let (stop, telling) = (CancellationToken::new(), Arc::clone(&told));
    let tell = move |reason: Option<&str>| telling.lock().unwrap().extend(reason.map(str::to_owned));
    let writer = engine.writer(&target, MaxVersion::new(|| async { Ok(Version(1000)) }));
    let writer = writer.with_patience(Patience::new(tell, stop.clone()));
    // Asked to stop before it began: it tries a few times and gives up.
    stop.cancel();
    let writing = writer.write(documents(10, [("one", Some(body))]));
    let result = tokio::time::timeout(Duration::from_secs(60), writing).await.expect("it ends");
    let told = told.lock().unwrap().clone();
    (result, told)
}

#[tokio::test]
async fn a_redirect_is_named_and_not_followed() {
    let other = Fake::start(answer("200 OK", "", NAME), answer("200 OK", "", "{}")).await;
    let header = format!("location: {}/_bulk?token=secret\r\n", other.url.replace("//", "//user:secret@"));
    let redirect = answer("307 Temporary Redirect", &header, "");
    let fake = Fake::start(redirect.clone(), redirect.clone()).await;
    let error = Engine::connect(&settings(&fake.url, "fake")).await.unwrap_err();
    assert_eq!(error.code(), Some(Code::EngineRedirects), "{error}");
    assert!(error.to_string().contains(&other.url) && !error.to_string().contains("secret"), "{error}");
    let fake = Fake::start(answer("200 OK", "", NAME), redirect).await;
    let (result, told) = write(&fake, r#"{"a":1}"#).await;
    assert_eq!(result.unwrap_err().code(), Some(Code::Stopped));
    assert!(told.iter().any(|reason| reason.contains(&other.url)), "{told:?}");
    assert_eq!(other.requests.load(Ordering::SeqCst), 0, "nothing was sent to it");
}

#[tokio::test]
async fn an_answer_without_an_end_is_cut() {
    let fake = Fake::start(Manner::Endless, Manner::Endless).await;
    let asked = tokio::time::timeout(Duration::from_secs(20), Engine::connect(&settings(&fake.url, "fake"))).await;
    let error = asked.expect("it is cut").unwrap_err();
    assert_eq!(error.code(), Some(Code::EngineAnswer), "{error}");
    let fake = Fake::start(answer("200 OK", "", NAME), Manner::Endless).await;
    let (result, told) = write(&fake, r#"{"a":1}"#).await;
    assert_eq!(result.unwrap_err().code(), Some(Code::Stopped));
    assert!(told.iter().any(|reason| reason.contains("answers with more than")), "{told:?}");
}

#[tokio::test]
async fn what_an_engine_says_cannot_move_the_cursor() {
    let said = "{\"error\":{\"type\":\"t\\u001b[2J\",\"reason\":\"one\\ntwo\\u202e\\u009b31m\"},\"status\":400}";
    let fake = Fake::start(answer("400 Bad Request", "", said), Manner::Break).await;
    let error = Engine::connect(&settings(&fake.url, "fake")).await.unwrap_err();
    assert_eq!(error.code(), Some(Code::EngineRefuses), "{error}");
    assert!(error.to_string().ends_with(r"t\u{1b}[2J: one\ntwo\u{202e}\u{9b}31m"), "{error}");
}

/// An engine that breaks off whatever is large, or has no memory for it, and is well otherwise: the document is at
/// fault. A small one is not.
#[tokio::test]
async fn a_large_document_that_an_engine_fails_on_is_refused() {
    let breaker = r#"{"error":{"type":"circuit_breaking_exception","reason":"Data too large"},"status":429}"#;
    for others in [Manner::Break, answer("429 Too Many Requests", "", breaker)] {
        let fake = Fake::start(answer("200 OK", "", NAME), others).await;
        let engine = Engine::connect(&settings(&fake.url, "fake")).await.unwrap();
        let target = Target { physical: "fake-1".to_owned(), ..Target::default() };
        let writer = engine.writer(&target, MaxVersion::new(|| async { Ok(Version(1000)) }));
        let large = format!(r#"{{"a":"{}"}}"#, "x".repeat(17 << 20));
        let writing = writer.write(documents(10, [("large", Some(large.as_str()))]));
        let report = tokio::time::timeout(Duration::from_secs(60), writing).await.expect("a verdict").unwrap();
        let refused = &report.refused[0];
        assert_eq!((refused.id.as_str(), refused.kind.as_str()), ("large", "too_large"), "{refused:?}");
        let small = writer.write(documents(10, [("small", Some("{}"))]));
        assert!(tokio::time::timeout(Duration::from_secs(8), small).await.is_err(), "sent again for ever");
    }
}

/// Shards that failed, or an answer that came too late, hold documents that nobody has listed.
#[tokio::test]
async fn half_a_list_is_not_taken_for_the_whole() {
    let page = |timed_out: bool, failed: usize, ids: &[&str]| {
        let hits: Vec<_> = (0..).zip(ids).map(|(at, id)| json!({ "_id": id, "_version": 1, "sort": [at] })).collect();
        let shards = json!({ "total": 2, "successful": 2 - failed, "skipped": 0, "failed": failed });
        let body = json!({ "timed_out": timed_out, "_shards": shards, "hits": { "hits": hits } });
        answer("200 OK", "", &body.to_string())
    };
    let script = [
        answer("503 Service Unavailable", "", ""),
        page(false, 0, &[]),
        page(false, 1, &["a"]),
        page(true, 0, &["b"]),
        answer("503 Service Unavailable", "", r#"{"error":{"type":"search_phase_execution_exception"}}"#),
        answer("200 OK", "", "{}"),
        page(false, 0, &["a", "b", "c"]),
    ];
    let fake = Fake::start(answer("200 OK", "", NAME), Manner::Each(Arc::new(Mutex::new(script.into())))).await;
    let engine = Engine::connect(&settings(&fake.url, "fake")).await.unwrap();
    let target = Target { physical: "fake-1".to_owned(), ..Target::default() };
    let writer = engine.writer(&target, MaxVersion::new(|| async { Ok(Version(1000)) }));
    let mut scan = writer.older_than(Version(20)).await.unwrap();
    assert_eq!(
        scan.next().await.unwrap().unwrap().iter().map(|listed| listed.id.as_str()).collect::<Vec<_>>(),
        ["a", "b", "c"]
    );
    assert!(scan.next().await.unwrap().is_none());
}
