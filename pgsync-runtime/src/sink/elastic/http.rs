//! Requests to the engine. In: method, path, body. Out: status and body, or [`ErrorKind::Unavailable`], or a refusal where
//! TLS will never succeed. Authentication and TLS are set here once.
//!
//! No redirect is followed: documents and credentials go to the configured address or nowhere. No answer is read beyond
//! what an answer of its kind can be.

use super::{failure, tls};
use crate::error::printable;
use crate::settings::{EngineAuth, EngineSettings};
use crate::{Code, Error, ErrorKind, Result};
use bytes::{Bytes, BytesMut};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Certificate, Client, Identity, Method, Response, redirect};
use secrecy::ExposeSecret;
use serde_json::Value;
use std::fmt;
use std::path::Path;

/// The largest answer to a bulk request: a few hundred bytes for each of its items.
const BULK_ANSWER: usize = 64 << 20;
/// The largest answer to any other request.
const ANSWER: usize = 16 << 20;

/// What a segment of a path may hold as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-').remove(b'.');

/// A name as a segment of a path, whatever it holds. Each path is made of these.
pub(super) fn segment(name: &str) -> impl fmt::Display {
    utf8_percent_encode(name, PLAIN)
}

/// A client of one engine.
#[derive(Debug, Clone)]
pub(super) struct Http {
    client: Client,
    base: String,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: u16,
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON; null where it is not.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// Whether the request was carried out.
    pub(super) fn ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Type and reason of the error; empty where the answer has none.
    pub(super) fn error(&self) -> (String, String) {
        let json = self.json();
        let error = &json["error"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&error["type"]), text(if error.is_string() { error } else { &error["reason"] }))
    }

    /// The type of the engine's error.
    pub(super) fn kind(&self) -> Option<String> {
        self.json()["error"]["type"].as_str().map(str::to_owned)
    }

    /// Whether the engine says that there is no such index or alias. A bare 404 does not say it: a proxy answers so too.
    pub(super) fn no_index(&self) -> bool {
        self.status == 404
            && matches!(self.kind().as_deref(), Some("index_not_found_exception" | "aliases_not_found_exception"))
    }

    /// The error of a 404 that is not the engine's word on what was asked.
    pub(super) fn stray(&self, what: &str) -> Error {
        let found = "what answers is not the engine, or no part of it that knows";
        Error::new(ErrorKind::Unavailable, format!("the answer to `{what}` is a 404 without a reason: {found}"))
            .help("check ELASTICSEARCH_URL and the proxies on the way")
    }

    /// The error of a request that was not carried out, for `what` was tried.
    pub(super) fn refusal(&self, what: &str) -> Error {
        let (kind, reason) = self.error();
        failure::refusal(what, self.status, &kind, &reason)
    }
}

impl Http {
    /// Prepares a client.
    pub(super) fn new(settings: &EngineSettings) -> Result<Self> {
        // Fails when a provider is installed already, which is as good.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let mut builder = Client::builder()
            .timeout(settings.timeout)
            .connect_timeout(settings.timeout.min(std::time::Duration::from_secs(10)))
            .tcp_nodelay(true)
            .redirect(redirect::Policy::none())
            .default_headers(headers(settings)?)
            .tls_danger_accept_invalid_certs(!settings.verify_certs);
        if let Some(path) = &settings.ca_certs {
            let certificates = Certificate::from_pem_bundle(&read("ELASTICSEARCH_CA_CERTS", path)?)
                .map_err(|error| unusable("ELASTICSEARCH_CA_CERTS", path, error))?;
            if certificates.is_empty() {
                return Err(unusable("ELASTICSEARCH_CA_CERTS", path, "no `BEGIN CERTIFICATE` is in it"));
            }
            builder = builder.tls_certs_merge(certificates);
        }
        if let Some((certificate, key)) = &settings.client {
            let mut pem = read("ELASTICSEARCH_CLIENT_CERT", certificate)?;
            pem.push(b'\n');
            pem.extend(read("ELASTICSEARCH_CLIENT_KEY", key)?);
            let identity =
                Identity::from_pem(&pem).map_err(|error| unusable("ELASTICSEARCH_CLIENT_CERT", certificate, error))?;
            builder = builder.identity(identity);
        }
        let client = builder
            .build()
            .map_err(|error| Error::new(ErrorKind::Usage, "the engine's TLS settings cannot be used").source(error))?;
        Ok(Self { client, base: settings.url.clone() })
    }

