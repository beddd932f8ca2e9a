//! A text at an address: the schema file, where it is not on this machine. In: an http or https address. Out: what is there.
//! It is asked once, and knows no engine.

use crate::{Error, ErrorKind, Result};
use futures_util::StreamExt as _;
use reqwest::header::{ACCEPT, HeaderValue};
use std::time::Duration;

/// A schema file is far smaller.
const MOST: usize = 16 << 20;

/// What stands at an address. `name` is what messages call it: an address that is signed is as good as a password.
///
/// # Errors
/// [`ErrorKind::Usage`] where nothing is there, or no text.
pub async fn text(address: &str, name: &str) -> Result<String> {
    let failed = |why: String| {
        Error::new(ErrorKind::Usage, format!("the schema file {name} cannot be read: {why}"))
            .help("open the address by other means, and see what answers there")
    };
    // Fails when a provider is installed already, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let client = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(60))
        .build()
        .map_err(|error| failed(error.to_string()))?;
    let request = client.get(address).header(ACCEPT, HeaderValue::from_static("application/json"));
    let answer = request.send().await.map_err(|error| failed(chain(error)))?;
    if !answer.status().is_success() {
        return Err(failed(format!("the answer is {}", answer.status())));
    }
    let mut parts = answer.bytes_stream();
    let mut bytes = Vec::new();
    while let Some(part) = parts.next().await {
        bytes.extend_from_slice(&part.map_err(|error| failed(chain(error)))?);
        if bytes.len() > MOST {
            return Err(failed(format!("it has more than {MOST} bytes")));
        }
    }
    String::from_utf8(bytes).map_err(|_| failed("it is not UTF-8 text".to_owned()))
}

/// An error with its causes, without the address, which is said already.
fn chain(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut said = Vec::new();
    let mut next = std::error::Error::source(&error);
    while let Some(cause) = next {
        said.push(cause.to_string());
        next = cause.source();
    }
    if said.is_empty() { error.to_string() } else { said.join(": ") }
}
