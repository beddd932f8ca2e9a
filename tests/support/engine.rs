//! Plain JSON requests to an engine, independent of the code under test.

use reqwest::{Client, Method};
use serde_json::Value;
use std::sync::LazyLock;

/// The client of all tests: making one reads the system's authorities. It keeps no connection, since each test has a
/// runtime of its own, with which its connections end.
pub fn client() -> &'static Client {
    static CLIENT: LazyLock<Client> = LazyLock::new(|| {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        Client::builder().pool_max_idle_per_host(0).build().unwrap()
    });
    &CLIENT
}

/// Sends a request and gives status and body (null where the body is not JSON).
pub async fn request(base: &str, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
    let mut request = client().request(method, format!("{base}{path}"));
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    let response = request.send().await.unwrap_or_else(|error| panic!("{base}{path}: {error}"));
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or(Value::Null))
}