    /// Sends JSON, or nothing. Names in the path are segments.
    pub(super) async fn json(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer> {
        let body = body.map(|body| Bytes::from(body.to_string()));
        self.send(method, path, body, "application/json", ANSWER).await
    }

    /// Sends newline-delimited JSON.
    pub(super) async fn lines(&self, path: &str, body: Bytes) -> Result<Answer> {
        // Exactly this type: engines refuse it with a charset.
        self.send(Method::POST, path, Some(body), "application/x-ndjson", BULK_ANSWER).await
    }

    /// Sends JSON; documents come back, up to so many bytes.
    pub(super) async fn documents(&self, path: &str, body: &Value, most: usize) -> Result<Answer> {
        self.raw_documents(path, body.to_string().into(), most).await
    }

    /// The same of JSON that is written already.
    pub(super) async fn raw_documents(&self, path: &str, body: Bytes, most: usize) -> Result<Answer> {
        self.send(Method::POST, path, Some(body), "application/json", most).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Bytes>,
        kind: &'static str,
        most: usize,
    ) -> Result<Answer> {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static(kind)).body(body);
        }
        let response = request.send().await.map_err(|error| self.unreachable(error))?;
        if let Some(to) = response.headers().get(LOCATION).filter(|_| response.status().is_redirection()) {
            return Err(self.redirected(to));
        }
        let status = response.status().as_u16();
        let body = self.bounded(response, most).await?;
        Ok(Answer { status, body })
    }

    /// The body of an answer, unless it is longer than `most` bytes.
    async fn bounded(&self, mut response: Response, most: usize) -> Result<Bytes> {
        let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unreachable(error))? {
            if body.len() + chunk.len() > most {
                return Err(Error::coded(
                    Code::EngineAnswer,
                    format!("the engine at {} answers with more than the {most} bytes that this may take", self.base),
                )
                .help("check that ELASTICSEARCH_URL is the address of an engine"));
            }
            if body.is_empty() {
                if announced == chunk.len() {
                    return Ok(chunk);
                }
                body.reserve(announced.min(most));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    fn redirected(&self, to: &HeaderValue) -> Error {
        let to = String::from_utf8_lossy(to.as_bytes());
        // Without what it may carry: credentials and a query.
        let to = to.split(['?', '#']).next().unwrap_or_default();
        let to = match to.split_once("://").map(|(scheme, rest)| (scheme, rest.rsplit_once('@'))) {
            Some((scheme, Some((_, rest)))) => format!("{scheme}://{rest}"),
            _ => to.to_owned(),
        };
        Error::coded(
            Code::EngineRedirects,
            format!("the engine at {} redirects to {}, which is not followed", self.base, printable(&to)),
        )
        .help("set ELASTICSEARCH_URL to the address of the engine itself")
    }

    fn unreachable(&self, error: reqwest::Error) -> Error {
        if let Some(refusal) = tls::refusal(&error, &self.base) {
            return refusal;
        }
        let what = if error.is_timeout() {
            "did not answer in time"
        } else if error.is_connect() {
            "cannot be reached"
        } else {
            "broke off its answer"
        };
        // The URL is named in the message; the error would repeat it with whatever it carries.
        Error::coded(Code::EngineUnavailable, format!("the engine at {} {what}", self.base))
            .source(error.without_url())
            .help("check ELASTICSEARCH_URL, and that the engine is up")
    }
}

fn headers(settings: &EngineSettings) -> Result<HeaderMap> {
    use base64::Engine as _;
    let mut headers = HeaderMap::new();
    let credentials = match &settings.auth {
        EngineAuth::None => None,
        EngineAuth::Basic(user, password) => Some(format!(
            "Basic {}",
            base64::engine::general_purpose::STANDARD.encode(format!("{user}:{}", password.expose_secret()))
        )),
        EngineAuth::ApiKey(key) => Some(format!("ApiKey {}", key.expose_secret())),
        EngineAuth::Bearer(token) => Some(format!("Bearer {}", token.expose_secret())),
    };
    let invalid =
        |what: &str| Error::new(ErrorKind::Usage, format!("{what} holds characters that no HTTP header can hold"));
    if let Some(credentials) = credentials {
        let mut value = HeaderValue::from_str(&credentials).map_err(|_| invalid("the engine's credentials"))?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    if let Some(id) = &settings.opaque_id {
        headers.insert("x-opaque-id", HeaderValue::from_str(id).map_err(|_| invalid("ELASTICSEARCH_OPAQUE_ID"))?);
    }
    Ok(headers)
}

fn read(setting: &str, path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| unusable(setting, path, error))
}

fn unusable(setting: &str, path: &Path, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::Usage, format!("{setting} ({}) cannot be used", path.display())).source(cause)
}

#[cfg(test)]
mod tests {
    use super::segment;
    use percent_encoding::percent_decode_str;
    use reqwest::Url;

    #[test]
    fn a_name_is_one_segment_of_the_path_whatever_it_holds() {
        assert_eq!(segment("book-1_a.b").to_string(), "book-1_a.b");
        for name in ["100%", "a%2fb", "a%", "a#b", "a?b", "a/../b", "b\u{fc}cher", "a+b&c=d", "a;b@c[d]"] {
            let url = Url::parse(&format!("http://engine/{}/_bulk?refresh=true", segment(name))).unwrap();
            let path: Vec<&str> = url.path_segments().unwrap().collect();
            assert_eq!(path.len(), 2, "{url}");
            assert_eq!(percent_decode_str(path[0]).decode_utf8().unwrap(), name, "{url}");
            assert_eq!((path[1], url.query(), url.fragment()), ("_bulk", Some("refresh=true"), None), "{url}");
        }
    }
}
