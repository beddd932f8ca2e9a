//! Serving `/healthz`, `/metrics` and `/caught-up`. In: an address, and requests of whoever reaches it. Out: the report as JSON,
//! with 200 while it is healthy and 503 while not; the same for a monitor; and the answer to whoever waits for a commit.
//! Whatever is sent here takes few connections, little time and no memory to speak of.

use super::caught_up::{self, Answer, Asked, no};
use super::connections::{Connections, Entry};
use super::{Health, Report, metrics};
use crate::{Error, ErrorKind, Result};
use hyper::body::Incoming;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Who may wait for a commit at a time. Others are told to come again.
const WAITS: usize = 256;
/// How long a request may take to arrive, and an answer to be taken.
const LIMIT: Duration = Duration::from_secs(5);
/// Bytes of a request: its line and a few headers. The least that the library takes.
const REQUEST_BYTES: usize = 8192;

/// Reads an address to listen on. A port alone is on the loopback: nobody from elsewhere asks unless it is wanted.
///
/// # Errors
/// What is accepted.
pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse() {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    text.parse().map_err(|_| {
        "accepted are a port, which is then on 127.0.0.1, or an address and port such as 0.0.0.0:8080".to_owned()
    })
}

/// What is answered with.
pub(super) trait Reported: Clone + Send + Sync + 'static {
    /// Whether all is well, and the report.
    fn answer(&self) -> (bool, serde_json::Value);
    /// Every report, by database.
    fn reports(&self) -> Vec<(String, Report)>;
    /// The one of a database; that of the only one where none is named.
    ///
    /// # Errors
    /// Which there are.
    fn of(&self, database: Option<&str>) -> Result<&Health, String>;
}

impl Reported for Health {
    fn answer(&self) -> (bool, serde_json::Value) {
        let report = self.report();
        (report.healthy, serde_json::json!(report))
    }

    fn reports(&self) -> Vec<(String, Report)> {
        vec![(String::new(), self.report())]
    }

    fn of(&self, _: Option<&str>) -> Result<&Health, String> {
        Ok(self)
    }
}

impl Health {
    /// Serves `/healthz` until the process ends.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] when the address cannot be listened on.
    pub async fn serve(&self, address: SocketAddr) -> Result<()> {
        listen(self.clone(), address).await
    }
}

/// Answers at the address from here on.
pub(super) async fn listen(reported: impl Reported, address: SocketAddr) -> Result<()> {
    let listener = TcpListener::bind(address).await.map_err(|error| {
        Error::new(ErrorKind::Refused, format!("cannot listen on {address} for /healthz"))
            .source(error)
            .help("choose another address with --listen or PGSYNC_LISTEN")
    })?;
    tracing::info!(%address, "serving /healthz, /metrics and /caught-up");
    tokio::spawn(accept(reported, listener));
    Ok(())
}

async fn accept(reported: impl Reported, listener: TcpListener) {
    let waits = Arc::new(Semaphore::new(WAITS));
    let connections = Connections::default();
    loop {
        connections.room().await;
        let Ok((stream, _)) = listener.accept().await else {
            // Out of descriptors, most likely: some may be free again soon.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (reported, waits) = (reported.clone(), Arc::clone(&waits));
        // What somebody did wrong is his affair.
        connections.spawn(|entry| async move { drop(one(reported, waits, entry, stream).await) });
    }
}

/// Who sends half a request, or takes half an answer, is not waited for.
async fn one(reported: impl Reported, waits: Arc<Semaphore>, entry: Entry, stream: TcpStream) -> hyper::Result<()> {
    let service = service_fn(|request: Request<Incoming>| {
        entry.arrived();
        let (reported, waits) = (reported.clone(), Arc::clone(&waits));
        async move { Ok::<_, Infallible>(respond(&reported, &waits, &request).await) }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(LIMIT)
        .max_buf_size(REQUEST_BYTES)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(serving);
    let begun = tokio::time::timeout(LIMIT, serving.as_mut()).await;
    match begun {
        Ok(ended) => ended,
        Err(_) if entry.has_arrived() => tokio::time::timeout(caught_up::MOST + LIMIT, serving).await.unwrap_or(Ok(())),
        Err(_) => Ok(()),
    }
}

async fn respond(reported: &impl Reported, waits: &Semaphore, request: &Request<Incoming>) -> Response<String> {
    let path = request.uri().path();
    if !matches!(path, "/healthz" | "/metrics" | "/caught-up") {
        return status(StatusCode::NOT_FOUND);
    }
    if *request.method() != Method::GET && *request.method() != Method::HEAD {
        let mut response = status(StatusCode::METHOD_NOT_ALLOWED);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    match path {
        "/metrics" => {
            let mut response = Response::new(metrics::page(&reported.reports()));
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4"));
            response
        }
        "/caught-up" => json(wait(reported, waits, request.uri().query().unwrap_or_default()).await),
        _ => {
            let (healthy, report) = reported.answer();
            json((if healthy { 200 } else { 503 }, report))
        }
    }
}

async fn wait(reported: &impl Reported, waits: &Semaphore, query: &str) -> Answer {
    let asked = match Asked::read(query) {
        Ok(asked) => asked,
        Err(why) => return no(400, why),
    };
    let health = match reported.of(asked.database.as_deref()) {
        Ok(health) => health,
        Err(why) => return no(400, why),
    };
    match waits.try_acquire() {
        Ok(_place) => caught_up::answer(health, &asked).await,
        Err(_) => no(503, format!("{WAITS} others wait already")),
    }
}

fn status(status: StatusCode) -> Response<String> {
    let mut response = Response::new(String::new());
    *response.status_mut() = status;
    response
}

fn json((status, body): Answer) -> Response<String> {
    let mut response = Response::new(body.to_string());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if status == 503 {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_port_alone_is_on_the_loopback() {
        assert_eq!(address("8080"), Ok("127.0.0.1:8080".parse().unwrap()));
        assert_eq!(address("0.0.0.0:8080"), Ok("0.0.0.0:8080".parse().unwrap()));
        assert_eq!(address("[::1]:8080"), Ok("[::1]:8080".parse().unwrap()));
        for wrong in ["", ":8080", "70000", "localhost:8080", "127.0.0.1"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
