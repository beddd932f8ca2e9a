//! Requests to the engine. In: method, path, body. Out: status and body, or [`ErrorKind::Unavailable`], or a refusal where
//! TLS will never succeed. Authentication and TLS are set here once.

use super::tls;
use crate::settings::{EngineAuth, EngineSettings};
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Certificate, Client, Identity, Method};
use secrecy::ExposeSecret;
use serde_json::Value;
use std::path::Path;

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

    /// What the engine says is wrong: `type: reason`.
    pub(super) fn reason(&self) -> String {
        let json = self.json();
        let error = &json["error"];
        let (kind, reason) = (error["type"].as_str(), error["reason"].as_str().or(error.as_str()));
        match (kind, reason) {
            (Some(kind), Some(reason)) => format!("{kind}: {reason}"),
            (None, Some(reason)) => reason.to_owned(),
            _ => format!("status {}", self.status),
        }
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
        let message = format!("the engine refused to {what}: {}", self.reason());
        // A block is lifted by whoever set it, or when the disk has room again; no right is missing.
        if self.kind().as_deref() == Some("cluster_block_exception") {
            return Error::new(ErrorKind::Unavailable, message);
        }
        match self.status {
            401 => Error::new(ErrorKind::Refused, message).help(
                "check ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, ELASTICSEARCH_API_KEY or ELASTICSEARCH_BEARER_AUTH",
            ),
            403 => Error::new(ErrorKind::Refused, message)
                .help("give the user manage, read and write on the index, its generations (NAME-*) and the state index"),
            408 | 429 | 500 | 502..=504 => Error::new(ErrorKind::Unavailable, message),
            _ => Error::new(ErrorKind::Refused, message),
        }
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

    /// Sends JSON, or nothing.
    pub(super) async fn json(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer> {
        let body = body.map(|body| Bytes::from(body.to_string()));
        self.send(method, path, body, "application/json").await
    }

    /// Sends newline-delimited JSON.
    pub(super) async fn lines(&self, path: &str, body: Bytes) -> Result<Answer> {
        // Exactly this type: engines refuse it with a charset.
        self.send(Method::POST, path, Some(body), "application/x-ndjson").await
    }

    async fn send(&self, method: Method, path: &str, body: Option<Bytes>, kind: &'static str) -> Result<Answer> {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static(kind)).body(body);
        }
        let response = request.send().await.map_err(|error| self.unreachable(error))?;
        let status = response.status().as_u16();
        let body = response.bytes().await.map_err(|error| self.unreachable(error))?;
        Ok(Answer { status, body })
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
        Error::new(ErrorKind::Unavailable, format!("the engine at {} {what}", self.base))
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
