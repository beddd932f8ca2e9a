//! Serving `/healthz`. In: an address, and requests of whoever reaches it. Out: the report as JSON, with 200 while it is
//! healthy and 503 while not. Whatever is sent here takes few connections, little time and no memory to speak of.

use super::Health;
use crate::{Error, ErrorKind, Result};
use hyper::body::Incoming;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
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

/// Connections at a time: a supervisor and a monitor ask every few seconds. Further ones are closed at once.
const CONNECTIONS: usize = 32;
/// How long a request may take to arrive, and the whole of a connection to end.
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

impl Health {
    /// Serves `/healthz` until the process ends.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] when the address cannot be listened on.
    pub async fn serve(&self, address: SocketAddr) -> Result<()> {
        let listener = TcpListener::bind(address).await.map_err(|error| {
            Error::new(ErrorKind::Refused, format!("cannot listen on {address} for /healthz"))
                .source(error)
                .help("choose another address with --listen or PGSYNC_LISTEN")
        })?;
        tracing::info!(%address, "serving /healthz");
        tokio::spawn(self.clone().accept(listener));
        Ok(())
    }

    async fn accept(self, listener: TcpListener) {
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                // Out of descriptors, most likely: some may be free again soon.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let Ok(place) = Arc::clone(&room).try_acquire_owned() else { continue };
            let health = self.clone();
            tokio::spawn(async move {
                // Who sends half a request, or takes half an answer, is not waited for; what he did wrong is his affair.
                let _ = tokio::time::timeout(LIMIT, health.one(stream)).await;
                drop(place);
            });
        }
    }

    async fn one(self, stream: TcpStream) -> hyper::Result<()> {
        let service = service_fn(|request: Request<Incoming>| {
            let answer = self.answer(request.method(), request.uri().path());
            async move { Ok::<_, Infallible>(answer) }
        });
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(LIMIT)
            .max_buf_size(REQUEST_BYTES)
            .keep_alive(false)
            .serve_connection(TokioIo::new(stream), service)
            .await
    }

    fn answer(&self, method: &Method, path: &str) -> Response<String> {
        let mut response = Response::new(String::new());
        if path != "/healthz" {
            *response.status_mut() = StatusCode::NOT_FOUND;
        } else if *method != Method::GET && *method != Method::HEAD {
            *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        } else {
            let report = self.report();
            if !report.healthy {
                *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            }
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *response.body_mut() = serde_json::json!(report).to_string();
        }
        response
    }
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
