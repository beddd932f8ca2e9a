//! Plain JSON requests to an engine, independent of the code under test.

use reqwest::Method;
use serde_json::Value;

/// Sends a request and gives status and body (null where the body is not JSON).
pub async fn request(base: &str, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
    static PROVIDER: std::sync::Once = std::sync::Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    });
    let mut request = reqwest::Client::new().request(method, format!("{base}{path}"));
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    let response = request.send().await.unwrap_or_else(|error| panic!("{base}{path}: {error}"));
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or(Value::Null))
}
