//! An engine that keeps nothing. In: the requests of pgsync and of PGSync. Out: the answers OpenSearch 2.19 would give,
//! 404 where it would give that; of documents only how many came. What it costs is what it takes to read a body.
//!
//! A process of its own, so that its processor time can be told from everybody else's. Must not: parse a bulk body.

mod admin;
mod bulk;
mod lines;

use crate::Outcome;
use admin::Indexes;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use axum::serve::ListenerExt as _;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What was counted since the start or the last reset.
#[derive(Debug, Default, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Stats {
    /// Items of bulk requests, deletes included.
    pub(crate) items: u64,
    /// Deletes among them.
    pub(crate) deletes: u64,
    /// Bulk requests.
    pub(crate) requests: u64,
    /// Bytes of their bodies.
    pub(crate) bytes: u64,
    /// When the first was answered, in microseconds since 1970.
    pub(crate) first: u64,
    /// When the last was answered.
    pub(crate) last: u64,
}

/// The engine's memory.
#[derive(Default)]
struct Engine {
    stats: Stats,
    indexes: Indexes,
    /// Each item's `_id` and when it was answered, while that is asked for.
    trace: Option<Vec<(String, u64)>>,
    /// Where bodies are kept, each after its length, while that is asked for.
    keep: Option<std::fs::File>,
}

type Shared = Arc<Mutex<Engine>>;

/// Listens until the process is ended; prints the port first.
pub(crate) async fn serve(port: u16) -> Outcome {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("{}", listener.local_addr()?.port());
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let router = Router::new().fallback(answer).with_state(Shared::default());
    axum::serve(listener, router).await?;
    Ok(())
}

async fn answer(State(engine): State<Shared>, request: Request) -> Response {
    let path = request.uri().path();
    if path.ends_with("/_bulk") {
        return bulk::answer(&engine, request).await;
    }
    if let Some(task) = path.strip_prefix("/_bench/") {
        let query = request.uri().query().unwrap_or_default();
        return control(&mut lock(&engine), request.method(), task, query);
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, 16 << 20).await else {
        return json_response(400, &json!({ "error": "the body cannot be read" }));
    };
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let (status, answer) =
        lock(&engine).indexes.answer(&parts.method, parts.uri.path(), parts.uri.query().unwrap_or_default(), body);
    if parts.method == Method::HEAD {
        return respond(status, Body::empty());
    }
    json_response(status, &answer)
}

/// What the benchmark itself asks.
fn control(engine: &mut Engine, method: &Method, task: &str, query: &str) -> Response {
    match (method.as_str(), task) {
        ("GET", "stats") => json_response(200, &json!(engine.stats)),
        ("POST", "reset") => {
            *engine = Engine::default();
            json_response(200, &json!({}))
        }
        // Counts begin again, indexes stay.
        ("POST", "zero") => {
            engine.stats = Stats::default();
            json_response(200, &json!({}))
        }
        ("POST", "keep") => {
            engine.keep = std::fs::File::create(query).ok();
            json_response(if engine.keep.is_some() { 200 } else { 400 }, &json!({}))
        }
        ("POST", "trace") => {
            engine.trace = Some(Vec::new());
            json_response(200, &json!({}))
        }
        ("GET", "trace") => {
            let lines = engine.trace.take().unwrap_or_default();
            let text: String = lines.iter().map(|(id, at)| format!("{at} {id}\n")).collect();
            respond(200, Body::from(text))
        }
        _ => json_response(404, &json!({})),
    }
}

fn lock(engine: &Shared) -> MutexGuard<'_, Engine> {
    engine.lock().unwrap_or_else(PoisonError::into_inner)
}

fn json_response(status: u16, body: &Value) -> Response {
    respond(status, Body::from(body.to_string()))
}

fn respond(status: u16, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = header::HeaderValue::from_static("application/json; charset=UTF-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// Microseconds since 1970: a clock that every process of a machine shares.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_micros() as u64
}
